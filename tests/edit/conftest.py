"""Written songs to edit: several styles, metres, voices and seeds, each made once."""

import sys
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from descant.edit.revision import Perform, Revision
from descant.engines.score.engine import write
from descant.perform.voice.voices import profiles
from descant.song.brief import Brief
from descant.song.document import Provenance, Song
from descant.song.score import Role, Score, SungNote

sys.path.insert(0, str(Path(__file__).parent))  # for scores.py, the checks that tests share

LYRICS = """[Verse 1]
Silver rain is falling on the window
Every street is shining like the sea
Somewhere in the harbour there's a lantern
Burning for the memory of me

[Chorus]
Carry me over, carry me on
Over the water, into the dawn
Carry me over, carry me home
I was never meant to walk alone

[Verse 2]
Paper boats are drifting to the river
All the little letters that I wrote
Every word is waiting for the morning
Every line is learning how to float

[Chorus]
Carry me over, carry me on
Over the water, into the dawn
Carry me over, carry me home
I was never meant to walk alone
"""

RAP = """[Verse: rap]
Midnight on the corner and the engine running low
Counting up the minutes like a dealer counts the dough
Every single shadow got a story and a scar
Running with the radio and sleeping in the car

[Chorus]
We keep on moving
Moving through the night
"""

BRIEFS = {
    "pop": Brief(seed=3, lyrics=LYRICS, tags="pop, 104 bpm, in G major, female vocals", title="Carry Me Over"),
    "rock": Brief(seed=4, lyrics=LYRICS, tags="rock, 132 bpm, in E minor, male vocals", title="Carry Me Over"),
    "waltz": Brief(seed=5, lyrics=LYRICS, tags="waltz, 3/4, 120 bpm", title="Lantern"),
    "seven": Brief(seed=6, lyrics=LYRICS, tags="indie rock, 7/8, 140 bpm", title="Seven Lanterns"),
    "duet": Brief(seed=7, lyrics=LYRICS, tags="country, duet, 96 bpm", title="Over the Water"),
    "rap": Brief(seed=8, lyrics=RAP, tags="boom bap, 90 bpm", title="Corner"),
    "instrumental": Brief(seed=9, tags="lo-fi hip hop, piano, 84 bpm", instrumental=True, title="Desk Lamp"),
}


@cache
def _song(name: str) -> Song:
    brief = BRIEFS[name]
    reading, plan, score = write(brief)
    return _finished(brief, plan, score, reading.title, reading.text, brief.tags)


def _finished(brief, plan, score, title, lyrics, tags) -> Song:
    return Song(
        brief=brief,
        plan=plan,
        score=score,
        provenance=Provenance(engine="score", version="0", seed=brief.seed),
        title=title,
        lyrics=lyrics,
        tags=tags,
        seconds=score.seconds(score.length) + 2.0,
        loudness=-14.0,
        true_peak=-2.0,
    )


@pytest.fixture(scope="session")
def song() -> Callable[[str], Song]:
    """Return a written song by its name."""
    return _song


@pytest.fixture(scope="session")
def voices():
    """Return the singers."""
    return profiles()


@pytest.fixture(scope="session")
def finished() -> Callable[[Revision], Song]:
    """Return a revision as the song that an engine would make of it."""
    return lambda r: _finished(r.brief, r.plan, r.score, r.title, r.lyrics, r.tags)


@pytest.fixture(scope="session")
def made() -> Callable[[Revision], Song]:
    """Return a revision as the song that an engine would make of it, with what it remembers of what it comes from."""

    def song(r: Revision) -> Song:
        whole = _finished(r.brief, r.plan, r.score, r.title, r.lyrics, r.tags)
        kept = {"joined_at": r.joined_at, "before": r.before, "words": r.words, "heard": r.heard, "tuning": r.tuning}
        return msgspec.structs.replace(whole, **kept)

    return song


@pytest.fixture(scope="session")
def lead() -> Callable[[Score], list[SungNote]]:
    """Return the notes of the lead, whoever sings them, rising in time."""

    def notes(score: Score) -> list[SungNote]:
        found = [n for p in score.vocals if p.role is Role.LEAD_VOCAL for phrase in p.phrases for n in phrase.notes]
        return sorted(found, key=lambda note: note.start)

    return notes


@pytest.fixture(scope="session")
def check_whole() -> Callable[[Revision], None]:
    """Check what every revision of a whole song promises."""

    def check(revision: Revision) -> None:
        score = revision.score
        (take,) = revision.takes
        assert isinstance(take, Perform)
        assert (take.score, take.start, take.stop, take.balance) == (score, 0.0, None, None)
        assert score.chords[0].start == 0.0
        for before, after in pairwise(score.chords):
            assert after.start == pytest.approx(before.start + before.duration)
        assert score.chords[-1].start + score.chords[-1].duration == pytest.approx(score.length)
        assert len(revision.plan.sections) == len(score.sections)
        assert sum(s.bars for s in score.sections) * score.metre.bar_length == pytest.approx(score.length)
        assert revision.plan.key == score.key
        assert revision.plan.bpm == score.tempo[0].bpm
        for part in score.vocals:
            notes = [note for phrase in part.phrases for note in phrase.notes]
            for first, second in pairwise(notes):
                assert first.start + first.duration <= second.start + 1e-9, (part.name, first, second)
            for phrase in part.phrases:
                sung = {(note.word, note.syllable) for note in phrase.notes}
                assert sung == {(w, s) for w, word in enumerate(phrase.words) for s in range(len(word.syllables))}
        for part in score.parts:
            assert part.notes

    return check
