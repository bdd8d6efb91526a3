"""Recorded sound at another pace and pitch: a phase vocoder whose bins keep to their peaks and begin anew at attacks.

After Laroche and Dolson (1999): a frame is taken every hop of the result, its phases are turned on by what they turn
over one hop of the original, and bins around a peak are turned as it is, so that partials stay whole. Both channels are
turned alike, which keeps the image. Where the original strikes, the phases are its own again, so that strokes stay
sharp (Röbel 2003).
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from descant.engines.score.recording import RATE
from descant.mix.levels import Audio

_FRAME, _HOP = 4096, 1024  # samples
_SAME = 0.0015  # share of length, and semitones, under which nothing is stretched
_ATTACK = 2.2  # ratio of the energy's rise over a hop from which a frame holds an attack
_HIGH = 1500.0  # Hz from which that is looked for
_FINEST = 600  # denominator of a ratio of rates

Samples = NDArray[np.float64]


def warped(audio: Audio, moments: Sequence[float], spacing: float, semitones: float, ahead: float) -> Audio:
    """Return recorded sound with its beats a fixed time apart, some semitones higher.

    Parameters
    ----------
    audio : float32 (samples, 2).
    moments : seconds of it at which beats fall, rising; the last is the end of the last beat.
    spacing : seconds between the beats of the result.
    ahead : seconds before the first beat with which the result begins, and after the last with which it ends.

    Returns
    -------
    float32 (samples, 2) of ``2 · ahead + (len(moments) − 1) · spacing`` seconds.
    """
    ratio = 2.0 ** (semitones / 12.0)
    beats = len(moments) - 1
    length = round((2 * ahead + beats * spacing) * RATE)
    edges = [ahead + n * spacing for n in range(beats + 1)]
    outer = [edges[0] - ahead, *edges, edges[-1] + ahead]
    inner = [moments[0] - ahead, *moments, moments[-1] + ahead]
    moved = np.abs(np.diff(inner) - np.diff(outer)).max()
    if moved < _SAME * spacing and abs(semitones) < _SAME:
        return _cut(audio, round(inner[0] * RATE), length)
    sound = _vocoded(audio, np.array(inner) * RATE, np.array(outer) * RATE * ratio)
    if abs(semitones) >= _SAME:
        step = Fraction(1.0 / ratio).limit_denominator(_FINEST)
        sound = np.asarray(resample_poly(sound, step.numerator, step.denominator, axis=0), np.float32)
    return _cut(sound, 0, length)


def _cut(audio: Audio, start: int, length: int) -> Audio:
    """Return samples from ``start`` on, silent where there are none."""
    out = np.zeros((length, 2), np.float32)
    low, high = max(0, start), min(len(audio), start + length)
    if high > low:
        out[low - start : high - start] = audio[low:high]
    return out


def _vocoded(audio: Audio, inner: Samples, outer: Samples) -> Audio:
    """Return the sound whose sample ``outer[n]`` is sample ``inner[n]`` of the original."""
    length = round(float(outer[-1]))
    frames = length // _HOP + 2
    centres = np.interp(np.arange(frames) * _HOP, outer, inner)
    first = round(float(centres[0])) - _FRAME // 2 - _HOP
    sound = _cut(audio, first, round(float(inner[-1])) - first + 2 * _FRAME)
    window = np.hanning(_FRAME + 1)[:-1]
    total = np.zeros((frames * _HOP + _FRAME, 2), np.float32)
    high = round(_HIGH * _FRAME / RATE)
    phases = np.zeros(0)
    for number in range(frames):
        at = round(float(centres[number])) - _FRAME // 2 - first
        now = np.fft.rfft(sound[at : at + _FRAME] * window[:, None], axis=0)
        before = np.fft.rfft(sound[at - _HOP : at - _HOP + _FRAME].sum(axis=1) * window)
        middle = now.sum(axis=1)
        struck = np.square(np.abs(middle[high:])).sum() > _ATTACK**2 * np.square(np.abs(before[high:])).sum()
        own = np.angle(middle)
        phases = own if number == 0 or struck else _turned(middle, own, np.angle(before), phases)
        turned = now * np.exp(1j * (phases - own))[:, None]
        frame = np.fft.irfft(turned, _FRAME, axis=0) * window[:, None]
        total[number * _HOP : number * _HOP + _FRAME] += frame
    total /= (window.reshape(-1, _HOP) ** 2).sum(axis=0).mean()
    return total[_FRAME // 2 : _FRAME // 2 + length]


def _turned(middle: NDArray[np.complex128], own: Samples, before: Samples, phases: Samples) -> Samples:
    """Return the phases of a frame: those of its peaks go on from the last frame's, other bins keep to their peak."""
    level = np.abs(middle)
    peaks = np.flatnonzero((level[2:-2] >= np.maximum(level[1:-3], level[:-4])) & (level[2:-2] > level[3:-1])) + 2
    if not len(peaks):
        return own
    nearest = peaks[np.searchsorted((peaks[1:] + peaks[:-1]) // 2, np.arange(len(own)), side="right")]
    goes_on = phases[nearest] + own[nearest] - before[nearest]
    return np.asarray(goes_on + own - own[nearest])
