"""Words that were heard, on the notes that were sung to them: one phrase a line of the lyrics.

A word takes the notes that begin while it lasts. Its syllables share them; where it has fewer notes than syllables, its
longest note is sung as two, and a word in which no note was heard gets one at the pitch of the note next to it.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

import msgspec

from descant.compose.grid import SLOT
from descant.edit.heard.beats import BeatMap
from descant.edit.heard.parts import Placed, section_at
from descant.song.lyrics import Line, Lyrics, Word
from descant.song.score import Phrase, Section, SungNote
from descant.song.tempo import TempoMap
from descant.song.transcription import HeardWord

_AHEAD = 0.12  # seconds by which a note may begin before its word does
_LONG = 2.0  # seconds that a word is held at most where no note says how long


class _Event(msgspec.Struct):
    """A note to be of a word."""

    start: float
    stop: float
    pitch: int
    velocity: int
    shift: float


def sung_lines(
    words: Sequence[HeardWord], lyrics: Lyrics, melody: Sequence[Placed], sections: Sequence[Section], beats: BeatMap
) -> tuple[tuple[Phrase, ...], list[Placed]]:
    """Return the lines of lyrics as sung, and the notes of the melody that no word was sung to."""
    clock = TempoMap(beats.tempo)
    left = list(melody)
    phrases: list[Phrase] = []
    for (section, number), group in groupby(words, key=lambda word: (word.section, word.line)):
        line = _line(lyrics, section, number)
        if line is None:
            continue
        notes: list[SungNote] = []
        heard = _told(line, group)
        for index, (written, word) in enumerate(heard):
            after = heard[index + 1][1].start if index + 1 < len(heard) else word.stop + _AHEAD
            events, left = _notes_of(word, after, written, left, melody, clock, beats)
            notes += _syllables(index, written, events)
        notes = _rising(notes)
        if notes:
            middle = (notes[0].start + notes[-1].start + notes[-1].duration) / 2
            sung = tuple(written for written, _ in heard)
            phrases.append(Phrase(line.text, sung, tuple(notes), section_at(middle, sections), line.language))
    return tuple(sorted(phrases, key=lambda phrase: phrase.notes[0].start)), left


def _line(lyrics: Lyrics, section: int, number: int) -> Line | None:
    if section >= len(lyrics.sections) or number >= len(lyrics.sections[section].lines):
        return None
    line = lyrics.sections[section].lines[number]
    return line if line.words else None


def _told(line: Line, heard: Iterable[HeardWord]) -> list[tuple[Word, HeardWord]]:
    """Return the lead's words that were heard, in order, each with its time from its first piece to its last.

    Words sung as one ("que el") are heard in pieces, those that an aligner cannot say are missing, and the echo's come
    after the lead's, so each is found by its text among the words that are left.
    """
    pieces = [(index, text) for index, word in enumerate(line.words) for text in word.text.split()]
    times: dict[int, HeardWord] = {}
    next_piece = 0
    for word in heard:
        for text in word.text.split():
            place = next((n for n in range(next_piece, len(pieces)) if pieces[n][1] == text), None)
            if place is not None:
                index, next_piece = pieces[place][0], place + 1
                times[index] = msgspec.structs.replace(times.get(index, word), stop=word.stop)
    return [(line.words[index], word) for index, word in times.items()]


def _notes_of(
    word: HeardWord,
    after: float,
    written: Word,
    left: list[Placed],
    melody: Sequence[Placed],
    clock: TempoMap,
    beats: BeatMap,
) -> tuple[list[_Event], list[Placed]]:
    """Return the notes of a word, as many as it has syllables at least, and what is left of the melody."""

    def seconds(note: Placed) -> float:
        return beats.lead_in + clock.seconds(note.start) + note.shift

    stop = max(word.start + 0.05, min(word.stop, word.start + _LONG, after))
    own = [note for note in left if word.start - _AHEAD <= seconds(note) < max(stop, after) - _AHEAD]
    rest = [note for note in left if note not in own]
    events = [_Event(n.start, n.start + n.duration, n.pitch, n.velocity, n.shift) for n in own]
    if not events:
        near = min(melody, key=lambda note: abs(seconds(note) - word.start), default=None)
        at = round(clock.beat(word.start - beats.lead_in) / SLOT) * SLOT
        end = max(at + SLOT, clock.beat(stop - beats.lead_in))
        pitch, velocity = (near.pitch, near.velocity) if near is not None else (60, 80)
        events = [_Event(at, end, pitch, velocity, 0.0)]
    while len(events) < len(written.syllables):
        longest = max(range(len(events)), key=lambda n: (events[n].stop - events[n].start, -n))
        event = events[longest]
        half = event.start + max(SLOT, round((event.stop - event.start) / 2 / SLOT) * SLOT)
        events[longest : longest + 1] = [
            _Event(event.start, half, event.pitch, event.velocity, event.shift),
            _Event(half, max(event.stop, half + SLOT), event.pitch, event.velocity, event.shift),
        ]
    return events, rest


def _syllables(index: int, word: Word, events: Sequence[_Event]) -> list[SungNote]:
    count = len(word.syllables)
    return [
        SungNote(e.start, e.stop - e.start, e.pitch, index, n * count // len(events), e.velocity, e.shift)
        for n, e in enumerate(events)
    ]


def _rising(notes: Sequence[SungNote]) -> list[SungNote]:
    """Return the notes of a line one after the other, a sixteenth apart at least."""
    placed: list[SungNote] = []
    for note in notes:
        start = max(note.start, placed[-1].start + SLOT) if placed else note.start
        if placed and placed[-1].start + placed[-1].duration > start:
            placed[-1] = msgspec.structs.replace(placed[-1], duration=start - placed[-1].start)
        shift = note.shift if start == note.start else 0.0
        stop = max(start + SLOT / 2, note.start + note.duration)
        placed.append(msgspec.structs.replace(note, start=start, duration=stop - start, shift=shift))
    return placed
