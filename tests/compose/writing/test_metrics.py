import math

from descant.compose import metrics
from descant.compose.metrics import accord, line, prosody, sections
from descant.compose.metrics.tune import Tune
from descant.song.lyrics import SectionKind, Syllable, SyllableClass, Word
from descant.song.score import ChordSpan, Note, Part, Phrase, Role, Score, Section, SungNote, VocalPart
from descant.song.tempo import Metre, TempoChange
from descant.song.theory import Chord, Key

C = Key(0, "major")
NIGHT = Word(
    "Midnight",
    "midnight",
    (Syllable("mid", ("m",), SyllableClass.STRESSED, 1), Syllable("night", ("n",), SyllableClass.UNSTRESSED)),
)


def song(tune, *, kinds=(SectionKind.VERSE,), parts=(), words=None):
    """A song of one phrase a section; ``tune`` holds (start, duration, pitch) within each section of four bars."""
    phrases = []
    for i, notes in enumerate(tune):
        sung = words or tuple(Word("la", "la", (Syllable("la", ("l",), SyllableClass.CONTENT),)) for _ in notes)
        places = [(w, s) for w, word in enumerate(sung) for s in range(len(word.syllables))]
        phrases.append(
            Phrase(
                "la",
                sung,
                tuple(SungNote(16 * i + s, d, p, *place) for (s, d, p), place in zip(notes, places, strict=False)),
                i,
            )
        )
    return Score(
        title="",
        tempo=(TempoChange(0, 120),),
        metre=Metre(),
        key=C,
        sections=tuple(Section(kind, "", 16.0 * i, 4, 0.5, C) for i, kind in enumerate(kinds)),
        chords=(ChordSpan(0, 16.0 * len(kinds), Chord(0)),),
        parts=parts,
        vocals=(VocalPart("lead", Role.LEAD_VOCAL, "clara", tuple(phrases)),),
        length=16.0 * len(kinds),
    )


def test_intervals_are_counted_by_size():
    tune = Tune(song([[(0, 1, 60), (1, 1, 60), (2, 1, 62), (3, 1, 67), (4, 1, 65)]]))
    assert line.repeated_note_share(tune) == 0.25
    assert line.step_share(tune) == 0.5
    assert line.leap_share(tune) == 0.25
    assert line.leap_reversal(tune) == 1.0
    assert line.melodic_range(tune) == 7


def test_intervals_across_long_gaps_do_not_count():
    tune = Tune(song([[(0, 1, 60), (4, 1, 72)]]))
    assert len(tune.intervals) == 0


def test_chord_tones_are_counted_on_strong_beats():
    tune = Tune(song([[(0, 1, 60), (2, 1, 62), (4, 1, 64), (6, 1, 67)]]))
    assert accord.strong_chord_tones(tune) == 0.75


def test_stress_on_the_weaker_slot_is_noticed():
    right = Tune(song([[(0, 0.5, 60), (0.5, 0.5, 60)]], words=(NIGHT,)))
    wrong = Tune(song([[(0.5, 0.5, 60), (1, 0.5, 60)]], words=(NIGHT,)))
    pushed = Tune(song([[(0.5, 1.0, 60), (1.5, 0.5, 60)]], words=(NIGHT,)))
    assert (prosody.stress_on_stronger(right), prosody.stress_on_weaker(right)) == (1, 0)
    assert (prosody.stress_on_stronger(wrong), prosody.stress_on_weaker(wrong)) == (0, 1)
    assert prosody.stress_on_stronger(pushed) == 1


def test_a_missing_syllable_and_an_overlap_are_faults():
    missing = song([[(0, 1, 60)]], words=(NIGHT,))
    overlapping = song([[(0, 2, 60), (1, 1, 62)]])
    assert metrics.failures(metrics.evaluate(missing))["missing syllables"] == 1
    assert metrics.failures(metrics.evaluate(overlapping))["overlaps"] == 1


def test_singing_without_breath_is_measured_in_seconds():
    tune = Tune(song([[(i, 1, 60) for i in range(16)]]))
    assert math.isclose(prosody.longest_stretch(tune), 1.0)


def test_sections_are_compared_from_their_own_starts():
    verse, chorus = [(0, 1, 60), (1, 1, 62)], [(0, 1, 67), (2, 1, 69)]
    kinds = (SectionKind.VERSE, SectionKind.CHORUS, SectionKind.VERSE, SectionKind.CHORUS)
    tune = Tune(song([verse, chorus, verse, [(0, 1, 67), (2, 1, 71)]], kinds=kinds))
    assert sections.verse_likeness(tune) == 1.0
    assert sections.chorus_identity(tune) == 0.5
    assert sections.verse_chorus_likeness(tune) == 0.0
    assert sections.chorus_rise(tune) == 7.5


def test_low_intervals_in_the_band_are_faults():
    piano = Part("piano", Role.KEYBOARD, "grand_piano", (Note(0, 1, 40, 80), Note(0, 1, 43, 80)))
    assert accord.low_interval_violations(song([[(0, 1, 60)]], parts=(piano,))) == 1


def test_a_wordless_song_answers_no_melodic_metric():
    score = song([[]])
    values = metrics.evaluate(score)
    assert math.isnan(values["steps"])
    assert "steps" not in metrics.failures(values)


def test_equal_songs_do_not_differ_and_others_do():
    first, second = song([[(0, 1, 60)]]), song([[(1, 1, 60)]])
    assert sections.difference(first, first) == 0
    assert sections.difference(first, second) == 1
