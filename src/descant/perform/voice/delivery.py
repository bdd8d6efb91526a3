"""Ways to deliver a line other than singing it: rapped, spoken, shouted, screamed, whispered.

What talk, call and whisper change against song: talk keeps the speech melody and lies lower; a call is brighter by
several dB an octave, has a raised first formant and an uneven glottal cycle (Schulman 1989; Traunmüller & Eriksson
2000); a whisper is breath alone, its vowels 15–20 dB under its consonants' usual distance and its spectrum flat because
the glottal slope is gone (Tartter 1989; Jovičić 1998).
"""

from dataclasses import dataclass

import msgspec

from descant.perform.voice.pitch import Talk
from descant.perform.voice.voices import Timbre


@dataclass(frozen=True)
class Delivery:
    """What a way of delivering changes.

    Attributes
    ----------
    talk : how the melody of speech is used, or None for a sung melody.
    call : cents by which each syllable rises into its note and the last one falls.
    bend : added to the voice's timbre, by name of its figures; ``warp`` multiplies.
    """

    talk: Talk | None = None
    call: float = 0.0
    bend: tuple[tuple[str, float], ...] = ()

    def timbre(self, timbre: Timbre) -> Timbre:
        """Return ``timbre`` bent for this delivery."""
        figures = msgspec.structs.asdict(timbre)
        for name, change in self.bend:
            figures[name] = figures[name] * change if name == "warp" else figures[name] + change
        for name in ("breath", "roughness", "growl", "whisper"):
            figures[name] = min(max(figures[name], 0.0), 1.0)
        return Timbre(**figures)


_SUNG = Delivery()
_WAYS = {
    "sung": _SUNG,
    "rap": Delivery(
        talk=Talk(written=0.35, reach=6.0), bend=(("presence", 1.5), ("consonants", 1.5), ("breath", -0.03))
    ),
    "spoken": Delivery(
        talk=Talk(written=0.2, reach=2.0), bend=(("presence", -1.0), ("consonants", 1.0), ("level", -1.5))
    ),
    "shouted": Delivery(
        call=70.0,
        bend=(("tilt", 1.8), ("presence", 3.0), ("warp", 1.025), ("roughness", 0.4), ("level", 4.0)),
    ),
    "screamed": Delivery(
        call=110.0,
        bend=(
            ("tilt", 2.6),
            ("presence", 4.0),
            ("warp", 1.04),
            ("breath", 0.45),
            ("roughness", 0.5),
            ("growl", 1.0),
            ("consonants", 3.0),
            ("level", 3.0),
        ),
    ),
    "whispered": Delivery(
        talk=Talk(written=0.0, reach=0.0),
        bend=(("whisper", 1.0), ("tilt", 2.5), ("consonants", 5.0), ("presence", -1.0), ("level", -8.0)),
    ),
}


def delivery(name: str) -> Delivery:
    """Return the delivery of a phrase's ``delivery``; one that is not known is sung."""
    return _WAYS.get(name, _SUNG)
