"""Hard demands written with numbers: tempo, key, metre and length."""

import re

import msgspec

from descant.song.tempo import Metre
from descant.song.theory import Key, parse_pitch_class

BPM_RANGE = (40.0, 240.0)
"""Tempi that can be asked for; outside them the number is reported as not understood."""

_FLAGS = re.IGNORECASE | re.VERBOSE
_BPM = re.compile(
    r"""\b(?:at\s+ | tempo\s*(?:of|:|=)?\s* | bpm\s*[:=]?\s*)?
        (\d{2,3}(?:\.\d+)?) (?:\s*(?:-|–|to)\s*(\d{2,3}))? \s*(?:bpm | beats\ per\ minute | b\.p\.m\.?)\b
        | \b(?:tempo|bpm)\s*(?:of|:|=)?\s* (\d{2,3}(?:\.\d+)?)\b""",
    _FLAGS,
)
_NOTE = r"([A-Ga-g])\s*(\#|♯|b|♭|[-\ ]?sharp|[-\ ]?flat)?"
_MODES = r"(major|minor|maj|min|dorian|phrygian\ dominant|phrygian|lydian|mixolydian|aeolian|ionian|harmonic\ minor|m)"
_KEY_WITH_MODE = re.compile(
    rf"""(?<![\w']) (?:in\s+(?:the\s+)?(?:key\s+of\s+)? | key\s*(?:of|:|=)?\s*)?
        {_NOTE} \s*[-\ ]?{_MODES}\b (?!\s+key)(?!['’])""",
    _FLAGS,
)
_KEY_ALONE = re.compile(rf"(?<![\w']) (?:in\s+(?:the\s+)?key\s+of|key\s*(?:of|:|=)|in)\s+ {_NOTE} (?![\w'])", _FLAGS)
_MODE_ALONE = re.compile(
    r"""\b(?:in\s+(?:a\s+)?)? (major|minor|dorian|phrygian\ dominant|phrygian|lydian|mixolydian)
        \s*(?:key|mode|scale|tonality)?\b""",
    _FLAGS,
)
_METRE = re.compile(
    r"(?<!\d)(2|3|4|5|6|7|9|12)\s*/\s*(2|4|8)(?!\d) (?:\s*(?:time\ signature|time|metre|meter|signature))?", _FLAGS
)
_CLOCK = re.compile(r"(?<!\d)(\d{1,2}):([0-5]\d)(?!\d) (?:\s*(?:min(?:ute)?s?|long))?", _FLAGS)
_MINUTES = re.compile(
    r"""(?<![\d.])(\d+(?:\.\d+)?)\s*-?\s*(?:minutes?|mins?|m)\b
        (?:\s*(?:and\s*)?(\d{1,2})\s*(?:seconds?|secs?|s)\b)? (?:\s*long)?""",
    _FLAGS,
)
_SECONDS = re.compile(r"(?<![\d.])(\d{1,3})\s*-?\s*(?:seconds?|secs?)\b (?:\s*long)?", _FLAGS)
_TUNING = re.compile(r"\b(4\d\d)\s*hz\b", re.IGNORECASE)
_MODE_NAMES = {"maj": "major", "min": "minor", "m": "minor", "aeolian": "minor", "ionian": "major"}


class Demands(msgspec.Struct):
    """What a text demands in numbers; None where it says nothing. ``rest`` is the text without them."""

    rest: str
    bpm: float | None = None
    key: Key | None = None
    mode: str | None = None
    metre: Metre | None = None
    seconds: float | None = None
    notes: list[str] = []


def read(text: str) -> Demands:
    """Return the demands found in a tag or a sentence, and the text that is left."""
    found = Demands(text)
    _read_tempo(found)
    _read_length(found)
    _read_metre(found)
    _read_key(found)
    tuning = _TUNING.search(found.rest)
    if tuning is not None:
        _cut(found, tuning)
        if tuning.group(1) != "440":
            found.notes.append(f"tuning to {tuning.group(1)} Hz is not offered; the song is tuned to 440 Hz")
    return found


def _cut(found: Demands, match: re.Match[str]) -> None:
    found.rest = f"{found.rest[: match.start()]} {found.rest[match.end() :]}"


def _read_tempo(found: Demands) -> None:
    match = _BPM.search(found.rest)
    if match is None:
        return
    low = float(match.group(1) or match.group(3))
    bpm = (low + float(match.group(2))) / 2 if match.group(2) else low
    if BPM_RANGE[0] <= bpm <= BPM_RANGE[1]:
        found.bpm = bpm
    else:
        found.notes.append(f"{bpm:g} bpm lies outside {BPM_RANGE[0]:g}–{BPM_RANGE[1]:g} and is left out")
    _cut(found, match)


def _read_length(found: Demands) -> None:
    match = _CLOCK.search(found.rest)
    if match is not None:
        found.seconds = 60.0 * int(match.group(1)) + int(match.group(2))
        _cut(found, match)
        return
    match = _MINUTES.search(found.rest)
    if match is not None:
        found.seconds = 60.0 * float(match.group(1)) + int(match.group(2) or 0)
        _cut(found, match)
        return
    match = _SECONDS.search(found.rest)
    if match is not None:
        found.seconds = float(match.group(1))
        _cut(found, match)


def _read_metre(found: Demands) -> None:
    match = _METRE.search(found.rest)
    if match is not None:
        found.metre = Metre(int(match.group(1)), int(match.group(2)))
        _cut(found, match)


def _read_key(found: Demands) -> None:
    match = _KEY_WITH_MODE.search(found.rest)
    if match is not None and _is_key(match):
        mode = match.group(3).casefold()
        mode = _MODE_NAMES.get(mode, mode)
        found.key = Key(_tonic(match), mode)
        _cut(found, match)
        return
    match = _KEY_ALONE.search(found.rest)
    if match is not None and (match.group(1).isupper() or "key" in match.group(0).casefold()):
        tonic = _tonic(match)
        _cut(found, match)
        mode_match = _MODE_ALONE.search(found.rest)
        mode = mode_match.group(1).casefold() if mode_match else "major"
        if mode_match:
            _cut(found, mode_match)
        found.key = Key(tonic, mode)
        return
    match = _MODE_ALONE.search(found.rest)
    if match is not None:
        found.mode = match.group(1).casefold()
        _cut(found, match)


def _is_key(match: re.Match[str]) -> bool:
    """Lower-case single letters are words ("a", "am") unless the mode is spelled out or "key" or "in" is said."""
    if match.group(3).casefold() == "m":
        return re.search(r"[A-G][#♯b♭]?m$", match.group(0)) is not None
    return True


def _tonic(match: re.Match[str]) -> int:
    accidental = (match.group(2) or "").casefold()
    sign = "#" if accidental in {"#", "♯"} or accidental.endswith("sharp") else "b" if accidental else ""
    return parse_pitch_class(match.group(1) + sign)
