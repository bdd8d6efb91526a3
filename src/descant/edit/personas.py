"""Personas: a singer taken from a song, to be heard again in others."""

import re
from collections import Counter

from descant.edit.revision import CannotEdit
from descant.song.document import Song
from descant.song.lyrics import MELODIC
from descant.song.persona import Persona
from descant.song.score import Phrase, Role, Score
from descant.words import demands

_SEPARATORS = re.compile(r"\s*[,;\n]\s*")


def persona_of(song: Song, start: float | None = None, stop: float | None = None, styles: str = "") -> Persona:
    """Return who sings most of a song, or of the stretch from ``start`` to ``stop`` (seconds of its audio).

    The persona keeps the voice, the lowest and highest note and the middle of what it sang there, the delivery of most
    of its lines, and the song's style without its tempo, key, metre and length.

    Parameters
    ----------
    styles : style text to keep instead of the song's.

    Raises
    ------
    CannotEdit : when the stretch is none, or nobody sings in it.
    """
    low = 0.0 if start is None else start
    high = song.seconds if stop is None else stop
    if not 0.0 <= low < high:
        raise CannotEdit(f"the stretch {low:g}–{high:g} s is none; its start comes before its end")
    sung = _sung(song.score, low, high)
    if not sung:
        where = "in the song" if start is None and stop is None else f"from {low:g} to {high:g} s"
        raise CannotEdit(f"nobody sings {where}: a persona is taken from a voice")
    seconds: dict[str, float] = {}
    for voice, phrase in sung:
        for note in phrase.notes:
            begin, end = song.score.performed(note)
            seconds[voice] = seconds.get(voice, 0.0) + end - begin
    voice = max(seconds, key=lambda name: (seconds[name], name))
    own = [phrase for name, phrase in sung if name == voice]
    pitches = [note.pitch for phrase in own if _pitched(phrase) for note in phrase.notes]
    pitches = pitches or [note.pitch for phrase in own for note in phrase.notes]
    deliveries = Counter(phrase.delivery for phrase in own)
    return Persona(
        voice=voice,
        centre=round((min(pitches) + max(pitches)) / 2),
        range=(min(pitches), max(pitches)),
        delivery=max(deliveries, key=lambda name: (deliveries[name], name == "sung")),
        tags=styles.strip() or style_only(song.tags.replace(f"{voice} vocals", "")),
    )


def style_only(tags: str) -> str:
    """Return style text without what it demands in numbers: a persona sings at any tempo, in any key."""
    kept = [" ".join(demands.read(tag).rest.split()) for tag in _SEPARATORS.split(tags) if tag.strip()]
    return ", ".join(tag for tag in kept if tag)


def _sung(score: Score, start: float, stop: float) -> list[tuple[str, Phrase]]:
    """Return (voice, phrase) of each line of the lead of which at least half its notes are heard in a stretch."""
    found = []
    for part in score.vocals:
        for phrase in part.phrases if part.role is Role.LEAD_VOCAL else ():
            inside = [note for note in phrase.notes if start <= score.performed(note)[0] < stop]
            if inside and 2 * len(inside) >= len(phrase.notes):
                found.append((part.voice, phrase))
    return found


def _pitched(phrase: Phrase) -> bool:
    return phrase.delivery in MELODIC
