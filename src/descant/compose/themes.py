"""Instrumental themes: melodies written as if they had words, for a lead instrument."""

import numpy as np

from descant.compose.layout import Window
from descant.compose.phrases import wordless
from descant.song.lyrics import SectionKind
from descant.song.plan import PlannedSection
from descant.song.streams import stream

_PATTERNS: dict[SectionKind, tuple[str, ...]] = {
    SectionKind.VERSE: ("uSuSuuS", "uSuSuSuS", "SuuSuS", "uSuSuS"),
    SectionKind.CHORUS: ("SuSuS", "SuuSuS", "uSuSuS", "SSuSS"),
    SectionKind.PRE_CHORUS: ("uSuSuS", "uSuuS"),
    SectionKind.BRIDGE: ("SuSuS", "SuuS", "uSuS"),
    SectionKind.SOLO: ("uSuuSuSuuS", "SuuSuuSuS", "uuSuSuuSuS"),
    SectionKind.INTRO: ("SuuSuS", "uSuSuS", "SuSuS"),
    SectionKind.OUTRO: ("SuSuS", "SuuS"),
}
_SILENT_INTRO = 0.3  # share of intros that are groove alone


def wants_theme(section: PlannedSection, seed: int, *, instrumental: bool) -> bool:
    """Return whether a section without words gets a melody of its own."""
    if section.kind in (SectionKind.BUILD, SectionKind.BREAK):
        return False
    if section.kind is SectionKind.INTRO and not instrumental:
        return float(stream(seed, "theme.intro").random()) >= _SILENT_INTRO
    return section.bars >= 2


def theme_windows(section: PlannedSection, bars: int, seed: int) -> tuple[Window, ...]:
    """Return the wordless lines of a section, two bars each; sections of one kind share their patterns."""
    rng = stream(seed, f"theme.pattern.{section.kind.value}")
    patterns = _PATTERNS.get(section.kind, _PATTERNS[SectionKind.VERSE])
    first, second = (patterns[int(i)] for i in rng.integers(0, len(patterns), 2))
    count = max(1, bars // 2)
    order: list[str] = [first, second if section.kind is not SectionKind.CHORUS else first]
    windows = []
    for i in range(count):
        length = bars if count == 1 else 2
        windows.append(Window(wordless(_longer(order[i % 2], rng) if i % 4 == 3 else order[i % 2]), 2 * i, length))
    return tuple(windows)


def _longer(pattern: str, rng: np.random.Generator) -> str:
    """Return a pattern with a syllable fewer or more, as the last line of a stanza often has."""
    return pattern[:-2] + "S" if len(pattern) > 5 and rng.random() < 0.5 else "u" + pattern
