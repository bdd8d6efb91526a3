"""The shape a line of melody has while it is being written: slots, pitches, syllables."""

import msgspec

from descant.compose.grid import SLOT
from descant.compose.lineplans import LinePlan
from descant.compose.phrases import SungLine
from descant.song.lyrics import SectionKind


class LineTask(msgspec.Struct, frozen=True, kw_only=True):
    """A line to write.

    Attributes
    ----------
    section, index : its section in the song and its place among that section's lines.
    kind : the section's kind.
    start, slots : its window, in slots from the start of the song.
    line, plan : its words and its part in the section.
    tonic, minor, scale, lift : the section's key; ``lift`` in semitones against the song's key.
    last : whether it ends the section.
    tail : slots after its window that its last note may ring into; more than 0 only where it ends the song.
    """

    section: int
    index: int
    kind: SectionKind
    start: int
    slots: int
    line: SungLine
    plan: LinePlan
    tonic: int
    minor: bool
    scale: tuple[int, ...]
    lift: int = 0
    last: bool = False
    tail: int = 0

    @property
    def final(self) -> bool:
        """Whether the line ends the song, over a closing tonic."""
        return self.tail > 0


class WrittenLine(msgspec.Struct, frozen=True):
    """A line with its notes: parallel tuples over notes; onsets count slots from the line's window.

    ``places`` holds (word, syllable) of each note; a repeated place is a melisma.
    """

    task: LineTask
    onsets: tuple[int, ...]
    lengths: tuple[int, ...]
    pitches: tuple[int, ...]
    places: tuple[tuple[int, int], ...]

    @property
    def end(self) -> int:
        """Slot, from the line's window, at which its last note stops."""
        return self.onsets[-1] + self.lengths[-1]

    @property
    def syllable_onsets(self) -> tuple[int, ...]:
        """Onsets without the inner notes of melismas."""
        return tuple(o for i, o in enumerate(self.onsets) if i == 0 or self.places[i] != self.places[i - 1])

    def beat(self, note: int) -> float:
        """Return the song beat of a note."""
        return (self.task.start + self.onsets[note]) * SLOT
