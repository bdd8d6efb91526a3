"""Voicings for a player's bars: under the voice while it sings, free above it in the gaps."""

from collections.abc import Callable, Iterable

from descant.compose.band.bass import nearest
from descant.compose.band.chart import Bar
from descant.compose.band.voicing import Place, voice

LOWEST_CEILING = 55
"""A hand may always reach up to here: under a low singer there is no room for a chord above the bass, so it is voiced
around the voice, as players do for baritones."""

_ROOM = 10
"""Semitones that a hand wants under the voice to move in."""

_UNIT_BARS = 4

Voicings = dict[tuple[int, float], tuple[int, ...]]
"""Voicing by (bar number, chord start)."""


def under_voice(bar: Bar) -> int:
    """Return the highest pitch that stays under everything sung in a bar; 0 when nobody sings."""
    return max(LOWEST_CEILING, bar.low - 1) if bar.has_voice else 0


def voice_bars(
    bars: Iterable[Bar],
    voices: int,
    low: int,
    high: int,
    *,
    ceiling: Callable[[Bar], int] = under_voice,
    home: float | None = None,
    opens: float = 0.0,
    floor: int = 45,
) -> Voicings:
    """Return a voicing for each chord of each bar, led smoothly from one to the next.

    Parameters
    ----------
    bars : the bars the player plays, in order.
    voices, low, high, home : as for :func:`~descant.compose.band.voicing.voice`; a hand moves down under a low voice.
    ceiling : highest pitch allowed in a bar, 0 for none.
    floor : how low the hand may move to stay under it.
    opens : semitones by which the hand moves up where nobody sings; half of them from every second four bars on, so
        that a repeated loop comes back in another inversion.
    """
    keys = []
    places = []
    root = 36
    tops = {bar: ceiling(bar) for bar in bars}
    low = min(low, max(floor, min((top - _ROOM for top in tops.values() if top), default=low)))
    for bar, top in tops.items():
        for span in bar.chords:
            root = nearest(span.chord.bass_pitch_class, root)
            keys.append((bar.number, span.start))
            places.append(Place(span.chord, root, top, _home(bar, home, opens)))
    return dict(zip(keys, voice(places, voices, low, high, home=home), strict=True))


def _home(bar: Bar, home: float | None, opens: float) -> float:
    if home is None:
        return 0.0
    if not bar.has_voice:
        return home + opens
    return home + opens / 2 * (bar.place // _UNIT_BARS % 2)
