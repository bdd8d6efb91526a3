"""Beats lie between frames where the heights about them say, and on a line where they are near one."""

import numpy as np
import pytest

from descant.listen import beats


@pytest.mark.parametrize("at", [40.0, 40.25, 40.5, 39.7])
def test_a_beat_between_frames_is_found_between_them(at: float) -> None:
    likely = np.maximum(0, 1 - np.abs(np.arange(80) - at) / 1.6)
    assert beats.exact(likely, np.array([40])) == pytest.approx(at, abs=0.16)


def test_beats_near_a_line_are_put_on_it_and_swaying_ones_are_not() -> None:
    scatter = np.random.default_rng(1).normal(0, 0.004, 60)
    line = 0.5 + 0.6 * np.arange(60)
    assert np.abs(beats.straightened(line + scatter) - line).max() < 0.003
    swaying = line + 0.05 * np.sin(np.arange(60) / 5)
    assert np.array_equal(beats.straightened(swaying), swaying)
