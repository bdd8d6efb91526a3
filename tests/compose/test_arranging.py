import measures
import pytest
import sketches

from descant.compose import styles
from descant.compose.arranging import arrange
from descant.compose.band.instruments import instrument
from descant.song.lyrics import SectionKind
from descant.song.score import Role
from descant.song.tempo import Metre

STYLES = ("pop", "ballad", "rock")
SEEDS = (1, 2, 3)


def song(style, seed=1, **changes):
    centre = changes.pop("centre", 66)
    ending = changes.pop("ending", "ring")
    sung = changes.pop("sung", True)
    plan = sketches.plan(style, seed, **changes)
    sketch = sketches.sketch(plan, centre=centre, ending=ending, sung=sung)
    return sketch, arrange(plan, styles.load(style), sketch)


def part_of(parts, role):
    return next(part for part in parts if part.role is role)


@pytest.fixture(
    params=[(style, seed) for style in STYLES for seed in SEEDS], ids=lambda p: f"{p[0]}-{p[1]}", scope="module"
)
def arranged(request):
    return song(*request.param)


def test_equal_plans_give_equal_parts_and_other_seeds_other_ones():
    assert song("pop", 5)[1] == song("pop", 5)[1]
    assert song("pop", 5)[1] != song("pop", 6)[1]


def test_notes_rise_stay_in_range_and_never_overlap_themselves(arranged):
    _, parts = arranged
    for part in parts:
        assert list(part.notes) == sorted(part.notes, key=lambda n: (n.start, n.pitch))
        known = instrument(part.instrument, "")
        ends = {}
        for note in part.notes:
            assert known.low <= note.pitch <= known.high
            assert 1 <= note.velocity <= 127
            assert note.duration > 0
            if part.role not in measures.UNPITCHED:
                assert note.start >= ends.get(note.pitch, -1.0) - 1e-6
            ends[note.pitch] = note.start + note.duration


def test_part_names_are_unique(arranged):
    names = [part.name for part in arranged[1]]
    assert len(names) == len(set(names))


def test_the_chorus_is_bigger_than_the_verse_and_the_last_the_biggest(arranged):
    events = measures.events_per_bar(*arranged)
    verses = [n for kind, n in events if kind is SectionKind.VERSE]
    choruses = [n for kind, n in events if kind is SectionKind.CHORUS]
    assert sum(choruses) / len(choruses) >= 1.15 * sum(verses) / len(verses)
    assert choruses[-1] == max(choruses)


def test_no_two_low_notes_sound_closer_than_a_fourth(arranged):
    assert measures.low_interval_violations(arranged[1]) == 0


def test_the_accompaniment_stays_under_a_high_voice(arranged):
    sketch, parts = arranged
    chordal = (Role.KEYBOARD, Role.GUITAR, Role.SYNTH)
    lead = {"synth pluck", "distorted guitar"}  # answers in the gaps, above the voice
    share = measures.share_above_voice(sketch, parts, lambda p: p.role in chordal and p.name not in lead)
    assert share <= 0.15


def test_the_bass_is_locked_to_the_kick(arranged):
    sketch, parts = arranged
    assert measures.bass_on_kick(parts, sketch.metre.bar_length) >= 0.7


def test_grooves_are_steady_but_never_frozen(arranged):
    sketch, parts = arranged
    assert 0.80 <= measures.groove_consistency(part_of(parts, Role.DRUMS), sketch.metre.bar_length) <= 0.97


def test_drums_have_accents_and_ghost_notes(arranged):
    drums = part_of(arranged[1], Role.DRUMS)
    velocities = [note.velocity for note in drums.notes]
    mean = sum(velocities) / len(velocities)
    assert (sum((v - mean) ** 2 for v in velocities) / len(velocities)) ** 0.5 >= 12
    snares = [note.velocity for note in drums.notes if note.pitch == 38]
    assert 0.05 <= sum(v < 55 for v in snares) / len(snares) <= 0.6


def test_layers_change_at_every_section_start(arranged):
    sketch, parts = arranged
    bar = sketch.metre.bar_length
    for section in sketch.sections[1:-1]:
        before = {p.name for p in parts if measures.notes_between([p], section.start - bar, section.start)}
        after = {p.name for p in parts if measures.notes_between([p], section.start, section.start + bar)}
        grooves = [
            {(n.pitch, round(n.start % bar * 4)) for p in parts for n in p.notes if s <= n.start < s + bar}
            for s in (section.start - bar, section.start)
        ]
        assert before != after or grooves[0] != grooves[1]


def test_a_layer_without_an_instrument_is_silent():
    instruments = {"drums": "standard_kit", "bass": "", "comp": "grand_piano"}
    _, parts = song("pop", instruments=instruments)
    assert {part.role for part in parts} == {Role.DRUMS, Role.KEYBOARD}


def test_a_lone_distorted_guitar_is_doubled_left_and_right_with_other_shapes_and_timing():
    _, parts = song("rock", instruments={"drums": "power_kit", "bass": "picked_bass", "comp": "distorted_guitar"})
    left, right = (next(p for p in parts if p.name == f"distorted guitar {side}") for side in ("left", "right"))
    assert {n.start for n in left.notes} & {n.start for n in right.notes}
    assert {n.pitch for n in left.notes} != {n.pitch for n in right.notes}
    assert [n.shift for n in left.notes][:50] != [n.shift for n in right.notes][:50]


def test_the_hook_is_quoted_where_the_intro_has_no_theme_of_its_own():
    plan = sketches.plan("pop", 4)
    sketch = sketches.sketch(plan)
    bare = type(sketch)(**{f: getattr(sketch, f) for f in sketch.__struct_fields__ if f != "themes"}, themes=((),) * 10)
    parts = arrange(plan, styles.load("pop"), bare)
    lead = next(p for p in parts if p.instrument == "synth_pluck")
    quoted = [n.pitch % 12 for n in lead.notes if n.start < 8.0]
    assert quoted == [n.pitch % 12 for n in bare.hook]


def test_the_lead_never_plays_while_the_voice_sings(arranged):
    sketch, parts = arranged
    lead = [p for p in parts if p.name in ("synth pluck", "flute", "distorted guitar")]
    spans = [(n.start, n.start + n.duration) for n in sketch.lead_notes]
    for part in lead:
        for note in part.notes:
            assert not any(start < note.start + note.duration - 1e-6 and note.start < stop for start, stop in spans)


@pytest.mark.parametrize("ending", ["ring", "ritardando"])
def test_a_ringing_end_is_one_held_chord_with_crash_and_kick(ending):
    sketch, parts = song("ballad", ending=ending)
    last = sketch.length - sketch.metre.bar_length
    drums = [n.pitch for p in parts if p.role is Role.DRUMS for n in p.notes if n.start >= last]
    assert set(drums) <= {36, 49}
    for part in parts:
        for note in part.notes:
            if note.start >= last and part.role not in measures.UNPITCHED:
                assert note.start == last
                assert note.start + note.duration >= sketch.length - 0.3


def test_a_hard_stop_leaves_the_last_bar_empty_after_its_first_beat():
    sketch, parts = song("rock", ending="stop")
    last = sketch.length - sketch.metre.bar_length
    for part in parts:
        assert all(n.start + n.duration <= last + 1.0 for n in part.notes if n.start >= last)


@pytest.mark.parametrize("metre", [Metre(3, 4), Metre(6, 8), Metre(12, 8), Metre(5, 4), Metre(2, 4), Metre(7, 8)])
@pytest.mark.parametrize("style", STYLES)
def test_every_metre_is_played_inside_its_bars(style, metre):
    sketch, parts = song(style, metre=metre)
    assert {p.role for p in parts} >= {Role.DRUMS, Role.BASS}
    assert max(n.start for p in parts for n in p.notes) < sketch.length
    assert measures.low_interval_violations(parts) == 0


def test_swing_moves_performed_time_and_not_notated_time():
    _, straight = song("pop")
    _, swung = song("pop", swing=0.6)
    pairs = [(a, b) for p, q in zip(straight, swung, strict=True) for a, b in zip(p.notes, q.notes, strict=True)]
    assert all(a.start == b.start for a, b in pairs)
    off = [b.shift - a.shift for a, b in pairs if abs(a.start % 0.5 - 0.25) < 1e-6]
    assert off
    assert min(off) == pytest.approx(0.2 * 0.25 * 0.6, abs=1e-4)  # beats late × seconds a beat
    assert all(b.shift == a.shift for a, b in pairs if a.start % 0.5 == 0)


def test_a_low_voice_and_an_instrumental_song_are_arranged_too():
    for changes in ({"centre": 54}, {"sung": False}):
        _, parts = song("pop", **changes)
        assert {p.role for p in parts} >= {Role.DRUMS, Role.BASS, Role.KEYBOARD}
        assert measures.low_interval_violations(parts) == 0


def test_an_a_cappella_section_is_left_to_the_voice():
    sketch, parts = song("pop", directives={7: ("a cappella",)})
    bridge = sketch.sections[7]
    stop = bridge.start + bridge.bars * 4.0
    sounding = [p for p in parts if p.name != "synth pluck" and measures.notes_between([p], bridge.start, stop)]
    assert not sounding
