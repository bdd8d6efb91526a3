"""Which stretch of a song's singing to take when none is named."""

from collections.abc import Sequence

from descant.service.analysis import heard
from descant.service.errors import Invalid
from descant.song.document import Song
from descant.song.score import Role

LONGEST = 30.0
"""Seconds of the longest window (contract/sonic.md §6)."""


def window(song: Song, start: float | None, stop: float | None) -> tuple[float, float]:
    """Return the stretch of singing that is meant, in seconds of the audio.

    Parameters
    ----------
    start, stop : what was asked; a side left out is put :data:`LONGEST` from the other, and with neither the stretch
        that holds most singing is chosen.

    Raises
    ------
    Invalid : when nobody sings in the song or in the stretch, or it is too long or outside the song.
    """
    sung = _sung(song)
    if not sung:
        raise Invalid("Nobody sings in this clip, so there is no voice to take from it.")
    if start is None and stop is None:
        start = max((start for start, _ in sung), key=lambda begin: _singing(sung, begin, begin + LONGEST))
    left = max(0.0, float(stop or 0.0) - LONGEST) if start is None else start
    right = min(song.seconds, left + LONGEST) if stop is None else stop
    if left >= song.seconds or right > song.seconds:
        raise Invalid(f"'vocal_end_s' is {right:g}, but the clip is {song.seconds:.2f} seconds long.")
    if not left < right <= left + LONGEST:
        raise Invalid(f"'vocal_end_s' is {right:g}, but must be after 'vocal_start_s' by at most {LONGEST:g} seconds.")
    if not _singing(sung, left, right):
        raise Invalid(f"Nobody sings between {left:g} and {right:g} seconds.")
    return round(left, 3), round(right, 3)


def _sung(song: Song) -> Sequence[tuple[float, float]]:
    """Return when the lead voice sings: of a song its words, of a recording what was heard and is sung over it."""
    words = [word for word in song.words if word.role == Role.LEAD_VOCAL]
    if song.heard is not None:
        timed = {word.start for word in song.heard.words}
        return heard.singing(song.heard, [word for word in words if word.start not in timed])
    return sorted((word.start, word.stop) for word in words)


def _singing(sung: Sequence[tuple[float, float]], start: float, stop: float) -> float:
    """Return how many seconds between two times are sung."""
    return sum(max(0.0, min(end, stop) - max(begin, start)) for begin, end in sung)
