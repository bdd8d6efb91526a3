"""House-keeping between parts: ranges, overlaps of one pitch, and the low-interval limit.

Two notes of the accompaniment that sound together below C3 lie at least a fourth apart, whoever plays them
(research/composition.md §7, row 43). The bass always keeps its note.
"""

from bisect import bisect_left

from msgspec.structs import replace

from descant.compose.band.voicing import FOURTH, LOW_INTERVAL_LIMIT
from descant.song.score import Note

_SHORTEST = 0.04  # beats left of a note cut by the next one of its pitch
_RESTRIKE = 0.02  # beats between the end of a note and the same pitch again


def tidy(notes: list[Note], low: int, high: int) -> list[Note]:
    """Return notes sorted by (start, pitch), moved by octaves into a range, never overlapping in one pitch."""
    placed = sorted((_inside(note, low, high) for note in notes), key=lambda n: (n.start, n.pitch))
    kept: list[Note] = []
    latest: dict[int, int] = {}
    for note in placed:
        i = latest.get(note.pitch)
        if i is not None:
            before = kept[i]
            if note.start - before.start < _SHORTEST + _RESTRIKE:
                continue
            if before.start + before.duration > note.start - _RESTRIKE:
                kept[i] = replace(before, duration=note.start - _RESTRIKE - before.start)
        latest[note.pitch] = len(kept)
        kept.append(note)
    return kept


def fitted(notes: list[Note], low: int, high: int) -> list[Note]:
    """Return a melody moved as a whole by the octaves that bring most of it into a range."""
    if not notes:
        return notes
    outside = {
        12 * k: sum(max(0, low - n.pitch - 12 * k) + max(0, n.pitch + 12 * k - high) for n in notes)
        for k in range(-3, 4)
    }
    shift = min(outside, key=lambda s: (outside[s], abs(s), s))
    return [replace(n, pitch=n.pitch + shift) for n in notes] if shift else notes


def _inside(note: Note, low: int, high: int) -> Note:
    pitch = note.pitch
    while pitch < low:
        pitch += 12
    while pitch > high:
        pitch -= 12
    return note if pitch == note.pitch else replace(note, pitch=pitch)


def clear_low(parts: dict[str, list[Note]], order: list[str]) -> dict[str, list[Note]]:
    """Return the parts with every low-interval violation mended.

    Parameters
    ----------
    parts : pitched parts by name.
    order : their names, those that keep their notes first; a note of a later part that would sound too near one already
        kept moves up by octaves, out of the low register.
    """
    kept: list[Note] = []
    starts: list[float] = []
    mended: dict[str, list[Note]] = {}
    for name in order:
        cleared = []
        for note in parts[name]:
            free = note
            if note.pitch < LOW_INTERVAL_LIMIT and _collides(note, kept, starts):
                rise = 12 * (1 + (LOW_INTERVAL_LIMIT - 1 - note.pitch) // 12)
                free = replace(note, pitch=note.pitch + rise)
            cleared.append(free)
            if free.pitch < LOW_INTERVAL_LIMIT:
                i = bisect_left(starts, free.start)
                starts.insert(i, free.start)
                kept.insert(i, free)
        mended[name] = cleared
    return mended


def _collides(note: Note, kept: list[Note], starts: list[float]) -> bool:
    """Whether a kept low note sounds with ``note`` and lies nearer than a fourth."""
    stop = note.start + note.duration
    i = bisect_left(starts, stop - 1e-6) - 1
    while i >= 0 and starts[i] > note.start - 16:
        other = kept[i]
        if other.start + other.duration > note.start + 1e-6 and abs(other.pitch - note.pitch) < FOURTH:
            return True
        i -= 1
    return False
