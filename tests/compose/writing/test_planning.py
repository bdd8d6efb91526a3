import itertools

import msgspec
import pytest

from descant.compose.errors import CannotWrite
from descant.compose.planning import make_plan
from descant.song.brief import Brief
from descant.song.lyrics import Lyrics, SectionKind
from descant.song.tempo import Metre
from descant.song.theory import Key
from descant.song.wish import Mood, Wish

POP = Wish(genres=(("pop", 1.0),))


def wish(**changes):
    return msgspec.structs.replace(POP, **changes)


def test_the_tempo_and_key_asked_for_are_kept_exactly(song_lyrics, voices):
    plan = make_plan(Brief(seed=1), song_lyrics, wish(bpm=133.0, key=Key(2, "minor")), voices)
    assert plan.bpm == 133.0
    assert plan.key == Key(2, "minor")


def test_without_a_wish_the_tempo_lies_in_the_style(song_lyrics, voices):
    tempi = {make_plan(Brief(seed=seed), song_lyrics, POP, voices).bpm for seed in range(12)}
    assert len(tempi) > 4
    assert all(92 <= bpm <= 126 for bpm in tempi)


def test_two_seeds_are_two_takes(song_lyrics, voices):
    first, second = (make_plan(Brief(seed=seed), song_lyrics, POP, voices) for seed in (3, 4))
    assert (first.bpm, first.key) != (second.bpm, second.key)
    assert [s.progression for s in first.sections] != [s.progression for s in second.sections]


def test_equal_briefs_give_equal_plans(song_lyrics, voices):
    first, second = (make_plan(Brief(seed=9), song_lyrics, POP, voices) for _ in range(2))
    assert msgspec.json.encode(first) == msgspec.json.encode(second)


def test_every_lyric_section_is_in_the_plan_in_order(song_lyrics, voices):
    plan = make_plan(Brief(seed=5), song_lyrics, POP, voices)
    assert tuple(s.lyrics for s in plan.sections if s.lyrics) == song_lyrics.sections


def test_the_last_chorus_is_the_peak_and_neighbours_differ(song_lyrics, voices):
    for seed in range(6):
        plan = make_plan(Brief(seed=seed), song_lyrics, POP, voices)
        energies = [s.energy for s in plan.sections]
        last = max(i for i, s in enumerate(plan.sections) if s.kind is SectionKind.CHORUS)
        assert energies[last] == max(energies)
        assert all(abs(a - b) > 0.03 for a, b in itertools.pairwise(energies))


def test_verse_and_chorus_have_their_own_progressions(song_lyrics, voices):
    for seed in range(6):
        sections = make_plan(Brief(seed=seed), song_lyrics, POP, voices).sections
        by_kind = {s.kind: s.progression for s in sections}
        assert by_kind[SectionKind.VERSE] != by_kind[SectionKind.CHORUS]


def test_a_genre_without_a_style_is_written_as_its_nearest_and_says_so(song_lyrics, voices):
    plan = make_plan(Brief(seed=1), song_lyrics, Wish(genres=(("zorp rock", 1.0),)), voices)
    assert plan.genres[0][0] == "rock"
    assert any("zorp rock" in note for note in plan.notes)


def test_instruments_asked_for_play_and_excluded_ones_do_not(song_lyrics, voices):
    plan = make_plan(
        Brief(seed=2),
        song_lyrics,
        wish(instruments=(("acoustic guitar", ""), ("strings", "")), excluded=("piano", "drums")),
        voices,
    )
    assert "acoustic_guitar" in plan.instruments.values()
    assert plan.instruments["strings"] == "strings"
    assert "drums" not in plan.instruments
    assert not {"grand_piano", "electric_piano"} & set(plan.instruments.values())


def test_a_piano_is_an_acoustic_one_unless_an_electric_one_is_asked_for(song_lyrics, voices):
    for word, fits in (("piano", {"grand_piano", "upright_piano"}), ("electric piano", {"electric_piano"})):
        asked = wish(genres=(("ballad", 1.0),), instruments=((word, ""),))
        assert {make_plan(Brief(seed=s), song_lyrics, asked, voices).instruments["comp"] for s in range(16)} <= fits
    refused = wish(genres=(("ballad", 1.0),), excluded=("piano",))
    assert all(
        "piano" not in preset
        for s in range(8)
        for preset in make_plan(Brief(seed=s), song_lyrics, refused, voices).instruments.values()
    )


def test_an_unknown_instrument_is_reported(song_lyrics, voices):
    plan = make_plan(Brief(seed=2), song_lyrics, wish(instruments=(("theremin", ""),)), voices)
    assert any("theremin" in note for note in plan.notes)


@pytest.mark.parametrize(("gender", "names"), [("f", {"clara", "vera"}), ("m", {"jonas", "ewan"})])
def test_the_voice_has_the_gender_asked_for(song_lyrics, voices, gender, names):
    plan = make_plan(Brief(seed=3, vocal_gender=gender), song_lyrics, POP, voices)
    assert plan.voice in names
    assert plan.backing_voice in names - {plan.voice}


def test_voice_words_choose_among_voices(song_lyrics, voices):
    plans = [
        make_plan(Brief(seed=s, vocal_gender="f"), song_lyrics, wish(voice=("breathy",)), voices) for s in range(5)
    ]
    assert {plan.voice for plan in plans} == {"vera"}


def test_a_sung_song_without_voices_is_refused(song_lyrics):
    with pytest.raises(CannotWrite, match="voice"):
        make_plan(Brief(seed=1), song_lyrics, POP, ())


def test_instrumental_songs_follow_a_form_of_the_style_without_a_voice():
    plan = make_plan(Brief(seed=1, instrumental=True), Lyrics(()), POP, ())
    assert plan.voice == ""
    assert SectionKind.CHORUS in {s.kind for s in plan.sections}
    assert all(s.lyrics is None for s in plan.sections)


def test_a_short_limit_drops_instrumental_bars_and_no_words(song_lyrics, voices):
    free = make_plan(Brief(seed=6), song_lyrics, POP, voices)
    short = make_plan(Brief(seed=6, max_seconds=120), song_lyrics, POP, voices)
    length = sum(s.bars for s in short.sections) * short.metre.bar_length * 60 / short.bpm
    assert length <= 120 < sum(s.bars for s in free.sections) * free.metre.bar_length * 60 / free.bpm
    assert tuple(s.lyrics for s in short.sections if s.lyrics) == song_lyrics.sections
    assert short.notes


def test_a_tempo_asked_for_is_kept_even_when_the_song_gets_too_long(song_lyrics, voices):
    plan = make_plan(Brief(seed=6, max_seconds=60), song_lyrics, wish(bpm=80.0), voices)
    assert plan.bpm == 80.0
    assert any("longer" in note for note in plan.notes)


def test_a_longer_wish_adds_instrumental_sections(song_lyrics, voices):
    plan = make_plan(Brief(seed=6), song_lyrics, wish(seconds=200.0, bpm=100.0), voices)
    length = sum(s.bars for s in plan.sections) * 2.4
    assert 160 <= length <= 206


def test_sad_moods_turn_to_minor_and_slow_down(song_lyrics, voices):
    sad = Mood(tempo_percent=-15, minor=0.45)
    plans = [make_plan(Brief(seed=s), song_lyrics, wish(mood=sad), voices) for s in range(12)]
    plain = [make_plan(Brief(seed=s), song_lyrics, POP, voices) for s in range(12)]
    assert sum(p.key.is_minor for p in plans) > sum(p.key.is_minor for p in plain)
    assert sum(p.bpm for p in plans) < sum(p.bpm for p in plain)


def test_the_metre_asked_for_is_kept(song_lyrics, voices):
    assert make_plan(Brief(seed=1), song_lyrics, wish(metre=Metre(3, 4)), voices).metre == Metre(3, 4)
