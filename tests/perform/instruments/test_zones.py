import pytest

from descant.perform.instruments.zones import Generator


def program(studio, zones, **changes):
    sample = studio.Sample(studio.sine(440, 0.05))
    return studio.bank([sample, sample], [studio.Program(zones, **changes)])


def test_a_zone_overrides_the_global_zone_and_the_preset_adds(studio):
    common = studio.Settings([(Generator.PAN, 100), (Generator.ATTENUATION, 50)])
    zone = studio.Settings([(Generator.PAN, -200), (Generator.SAMPLE, 0)])
    bank = program(
        studio,
        [common, zone],
        preset_zone=studio.Settings([(Generator.PAN, 30)]),
        preset_common=studio.Settings([(Generator.PAN, 7), (Generator.FINE_TUNE, 5)]),
    )
    (only,) = bank.zones(0, 0)
    assert only.generators[Generator.PAN] == -200 + 30
    assert only.generators[Generator.ATTENUATION] == 50
    assert only.generators[Generator.FINE_TUNE] == 5
    assert only.generators[Generator.SCALE_TUNING] == 100


def test_ranges_of_preset_and_instrument_narrow_each_other(studio):
    low = studio.Settings([(Generator.KEY_RANGE, 0 | 59 << 8), (Generator.SAMPLE, 0)])
    high = studio.Settings(
        [(Generator.KEY_RANGE, 60 | 127 << 8), (Generator.VELOCITY_RANGE, 64 | 127 << 8), (Generator.SAMPLE, 1)]
    )
    bank = program(studio, [low, high], preset_zone=studio.Settings([(Generator.KEY_RANGE, 48 | 72 << 8)]))
    zones = bank.zones(0, 0)
    assert [zone.keys for zone in zones] == [(48, 59), (60, 72)]
    assert [zone.sample.index for zone in zones if zone.answers(65, 100)] == [1]
    assert not [zone for zone in zones if zone.answers(65, 40)]
    assert not [zone for zone in zones if zone.answers(80, 100)]


def test_a_modulator_replaces_the_default_and_a_presets_is_added(studio):
    velocity_to_level = 0x0502
    zone = studio.Settings([(Generator.SAMPLE, 0)], [(velocity_to_level, Generator.ATTENUATION, 100, 0, 0)])
    added = studio.Settings([], [(velocity_to_level, Generator.ATTENUATION, 40, 0, 0)])
    (only,) = program(studio, [zone], preset_zone=added).zones(0, 0)
    assert sorted(modulator.amount for modulator in only.modulators) == [40, 100]


def test_a_preset_that_is_not_there_is_a_key_error(studio):
    with pytest.raises(KeyError, match="3:4"):
        program(studio, [studio.Settings([(Generator.SAMPLE, 0)])]).zones(3, 4)
