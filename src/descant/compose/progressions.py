"""Which progression each kind of section uses: drawn from the style, and clear about its key.

A loop may dwell on any chord as long as the song as a whole says where home is: several drafts of a song's progressions
are drawn, and the first whose pitch classes let a key finder name the key is kept. Where a style's loops all lean
elsewhere, one of them is grounded: turned to begin at home, or closed at home or on the dominant every second time.
"""

from collections.abc import Mapping

import msgspec
import numpy as np

from descant.compose import tonality
from descant.compose.choices import pick
from descant.compose.chords import Painter, write_chords
from descant.compose.styles.writing import WritingStyle
from descant.song.lyrics import SectionKind
from descant.song.plan import Plan
from descant.song.streams import stream
from descant.song.theory import Key

_DRAFTS = 16
_GROUNDINGS = 3  # progressions of a song that may be turned or closed
_CLEAR = 0.17
"""Clarity (:func:`tonality.clarity`) of the chords at which the finished mix is heard in its key: the mix departs from
its chords' clarity by about 0.06 (standard deviation)."""
_LOST = 0.08
"""Clarity that a song of sevenths and ninths alone may lose: there the departure is half as large again."""
_UNPROFILED = ("phrygian dominant",)
"""Modes a key finder cannot tell: it knows major and minor alone, and hears home in the fourth of such a song."""
_BORROWING = (SectionKind.INTRO, SectionKind.OUTRO, SectionKind.POST_CHORUS, SectionKind.SOLO)
_OPEN = frozenset({SectionKind.PRE_CHORUS, SectionKind.BRIDGE, SectionKind.BUILD})
"""Kinds that lead elsewhere and are never grounded."""
_CLOSES = {
    "major": (("I",), ("V",), ("V", "I"), ("IV", "I"), ("IV", "V"), ("I", "I")),
    "minor": (("i",), ("V",), ("V", "i"), ("iv", "i"), ("iv", "V"), ("i", "i")),
    "dorian": (("i",), ("IV", "i"), ("bVII", "i"), ("v", "i"), ("i", "i")),
}
_HOME = {"major": ("I", "I/3", "Imaj7", "Iadd9", "I7", "I6"), "minor": ("i", "i7", "i9", "im", "iadd9")}

Choice = dict[SectionKind, str]


def with_progressions(plan: Plan, style: WritingStyle, strict: float) -> Plan:
    """Return the plan with a progression for each section: one a kind, the chorus's unlike the verse's.

    Parameters
    ----------
    strict : how closely the style's likeliest progressions are kept to, see :func:`choices.sharpness`.
    """
    if plan.key.mode in _UNPROFILED:
        return _using(plan, _draw(plan, style, strict, 0))
    painter = Painter(plan, style)
    best, best_clarity = plan, -2.0
    for draft in range(_DRAFTS):
        drafted = _using(plan, _draw(plan, style, strict, draft))
        clarity = _clarity(drafted, style, painter)
        if clarity > best_clarity:
            best, best_clarity = drafted, clarity
        if clarity >= _CLEAR:
            return drafted
    return _grounded(best, best_clarity, style, painter)


def _using(plan: Plan, chosen: Mapping[SectionKind, str]) -> Plan:
    sections = tuple(msgspec.structs.replace(section, progression=chosen[section.kind]) for section in plan.sections)
    return msgspec.structs.replace(plan, sections=sections)


def _clarity(plan: Plan, style: WritingStyle, painter: Painter) -> float:
    """Return how clearly the song's chords say its key, less what chords of many tones may lose in the playing."""
    spans = write_chords(plan, style, [section.bars for section in plan.sections], 0, painter)
    rich = sum(span.duration for span in spans if len(span.chord.pitch_classes) > 3) / sum(s.duration for s in spans)
    return tonality.clarity(tonality.chords_weights(spans), plan.key) - _LOST * rich


def _family(key: Key) -> str:
    return "minor" if key.is_minor else "major"


def table_of(style: WritingStyle, key: Key) -> str:
    """Return the name of the style's progressions for a key: its mode's own where it lists any, else its family's."""
    return key.mode if key.mode in style.progressions else _family(key)


def _draw(plan: Plan, style: WritingStyle, strict: float, draft: int) -> Choice:
    """Return a progression for each kind of section."""
    seed, key = plan.seed, plan.key
    named = f".draft{draft}" if draft else ""
    chosen: Choice = {}
    order = sorted(
        {section.kind for section in plan.sections}, key=lambda kind: (kind is not SectionKind.VERSE, kind.value)
    )
    for kind in order:
        if kind in _BORROWING:
            continue
        table = style.section_progressions(table_of(style, key), kind.value)
        taken = {chosen[SectionKind.VERSE]} if kind is SectionKind.CHORUS and SectionKind.VERSE in chosen else set()
        fresh = [(text, weight) for text, weight in table if text not in taken] or list(table)
        chosen[kind] = pick(stream(seed, f"plan.progression.{kind.value}{named}"), fresh, sharpness=strict)
    chorus = chosen.get(SectionKind.CHORUS) or next(
        iter(chosen.values()), style.section_progressions(table_of(style, key), "chorus")[0][0]
    )
    verse = chosen.get(SectionKind.VERSE, chorus)
    rng = stream(seed, "plan.progression.borrowed")
    for kind in _BORROWING:
        from_verse = rng.random() < (0.5 if kind in (SectionKind.INTRO, SectionKind.SOLO) else 0.0)
        chosen[kind] = verse if from_verse else chorus
    return chosen


def _grounded(plan: Plan, clarity: float, style: WritingStyle, painter: Painter) -> Plan:
    """Return the plan with as few progressions grounded as make the key clear, else as clear as can be."""
    best = plan
    for _ in range(_GROUNDINGS):
        olds = dict.fromkeys(s.progression for s in best.sections if s.kind not in _OPEN)
        options = [
            _using(best, {s.kind: turned if s.progression == old else s.progression for s in best.sections})
            for old in olds
            for turned in _turns(old, plan.key)
        ]
        scores = [_clarity(option, style, painter) for option in options]
        clear = [i for i, score in enumerate(scores) if score >= _CLEAR]
        if clear:
            return options[clear[0]]
        top = int(np.argmax(scores)) if scores else 0
        if not scores or scores[top] <= clarity:
            return best
        best, clarity = options[top], scores[top]
    return best


def _turns(text: str, key: Key) -> list[str]:
    """Return a progression's grounded versions, the least changed first: begun at home; closed every second time."""
    bars = text.split()
    home = [i for i, bar in enumerate(bars) if bar in _HOME[_family(key)]]
    turned = [" ".join(bars[i:] + bars[:i]) for i in home[:1] if i > 0]
    if len(bars) > 8:
        return turned
    for start in (bars, turned[0].split()) if turned else (bars,):
        twice = start if len(start) > 4 else start + start
        turned += [
            " ".join([*twice[: -len(close)], *close])
            for close in _CLOSES.get(key.mode, _CLOSES[_family(key)])
            if len(close) < len(twice)
        ]
    return [option for option in turned if option != text]
