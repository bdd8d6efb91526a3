from itertools import pairwise

import measures
import msgspec
import sketches

from descant.compose import styles
from descant.compose.band import bass, drums, layering
from descant.compose.band.bass import HIGH, LOW, nearest
from descant.compose.band.chart import read_chart
from descant.compose.styles.band import BassPattern


def played(style, seed=1, **changes):
    plan = sketches.plan(style, seed, **changes)
    sketch = sketches.sketch(plan)
    chart = read_chart(plan, sketch)
    band = styles.load(style).band
    layers = layering.layer(chart, band, plan.instruments)
    return chart, layers, bass.write(chart, layers, band, drums.write(chart, layers, band).kicks)


def test_the_root_stands_on_the_bar_line():
    for style in ("pop", "ballad", "rock"):
        chart, layers, notes = played(style)
        first = {note.start: note.pitch for note in notes}
        bars = [bar for bar in chart.bars if layers.plays("bass", bar)]
        rooted = [first.get(bar.start, -1) % 12 == bar.chords[0].chord.bass_pitch_class for bar in bars]
        assert sum(rooted) / len(rooted) >= 0.9


def test_one_note_at_a_time_in_the_bass_register():
    for style in ("pop", "ballad", "rock"):
        _, _, notes = played(style)
        assert all(a.start + a.duration <= b.start + 1e-6 for a, b in pairwise(notes))
        assert all(LOW <= note.pitch <= HIGH + 12 for note in notes)
        home = [LOW <= note.pitch <= HIGH for note in notes]
        assert sum(home) / len(home) >= 0.9


def test_approach_notes_lead_by_step_into_another_root():
    chart, _, notes = played("pop", 3)
    lengths = chart.metre.bar_length
    approaches = [(a, b) for a, b in pairwise(notes) if a.start % lengths == 3.5 and b.start % lengths == 0]
    stepping = [abs(a.pitch - b.pitch) in (1, 2) for a, b in approaches]
    assert approaches
    assert any(stepping)


def test_the_nearest_root_is_within_an_octave_and_in_register():
    for previous in range(LOW, HIGH + 1):
        for pitch_class in range(12):
            root = nearest(pitch_class, previous)
            assert root % 12 == pitch_class
            assert LOW <= root <= HIGH
            assert abs(root - previous) <= 12


def test_the_bass_holds_the_last_chord():
    chart, _, notes = played("rock")
    assert notes[-1].start == chart.bars[-1].start
    assert measures.steps(notes)[-1] == round(chart.bars[-1].start * 4)
    assert notes[-1].duration >= chart.bars[-1].length - 0.3


def test_a_note_that_slides_sounds_on_into_the_next():
    chart, layers, _ = played("pop")
    band = styles.load("pop").band
    line = BassPattern(steps="R======~8=======", locked=False)
    notes = bass.write(chart, layers, msgspec.structs.replace(band, bass=(line,)), [frozenset()] * len(chart.bars))[:2]
    assert notes[1].pitch == notes[0].pitch + 12
    assert notes[0].start + notes[0].duration > notes[1].start
