import pytest
import sketches

from descant.compose import styles
from descant.compose.band import timing
from descant.compose.band.chart import read_chart
from descant.compose.band.timing import swung_beat
from descant.song.score import Note

PLAN = sketches.plan("pop")
SKETCH = sketches.sketch(PLAN)
CHART = read_chart(PLAN, SKETCH)
BAND = styles.load("pop").band


def performed(layer, notes, swing=(0.5, 0.25)):
    return timing.perform(CHART, layer, "test", notes, BAND, SKETCH.tempo_map, swing)


def test_straight_time_stays_and_swing_delays_only_the_second_of_a_pair():
    assert swung_beat(1.25, 0.5, 0.25) == 1.25
    assert swung_beat(1.0, 0.6, 0.25) == 1.0
    assert swung_beat(1.25, 0.6, 0.25) == pytest.approx(1.3)
    assert swung_beat(1.5, 2 / 3, 0.5) == pytest.approx(1 + 2 / 3)
    assert swung_beat(1.75, 2 / 3, 0.5) == pytest.approx(1 + 5 / 6)


def test_swing_keeps_the_order_of_time():
    beats = [i / 16 for i in range(64)]
    warped = [swung_beat(beat, 0.62, 0.25) for beat in beats]
    assert warped == sorted(warped)


def test_the_pocket_is_a_pattern_by_drum():
    beats = [i * 1.0 for i in range(200)]
    kick, snare = (performed("drums", [Note(b, 0.2, key, 90) for b in beats]) for key in (36, 38))
    mean = [sum(n.shift for n in notes) / len(notes) * 1000 for notes in (kick, snare)]
    assert mean[0] == pytest.approx(BAND.pocket["kick"].ms[0], abs=1.0)
    assert mean[1] == pytest.approx(BAND.pocket["snare"].ms[0], abs=1.0)


def test_looseness_is_small_and_shared_by_notes_struck_together():
    notes = [Note(float(i), 0.5, pitch, 80) for i in range(100) for pitch in (60, 64)]
    shifts = [n.shift for n in performed("comp", notes)]
    assert shifts[::2] == shifts[1::2]
    assert len(set(shifts)) > 50
    assert max(abs(s) for s in shifts) <= (2.0 * BAND.pocket["comp"].spread + 1e-6) / 1000


def test_the_notated_start_never_moves():
    notes = [Note(i * 0.25, 0.2, 60, 80) for i in range(64)]
    assert [n.start for n in performed("comp", notes, (0.62, 0.25))] == [n.start for n in notes]
