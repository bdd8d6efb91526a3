"""How lines are delivered and voices treated where the lyrics do not say: as the tags ask, else as the style does."""

from collections.abc import Mapping, Sequence

import msgspec

from descant.compose.styles.writing import WritingStyle
from descant.song.lyrics import Lyrics, LyricSection, SectionKind

_EVERYWHERE = frozenset(SectionKind)
_VERSES = _EVERYWHERE - {SectionKind.CHORUS, SectionKind.POST_CHORUS, SectionKind.PRE_CHORUS}
_ASKED = {
    "whisper": ("whispered", _EVERYWHERE),
    "spoken word": ("spoken", _EVERYWHERE),
    "rapped": ("rap", _VERSES),
    "scream": ("screamed", _VERSES),
}
"""Voice words that ask for a delivery, and the sections they mean: rappers and screamers leave the hook to song."""

EFFECTS = ("auto-tune", "vocoder", "choir")
"""Voice words that are effects of :class:`~descant.song.score.VocalPart`."""


def delivered(lyrics: Lyrics, words: Sequence[str], style: WritingStyle) -> Lyrics:
    """Return the lyrics with the delivery of every section that does not say it.

    Lyrics in which any line is rapped, spoken or screamed say it for all of them, and stay as they are.

    Parameters
    ----------
    words : voice words asked for.
    """
    if any(line.delivery not in ("sung", "shouted") for line in lyrics.lines):
        return lyrics
    asked = [_ASKED[word] for word in words if word in _ASKED]
    ways: Mapping[SectionKind, str] = (
        dict.fromkeys(asked[0][1], asked[0][0])
        if asked
        else {SectionKind(kind): way for kind, way in style.deliveries.items()}
    )
    sections = tuple(_in(section, ways.get(section.kind, "sung")) for section in lyrics.sections)
    return msgspec.structs.replace(lyrics, sections=sections)


def _in(section: LyricSection, way: str) -> LyricSection:
    lines = tuple(
        msgspec.structs.replace(line, delivery=way) if line.delivery == "sung" else line for line in section.lines
    )
    return msgspec.structs.replace(section, lines=lines)


def effects(words: Sequence[str], style: WritingStyle) -> tuple[str, ...]:
    """Return the effects on the voices: those asked for, and the style's own."""
    return tuple(effect for effect in EFFECTS if effect in words or effect in style.vocal_effects)
