"""Portraits of records: what twelve short songs, one a genre, look like, and the figures beside the pictures."""
