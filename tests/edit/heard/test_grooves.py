"""The drums of a recording carried on."""

from collections.abc import Callable

import msgspec

from descant.edit.heard.grooves import carried_on, groove_before
from descant.song.document import Song
from descant.song.score import Note, Part, Role, Score

SongOf = Callable[[str], Song]
KICK, SNARE, HAT, CRASH = 36, 38, 42, 49


def drummed(score: Score, role: Role) -> Score:
    """Return a score whose drums play kick on one and three and a half, snare on two and four, with slips and gaps."""
    notes = [Note(0.0, 0.25, CRASH, 110)]
    for bar in range(round(score.length / 4)):
        strokes = [(0.0, KICK), (1.0, SNARE), (2.5, KICK), (3.0, SNARE), *((n / 2, HAT) for n in range(8))]
        notes += [
            Note(4 * bar + at, 0.25, key, 90, 0.012) for at, key in strokes if (bar, at) not in ((1, 1.0), (2, 2.5))
        ]
        if bar == 2:
            notes.append(Note(4 * bar + 1.75, 0.25, KICK, 60))
    part = Part("drums", role, "standard_kit", tuple(sorted(notes, key=lambda note: (note.start, note.pitch))))
    return msgspec.structs.replace(score, parts=(part,))


def test_a_pattern_is_what_is_struck_in_most_bars(song: SongOf) -> None:
    groove = groove_before(drummed(song("pop").score, Role.RECORDING), 32.0)
    assert groove is not None
    one = {(stroke.start % 4.0, stroke.pitch) for stroke in groove.strokes}
    assert one == {(0.0, KICK), (1.0, SNARE), (2.5, KICK), (3.0, SNARE), *((n / 2, HAT) for n in range(8))}
    assert {stroke.shift for stroke in groove.strokes} == {0.012}


def test_bars_that_follow_are_struck_as_before_but_for_fills_and_cymbals(song: SongOf) -> None:
    score = song("pop").score
    groove = groove_before(drummed(score, Role.RECORDING), 32.0)
    assert groove is not None
    new = carried_on(score, groove, 32.0)
    own = next(part for part in score.parts if part.role is Role.DRUMS)
    played = next(part for part in new.parts if part.role is Role.DRUMS)
    assert [n for n in played.notes if n.start < 31.8] == [n for n in own.notes if n.start < 31.8]
    fills = {section.start + 4 * section.bars - 4 for section in score.sections}
    bar = next(b for b in range(32, 60, 4) if b not in fills and any(b <= n.start < b + 4 for n in own.notes))
    struck = {(round(n.start - bar, 3), n.pitch) for n in played.notes if bar <= n.start < bar + 4}
    assert struck >= {(0.0, KICK), (1.0, SNARE), (2.5, KICK), (3.0, SNARE)}


def test_a_recording_without_drums_has_no_pattern(song: SongOf) -> None:
    assert groove_before(song("pop").score, 32.0) is None
