"""Ids as clients send them: any text, until it was looked up."""

LONGEST = 128
"""Characters of the longest text that is looked up as an id (contract/README.md §5)."""


def possible(text: str) -> bool:
    """Return whether a text may be looked up as an id: not too long, and without the character no database takes."""
    return len(text) <= LONGEST and "\0" not in text


def shown(text: str) -> str:
    """Return what a refusal repeats of a text that was taken for an id."""
    return text[:LONGEST]
