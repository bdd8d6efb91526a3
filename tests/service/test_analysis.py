"""What is read out of a song document: tempo, notes, stretches of singing; and what a question costs."""

import msgspec
import pytest

from descant.service.analysis import notes, singing, tempo
from descant.service.credits import ledger
from descant.service.errors import Invalid, OutOfCredits
from descant.song.document import WordTime
from descant.song.tempo import TempoChange


def changed(score, *changes: tuple[float, float], length: float = 12):
    return msgspec.structs.replace(score, tempo=tuple(TempoChange(*change) for change in changes), length=length)


@pytest.mark.parametrize(
    ("changes", "length", "expected"),
    [
        ([(0, 120)], 12, (120, 120, 120)),
        ([(0, 120), (8, 60)], 12, (90, 120, 60)),
        ([(0, 100), (12, 50)], 12, (100, 100, 100)),
        ([(0, 92.5)], 0, (92.5, 92.5, 92.5)),
    ],
)
def test_the_average_tempo_weighs_by_time_and_ends_with_the_song(small_song, changes, length, expected):
    found = tempo.tempo(changed(small_song.score, *changes, length=length))
    assert (found.average, found.fastest, found.slowest) == expected


def test_notes_are_those_that_are_heard(small_song):
    piano = next(part for part in notes.instruments(small_song.score) if part.name == "piano")
    assert piano.notes[1].start == pytest.approx(small_song.score.seconds(8) + 0.01)
    assert piano.notes[1].velocity == pytest.approx(64 / 127, abs=1e-4)


def sings(small_song, *starts: float):
    words = tuple(WordTime("la", start, start + 1, 0, 0) for start in starts)
    return msgspec.structs.replace(small_song, words=words, seconds=100.0)


def test_without_a_window_the_one_with_most_singing_is_taken(small_song):
    song = sings(small_song, 2, 40, 44, 48, 69.5)
    assert singing.window(song, None, None) == (40, 70)


def test_half_a_window_is_as_long_as_it_may_be(small_song):
    song = sings(small_song, 2, 40, 95)
    assert singing.window(song, 20, None) == (20, 50)
    assert singing.window(song, None, 50) == (20, 50)
    assert singing.window(song, None, 10) == (0, 10)
    assert singing.window(song, 90, None) == (90, 100)


@pytest.mark.parametrize(("start", "stop"), [(1, 31.5), (3, 3), (0, 100.5), (100, None), (10, 20)])
def test_a_window_that_cannot_be_is_refused(small_song, start, stop):
    with pytest.raises(Invalid):
        singing.window(sings(small_song, 2, 40), start, stop)


def test_an_operation_is_paid_each_time_or_once(shop):
    def spend(**how: str) -> bool:
        with shop.service.database.transaction() as tx:
            return ledger.spend(tx, shop.account.id, "sonic.wav", **how)

    assert [spend(), spend()] == [True, True]
    assert [spend(once="clip"), spend(once="clip"), spend(once="other")] == [True, False, True]
    assert shop.ledger() == [("grant", 100), *[("sonic.wav", -1)] * 4]


def test_what_is_free_is_not_booked_and_what_is_too_dear_not_begun(shop):
    with shop.service.database.transaction() as tx:
        assert not ledger.spend(tx, shop.account.id, "sonic.lyrics")

    def spend_all() -> None:
        with shop.service.database.transaction() as tx:
            for _ in range(8):
                ledger.spend(tx, shop.account.id, "sonic.create_music")

    with pytest.raises(OutOfCredits):
        spend_all()
    assert shop.balance() == 100


@pytest.mark.parametrize("seed", [0, 7])
def test_lyrics_of_a_seed_are_always_the_same(sqlite_shop, seed):
    first, second = sqlite_shop.service.writing.lyrics(sqlite_shop.account, "rain on a roof", seed)
    assert first.text != second.text
    assert sqlite_shop.service.writing.lyrics(sqlite_shop.account, "rain on a roof", seed) == (first, second)
    assert sqlite_shop.ledger() == [("grant", 100)]
