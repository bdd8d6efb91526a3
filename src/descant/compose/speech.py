"""Pitches of rapped and spoken lines: a speech contour, not a melody.

Sources: research/composition.md §2.8: about six semitones below the singing centre, higher on stressed syllables and
strong beats, sinking through the line and falling at its end, or rising where it asks.
"""

import numpy as np

from descant.compose.phrases import SungLine

_BELOW_SINGING = 6.0
_STRESS = 2.5
_BEAT = 1.5
_DECLINATION = 3.0


def speech_pitches(
    line: SungLine, onsets: tuple[int, ...], centre: float, rng: np.random.Generator, *, spoken: bool
) -> tuple[int, ...]:
    """Return one MIDI pitch a syllable.

    Parameters
    ----------
    onsets : slots of the syllables.
    centre : the singing centre, MIDI.
    spoken : free speech, whose contour is wider than rap's.
    """
    count = len(onsets)
    asks = line.text.rstrip("\"'”’)").endswith("?")
    pitches = []
    for i, (letter, onset) in enumerate(zip(line.classes, onsets, strict=True)):
        pitch = centre - _BELOW_SINGING - _DECLINATION * i / max(count - 1, 1)
        pitch += _STRESS * (1.3 if spoken else 1.0) if letter in "SC" else 0.0
        pitch += _BEAT if onset % 8 == 0 and not spoken else 0.0
        if i == count - 1:
            pitch += 3.0 if asks else -2.0
        pitches.append(round(pitch + rng.uniform(-0.6, 0.6)))
    return tuple(pitches)
