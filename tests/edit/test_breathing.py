import msgspec
import pytest

from descant.compose.leadsheet import read_sheet
from descant.edit.breathing import breathing
from descant.edit.retiming import choose, retimed
from descant.song.tempo import Metre


@pytest.mark.parametrize("metre", [Metre(3, 4), Metre(6, 8), Metre(4, 4)])
@pytest.mark.parametrize("name", ["pop", "rock", "seven"])
def test_lines_are_parted_by_a_breath(name, metre, song):
    sheet = read_sheet(song(name).plan, song(name).score)
    moved = breathing(retimed(sheet, *choose(sheet, metre, 100, 200)))
    slot = 15.0 / moved.bpm
    for line, after in zip(moved.lead, moved.lead[1:], strict=False):
        silence = after.task.start + after.onsets[0] - line.task.start - line.end
        assert silence * slot >= 0.2


def test_a_line_without_end_is_given_a_breath(song):
    sheet = read_sheet(song("pop").plan, song("pop").score)
    line = sheet.lead[0]
    count = len(line.onsets)
    held = msgspec.structs.replace(line, onsets=tuple(range(0, 8 * count, 8)), lengths=(8,) * count)
    (breathed, *_) = breathing(msgspec.structs.replace(sheet, lead=(held,), bpm=60.0)).lead
    assert sum(breathed.lengths) < sum(held.lengths)
    assert breathed.onsets == held.onsets


def test_what_breathes_already_stays_as_it_is(song):
    sheet = read_sheet(song("pop").plan, song("pop").score)
    assert breathing(sheet) == sheet
