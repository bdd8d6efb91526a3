import numpy as np
import pytest

from descant.perform.voice import singer, voices
from descant.perform.voice.accents import spell_natively
from descant.perform.voice.errors import MissingProgramError, PronunciationError
from descant.perform.voice.phones import CLASS, is_vowel
from descant.perform.voice.sources import credits, espeak, mei, open_source, roads
from descant.perform.voice.sources.analysis import log_envelope, mel_cepstrum
from descant.perform.voice.sources.timbremap import TimbreMap, coordinates
from descant.perform.voice.spoken import LineText, SpokenLine, native_line_of
from descant.song.lyrics import Syllable, SyllableClass, Word
from descant.song.score import Phrase, Role, Score, SungNote, VocalPart
from descant.song.tempo import Metre, TempoChange
from descant.song.theory import Key
from descant.words.languages.ipa import PHONES
from descant.words.lyrics import parse

TIMBRES = ("hts:slt", "flite:rms", "flite:awb")
LINES = {
    "es": "El viento canta sobre las montañas",
    "fr": "Je garde ton nom tout au fond du cœur",
    "de": "Durch den Regen laufen kleine Füße",
    "ru": "Ветер поёт над высокой горою",
    "zh": "孩子们在雨中奔跑",
    "ja": "きゃべつを もって まちへ いった",
}
needs_espeak = pytest.mark.skipif(not espeak.is_installed(), reason="espeak-ng is not installed")
needs_mei = pytest.mark.skipif(not mei.is_installed(), reason="the Japanese voice is not installed")


def line_in(language: str) -> LineText:
    return native_line_of(parse(LINES[language], language=language).lines[0].words, language)


def level(line: SpokenLine, place: int) -> float:
    return float(line.cepstra[(line.starts[place] + line.stops[place]) // 2, 0])


@needs_espeak
@pytest.mark.parametrize("language", LINES)
def test_espeak_speaks_exactly_the_sounds_of_the_score(language: str) -> None:
    line = line_in(language)
    (spoken,) = espeak.speak_plainly([line])
    assert spoken.phones == line.phones
    assert np.all(spoken.stops > spoken.starts)
    assert np.all(np.diff(spoken.starts) >= 0)
    assert spoken.stops[-1] <= len(spoken.cepstra)
    assert np.all(np.isfinite(spoken.cepstra))


@needs_espeak
@pytest.mark.parametrize("timbre", TIMBRES)
def test_a_mapped_line_has_the_speakers_scale_and_no_sound_is_moved(timbre: str) -> None:
    line = line_in("es")
    (plain,) = espeak.speak_plainly([line])
    (mapped,) = open_source(f"espeak:{timbre}").speak([line])
    own = TimbreMap.load(timbre)
    assert (mapped.rate, mapped.alpha) == (own.rate, own.alpha)
    assert np.array_equal(mapped.starts, plain.starts)
    assert np.all(np.isfinite(mapped.cepstra))


@needs_espeak
def test_a_line_does_not_depend_on_those_spoken_with_it() -> None:
    alone = espeak.speak_plainly([line_in("fr")])[0]
    together = espeak.speak_plainly([line_in("es"), line_in("fr")])[1]
    assert np.array_equal(alone.cepstra, together.cepstra)


@needs_espeak
def test_stops_begin_with_their_closures_and_vowels_do_not_end_in_them() -> None:
    line = line_in("es")
    (spoken,) = espeak.speak_plainly([line])
    sounds = [sound for word in line.words for syllable in word for sound in syllable.native]
    for place, sound in enumerate(sounds):
        if sound in ("t", "k") and place and sounds[place - 1] in "aeo":
            end = spoken.stops[place - 1]
            assert spoken.cepstra[end - 2, 0] > spoken.cepstra[end + 3, 0]


def test_espeak_is_told_every_sound_that_languages_give() -> None:
    for language in espeak.languages():
        if language != "en":
            assert all(espeak.mnemonics(phone, language) for phone in PHONES if phone != "ʔ")


def test_a_sound_that_leads_nowhere_is_named() -> None:
    with pytest.raises(PronunciationError, match="'8'"):
        espeak.mnemonics("8", "fr")


@pytest.mark.parametrize("phone", sorted(PHONES - {"ʔ"}))
def test_every_sound_has_one_phone_of_its_own_that_is_timed_like_it(phone: str) -> None:
    spelling = spell_natively((phone, "a"), "xx")
    assert spelling.native[0] == phone
    assert all(name in CLASS for name in spelling.phones)
    assert len(spelling.native) == len(spelling.phones) == len(spelling.accents) == 2
    assert not any(accent.bent for accent in spelling.accents)


@needs_mei
def test_mei_speaks_the_sounds_of_the_score_with_their_morae() -> None:
    line = line_in("ja")
    (spoken,) = mei.speak_plainly([line])
    assert spoken.phones == line.phones
    assert np.all(spoken.stops > spoken.starts)
    vowels = [i for i, name in enumerate(spoken.phones) if is_vowel(name)]
    silence = float(spoken.cepstra[: spoken.starts[0], 0].min())
    assert all(level(spoken, place) > silence + 1 for place in vowels)


def test_a_glide_belongs_to_its_consonant_and_a_long_one_begins_shut() -> None:
    names = [unit.name for unit in mei.units(["k", "j", "a", "tː", "o"], 0)]
    assert names == ["ky", "a", "cl", "t", "o"]
    assert [unit.first for unit in mei.units(["k", "j", "a", "tː", "o"], 7)] == [7, 9, 10, 10, 11]


def test_labels_count_morae_from_both_ends_of_word_and_line() -> None:
    words = [mei.units(["h", "a", "ɾ", "ɯ"], 0), mei.units(["g", "a"], 4)]
    rows = mei.labels(words)
    assert len(rows) == 8
    assert rows[1].startswith("xx^sil-h+a=r/A:-1+1+2/")
    assert "/F:2_2#0_0@1_2|1_3/" in rows[1]
    assert "/F:1_1#0_0@2_1|3_1/" in rows[-2]
    assert rows[-2].endswith("/K:1+2-3")


def test_an_envelope_is_found_between_the_harmonics() -> None:
    rate, pitch, seconds = 22050, 80.0, 0.5
    times = np.arange(int(rate * seconds)) / rate
    peak = 1500.0
    sound = sum(
        np.exp(-0.5 * ((pitch * k - peak) / 300) ** 2) * np.cos(2 * np.pi * pitch * k * times) for k in range(1, 100)
    )
    envelope = log_envelope(np.asarray(sound, np.float32) * 0.05, rate, pitch, 80)[40]
    hertz = np.arange(envelope.size) * rate / 2 / (envelope.size - 1)
    assert abs(hertz[int(np.argmax(envelope))] - peak) < 60
    half = envelope[round(1800 / hertz[1])] - envelope.max()
    assert half == pytest.approx(-0.5, abs=0.15)


def test_mel_cepstra_of_another_scale_describe_the_same_spectrum() -> None:
    omega = np.linspace(0, np.pi, 513)
    envelope = np.cos(omega)[None] * 0.7 + 0.2 * np.cos(3 * omega)[None]
    line = SpokenLine(("aa",), np.array([0]), np.array([1]), mel_cepstrum(envelope, 40, 0.45), np.ones(1), 0.45, 22050)
    moved = coordinates(line, 0.42, 22050, 40)
    warped = omega + 2 * np.arctan2(0.42 * np.sin(omega), 1 - 0.42 * np.cos(omega))
    assert np.allclose(moved @ np.cos(np.arange(41)[:, None] * warped), envelope, atol=0.01)


def score_in(language: str, text: str) -> Score:
    words = parse(text, language=language).lines[0].words
    places = [(w, s) for w, word in enumerate(words) for s in range(len(word.syllables))]
    notes = tuple(SungNote(0.5 * n, 0.5, 64 + n % 3, w, s, 96) for n, (w, s) in enumerate(places))
    part = VocalPart("lead", Role.LEAD_VOCAL, "clara", (Phrase(text, words, notes, 0, language),))
    rest = {"sections": (), "chords": (), "parts": (), "vocals": (part,), "length": 8.0}
    return Score(title="t", tempo=(TempoChange(0, 100.0),), metre=Metre(), key=Key(0, "major"), **rest)


@pytest.mark.parametrize(("family", "language"), [("espeak", "es"), ("espeak", "zh"), ("mei", "ja")])
def test_a_line_is_sung_on_its_notes_by_the_source_that_speaks_its_language(
    family: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not {"espeak": espeak, "mei": mei}[family].is_installed():
        pytest.skip(f"{family} is not installed")
    monkeypatch.setattr(roads, "family_of", lambda code: family)
    score = score_in(language, LINES[language])
    part = score.vocals[0]
    sung = singer.render(part, score, 1, 0, 3 * 48_000)
    assert np.array_equal(sung, singer.render(part, score, 1, 0, 3 * 48_000))
    assert np.array_equal(sung[48_000:96_000], singer.render(part, score, 1, 48_000, 96_000))
    assert 0.02 < float(np.sqrt(np.mean(sung**2))) < 0.3
    starts = [time.start for time in singer.word_times(part, score)]
    assert starts == sorted(starts)


def test_without_its_program_a_language_is_sung_with_an_accent_and_the_profile_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(roads, "_roads", lambda: roads._Roads({"fr": "espeak"}))
    monkeypatch.setitem(roads._INSTALLED, "espeak", lambda: False)
    words = (Word("la", "la", (Syllable("la", ("l", "a"), SyllableClass.CONTENT, 1),)),)
    assert roads.road("hts:slt", "fr") == "hts:slt"
    assert roads.text_of(words, "fr", "hts:slt").language == ""
    assert roads.speakers() == ((), (("fr", "espeak-ng"),))
    monkeypatch.setitem(roads._INSTALLED, "espeak", lambda: True)
    assert roads.road("hts:slt", "fr") == "espeak:hts:slt"
    assert roads.road("hts:slt", "en") == "hts:slt"
    assert roads.text_of(words, "fr", "hts:slt").words[0][0].native == ("l", "a")


def test_a_missing_program_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak.ctypes.util, "find_library", lambda name: None)
    with pytest.raises(MissingProgramError, match="apt install espeak-ng"):
        open_source("espeak:hts:slt").speak([line_in("es")])


def test_every_credit_names_a_licence_and_who_is_to_be_named() -> None:
    known = credits.credits_of_sources()
    assert {credit.name for credit in known} >= {"slt", "flite", "espeak-ng", "Mei"}
    assert all(credit.licence and credit.attribution and credit.comes_with for credit in known)


def test_every_voice_can_be_given_every_language_that_has_a_source() -> None:
    for profile in voices.profiles():
        source = voices.load(profile.name).source
        assert TimbreMap.load(source).weights.shape[0] == 4
        assert TimbreMap.load(f"mei:mei_{source.partition(':')[2]}").rate == mei.RATE
