import pytest

from descant.mix import profile
from descant.song.score import Part, Role

KIT = Part("kit", Role.DRUMS, "standard_kit", ())


@pytest.mark.parametrize("name", profile.names())
def test_every_profile_loads_and_gives_every_role_a_strip(name):
    settings = profile.load(name)
    for role in Role:
        assert settings.stem(role).room in settings.rooms
    assert settings.bus.ceiling <= -1.5
    assert -18 <= settings.bus.loudness <= -14


def test_the_profiles_the_styles_name_are_there():
    assert {"pop", "ballad", "rock"} <= set(profile.names())


def test_a_profile_says_only_what_differs_from_its_base():
    pop, ballad = profile.load("pop"), profile.load("ballad")
    assert ballad.stem(Role.LEAD_VOCAL).low_cut == pop.stem(Role.LEAD_VOCAL).low_cut
    assert ballad.rooms["hall"].decay > pop.rooms["hall"].decay
    assert ballad.rooms["hall"].pre_delay == pop.rooms["hall"].pre_delay


def test_instrument_and_piece_override_the_role():
    settings = profile.load("pop")
    guitar = Part("guitar", Role.GUITAR, "distorted_guitar", ())
    assert settings.strip(guitar).amp
    assert not settings.stem(Role.GUITAR).amp
    assert settings.strip(KIT, "hats").low_cut > settings.strip(KIT, "kick").low_cut


def test_an_unknown_profile_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"jazz.*metal.*pop"):
        profile.load("polka")
