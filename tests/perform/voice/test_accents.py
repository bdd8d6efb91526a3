import numpy as np
import pytest
import pyworld
from tests.perform.voice.conftest import score_of

from descant.perform.voice import singer, timing, voices
from descant.perform.voice.accents import PLAIN, Accent, bending, spell
from descant.perform.voice.envelope import BINS, HERTZ
from descant.perform.voice.errors import PronunciationError
from descant.perform.voice.phones import CLASS, is_vowel
from descant.perform.voice.spoken import SpokenLine, line_of
from descant.song.lyrics import Syllable, SyllableClass, Word
from descant.song.score import Phrase, Score, SungNote
from descant.words.languages.ipa import PHONES

RATE = 48_000
SOURCES = ("hts:slt", "flite:rms", "flite:awb")
LINES = {
    "fr": "l y n|d ɑ̃ s|p ø",
    "ru": "rʲ i|k a|ʂ ɨ",
    "ja": "k a|ɴ̩|ɾ ɯ",
    "zh": "tɕʰ y ɛ n|x ɤ|ʂ a ŋ",
    "hi": "bʱ a|ʈ u|ɲ o",
}


def foreign(language: str, spelled: str, centre: int) -> Phrase:
    syllables = [Syllable(s, tuple(s.split()), SyllableClass.CONTENT, 1) for s in spelled.split("|")]
    words = tuple(Word(s.text, s.text, (s,)) for s in syllables)
    notes = tuple(SungNote(1.5 * n, 1.5, centre + (0, 2, -3)[n], n, 0, 100) for n in range(len(words)))
    return Phrase(spelled, words, notes, 0, language)


def sung(score: Score) -> np.ndarray:
    return singer.render(score.vocals[0], score, 1, 0, 4 * RATE)


@pytest.mark.parametrize("source", SOURCES)
def test_every_sound_that_languages_give_can_be_sung_and_every_syllable_has_one_carrier(source: str) -> None:
    for phone in sorted(PHONES):
        spelling = spell((phone,), "xx", source)
        assert len(spelling.phones) == len(spelling.accents)
        assert all(name in CLASS for name in spelling.phones)
        assert 0 <= spelling.nucleus < len(spelling.phones)


def test_marks_on_a_symbol_are_read() -> None:
    assert spell(("tʲ", "o"), "ru", "hts:slt").phones[:2] == ("t", "y")
    assert spell(("bʱ", "a"), "hi", "hts:slt").phones[:2] == ("b", "hh")
    assert spell(("ɔ̃",), "fr", "hts:slt").phones[1:] == ("ng",)
    long, short = (spell((p, "a"), "it", "hts:slt").accents[0] for p in ("tː", "t"))
    assert long.stretch > short.stretch


def test_a_vowel_that_glides_does_not_carry_the_note() -> None:
    spelling = spell(("e̯", "a"), "es", "hts:slt")
    assert spelling.nucleus == 1
    assert all(is_vowel(name) for name in spelling.phones)


def test_a_syllabic_nasal_carries_its_note_without_a_vowel() -> None:
    spelling = spell(("ɴ̩",), "ja", "hts:slt")
    assert spelling.phones == ("ng",)
    assert spelling.nucleus == 0


def test_english_is_sung_as_its_sources_say_it() -> None:
    spelling = spell(("s", "ih", "l"), "en", "hts:slt")
    assert spelling.phones == ("s", "ih", "l")
    assert set(spelling.accents) == {PLAIN}


def test_an_unknown_sound_is_named() -> None:
    with pytest.raises(PronunciationError, match="'8'"):
        spell(("8",), "fr", "hts:slt")


def test_the_same_line_has_the_same_places_in_every_source() -> None:
    phrase = foreign("fr", LINES["fr"], 60)
    lines = [line_of(phrase.words, "fr", source) for source in SOURCES]
    assert len({len(line.phones) for line in lines}) == 1
    assert len({tuple(s.nucleus for word in line.words for s in word) for line in lines}) == 1


def test_a_bend_moves_a_formant_where_it_is_wanted() -> None:
    peak = np.exp(-0.5 * ((HERTZ - 2000) / 120) ** 2).astype(np.float32)
    spectrum = np.tile(peak, (40, 1))
    flat = np.zeros((40, 5), np.float32)
    line = SpokenLine(("iy",), np.array([0]), np.array([40]), flat, np.zeros(40, np.float32), 0.45, 32000)
    accent = Accent(formants=((300.0, 300.0), (1500.0, 2000.0), (2400.0, 2900.0)))
    bending.bend(spectrum, np.zeros(40, np.intp), [accent], line, 1.0)
    assert spectrum.shape == (40, BINS)
    assert HERTZ[np.argmax(spectrum[20])] == pytest.approx(1500, abs=60)


def test_french_u_has_a_lower_second_formant_than_i_and_a_higher_one_than_ou() -> None:
    centre = voices.load("clara").range.centre
    means = {}
    for vowel in ("i", "y", "u"):
        score = score_of(foreign("fr", f"s {vowel}|s {vowel}|s {vowel}", centre))
        held = sung(score)[int(0.7 * RATE) : int(1.1 * RATE), 0]
        power = np.abs(np.fft.rfft(held * np.hanning(held.size))) ** 2
        hertz = np.fft.rfftfreq(held.size, 1 / RATE)
        band = (hertz > 700) & (hertz < 3500)
        means[vowel] = float((hertz * power)[band].sum() / power[band].sum())
    assert means["u"] + 300 < means["y"] < means["i"] - 150


def test_a_trilled_r_is_broken_and_a_plain_one_is_not() -> None:
    def softest(phone: str) -> float:
        score = score_of(foreign("xx", f"a|{phone} a|a", 60))
        words = score.vocals[0].phrases[0].words
        line = _spoken_line(score)
        notes = timing.sung_syllables(score.vocals[0].phrases[0], score)
        span = next(s for s in timing.lay_out(notes, line, line_of(words, "xx").accents).spans if s.phone == 1)
        sound = np.abs(sung(score)[int(span.start * RATE) : int(span.stop * RATE), 0])
        smooth = np.convolve(sound, np.ones(480) / 480, "valid")
        return float(smooth.min() / smooth.max())

    assert softest("r") < 0.6 * softest("ɹ")


def _spoken_line(score: Score) -> SpokenLine:
    return singer._spoken(list(score.vocals[0].phrases), voices.load(score.vocals[0].voice), None)[0]


@pytest.mark.parametrize("language", sorted(LINES))
def test_other_languages_are_sung_in_tune_and_at_their_level(language: str) -> None:
    for voice in ("clara", "jonas"):
        centre = voices.load(voice).range.centre
        score = score_of(foreign(language, LINES[language], centre), voice=voice)
        sound = sung(score)[:, 0].astype(np.float64)[::2].copy()
        pitch, times = pyworld.dio(sound, RATE // 2, f0_floor=60, f0_ceil=900)
        pitch = pyworld.stonemask(sound, pitch, times, RATE // 2)
        for note in score.vocals[0].phrases[0].notes:
            start, stop = score.performed(note)
            inside = (times > start + 0.15) & (times < stop - 0.25) & (pitch > 0)
            cents = 1200 * np.log2(pitch[inside] / 440) + 6900 - 100 * note.pitch
            assert abs(np.median(cents)) < 12, (voice, note)
            part = sound[int((start + 0.15) * RATE / 2) : int((stop - 0.25) * RATE / 2)]
            assert -36 < 10 * np.log10(np.mean(part**2) + 1e-20) < -14, (voice, note)


@pytest.mark.parametrize("language", sorted(LINES))
def test_words_of_other_languages_start_with_their_notes(language: str) -> None:
    score = score_of(foreign(language, LINES[language], 62))
    times = singer.word_times(score.vocals[0], score)
    for time, note in zip(times, score.vocals[0].phrases[0].notes, strict=True):
        start, _ = score.performed(note)
        assert start - 0.35 < time.start <= start + 1e-6


@pytest.mark.parametrize("voice", ["ines", "rhea"])
def test_a_vowel_cut_short_by_a_cluster_is_on_its_note(voice: str) -> None:
    """In "Расцветали" hisses take half of the first note: what stands there has no pitch, the vowel before it has."""
    centre = voices.load(voice).range.centre
    syllables = [Syllable(s, tuple(s.split()), SyllableClass.CONTENT, 1) for s in ("r ɐ", "s ts vʲ ɪ", "t a", "lʲ ɪ")]
    notes = tuple(SungNote(0.75 * n, 0.75, centre + (0, 2, 4, 5)[n], 0, n, 100) for n in range(4))
    score = score_of(
        Phrase("Расцветали", (Word("Расцветали", "расцветали", tuple(syllables)),), notes, 0, "ru"), voice=voice
    )
    part, line = score.vocals[0], _spoken_line(score)
    sound = sung(score)[:, 0].astype(np.float64)[::2].copy()
    pitch, times = pyworld.harvest(sound, RATE // 2, f0_floor=60, f0_ceil=1100)
    laid = timing.lay_out(timing.sung_syllables(part.phrases[0], score), line)
    vowels = {span.phone: span for span in laid.spans}
    for syllable, note in zip(laid.syllables, notes, strict=True):
        span = vowels[syllable.vowel]
        inside = (times > span.start + 0.06) & (times < span.stop - 0.03) & (pitch > 0)
        assert np.count_nonzero(inside) >= 8
        assert abs(np.median(1200 * np.log2(pitch[inside] / 440) + 6900 - 100 * note.pitch)) < 12


def test_scots_vowels_are_moved_to_american_ones_in_english_alone_where_a_source_has_them() -> None:
    moved = spell(("hh", "ae", "n", "d"), "en", "flite:awb").accents
    assert [accent.bent for accent in moved] == [False, True, False, False]
    assert not any(accent.bent for accent in spell(("hh", "ae", "n", "d"), "en", "flite:rms").accents)
