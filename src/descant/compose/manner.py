"""How one singer or player phrases a song: range, registers of the sections, temperature."""

import math
from collections.abc import Mapping

import msgspec

from descant.song.lyrics import SectionKind

_SHORTEST_REST = 0.25  # seconds between lines
_UNDER_PEAK = 5.0  # semitones from the chorus's top to its middle
BELOW_PEAK: dict[SectionKind, int] = {
    SectionKind.CHORUS: 0,
    SectionKind.POST_CHORUS: 1,
    SectionKind.BRIDGE: 0,
    SectionKind.SOLO: -2,
    SectionKind.VERSE: 3,
}
"""Semitones under the chorus's peak at which each section's ceiling lies; 2 where not named."""


class Manner(msgspec.Struct, frozen=True, kw_only=True):
    """How one singer or player phrases this song.

    Attributes
    ----------
    seed, name : the song's seed, and the name its decisions are drawn under.
    low, high, centre : range and middle, MIDI.
    rise : semitones from verse to chorus; ``span`` a factor on melodic range.
    peak : top of the chorus, MIDI, before any lift.
    syncopation, melisma, weirdness : 0–1.
    seconds_per_slot : length of a sixteenth.
    hook : (section, index) of the line written first, or None.
    repeat_cost : cost of a repeated note, which an instrument needs less than a voice that has words.
    takes : attempts at each line, of which the best stays.
    accent : factor on what metre asks of stressed syllables.
    harmony : factor on the cost of notes foreign to their chords.
    recall : factor on the pull of the lines that a line recalls.
    ending : factor on the length of a line's last note.
    lean : cost of each degree, semitones above the tonic, beyond what melodies usually favour.
    filling : section kind to probability of a melisma on a long syllable, beyond the style's.
    """

    seed: int
    name: str
    low: int
    high: int
    centre: float
    rise: float
    span: float
    peak: int
    syncopation: float
    melisma: float
    weirdness: float
    seconds_per_slot: float
    hook: tuple[int, int] | None = None
    repeat_cost: float = 0.0
    takes: int = 3
    accent: float = 1.0
    harmony: float = 1.0
    recall: float = 1.0
    ending: float = 1.0
    lean: tuple[float, ...] = (0.0,) * 12
    filling: Mapping[SectionKind, float] = {}

    @property
    def temperature(self) -> float:
        """Sampling temperature of rhythm: 1 draws from the measured shares."""
        return 0.55 + 0.7 * (0.35 + 0.9 * self.weirdness)

    @property
    def rest(self) -> int:
        """Slots of silence that must part two lines."""
        return max(2, math.ceil(_SHORTEST_REST / self.seconds_per_slot - 1e-9))

    def middle(self, kind: SectionKind) -> float:
        """Return the pitch a section of this kind moves around."""
        lean = {
            SectionKind.VERSE: -0.5,
            SectionKind.PRE_CHORUS: -0.15,
            SectionKind.BUILD: -0.1,
            SectionKind.CHORUS: 0.5,
            SectionKind.POST_CHORUS: 0.4,
            SectionKind.DROP: 0.5,
            SectionKind.BRIDGE: 0.2,
            SectionKind.SOLO: 0.6,
            SectionKind.OUTRO: 0.0,
        }.get(kind, -0.3)
        middle = self.centre + lean * self.rise
        return (
            (middle + self.peak - _UNDER_PEAK) / 2 if kind in (SectionKind.CHORUS, SectionKind.POST_CHORUS) else middle
        )
