import pytest

from descant.compose import styles
from descant.compose.genres import writing_of
from descant.compose.leadsheet import read_sheet
from descant.compose.replaying import replayed
from descant.compose.resketching import sketch_of
from descant.compose.writing import with_band
from descant.engines.score.engine import write
from descant.song.brief import Brief

WORDS = (
    "[Verse]\nSilver rain is falling on the window\nEvery street is shining like the sea (like the sea)\n"
    "[Chorus]\nCarry me over, carry me on\nOver the water, into the dawn"
)


@pytest.mark.parametrize(
    "tags", ["pop", "rock", "waltz", "jazz, duet", "boom bap, rap", "house, instrumental", "5/4, folk"]
)
def test_a_song_read_back_and_arranged_again_is_itself(tags):
    _, plan, score = write(Brief(seed=17, tags=tags, lyrics="" if "instrumental" in tags else WORDS))
    style = writing_of(plan.genres)
    sheet = read_sheet(plan, score)
    again = with_band(plan, sketch_of(plan, style, sheet))
    assert sheet.length == score.length
    assert again.sections == score.sections
    assert again.chords == score.chords

    def sung(song):
        return [
            (part.name, [(n.start, n.duration, n.pitch, n.word, n.syllable) for p in part.phrases for n in p.notes])
            for part in song.vocals
        ]

    assert sung(again) == sung(score)
    parts = {part.name: len(part.notes) for part in score.parts}
    back = {part.name: len(part.notes) for part in again.parts}
    same = sum(back.get(name, 0) == count for name, count in parts.items())
    assert same >= len(parts) - 2


def test_a_replay_with_the_same_seed_changes_nothing_in_the_band():
    _, plan, score = write(Brief(seed=17, tags="pop", lyrics=WORDS))
    style = styles.load("pop").writing
    again = replayed(plan, style, score, plan.seed)
    for before, after in zip(score.parts, again.parts, strict=True):
        assert [(n.velocity, round(n.shift, 5)) for n in before.notes] == [
            (n.velocity, round(n.shift, 5)) for n in after.notes
        ]
