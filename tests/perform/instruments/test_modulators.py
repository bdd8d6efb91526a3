import math

import pytest

from descant.perform.instruments.modulators import DEFAULT_MODULATORS, Modulator, offsets

ATTENUATION, CUTOFF, FINE_TUNE = 48, 8, 52


@pytest.mark.parametrize("velocity", [127, 100, 64, 30, 1])
def test_velocity_lowers_the_level_by_forty_decibels_a_decade(velocity):
    centibels = offsets(DEFAULT_MODULATORS, 60, velocity)[ATTENUATION]
    assert centibels / 10 == pytest.approx(40 * math.log10(128 / velocity), abs=1e-9)


def test_linear_sources_run_from_nought_to_one_or_from_minus_one():
    upwards, downwards, both_ways = (Modulator(source, FINE_TUNE, 128) for source in (0x0003, 0x0103, 0x0203))
    assert offsets([upwards], 32, 100)[FINE_TUNE] == 32
    assert offsets([downwards], 32, 100)[FINE_TUNE] == 96
    assert offsets([both_ways], 32, 100)[FINE_TUNE] == -64


@pytest.mark.parametrize(("velocity", "share"), [(63, 1.0), (64, 0.0)])
def test_a_falling_switch_opens_at_the_middle(velocity, share):
    modulator = Modulator(0x0000, CUTOFF, -2400, amount_source=0x0D02)
    assert offsets([modulator], 60, velocity).get(CUTOFF, 0.0) == share * -2400


def test_a_controller_at_rest_moves_nothing():
    wheel, breath, pan = Modulator(0x0081, 6, 50), Modulator(0x0082, CUTOFF, 4000), Modulator(0x028A, 17, 500)
    assert set(offsets([wheel, breath, pan], 60, 100).values()) == {0.0}


def test_narrowed_dynamics_touch_loudness_only():
    brightness = Modulator(0x0102, CUTOFF, -1280)
    moved = offsets([*DEFAULT_MODULATORS, brightness], 60, 64, level_velocity=128)
    assert moved[ATTENUATION] == 0
    assert moved[CUTOFF] == -640
