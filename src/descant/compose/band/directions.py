"""What a section's tag asks of the band: ``[Bridge: no drums]``, ``[Verse: piano only]``, ``[Guitar Solo]``, half-time.

Directives are lower-case phrases as people write them; those that ask nothing of the band are left alone.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from descant.compose.band.feel import DOUBLE, HALF
from descant.song.lyrics import SectionKind

_ALONE = frozenset({"a cappella", "acapella", "acappella", "a capella", "voice only", "vocals only", "vocal only"})
_STRIPPED = frozenset({"stripped", "stripped down", "stripped back", "quiet", "soft", "breakdown", "intimate"})
_HALF_TIME = frozenset({"half-time", "half time", "halftime", "half-time feel"})
_DOUBLE_TIME = frozenset({"double-time", "double time", "doubletime", "double-time feel"})
_EVERYBODY = frozenset({"full band", "band enters", "big finish", "loud", "everybody"})
_NO_BEAT = frozenset({"drums out", "beat drops out", "drums drop out"})
_WITHOUT = re.compile(r"^(?:no|without|drop the)\s+(.+)$")
_ONLY = re.compile(r"^(?:just|only)\s+(.+)$|^(.+?)\s+(?:only|alone)$")
_ENDINGS = {
    "fade-out": "fade",
    "fade out": "fade",
    "fadeout": "fade",
    "fade": "fade",
    "fade to end": "fade",
    "fading": "fade",
    "stop": "stop",
    "hard stop": "stop",
    "abrupt end": "stop",
    "ritardando": "ritardando",
    "slow down": "ritardando",
    "slowing": "ritardando",
    "end": "ring",
    "the end": "ring",
    "fine": "ring",
    "big finish": "ring",
}
_SILENCES = frozenset({"silence", "pause", "stop", "hard stop"})
_FADES_IN = frozenset({"fade in", "fade-in", "fadein"})
_BEAT_WORDS = frozenset({"drum", "drums", "beat", "percussion"})

_SOLO_PRESETS = (
    ("acoustic guitar", "acoustic_guitar"),
    ("nylon guitar", "nylon_guitar"),
    ("guitar", "clean_guitar"),
    ("electric piano", "electric_piano"),
    ("piano", "grand_piano"),
    ("organ", "organ"),
    ("synth", "saw_lead"),
    ("keyboard", "electric_piano"),
    ("alto sax", "alto_sax"),
    ("soprano sax", "soprano_sax"),
    ("sax", "tenor_sax"),
    ("saxophone", "tenor_sax"),
    ("muted trumpet", "muted_trumpet"),
    ("trumpet", "trumpet"),
    ("trombone", "trombone"),
    ("horn", "trumpet"),
    ("horns", "brass_section"),
    ("brass", "brass_section"),
    ("pan flute", "pan_flute"),
    ("flute", "flute"),
    ("clarinet", "clarinet"),
    ("oboe", "oboe"),
    ("harmonica", "harmonica"),
    ("accordion", "accordion"),
    ("fiddle", "fiddle"),
    ("violin", "violin"),
    ("viola", "viola"),
    ("cello", "cello"),
    ("steel guitar", "pedal_steel"),
    ("banjo", "banjo"),
    ("mandolin", "mandolin"),
    ("ukulele", "ukulele"),
    ("sitar", "sitar"),
    ("koto", "koto"),
    ("harp", "harp"),
    ("vibraphone", "vibraphone"),
    ("marimba", "marimba"),
    ("kalimba", "kalimba"),
    ("whistle", "whistle"),
    ("strings", "strings"),
    ("bells", "bells"),
)
"""Words for a solo instrument and the preset that plays it, the more particular first."""


def wants_nobody(directives: Iterable[str]) -> bool:
    """Whether the band is to leave the voice alone."""
    return not _ALONE.isdisjoint(directives)


def wants_few(directives: Iterable[str]) -> bool:
    """Whether the section is to be stripped down."""
    return not _STRIPPED.isdisjoint(directives)


def wants_everybody(directives: Iterable[str]) -> bool:
    """Whether every player is to play, whatever the section's energy."""
    return not _EVERYBODY.isdisjoint(directives)


def feel(directives: Iterable[str]) -> str:
    """Return the feel a section is to have: "half", "double" or "" (:mod:`descant.compose.band.feel`)."""
    asked = set(directives)
    if not _HALF_TIME.isdisjoint(asked):
        return HALF
    return DOUBLE if not _DOUBLE_TIME.isdisjoint(asked) else ""


def ending(directives: Iterable[str]) -> str:
    """Return how a last section's tags ask the song to end: "fade", "stop", "ritardando", "ring" or ""."""
    return next((_ENDINGS[text] for text in directives if text in _ENDINGS), "")


def wants_silence(directives: Iterable[str]) -> bool:
    """Whether the band is to fall silent for the last bar of the section."""
    return not _SILENCES.isdisjoint(directives)


def wants_fade_in(directives: Iterable[str]) -> bool:
    """Whether the section is to rise out of silence."""
    return not _FADES_IN.isdisjoint(directives)


def wants_breakdown(directives: Iterable[str]) -> bool:
    """Whether the section is to be played as a breakdown, whatever its kind."""
    return "breakdown" in set(directives)


def cast(directives: Sequence[str], seated: Mapping[str, str]) -> frozenset[str] | None:
    """Return the layers that may play where directives name instruments, or None when they do not.

    Parameters
    ----------
    seated : layer to preset.
    """
    allowed: set[str] | None = None
    for text in directives:
        without, only = _WITHOUT.match("no drums" if text in _NO_BEAT else text), _ONLY.match(text)
        if without:
            allowed = (set(seated) if allowed is None else allowed) - _layers(without.group(1), seated)
        elif only:
            named = _layers(only.group(1) or only.group(2), seated)
            if named:
                allowed = named if allowed is None else allowed & named
    return None if allowed is None else frozenset(allowed)


def _layers(words: str, seated: Mapping[str, str]) -> set[str]:
    """Return the layers a phrase such as "drums and bass" names, by layer or by preset."""
    named = set()
    for word in re.split(r"\s*(?:,|&|\band\b|\bor\b)\s*", words):
        for layer, preset in seated.items():
            beat = word in _BEAT_WORDS and layer in ("drums", "percussion")
            if beat or word == layer or word.rstrip("s") in preset.replace("_", " ").rstrip("s"):
                named.add(layer)
    return named


def solo_preset(kind: SectionKind, directives: Sequence[str], lead: str, seated: Iterable[str]) -> str:
    """Return the preset that plays a section's solo: the instrument its tag names, else the lead's own.

    Parameters
    ----------
    lead : the lead layer's preset.
    seated : all presets of the band; a guitar the band has is preferred to a new one.
    """
    if kind not in (SectionKind.SOLO, SectionKind.INTERLUDE, SectionKind.INTRO, SectionKind.OUTRO):
        return lead
    for text in directives:
        phrase = text.removesuffix(" solo")
        preset = next((preset for words, preset in _SOLO_PRESETS if words in phrase.split(" and ")), "")
        preset = preset or next((preset for words, preset in _SOLO_PRESETS if phrase.endswith(words)), "")
        if not preset:
            continue
        family = phrase.split()[-1]
        if family in lead:
            return lead
        if preset == "clean_guitar" and "distorted_guitar" in seated:
            return "distorted_guitar"
        return preset
    return lead
