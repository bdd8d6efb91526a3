import msgspec
import numpy as np
import pytest

from descant.mix import profile, recall
from descant.mix.mixdown import mix, mix_again
from descant.song.score import Note, Part, Role

RATE = 48_000
WINDOW = (int(9.37 * RATE), int(12.9 * RATE))


def error(part, whole):
    """Return the power of the difference against the whole's, in dB."""
    return 10 * np.log10(np.mean((part - whole).astype(float) ** 2) / np.mean(whole.astype(float) ** 2) + 1e-30)


@pytest.fixture(scope="module", params=["pop", "ambient", "rock", "edm", "synthwave", "lofi"])
def whole(request, score, perform, length):
    return mix(score, request.param, perform, length)


def test_a_stretch_mixed_again_is_what_it_was_in_the_whole(whole, score, perform, length):
    again = mix_again(score, whole.recall, perform, WINDOW, length)
    assert error(again.master, whole.master[slice(*WINDOW)]) < -50
    for role, stem in again.stems.items():
        assert error(stem, whole.stems[role][slice(*WINDOW)]) < -45, role


def test_the_stems_of_a_stretch_sum_to_its_master(whole, score, perform, length):
    again = mix_again(score, whole.recall, perform, WINDOW, length)
    total = sum(stem.astype(float) for stem in again.stems.values())
    assert error(total, again.master) < -90


def test_the_end_mixed_again_rings_out_like_the_whole(whole, score, perform, length):
    again = mix_again(score, whole.recall, perform, (14 * RATE, length), length)
    assert error(again.master, whole.master[14 * RATE :]) < -50


def test_the_whole_mixed_again_is_the_whole_to_the_sample(score, perform, length):
    whole = mix(score, "pop", perform, length)
    again = mix_again(score, recall.decode(recall.encode(whole.recall)), perform, (0, length), length)
    assert np.array_equal(again.master, whole.master)
    assert again.recall == whole.recall


def test_a_new_part_is_staged_from_what_it_plays_and_the_others_stay(score, perform, length):
    whole = mix(score, "pop", perform, length)
    bells = Part("bells", Role.KEYBOARD, "celesta", tuple(Note(b, 0.9, 81, 80) for b in range(18, 26)))
    changed = msgspec.structs.replace(score, parts=(*score.parts, bells))
    again = mix_again(changed, whole.recall, perform, WINDOW, length)
    assert again.recall.levels.keys() - whole.recall.levels.keys() >= {"bells.staging", "bells.fader"}
    assert error(again.stems[Role.BASS], whole.stems[Role.BASS][slice(*WINDOW)]) < -18  # only the bus hears it


def test_a_louder_change_stays_under_the_ceiling(score, perform, length):
    whole = mix(score, "pop", perform, length)
    hard = mix_again(score, whole.recall, lambda *window: 3 * perform(*window), WINDOW, length)
    assert hard.true_peak <= profile.load("pop").bus.ceiling + 0.05


def test_no_window_outside_the_song(score, perform, length):
    with pytest.raises(ValueError, match="not in a song"):
        mix_again(score, recall.Sheet(profile="pop"), perform, (length, length + 5), length)


def test_sheets_come_together_with_the_first_one_right():
    first, second = (
        recall.Sheet(profile=name, levels=levels)
        for name, levels in (("pop", {"a": 1.0}), ("edm", {"a": 2.0, "b": 3.0}))
    )
    assert recall.merged(first, second) == recall.Sheet(profile="pop", levels={"a": 1.0, "b": 3.0})


def test_what_is_no_sheet_is_refused():
    with pytest.raises(ValueError, match="recall sheet"):
        recall.decode(b"[]")
