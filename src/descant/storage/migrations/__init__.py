"""The history of the tables, one step a file in ``versions``; written by hand, never edited once released."""

VERSION = "0007"
"""The newest step: what a database must be at for this version of the program."""
