"""Numbers, times and symbols as the words an English singer would say."""

import re

from descant.words.data import words_of

_UNITS = words_of(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = ("", "", *words_of("twenty thirty forty fifty sixty seventy eighty ninety"))
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_SYMBOLS = {"&": "and", "+": "plus", "@": "at", "=": "equals", "%": "percent", "#": "number", "$": "dollar"}
_CURRENCIES = {"$": ("dollar", "dollars"), "£": ("pound", "pounds"), "€": ("euro", "euros"), "¥": ("yen", "yen")}
_NUMBER = re.compile(
    r"(?P<money>[$£€¥])?(?P<hash>#)?(?P<digits>\d[\d,]*)(?P<fraction>\.\d+)?(?P<ordinal>st|nd|rd|th)?"
    r"(?P<decade>'?s)?(?P<percent>%)?(?P<degrees>°)?(?P<unit>[a-z]+)?"
)
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?([ap])?\.?m?\.?")
_UNIT_WORDS = {
    "am": "a m", "pm": "p m", "k": "thousand", "m": "million", "km": "kilometers", "mph": "miles an hour",
    "kg": "kilos", "lb": "pounds", "ft": "feet", "bpm": "b p m", "x": "times", "min": "minutes", "hrs": "hours",
}  # fmt: skip


def cardinal(number: int) -> str:
    """Return a number below 10^15 in words: ``1234`` → "one thousand two hundred thirty four"."""
    if number < 20:
        return _UNITS[number]
    if number < 100:
        rest = number % 10
        return _TENS[number // 10] + (f" {_UNITS[rest]}" if rest else "")
    for size, name in _SCALES:
        if number >= size:
            rest = number % size
            return f"{cardinal(number // size)} {name}" + (f" {cardinal(rest)}" if rest else "")
    raise AssertionError("numbers of 100 and more have a scale")


def ordinal(number: int) -> str:
    """Return the ordinal in words: ``21`` → "twenty first"."""
    head, _, last = cardinal(number).rpartition(" ")
    if last in _ORDINALS:
        last = _ORDINALS[last]
    elif last.endswith("y"):
        last = f"{last[:-1]}ieth"
    else:
        last += "th"
    return f"{head} {last}".strip()


def year(number: int) -> str:
    """Return four digits as a year is said: ``1999`` → "nineteen ninety nine", ``2005`` → "two thousand five"."""
    high, low = divmod(number, 100)
    if 2000 <= number < 2010 or (low == 0 and high % 10 == 0):
        return cardinal(number)
    if low == 0:
        return f"{cardinal(high)} hundred"
    if low < 10:
        return f"{cardinal(high)} oh {_UNITS[low]}"
    return f"{cardinal(high)} {cardinal(low)}"


def spoken(token: str) -> str | None:
    """Return a token with digits or a lone symbol as words, or None when it is neither.

    Covers integers, years, ordinals, decades ("80s"), decimals, money, percent, clock times ("3:30", "7am"),
    ratios such as "24/7" and the symbols ``& + @ = % # $``.
    """
    token = token.lower()
    if token in _SYMBOLS:
        return _SYMBOLS[token]
    if not any(character.isascii() and character.isdigit() for character in token):
        return None
    clock = _TIME.fullmatch(token)
    if clock is not None:
        return _clock(int(clock[1]), int(clock[2]), clock[3])
    match = _NUMBER.fullmatch(token.strip("'"))
    if match is not None:
        return _number(match)
    return _mixed(token)


def _mixed(token: str) -> str | None:
    """Speak what is glued together ("24/7", "a4", "867-5309") piece by piece."""
    pieces = re.findall(r"\d[\d,]*(?:\.\d+)?|[^\W\d_]+|[&+@=%#$]", token)
    said = [spoken(piece) if not piece.isalpha() else piece for piece in pieces]
    return " ".join(piece for piece in said if piece) or None


def _clock(hour: int, minute: int, half: str | None) -> str:
    if minute == 0:
        text = cardinal(hour) if half else f"{cardinal(hour)} o'clock"
    else:
        text = f"{cardinal(hour)} {'oh ' if minute < 10 else ''}{cardinal(minute)}"
    return f"{text} {half} m" if half else text


def _number(match: re.Match[str]) -> str:
    digits = match["digits"].replace(",", "")
    number = int(digits)
    if number >= 10**15:
        text = " ".join(_UNITS[int(digit)] for digit in digits)
    elif match["ordinal"]:
        text = ordinal(number)
    elif match["decade"]:
        text = _decade(number)
    elif digits.startswith("0") and len(digits) > 1:
        text = " ".join("oh" if digit == "0" else _UNITS[int(digit)] for digit in digits)
    elif len(digits) == 4 and "," not in match["digits"] and not match["money"] and number >= 1100:
        text = year(number)
    else:
        text = cardinal(number)
    if match["fraction"] and match["money"] and len(match["fraction"]) == 3:
        text += f" {cardinal(int(match['fraction'][1:]))}"
        return text
    if match["fraction"]:
        text += " point " + " ".join(_UNITS[int(digit)] for digit in match["fraction"][1:])
    return _with_units(text, number, match)


def _decade(number: int) -> str:
    words = year(number) if number >= 1000 else cardinal(number)
    return words[:-1] + "ies" if words.endswith("y") else words + "s"


def _with_units(text: str, number: int, match: re.Match[str]) -> str:
    unit = match["unit"]
    if unit:
        text += f" {_UNIT_WORDS.get(unit, unit)}"
    if match["hash"]:
        text = f"number {text}"
    if match["money"]:
        singular, plural = _CURRENCIES[match["money"]]
        text += f" {singular if number == 1 and not match['fraction'] else plural}"
    if match["percent"]:
        text += " percent"
    if match["degrees"]:
        text += " degrees"
    return text
