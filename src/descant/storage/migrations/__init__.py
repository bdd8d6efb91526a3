"""The history of the tables, one step a file in ``versions``; written by hand, never edited once released."""
