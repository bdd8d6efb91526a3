"""Personas: singers kept under a name, to sing new songs (contract/sonic.md §4)."""
