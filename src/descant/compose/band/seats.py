"""Where each chordal seat lies: registers that keep keyboards, guitars and winds out of one another's way.

All of them stay under the voice while it sings, so the room is narrow: seats differ in how many notes they play and in
the pitch they gather around, and spread out upwards where nobody sings.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from descant.compose.band.chart import Bar
from descant.compose.band.harmony import Voicings, voice_bars
from descant.compose.styles.band import Layer


@dataclass(frozen=True, slots=True)
class Hand:
    """A hand: notes a chord, lowest and highest pitch, the pitch it gathers around, and how far it opens in gaps.

    ``floor`` is how low it may move under a low voice.
    """

    voices: int
    low: int
    high: int
    home: float
    opens: float
    floor: int = 45

    def voicings(self, bars: Iterable[Bar]) -> Voicings:
        """Return the hand's voicing of each chord."""
        return voice_bars(bars, self.voices, self.low, self.high, home=self.home, opens=self.opens, floor=self.floor)


_HANDS = {
    "comp": Hand(4, 48, 74, 58, 4),
    "comp2": Hand(3, 55, 79, 65, 9),
    "guitar": Hand(4, 48, 72, 56, 0),
    "guitar2": Hand(3, 52, 79, 64, 9),
    "horns": Hand(3, 56, 79, 66, 4),
}


def hand(name: str, seat: Layer | None, *, lowest: int = 0) -> Hand:
    """Return the hand of a layer, as the style's seat changes it; nothing under ``lowest``."""
    usual = _HANDS.get(name, _HANDS["comp2"])
    home, voices = usual.home, usual.voices
    if seat is not None:
        home, voices = seat.home or home, seat.voices or voices
    shift = home - usual.home
    low = max(lowest, round(usual.low + min(0, shift)))
    return Hand(
        voices, low, max(low + 20, round(usual.high + max(0, shift))), home, usual.opens, max(usual.floor, lowest)
    )
