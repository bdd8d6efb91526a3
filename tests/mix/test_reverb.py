import numpy as np
import pytest

from descant.mix.filters import Filter, band_pass, low_pass
from descant.mix.reverb import Reverb, Room

RATE = 48_000


def impulse(seconds=4.0):
    audio = np.zeros((round(seconds * RATE), 1), np.float32)
    audio[0] = 1.0
    return audio


def decay_time(audio):
    """Seconds for −60 dB, from Schroeder's backward integral between −10 and −40 dB."""
    energy = np.cumsum((audio[::-1].astype(float) ** 2).sum(axis=1))[::-1]
    level = 10 * np.log10(energy / energy[0] + 1e-30)
    return (np.argmax(level < -40) - np.argmax(level < -10)) / RATE * 2


@pytest.mark.parametrize("decay", [0.5, 1.6, 2.5])
def test_lows_decay_in_the_time_asked_for_and_highs_sooner(decay):
    room = Room(decay=decay, damping=0.5, low_cut=20.0, high_cut=20_000.0)
    answer = Reverb(room).process(impulse())
    low = Filter([low_pass(700.0), low_pass(700.0)]).process(answer.copy())
    high = Filter([band_pass(8000.0, 3.0), band_pass(8000.0, 3.0)]).process(answer.copy())
    assert decay_time(low) == pytest.approx(decay, rel=0.06)
    assert decay_time(high) == pytest.approx(decay * 0.5, rel=0.12)


def test_nothing_sounds_before_the_pre_delay():
    answer = Reverb(Room(pre_delay=0.05)).process(impulse(0.5))
    assert np.abs(answer[: int(0.05 * RATE)]).max() < 1e-6
    assert np.abs(answer).max() > 1e-3


def test_both_sides_differ_but_are_equally_loud():
    answer = Reverb(Room()).process(impulse()).astype(float)
    left, right = (answer**2).sum(axis=0)
    assert abs(10 * np.log10(left / right)) < 1.0
    assert abs(np.corrcoef(answer.T)[0, 1]) < 0.3


def test_rooms_of_any_decay_are_about_equally_loud():
    levels = [10 * np.log10((Reverb(Room(decay=d)).process(impulse()) ** 2).sum()) for d in (0.6, 1.5, 3.0)]
    assert max(levels) - min(levels) < 3.0


def test_a_room_fed_in_blocks_gives_the_samples_of_the_whole(noise):
    send = np.ascontiguousarray(noise[:, :1])
    whole = Reverb(Room()).process(send.copy())
    reverb = Reverb(Room())
    parts = [reverb.process(send[start : start + 4016].copy()) for start in range(0, len(send), 4016)]
    assert np.array_equal(whole, np.concatenate(parts))


def test_it_falls_silent():
    reverb = Reverb(Room(decay=0.5))
    reverb.process(impulse(0.1))
    assert np.abs(reverb.process(np.zeros((4 * RATE, 1), np.float32))[-RATE:]).max() < 1e-7


def test_impossible_rooms_are_refused():
    with pytest.raises(ValueError, match="no such room"):
        Reverb(Room(decay=0.0))
