"""Which earlier line each line of a section recalls, how it ends, and the arc it draws.

About half of all lines share the rhythm of an earlier line while their pitches differ (measured rhythm overlap of 0.5
to 0.6 at two and four bars, pitch overlap 0.2 to 0.3): lines recall rhythm strongly and pitch more freely.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from descant.compose.choices import pick
from descant.song.lyrics import SectionKind


class LinePlan(msgspec.Struct, frozen=True):
    """The part of one line in its section.

    Attributes
    ----------
    recalls : index of the earlier line it recalls, or None.
    rhythm, pitch : strength of that recall, 0–1.
    shift : diatonic steps between the recalled pitches and these (a sequence).
    cadence : "open", "closed" or "lift".
    shape : "arch", "descent", "ascent", "valley" or "wave".
    height : semitones added to the section's middle for this line.
    """

    recalls: int | None
    rhythm: float
    pitch: float
    shift: int
    cadence: str
    shape: str
    height: float


_A, _B = (None, 0.0, 0.0), (0, 0.45, 0.0)
_SAME, _VARIED = (1.0, 1.0), (1.0, 0.55)
_Template = tuple[tuple[int | None, float, float], ...]

_QUATRAINS: dict[str, tuple[tuple[_Template, float], ...]] = {
    "verse": (
        ((_A, (0, *_VARIED), _B, (0, *_SAME)), 3.0),
        ((_A, (0, 0.5, 0.0), (0, *_SAME), (1, *_SAME)), 4.0),
    ),
    "chorus": (
        ((_A, (0, 0.5, 0.0), (0, *_SAME), (1, 0.7, 0.3)), 4.0),
        ((_A, (0, *_VARIED), _B, (0, *_SAME)), 2.0),
        ((_A, (0, 1.0, 0.8), (0, *_SAME), (0, 0.3, 0.0)), 2.0),
    ),
    "pre-chorus": (
        ((_A, (0, 1.0, 0.8), (0, 1.0, 0.6), (0, 0.5, 0.0)), 1.0),
        ((_A, (0, 1.0, 0.8), (0, 0.4, 0.0), (0, 0.7, 0.0)), 1.0),
    ),
    "bridge": (
        ((_A, (0, 0.9, 0.4), _B, (2, 0.5, 0.0)), 2.0),
        ((_A, (0, 1.0, 0.5), (0, 1.0, 0.4), (0, 0.3, 0.0)), 1.0),
    ),
}
_SHORT: dict[int, _Template] = {
    1: (_A,),
    2: (_A, (0, *_VARIED)),
    3: (_A, (0, *_VARIED), _B),
}
_SHAPES: dict[str, tuple[tuple[str, float], ...]] = {
    "verse": (("descent", 3.0), ("arch", 3.5), ("ascent", 1.5), ("valley", 1.2), ("wave", 1.5)),
    "pre-chorus": (("ascent", 5.0), ("arch", 1.5), ("wave", 1.0)),
    "chorus": (("descent", 3.5), ("arch", 4.0), ("wave", 1.5), ("ascent", 0.8)),
    "bridge": (("valley", 2.0), ("ascent", 3.0), ("wave", 1.5), ("arch", 1.5)),
}
_SEQUENCES = ((0, 3.0), (-1, 1.5), (1, 1.5), (-2, 0.5))


def plan_lines(kind: SectionKind, count: int, rng: np.random.Generator) -> tuple[LinePlan, ...]:
    """Return the plan of each of ``count`` lines of a section of this kind.

    A line that brings new pitches draws another arc than the line before it; a pre-chorus climbs by sequence.
    """
    family = _family(kind)
    plans: list[LinePlan] = []
    for i, (recalls, rhythm, pitch) in enumerate(_template(family, count, rng)):
        before = plans[-1].shape if plans else ""
        shape = pick(rng, [(name, weight if name != before else 0.0) for name, weight in _SHAPES[family]])
        shift = int(pick(rng, _SEQUENCES))
        if recalls is not None and pitch > 0.0:
            shape = plans[recalls].shape
        if family == "pre-chorus":
            shape, shift = ("ascent", i) if i else (shape, 0)
        elif not 0.0 < pitch < 0.9:
            shift = 0
        plans.append(
            LinePlan(recalls, rhythm, pitch, shift, _cadence(family, i, count), shape, _height(family, i, count))
        )
    return tuple(plans)


def _family(kind: SectionKind) -> str:
    if kind in (SectionKind.CHORUS, SectionKind.POST_CHORUS, SectionKind.DROP):
        return "chorus"
    if kind in (SectionKind.PRE_CHORUS, SectionKind.BUILD):
        return "pre-chorus"
    return "bridge" if kind in (SectionKind.BRIDGE, SectionKind.BREAK) else "verse"


def _template(family: str, count: int, rng: np.random.Generator) -> _Template:
    """Return (recalled line, rhythm, pitch) of each line: quatrains, with the remainder as a short closing group."""
    if count < 4:
        return _SHORT[count] if count else ()
    quatrain = pick(rng, _QUATRAINS.get(family, _QUATRAINS["verse"]))
    lines: list[tuple[int | None, float, float]] = list(quatrain)
    while len(lines) < count:
        i = len(lines)
        lines.append((i % 4, 1.0, 1.0 if i % 4 != 3 else 0.5))
    return tuple(lines)


def _cadence(family: str, i: int, count: int) -> str:
    if i == count - 1:
        return "lift" if family == "pre-chorus" else "closed"
    if i % 4 == 3:
        return "closed"
    return "open" if i % 2 == 1 or family != "verse" else "free"


def _height(family: str, i: int, count: int) -> float:
    if family == "pre-chorus":
        return -0.5 + 3.0 * i / max(count - 1, 1)
    if family == "bridge":
        return -0.5 + 2.0 * i / max(count - 1, 1)
    return {2: 1.0, 3: -0.8}.get(i % 4, 0.0) if count > 2 else 0.0


def contour(shape: str, positions: Sequence[float]) -> list[float]:
    """Return the height (−1…1) of a shape at positions 0…1 of a line."""
    x = np.asarray(positions, dtype=np.float64)
    heights = {
        "arch": np.sin(np.pi * np.clip(x * 1.15, 0, 1)) * 1.5 - 0.8,
        "descent": 0.75 - 1.5 * x,
        "ascent": -0.7 + 1.4 * x,
        "valley": 0.5 - 1.3 * np.sin(np.pi * x),
        "wave": 0.7 * np.sin(2 * np.pi * x + 0.4),
    }[shape]
    return [float(height) for height in heights]
