"""Compressor, expander and de-esser.

Feed-forward designs after Giannoulis, Massberg and Reiss, "Digital Dynamic Range Compressor Design", JAES 60(6),
2012: level in dB, soft knee, then attack and release smoothing of the gain. Levels and gains live at control rate.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from descant.mix.filters import Filter, high_pass, low_pass
from descant.mix.levels import CONTROL, Audio, Curve, apply_curve, decibel_curve, mean_squares, peak_levels, smoothing


@dataclass(frozen=True)
class Compression:
    """Settings of a compressor: dB, seconds; ``ratio`` ≥ 1 (input dB a dB of output above the threshold)."""

    threshold: float = -18.0
    ratio: float = 2.0
    attack: float = 0.010
    release: float = 0.120
    knee: float = 6.0
    makeup: float = 0.0


def static_gain(level: NDArray[np.float32], settings: Compression) -> NDArray[np.float32]:
    """Return the gain in dB that a settled compressor gives at ``level`` dB, without make-up."""
    over = level - settings.threshold
    slope = 1.0 / settings.ratio - 1.0
    knee = max(settings.knee, 1e-6)
    bend = slope * (over + knee / 2) ** 2 / (2 * knee)
    return np.where(over <= -knee / 2, 0.0, np.where(over >= knee / 2, slope * over, bend)).astype(np.float32)


@njit(cache=True, fastmath=False, nogil=True)
def _ballistics(target, attack, release, value):  # type: ignore[no-untyped-def]
    out = np.empty(target.shape[0], np.float32)
    for i in range(target.shape[0]):
        coefficient = attack if target[i] < value else release
        value = coefficient * value + (1.0 - coefficient) * target[i]
        out[i] = value
    return out, value


class GainFollower:
    """Smooths a curve of wanted gains in dB: falls with the attack time, rises with the release time."""

    def __init__(self, attack: float, release: float) -> None:
        self._attack, self._release = smoothing(attack), smoothing(release)
        self._value = 0.0

    def follow(self, target: Curve) -> Curve:
        """Return the smoothed gain in dB, one value a control period."""
        out, self._value = _ballistics(target, self._attack, self._release, self._value)
        return out  # type: ignore[no-any-return]


class Compressor:
    """A stereo-linked feed-forward compressor with an optional side-chain.

    Parameters
    ----------
    settings : see :class:`Compression`.
    power : False follows peaks, True the root mean square of a control period (for slow bus compression).
    """

    def __init__(self, settings: Compression, *, power: bool = False) -> None:
        self.settings = settings
        self._power = power
        self._follower = GainFollower(settings.attack, settings.release)
        self._before = 10 ** (settings.makeup / 20)

    def gains(self, key: Audio) -> Curve:
        """Return the gain in dB that ``key`` asks for, make-up included, one value a control period."""
        level = np.sqrt(mean_squares(key, CONTROL) / key.shape[1]) if self._power else peak_levels(key)
        return self._follower.follow(static_gain(decibel_curve(level), self.settings)) + np.float32(
            self.settings.makeup
        )

    def process(self, audio: Audio, key: Audio | None = None) -> Audio:
        """Compress ``audio`` in place by its own level or by that of ``key`` (the same length)."""
        curve = (10 ** (self.gains(audio if key is None else key) / 20)).astype(np.float32)
        self._before = apply_curve(audio, curve, self._before)
        return audio


class Expander:
    """Turns down what lies below a threshold: a gate when ``ratio`` is high.

    Parameters
    ----------
    threshold : dB; below it each dB of input becomes ``ratio`` dB of output.
    depth : largest reduction in dB, positive.
    """

    def __init__(
        self, threshold: float, ratio: float = 2.0, depth: float = 20.0, attack: float = 0.002, release: float = 0.12
    ) -> None:
        self._threshold, self._ratio, self._depth = threshold, ratio, depth
        self._follower = GainFollower(release, attack)  # here the gain rises to open and falls to close
        self._before = 1.0

    def process(self, audio: Audio) -> Audio:
        """Expand ``audio`` in place."""
        under = np.minimum(decibel_curve(peak_levels(audio)) - self._threshold, 0.0) * (self._ratio - 1)
        curve = self._follower.follow(np.maximum(under, -self._depth).astype(np.float32))
        self._before = apply_curve(audio, (10 ** (curve / 20)).astype(np.float32), self._before)
        return audio


class DeEsser:
    """Turns down the band above ``frequency`` Hz where it stands out against the whole voice.

    Parameters
    ----------
    ratio_level : level of the band against the whole, in dB, above which it is reduced.
    depth : largest reduction of the band in dB, positive.
    """

    def __init__(
        self, frequency: float = 5500.0, ratio_level: float = -5.0, depth: float = 7.0, channels: int = 1
    ) -> None:
        # A Linkwitz-Riley pair: both bands are in phase, so that turning one down does not comb the crossover.
        self._high = Filter([high_pass(frequency), high_pass(frequency)], channels)
        self._low = Filter([low_pass(frequency), low_pass(frequency)], channels)
        self._limit, self._depth = ratio_level, depth
        self._follower = GainFollower(0.001, 0.04)
        self._before = 1.0

    def process(self, audio: Audio) -> Audio:
        """Reduce sibilants of ``audio`` in place."""
        band = self._high.process(audio.copy())
        high, whole = decibel_curve(peak_levels(band)), decibel_curve(peak_levels(audio))
        over = np.where(whole > -60.0, np.maximum(high - whole - self._limit, 0.0), 0.0)
        cut = self._follower.follow(-np.minimum(over * 1.5, self._depth).astype(np.float32))
        self._before = apply_curve(band, (10 ** (cut / 20)).astype(np.float32), self._before)
        self._low.process(audio)
        audio += band
        return audio
