import numpy as np

from descant.compose import melody, tables, tones
from descant.song.streams import stream
from descant.song.theory import Key

KEY = Key(0, "major")
ONSETS = np.array([0, 2, 4, 6, 8, 12, 14, 16])


def task(**changes):
    notes = len(ONSETS)
    given = {
        "low": 57,
        "high": 76,
        "tonic": 0,
        "minor": False,
        "scale": KEY.scale,
        "chords": ((0, 4, 7),) * 4 + ((7, 11, 2),) * 4,
        "levels": (0, 3, 2, 3, 1, 2, 3, 0),
        "durations": (0.5, 0.5, 0.5, 0.5, 1.0, 0.5, 0.5, 1.5),
        "stressed": (True, False) * 4,
        "melisma": (False,) * notes,
        "contour": (66.0,) * notes,
        "cadence": tables.CLOSED_CADENCE,
    }
    return melody.PitchTask(**(given | changes))


def test_melodies_stay_in_range_and_in_the_scale():
    pitches, _ = melody.draw(task(), stream(1, "test"), 300)
    assert pitches.min() >= 57
    assert pitches.max() <= 76
    assert set((pitches % 12).ravel()) <= set(KEY.scale)


def test_steps_and_repetitions_outnumber_leaps_as_in_charted_songs():
    pitches, _ = melody.draw(task(), stream(2, "test"), 300)
    size = np.abs(np.diff(pitches, axis=1))
    assert (size <= 2).mean() > 0.5
    assert 0.01 < (size >= 5).mean() < 0.25


def test_strong_notes_belong_to_the_chord_more_often_than_weak_ones():
    pitches, _ = melody.draw(task(), stream(3, "test"), 400)
    held = np.array([[p % 12 in task().chords[n] for n, p in enumerate(row)] for row in pitches])
    assert held[:, 0].mean() > held[:, 1].mean()


def test_a_closed_line_ends_on_the_tonic_triad():
    chords = ((0, 4, 7),) * 8
    pitches, _ = melody.draw(task(chords=chords), stream(4, "test"), 300)
    assert np.isin(pitches[:, -1] % 12, (0, 4, 7)).mean() > 0.85


def test_a_recalled_line_is_mostly_sung_again():
    recalled = dict(enumerate((67, 67, 69, 67, 64, 62, 62, 60)))
    pitches, _ = melody.draw(task(references=recalled), stream(5, "test"), 200)
    assert (pitches == np.array(list(recalled.values()))).mean() > 0.7


def test_the_peak_note_carries_the_top_of_the_line():
    chords = ((0, 4, 7),) * 8
    free, _ = melody.draw(task(chords=chords), stream(6, "test"), 200)
    drawn, _ = melody.draw(task(chords=chords, peak=4, ceiling=72.0), stream(6, "test"), 200)
    assert (drawn[:, 4] == 72).mean() > 0.2 > 3 * (free[:, 4] == 72).mean()


def test_a_melisma_moves_by_step():
    pitches, _ = melody.draw(task(melisma=(False,) * 5 + (True, False, False)), stream(7, "test"), 200)
    moves = np.abs(pitches[:, 5] - pitches[:, 4])
    assert (moves > 0).mean() > 0.95
    assert (moves <= 4).mean() > 0.9


def test_one_note_lines_are_written_too():
    one = {
        name: value[:1]
        for name, value in {
            "chords": ((0, 4, 7),),
            "levels": (0,),
            "durations": (2.0,),
            "stressed": (True,),
            "melisma": (False,),
            "contour": (66.0,),
        }.items()
    }
    pitches, score = melody.choose(task(**one), np.array([0]), stream(8, "test"))
    assert pitches.shape == (1,)
    assert np.isfinite(score)


def test_a_mode_is_sung_with_the_degree_that_gives_it_its_colour():
    freygish = Key(0, "phrygian dominant").scale
    pitches, _ = melody.draw(task(chords=((0, 4, 7),) * 8, contour=(62.0,) * 8, scale=freygish), stream(9, "test"), 300)
    assert 0.05 < (pitches % 12 == 1).mean() < 0.2
    assert (pitches % 12 == 2).mean() == 0.0


def test_melodies_go_with_the_tones_of_the_words():
    said, melisma = (4, 2, 3, 1, 4, 3, 2, 1), (False,) * 8
    wanted = tones.directions(said, melisma)

    def agreeing(changes):
        drawn, _ = melody.draw(task(**changes), stream(6, "test"), 200)
        ways = np.array(wanted) * np.sign(np.diff(drawn, axis=1))
        return (ways > 0).sum() / (ways != 0).sum()

    assert agreeing({"tones": wanted}) > agreeing({}) + 0.12


def test_words_without_tones_leave_the_melody_as_it_is():
    plain, _ = melody.draw(task(), stream(7, "test"), 50)
    none, _ = melody.draw(task(tones=tones.directions((0,) * 8, (False,) * 8)), stream(7, "test"), 50)
    assert np.array_equal(plain, none)


def test_a_tone_held_over_notes_follows_its_own_course():
    assert tones.directions((2, 2, 4, 4), (False, True, False, True)) == (1, 0, -1)
    assert tones.directions((1, 3, 1), (False,) * 3) == (-1, 1)
