"""How notes come in and are held, on a recording and on a synthesizer alike."""

import msgspec
import numpy as np
import pytest

from descant.perform.instruments import player
from descant.perform.instruments.synths.patch import Oscillator, Patch

RATE = 48_000
HERTZ = 440.0


@pytest.fixture(params=["recording", "synthesizer"])
def heard(request, studio):
    """Play a note of two seconds; return how far off its pitch is, in cents a period, and the periods' times."""
    bank = studio.simple(studio.sine(HERTZ, 1.0), loop=(0, RATE))
    if request.param == "synthesizer":
        studio.preset(layers=(), synth=Patch(oscillators=(Oscillator(wave="sine"),)))
    key = 60 if request.param == "recording" else 69

    def heard(**expression: float):
        part, score = studio.score((0.0, 2.0, key, 100))
        notes = tuple(msgspec.structs.replace(note, **expression) for note in part.notes)
        start = round(score.lead_in * RATE)
        made = player.render(msgspec.structs.replace(part, notes=notes), score, bank, 1, start, start + 2 * RATE)
        wave = made.sum(1).astype(np.float64)
        at = np.flatnonzero((wave[:-1] < 0) & (wave[1:] >= 0))
        crossings = (at + wave[at] / (wave[at] - wave[at + 1])) / RATE
        return 1200 * np.log2(1 / np.diff(crossings) / HERTZ), crossings[1:]

    return heard


def test_a_plain_note_begins_and_stays_on_its_pitch(heard):
    cents, _ = heard()
    assert np.abs(cents).max() < 2


def test_a_scoop_begins_below_and_comes_home(heard):
    cents, times = heard(scoop=150.0)
    assert cents[0] == pytest.approx(-150 * 10 ** (-3 * times[0] / 0.15), abs=15)
    assert np.all(np.diff(cents[times < 0.1]) > -1)
    assert np.abs(cents[times > 0.15]).max() < 2


def test_vibrato_sets_in_after_a_while_and_is_as_deep_as_written(heard):
    cents, times = heard(vibrato=20.0)
    assert np.abs(cents[times < 0.2]).max() < 2
    late = cents[times > 0.8]
    assert (late.max() - late.min()) / 2 == pytest.approx(20, abs=2)
    turns = np.flatnonzero((late[:-1] < 0) & (late[1:] >= 0))
    rate = (len(turns) - 1) / np.ptp(times[times > 0.8][turns])
    assert rate == pytest.approx(5.2, abs=0.3)
