"""What a singer can do, as far as writing for them needs to know."""

import msgspec


class VoiceProfile(msgspec.Struct, frozen=True, omit_defaults=True):
    """A singer's range and character.

    Attributes
    ----------
    name : the voice's file name in ``perform/voice/voices``.
    gender : "f" or "m".
    low, high : sung range, MIDI numbers, inclusive.
    centre : the pitch in the middle of the comfortable range.
    words : words a tag may ask for ("warm", "breathy", "tenor").
    languages : BCP 47 codes the voice pronounces.
    clarity : share of its sung words that are understood, 0–1, as measured.
    spoken_by : (language code, who) of languages whose sounds another source gives the voice, in its own timbre.
    lacking : the same of languages that such a source would give, were it installed.
    """

    name: str
    gender: str
    low: int
    high: int
    centre: int
    words: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    clarity: float = 0.8
    spoken_by: tuple[tuple[str, str], ...] = ()
    lacking: tuple[tuple[str, str], ...] = ()
