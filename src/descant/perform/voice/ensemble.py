"""How many sing a part, where they stand, and how each of them strays from the others.

A take is another performance, with its own timing, drift, vibrato and size of throat, never a copy: copies in phase
sound like one singer through a comb. How far singers of one section stray in pitch was measured by Jers & Ternström
(2005): some 15 cents, which the voices' own drift and attacks give.
"""

from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from descant.perform.voice import voices
from descant.perform.voice.voices import Timbre, Voice
from descant.song.score import Role, VocalPart
from descant.song.streams import stream

CHOIR = "choir"

DOUBLE_PLACES = (0.5, np.pi / 2 - 0.5)
CHOIR_PLACES = (0.12, 0.95, 0.62, 1.45, 0.32, 1.25)
"""Radians of equal-power panning at which the takes of a backing voice and of a choir stand: 0 is the left side, a
quarter of the circle's pi (0.785) the centre, twice that the right."""


@dataclass(frozen=True)
class Scatter:
    """How far takes stray: standard deviations of a phrase's and a note's lateness (seconds), of throat size (ratio).

    ``breath`` is added to every singer's: many voices are airier than one.
    """

    late: float = 0.0
    note_late: float = 0.0
    warp: float = 0.0
    breath: float = 0.0


ALONE = Scatter()
DOUBLED = Scatter(late=0.014, note_late=0.007, warp=0.02, breath=0.1)
MANY = Scatter(late=0.022, note_late=0.013, warp=0.045, breath=0.14)


@dataclass(frozen=True)
class Take:
    """One singing of a part: under its own name, so with its own random streams; ``sides`` are its two gains."""

    part: VocalPart
    voice: Voice
    sides: NDArray[np.float32]
    scatter: Scatter


def takes(part: VocalPart) -> tuple[Take, ...]:
    """Return the takes of a part.

    A lead is sung once, in the centre. Backing vocals are doubled, a take on either side, at the power of one. A choir
    is sung by six, of two or three voices of one gender, from one side to the other.
    """
    voice = voices.load(part.voice)
    if CHOIR in part.effects:
        return _choir(part, voice)
    if part.role is not Role.BACKING_VOCALS:
        return (Take(part, voice, np.ones(2, np.float32), ALONE),)
    second = msgspec.structs.replace(part, name=f"{part.name} double")
    return tuple(Take(p, voice, _sides(at, 2), DOUBLED) for p, at in zip((part, second), DOUBLE_PLACES, strict=True))


def _sides(place: float, count: int) -> NDArray[np.float32]:
    """Return the gains of one of ``count`` takes that together have the power of one."""
    return np.asarray(np.array([np.cos(place), np.sin(place)]) * np.sqrt(2 / count), np.float32)


def _choir(part: VocalPart, voice: Voice) -> tuple[Take, ...]:
    others = [name for name in voices.names() if voices.load(name).gender == voice.gender and name != voice.name]
    fitting = [voices.load(name) for name in others if _holds(voices.load(name), part)]
    singers = [voice, *sorted(fitting, key=lambda other: abs(other.range.centre - voice.range.centre))[:2]]
    return tuple(
        Take(
            msgspec.structs.replace(part, name=f"{part.name} {k + 1}"),
            singers[k % len(singers)],
            _sides(place, len(CHOIR_PLACES)),
            MANY,
        )
        for k, place in enumerate(CHOIR_PLACES)
    )


def _holds(voice: Voice, part: VocalPart) -> bool:
    """Return whether a part lies inside a voice's range."""
    pitches = [note.pitch for phrase in part.phrases for note in phrase.notes]
    return not pitches or (voice.range.low <= min(pitches) and max(pitches) <= voice.range.high)


def lateness(take: Take, count: int, seed: int, name: str) -> NDArray[np.float64] | None:
    """Return by how many seconds each of ``count`` notes of a phrase strays, or None for a singer alone.

    ``name`` is the phrase's, under which it is drawn.
    """
    if take.scatter == ALONE:
        return None
    rng = stream(seed, f"{name}.late")
    whole = take.scatter.late * np.clip(rng.standard_normal(), -1.5, 1.5)
    return np.asarray(whole + take.scatter.note_late * np.clip(rng.standard_normal(count), -2, 2))


def throat(take: Take, seed: int) -> Timbre:
    """Return the take's own timbre: its voice with a throat of another size, and airier."""
    timbre = take.voice.timbre
    if take.scatter == ALONE:
        return timbre
    stray = take.scatter.warp * float(np.clip(stream(seed, f"voice.{take.part.name}.size").standard_normal(), -2, 2))
    breath = min(1.0, timbre.breath + take.scatter.breath)
    return msgspec.structs.replace(timbre, warp=round(timbre.warp * (1 + stray), 3), breath=breath)
