"""Scores written around what is remembered."""

import msgspec
import pytest

from descant.compose.layout import Window
from descant.compose.leadsheet import read_sheet
from descant.compose.phrases import split
from descant.compose.remembering import Remembered
from descant.edit import patching, remaking
from descant.edit.patching import plan_along, written
from descant.edit.revision import CannotEdit
from descant.edit.seams import timeline
from descant.words import lyrics


@pytest.fixture
def crowded(song):
    """A plan, and what is remembered of its song, with far too many words in the last sung bar."""
    source = song("pop")
    plan = plan_along(source, timeline(source))
    last = len(plan.sections) - 1
    sheet = remaking.without_words(read_sheet(plan, source.score), last)
    (line,) = lyrics.parse("[Chorus]\nNever again and over and over and over again").lines
    (phrase,) = split(line)
    crammed = msgspec.structs.replace(phrase, words=phrase.words * 3)
    window = Window(crammed, plan.sections[last].bars - 2, 1)
    return plan, Remembered(seed=1, sheet=sheet, windows={last: (window,)})


def test_words_without_room_are_refused_with_their_line(crowded):
    with pytest.raises(CannotEdit, match=r"“Never again .*” has 45 syllables; there is room for \d+"):
        written(*crowded)


def test_a_fault_is_not_blamed_on_the_words(crowded, monkeypatch):
    def faulty(plan, remembered):
        return max([])

    monkeypatch.setattr(patching, "write_score", faulty)
    with pytest.raises(ValueError, match="empty") as caught:
        written(*crowded)
    assert not isinstance(caught.value, CannotEdit)
