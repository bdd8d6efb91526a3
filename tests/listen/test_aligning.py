"""Words: where they are sung, in the order they are written."""

import tracemalloc
from itertools import pairwise

import numpy as np
import pytest

from descant.listen import acoustics, wordpaths
from descant.listen.aligning import align, evidence, spoken
from descant.listen.phones import ARPABET, arpabet
from descant.listen.pitch import PitchTrack
from descant.listen.posteriors import FRAMES_PER_SECOND
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
    assert found[1].stop == found[2].start
    assert all(word.stop <= after.start for word, after in pairwise(found))


def test_more_words_than_there_is_time_for_are_not_timed() -> None:
    lyrics = parse("[Verse]\n" + "many words " * 40, title="", language="en")
    assert align(np.zeros((24_000, 2), np.float32), lyrics) == ()


def test_words_are_not_laid_over_a_long_stretch_without_them() -> None:
    sung = sounds.placed([(6.0, _burst(0.25, 1)), (6.2, sounds.tone(57, 0.6, harmonics=30))], 9.0)
    found = align(sung, parse("[Verse]\nsea", title="", language="en"))
    assert abs(found[0].start - 6.0) < 0.4


def test_where_no_lead_is_heard_words_are_not_looked_for() -> None:
    twice = [(t, sound) for t in (1.0, 6.0) for sound in (_burst(0.25, 1),)]
    twice += [(t + 0.2, sounds.tone(57, 0.6, harmonics=30)) for t in (1.0, 6.0)]
    recording = sounds.placed(twice, 9.0)
    frames = round(9.0 * FRAMES_PER_SECOND)
    for begin in (1.0, 6.0):
        certainty = np.zeros(frames)
        certainty[round(begin * FRAMES_PER_SECOND) : round((begin + 0.8) * FRAMES_PER_SECOND)] = 0.9
        lead = PitchTrack(np.full(frames, 57.0), certainty, np.full(frames, -20.0))
        found = align(recording, parse("[Verse]\nsea", title="", language="en"), lead)
        assert abs(found[0].start - begin) < 0.4, begin


def test_scores_of_many_words_in_a_long_recording_are_held_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acoustics, "STEP", 128)
    held = []
    likeliest = wordpaths.likeliest

    def watched(scores: np.ndarray, graph: wordpaths.Graph) -> np.ndarray:
        held.append(scores.nbytes)
        return likeliest(scores, graph)

    monkeypatch.setattr(wordpaths, "likeliest", watched)
    sung = "blue stones fall under many bright windows while children chase old trumpets down every narrow garden path"
    recording = sounds.placed([(1.0, sounds.tone(57, 30.0, harmonics=30))], 40.0)
    lyrics = parse(f"[Verse]\n{sung}", title="", language="en")
    align(recording[:96_000], lyrics)
    tracemalloc.start()
    try:
        assert align(recording, lyrics)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2 * held[-1] + recording.nbytes
