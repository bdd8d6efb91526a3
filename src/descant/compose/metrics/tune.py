"""The lead voice of a score as arrays, for the metrics to read."""

from functools import cached_property

import msgspec
import numpy as np
from numpy.typing import NDArray

from descant.compose.grid import SLOT, Grid
from descant.song.lyrics import MELODIC, SectionKind
from descant.song.score import Phrase, Role, Score, SungNote
from descant.song.theory import QUALITIES, Chord

_FAR = 2.0
"""Beats of gap from which two notes make no interval."""


class Tune(msgspec.Struct, frozen=True, dict=True):
    """The lead's notes, in time order, with what stands around each."""

    score: Score

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        """The lead's phrases that have pitch: rapped and spoken ones are left out."""
        return tuple(phrase for phrase in self.all_phrases if phrase.delivery in MELODIC)

    @cached_property
    def all_phrases(self) -> tuple[Phrase, ...]:
        """All of the lead's phrases, whoever sings them, rising in time."""
        phrases = [p for part in self.score.vocals if part.role is Role.LEAD_VOCAL for p in part.phrases]
        return tuple(sorted(phrases, key=lambda phrase: phrase.notes[0].start if phrase.notes else 0.0))

    @cached_property
    def notes(self) -> tuple[SungNote, ...]:
        """The lead's pitched notes."""
        return tuple(note for phrase in self.phrases for note in phrase.notes)

    @cached_property
    def starts(self) -> NDArray[np.float64]:
        """Onsets in beats."""
        return np.array([note.start for note in self.notes])

    @cached_property
    def stops(self) -> NDArray[np.float64]:
        """Ends in beats."""
        return np.array([note.start + note.duration for note in self.notes])

    @cached_property
    def pitches(self) -> NDArray[np.int64]:
        """MIDI pitches."""
        return np.array([note.pitch for note in self.notes], dtype=np.int64)

    @cached_property
    def joined(self) -> NDArray[np.bool_]:
        """For each note but the last, whether the next follows within :data:`_FAR` beats."""
        return np.asarray(self.starts[1:] - self.stops[:-1] < _FAR)

    @cached_property
    def intervals(self) -> NDArray[np.int64]:
        """Signed semitones between neighbouring notes that are joined."""
        return np.asarray(np.diff(self.pitches)[self.joined])

    @cached_property
    def grid(self) -> Grid:
        """The metre's grid."""
        return Grid(self.score.metre)

    @cached_property
    def levels(self) -> NDArray[np.int64]:
        """Metrical level of each note."""
        return self.grid.levels(np.round(self.starts / SLOT).astype(np.int64))

    @cached_property
    def chord_tone(self) -> NDArray[np.bool_]:
        """Whether each note belongs to its chord; an anticipation may belong to the chord it is held into.

        Root to seventh count: the songs measured have triads and sevenths, and a ninth over them is a tension.
        """
        spans = self.score.chords
        edges = np.array([span.start for span in spans])
        flags = []
        for note in self.notes:
            i = max(0, int(np.searchsorted(edges, note.start + 1e-6, side="right")) - 1)
            tones = _structural(spans[i].chord)
            ahead = i + 1 < len(spans) and spans[i + 1].start - note.start <= 0.5
            if ahead and note.start + note.duration > spans[i + 1].start:
                tones |= _structural(spans[i + 1].chord)
            flags.append(note.pitch % 12 in tones)
        return np.array(flags)

    def section_notes(self, section: int) -> list[SungNote]:
        """Return the notes sung in one section."""
        return [note for phrase in self.phrases if phrase.section == section for note in phrase.notes]

    def sections_of(self, kind: SectionKind) -> list[int]:
        """Return the indices of the sections of a kind in which the lead sings."""
        sung = {phrase.section for phrase in self.phrases}
        return [i for i, section in enumerate(self.score.sections) if section.kind is kind and i in sung]

    def onset_set(self, section: int, *, pitched: bool) -> set[tuple[int, int]]:
        """Return the section's (slot within it, pitch less the section's lift), or pitch 0 for rhythm alone."""
        info = self.score.sections[section]
        lift = (info.key.tonic - self.score.key.tonic) % 12
        return {
            (round((note.start - info.start) / SLOT), (note.pitch - lift) if pitched else 0)
            for note in self.section_notes(section)
        }


def _structural(chord: Chord) -> set[int]:
    return {(chord.root + step) % 12 for step in QUALITIES[chord.quality] if step < 12}
