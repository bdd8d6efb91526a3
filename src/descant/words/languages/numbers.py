"""Numbers, times, money and symbols as words, for languages whose data file says how (``[numbers]``).

The table holds: ``point`` (the decimal mark's name), ``clock`` and ``hour`` (patterns with {hour} and {minute}),
``symbols`` (symbol → word), ``money`` and ``units`` (symbol or unit → "one, many"), ``ordinals`` (number → word) and
``ordinal_marks`` (what follows the digits of an ordinal). Dates and ratios ("24/12", "24/7") are said number by number.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from descant.words.data import phrases_of
from descant.words.languages.language import data

_NUMBER = re.compile(
    r"(?P<sign>[-−+])?(?P<before>r\$|[$£€¥#])?(?P<digits>\d{1,3}(?:[.\s]\d{3})+(?!\d)|\d+)(?:[.,](?P<fraction>\d+))?"
    r"(?P<mark>[^\W\d_]{1,4}|[º°ª])?(?P<after>[$£€¥%])?"
)
_CLOCK = re.compile(r"(\d{1,2})(?::|h)(\d{2})?(?::\d{2})?(?:h|uhr)?")
_LARGEST = 10**12

Cardinal = Callable[[int], str]


def speaker(code: str, cardinal: Cardinal, year: Cardinal | None = None) -> Callable[[str], str | None]:
    """Return a function from a lower-case token to the words to say, or None when it has no digit and is no symbol.

    Parameters
    ----------
    code : language of the data file. cardinal : number → words. year : how 1100–1999 are said where it differs.
    """

    @lru_cache(maxsize=1024)
    def spoken(token: str) -> str | None:
        table = data(code)["numbers"]
        if token in table["symbols"]:
            return str(table["symbols"][token])
        if token in table["money"]:
            return phrases_of(table["money"][token])[1]
        if not any("0" <= character <= "9" for character in token):
            return None
        clock = _CLOCK.fullmatch(token)
        if clock is not None and int(clock[1]) <= 24 and int(clock[2] or 0) < 60:
            return _clock(int(clock[1]), int(clock[2] or 0), table, cardinal)
        match = _NUMBER.fullmatch(token)
        if match is not None:
            return _number(match, table, cardinal, year or cardinal)
        pieces = re.findall(r"\d+(?:[.,]\d+)?|[^\W\d_]+|[&+@=%#$€£°]", token)
        return " ".join((piece if piece.isalpha() else spoken(piece) or "") for piece in pieces).strip() or None

    return spoken


def _clock(hour: int, minute: int, table: dict[str, Any], cardinal: Cardinal) -> str:
    pattern = str(table["clock"] if minute else table["hour"])
    hours = str(table.get("hours", {}).get(str(hour), cardinal(hour)))
    return pattern.format(hour=hours, minute=cardinal(minute))


def _number(match: re.Match[str], table: dict[str, Any], cardinal: Cardinal, year: Cardinal) -> str:
    digits = re.sub(r"\D", "", match["digits"])
    number, mark = int(digits), match["mark"] or ""
    if number >= _LARGEST or (digits.startswith("0") and len(digits) > 1 and len(digits) != 2):
        text = " ".join(cardinal(int(digit)) for digit in digits)
    elif mark in phrases_of(table["ordinal_marks"]):
        return str(table["ordinals"].get(str(number), cardinal(number)))
    elif len(digits) == 4 and 1100 <= number < 2000 and not match["fraction"] and digits == match["digits"]:
        text = year(number)
    else:
        text = cardinal(number)
    if match["fraction"]:
        text += f" {table['point']} {cardinal(int(match['fraction']))}"
    return _with_units(text, one=number == 1 and not match["fraction"], match=match, table=table)


def _with_units(text: str, *, one: bool, match: re.Match[str], table: dict[str, Any]) -> str:
    symbols = table["symbols"]
    if match["sign"] and match["sign"] != "+":
        text = f"{symbols['−']} {text}"
    elif match["sign"]:
        text = f"{symbols['+']} {text}"
    before, after, mark = match["before"] or "", match["after"] or "", match["mark"] or ""
    if before == "#":
        text = f"{symbols['#']} {text}"
    for money in (before, after):
        if money in table["money"]:
            text += f" {phrases_of(table['money'][money])[0 if one else 1]}"
    if mark:
        known = table["units"].get(mark)
        text += f" {phrases_of(known)[0 if one else -1] if known else symbols.get(mark, mark)}"
    return f"{text} {symbols['%']}" if after == "%" else text
