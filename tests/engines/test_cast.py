"""What one room names, the other rooms have: styles name instruments, kits, mixes and genres; tags name voices."""

import pytest

from descant.compose import styles
from descant.mix import profile
from descant.perform.instruments import presets
from descant.words import vocabulary


@pytest.mark.parametrize("name", styles.names())
def test_a_styles_instruments_and_mix_exist(name: str) -> None:
    style = styles.load(name)
    wanted = {preset for options in style.writing.instruments.values() for preset, _ in options if preset}
    assert wanted <= set(presets.names())
    assert style.mix in profile.names()


def test_every_style_is_a_genre_people_can_ask_for() -> None:
    assert {name.replace("_", "-") for name in styles.names()} <= set(vocabulary.genre_names())
