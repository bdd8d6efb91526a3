"""Who sings in a song, read from its document."""

from collections import Counter
from collections.abc import Iterable

from descant.service.errors import Invalid
from descant.song.document import Song
from descant.song.persona import Persona
from descant.song.score import Phrase, Role, Score, VocalPart


def portrait(song: Song, styles: str = "", window: tuple[float, float] | None = None) -> Persona:
    """Return the singer of a song: of its lead, or of whoever sings most in the ``window`` (seconds of the audio).

    Parameters
    ----------
    styles : style text to sing in; "" for the song's.

    Raises
    ------
    Invalid : when nobody sings there.
    """
    heard = {part.name: _heard(song.score, part, window) for part in song.score.vocals}
    leads = [part for part in song.score.vocals if part.role == Role.LEAD_VOCAL]
    if not any(heard[part.name] for part in leads):
        leads = [part for part in song.score.vocals if heard[part.name]]
    if not leads:
        raise Invalid("Nobody sings in this clip, so there is no voice to make a persona of.")
    part = max(leads, key=lambda part: _seconds(song.score, heard[part.name]))
    pitches = [note.pitch for phrase in heard[part.name] for note in phrase.notes]
    low, high = min(pitches), max(pitches)
    return Persona(
        voice=part.voice,
        centre=round((low + high) / 2),
        range=(low, high),
        delivery=Counter(phrase.delivery for phrase in heard[part.name]).most_common(1)[0][0],
        tags=styles or song.tags,
    )


def _heard(score: Score, part: VocalPart, window: tuple[float, float] | None) -> tuple[Phrase, ...]:
    """Return the phrases of a part that have notes and are heard in the window."""
    sung = (phrase for phrase in part.phrases if phrase.notes)
    return tuple(phrase for phrase in sung if window is None or _overlaps(score, phrase, window))


def _overlaps(score: Score, phrase: Phrase, window: tuple[float, float]) -> bool:
    start, stop = score.performed(phrase.notes[0])[0], score.performed(phrase.notes[-1])[1]
    return start < window[1] and stop > window[0]


def _seconds(score: Score, phrases: Iterable[Phrase]) -> float:
    spans = (score.performed(note) for phrase in phrases for note in phrase.notes)
    return sum(stop - start for start, stop in spans)
