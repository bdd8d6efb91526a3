"""Reads section tags: what stands between square brackets, after ``#``, or alone before a colon.

The names, in many languages and with many habits, are data (``english/sections.toml``).
"""

import re
from functools import lru_cache

import msgspec

from descant.song.lyrics import SectionKind
from descant.words.data import load, phrases_of

_REPEAT = re.compile(r"(?:^|[\s(,])(?:x|×)\s?(\d{1,2})\)?$|(?:^|[\s(,])(\d{1,2})\s?(?:x|×|times)\)?$", re.IGNORECASE)
_NUMBER = re.compile(r"(?:^|\s)(?:no\.?\s*)?#?(\d{1,2}|[ivx]{1,4})$", re.IGNORECASE)
_SEPARATORS = re.compile(r"\s*[:|;,]\s*|\s+[-–—]\s+|\s*[()]\s*")
_DIRECTIVE_SEPARATORS = re.compile(r"\s*[|;,]\s*|\s+[-–—]\s+|\s*[()]\s*")
_AGAIN = re.compile(
    r"""(?:repeat|again|reprise|repetir|se\ repite|repete|répéter|ripetere|wiederhole|wiederholung|herhaal|herhaling
        |powtórz|back\ to)\s*(?:the\s+)?(.+)
        | (.+?)\s+(?:repeat|again|repeats|reprise)""",
    re.VERBOSE,
)
_ENDINGS = frozenset({"final", "finale", "fin", "last"})
"""Names of an ending that, beside another section's name, only say which one is meant ("refrain final")."""


class Tag(msgspec.Struct, frozen=True):
    """A tag, understood.

    Attributes
    ----------
    role : "section", "repeat" (sing an earlier section again), "delivery", "voice", "event" or "effect";
        "" when no rule knew the tag.
    kind, label : for sections and repeats.
    directives : what stood in the tag besides the name, lower case.
    times : how often the section is asked for.
    delivery : "sung", "rap", "spoken", "shouted", "screamed" or "" when not said.
    voice : "female", "male", "both", a name or "".
    place : for events, "next", "current" or "first": the section they belong to.
    """

    role: str
    kind: SectionKind | None = None
    label: str = ""
    directives: tuple[str, ...] = ()
    times: int = 1
    delivery: str = ""
    voice: str = ""
    place: str = ""


def read(text: str) -> Tag:
    """Return what a tag's text (without brackets) asks for."""
    cleaned = " ".join(text.replace("*", "").strip(" #:-").split())
    times, cleaned = _times(cleaned)
    lowered = cleaned.casefold()
    again = _AGAIN.fullmatch(lowered)
    if again is not None:
        inner = read(again.group(1) or again.group(2))
        if inner.role == "section":
            return msgspec.structs.replace(inner, role="repeat", times=max(times, inner.times))
    return _section(cleaned, times) or _manner(lowered) or Tag("")


def is_effect(text: str) -> bool:
    """Return whether a text names a sound or a stage direction rather than words to sing."""
    lowered = " ".join(text.casefold().replace("-", " ").split())
    effects = _phrases("effects", "all")
    words = lowered.split()
    return bool(words) and (lowered in effects or (len(words) <= 4 and (words[0] in effects or words[-1] in effects)))


def delivery_of(text: str) -> str:
    """Return the delivery a word asks for ("rapped" → "rap"), or ""."""
    return _lookup("delivery", text.casefold().strip())


def voice_of(text: str) -> str:
    """Return "female", "male" or "both" for a word that names who sings, or ""."""
    return _lookup("voices", text.casefold().strip())


@lru_cache(maxsize=64)
def _phrases(table: str, entry: str) -> frozenset[str]:
    return frozenset(phrases_of(load("english/sections.toml")[table][entry]))


@lru_cache(maxsize=1)
def _kinds() -> dict[str, SectionKind]:
    table = load("english/sections.toml")["kinds"]
    return {alias: SectionKind(kind) for kind, aliases in table.items() for alias in phrases_of(aliases)}


def _lookup(table: str, text: str) -> str:
    for value in load("english/sections.toml")[table]:
        if text in _phrases(table, value):
            return str(value)
    return ""


def _times(text: str) -> tuple[int, str]:
    match = _REPEAT.search(text)
    if match is None:
        return 1, text
    return max(1, min(8, int(match.group(1) or match.group(2)))), text[: match.start()].strip(" (,")


def _section(text: str, times: int) -> Tag | None:
    head, *rest = [part for part in _SEPARATORS.split(text, maxsplit=1) if part] or [""]
    directives = tuple(part.casefold() for part in _DIRECTIVE_SEPARATORS.split(" | ".join(rest)) if part)
    number = _NUMBER.search(head) if head.casefold() not in _kinds() else None
    name = (head[: number.start()] if number else head).casefold().strip(" .")
    kind = _kinds().get(name)
    extras: tuple[str, ...] = ()
    if kind is None:
        found = _inside(name)
        if found is None:
            return None
        kind, extras = found
    directives = extras + directives
    delivery = next((way for part in directives if (way := delivery_of(part)) and "whisper" not in part), "")
    voice = next((who for part in directives if (who := voice_of(part))), "")
    return Tag("section", kind, _label(head, name, number), directives, times, delivery, voice)


def _inside(name: str) -> tuple[SectionKind, tuple[str, ...]] | None:
    """Find a section name among other words ("final chorus", "guitar solo", "rap verse")."""
    words = name.split()
    if len(words) > 1 and words[-1] in _ENDINGS and (found := _inside(" ".join(words[:-1]))) is not None:
        return found[0], (*found[1], "final")
    for size in range(len(words), 0, -1):
        for start in range(len(words) - size, -1, -1):
            inner = " ".join(words[start : start + size])
            if len(inner) < 3 or inner not in _kinds():
                continue
            others = " ".join(words[:start] + words[start + size :])
            if not others.isdigit() and len(others.split()) <= 4:
                return _kinds()[inner], (others,) if others else ()
    if name in {"rap", "rap section", "rap part"}:
        return SectionKind.VERSE, ("rap",)
    if name in _phrases("instruments", "all"):
        return SectionKind.INTERLUDE, (name,)
    return None


def _label(head: str, name: str, number: re.Match[str] | None) -> str:
    shown = load("english/sections.toml")["labels"].get(name) or head[: number.start() if number else None].strip()
    shown = "-".join(part[:1].upper() + part[1:] for part in shown.split("-"))
    shown = " ".join(part[:1].upper() + part[1:] for part in shown.split())
    return f"{shown} {number.group(1).upper()}" if number else shown


def _manner(lowered: str) -> Tag | None:
    head, *rest = [part for part in _SEPARATORS.split(lowered) if part] or [""]
    delivery = delivery_of(head)
    if delivery:
        extra = ("whispered",) if head in _phrases("manner", "whispered") else ()
        return Tag("delivery", delivery=delivery, directives=extra + tuple(rest))
    voice = voice_of(head)
    if voice:
        return Tag("voice", voice=voice, directives=tuple(rest))
    for place in ("next", "current", "first"):
        if head in _phrases("events", place):
            return Tag("event", directives=(head.replace("fade out", "fade-out"),), place=place)
    return Tag("effect") if is_effect(lowered) else None
