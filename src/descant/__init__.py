"""Descant writes a score first and performs it: songs from lyrics, tags or a line of description."""

__version__ = "0.1.0"
