"""What somebody who knows a genre would look for in its notes first."""

from collections import Counter
from itertools import pairwise

import pytest

from descant.compose import styles
from descant.compose.planning import make_plan
from descant.compose.styles.notation import DRUM_KEYS, clean
from descant.compose.writing import write_score
from descant.song.brief import Brief
from descant.song.lyrics import Lyrics, SectionKind
from descant.song.score import Role
from descant.song.wish import Wish


def written(name, seed=2, **wishes):
    wish = Wish(genres=((name, 1.0),), instrumental=True, **wishes)
    return write_score(make_plan(Brief(seed=seed, instrumental=True), Lyrics(sections=()), wish, ()))


def part(score, role):
    return next(part for part in score.parts if part.role is role)


def steps(score, pitch, kinds, role=Role.DRUMS):
    """Return how often a drum is struck on each sixteenth of the bars of some kinds of section."""
    bar = score.metre.bar_length
    spans = [(s.start, s.start + s.bars * bar) for s in score.sections if s.kind in kinds]
    struck = [n for n in part(score, role).notes if n.pitch == pitch and any(a <= n.start < b for a, b in spans)]
    return Counter(round((n.start % bar) * 4) for n in struck), sum(round((b - a) / bar) for a, b in spans)


NEW = (
    "afrobeat",
    "bedroom_pop",
    "bollywood",
    "deep_house",
    "drill",
    "dub",
    "flamenco",
    "grunge",
    "honky_tonk",
    "j_pop",
    "k_pop",
    "klezmer",
    "mandopop",
    "march",
    "metalcore",
    "musical_theatre",
    "rap_rock",
    "samba",
    "trip_hop",
)


@pytest.mark.parametrize("name", NEW)
def test_a_style_brings_enough_of_its_own_not_to_tire(name):
    text = (styles.FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    for table, least in (("grooves", 4), ("fills", 3), ("bass", 3)):
        assert text.count(f"[[band.{table}]]") >= least, table
    assert "[[band.percussion]]" in text or "percussion" not in styles.load(name).writing.instruments
    assert text.count("[[band.keys]]") + text.count("[[band.guitars]]") >= 3
    band = styles.load(name).band
    assert all(fill.steps <= 16 for fill in band.fills), "a longer fill is never played"


def test_the_surdo_of_a_samba_answers_on_the_second_beat():
    score = written("samba")
    low, bars = steps(score, DRUM_KEYS["surdo"], (SectionKind.VERSE, SectionKind.CHORUS))
    damped, _ = steps(score, DRUM_KEYS["surdo_mute"], (SectionKind.VERSE, SectionKind.CHORUS))
    assert low[4] > 0.8 * bars
    assert low[12] > 0.8 * bars
    assert damped[0] > 0.8 * bars
    assert low[0] == 0


def test_a_dub_verse_drops_on_three_and_leaves_a_bar_out():
    grooves = styles.load("dub").band.grooves
    one_drops = [g for g in grooves if clean(g.lanes["kick"])[8] == "X" and clean(g.lanes["kick"])[0] == "."]
    assert len(one_drops) >= 3
    assert any("." * 15 in clean(g.lanes["snare"])[-16:] for g in grooves if "snare" in g.lanes)
    assert styles.load("dub").mix == "dub"


def test_the_clap_of_a_drill_falls_on_three_and_then_late_on_four():
    score = written("drill")
    claps, bars = steps(score, DRUM_KEYS["clap"], (SectionKind.VERSE,))
    assert claps[8] == pytest.approx(bars / 2, abs=2)
    assert claps[12] == pytest.approx(bars / 2, abs=3)
    assert claps[4] == 0
    hats, _ = steps(score, DRUM_KEYS["hat"], (SectionKind.VERSE,))
    assert min(hats[0], hats[3], hats[6]) > 0.7 * bars


def test_the_bass_of_a_drill_slides():
    notes = part(written("drill"), Role.BASS).notes
    slid = [a for a, b in pairwise(notes) if a.start + a.duration > b.start + 0.1]
    assert len(slid) > 0.1 * len(notes)


def test_the_breakdown_of_a_metalcore_song_is_at_half_the_speed():
    score = written("metalcore")
    assert any(s.kind is SectionKind.BREAK for s in score.sections)
    snare, bars = steps(score, DRUM_KEYS["snare"], (SectionKind.BREAK,))
    assert snare[8] > 0.5 * bars
    assert snare[4] <= 0.25 * bars


@pytest.mark.parametrize("name", ["klezmer", "flamenco"])
def test_a_theme_in_freygish_has_its_augmented_second(name):
    degrees = Counter()
    for seed in (1, 2, 4):
        score = written(name, seed=seed, mode="phrygian dominant")
        assert score.key.mode == "phrygian dominant"
        assert score.chords[-1].chord.root == score.key.tonic
        theme = next(p for p in reversed(score.parts) if "lead" in p.name)
        degrees.update((n.pitch - score.key.tonic) % 12 for n in theme.notes)
    share = {degree: degrees[degree] / sum(degrees.values()) for degree in (1, 2, 4)}
    assert share[1] > 0.03
    assert share[4] > 0.06
    assert share[2] < 0.02, "a plain second would make it major"


def test_the_hands_of_a_buleria_mark_twelve_three_six_eight_and_ten():
    band = styles.load("flamenco").band
    for groove in (p for p in band.percussion if p.metre == "6/8"):
        clapped = clean(groove.lanes["clap"])
        assert [i // 2 for i, c in enumerate(clapped) if c == "X"] == [0, 3, 6, 8, 10]


def test_the_tuba_of_a_march_walks_on_the_beat_and_the_horns_after_it():
    score = written("march", seed=1)
    tuba = next(p for p in score.parts if p.instrument == "tuba")
    horns = next(p for p in score.parts if p.instrument == "french_horns")
    assert sum(n.start % 1 == 0 for n in tuba.notes) > 0.8 * len(tuba.notes)
    assert sum(n.start % 1 == 0.5 for n in horns.notes) > 0.7 * len(horns.notes)


def test_a_grunge_song_keeps_its_distortion_for_the_chorus():
    score = written("grunge", seed=1)
    loud = [p for p in score.parts if p.role is Role.GUITAR and ("left" in p.name or "right" in p.name)]
    bar = score.metre.bar_length
    assert loud
    for section in (s for s in score.sections if s.kind is SectionKind.VERSE):
        stop = section.start + section.bars * bar
        assert not any(section.start + 0.1 < n.start < stop - bar for p in loud for n in p.notes)


def test_an_instrument_that_the_style_seats_is_not_seated_twice_when_asked_for():
    plan = make_plan(
        Brief(seed=4, instrumental=True),
        Lyrics(sections=()),
        Wish(genres=(("klezmer", 1.0),), instrumental=True, instruments=(("accordion", ""), ("clarinet", ""))),
        (),
    )
    assert [layer for layer, preset in plan.instruments.items() if preset == "accordion"] == ["comp"]
    assert "clarinet" in plan.instruments.values()
