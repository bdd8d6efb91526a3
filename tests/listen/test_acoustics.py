"""Acoustic scores: the files of the model are read as the recogniser reads them."""

import numpy as np

from descant.listen import acoustics

from . import sounds


def test_the_phones_are_those_of_english_with_silence_and_noises() -> None:
    phones = acoustics.model().phones
    assert len(phones) == 42
    assert {"AA", "ZH", "SIL", "+NSN+"} <= set(phones)


def test_a_phone_has_three_states_of_its_own_kind_in_any_context() -> None:
    model = acoustics.model()
    for phone, before, after in (("AA", "B", "D"), ("ZH", "ZH", "ZH"), ("S", "SIL", "SIL")):
        for place in range(4):
            states = model.senones(phone, before, after, place)
            assert {model.phones[int(model.books[state])] for state in states} == {phone}


def test_noise_is_heard_as_hiss_and_a_tone_as_a_voiced_sound() -> None:
    states = np.array([3 * acoustics.model().phones.index(p) + 1 for p in ("S", "AH")])
    hiss = 0.1 * np.diff(sounds.noise(1.0, 1))[::3].astype(np.float32)
    tone = 0.1 * sounds.tone(50, 1.0, harmonics=20)[::3].astype(np.float32)
    heard = [next(acoustics.scores(acoustics.cepstra(sound), states))[0].mean(axis=0) for sound in (hiss, tone)]
    assert heard[0][0] - heard[0][1] > heard[1][0] - heard[1][1]
