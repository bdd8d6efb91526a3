"""Side-chains: what the kick and the lead vocal do to everything that stands in their way."""

import numpy as np

from descant.mix.dynamics import GainFollower
from descant.mix.levels import Audio, Curve, decibel_curve, peak_levels


def usual_hit(kick: Audio) -> float:
    """Return the amplitude of the usual hit of a kick (samples, channels)."""
    level = peak_levels(kick)
    loud = level[level > level.max() * 0.25]
    return float(np.median(loud)) if len(loud) else 1.0


def kick_activity(kick: Audio, usual: float) -> Curve:
    """Return 0–1 a control period: how hard the kick (samples, channels) is sounding, 1 for its ``usual`` hit."""
    return np.asarray(np.clip(peak_levels(kick) / max(usual, 1e-9), 0.0, 1.0), np.float32)


def loud_syllables(vocal: Audio) -> float:
    """Return the level in dB that the loud syllables of a vocal (samples, 2) reach."""
    level = decibel_curve(peak_levels(vocal))
    sounding = level[level > level.max() - 40]
    return float(np.percentile(sounding, 85)) if len(sounding) else 0.0


def vocal_activity(vocal: Audio, loud: float) -> Curve:
    """Return 0–1 a control period: whether the lead sings, from 28 to 14 dB under its ``loud`` syllables."""
    level = decibel_curve(peak_levels(vocal))
    return np.asarray(np.clip((level - (loud - 28)) / 14, 0.0, 1.0), np.float32)


class Ducker:
    """Lowers by ``depth`` dB while active: activity in stretches, 0–1 at control rate, to gains; times in seconds."""

    def __init__(self, depth: float, attack: float, release: float) -> None:
        self._depth, self._follower = depth, GainFollower(attack, release)

    def decibels(self, activity: Curve) -> Curve:
        """Return the gain in dB for the next stretch of activity."""
        return self._follower.follow((-self._depth * activity).astype(np.float32))

    def gains(self, activity: Curve) -> Curve:
        """Return the amplitude factors for the next stretch of activity."""
        return np.asarray(10 ** (self.decibels(activity) / 20), np.float32)
