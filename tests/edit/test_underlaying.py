import msgspec
import pytest

from descant.compose.grid import Grid
from descant.compose.leadsheet import line_task
from descant.compose.lines import WrittenLine
from descant.compose.phrases import split
from descant.edit.underlaying import underlay
from descant.song.lyrics import SectionKind
from descant.song.score import Section
from descant.song.tempo import Metre
from descant.song.theory import Key
from descant.words import lyrics

GRID = Grid(Metre(4, 4))
KEY = Key(0, "major")


def phrase(text):
    (section,) = lyrics.parse(f"[Verse]\n{text}").sections
    return split(section.lines[0])[0]


def melody(text="Silver rain is falling on the window"):
    """Ten notes on eighths, one for each syllable."""
    line = phrase(text)
    section = Section(SectionKind.VERSE, "Verse", 0.0, 2, 0.5, KEY)
    task = line_task(KEY, section, 0, 0, line, (0, 32))
    count = len(line.places)
    pitches = (60, 62, 64, 65, 67, 65, 64, 62, 60, 62, 64)[:count]
    return WrittenLine(task, tuple(range(0, 2 * count, 2)), (2,) * count, pitches, line.places)


def sung(text, tune=None):
    return underlay(tune or melody(), phrase(text), GRID, 30)


def test_as_many_syllables_keep_every_note():
    tune = melody()
    line = sung("Golden light is leaving on the railway")
    assert (line.onsets, line.lengths, line.pitches) == (tune.onsets, tune.lengths, tune.pitches)
    assert len(set(line.places)) == len(tune.onsets)


@pytest.mark.parametrize("text", ["Go", "Stay here", "Come along with me", "Never let me go tonight my love"])
def test_fewer_syllables_share_the_melody(text):
    line = sung(text)
    assert set(line.places) == set(phrase(text).places)
    assert list(line.places) == sorted(line.places)
    assert line.onsets[0] == 0
    assert line.end == melody().end
    longest = max(line.places.count(place) for place in line.places)
    assert longest <= 4


@pytest.mark.parametrize(
    "text",
    ["Every little letter that I wrote to you", "All of the beautiful promises we were making to one another in June"],
)
def test_more_syllables_split_notes_without_moving_the_melody(text):
    tune, line = melody(), sung(text)
    assert set(line.places) == set(phrase(text).places)
    onsets = dict(zip(line.onsets, line.pitches, strict=True))
    assert sum(onsets.get(o) == p for o, p in zip(tune.onsets, tune.pitches, strict=True)) / len(tune.onsets) > 0.6
    for n in range(1, len(line.onsets)):
        assert line.onsets[n - 1] + line.lengths[n - 1] <= line.onsets[n]
    assert line.end <= 32


def test_stressed_syllables_find_the_strong_notes():
    tune = melody()
    line = sung("the RIVER is RISING".lower(), tune)
    stressed = [
        onset
        for onset, place in zip(line.onsets, line.places, strict=True)
        if dict(zip(line.task.line.places, line.task.line.classes, strict=True))[place] == "S"
    ]
    assert any(onset % 4 == 0 for onset in stressed)


def test_a_repeated_pitch_under_one_syllable_is_one_note():
    tune = msgspec.structs.replace(melody(), pitches=(60,) * len(melody().onsets))
    line = sung("Stay", tune)
    assert line.onsets == (0,)
