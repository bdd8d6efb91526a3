"""Whether the score engine has the voices it sings with: looked at before songs fail for want of one."""

from descant.perform.voice import voices
from descant.perform.voice.errors import VoiceError
from descant.perform.voice.sources import open_source, roads
from descant.perform.voice.sources.credits import Credit, credits_of_sources
from descant.perform.voice.spoken import LineText, SpokenSyllable

_SOURCES = ("hts:slt", "flite:rms", "flite:awb")
_WORD = LineText(((SpokenSyllable(("l", "aa"), True),),))


def singers() -> tuple[str, ...]:
    """Return the names of all voices."""
    return tuple(profile.name for profile in voices.profiles())


def credits() -> tuple[Credit, ...]:
    """Return who made the sounds the voices sing with, under which licences, and whether they are installed."""
    return credits_of_sources()


def lacking() -> tuple[tuple[str, str], ...]:
    """Return (language, who) for each language whose source is not installed."""
    return roads.speakers()[1]


def complaints() -> tuple[str, ...]:
    """Have every source of the voices speak a syllable; return what those that do not say, which names the mend."""
    found = []
    for source in _SOURCES:
        try:
            open_source(source).speak([_WORD])
        except VoiceError as error:
            found.append(str(error))
    return tuple(dict.fromkeys(found))
