"""Words said as their writer asks: a pronunciation in IPA, or the word spelled again as it sounds.

A text with a symbol that only the International Phonetic Alphabet has, between slashes, or in Latin letters for a
language that is not written in them, is IPA ("liːd", "/lid/"); anything else is read by the rules of the line's
language ("shivawn", "shi-VAWN": capitals are stressed). Stress and syllables are taken from the marks ("ˈ", "ˌ", "."),
then from the word's own reading, then from the sounds.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from descant.song.lyrics import Syllable, SyllableClass, Word
from descant.words import endings, languages, splitting
from descant.words.data import load, words_of
from descant.words.fields import Field
from descant.words.languages import ipa
from descant.words.languages.orthography import Unit
from descant.words.languages.scripts import script, scripts_of
from descant.words.languages.syllables import syllabify as syllabified
from descant.words.phones import VOWELS, Sound, syllabify

_ONLY_IPA = re.compile("[\u0250-\u02ff\u0329\u032f\u035c\u0361ɑɒɓəɛɪɔŋʌː]")
"""The blocks of phonetic letters and marks, and what stands elsewhere."""

_ALSO_LETTERS = frozenset("æðθøœçβχ")
"""Symbols that some languages, but not English, write as letters."""

_SAME = str.maketrans(
    {"ɡ": "g", ":": "ː", "'": "ˈ", "’": "ˈ", "ʧ": "tʃ", "ʤ": "dʒ", "\u0361": "", "\u035c": "", "ˑ": ""}
)
_ALIKE = {"ɚ": "ɝ", "ʀ": "ʁ", "ɻ": "ɹ", "ɬ": "l", "ʍ": "w", "ħ": "h"}
"""Symbols that are sung as another one outside English."""

_MARKS = {"ˈ": 1, "ˌ": 2}
_BREAKS = frozenset(". -‿")
_LENGTH = "ː"
_REDUCED = frozenset(("ə", "ɐ", "ax"))
_STOPPED = frozenset(
    f"{first} {liquid}" for first in words_of("p b t d k g f v θ s ʃ x") for liquid in words_of("r ɾ ɹ ʁ l ɫ")
) | frozenset(f"{hiss} {second}" for hiss in words_of("s ʃ") for second in words_of("p t k m n v"))
"""Clusters that begin a syllable in most languages."""

_CLASSES = (SyllableClass.UNSTRESSED, SyllableClass.STRESSED, SyllableClass.SECONDARY)
_UNSPACED = frozenset(("CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "THAI"))


_Symbols = dict[str, tuple[tuple[str, ...], bool]]
"""Symbols of IPA with their phones, and whether they make a syllable."""


class _Phones(NamedTuple):
    """Phones in a row: where syllables must begin, and the stress of nuclei by their places."""

    phones: tuple[str, ...]
    cuts: frozenset[int]
    stress: dict[int, int]


def is_ipa(said: str, language: str) -> bool:
    """Return whether a pronunciation is in IPA rather than spelled in letters."""
    text = unicodedata.normalize("NFC", said.strip())
    if re.fullmatch(r"/.*/|\[.*\]", text) or _ONLY_IPA.search(text):
        return True
    if language == "en":
        return not _ALSO_LETTERS.isdisjoint(text)
    return bool(scripts_of(language)) and {script(character) for character in text} <= {"LATIN", ""}


def sound(said: str, language: str) -> Sound:
    """Return a pronunciation as syllables, (phones, stress) each; stress is 0 everywhere where it is not told.

    Parameters
    ----------
    said : IPA or a respelling. language : of the line; English gives CMU phones, any other IPA.

    Raises
    ------
    ValueError : with the reason, in words for the user, when it cannot be said.
    """
    if not said.strip(" /[]"):
        raise ValueError("nothing stands after the bar")
    if is_ipa(said, language):
        return _transcribed(said.strip().strip("/[]"), language)
    return _respelled(said, language)


def applied(
    words: Sequence[Word], text: str, given: Sequence[Field], language: str, notes: list[str]
) -> tuple[tuple[Word, ...], tuple[tuple[int, int], ...]]:
    """Return a line's words with those in its fields said as they ask, and where each word stands in the text.

    Parameters
    ----------
    words : as the language reads ``text``. given : the text's fields, in order.
    notes : receives a sentence for each pronunciation that cannot be read; its word is then read as it is written.
    """
    placed = _placed(words, text)
    for field in given:
        inside = [i for i, (_, start, stop) in enumerate(placed) if start < field.stop and field.start < stop]
        first = inside[0] if inside else sum(start < field.start for _, start, _ in placed)
        last = inside[-1] + 1 if inside else first
        start = min(field.start, placed[first][1]) if inside else field.start
        stop = max(field.stop, placed[last - 1][2]) if inside else field.stop
        own = [word for word, _, _ in placed[first:last]]
        try:
            placed[first:last] = _said(text, start, stop, field, own, language)
        except ValueError as error:
            shown = f"{{{text[field.start : field.stop]}|{field.said}}}"
            notes.append(f"“{shown}” is read as it is spelled: {error}")
    return tuple(word for word, _, _ in placed), tuple((start, stop) for _, start, stop in placed)


def _placed(words: Sequence[Word], text: str) -> list[tuple[Word, int, int]]:
    found, place = [], 0
    for word in words:
        start = max(place, text.find(word.text, place))
        place = start + len(word.text)
        found.append((word, start, place))
    return found


def _said(
    text: str, start: int, stop: int, field: Field, own: Sequence[Word], language: str
) -> list[tuple[Word, int, int]]:
    """Return the words from ``start`` to ``stop``, those of the field said as it asks.

    What stands beside the field in one token ("{Siobhan|shivawn}'s") is read by itself and joined to it; where words
    are written without spaces it stays apart.
    """
    given = sound(field.said, language)
    after = text[field.stop : stop]
    whole = f"{text[start : field.start]}{{{text[field.start : field.stop]}|{field.said}}}{after}"
    if language == "en" and (suffix := re.match(r"[’']?s[’']?(?!\w)", after)) is not None:
        given, after = endings.with_s(given), after[suffix.end() :]
    before, behind = (languages.read(part, language) for part in (text[start : field.start], after))
    if not before and not behind:
        return [(_word(text[start:stop], whole, given, own, language), start, stop)]
    written = text[field.start : stop - len(after)]
    apart = f"{{{text[field.start : field.stop]}|{field.said}}}{text[field.stop : stop - len(after)]}"
    parts = [*before, _word(written, apart, given, (), language), *behind]
    if script(text[field.start]) in _UNSPACED:
        return _placed_from(parts, text, start)
    syllables = tuple(syllable for part in parts for syllable in part.syllables)
    spoken = " ".join(word.spoken for word in own) or text[start:stop].casefold()
    return [(Word(text[start:stop], spoken, syllables, whole), start, stop)]


def _placed_from(words: Sequence[Word], text: str, start: int) -> list[tuple[Word, int, int]]:
    return [(word, start + begin, start + end) for word, begin, end in _placed(words, text[start:])]


def _word(text: str, written: str, given: Sound, own: Sequence[Word], language: str) -> Word:
    """Return a word, ``written`` with its field, with the sounds given; its own reading tells what they do not."""
    syllables = [syllable for word in own for syllable in word.syllables]
    given = _stressed(given, [syllable.stress for syllable in syllables])
    letters = "".join(c for c in text if c.isalnum() or c in "'’") or text
    if language == "en":
        texts: Sequence[str] = splitting.split(letters, [phones for phones, _ in given])
    elif len(syllables) == len(given):
        texts = [syllable.text for syllable in syllables]
    else:
        texts = [letters, *("" for _ in given[1:])]
    weights = [_CLASSES[stress] for _, stress in given]
    if len(given) == 1:
        weights = [syllables[0].weight if len(syllables) == 1 else SyllableClass.CONTENT]
    made = zip(texts, given, weights, strict=True)
    spoken = " ".join(word.spoken for word in own) or text.casefold()
    return Word(text, spoken, tuple(Syllable(t, phones, weight, n) for t, (phones, n), weight in made), written)


def _stressed(given: Sound, own: Sequence[int]) -> Sound:
    """Return a sound with one primary stress at least: the told one, the word's own, or the first full vowel."""
    if any(stress == 1 for _, stress in given):
        return given
    if len(own) == len(given) and 1 in own:
        return tuple((phones, stress) for (phones, _), stress in zip(given, own, strict=True))
    full = [i for i, (phones, _) in enumerate(given) if _REDUCED.isdisjoint(phones)]
    return tuple((phones, 1 if i == (full or [0])[0] else stress) for i, (phones, stress) in enumerate(given))


def _respelled(said: str, language: str) -> Sound:
    """Return the sound of a respelling: parts between hyphens are read alone, one in capitals is stressed."""
    if (strange := re.search(r"[^\w'’\-‐‑·.\s]", said)) is not None:
        raise ValueError(f"“{strange.group()}” is neither a letter nor a symbol of the International Phonetic Alphabet")
    parts = [part for part in re.split(r"[-‐‑·.\s]+", said) if part]
    loud = [part.isupper() and len(parts) > 1 and not said.isupper() for part in parts]
    found: list[tuple[tuple[str, ...], int]] = []
    for part, stressed in zip(parts, loud, strict=True):
        read = [syllable for word in languages.read(part.lower(), language) for syllable in word.syllables]
        if not read:
            raise ValueError(f"“{part}” cannot be read")
        told = [syllable.stress if len(parts) == 1 else 0 for syllable in read]
        if stressed:
            told[max(range(len(read)), key=lambda i: (read[i].stress == 1, -i))] = 1
        found += [(syllable.phones, stress) for syllable, stress in zip(read, told, strict=True)]
    return tuple(found)


def _transcribed(text: str, language: str) -> Sound:
    """Return the syllables of IPA."""
    english = language == "en"
    read = _phones(text, _english() if english else _others())
    nuclei = VOWELS if english else ipa.NUCLEI
    cut: Callable[[Sequence[str]], Sequence[tuple[str, ...]]] = syllabify if english else _syllables
    found: list[tuple[tuple[str, ...], int]] = []
    place = 0
    for piece in _pieces(read, nuclei):
        for phones in cut(piece):
            level = next((read.stress.get(place + i, 0) for i, phone in enumerate(phones) if phone in nuclei), 0)
            found.append((tuple(phones), level))
            place += len(phones)
    return tuple(found)


def _syllables(phones: Sequence[str]) -> list[tuple[str, ...]]:
    return [syllable.phones for syllable in syllabified([Unit("", (phone,)) for phone in phones], _STOPPED)]


def _pieces(read: _Phones, nuclei: frozenset[str]) -> list[tuple[str, ...]]:
    """Return the phones cut where a syllable must begin; a piece without a nucleus joins its neighbour."""
    bounds = [0, *sorted(read.cuts - {0, len(read.phones)}), len(read.phones)]
    pieces: list[tuple[str, ...]] = []
    for start, stop in pairwise(bounds):
        piece = read.phones[start:stop]
        lonely = pieces and (nuclei.isdisjoint(pieces[-1]) or nuclei.isdisjoint(piece))
        pieces[-1:] = [pieces[-1] + piece] if lonely else [*pieces[-1:], piece]
    return pieces


def _phones(text: str, symbols: _Symbols) -> _Phones:
    """Return the phones of IPA, the longest symbol first; a mark of stress belongs to the next nucleus."""
    plain = unicodedata.normalize("NFC", text.translate(_SAME))
    phones: list[str] = []
    cuts: set[int] = set()
    stress: dict[int, int] = {}
    longest, place, level, opened = max(map(len, symbols)), 0, 0, False
    while place < len(plain):
        character = plain[place]
        if character in _MARKS or character in _BREAKS:
            level, opened = _MARKS.get(character, level), True
            place += 1
            continue
        size = next((n for n in range(longest, 0, -1) if plain[place : place + n] in symbols), 0)
        if not size and character != _LENGTH:
            raise ValueError(f"“{character}” is no symbol of the International Phonetic Alphabet that voices know")
        read, vowel = symbols[plain[place : place + size]] if size else ((), False)
        if opened and read:
            cuts |= {len(phones)} if not vowel or plain[place - 1] in _BREAKS else set()
            opened = False
        if vowel and level:
            stress[len(phones) + next(i for i, phone in enumerate(read) if phone in VOWELS | ipa.NUCLEI)] = level
            level = 0
        phones.extend(read)
        place += size or 1
    if not phones:
        raise ValueError("it holds no sound")
    return _Phones(tuple(phones), frozenset(cuts), stress)


@lru_cache(maxsize=1)
def _english() -> _Symbols:
    """Return every symbol with its CMU phones, and whether it makes a syllable."""
    table = load("english/ipa.toml")
    return {
        unicodedata.normalize("NFC", symbol): (words_of(text), kind == "vowels")
        for kind in ("vowels", "consonants")
        for symbol, text in table[kind].items()
    }


@lru_cache(maxsize=1)
def _others() -> _Symbols:
    """Return every symbol that languages give, with the phone it stands for, and whether it makes a syllable."""
    phones = _ALIKE | {unicodedata.normalize("NFC", phone): phone for phone in sorted(ipa.PHONES)}
    return {symbol: ((phone,), ipa.is_nucleus(phone)) for symbol, phone in phones.items()}
