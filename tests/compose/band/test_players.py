"""Comping, guitars, strings, lead and dynamics, heard alone."""

from itertools import pairwise

import sketches

from descant.compose import styles
from descant.compose.arranging import arrange
from descant.compose.band.guitar import power_chord
from descant.song.lyrics import SectionKind
from descant.song.score import Role
from descant.song.theory import Chord


def part(style, layer, preset, seed=1, centre=66, **changes):
    plan = sketches.plan(style, seed, instruments={layer: preset}, **changes)
    sketch = sketches.sketch(plan, centre=centre)
    return sketch, arrange(plan, styles.load(style), sketch)[0]


def test_the_pianist_lifts_the_pedal_just_before_each_chord():
    sketch, piano = part("ballad", "comp", "grand_piano")
    assert piano.pedals
    changes = {span.start for span in sketch.chords}
    for pedal in piano.pedals:
        assert pedal.start in changes
        assert any(0.02 < change - pedal.stop <= 0.1 for change in [*changes, sketch.length])


def test_a_pianist_alone_plays_the_bass_with_the_left_hand():
    _, piano = part("ballad", "comp", "grand_piano")
    assert min(note.pitch for note in piano.notes) <= 40


def test_strums_run_over_the_strings_within_a_twentieth_of_a_second_or_so():
    _, guitar = part("pop", "comp", "acoustic_guitar", form=[(SectionKind.CHORUS, 8, 0.8)])
    chords = {}
    for note in guitar.notes:
        chords.setdefault(note.start, []).append(note)
    down = [sorted(c, key=lambda n: n.pitch) for s, c in chords.items() if s % 1 == 0 and len(c) >= 4]
    assert down
    for strum in down:
        shifts = [note.shift for note in strum]
        assert shifts == sorted(shifts)
        assert 0.02 <= shifts[-1] - shifts[0] <= 0.075


def test_up_strokes_are_softer_and_sound_fewer_strings():
    _, guitar = part("pop", "comp", "acoustic_guitar", form=[(SectionKind.CHORUS, 8, 0.8)])
    chords = {}
    for note in guitar.notes:
        chords.setdefault(note.start, []).append(note)
    on = [c for s, c in chords.items() if s % 1 == 0]
    off = [c for s, c in chords.items() if s % 0.5 == 0.25]
    assert max(len(c) for c in off) <= 4 < max(len(c) for c in on)


def test_power_chords_are_roots_and_fifths_without_thirds():
    for root in range(12):
        for side in ("left", "right"):
            shape = power_chord(Chord(root, "m"), 0, side)
            assert {(p - root) % 12 for p in shape} == {0, 7}
            assert list(shape) == sorted(set(shape))
    assert min(power_chord(Chord(4), 0, "right")) >= 48


def test_strings_carry_a_line_above_the_chorus_voice_that_moves_mostly_by_step():
    _, strings = part("ballad", "strings", "strings", form=[(SectionKind.CHORUS, 8, 0.9), (SectionKind.CHORUS, 8, 1.0)])
    tops = {}
    for note in strings.notes:
        tops[note.start] = max(tops.get(note.start, 0), note.pitch)
    line = [tops[start] for start in sorted(tops) if tops[start] > 66]
    moves = [abs(a - b) for a, b in pairwise(line)]
    assert line
    assert sum(m <= 5 for m in moves) / len(moves) >= 0.8
    assert strings.swells
    assert all(a.beat < b.beat for a, b in pairwise(strings.swells))
    assert all(swell.level <= 0 for swell in strings.swells)


def test_pads_hold_common_tones():
    sketch, pad = part("pop", "pad", "warm_pad", form=[(SectionKind.CHORUS, 8, 0.9)])
    assert any(note.duration > sketch.metre.bar_length for note in pad.notes)
    assert pad.role is Role.SYNTH


def test_the_lead_plays_the_themes_in_its_register():
    sketch, lead = part("rock", "lead", "distorted_guitar")
    solo = next(s for s in sketch.sections if s.kind is SectionKind.SOLO)
    stop = solo.start + solo.bars * 4
    played = [n for n in lead.notes if solo.start <= n.start < stop]
    written = [n for theme in sketch.themes for n in theme if solo.start <= n.start < stop]
    assert len(played) > len(written), "a solo ornaments its theme"
    assert all(60 <= n.pitch <= 84 for n in played)


def test_loud_sections_are_played_louder():
    sketch, piano = part("ballad", "comp", "grand_piano")
    means = {}
    for section in sketch.sections:
        stop = section.start + section.bars * 4
        velocities = [n.velocity for n in piano.notes if section.start <= n.start < stop]
        means[section.start] = sum(velocities) / len(velocities)
    verse, chorus = sketch.sections[1], sketch.sections[6]
    assert means[chorus.start] > means[verse.start] + 12


def test_a_driven_guitar_tuned_down_plays_low_roots_on_its_lowest_string():
    assert power_chord(Chord(2), 0, "left")[0] == 50
    assert power_chord(Chord(2), 0, "left", 36)[0] == 38
    assert power_chord(Chord(4), 0, "left", 36)[0] == 40
