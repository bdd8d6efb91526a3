from collections import Counter

import pytest

from descant.compose import metrics, oddities
from descant.compose.planning import make_plan
from descant.compose.writing import write_score
from descant.song.brief import Brief
from descant.song.lyrics import Lyrics, SectionKind
from descant.song.tempo import Metre
from descant.song.wish import Wish


def plan_of(lyrics, voices, seed, weirdness, style_weight=0.5, **wish):
    brief = Brief(seed=seed, weirdness=weirdness, style_weight=style_weight)
    return make_plan(brief, lyrics, Wish(genres=(("rock", 1.0),), **wish), voices)


def test_an_ordinary_song_has_nothing_odd():
    for seed in range(40):
        assert oddities.draw(seed, 0.3, 0.5) == oddities.Oddities()


def test_weird_songs_are_odd_in_many_ways_and_say_so(song_lyrics, voices):
    seen = Counter()
    for seed in range(40):
        plan = plan_of(song_lyrics, voices, seed, 1.0)
        said = [note for note in plan.notes if note.startswith("weirdness")]
        assert any("phrases" in note for note in said) == bool(plan.odd_phrases)
        assert any(f"in {plan.metre.beats}/" in note for note in said) == (plan.metre != Metre(4, 4))
        seen.update({"metre": plan.metre != Metre(4, 4), "phrases": bool(plan.odd_phrases), "said": bool(said)})
    assert seen["metre"] >= 4
    assert seen["phrases"] >= 10
    assert seen["said"] >= 20


def test_phrases_of_odd_lengths_are_sung_whole(song_lyrics, voices):
    plan = next(p for p in (plan_of(song_lyrics, voices, seed, 1.0) for seed in range(40)) if p.odd_phrases)
    verse = next(s for s in plan.sections if s.kind is plan.odd_phrases[0])
    assert verse.bars % 4
    values = metrics.evaluate(write_score(plan))
    assert values["missing syllables"] == values["overlaps"] == 0


def test_a_metre_asked_for_is_kept_however_weird_the_song(song_lyrics, voices):
    assert all(plan_of(song_lyrics, voices, s, 1.0, metre=Metre(3, 4)).metre == Metre(3, 4) for s in range(20))


def test_a_heavy_style_keeps_strangers_out_of_the_band(song_lyrics, voices):
    for seed in range(20):
        assert not any("outside" in note for note in plan_of(song_lyrics, voices, seed, 1.0, 1.0).notes)


def test_an_instrument_asked_for_is_not_replaced_by_an_odd_one(song_lyrics, voices):
    for seed in range(20):
        plan = plan_of(song_lyrics, voices, seed, 1.0, instruments=(("organ", ""),))
        assert any("organ" in preset for preset in plan.instruments.values())


@pytest.mark.parametrize(
    ("oddity", "form"),
    [("chorus first", "I C V C B C"), ("no chorus", "I V V B V"), ("through-composed", "I V C B N"), ("", "I V C B C")],
)
def test_forms_are_made_strange(oddity, form):
    assert oddities.strange_form("I V C B C", oddity) == form


def test_instrumentals_may_have_strange_forms():
    forms = {
        tuple(section.kind for section in plan_of(Lyrics(()), (), seed, 1.0, instrumental=True).sections)
        for seed in range(20)
    }
    assert any(SectionKind.CHORUS not in kinds for kinds in forms)
    assert any(SectionKind.CHORUS in kinds[:2] for kinds in forms)


def test_a_light_style_leans_on_plain_pop_and_a_heavy_one_on_itself(song_lyrics, voices):
    weights = [dict(plan_of(song_lyrics, voices, 1, 0.3, weight).genres) for weight in (0.0, 0.5, 1.0)]
    assert weights[0]["pop"] > 0.3
    assert weights[1] == {"rock": 1.0}
    two = oddities.weighed((("rock", 0.6), ("pop", 0.4)), 1.0, "pop")
    assert dict(two)["rock"] > 0.6


def test_the_heavier_the_style_the_nearer_its_likeliest_tempo(song_lyrics, voices):
    def spread(weight):
        tempi = [plan_of(song_lyrics, voices, seed, 0.3, weight).bpm for seed in range(20)]
        return max(tempi) - min(tempi)

    assert spread(1.0) < spread(0.5)
