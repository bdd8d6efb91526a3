import pytest

from descant.mix import profile, variation


@pytest.mark.parametrize("name", profile.names())
def test_variations_change_a_mix_a_little_and_never_its_loudness(name):
    plain = profile.load(name)
    for change in variation.names():
        varied = profile.load(f"{name}:{change}")
        assert varied != plain
        assert (varied.bus.loudness, varied.bus.ceiling) == (plain.bus.loudness, plain.bus.ceiling)
        assert abs(varied.riding.loud - plain.riding.loud) <= 1.5
        assert 0.8 <= varied.space.wide / plain.space.wide <= 1.25
        at_8k = [dict(p.bus.balance).get(8000.0) for p in (plain, varied)]
        if None not in at_8k:
            assert abs(at_8k[1] - at_8k[0]) <= 2.0


def test_brightness_tilts_the_spectrum_about_one_kilohertz():
    plain, bright = (dict(p.bus.balance) for p in (profile.load("pop"), profile.load("pop:open")))
    assert bright[1000.0] == pytest.approx(plain[1000.0])
    assert bright[4000.0] - plain[4000.0] == pytest.approx(1.0)
    assert bright[63.0] < plain[63.0]


def test_unknown_variations_are_named():
    with pytest.raises(ValueError, match="'loud'; there are"):
        profile.load("pop:loud")
