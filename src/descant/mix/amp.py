"""A guitar amplifier and its cabinet.

General MIDI distortion samples keep one tone at every dynamic; a clean guitar through two bent stages does not.
The chain: tighten the lows, push the middle, gate, two saturated stages with a coupling filter between them, tone,
cabinet. The cabinet is a drawn minimum-phase curve (second-order sections), so no recorded impulse and no licence.
"""

from dataclasses import dataclass

import numpy as np

from descant.mix.dynamics import Expander
from descant.mix.filters import Filter, Section, high_pass, high_shelf, low_pass, low_shelf, peak
from descant.mix.levels import Audio
from descant.mix.saturation import LATENCY, Saturator


@dataclass(frozen=True)
class Voicing:
    """An amplifier's character: dB of drive into each stage, and the shelf and bell that voice it."""

    first: float
    second: float
    bass: float
    middle: float
    treble: float
    gate: float


VOICINGS = {
    "edge": Voicing(first=10.0, second=5.0, bass=1.0, middle=1.0, treble=1.0, gate=-70.0),
    "crunch": Voicing(first=13.0, second=6.0, bass=3.0, middle=0.5, treble=3.0, gate=-60.0),
    "lead": Voicing(first=27.0, second=13.0, bass=5.0, middle=0.0, treble=4.0, gate=-52.0),
}
"""Amplifiers by name; drives are for a part staged at −20 LUFS."""


def _cabinet() -> list[Section]:
    return [
        high_pass(85.0, 0.9),
        peak(130.0, 2.5, 1.2),
        peak(420.0, -3.0, 0.9),
        peak(2600.0, 3.0, 1.2),
        low_pass(4700.0, 1.1),
        low_pass(5600.0, 0.7),
    ]


class Amplifier:
    """An amplifier with a microphone before its cabinet. Delays by ``2 × saturation.LATENCY`` samples.

    Parameters
    ----------
    name : a key of :data:`VOICINGS`.
    """

    def __init__(self, name: str, channels: int = 1) -> None:
        if name not in VOICINGS:
            raise ValueError(f"no amplifier {name!r}; there are {', '.join(VOICINGS)}")
        voicing = VOICINGS[name]
        self._input = Filter([high_pass(100.0), peak(750.0, 4.0, 0.6)], channels)
        self._gate = Expander(voicing.gate, ratio=2.0, depth=30.0)
        self._first = Saturator(voicing.first, bias=0.15, channels=channels, restore=False)
        self._coupling = Filter([high_pass(60.0, 0.6), low_pass(8500.0, 0.6)], channels)
        self._second = Saturator(voicing.second, bias=-0.1, channels=channels, restore=False)
        tone = [low_shelf(160.0, voicing.bass), peak(900.0, voicing.middle, 0.7), high_shelf(3200.0, voicing.treble)]
        self._output = Filter([*tone, *_cabinet()], channels)
        self._channels = channels

    def process(self, audio: Audio) -> Audio:
        """Amplify ``audio`` in place."""
        self._gate.process(self._input.process(audio))
        self._coupling.process(self._first.process(audio))
        return self._output.process(self._second.process(audio))

    def process_aligned(self, audio: Audio) -> Audio:
        """Amplify a whole signal in place, without the latency."""
        late = 2 * LATENCY
        tail = np.zeros((late, self._channels), np.float32)
        self.process(audio)
        self.process(tail)
        joined = np.concatenate([audio[late:], tail])
        audio[:] = joined[: len(audio)]
        return audio
