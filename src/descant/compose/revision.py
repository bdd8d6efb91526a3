"""What a songwriter changes after holding a draft of the lead against the measures of charted songs.

Each measure that a draft misses asks for a change of the manner in which the next one is written: a melody that stays
too narrow is given more span, a verse sparser than its chorus is filled, words stressed wrongly weigh more.
"""

from collections.abc import Callable, Mapping

import msgspec

from descant.compose.manner import Manner
from descant.compose.metrics import GATES
from descant.song.lyrics import SectionKind

_LEAST_RISE, _FLATTER, _STEEPER = 0.5, 0.5, 1.4  # semitones; factors on the rise from verse to chorus
_WIDER, _ACCENTED = 1.4, 1.6
_LOOSER, _CLOSER = 0.5, 1.5  # factors on harmony; the second on recall too
_FILLED = 0.3  # probability of a melisma added to a kind of section that is sparse
_REPETITION = 0.5  # cost
_FREER = 0.75  # factor on recall
_CLOSEST = 6.0  # recall
_TAKES = 2  # attempts at each line of a later draft


def revised(manner: Manner, found: Mapping[str, float]) -> Manner:
    """Return the manner for the next draft.

    Parameters
    ----------
    found : the measures the last draft missed, see :func:`descant.compose.metrics.failures`.
    """
    manner = msgspec.structs.replace(manner, takes=_TAKES)
    for name, value in found.items():
        low, high = _CHANGES.get(name, (None, None))
        change = low if value < GATES[name][0] else high
        if change is not None:
            manner = change(manner)
    return manner


_Change = Callable[[Manner], Manner]


def _closer(manner: Manner) -> Manner:
    """Recall more closely, though never so that an earlier line's onsets outweigh the order of the syllables."""
    return msgspec.structs.replace(manner, recall=min(_CLOSEST, _CLOSER * manner.recall))


def _scaled(field: str, factor: float) -> _Change:
    return lambda manner: msgspec.structs.replace(manner, **{field: factor * getattr(manner, field)})


def _filled(*kinds: SectionKind) -> _Change:
    def change(manner: Manner) -> Manner:
        more = {kind: manner.filling.get(kind, 0.0) + _FILLED for kind in kinds}
        return msgspec.structs.replace(manner, filling={**manner.filling, **more})

    return change


def _repeating(cost: float) -> _Change:
    return lambda manner: msgspec.structs.replace(manner, repeat_cost=manner.repeat_cost + cost)


def _rising(manner: Manner) -> Manner:
    return msgspec.structs.replace(manner, rise=_STEEPER * max(manner.rise, _LEAST_RISE))


_CHORUSES = _filled(SectionKind.CHORUS, SectionKind.POST_CHORUS)
_VERSES = _filled(SectionKind.VERSE)

_CHANGES: dict[str, tuple[_Change | None, _Change | None]] = {
    "range": (_scaled("span", _WIDER), _scaled("span", 1 / _WIDER)),
    "chorus rise": (_rising, _scaled("rise", _FLATTER)),
    "chorus density": (_CHORUSES, _VERSES),
    "strong chord tones": (_scaled("harmony", _CLOSER), _scaled("harmony", _LOOSER)),
    "stress stronger": (_scaled("accent", _ACCENTED), None),
    "stress weaker": (None, _scaled("accent", _ACCENTED)),
    "repeated notes": (_repeating(-_REPETITION), _repeating(_REPETITION)),
    "final lengthening": (_scaled("ending", _WIDER), _scaled("ending", 1 / _WIDER)),
    "bar rhythm repetition": (_closer, _scaled("recall", _FREER)),
    "bar melody repetition": (_closer, _scaled("recall", _FREER)),
    "verse rhythm likeness": (_closer, None),
    "verse likeness": (_closer, _scaled("recall", _FREER)),
    "verse-chorus likeness": (None, _rising),
}
"""Measure to the change that a value under, and one over its range asks for."""
