"""Half-time and double-time: the tempo stays, the beat is felt at half or twice the speed.

A pattern is read at another rate: in half-time two bars of the song hold one bar of the pattern, so that the backbeat
falls on the third beat and chords and bass move half as often; in double-time a bar holds two, of bass and chords only
where they are calm enough. Cymbals and shakers keep
their own rate: it is kick and snare against them that make a feel.
"""

from descant.compose.styles.notation import density, steps_of

HALF, DOUBLE = "half", "double"
_RATES = {HALF: 0.5, DOUBLE: 2.0}
_TIES = ".=~"
_BUSIEST = 4.5  # strokes a bar of a pattern that can still be played twice as fast
STEADY = frozenset(
    {
        "hat",
        "pedal_hat",
        "open_hat",
        "ride",
        "bell",
        "crash",
        "crash2",
        "china",
        "splash",
        "shaker",
        "tambourine",
        "cabasa",
    }
)
"""Drums that keep their rate."""


def struck_steps(text: str, steps: int, place: int, feel: str) -> str:
    """Return a drum pattern's characters for a bar of ``steps`` sixteenths, ``place`` bars into its section."""
    return _read(text, steps, place, feel, tied=False)


def held_steps(text: str, steps: int, place: int, feel: str) -> str:
    """Return the same of a pattern whose notes may be tied."""
    return _read(text, steps, place, feel, tied=True)


def cycle(bars: int, feel: str) -> int:
    """Return after how many bars of a song a pattern of ``bars`` bars begins again."""
    return max(1, round(bars / _RATES.get(feel, 1.0)))


def _read(text: str, steps: int, place: int, feel: str, *, tied: bool) -> str:
    if feel == HALF:
        middle = steps // 2
        whole = steps_of(text, steps, place // 2)
        part = whole[:middle] if place % 2 == 0 else whole[middle:]
        return "".join(c + ("." if c == "." or not tied else "=") for c in part)[:steps].ljust(steps, ".")
    if feel == DOUBLE and (not tied or density(text) <= _BUSIEST):
        both = steps_of(text, steps, 2 * place) + steps_of(text, steps, 2 * place + 1)
        return "".join(_stronger(both[i], both[i + 1]) for i in range(0, 2 * steps, 2))
    return steps_of(text, steps, place)


def _stronger(first: str, second: str) -> str:
    """Return which of two neighbouring characters is struck where there is room for one."""
    return second if first in _TIES and second not in _TIES and first == "." else first
