"""The pitch of a sung phrase: a curve of cents every 5 ms.

Notes are joined by quick glides that reach the new pitch as its vowel begins, overshoot a little after leaps, and
carry vibrato, slow drift and fine jitter: the four movements that make sung pitch sound human (Saitou, Unoki & Akagi
2005). Vibrato is 5–6 Hz and comes in after the note has settled (Prame 1994). Consonants pull the pitch slightly:
voiced obstruents lower it, unvoiced ones leave it high (Hombert, Ohala & Ewan 1979).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from descant.perform.voice.phones import CLASS, UNVOICED, VOICED_OBSTRUENTS, PhoneClass, is_vowel
from descant.perform.voice.spoken import FRAME, SpokenLine
from descant.perform.voice.timing import PhraseTiming, TimedNote, positions
from descant.song.streams import stream

Curve = NDArray[np.float64]

SCOOP_SECONDS = 0.085
OVERSHOOT_SHARE, OVERSHOOT_LIMIT = 0.12, 60.0
"""A leap swings past its goal within 80 ms; the damping leaves two fifths of this: 5 % of the leap, at most 23 cents.
Saitou et al. measured more (13 %), in trained singers of slow songs."""

PREPARATION_SHARE, PREPARATION_LIMIT = 0.05, 22.0
"""Before a leap the pitch leans away from it by 5 % of its size, at most 22 cents."""

ATTACK, ATTACK_SPREAD, ATTACK_SECONDS = 14.0, 10.0, 0.035
"""Cents below the note at which a vowel after a consonant begins, their spread, and the time in which two thirds of
it is made up. Without this, repeated notes sound like one held by a machine."""

HURRIED, SETTLED = 0.10, 0.25
"""Seconds a note lasts that has no time for an attack, a lean or a swing past its pitch, and one that has all of it.
With the whole of them in every note, a tracker heard those of 90–136 ms 10 cents from their pitch."""

VIBRATO_DELAY, VIBRATO_RAMP, VIBRATO_RELEASE = 0.28, 0.30, 0.10
SHORTEST_VIBRATO = 0.45
"""Seconds: a shorter note has no time for vibrato."""

RETUNE = 0.012
"""Seconds in which a tuned voice changes its note."""

FINAL_FALL = 45.0
"""Cents the pitch sinks while the last vowel of a phrase dies away."""


@dataclass(frozen=True)
class PitchManner:
    """How a singer moves between and on notes.

    Attributes
    ----------
    portamento : seconds a glide of an octave takes; small steps take six tenths of it.
    rate : of vibrato, in Hz.
    vibrato : multiplies the score's vibrato depths.
    drift, jitter : cents (standard deviation) of slow and fast wandering.
    scoop : multiplies the score's scoops.
    """

    portamento: float = 0.13
    rate: float = 5.6
    vibrato: float = 1.0
    drift: float = 4.0
    jitter: float = 2.5
    scoop: float = 1.0


def vibrato_curve(timing: PhraseTiming, times: Curve, manner: PitchManner, seed: int, name: str) -> Curve:
    """Return the vibrato of all notes at ``times`` in cents about their pitch."""
    notes = [note for syllable in timing.syllables for note in syllable.notes]
    cents = np.zeros_like(times)
    for i, note in enumerate(notes):
        cents += manner.vibrato * _vibrato(note, times, manner.rate, stream(seed, f"{name}.vibrato{i}"))
    return cents


def sung_curve(
    timing: PhraseTiming, line: SpokenLine, times: Curve, manner: PitchManner, seed: int, name: str
) -> Curve:
    """Return the pitch at ``times`` in cents above MIDI note 0, without the vibrato (:func:`vibrato_curve`).

    Parameters
    ----------
    timing, line : the phrase as laid out, and the line it came from.
    times : seconds, every 5 ms.
    seed, name : key of the phrase's random streams.
    """
    notes = [note for syllable in timing.syllables for note in syllable.notes]
    cents = _glides(notes, times, manner)
    for i, note in enumerate(notes):
        if note.scoop:
            cents -= manner.scoop * note.scoop * _scoop(note, notes[i - 1].stop if i else None, times)
    cents += _consonants(timing, line, times) - _attacks(timing, times, seed, name)
    cents += wandering(times.size, manner, seed, name) * _calm(notes, times)
    last = notes[-1].stop
    return cents - FINAL_FALL * np.clip((times - last + 0.02) / 0.12, 0, 1) ** 2


def tuned_curve(timing: PhraseTiming, times: Curve) -> Curve:
    """Return the written pitches at ``times``, joined in :data:`RETUNE` seconds: a voice drawn onto its notes at once.

    This is pitch correction at its fastest, used as a sound: no slides, no vibrato, nothing between the notes.
    """
    notes = [note for syllable in timing.syllables for note in syllable.notes]
    cents = np.full(times.size, 100.0 * notes[0].pitch)
    for before, after in pairwise(notes):
        cents += 100.0 * (after.pitch - before.pitch) * np.clip((times - after.start) / RETUNE + 0.5, 0, 1)
    return cents


@dataclass(frozen=True)
class Talk:
    """How much a spoken line follows what is written.

    Attributes
    ----------
    written : share of the written melody's movement kept under the melody of speech, so that a flow keeps its
        accents without being sung.
    reach : semitones by which the middle of a line may lie above the source's own talk.
    """

    written: float
    reach: float


def spoken_curve(
    timing: PhraseTiming, line: SpokenLine, times: Curve, talk: Talk, manner: PitchManner, seed: int, name: str
) -> Curve:
    """Return a curve for rapped or spoken lines: the source's own melody, moved towards the written notes."""
    notes = [note for syllable in timing.syllables for note in syllable.notes]
    written = gaussian_filter1d(_glides(notes, times, manner), 8)
    voiced = np.flatnonzero(line.pitch > 0)
    middle = float(np.mean([note.pitch for note in notes])) * 100
    centre, spoken = middle, np.zeros_like(times)
    if voiced.size:
        own = float(np.median(line.pitch[voiced]))
        heard = np.interp(positions(timing, line, times), voiced, line.pitch[voiced])
        spoken = gaussian_filter1d(np.clip(heard - own, -500, 500), 2)
        centre = min(middle, own + 100 * talk.reach)
    cents: Curve = centre + talk.written * (written - middle) + spoken
    return cents + wandering(times.size, manner, seed, name)


def called(timing: PhraseTiming, times: Curve, cents: float) -> Curve:
    """Return how far below its note a shouted line is, in cents: each syllable rises into it, the last one falls."""
    out = np.zeros_like(times)
    for syllable in timing.syllables:
        since = times - syllable.start
        out += cents * np.where(
            since >= 0, np.exp(-np.clip(since, 0, None) / 0.05), np.exp(np.clip(since, None, 0) / 0.03)
        )
    last = timing.syllables[-1]
    length = max(last.stop - last.start, 0.1)
    return out + 4 * cents * np.clip((times - last.start - 0.45 * length) / (0.55 * length), 0, 1.2) ** 2


def wandering(count: int, manner: PitchManner, seed: int, name: str) -> Curve:
    """Return drift (below 1 Hz) and jitter (to 15 Hz) in cents for ``count`` frames."""
    rng = stream(seed, f"{name}.drift")
    slow, fast = rng.standard_normal((2, count + 400))
    slow = gaussian_filter1d(slow, 0.22 / FRAME)[200:-200]
    fast = gaussian_filter1d(fast, 0.012 / FRAME)[200:-200]
    unit_slow, unit_fast = np.sqrt(2 * np.sqrt(np.pi) * np.array([0.22, 0.012]) / FRAME)
    cents: Curve = manner.drift * unit_slow * slow + manner.jitter * unit_fast * fast
    return cents


def _settle(x: Curve) -> Curve:
    """Return a smooth rise from 0 to 1 over 0 ≤ x ≤ 1 (minimum jerk: Flash & Hogan 1985)."""
    x = np.clip(x, 0, 1)
    return x**3 * (10 - 15 * x + 6 * x**2)


def _glides(notes: list[TimedNote], times: Curve, manner: PitchManner) -> Curve:
    """Return the written notes joined by glides that end 20 ms into each note, with overshoot after leaps."""
    cents = np.full(times.size, 100.0 * notes[0].pitch)
    for before, after in pairwise(notes):
        step = 100.0 * (after.pitch - before.pitch)
        if step == 0:
            continue
        seconds = manner.portamento * min(1.0, 0.6 + abs(step) / 3000)
        seconds = min(seconds, 0.45 * (after.stop - after.start) + 0.02, 0.45 * (before.stop - before.start) + 0.02)
        end = after.start + min(0.02, 0.15 * (after.stop - after.start))
        cents += step * _settle((times - end + seconds) / seconds)
        lean = (
            np.sign(step)
            * min(PREPARATION_SHARE * abs(step), PREPARATION_LIMIT)
            * (abs(step) >= 200)
            * _time_for(before)
        )
        cents -= lean * np.exp(-(((times - end + seconds + 0.03) / 0.03) ** 2))
        swing = np.clip(times - end, 0, None)
        size = np.sign(step) * min(OVERSHOOT_SHARE * abs(step), OVERSHOOT_LIMIT) * (abs(step) >= 300) * _time_for(after)
        cents += size * np.sin(2 * np.pi * swing / 0.16) * np.exp(-swing / 0.035) * (times > end)
    return cents


def _time_for(note: TimedNote) -> float:
    """Return how much (0–1) of its ornaments a note has time for."""
    return min(max((note.stop - note.start - HURRIED) / (SETTLED - HURRIED), 0.0), 1.0)


def _scoop(note: TimedNote, previous_stop: float | None, times: Curve) -> Curve:
    """Return 1 before a scooped note (back to the note before it), falling to 0 as it settles."""
    lead = 0.12 if previous_stop is None else min(0.12, max(note.start - previous_stop, 0.04))
    return _settle((times - note.start + lead) / lead) * (1 - _settle((times - note.start) / SCOOP_SECONDS))


def _attacks(timing: PhraseTiming, times: Curve, seed: int, name: str) -> Curve:
    """Return how far below its note each syllable begins, in cents: it settles within the first tenth of a second."""
    spread = stream(seed, f"{name}.attack").standard_normal(len(timing.syllables))
    cents = np.zeros_like(times)
    for syllable, stray in zip(timing.syllables, spread, strict=True):
        if syllable.vowel > syllable.first and not syllable.notes[0].scoop:
            since = times - syllable.start
            depth = np.clip(ATTACK + ATTACK_SPREAD * stray, -6, 40) * _time_for(syllable.notes[0])
            cents += depth * np.where(since >= 0, np.exp(-np.clip(since, 0, None) / ATTACK_SECONDS), 0)
            cents += depth * np.where(since < 0, np.exp(np.clip(since, None, 0) / 0.02), 0)
    return cents


def _vibrato(note: TimedNote, times: Curve, rate: float, rng: np.random.Generator) -> Curve:
    """Return a note's vibrato: it grows, its rate strays by 4 % and rises a little towards the end (Prame 1994)."""
    length = note.stop - note.start
    if note.vibrato <= 0 or length < SHORTEST_VIBRATO:
        return np.zeros_like(times)
    delay = min(VIBRATO_DELAY, 0.4 * length)
    since = times - note.start - delay
    ramp = np.clip(since / VIBRATO_RAMP, 0, 1) * np.clip((note.stop - times) / VIBRATO_RELEASE, 0, 1)
    stray, breadth, swing = rng.standard_normal(3)
    cycles = rate * (1 + 0.04 * np.clip(stray, -2, 2)) * since * (1 + 0.03 * since / length)
    depth = note.vibrato * (1 + 0.1 * np.clip(breadth, -2, 2) + 0.12 * np.sin(2 * np.pi * 0.7 * since + swing))
    return np.asarray(ramp * depth * np.sin(2 * np.pi * cycles), np.float64)


def _consonants(timing: PhraseTiming, line: SpokenLine, times: Curve) -> Curve:
    """Return what consonants do to the pitch, in cents: less where notes are too short to recover from it."""
    cents = np.zeros_like(times)
    leisure = {
        phone: min(_time_for(syllable.notes[0]), _time_for(syllable.notes[-1]))
        for syllable in timing.syllables
        for phone in range(syllable.first, syllable.last)
    }
    for before, after in pairwise(timing.spans):
        name, length = line.phones[before.phone], before.stop - before.start
        dip = 35.0 if name in VOICED_OBSTRUENTS else 12.0 if CLASS[name] is PhoneClass.NASAL else 0.0
        if dip and length > 0:
            x = np.clip((times - before.start) / length, 0, 1)
            cents -= dip * (0.0 + 1.0 * leisure.get(before.phone, 1.0)) * np.sin(np.pi * x) ** 2
        if name in UNVOICED and is_vowel(line.phones[after.phone]):
            since = times - after.start
            rise = 14.0 * leisure.get(after.phone, 1.0)
            cents += np.where(since >= 0, rise * np.exp(-np.clip(since, 0, None) / 0.025), 0)
    return cents


def _calm(notes: list[TimedNote], times: Curve) -> Curve:
    """Return by how much (0.4–1) the pitch may wander: a run of hurried notes has no time to drift."""
    middles = [(note.start + note.stop) / 2 for note in notes]
    return np.asarray(np.interp(times, middles, [0.4 + 0.6 * _time_for(note) for note in notes]), np.float64)
