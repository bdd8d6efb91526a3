"""Every word a style tag may use, read from ``vocabulary/*.toml`` into one table of phrases.

A phrase may mean several things at once ("orchestral" colours the genre and the production), so a look-up gives all
its readings. Spelling is normalised (case, hyphens, accents, "&"), and near misses are found by edit distance.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import msgspec

from descant.song.wish import Mood
from descant.words.data import load, phrases_of

_WORD_KINDS = {
    "eras": "era",
    "voice": "voice",
    "instruments": "instrument",
    "tempo": "tempo",
    "production": "production",
}
_MULTIPLIED = frozenset({"density", "melodic_range", "dynamics"})


class Reading(NamedTuple):
    """One thing a phrase can mean: its kind ("genre", "mood", "era", …), canonical name and weight (genres)."""

    kind: str
    name: str
    weight: float = 1.0


def normal(text: str) -> str:
    """Return a phrase as it is compared: lower case, without accents or hyphens, "&" as "and"."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    plain = re.sub(r"(?<=\d)'s\b", "s", plain)
    plain = re.sub(r"\s*&\s*|'n'?(?=\b)", " and ", plain) if "&" in plain or "'n'" in plain else plain
    return " ".join(re.sub(r"[^\w'#/.+]+", " ", plain).replace("_", " ").split()).strip(" .'")


@lru_cache(maxsize=1)
def phrases() -> dict[str, tuple[Reading, ...]]:
    """Return the readings of every phrase of the vocabulary, by normal form."""
    table: dict[str, list[Reading]] = {}

    def add(names: Iterable[str], reading: Reading) -> None:
        for name in names:
            readings = table.setdefault(normal(name), [])
            if all(known.kind != reading.kind for known in readings):
                readings.append(reading)

    genres = load("vocabulary/genres.toml")
    for name, entry in genres.items():
        if name != "adjectives":
            add([name, *phrases_of(entry["also"])], Reading("genre", name, float(entry.get("weight", 1.0))))
    for name, words in genres["adjectives"].items():
        if isinstance(words, str):
            add(phrases_of(words), Reading("genre", name, float(genres["adjectives"]["weight"])))
    for name, entry in load("vocabulary/moods.toml").items():
        add([name, *phrases_of(entry["also"])], Reading("mood", name))
    words_table = load("vocabulary/words.toml")
    for section, kind in _WORD_KINDS.items():
        for name, words in words_table[section].items():
            add([name, *phrases_of(words)], Reading(kind, name))
    return {phrase: tuple(readings) for phrase, readings in table.items()}


@lru_cache(maxsize=1)
def longest() -> int:
    """Return the number of words in the longest phrase."""
    return max(len(phrase.split()) for phrase in phrases())


@lru_cache(maxsize=1)
def artists() -> frozenset[str]:
    """Return names of performers that are not imitated, in normal form."""
    return frozenset(normal(name) for name in phrases_of(load("vocabulary/artists.toml")["names"]))


def relatives(genre: str) -> tuple[str, ...]:
    """Return the genres nearest to one, nearest first, itself left out; every genre reaches "pop" in the end."""
    table = load("vocabulary/genres.toml")
    found: list[str] = []
    queue = [genre]
    while queue:
        for relative in table.get(queue.pop(0), {}).get("kin", ["pop"]):
            if relative != genre and relative not in found:
                found.append(relative)
                queue.append(relative)
    return tuple(found)


def genre_names() -> tuple[str, ...]:
    """Return the canonical names of all genres, in the file's order."""
    return tuple(name for name in load("vocabulary/genres.toml") if name != "adjectives")


def mood_sum(moods: Iterable[str]) -> Mood:
    """Return the added offsets of several moods (cues add linearly: Eerola, Friberg & Bresin 2013), within bounds."""
    totals: dict[str, float] = {}
    for name in moods:
        for field, value in load("vocabulary/moods.toml")[name].items():
            if field == "also":
                continue
            if field in _MULTIPLIED:
                totals[field] = min(1.8, max(0.4, totals.get(field, 1.0) * float(value)))
            else:
                totals[field] = totals.get(field, 0.0) + float(value)
    bounds = {"tempo_percent": 25.0, "register": 3.0, "minor": 0.9, "colour": 2.0}
    for field, value in totals.items():
        if field not in _MULTIPLIED:
            bound = bounds.get(field, 0.5)
            totals[field] = max(-bound, min(bound, value))
    return msgspec.convert(totals, Mood)


def distance(left: str, right: str, limit: int) -> int:
    """Return the Damerau–Levenshtein distance (optimal string alignment), or ``limit + 1`` when it is more."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]


@lru_cache(maxsize=2048)
def nearest(phrase: str) -> str | None:
    """Return the vocabulary's phrase nearest to a misspelled one, or None when none is near enough.

    One edit is allowed up to six letters and two above; words of three letters or fewer are never corrected, and
    the first letter must be right.
    """
    if len(phrase) < 4 or any(character.isdigit() for character in phrase):
        return None
    limit = 1 if len(phrase) <= 6 else 2
    best, best_distance = None, limit + 1
    for candidate in phrases():
        if candidate[:1] == phrase[:1] and len(candidate) > 3:
            found = distance(phrase, candidate, limit)
            if found < best_distance:
                best, best_distance = candidate, found
    return best
