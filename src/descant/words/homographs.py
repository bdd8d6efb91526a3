"""Chooses between words spelled alike by the words around them (``english/homographs.toml``)."""

from collections.abc import Sequence
from typing import Any

from descant.words.data import load


def choose(spoken: str, before: Sequence[str], after: Sequence[str]) -> str | None:
    """Return the written sound of a homograph in its place, or None when the word is not one.

    Parameters
    ----------
    spoken : the word, lower case.
    before, after : lower-case neighbours, nearest last in ``before`` and first in ``after``.
    """
    entry = load("english/homographs.toml").get(spoken)
    if entry is None:
        return None
    for rule in entry.get("rules", ()):
        if _fits(rule, before, after):
            return str(rule["sound"])
    return str(entry["sound"])


def _fits(rule: dict[str, Any], before: Sequence[str], after: Sequence[str]) -> bool:
    previous = before[-1] if before else "^"
    following = after[0] if after else "$"
    if "before" in rule and previous not in rule["before"]:
        return False
    if "after" in rule and following not in rule["after"]:
        return False
    return "within" not in rule or any(word in rule["within"] for word in before[-3:])
