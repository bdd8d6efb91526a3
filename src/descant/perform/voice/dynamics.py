"""How loud a phrase is from moment to moment: what keeps a sung line from lying flat.

Levels are in dB and act as vocal effort: they change loudness and, through ``frames``, brightness with it. A note has
an attack, long notes bloom, the last note before a rest dies away over its second half, vibrato moves the level with
the pitch (Prame 1997; Saitou et al. 2005 model both together), and nothing stands still: sung tones wander by about
1 dB (Sundberg 1987, ch. 8).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from descant.perform.voice.spoken import FRAME
from descant.perform.voice.timing import PhraseTiming, SungSyllable
from descant.song.streams import stream

VELOCITY_STEP = 0.12
"""dB a velocity step."""

VIBRATO_LEVEL = 0.035
"""dB for each cent of vibrato: 1.2 dB either way at an ordinary depth."""

ATTACK, ATTACK_SECONDS = 3.5, 0.04
"""dB under its level at which a note begins, and the time in which two thirds of it is made up."""

BLOOM = 1.6
"""dB a long note swells."""

DYING, DYING_SHARE = 7.0, 0.5
"""dB the last note before a rest sinks, over this share of its length."""

SLOW, FAST = (0.13, 0.8), (0.018, 0.3)
"""(seconds, dB): scale and standard deviation of the level's wandering."""

Curve = NDArray[np.float64]


def velocity(timing: PhraseTiming, times: Curve) -> Curve:
    """Return the velocity at ``times``, changing smoothly from note to note."""
    notes = [note for syllable in timing.syllables for note in syllable.notes]
    middles = [(note.start + min(note.stop, note.start + 0.3)) / 2 for note in notes]
    return gaussian_filter1d(np.interp(times, middles, [float(note.velocity) for note in notes]), 6)


def effort(timing: PhraseTiming, times: Curve, sway: Curve, seed: int, name: str) -> Curve:
    """Return the effort in dB against a steady note of velocity 100.

    Parameters
    ----------
    timing, times : the phrase and the seconds of its frames.
    sway : the vibrato in cents at ``times``.
    seed, name : key of the phrase's random streams.
    """
    out = VELOCITY_STEP * (velocity(timing, times) - 100)
    out += gaussian_filter1d(_swell(timing, times), 2) + VIBRATO_LEVEL * sway
    return out + wandering(times.size, seed, name)


def wandering(count: int, seed: int, name: str) -> Curve:
    """Return the slow and the fast wandering of the level in dB."""
    rough = stream(seed, f"{name}.level").standard_normal((2, count + 200))
    out = np.zeros(count)
    for row, (seconds, decibels) in zip(rough, (SLOW, FAST), strict=True):
        sigma = seconds / FRAME
        smooth = gaussian_filter1d(row, sigma)[100 : 100 + count]
        out += decibels * np.sqrt(2 * np.sqrt(np.pi) * sigma) * np.clip(smooth, -1, 1)
    return out


def _ends(timing: PhraseTiming) -> list[bool]:
    """Say of each syllable whether it is followed by silence."""
    silent = [start for start, _ in timing.rests]
    following = [s.start for s in timing.syllables[1:]]
    inner = [
        any(own.start < rest < after for rest in silent)
        for own, after in zip(timing.syllables, following, strict=False)
    ]
    return [*inner, True]


def _swell(timing: PhraseTiming, times: Curve) -> Curve:
    out = np.zeros_like(times)
    for syllable, ends in zip(timing.syllables, _ends(timing), strict=True):
        first = np.searchsorted(times, syllable.start)
        last = np.searchsorted(times, syllable.stop + (0.25 if ends else 0.0))
        out[first:last] += _note_shape(syllable, ends, times[first:last])
    return out


def _note_shape(syllable: SungSyllable, ends: bool, times: Curve) -> Curve:
    """Return attack, bloom and dying away of one syllable, with a small dip where a melisma changes notes."""
    length = max(syllable.stop - syllable.start, 1e-3)
    since = times - syllable.start
    x = np.clip(since / length, 0, 1)
    shape = -ATTACK * np.exp(-since / ATTACK_SECONDS)
    shape += BLOOM * np.clip(length - 0.35, 0, 1) * (np.sin(np.pi * x**0.8) - 0.6)
    for note in syllable.notes[1:]:
        shape -= 0.8 * np.exp(-(((times - note.start) / 0.03) ** 2))
    if ends:
        depth = DYING * np.clip(length / 0.6, 0.35, 1)
        shape -= depth * np.clip((since / length - 1 + DYING_SHARE) / DYING_SHARE, 0, 1.6) ** 2
    return np.asarray(shape, np.float64)
