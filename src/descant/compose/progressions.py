"""Which progression each kind of section uses: drawn from the style, and clear about its key.

A loop may dwell on any chord as long as the song as a whole says where home is: several drafts of a song's progressions
are drawn, and the first whose pitch classes let a key finder name the key is kept. Where a style's loops all lean
elsewhere, one of them is grounded: turned to begin at home, or closed at home or on the dominant every second time.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec
import numpy as np

from descant.compose import harmony, tonality
from descant.compose.choices import pick
from descant.compose.styles.writing import WritingStyle
from descant.song.lyrics import SectionKind
from descant.song.plan import PlannedSection
from descant.song.streams import stream
from descant.song.theory import Key

_DRAFTS = 16
_CLEAR = 0.15
"""Clarity (:func:`tonality.clarity`) of the chords at which the finished mix is heard in its key: the mix departs from
its chords' clarity by about 0.05 (standard deviation)."""
_BORROWING = (SectionKind.INTRO, SectionKind.OUTRO, SectionKind.POST_CHORUS, SectionKind.SOLO)
_CLOSES = {
    "major": (("I",), ("V",), ("V", "I"), ("IV", "I"), ("IV", "V")),
    "minor": (("i",), ("V",), ("V", "i"), ("iv", "i"), ("iv", "V")),
}
_HOME = {"major": ("I", "I/3", "Imaj7", "Iadd9", "I7", "I6"), "minor": ("i", "i7", "i9", "im", "iadd9")}

Choice = dict[SectionKind, str]


def with_progressions(
    sections: Sequence[PlannedSection], style: WritingStyle, key: Key, seed: int, strict: float
) -> tuple[PlannedSection, ...]:
    """Return the sections with a progression each: one a kind, the chorus's unlike the verse's.

    Parameters
    ----------
    strict : how closely the style's likeliest progressions are kept to, see :func:`choices.sharpness`.
    """
    best, best_clarity = _draw(sections, style, key, seed, strict, 0), -2.0
    for draft in range(_DRAFTS):
        chosen = best if draft == 0 else _draw(sections, style, key, seed, strict, draft)
        clarity = _clarity(sections, chosen, key)
        if clarity > best_clarity:
            best, best_clarity = chosen, clarity
        if clarity >= _CLEAR:
            break
    else:
        best = _grounded(sections, best, best_clarity, key)
    return tuple(msgspec.structs.replace(section, progression=best[section.kind]) for section in sections)


def _family(key: Key) -> str:
    return "minor" if key.is_minor else "major"


def _draw(
    sections: Sequence[PlannedSection], style: WritingStyle, key: Key, seed: int, strict: float, draft: int
) -> Choice:
    """Return a progression for each kind of section."""
    named = f".draft{draft}" if draft else ""
    chosen: Choice = {}
    order = sorted({section.kind for section in sections}, key=lambda kind: (kind is not SectionKind.VERSE, kind.value))
    for kind in order:
        if kind in _BORROWING:
            continue
        table = style.section_progressions(_family(key), kind.value)
        taken = {chosen[SectionKind.VERSE]} if kind is SectionKind.CHORUS and SectionKind.VERSE in chosen else set()
        fresh = [(text, weight) for text, weight in table if text not in taken] or list(table)
        chosen[kind] = pick(stream(seed, f"plan.progression.{kind.value}{named}"), fresh, sharpness=strict)
    chorus = chosen.get(SectionKind.CHORUS) or next(
        iter(chosen.values()), style.section_progressions(_family(key), "chorus")[0][0]
    )
    verse = chosen.get(SectionKind.VERSE, chorus)
    rng = stream(seed, "plan.progression.borrowed")
    for kind in _BORROWING:
        from_verse = rng.random() < (0.5 if kind in (SectionKind.INTRO, SectionKind.SOLO) else 0.0)
        chosen[kind] = verse if from_verse else chorus
    return chosen


@lru_cache(maxsize=512)
def _loop(text: str) -> tuple[tuple[float, ...], ...]:
    """Return the weights of the pitch classes of each bar of a progression, above a tonic of 0."""
    bars = harmony.parse_progression(text, 0)
    return tuple(tuple(np.mean([tonality.chord_weights(chord) for chord in bar], axis=0)) for bar in bars)


def _clarity(sections: Sequence[PlannedSection], chosen: Mapping[SectionKind, str], key: Key) -> float:
    """Return how clearly the sections' chords say the key."""
    total = np.zeros(12)
    for section in sections:
        loop = np.array(_loop(chosen[section.kind]))
        rounds, rest = divmod(section.bars, len(loop))
        own = rounds * loop.sum(axis=0) + loop[:rest].sum(axis=0)
        total += np.roll(own, key.tonic + section.lift)
    return tonality.clarity(total, key)


def _grounded(sections: Sequence[PlannedSection], chosen: Choice, clarity: float, key: Key) -> Choice:
    """Return the choice with as few progressions grounded as make the key clear, else as clear as can be."""
    best = chosen
    for _ in range(len(set(chosen.values()))):
        options = [
            {kind: (turned if text == old else text) for kind, text in best.items()}
            for old in dict.fromkeys(best[section.kind] for section in sections)
            for turned in _turns(old, key)
        ]
        if not options:
            return best
        scores = [_clarity(sections, option, key) for option in options]
        clear = [i for i, score in enumerate(scores) if score >= _CLEAR]
        i = clear[0] if clear else int(np.argmax(scores))
        if scores[i] <= clarity:
            return best
        best, clarity = options[i], scores[i]
        if clear:
            return best
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
            " ".join([*twice[: -len(close)], *close]) for close in _CLOSES[_family(key)] if len(close) < len(twice)
        ]
    return [option for option in turned if option != text]
