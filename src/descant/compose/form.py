"""Form: which sections a song has, how long they are, and how its energy runs.

Section lengths and orders follow charted songs (McGill Billboard; research/composition.md §2.1).
"""

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from descant.compose.band import directions
from descant.compose.choices import pick
from descant.compose.layout import BarSize, lay_out, padded, sung_bars
from descant.compose.oddities import strange_form
from descant.compose.styles.writing import WritingStyle
from descant.song.lyrics import Lyrics, LyricSection, SectionKind
from descant.song.plan import PlannedSection
from descant.song.streams import stream

_LETTERS = {
    "I": SectionKind.INTRO,
    "V": SectionKind.VERSE,
    "P": SectionKind.PRE_CHORUS,
    "C": SectionKind.CHORUS,
    "T": SectionKind.POST_CHORUS,
    "B": SectionKind.BRIDGE,
    "S": SectionKind.SOLO,
    "N": SectionKind.INTERLUDE,
    "O": SectionKind.OUTRO,
    "U": SectionKind.BUILD,
    "D": SectionKind.DROP,
    "K": SectionKind.BREAK,
}
_NUMBERED = frozenset({SectionKind.VERSE})
_QUIETER = frozenset(
    {
        "whispered",
        "whisper",
        "soft",
        "softly",
        "quiet",
        "spoken",
        "a cappella",
        "acapella",
        "stripped",
        "breakdown",
        "intimate",
    }
)
_LOUDER = frozenset({"shouted", "loud", "powerful", "belted", "explosive", "anthemic", "big", "full band", "drop"})
_CLOSING = 0.45  # share of songs whose words do not end them
_FADE_SECONDS = 13.0  # of a loop under the fade
_LEAST_STEP = 0.08  # energy between neighbouring sections


class Outline(msgspec.Struct, frozen=True):
    """Sections with how much each may be shortened: ``added`` marks those the lyrics did not ask for."""

    sections: tuple[PlannedSection, ...]
    added: tuple[bool, ...]


def outline(
    lyrics: Lyrics,
    style: WritingStyle,
    bar: BarSize,
    seed: int,
    *,
    instrumental: bool,
    modern: bool,
    fades: bool = False,
    oddity: str = "",
) -> Outline:
    """Return the sections of a song in order, with bars but without energy.

    The lyrics' sections where there are any, with an intro before a sung opening and sometimes an outro; else one of
    the style's forms, made unusual where ``oddity`` says how (:func:`oddities.strange_form`). A song that fades goes on
    without words while it does, so that none of them is lost.
    """
    rng = stream(seed, "plan.form")
    if instrumental or not lyrics.sections:
        form = strange_form(pick(rng, style.forms), oddity)
        pairs = [(LyricSection(_LETTERS[letter], ""), True) for letter in form.split()]
    else:
        pairs = [(section, False) for section in lyrics.sections]
        if pairs[0][0].lines:
            rising = tuple(text for text in pairs[0][0].directives if directions.wants_fade_in((text,)))
            pairs.insert(0, (LyricSection(SectionKind.INTRO, "Intro", directives=rising), True))
        closes = rng.random() < _CLOSING if pairs[-1][0].lines and pairs[-1][0].kind is not SectionKind.OUTRO else False
        if closes or (fades and pairs[-1][0].lines):
            pairs.append((LyricSection(SectionKind.OUTRO, "Outro"), True))
    sections = []
    for section, label in zip((pair[0] for pair in pairs), _labels([pair[0] for pair in pairs]), strict=True):
        bars = _bars(section, style, bar, rng, modern=modern)
        if fades and section is pairs[-1][0] and not section.lines:
            bars = max(bars, 2 * math.ceil(_FADE_SECONDS / bar.seconds / 2))
        sections.append(
            PlannedSection(
                section.kind, label, bars, 0.5, section if section.lines else None, directives=section.directives
            )
        )
    return Outline(tuple(sections), tuple(pair[1] for pair in pairs))


def _labels(sections: Sequence[LyricSection]) -> list[str]:
    """Return each section's label, numbering repeated kinds that came without one."""
    counts: dict[SectionKind, int] = {}
    labels = []
    for section in sections:
        counts[section.kind] = counts.get(section.kind, 0) + 1
        name = section.kind.value.replace("-", " ").title().replace(" ", "-")
        numbered = f"{name} {counts[section.kind]}" if section.kind in _NUMBERED else name
        labels.append(section.label or numbered)
    return labels


def _bars(section: LyricSection, style: WritingStyle, bar: BarSize, rng: np.random.Generator, *, modern: bool) -> int:
    if section.lines:
        sung = sung_bars(lay_out(section, bar, style.rate(section.kind.value)))
        return sung if section.kind in bar.odd else padded(sung)
    bars = style.bars.get(section.kind.value, 4)
    if section.kind is SectionKind.INTRO:
        short = modern or rng.random() < style.modern_intro
        bars = min(bars, 4) if short else bars
        while bars > 2 and bars * bar.seconds > (10.0 if short else 16.0):
            bars //= 2
    if bar.seconds > 2.9 and section.kind is SectionKind.SOLO:
        bars = max(4, bars // 2)
    return max(bars, 1)


def seconds(sections: Sequence[PlannedSection], bar: BarSize) -> float:
    """Return the length of the sections in seconds, with three seconds for what rings on."""
    return sum(section.bars for section in sections) * bar.seconds + 3.0


def shorten(plan: Outline, limit: float, style: WritingStyle, bar: BarSize) -> Outline:
    """Return the outline with instrumental bars dropped, as few as bring it under ``limit`` seconds; never a word.

    In turn: sections nobody asked for, tails after the last line, long intros, then other instrumental sections.
    """
    sections, added = list(plan.sections), list(plan.added)

    def too_long() -> bool:
        return seconds(sections, bar) > limit

    for kinds in ((SectionKind.OUTRO,), (SectionKind.SOLO, SectionKind.INTERLUDE), (SectionKind.INTRO,)):
        for i in range(len(sections) - 1, -1, -1):
            if too_long() and added[i] and sections[i].kind in kinds and sections[i].lyrics is None:
                least = 2 if kinds[0] is SectionKind.INTRO and sections[i].bars > 2 else 0
                if least:
                    sections[i] = msgspec.structs.replace(sections[i], bars=least)
                else:
                    del sections[i], added[i]
    for i, section in enumerate(sections):
        if too_long() and section.lyrics is not None:
            sections[i] = msgspec.structs.replace(section, bars=_sung(section, style, bar))
    for least in (4, 2):
        for i, section in enumerate(sections):
            if too_long() and section.lyrics is None and section.bars > least:
                sections[i] = msgspec.structs.replace(section, bars=least)
    return Outline(tuple(sections), tuple(added))


def tighten(plan: Outline, style: WritingStyle, bar: BarSize) -> Outline:
    """Return the outline with lines sung in one bar wherever they can be."""
    sections = tuple(
        section
        if section.lyrics is None
        else msgspec.structs.replace(section, bars=_sung(section, style, bar, tight=True))
        for section in plan.sections
    )
    return Outline(sections, plan.added)


def _sung(section: PlannedSection, style: WritingStyle, bar: BarSize, *, tight: bool = False) -> int:
    """Return the bars a section's lines fill; 0 without lines."""
    if section.lyrics is None:
        return 0
    return sung_bars(lay_out(section.lyrics, bar, style.rate(section.kind.value), tight=tight))


def drop_repeats(plan: Outline, limit: float, bar: BarSize) -> Outline:
    """Return a wordless form with sections taken out before its last chorus until it fits ``limit`` seconds."""
    sections, added = list(plan.sections), list(plan.added)
    while seconds(sections, bar) > limit and len(sections) > 2:
        at = max(1, len(sections) // 2)
        del sections[at], added[at]
    return Outline(tuple(sections), tuple(added))


def extend(plan: Outline, target: float, style: WritingStyle, bar: BarSize) -> Outline:
    """Return the outline with instrumental sections added until it lasts about ``target`` seconds."""
    sections, added = list(plan.sections), list(plan.added)
    wishes = (
        (SectionKind.SOLO, "Solo", 8),
        (SectionKind.OUTRO, "Outro", 8),
        (SectionKind.INTERLUDE, "Interlude", 4),
        (SectionKind.INTERLUDE, "Interlude", 8),
    )
    for kind, label, bars in wishes:
        if seconds(sections, bar) + 0.6 * bars * bar.seconds > target:
            continue
        if kind is SectionKind.OUTRO:
            at = len(sections)
        else:
            choruses = [i for i, section in enumerate(sections) if section.kind is SectionKind.CHORUS]
            at = (
                (choruses[-1] if kind is SectionKind.SOLO else choruses[0] + 1)
                if choruses
                else max(1, len(sections) // 2)
            )
        sections.insert(at, PlannedSection(kind, label, bars, 0.5))
        added.insert(at, True)
    return Outline(tuple(sections), tuple(added))


def with_energy(
    sections: Sequence[PlannedSection], style: WritingStyle, seed: int, offset: float, spread: float
) -> tuple[PlannedSection, ...]:
    """Return the sections with energies: the style's curve, the mood's offset, and the last chorus on top.

    Parameters
    ----------
    offset : added to every section.
    spread : factor on the distance from the middle of the curve.
    """
    drop = stream(seed, "plan.bridge").random() < style.bridge_drop
    counts: dict[SectionKind, int] = {}
    energies: list[float] = []
    choruses = [i for i, section in enumerate(sections) if section.kind in (SectionKind.CHORUS, SectionKind.DROP)]
    for i, section in enumerate(sections):
        curve = style.energy.get(section.kind.value, (0.5,))
        level = curve[min(counts.get(section.kind, 0), len(curve) - 1)]
        counts[section.kind] = counts.get(section.kind, 0) + 1
        if section.kind is SectionKind.BRIDGE and not drop:
            level = max(level, 0.74 * style.final_energy)
        if choruses and i == choruses[-1]:
            level = style.final_energy
        level = 0.5 + (level - 0.5) * spread + offset + _local_offset(section)
        energies.append(float(np.clip(level, 0.05, 1.0)))
    _part_neighbours(sections, energies)
    if choruses:
        top = choruses[-1]
        energies[top] = max(energies[top], *energies)
        energies = [min(e, energies[top] - (_LEAST_STEP / 2 if i != top else 0.0)) for i, e in enumerate(energies)]
    return tuple(
        msgspec.structs.replace(section, energy=round(energy, 3))
        for section, energy in zip(sections, energies, strict=True)
    )


def _local_offset(section: PlannedSection) -> float:
    words = set(section.directives)
    return (-0.22 if words & _QUIETER else 0.0) + (0.12 if words & _LOUDER else 0.0)


def _part_neighbours(sections: Sequence[PlannedSection], energies: list[float]) -> None:
    """Keep neighbouring sections of different kinds at least :data:`_LEAST_STEP` apart, moving the later one."""
    for i in range(1, len(energies)):
        step = energies[i] - energies[i - 1]
        if sections[i].kind is not sections[i - 1].kind and abs(step) < _LEAST_STEP:
            direction = 1.0 if step >= 0 and energies[i - 1] + _LEAST_STEP <= 1.0 else -1.0
            energies[i] = float(np.clip(energies[i - 1] + direction * _LEAST_STEP, 0.05, 1.0))
