from itertools import pairwise

import numpy as np
import sketches

from descant.compose import styles
from descant.compose.arranging import arrange
from descant.compose.band.walking import walk
from descant.compose.swing import swung_beat
from descant.song.lyrics import SectionKind
from descant.song.score import Role
from descant.song.theory import Chord, Key

K = SectionKind
FORM = [(K.INTRO, 4, 0.5), (K.VERSE, 8, 0.7), (K.CHORUS, 8, 0.9)]


def bass_of(style, instruments):
    plan = sketches.plan("pop", 3, instruments=instruments, form=FORM)
    sketch = sketches.sketch(plan)
    parts = arrange(plan, styles.load(style), sketch)
    return sketch, next(part for part in parts if part.role is Role.BASS), parts


def test_a_walk_begins_on_the_root_and_leads_into_the_next_one():
    key = Key(0, "major")
    for seed in range(20):
        line = walk(Chord(2, "m7"), key, 38, 31, 4, np.random.default_rng(seed))
        assert line[0] == 38
        assert abs(line[-1] - 31) in (1, 2, 5, 7)
        assert all(abs(a - b) <= 7 for a, b in pairwise(line))


def test_jazz_walks_in_quarters():
    _, bass, _ = bass_of("jazz", {"bass": "upright_bass", "drums": "jazz_kit", "comp": "grand_piano"})
    walked = [n for n in bass.notes if 16 <= n.start < 44]
    assert sum(n.start % 1 == 0 for n in walked) >= 0.85 * len(walked)
    assert len({n.pitch for n in walked}) >= 8


def test_a_tumbao_leaves_the_bar_line_alone_and_plays_the_next_root_early():
    sketch, bass, _ = bass_of("salsa", {"bass": "upright_bass", "comp": "grand_piano"})
    inner = [n for n in bass.notes if 20 <= n.start < 44]
    assert not [n for n in inner if n.start % 4 == 0]
    early = [n for n in inner if n.start % 4 == 3.0]
    assert early
    for note in early:
        following = next(c for c in sketch.chords if c.start == note.start + 1)
        assert note.pitch % 12 == following.chord.bass_pitch_class
        assert note.start + note.duration > following.start


def test_a_riff_is_played_by_bass_and_guitars_together():
    _, bass, parts = bass_of("metal", {"bass": "picked_bass", "drums": "power_kit", "comp": "distorted_guitar"})
    guitar = next(p for p in parts if p.name == "distorted guitar left")
    struck = {}
    for note in guitar.notes:  # a low power chord stands on its fifth where its root would growl
        struck.setdefault(note.start, set()).add(note.pitch % 12)
    together = [n.pitch % 12 in struck[n.start] for n in bass.notes if n.start in struck and 16 <= n.start < 44]
    assert len(together) >= 40
    assert sum(together) >= 0.95 * len(together)


def test_swing_keeps_sixteenths_in_order():
    times = [swung_beat(i * 0.25, 0.66, 0.5) for i in range(9)]
    assert times == sorted(times)
    assert times[2] > 0.6
    assert times[4] == 1.0
