"""Words: where they are sung, in the order they are written."""

import numpy as np
import pytest

from descant.listen.aligning import align, evidence, spoken
from descant.listen.phones import ARPABET, arpabet
from descant.words.languages import ipa
from descant.words.lyrics import parse

from . import sounds


@pytest.mark.parametrize("phone", sorted(ipa.PHONES))
def test_every_sound_of_every_language_has_a_phone_of_the_aligner(phone: str) -> None:
    assert set(arpabet((phone,), "fr")) <= ARPABET


def _burst(seconds: float, seed: int) -> np.ndarray:
    return 2.0 * sounds.noise(seconds, seed) * np.hanning(round(seconds * sounds.RATE))


def test_words_come_in_order_without_overlaps_and_within_the_recording() -> None:
    recording = sounds.placed([(0.5 + i, sounds.tone(57, 0.7, harmonics=30)) for i in range(4)], 5.0)
    found = align(recording, parse("[Verse]\nla me\nno ra (hey)", title="", language="en"))
    assert [word.text for word in found] == ["la", "me", "no", "ra", "hey"]
    assert [(word.section, word.line) for word in found] == [(0, 0), (0, 0), (0, 1), (0, 1), (0, 1)]
    times = [time for word in found for time in (word.start, word.stop)]
    assert times == sorted(times)
    assert 0.0 <= times[0] < times[-1] <= 5.0
    assert 0.0 < evidence(found).confidence <= 1.0


def test_a_hissed_word_is_found_where_it_is_hissed() -> None:
    recording = sounds.placed([(1.0, _burst(0.25, 1)), (1.2, sounds.tone(57, 0.5, harmonics=30))], 3.0)
    found = align(recording, parse("[Verse]\nsea", title="", language="en"))
    assert abs(found[0].start - 1.0) < 0.3


def test_words_sung_as_one_are_told_one_by_one() -> None:
    lyrics = parse("[Verse]\nlo que el viento", title="", language="es")
    assert [word.text for word in spoken(lyrics)] == ["lo", "que el", "viento"]
    found = align(sounds.placed([(0.3, sounds.tone(57, 2.0, harmonics=30))], 3.0), lyrics)
    assert [word.text for word in found] == ["lo", "que", "el", "viento"]
    assert [word.start for word in found[1:]] == [word.stop for word in found[:-1]]


def test_more_words_than_there_is_time_for_are_not_timed() -> None:
    lyrics = parse("[Verse]\n" + "many words " * 40, title="", language="en")
    assert align(np.zeros((24_000, 2), np.float32), lyrics) == ()
