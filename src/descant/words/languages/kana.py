"""Kana as morae: the units Japanese sings, a note each.

ん, the second half of a long vowel and っ are morae of their own. ん is a nasal that carries its note, placed like the
sound after it; っ holds the vowel before it and makes the next consonant long (Labrune 2012, ch. 5–6).
"""

from functools import lru_cache
from typing import NamedTuple

from descant.words.data import words_of
from descant.words.languages.ipa import NUCLEI
from descant.words.languages.language import data

_VOWELS = ("a", "i", "ɯ", "e", "o")
_SMALL = {"ゃ": "a", "ゅ": "ɯ", "ょ": "o"}
_LABIALS, _DENTALS, _VELARS = frozenset("pbm"), frozenset(("t", "d", "n", "ɾ", "ts", "dz", "s")), frozenset("kg")
_PALATALS = frozenset(("tɕ", "dʑ", "ɲ", "ɕ"))
_KATAKANA = range(0x30A1, 0x30F7)
_TO_HIRAGANA = 0x60
_MARKS = {"ー": "ー", "〜": "ー", "～": "ー", "ゝ": "ゝ", "ゞ": "ゞ", "ヽ": "ゝ", "ヾ": "ゞ"}


class Mora(NamedTuple):
    """One mora: its kana as written and its phones."""

    text: str
    phones: tuple[str, ...]

    @property
    def is_special(self) -> bool:
        """Whether it only prolongs what stands before it: ん, っ or the second half of a long vowel."""
        return self.text in ("ん", "ン", "っ", "ッ", "ー", "〜", "～")


def hiragana(text: str) -> str:
    """Return a text with katakana turned into hiragana."""
    return "".join(chr(ord(c) - _TO_HIRAGANA) if ord(c) in _KATAKANA else c for c in text)


def is_kana(text: str) -> bool:
    """Return whether a text is kana alone, with its marks of length and repetition."""
    return bool(text) and all("\u3041" <= c <= "\u30ff" or c in _MARKS for c in text) and "・" not in text


def morae(text: str) -> tuple[Mora, ...]:
    """Return the morae of a text in kana, in order; what is no kana is passed over."""
    plain = hiragana(text)
    known = _table()
    found: list[Mora] = []
    place = 0
    while place < len(plain):
        size = 2 if plain[place : place + 2] in known else 1
        written, kana = text[place : place + size], plain[place : place + size]
        place += size
        if kana in _MARKS:
            found.extend(_marked(written, _MARKS[kana], found))
        elif kana == "ん":
            found.append(Mora(written, ("ん",)))
        elif kana == "っ":
            found.append(Mora(written, ("っ",)))
        elif kana in known:
            found.append(Mora(written, known[kana]))
    return tuple(_placed(found))


def _marked(written: str, mark: str, before: list[Mora]) -> list[Mora]:
    """Return the mora of a mark: a vowel held (ー) or a kana said again (ゝ, voiced ゞ)."""
    if not before:
        return []
    if mark == "ー":
        return [Mora(written, _vowel_of(before[-1].phones))]
    again = hiragana(before[-1].text)
    if mark == "ゞ":
        again = chr(ord(again[0]) + 1) + again[1:]
    return [Mora(written, _table().get(again, before[-1].phones))]


def _vowel_of(phones: tuple[str, ...]) -> tuple[str, ...]:
    vowels = [phone for phone in phones if phone in NUCLEI or phone == "ん"]
    return (vowels[-1],) if vowels else ("a",)


def _placed(found: list[Mora]) -> list[Mora]:
    """Give ん the place of the sound after it, and っ the vowel before it with a long consonant after it."""
    out: list[Mora] = []
    for i, mora in enumerate(found):
        after = found[i + 1].phones if i + 1 < len(found) else ()
        if mora.phones == ("ん",):
            mora = Mora(mora.text, (_nasal(after),))
        elif mora.phones == ("っ",):
            held = _vowel_of(out[-1].phones) if out else ("ɯ",)
            mora = Mora(mora.text, held)
            if len(after) > 1 and after[0] not in ("ん", "っ", "j", "w"):
                found[i + 1] = Mora(found[i + 1].text, (f"{after[0]}ː", *after[1:]))
        out.append(mora)
    return out


def _nasal(after: tuple[str, ...]) -> str:
    head = after[0].rstrip("ː") if after else ""
    if head in _LABIALS:
        return "m̩"
    if head in _DENTALS or head in _PALATALS:
        return "n̩"
    return "ŋ̩" if head in _VELARS else "ɴ̩"


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, ...]]:
    """Return the phones of every kana and kana pair that is a mora, in hiragana."""
    source = data("ja")
    table: dict[str, tuple[str, ...]] = {}
    for row, kana in source["rows"].items():
        for vowel, letter in zip(_VOWELS, words_of(kana), strict=True):
            if letter == "-":
                continue
            consonant = source["sounds"].get(row, "")
            if vowel in ("i", "ɯ"):
                consonant = source["before_i" if vowel == "i" else "before_u"].get(row, consonant)
            table[letter] = (consonant, vowel) if consonant else (vowel,)
            if vowel == "i" and row:
                glide = () if row in source["before_i"] else ("j",)
                table |= {f"{letter}{small}": (consonant, *glide, other) for small, other in _SMALL.items()}
    table["を"] = ("o",)
    return table | {pair: words_of(sound) for pair, sound in source["pairs"].items()}
