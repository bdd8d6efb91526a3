"""Form: sections begin where the music changes, and alike ones have one label."""

from itertools import pairwise

import numpy as np

from descant.listen import form

BAR = 2.0


def _sections(plan: str, bars: int = 8) -> list[tuple[float, str]]:
    rng = np.random.default_rng(3)
    kinds = {kind: rng.normal(0, 1, 20) for kind in sorted(set(plan))}
    rows = np.array([kinds[kind] + 0.15 * rng.normal(0, 1, 20) for kind in plan for _ in range(bars)])
    lines = np.arange(len(rows) + 1) * BAR
    found = form.sections(rows - rows.mean(axis=0), lines)
    assert found[0].start == 0.0
    assert found[-1].stop == lines[-1]
    assert all(left.stop == right.start for left, right in pairwise(found))
    return [(section.start, section.label) for section in found]


def test_sections_begin_where_the_music_changes() -> None:
    assert [start for start, _ in _sections("ABCB")] == [0.0, 16.0, 32.0, 48.0]


def test_sections_that_sound_alike_have_one_label() -> None:
    labels = [label for _, label in _sections("ABAB")]
    assert labels == ["A", "B", "A", "B"]


def test_music_of_a_bar_is_one_section() -> None:
    assert form.sections(np.zeros((1, 4)), np.array([0.0, 2.0]))[0].label == "A"
