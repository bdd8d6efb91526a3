"""What tags between the lines ask for, from the words to the notes."""

import pytest

from descant.compose.band.feel import DOUBLE, HALF, held_steps, struck_steps
from descant.compose.planning import make_plan
from descant.compose.writing import write_score
from descant.perform.voice.voices import profiles
from descant.song.brief import Brief
from descant.song.lyrics import SectionKind
from descant.song.score import Role, Score, Section
from descant.song.wish import Wish
from descant.words import lyrics

VERSE = (
    "We took the long way home again\nThe river was running high with rain\nYou counted the lights along the shore\n"
)
CHORUS = "Hold on to the glow\nHold on, don't let go\nEverywhere we go\nHold on to the glow\n"
SNARES, KICKS = (37, 38, 39, 40), (35, 36)


def song(text: str, style: str = "pop", **wish: object) -> Score:
    asked = Wish(genres=((style, 1.0),), **wish)
    return write_score(make_plan(Brief(seed=3), lyrics.parse(text), asked, profiles()))


def section(score: Score, kind: SectionKind, nth: int = 0) -> Section:
    return [s for s in score.sections if s.kind is kind][nth]


def places(score: Score, of: Section, role: Role, pitches: tuple[int, ...] = (), loud: int = 0) -> list[float]:
    """Beats of the bar of a part's notes in a section."""
    bar = score.metre.bar_length
    stop = of.start + of.bars * bar
    return [
        round((n.start - of.start) % bar, 2)
        for part in score.parts
        if part.role is role
        for n in part.notes
        if of.start <= n.start < stop - 0.01 and n.velocity > loud and (not pitches or n.pitch in pitches)
    ]


def test_half_time_spreads_a_bar_over_two():
    backbeat = "....X.......X..."
    assert struck_steps(backbeat, 16, 0, HALF) == "........X......."
    assert struck_steps(backbeat, 16, 1, HALF) == "........X......."
    assert held_steps("R=..r=======....", 16, 0, HALF) == "R===....r======="


def test_double_time_holds_two_bars_in_one():
    assert struck_steps("X...X...X...X...", 16, 0, DOUBLE) == "X.X.X.X.X.X.X.X."
    assert held_steps("R=r=R=r=R=r=R=r=", 16, 0, DOUBLE) == "R=r=R=r=R=r=R=r="


def test_a_half_time_chorus_has_its_backbeat_on_the_third_beat_and_calmer_players():
    plain, half = (song(f"[Verse]\n{VERSE}[Chorus{tag}]\n{CHORUS}[Verse]\n{VERSE}") for tag in ("", ": half-time"))
    first, second = section(plain, SectionKind.CHORUS), section(half, SectionKind.CHORUS)
    assert {1.0, 3.0} <= set(places(plain, first, Role.DRUMS, SNARES, 90))
    backbeats = places(half, second, Role.DRUMS, SNARES, 90)
    assert backbeats.count(2.0) > backbeats.count(1.0)
    assert len(places(half, second, Role.BASS)) < 0.7 * len(places(plain, first, Role.BASS))


def test_half_time_asked_of_the_song_reaches_every_section():
    half = song(f"[Verse]\n{VERSE}[Chorus]\n{CHORUS}", production=("half-time",))
    assert 2.0 in places(half, section(half, SectionKind.VERSE), Role.DRUMS, SNARES, 80)


def test_words_are_over_before_a_song_fades():
    score = song(f"[Verse]\n{VERSE}[Chorus]\n{CHORUS}[Fade Out]")
    assert score.fade is not None
    last = max(n.start + n.duration for v in score.vocals for p in v.phrases for n in p.notes)
    assert last <= score.fade.start


def test_a_stop_silences_the_band_before_the_next_section():
    score = song(f"[Verse]\n{VERSE}[Stop]\n[Chorus]\n{CHORUS}")
    verse = section(score, SectionKind.VERSE)
    bar = score.metre.bar_length
    start = verse.start + (verse.bars - 1) * bar
    sounding = [
        n for p in score.parts if p.role is Role.DRUMS for n in p.notes if start <= n.start < start + bar - 0.01
    ]
    assert sounding == []


def test_nobody_drums_under_speech():
    score = song(f"[Verse]\n{VERSE}[Bridge: spoken]\n{VERSE}[Chorus]\n{CHORUS}")
    spoken = [p for v in score.vocals for p in v.phrases if p.delivery == "spoken"]
    bar = score.metre.bar_length
    bars = {int(n.start // bar) for p in spoken for n in p.notes}
    drummed = {int(n.start // bar) for part in score.parts if part.role is Role.DRUMS for n in part.notes}
    assert bars
    assert not bars & drummed


def test_a_song_can_fade_in():
    score = song(f"[Fade In]\n[Intro]\n[Verse]\n{VERSE}[Chorus]\n{CHORUS}")
    bar = score.metre.bar_length
    means = []
    for place in (0, score.sections[0].bars - 1):
        heard = [n.velocity for p in score.parts for n in p.notes if place * bar <= n.start < (place + 1) * bar - 0.01]
        means.append(sum(heard) / len(heard))
    assert means[0] < 0.6 * means[1]


@pytest.mark.parametrize(("tag", "preset"), [("Sax Solo", "tenor_sax"), ("Violin Solo", "violin")])
def test_a_solo_is_played_by_the_instrument_its_tag_names(tag, preset):
    score = song(f"[Verse]\n{VERSE}[{tag}]\n[Chorus]\n{CHORUS}")
    solo = section(score, SectionKind.SOLO)
    stop = solo.start + solo.bars * score.metre.bar_length
    players = {p.instrument for p in score.parts for n in p.notes if solo.start <= n.start < stop}
    assert preset in players


@pytest.mark.parametrize(
    ("word", "preset"), [("saxophone", "tenor_sax"), ("harp", "harp"), ("banjo", "banjo"), ("accordion", "accordion")]
)
def test_an_instrument_asked_for_by_name_plays(word, preset):
    score = song(f"[Verse]\n{VERSE}[Chorus]\n{CHORUS}", instruments=((word, ""),))
    assert preset in {part.instrument for part in score.parts}
