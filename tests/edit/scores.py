"""What every written score promises, whatever was done to it; and what is sung in it."""

from itertools import pairwise

import pytest

from descant.edit.revision import Keep, Revision
from descant.song.document import Song
from descant.song.score import Phrase, Role, Score
from descant.words import lyrics


def check(score: Score) -> None:
    """Check that sections and chords follow one another, and that parts are in order and inside the song."""
    bar = score.metre.bar_length
    at = 0.0
    for section in score.sections:
        assert section.start == pytest.approx(at)
        assert section.bars >= 1
        at = section.start + section.bars * bar
    assert at == pytest.approx(score.length)
    assert score.chords[0].start == 0.0
    for before, after in pairwise(score.chords):
        assert after.start == pytest.approx(before.start + before.duration)
    assert score.chords[-1].start + score.chords[-1].duration == pytest.approx(score.length)
    names = [part.name for part in (*score.parts, *score.vocals)]
    assert len(set(names)) == len(names)
    for part in score.parts:
        assert list(part.notes) == sorted(part.notes, key=lambda note: (note.start, note.pitch))
        assert all(note.start < score.length and note.duration > 0 for note in part.notes)
        assert all(score.performed(note)[0] >= 0 for note in part.notes)
    for singer in score.vocals:
        _check_singing(singer.phrases, score)


def _check_singing(phrases: tuple[Phrase, ...], score: Score) -> None:
    notes = [note for phrase in phrases for note in phrase.notes]
    for first, second in pairwise(notes):
        assert first.start + first.duration <= second.start + 1e-9, (first, second)
    for phrase in phrases:
        section = score.sections[phrase.section]
        end = section.start + section.bars * score.metre.bar_length
        assert section.start - 1.0 <= phrase.notes[0].start < end
        places = [(note.word, note.syllable) for note in phrase.notes]
        sung = [place for n, place in enumerate(places) if n == 0 or place != places[n - 1]]
        assert sung == [(w, s) for w, word in enumerate(phrase.words) for s in range(len(word.syllables))]


def lead_phrases(score: Score) -> list[Phrase]:
    """Return what the lead sings, whoever it is, rising in time."""
    found = [phrase for part in score.vocals if part.role is Role.LEAD_VOCAL for phrase in part.phrases]
    return sorted(found, key=lambda phrase: phrase.notes[0].start)


def lead_words(score: Score) -> list[str]:
    """Return the words the lead sings, in order."""
    return [word.spoken for phrase in lead_phrases(score) for word in phrase.words]


def words_of(text: str) -> list[str]:
    """Return the words of lyrics text that the lead is to sing."""
    sections = lyrics.parse(text).sections
    return [word.spoken for s in sections for line in s.lines if not line.backing for word in line.words]


def tune(phrases: list[Phrase], start: float) -> list[tuple[float, int]]:
    """Return onsets from a beat on, and pitches."""
    return [(round(note.start - start, 6), note.pitch) for phrase in phrases for note in phrase.notes]


def in_section(score: Score, number: int) -> list[Phrase]:
    """Return the lead's phrases of a section."""
    return [phrase for phrase in lead_phrases(score) if phrase.section == number]


def check_kept(source: Song, revision: Revision) -> None:
    """Check that where sound is kept, the score says what was played there."""
    old = source.score
    for take in revision.takes:
        if not isinstance(take, Keep):
            continue
        low = old.tempo_map.beat(take.start - old.lead_in) + 1e-6
        high = old.tempo_map.beat(take.stop - old.lead_in) - 1e-6
        played = {part.name: part.notes for part in revision.score.parts}
        for part in old.parts:
            before = [(n.start, n.pitch, n.velocity, n.shift) for n in part.notes if low <= n.start < high]
            after = [
                (n.start, n.pitch, n.velocity, n.shift) for n in played.get(part.name, ()) if low <= n.start < high
            ]
            assert after == before, part.name
        for phrase in lead_phrases(old):
            if low <= phrase.notes[0].start and phrase.notes[-1].start + phrase.notes[-1].duration < high:
                assert any(p.notes == phrase.notes and p.words == phrase.words for p in lead_phrases(revision.score))


def check_takes(revision: Revision) -> None:
    """Check that takes follow one another without holes, and that the words stand in the order of time."""
    for take in revision.takes:
        assert take.stop is None or take.stop > take.start
    lead = [word for word in revision.words if word.role == Role.LEAD_VOCAL]
    assert [word.start for word in lead] == sorted(word.start for word in lead)
