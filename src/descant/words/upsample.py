"""Fuller style tags from short ones: what a request leaves open is told as its genre is usually made.

The user's own words stay first and as they are, and nothing is added against them. What is added is a rule's, not a
guess: the same tags always give the same text, and every added word is one that :mod:`descant.words.tags` reads.
"""

from collections.abc import Sequence
from typing import Any

from descant.song.wish import Wish
from descant.words import tags, vocabulary
from descant.words.data import load, phrases_of

MOST_WORDS = 40
"""Words added at most."""

MOST_CHARACTERS = 1_000
"""Longest text a request takes as tags (contract/sonic.md §1.2)."""

ENOUGH = 3
"""Instruments after which a band is told well enough."""

_USUAL = "pop"
_TEMPO_WORDS = {"very slow": 0.7, "slow": 0.82, "mid-tempo": 1.0, "fast": 1.18, "very fast": 1.35}
_SLOWEST, _FASTEST = 50.0, 190.0


def upsample(text: str) -> str:
    """Return style tags as a paragraph: the text itself, then mood, band, tempo, voice and sound where it names none.

    Parameters
    ----------
    text : style tags as a user writes them.

    Returns
    -------
    str
        At most :data:`MOST_WORDS` words and, unless the text alone is longer, :data:`MOST_CHARACTERS` characters.
    """
    said = text.strip().rstrip(" .,;")
    wish = tags.read(said)
    genre = wish.genres[0][0] if wish.genres else _USUAL
    usual = _usual(genre)
    sentences = [_style(wish, genre, usual), _band(wish, usual), _voice(wish, usual), _sound(wish, usual)]
    return _joined(said, [sentence for sentence in sentences if sentence])


def _usual(genre: str) -> dict[str, Any]:
    """Return the entry of a genre, or of its nearest kin that has one."""
    table = load("vocabulary/production.toml")
    entry: dict[str, Any] = next(table[name] for name in (genre, *vocabulary.relatives(genre), _USUAL) if name in table)
    return entry


def _style(wish: Wish, genre: str, usual: dict[str, Any]) -> list[str]:
    named = [] if wish.genres else [genre]
    return named + ([] if wish.moods or usual["mood"] in wish.excluded else [usual["mood"]])


def _band(wish: Wish, usual: dict[str, Any]) -> list[str]:
    wanted = {name for name, _ in wish.instruments}
    fresh = [phrase for phrase in _allowed(usual["band"], wish) if not wanted & _instruments(phrase)]
    band = fresh[: max(1, ENOUGH - len(wanted))]
    return band + ([] if wish.bpm is not None else [f"{_bpm(wish, usual):g} bpm"])


def _voice(wish: Wish, usual: dict[str, Any]) -> list[str]:
    gender_only = set(wish.voice) <= {"female", "male", "duet"}
    return _allowed(usual["voice"], wish) if gender_only and not wish.instrumental else []


def _sound(wish: Wish, usual: dict[str, Any]) -> list[str]:
    return [] if len(wish.production) >= ENOUGH else _allowed(usual["sound"], wish)


def _allowed(phrases: str, wish: Wish) -> list[str]:
    """Return those phrases that name nothing the user has named already, or does not want."""
    taken = {*wish.excluded, *wish.production, *wish.voice}
    return [phrase for phrase in phrases_of(phrases) if not taken & _names(phrase)]


def _names(phrase: str) -> set[str]:
    """Return everything a phrase names, its own words included ("soft drums" names drums)."""
    found = tags.read(phrase)
    names = {*found.production, *found.voice, *found.moods, found.era, found.tempo_word, *_instruments(phrase)}
    return (names | set(phrase.split())) - {""}


def _instruments(phrase: str) -> set[str]:
    return {name for name, _ in tags.read(phrase).instruments}


def _bpm(wish: Wish, usual: dict[str, Any]) -> float:
    """Return the genre's tempo as the words for tempo and mood bend it."""
    bent = usual["bpm"] * _TEMPO_WORDS.get(wish.tempo_word, 1.0) * (1.0 + wish.mood.tempo_percent / 100.0)
    return float(round(min(max(bent, _SLOWEST), _FASTEST)))


def _joined(said: str, sentences: Sequence[list[str]]) -> str:
    """Return the user's words and as many of the added ones as there is room for, a sentence for each list."""
    text, left = said, MOST_WORDS
    for sentence in sentences:
        begun = False
        for phrase in sentence:
            longer = f"{text}, {phrase}" if begun else f"{text}. {phrase[0].upper()}{phrase[1:]}" if text else phrase
            if len(phrase.split()) > left or len(longer) + 1 > MOST_CHARACTERS:
                continue
            text, begun, left = longer, True, left - len(phrase.split())
    return text if text == said else f"{text}."
