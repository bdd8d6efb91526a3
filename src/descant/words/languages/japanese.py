"""Japanese: a note a mora. Kana are read as they stand; words with Chinese characters by the IPADIC dictionary.

Janome (Apache-2.0, pure Python) cuts the line into words and gives their readings; it also tells the particles は and
へ, said "wa" and "e". Auxiliaries join the word before them. There is no stress: words begin with some weight,
particles have none (research/composition.md §6.6).
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from anyascii import anyascii

from descant.song.lyrics import Syllable, SyllableClass, Word
from descant.words.data import words_of
from descant.words.languages.kana import Mora, hiragana, is_kana, morae
from descant.words.languages.language import data, described

_CODE = "ja"
_HAN = r"[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]"
_PIECES = re.compile(
    rf"(?P<ruby>{_HAN}+《[\u3041-\u30ff]+》)|(?P<number>\d+(?:[.,]\d+)*)|(?P<symbol>[&+=@#$¥€£°×%])|(?P<space>\s+)"
    rf"|(?P<text>(?:(?!{_HAN}+《)(?:{_HAN}|[\u3041-\u309f\u30a0-\u30fa\u30fc-\u30ff〜～]))+)|(?P<mark>.)",
    re.DOTALL,
)
_FURIGANA = re.compile(rf"({_HAN}+)[(（]([\u3041-\u30ff]+)[)）]")
_OPENING = "「『“‘《〈【（([\"'"
_JOINED = frozenset(("助動詞", "接続助詞", "接尾", "非自立"))
"""Parts of speech that belong to the word before them."""

_FULL_WIDTH = str.maketrans({chr(0xFF10 + i): str(i) for i in range(10)} | {"％": "%", "＆": "&", "＋": "+"})


class _Piece(NamedTuple):
    """A word: as written, in kana, in kana as it is said (は as ワ, とう as トー), and whether it is a particle."""

    text: str
    kana: str
    said: str
    particle: bool = False

    @property
    def morae(self) -> tuple[Mora, ...]:
        """The morae, with the kana that are written and the sounds that are said."""
        written, said = morae(self.kana), morae(self.said)
        if len(written) != len(said):
            return written
        return tuple(Mora(shown.text, heard.phones) for shown, heard in zip(written, said, strict=True))


def words(text: str) -> tuple[Word, ...]:
    """Return the words of a line."""
    found: list[_Piece] = []
    opening = ""
    for match in _PIECES.finditer(text.translate(_FULL_WIDTH)):
        kind, written = match.lastgroup, text[match.start() : match.end()]
        if kind == "space":
            opening = ""
            continue
        if kind == "mark":
            if written in _OPENING or not found:
                opening += written
            else:
                found[-1] = found[-1]._replace(text=found[-1].text + written)
            continue
        if kind == "ruby":
            made = [_with_reading(written)]
        else:
            made = _counted(found, match.group()) if kind == "text" else [_numeral(written, match.group())]
        if made:
            made[0] = made[0]._replace(text=opening + made[0].text)
            opening = ""
        found.extend(made)
    return tuple(_word(piece) for piece in found if piece.morae)


def marked(text: str) -> str:
    """Return a line with furigana in ruby brackets: "理由(わけ)" → "理由《わけ》"; "空 (そら)" is an echo."""
    return _FURIGANA.sub(r"\1《\2》", text)


def _with_reading(written: str) -> _Piece:
    kana = written.partition("《")[2].rstrip("》")
    return _Piece(written, kana, _long(kana))


def cardinal(number: int) -> str:
    """Return a number below 10^12 in kana: 24 → にじゅうよん, 300 → さんびゃく."""
    table = data(_CODE)["numbers"]
    digits = words_of(table["digits"])
    if number < 10:
        return digits[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return ("" if tens == 1 else digits[tens]) + "じゅう" + (digits[rest] if rest else "")
    size, name = max((int(size), name) for size, name in table["scales"].items() if number >= int(size))
    count, rest = divmod(number, size)
    head = ("" if count == 1 and size < 10**4 else cardinal(count)) + name
    head = str(table["joined"].get(str(count * size), head))
    return head + (cardinal(rest) if rest else "")


def _numeral(written: str, plain: str) -> _Piece:
    said = _number(plain)
    return _Piece(written, said, said)


def _counted(found: list[_Piece], text: str) -> list[_Piece]:
    """Return the words of a run of script; what counts a number before it is read as a counter (時 "ji")."""
    if found and any("0" <= c <= "9" for c in found[-1].text.translate(_FULL_WIDTH)):
        counters = data(_CODE)["counters"]
        if text[0] in counters:
            kana = counters[text[0]]
            return [_Piece(text[0], kana, kana), *(_pieces(text[1:]) if text[1:] else [])]
    return _pieces(text)


def _number(written: str) -> str:
    table = data(_CODE)["numbers"]
    if written in table["symbols"]:
        return str(table["symbols"][written])
    whole, _, fraction = written.replace(",", "").partition(".")
    digits = words_of(table["digits"])
    said = cardinal(int(whole)) if len(whole) <= 12 else "".join(digits[int(digit)] for digit in whole)
    return said + (table["point"] + "".join(digits[int(d)] for d in fraction if d.isdigit()) if fraction else "")


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    from janome.tokenizer import Tokenizer  # its dictionary takes 0.2 s to open: only for Japanese

    return Tokenizer()


@lru_cache(maxsize=1)
def _own() -> re.Pattern[str]:
    listed = sorted(data(_CODE)["readings"], key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, listed))})")


def _pieces(text: str) -> list[_Piece]:
    """Return the words of a run of Japanese script."""
    found: list[_Piece] = []
    for i, part in enumerate(_own().split(text)):
        if i % 2:
            kana = data(_CODE)["readings"][part]
            found.append(_Piece(part, kana, _long(kana)))
        elif part:
            for token in _tokenizer().tokenize(part):
                _append(found, token)
    return found


def _append(found: list[_Piece], token: Any) -> None:
    """Add a token as a word of its own, or to the word before it."""
    kinds = token.part_of_speech.split(",")
    kana = _kana(token)
    said = str(token.phonetic) if token.phonetic != "*" and _same(token, kana) else _long(kana)
    if found and _torn(found[-1].text, token.surface):
        last = found[-1]
        found[-1] = _Piece(last.text + token.surface, last.kana + kana, _long(last.kana + kana))
    elif found and not found[-1].particle and _JOINED.intersection(kinds[:2]):
        last = found[-1]
        found[-1] = _Piece(last.text + token.surface, last.kana + kana, last.said + said)
    else:
        found.append(_Piece(token.surface, kana, said, kinds[0] == "助詞"))


def _torn(before: str, after: str) -> bool:
    """Whether the dictionary cut a word of kana where no mora begins, so that the cut cannot be right."""
    return before[-1] in "っッ" or hiragana(after[0]) in "んっゃゅょぁぃぅぇぉー"


def _same(token: Any, kana: str) -> bool:
    """Whether the dictionary reads a word as the kana say it, so that its pronunciation may be taken."""
    return hiragana(str(token.reading)) == hiragana(kana)


def _long(kana: str) -> str:
    """Return kana with おう as a long vowel, as it is said inside a word."""
    return re.sub(r"(?<=[おこごそぞとどのほぼぽもよろょ])う", "ー", kana)


def _kana(token: Any) -> str:
    """Return a word in kana: kana as they stand, others as the dictionary reads them."""
    surface = str(token.surface)
    if is_kana(surface):
        return surface
    if token.reading != "*":
        return str(token.reading)
    return "".join(_character(character) for character in surface)


def _character(character: str) -> str:
    """Return a reading for a character that stands in no word of the dictionary."""
    if is_kana(character):
        return character
    alone = next(iter(_tokenizer().tokenize(character)), None)
    if alone is not None and alone.reading != "*":
        return str(alone.reading)
    return {"a": "ア", "i": "イ", "e": "エ", "o": "オ"}.get(anyascii(character).lower()[-1:], "ウ")


def _word(piece: _Piece) -> Word:
    found = piece.morae
    texts = _texts(piece, found)
    if piece.particle:
        weights = [SyllableClass.FUNCTION] * len(found)
    else:
        weights = [SyllableClass.CONTENT, *(SyllableClass.SECONDARY for _ in found[1:])]
    syllables = tuple(
        Syllable(text, mora.phones, SyllableClass.UNSTRESSED if mora.is_special and i else weight, int(i == 0) or 2)
        for i, (text, mora, weight) in enumerate(zip(texts, found, weights, strict=True))
    )
    return Word(piece.text, hiragana(piece.kana), syllables)


def _texts(piece: _Piece, found: tuple[Mora, ...]) -> list[str]:
    """Return what is shown for each mora: the kana themselves, as written where the word is kana."""
    if "".join(mora.text for mora in found) in piece.text:
        return [mora.text for mora in found]
    return [hiragana(mora.text) for mora in found]


LANGUAGE = described(_CODE, words)._replace(marked=marked)
