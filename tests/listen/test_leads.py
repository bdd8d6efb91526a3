"""What the lead network sees: as many inputs as it has, and what stands in the middle apart from the sides."""

import numpy as np

from descant.listen import leads, networks
from descant.listen.posteriors import LOWEST

from . import sounds


def _views() -> leads.Views:
    middle = sounds.placed([(0.2, sounds.tone(67, 1.0, vibrato=0.2))], 1.5)
    beside = sounds.placed([(0.2, sounds.tone(48, 1.0))], 1.5, side=0.0)
    return leads.views(middle + beside)


def test_the_network_has_as_many_inputs_as_are_made() -> None:
    rows = leads.Inputs(_views())(10, 14)
    assert rows.shape == (4 * leads.KEYS, len(networks.load("lead_network").mean))
    assert np.isfinite(rows).all()


def test_inputs_of_a_stretch_are_those_of_the_whole() -> None:
    inputs = leads.Inputs(_views())
    assert (inputs(0, 60)[20 * leads.KEYS : 24 * leads.KEYS] == inputs(20, 24)).all()


def test_what_stands_at_one_side_is_louder_between_the_sides_than_what_stands_in_the_middle() -> None:
    seen = _views()
    inside = slice(30, 90)
    level, side = (view[inside].mean(axis=0) for view in (seen.level, seen.side))
    assert side[48 - LOWEST] > side[67 - LOWEST] + 1.0
    assert level[67 - LOWEST] > side[67 - LOWEST] + 1.0


def test_nothing_sounds_in_silence() -> None:
    assert not leads.views(np.zeros((24_000, 2), np.float32)).sounding.any()
