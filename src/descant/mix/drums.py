"""A drum kit taken apart: each piece its own channel, as on a desk with a microphone a drum.

The pieces of a General MIDI kit are played apart and get their own strips and places; choking pieces (the hi-hats)
stay together.
"""

import msgspec

from descant.song.score import Part

PIECES: dict[str, tuple[int, ...]] = {
    "kick": (35, 36),
    "snare": (37, 38, 39, 40),
    "hats": (42, 44, 46),
    "toms": (41, 43, 45, 47, 48, 50),
    "ride": (51, 52, 53, 57, 59),
}
"""General MIDI keys a piece; every other key belongs to :data:`REST`."""

REST = "cymbals"


def pieces(part: Part) -> tuple[tuple[str, Part], ...]:
    """Return the pieces of a drum part that play anything, kick first."""
    taken = {key for keys in PIECES.values() for key in keys}
    groups = {name: [note for note in part.notes if note.pitch in keys] for name, keys in PIECES.items()}
    groups[REST] = [note for note in part.notes if note.pitch not in taken]
    return tuple((name, msgspec.structs.replace(part, notes=tuple(notes))) for name, notes in groups.items() if notes)
