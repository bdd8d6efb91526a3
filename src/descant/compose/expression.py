"""How written lines are sung: dynamics, attacks, vibrato, breath and time.

Figures: research/composition.md §2.7: +3 dB towards a phrase's peak, +1 dB per four semitones, −2 dB on the last note,
+1.5 dB on stressed syllables; scoops of 50–100 cents into a quarter of phrase starts; breaths of 120–300 ms.
"""

from collections.abc import Sequence
from itertools import pairwise

import msgspec
import numpy as np

from descant.compose.grid import SLOT
from descant.compose.lines import WrittenLine
from descant.compose.swing import swung_beat
from descant.song.score import Phrase, SungNote
from descant.song.streams import stream

_VELOCITY_PER_DB = 4.0
_SHOUT = 3.0  # dB
_VIBRATO_FROM = 0.5  # seconds
_BREATH = (0.12, 0.30)  # seconds


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """How a voice performs this song.

    Attributes
    ----------
    seed, name : the song's seed and the name its decisions are drawn under.
    energies : energy of each section.
    centre : middle of the voice, MIDI.
    scoop : share of phrases approached from below; ``vibrato`` depth in cents; ``lateness`` in seconds.
    looseness : factor on random timing, 1 for the usual 6 ms.
    swing, swing_unit : as in the plan.
    seconds_per_beat : at the song's tempo.
    level : added to every velocity.
    """

    seed: int
    name: str
    energies: tuple[float, ...]
    centre: float
    scoop: float
    vibrato: float
    lateness: float
    looseness: float
    swing: float
    swing_unit: float
    seconds_per_beat: float
    level: int = 0


def perform(line: WrittenLine, delivery: Delivery, silence: float) -> Phrase:
    """Return a line as a sung phrase.

    Parameters
    ----------
    silence : seconds between the previous phrase's end and this one's start.
    """
    task = line.task
    rng = stream(delivery.seed, f"{delivery.name}.expression.{task.section}.{task.index}.{task.line.part}")
    velocities = _velocities(line, delivery, rng)
    scooped = rng.random() < delivery.scoop and not task.line.rapped
    depth = float(rng.uniform(50.0, 100.0))
    jitter = np.clip(rng.normal(0.0, 0.005 * delivery.looseness, len(line.onsets)), -0.012, 0.012)
    notes = []
    for n, (onset, length, pitch) in enumerate(zip(line.onsets, line.lengths, line.pitches, strict=True)):
        seconds = length * SLOT * delivery.seconds_per_beat
        notes.append(
            SungNote(
                start=line.beat(n),
                duration=length * SLOT,
                pitch=pitch,
                word=line.places[n][0],
                syllable=line.places[n][1],
                velocity=velocities[n],
                shift=round(float(jitter[n]) + delivery.lateness + swing_shift(line.beat(n), delivery), 4),
                scoop=round(depth, 1) if n == 0 and scooped else 0.0,
                vibrato=_vibrato(seconds, onset, line, delivery),
            )
        )
    breath = float(np.clip(0.6 * silence, 0.0, rng.uniform(*_BREATH))) if silence >= 0.2 else 0.0
    return Phrase(
        text=task.line.text,
        words=task.line.words,
        notes=tuple(notes),
        section=task.section,
        language=task.line.language,
        delivery=task.line.delivery,
        breath=round(breath, 3),
    )


def swing_shift(beat: float, delivery: Delivery) -> float:
    """Return the seconds by which swing moves a note."""
    return (swung_beat(beat, delivery.swing, delivery.swing_unit) - beat) * delivery.seconds_per_beat


def _velocities(line: WrittenLine, delivery: Delivery, rng: np.random.Generator) -> list[int]:
    energy = delivery.energies[line.task.section]
    count = len(line.onsets)
    peak = int(np.argmax(line.pitches))
    classes = dict(zip(line.task.line.places, line.task.line.classes, strict=True))
    velocities = []
    for n, pitch in enumerate(line.pitches):
        decibels = 3.0 * (1.0 - abs(n - peak) / max(count, 1)) + (pitch - delivery.centre) / 4.0
        decibels += 1.5 if classes[line.places[n]] in "SC" else 0.0
        decibels -= 2.0 if n == count - 1 and count > 1 else 0.0
        decibels += _SHOUT if line.task.line.delivery in ("shouted", "screamed") else 0.0
        velocity = 64 + 28 * energy + _VELOCITY_PER_DB * (decibels - 1.5) + delivery.level + rng.uniform(-2, 2)
        velocities.append(min(122, max(30, round(velocity))))
    return velocities


def _vibrato(seconds: float, onset: int, line: WrittenLine, delivery: Delivery) -> float:
    if seconds < _VIBRATO_FROM or line.task.line.rapped:
        return 0.0
    final = onset == line.onsets[-1]
    return round(delivery.vibrato * min(1.3, 0.7 + 0.3 * seconds) * (1.0 if final else 0.8), 1)


def silences(lines: Sequence[WrittenLine], seconds_per_beat: float) -> list[float]:
    """Return the seconds of silence before each line; before the first, as long as any breath needs."""
    gaps = [1.0]
    for before, line in pairwise(lines):
        gap = (line.task.start + line.onsets[0]) - (before.task.start + before.end)
        gaps.append(max(0.0, gap * SLOT * seconds_per_beat))
    return gaps
