import numpy as np
import pytest

from descant.compose import styles, tonality
from descant.compose.chords import write_chords
from descant.compose.planning import make_plan
from descant.compose.writing import write_score
from descant.song.brief import Brief
from descant.song.lyrics import SectionKind
from descant.song.theory import Chord, Key
from descant.song.wish import Wish

KEYS = tuple(Key(tonic, mode) for tonic in range(0, 12, 5) for mode in ("major", "minor"))


def planned(lyrics, voices, style, key, seed):
    return make_plan(Brief(seed=seed), lyrics, Wish(genres=((style, 1.0),), key=key), voices)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_a_cadence_is_heard_in_its_key(key):
    minor = "m" if key.is_minor else ""
    chords = (
        Chord(key.tonic, minor),
        Chord((key.tonic + 5) % 12, minor),
        Chord((key.tonic + 7) % 12),
        Chord(key.tonic, minor),
    )
    weights = np.sum([tonality.chord_weights(chord) for chord in chords], axis=0)
    assert tonality.heard(weights) == key
    assert tonality.clarity(weights, key) > 0
    assert tonality.clarity(weights, Key((key.tonic + 7) % 12, key.mode)) < 0


def test_notes_weigh_by_their_length():
    held = np.zeros((16, 12))
    tonality._sound(held, [(0.0, 2.0, 60, 0.0), (2.0, 1.0, 67, 0.0)], 1.0)
    assert list(held.sum(axis=0)[[0, 7]]) == [8, 4]


def test_the_chords_of_a_plan_say_its_key(song_lyrics, voices):
    for style in ("pop", "ballad", "rock"):
        writing = styles.load(style).writing
        for n, key in enumerate(KEYS):
            plan = planned(song_lyrics, voices, style, key, 40 + n)
            spans = write_chords(plan, writing, [section.bars for section in plan.sections], 0)
            weights = np.sum([span.duration * tonality.chord_weights(span.chord) for span in spans], axis=0)
            assert tonality.heard(weights) == key, (style, key.name)


def test_the_key_asked_for_is_the_key_heard_in_the_whole_score(song_lyrics, voices):
    heard = 0
    for n, key in enumerate(KEYS):
        style = ("pop", "ballad", "rock")[n % 3]
        heard += tonality.heard(tonality.score_weights(write_score(planned(song_lyrics, voices, style, key, n)))) == key
    assert heard >= len(KEYS) - 1


def test_clear_keys_leave_harmony_varied(song_lyrics, voices):
    choruses = set()
    for seed in range(24):
        plan = planned(song_lyrics, voices, "pop", Key(7, "major"), seed)
        choruses.add(next(s.progression for s in plan.sections if s.kind is SectionKind.CHORUS))
    assert len(choruses) >= 5
