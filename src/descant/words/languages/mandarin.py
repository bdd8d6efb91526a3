"""Mandarin: a syllable a character, with its tone.

Readings are pypinyin's (MIT): a phrase dictionary settles characters with several readings, and tone sandhi (一, 不,
third tones) is applied. Pinyin becomes IPA by the tables of ``data/zh.toml``. Tones are 1 high level, 2 rising, 3 low,
4 falling, 5 neutral.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from anyascii import anyascii

from descant.song.lyrics import Syllable, SyllableClass, Word
from descant.words.data import words_of
from descant.words.languages.language import data, described, words_in

NEUTRAL = 5
_CODE = "zh"
_LONGEST_WORD = 4
_PIECES = re.compile(
    r"(?P<han>[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]+)"
    r"|(?P<number>\d+(?:[.,]\d+)*%?)|(?P<symbol>[&+=@#$¥€£°×%])|(?P<space>\s+)|(?P<mark>.)",
    re.DOTALL,
)
_PINYIN = re.compile(r"(?P<letters>[a-zvê]+)(?P<tone>[1-5])")
_SCALES = ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"))


def words(text: str) -> tuple[Word, ...]:
    """Return the words of a line: dictionary words of up to four characters, single characters otherwise."""
    found: list[Word] = []
    opening = ""
    for match in _PIECES.finditer(text):
        written, kind = match.group(), match.lastgroup
        if kind == "mark":
            if found and not opening and not _opens(written):
                found[-1] = Word(found[-1].text + written, found[-1].spoken, found[-1].syllables)
            else:
                opening += written
            continue
        if kind == "space":
            opening = ""
            continue
        made = _read(written) if kind == "han" else [_spoken_number(written, text[match.end() :])]
        if opening and made:
            made[0] = Word(opening + made[0].text, made[0].spoken, made[0].syllables)
        opening = ""
        found.extend(made)
    return tuple(found)


def cardinal(number: int) -> str:
    """Return a number below 10^12 in characters: 1234 → 一千二百三十四, 12 → 十二, 2000 → 两千."""
    digits = words_of(data(_CODE)["numbers"]["digits"])
    if number < 10:
        return digits[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return ("" if tens == 1 else digits[tens]) + "十" + (digits[rest] if rest else "")
    size, name = next(scale for scale in _SCALES if number >= scale[0])
    count, rest = divmod(number, size)
    head = "两" if count == 2 and name != "百" else cardinal(count)
    if not rest:
        return head + name
    gap = digits[0] if rest < size // 10 else ""
    ten = digits[1] if 10 <= rest < 20 else ""
    return head + name + gap + ten + cardinal(rest)


def _opens(mark: str) -> bool:
    return mark in "「『“‘《〈【（(\"'"


def _read(han: str) -> list[Word]:
    """Return the words of a run of characters."""
    readings = _readings(han)
    found, place = [], 0
    for piece in _cut(han):
        for start in range(0, len(piece), _LONGEST_WORD):
            part = piece[start : start + _LONGEST_WORD]
            found.append(Word(part, part, _syllables(part, readings[place : place + len(part)])))
            place += len(part)
    return found


def _cut(han: str) -> Iterator[str]:
    """Cut a run of characters into dictionary words and single characters."""
    from pypinyin.seg import mmseg  # its dictionaries take 0.2 s to load: only for Mandarin

    for piece in re.split(f"({'|'.join(sorted(words_in(_CODE, 'neutral')))})", han):
        yield from [piece] if piece in words_in(_CODE, "neutral") else mmseg.seg.cut(piece)


def _readings(han: str) -> list[str]:
    """Return the pinyin of each character with the digit of its tone."""
    from pypinyin import Style, lazy_pinyin

    plain = _unfolded(han)
    read = lazy_pinyin(
        plain,
        style=Style.TONE3,
        neutral_tone_with_five=True,
        tone_sandhi=True,
        errors=_apart,  # type: ignore[arg-type]  # a list is what its documentation asks for
    )
    found = [reading if _PINYIN.fullmatch(reading) else _guessed(reading) for reading in read]
    for word in words_in(_CODE, "neutral"):
        for match in re.finditer(word, plain):
            last = match.end() - 1
            found[last] = f"{found[last][:-1]}{NEUTRAL}"
    return found


def _apart(rare: str) -> list[str]:
    """Return characters without a reading one by one, as pypinyin takes them."""
    return list(rare)


def _unfolded(han: str) -> str:
    """Return the characters with each repetition mark (々) written out."""
    out = ""
    for character in han:
        out += out[-1] if character == "々" and out else character
    return out


def _guessed(character: str) -> str:
    """Return a reading for a character the dictionary lacks."""
    letters = re.sub(r"[^a-z]", "", anyascii(character).lower())
    return f"{letters if _phones_of(letters) else 'e'}4"


def _syllables(written: str, readings: list[str]) -> tuple[Syllable, ...]:
    return tuple(
        _syllable(character, reading, alone=len(written) == 1, first=i == 0)
        for i, (character, reading) in enumerate(zip(written, readings, strict=True))
    )


def _syllable(character: str, reading: str, *, alone: bool, first: bool) -> Syllable:
    match = _PINYIN.fullmatch(reading)
    assert match is not None
    tone = int(match["tone"])
    weight = SyllableClass.CONTENT if first else SyllableClass.SECONDARY
    if alone and character in words_in(_CODE, "function"):
        weight = SyllableClass.FUNCTION
    elif tone == NEUTRAL:
        weight = SyllableClass.FUNCTION if alone else SyllableClass.UNSTRESSED
    stress = 0 if tone == NEUTRAL else 1 if first else 2
    return Syllable(character, _phones_of(match["letters"]) or ("ɤ",), weight, stress, tone)


@lru_cache(maxsize=1024)
def _phones_of(pinyin: str) -> tuple[str, ...]:
    """Return the sounds of a syllable of pinyin without tone ("zhuang"), none when it is no syllable."""
    table = data(_CODE)
    finals = table["finals"]
    if pinyin in table["alone"]:
        return words_of(finals[table["alone"][pinyin]])
    if pinyin in finals:
        return words_of("o" if pinyin == "o" else finals[pinyin])
    size = 2 if pinyin[:2] in table["initials"] else 1
    initial, final = pinyin[:size], pinyin[size:]
    if initial not in table["initials"]:
        return ()
    if initial in ("j", "q", "x") and final.startswith("u"):
        final = f"v{final[1:]}"
    final = {"ue": "ve", "uen": "un", "uei": "ui", "iou": "iu"}.get(final, final)
    if final == "i" and initial in ("zh", "ch", "sh", "r", "z", "c", "s"):
        return (table["initials"][initial], "ɨ")
    if final not in finals:
        return ()
    return (table["initials"][initial], *words_of(finals[final]))


def _spoken_number(written: str, rest: str) -> Word:
    """Return a number or symbol as one word, read as the characters that say it; years digit by digit."""
    table = data(_CODE)["numbers"]
    digits = words_of(table["digits"])
    if written in table["symbols"]:
        said = table["symbols"][written]
    else:
        whole, _, fraction = written.rstrip("%").replace(",", "").partition(".")
        by_digit = (
            (rest.startswith("年") and len(whole) == 4) or len(whole) > 12 or (whole.startswith("0") and whole != "0")
        )
        said = "".join(digits[int(digit)] for digit in whole) if by_digit else cardinal(int(whole))
        if fraction:
            said += table["point"] + "".join(digits[int(d)] for d in fraction if d.isdigit())
        said = (table["percent"] if written.endswith("%") else "") + said
    return Word(written, said, tuple(s for word in _read(said) for s in word.syllables))


LANGUAGE = described(_CODE, words)
