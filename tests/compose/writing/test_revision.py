import pytest

from descant.compose import tonality
from descant.compose.manner import Manner
from descant.compose.revision import revised
from descant.song.lyrics import SectionKind
from descant.song.theory import Chord, Key

MANNER = Manner(
    seed=1, name="lead", low=55, high=77, centre=66.0, rise=3.0, span=1.0, peak=73, syncopation=0.3, melisma=0.07,
    weirdness=0.3, seconds_per_slot=0.125,
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "field", "grows"),
    [
        ("range", 8.0, "span", True),
        ("chorus rise", 6.0, "rise", False),
        ("strong chord tones", 0.97, "harmony", False),
        ("stress stronger", 0.5, "accent", True),
        ("bar melody repetition", 0.8, "recall", False),
    ],
)
def test_a_missed_measure_changes_what_it_depends_on(name, value, field, grows):
    before, after = getattr(MANNER, field), getattr(revised(MANNER, {name: value}), field)
    assert after > before if grows else after < before


def test_a_sparse_verse_is_filled_and_a_sparse_chorus_too():
    assert SectionKind.VERSE in revised(MANNER, {"chorus density": 1.4}).filling
    assert SectionKind.CHORUS in revised(MANNER, {"chorus density": 0.4}).filling


def test_a_melody_leans_on_the_tonic_where_chords_leave_the_key_in_doubt():
    key = Key(0, "major")
    doubtful = tonality.chord_weights(Chord(7)) + tonality.chord_weights(Chord(2, "m"))
    clear = tonality.chord_weights(Chord(0)) * 3 + tonality.chord_weights(Chord(7)) + tonality.chord_weights(Chord(5))
    assert tonality.lean(doubtful, key)[0] < 0
    assert min(tonality.lean(clear, key)) > tonality.lean(doubtful, key)[0]
