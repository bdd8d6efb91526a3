"""Lyrics without a dictionary: a small notation for words whose stress is known.

``"MID.night WIN.dows, sil.VER a RAIN"``: dots part syllables, capitals are stressed (or content monosyllables), small
letters unstressed (or function monosyllables). ``(…)`` at the end of a line is an echo.
"""

import pytest

from descant.song.lyrics import Line, Lyrics, LyricSection, SectionKind, Syllable, SyllableClass, Word
from descant.song.voices import VoiceProfile

VOICES = (
    VoiceProfile("clara", "f", 55, 79, 67, ("bright", "clear")),
    VoiceProfile("vera", "f", 52, 76, 64, ("warm", "breathy")),
    VoiceProfile("jonas", "m", 43, 67, 55, ("warm", "tenor")),
    VoiceProfile("ewan", "m", 41, 65, 53, ("husky",)),
)


def word(text: str) -> Word:
    parts = text.strip(",.!?").split(".")
    strong = SyllableClass.STRESSED if len(parts) > 1 else SyllableClass.CONTENT
    weak = SyllableClass.UNSTRESSED if len(parts) > 1 else SyllableClass.FUNCTION
    syllables = tuple(Syllable(p.lower(), ("l", "aa"), strong if p.isupper() else weak) for p in parts)
    tail = text[len(text.rstrip(",.!?")) :]
    return Word("".join(parts).lower() + tail, "".join(parts).lower(), syllables)


def line(text: str, **changes: object) -> Line:
    main, _, echo = text.partition("(")
    words = tuple(word(w) for w in main.split())
    echoed = tuple(word(w) for w in echo.rstrip(")").split())
    return Line(text.lower().replace(".", ""), words, echo=echoed, **changes)


def section(kind: SectionKind, *lines: str, label: str = "", **changes: object) -> LyricSection:
    return LyricSection(kind, label or kind.value.title(), tuple(line(text, **changes) for text in lines))


VERSE_1 = (
    "MID.night WIN.dows, SIL.ver RAIN",
    "i KEEP on WHIS.per.ing your NAME",
    "EV.ery STREET LIGHT TURNS to GOLD",
    "a LIT.tle STOR.y NEV.er TOLD",
)
VERSE_2 = (
    "PA.per LAN.terns on the SEA",
    "you LEFT the RA.di.o with ME",
    "SOME.where IN the SLEEP.ing TOWN",
    "your YEL.low KITE is COM.ing DOWN",
)
PRE = ("and i can FEEL it COM.ing NEAR", "the QUI.et BEAT.ing in my EAR")
CHORUS = (
    "HOLD ON to the GLOW",
    "don't LET it FADE, don't LET it GO",
    "HOLD ON to the GLOW",
    "the MORN.ing KNOWS the WAY BACK HOME",
)
BRIDGE = ("if the NIGHT is LONG", "we will MAKE it OURS", "COUNT.ing EV.ery SONG", "UN.der.NEATH the STARS")


@pytest.fixture
def voices() -> tuple[VoiceProfile, ...]:
    return VOICES


@pytest.fixture
def song_lyrics() -> Lyrics:
    return Lyrics(
        (
            section(SectionKind.VERSE, *VERSE_1, label="Verse 1"),
            section(SectionKind.PRE_CHORUS, *PRE),
            section(SectionKind.CHORUS, *CHORUS),
            section(SectionKind.VERSE, *VERSE_2, label="Verse 2"),
            section(SectionKind.PRE_CHORUS, *PRE),
            section(SectionKind.CHORUS, *CHORUS),
            section(SectionKind.BRIDGE, *BRIDGE),
            section(SectionKind.CHORUS, "HOLD ON to the GLOW (HOLD ON)", *CHORUS[1:]),
        ),
        title="Hold On to the Glow",
    )


@pytest.fixture
def make_section():
    return section


@pytest.fixture
def make_line():
    return line
