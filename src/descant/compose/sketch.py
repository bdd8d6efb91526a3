"""The song before the band: what the songwriter hands to the arranger.

Conventions: time in beats from the start of the song (a pickup into the first bar is negative), pitch in MIDI numbers.
"""

from collections.abc import Iterator
from functools import cached_property

import msgspec

from descant.song.score import ChordSpan, Fade, Note, Role, Section, SungNote, VocalPart
from descant.song.tempo import Metre, TempoChange, TempoMap
from descant.song.theory import Key


class Sketch(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Sections, chords, voices and themes of a song, before any instrument plays.

    Attributes
    ----------
    tempo, metre, key : as in the score; ``tempo`` already holds a closing ritardando.
    sections : in order and without gaps, the first at beat 0; ``bars`` are final here (a plan's are estimates).
    chords : cover beat 0 to ``length`` without gaps; a span may be shorter than a bar, never crosses a section.
    vocals : the lead first (when the song is sung), then backing parts.
    hook : the notes of the song's hook line, times counted from its first note's bar line, for intros and solos to
        quote; in the song's key. Empty only when nothing is sung and no theme was written.
    themes : one tuple of notes a section (parallel to ``sections``): a melody for the lead instrument where nobody
        sings (intros, solos, every section of an instrumental song), at song times. Empty where the voice sings.
    ending : "ring" (the last chord rings through the last bar), "ritardando" (the same, slowing), "stop" (everyone
        stops on the first beat of the last bar) or "fade".
    length : beats to the end of the last bar.
    fade : the fade-out, or None.
    """

    tempo: tuple[TempoChange, ...]
    metre: Metre
    key: Key
    sections: tuple[Section, ...]
    chords: tuple[ChordSpan, ...]
    vocals: tuple[VocalPart, ...]
    hook: tuple[Note, ...]
    themes: tuple[tuple[Note, ...], ...]
    length: float
    ending: str = "ring"
    fade: Fade | None = None

    @cached_property
    def tempo_map(self) -> TempoMap:
        """The song's tempo map, in seconds after beat 0."""
        return TempoMap(self.tempo)

    @property
    def lead_notes(self) -> Iterator[SungNote]:
        """All notes of the lead, whoever sings them, rising in time."""
        phrases = [p for part in self.vocals if part.role is Role.LEAD_VOCAL for p in part.phrases]
        for phrase in sorted(phrases, key=lambda phrase: phrase.notes[0].start):
            yield from phrase.notes
