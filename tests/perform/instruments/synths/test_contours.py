import numpy as np
import pytest

from descant.perform.instruments.synths import contours
from descant.perform.instruments.synths.patch import Envelope, Lfo

AT = contours.times(6000)


def level(shape, held):
    values = contours.envelope(AT, shape, held)
    return lambda seconds: float(np.interp(seconds, AT, values))


def test_an_envelope_keeps_its_times():
    at = level(Envelope(attack=0.1, hold=0.05, decay=0.5, sustain=0.25, release=0.4), 2.0)
    assert at(0.05) == pytest.approx(0.5, abs=0.01)
    assert at(0.12) == pytest.approx(1.0, abs=0.001)
    assert at(0.15 + 0.5) == pytest.approx(0.25 + 0.75e-3, abs=1e-4)
    assert at(1.99) == pytest.approx(0.25, abs=1e-4)
    assert at(2.4) == pytest.approx(0.25e-3, rel=0.02)


def test_a_note_let_go_during_its_attack_falls_from_where_it_was():
    at = level(Envelope(attack=0.4, release=0.3), 0.2)
    assert at(0.2) == pytest.approx(0.5, abs=0.01)
    assert at(0.5) == pytest.approx(0.5e-3, rel=0.03)


@pytest.mark.parametrize("shape", [Envelope(decay=0.7, sustain=0.0), Envelope(release=0.3)])
def test_a_sound_ends_when_it_is_no_longer_heard(shape):
    end = contours.ending(shape, 1.5)
    assert level(shape, 1.5)(end) == pytest.approx(10 ** (-contours.INAUDIBLE / 20), rel=0.1)


def test_a_slow_oscillator_waits_fades_in_and_turns_at_its_rate():
    value = contours.lfo(AT, Lfo(rate=4.0, delay=0.5, fade=1.0), 0.0)
    assert not value[AT < 0.5].any()
    assert np.abs(value[(AT > 0.9) & (AT < 1.1)]).max() == pytest.approx(0.55, abs=0.06)
    rising = AT[1:][(value[:-1] < 0) & (value[1:] >= 0)]
    assert np.diff(rising[3:]) == pytest.approx(0.25, abs=0.002)


def test_a_triangle_begins_at_rest_and_rises():
    value = contours.lfo(AT, Lfo(rate=1.0, wave="triangle"), 0.0)
    assert [value[round(t * 1000)] for t in (0, 0.25, 0.5, 0.75)] == pytest.approx([0, 1, 0, -1], abs=1e-9)


def test_a_journey_lasts_as_long_as_the_note():
    value = contours.travel(AT, (-12.0, 12.0), 3.0)
    assert value[[0, 1500, 3000, 4000]] == pytest.approx([-12.0, 0.0, 12.0, 12.0])


def test_an_impossible_envelope_is_refused():
    with pytest.raises(ValueError, match="sustain"):
        Envelope(sustain=1.5)
