"""Hindi: Devanagari read letter by letter, with the vowel a that is written but not said taken out.

Every consonant letter carries an inherent a (here "ə"). It is silent at a word's end, and inside a word between a
vowel and one consonant before, and one consonant and a vowel after, worked out from the right (Ohala 1983, ch. 7).
Anusvara is the nasal of the place of the consonant after it, and otherwise, as chandrabindu, makes its vowel nasal.
Stress is weak and follows weight: the heaviest syllable, of equals the last but one.
"""

import unicodedata
from functools import lru_cache

from descant.words.data import words_of
from descant.words.languages import numbers
from descant.words.languages.ipa import NUCLEI
from descant.words.languages.language import data, described, words_in
from descant.words.languages.orthography import Unit
from descant.words.languages.syllables import Sung, syllabify
from descant.words.languages.tokens import Reader

_CODE = "hi"
_VIRAMA, _NUKTA, _ANUSVARA, _CHANDRABINDU, _VISARGA = "\u094d", "\u093c", "\u0902", "\u0901", "\u0903"
_INHERENT = "ə"
_PLACES = {
    "k": "ŋ",
    "g": "ŋ",
    "tʃ": "ɲ",
    "dʒ": "ɲ",
    "ʈ": "ɳ",
    "ɖ": "ɳ",
    "t": "n",
    "d": "n",
    "p": "m",
    "b": "m",
    "s": "n",
}
_LIGHT = frozenset(words_of("ə ɪ ʊ ə̃ ɪ̃ ʊ̃"))
_DIGITS = str.maketrans({chr(0x0966 + i): str(i) for i in range(10)})
_SCALES = ((10**7, "करोड़"), (10**5, "लाख"), (1000, "हज़ार"), (100, "सौ"))
_NO_CLUSTERS: frozenset[str] = frozenset()


def cardinal(number: int) -> str:
    """Return a number below 10^12 in words: 150000 → "एक लाख पचास हज़ार"."""
    if number < 100:
        return words_of(data(_CODE)["numbers"]["words"])[number]
    size, name = next(scale for scale in _SCALES if number >= scale[0])
    count, rest = divmod(number, size)
    return f"{cardinal(count)} {name}" + (f" {cardinal(rest)}" if rest else "")


@lru_cache(maxsize=8192)
def say(word: str) -> tuple[Sung, ...]:
    """Return the syllables of a word with their stress, none when it holds no letter of Devanagari."""
    plain = unicodedata.normalize("NFC", word)
    exceptions = data(_CODE)["exceptions"]
    if plain in exceptions:
        return (Sung(plain, words_of(exceptions[plain]), 1),)
    found = _units(plain)
    if not any(unit.phones for unit in found):
        return ()
    syllables = syllabify(_without_silent(found), _NO_CLUSTERS)
    if len(syllables) == 1:
        return (syllables[0]._replace(stress=1),)
    place = _heaviest(syllables)
    return tuple(s._replace(stress=int(i == place)) for i, s in enumerate(syllables))


@lru_cache(maxsize=1)
def _consonants() -> dict[str, str]:
    """Return the sound of each consonant letter; Unicode keeps letters with a dot below in two characters."""
    return {unicodedata.normalize("NFC", letter): sound for letter, sound in data(_CODE)["consonants"].items()}


def _units(word: str) -> list[Unit]:
    """Return letters with their phones; the inherent vowel is a unit without letters of its own."""
    table = data(_CODE)
    found: list[Unit] = []
    place = 0
    while place < len(word):
        size = 2 if word[place + 1 : place + 2] == _NUKTA else 1
        letter = unicodedata.normalize("NFC", word[place : place + size])
        after = word[place + size : place + size + 1]
        place += size
        consonant = _consonants().get(letter) or _consonants().get(letter[0])
        if consonant:
            found.append(Unit(letter, (consonant,)))
            if after != _VIRAMA and after not in table["signs"]:
                found.append(Unit("", (_INHERENT,)))
        elif letter in table["signs"] or letter in table["independent"]:
            sound = words_of(table["signs"].get(letter) or table["independent"][letter])
            found.extend([Unit("", sound[:-1])] if len(sound) > 1 else [])
            found.append(Unit(letter, sound[-1:]))
        elif letter in (_ANUSVARA, _CHANDRABINDU):
            _add_nasal(found, letter, word[place:])
        else:
            _add_rest(found, letter)
    return found


def _add_rest(found: list[Unit], letter: str) -> None:
    """Add a sign that is no letter: h for visarga, the syllable of om, silence for the others."""
    sounds = {_VISARGA: ("ɦ",), "ॐ": ("o", "m")}.get(letter, ())
    if letter == "ॐ":
        found.append(Unit(letter, ("o",)))
        found.append(Unit("", ("m",)))
    elif found:
        found[-1] = Unit(found[-1].letters + letter, found[-1].phones)
        found.extend([Unit("", sounds)] if sounds else [])


def _add_nasal(found: list[Unit], sign: str, rest: str) -> None:
    """Add anusvara or chandrabindu: a nasal consonant before a stop, else a nasal vowel."""
    following = _consonants().get(rest[:1], "")
    nasal = _PLACES.get(following.rstrip("ʰʱ"), "")
    if sign == _ANUSVARA and following and (nasal or following in "mnlɾʋjʃɦ"):
        found.append(Unit(sign, (nasal or "n",)))
    elif found:
        last = found[-1]
        vowel = unicodedata.normalize("NFC", f"{last.phones[-1]}\u0303") if last.phones else ""
        heard = (*last.phones[:-1], vowel) if vowel in NUCLEI else last.phones
        if vowel not in NUCLEI:
            vowel = {"ɔ̃": "ɔ̃", "æ̃": "ɛ̃"}.get(vowel, "")
            heard = (*last.phones[:-1], vowel) if vowel else last.phones
        found[-1] = Unit(last.letters + sign, heard)


def _without_silent(found: list[Unit]) -> list[Unit]:
    """Return the units without inherent vowels that are not said."""
    kept = list(found)
    vowels = sum(unit.has_nucleus for unit in kept)
    if vowels > 1 and _is_inherent(kept[-1]) and not _ends_in_cluster(kept):
        kept.pop()
    for i in range(len(kept) - 2, 1, -1):
        if _is_inherent(kept[i]) and _between_single_consonants(kept, i):
            del kept[i]
    return kept


def _is_inherent(unit: Unit) -> bool:
    return unit.letters == "" and unit.phones == (_INHERENT,)


def _ends_in_cluster(units: list[Unit]) -> bool:
    """Whether a final vowel follows consonants that cannot end a word ("मित्र", "पुण्य")."""
    if len(units) < 3 or units[-3].has_nucleus:
        return False
    return units[-2].phones[0] in ("ɾ", "j", "ʋ", "l", "m", "n", "ɳ") and units[-3].phones[0] not in (
        "ɾ",
        "l",
        "m",
        "n",
        "ŋ",
    )


def _between_single_consonants(units: list[Unit], i: int) -> bool:
    """Whether vowel, consonant, [a], consonant, vowel surround unit ``i``."""
    if i < 2 or i + 2 >= len(units):
        return False
    before, after = units[i - 1], units[i + 1]
    if before.has_nucleus or after.has_nucleus or not before.phones or not after.phones:
        return False
    return units[i - 2].has_nucleus and units[i + 2].has_nucleus


def _heaviest(syllables: list[Sung]) -> int:
    """Return the index of the stressed syllable: the heaviest; of equals the last but one, never the last alone."""
    weights = []
    for syllable in syllables:
        after = syllable.phones[syllable.phones.index(syllable.nucleus) + 1 :]
        weights.append((0 if syllable.nucleus in _LIGHT else 1) + min(len(after), 2))
    last = len(weights) - 1
    order = sorted(range(len(weights)), key=lambda i: (-weights[i], i == last, -i))
    return order[0]


def _spoken(token: str) -> str | None:
    return _SPEAKER(token.translate(_DIGITS))


_SPEAKER = numbers.speaker(_CODE, cardinal)
_READER = Reader(say, _spoken, words_in(_CODE, "function"))
LANGUAGE = described(_CODE, _READER.words)
