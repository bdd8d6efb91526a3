import numpy as np
from tests.perform.voice.conftest import phrase, score_of, word

from descant.perform.voice import singer, timing, voices
from descant.perform.voice.phones import is_vowel
from descant.song.score import Phrase, Score, SungNote


def laid_out(score: Score) -> tuple[timing.PhraseTiming, tuple[str, ...]]:
    part = score.vocals[0]
    line = singer._spoken(list(part.phrases), voices.load(part.voice), None)[0]
    return timing.lay_out(timing.sung_syllables(part.phrases[0], score), line), line.phones


def test_vowels_begin_exactly_on_their_notes() -> None:
    score = score_of(phrase("follow the silver street", [60] * 6, length=0.5))
    laid, phones = laid_out(score)
    starts = [span.start for span in laid.spans if is_vowel(phones[span.phone])]
    due = [score.performed(note)[0] for note in score.vocals[0].phrases[0].notes]
    assert np.allclose(starts, due)


def test_every_phone_sounds_once_in_order_without_overlap() -> None:
    laid, phones = laid_out(score_of(phrase("follow the silver street", [60] * 6, length=0.5)))
    assert [span.phone for span in laid.spans] == list(range(len(phones)))
    for before, after in zip(laid.spans, laid.spans[1:], strict=False):
        assert before.start < before.stop <= after.start + 1e-9


def test_a_note_of_100_ms_keeps_its_vowel() -> None:
    score = score_of(phrase("silver street silver street", [60] * 6, length=0.25), bpm=150)
    laid, phones = laid_out(score)
    lengths = [span.stop - span.start for span in laid.spans if is_vowel(phones[span.phone])]
    assert min(lengths) >= 0.04


def test_a_melisma_is_one_vowel_over_its_notes() -> None:
    notes = (SungNote(0, 1, 60, 0, 0), SungNote(1, 1, 62, 0, 0), SungNote(2, 1, 64, 0, 0))
    score = score_of(Phrase("rain", (word("rain"),), notes, 0))
    laid, phones = laid_out(score)
    vowels = [span for span in laid.spans if is_vowel(phones[span.phone])]
    assert len(vowels) == 1
    assert vowels[0].stop > score.seconds(2.7)


def test_a_rest_inside_a_phrase_is_kept_silent() -> None:
    notes = (SungNote(0, 1, 60, 0, 0), SungNote(3, 1, 62, 1, 0))
    score = score_of(Phrase("rain home", (word("rain"), word("home")), notes, 0))
    laid, _ = laid_out(score)
    ((start, stop),) = laid.rests
    assert score.seconds(0.9) < start < score.seconds(1.3)
    assert score.seconds(2.5) < stop < score.seconds(3)
    sound = singer.render(score.vocals[0], score, 1, int((start + 0.05) * 48000), int((stop - 0.02) * 48000))
    assert np.abs(sound).max() < 1e-3


def test_a_syllable_without_a_note_is_still_sung() -> None:
    notes = (SungNote(0, 2, 60, 0, 0),)
    laid, phones = laid_out(score_of(Phrase("silver", (word("silver"),), notes, 0)))
    assert {span.phone for span in laid.spans} == set(range(len(phones)))
