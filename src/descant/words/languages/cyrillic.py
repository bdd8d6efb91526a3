"""From Russian letters to sounds, once the stressed vowel is known.

Consonants are soft before е ё и ю я ь (ж ш ц never, ч щ й always); obstruents take the voicing of the obstruent after
them and lose it at a word's end; unstressed о and а become ɐ before the stress and ə after it, е and я become ɪ
(Avanesov 1984; Timberlake 2004, ch. 2).
"""

from typing import NamedTuple

from descant.words.languages.orthography import Unit

VOWELS = frozenset("аеёиоуыэюя")
_SOFTENING = frozenset("еёиюяь")
_IOTATED = {"е": "э", "ё": "о", "ю": "у", "я": "а"}
_HARD, _SOFT = frozenset("жшц"), frozenset("чщй")
_PAIRS = {"б": "п", "в": "ф", "г": "к", "д": "т", "ж": "ш", "з": "с"}
_VOICELESS = frozenset("пфктшсхцчщ")
_VOICED = {dull: clear for clear, dull in _PAIRS.items()}
_CONSONANTS = {
    "б": "b", "в": "v", "г": "g", "д": "d", "ж": "ʐ", "з": "z", "й": "j", "к": "k", "л": "l", "м": "m", "н": "n",
    "п": "p", "р": "r", "с": "s", "т": "t", "ф": "f", "х": "x", "ц": "ts", "ч": "tɕ", "ш": "ʂ", "щ": "ɕː",
}  # fmt: skip
_STRESSED = {"а": "a", "о": "o", "у": "u", "э": "ɛ", "ы": "ɨ", "и": "i"}
_SIGNS = frozenset("ьъ‿")


class _Place(NamedTuple):
    """Where a vowel stands: before (−1) or after (1) the stressed syllable, and whether a soft sound is before it."""

    side: int
    soft: bool


def units(letters: str, stressed: int) -> list[Unit]:
    """Return the letters of a lower-case word with their phones.

    Parameters
    ----------
    letters : Russian letters, and "‿" where a preposition joins its word. stressed : index of the stressed vowel.
    """
    found = []
    for i, letter in enumerate(letters):
        if letter in VOWELS:
            found.append(Unit(letter, _vowel(letters, i, stressed)))
        elif letter in _CONSONANTS:
            found.append(Unit(letter, (_consonant(letters, i),)))
        else:
            found.append(Unit(" " if letter == "‿" else letter, ()))
    return found


def _vowel(letters: str, i: int, stressed: int) -> tuple[str, ...]:
    letter, before = letters[i], letters[i - 1] if i else ""
    glide: tuple[str, ...] = ()
    if letter in _IOTATED and (not before or before in VOWELS or before in _SIGNS):
        glide = ("j",)
    if letter == "и" and before == "ь":
        glide = ("j",)
    hard = before in _HARD or (before == "‿" and i > 1 and letters[i - 2] not in VOWELS)
    if letter == "и" and hard:
        letter = "ы"
    soft = bool(glide) or (bool(before) and not hard and letter in _SOFTENING | {"ё"}) or before in _SOFT
    base = _IOTATED.get(letter, letter)
    side = (i > stressed) - (i < stressed)
    if side == 0:
        return (*glide, "e" if base == "э" and soft else _STRESSED[base])
    return (*glide, _reduced(base, _Place(side, soft), last=i == len(letters) - 1, hushed=before in _HARD))


def _reduced(base: str, place: _Place, *, last: bool, hushed: bool) -> str:
    """Return an unstressed vowel."""
    if base == "у":
        return "ʊ"
    if base in "иы":
        return "ɨ" if base == "ы" else "ɪ"
    if base == "э":
        return "ɨ" if hushed else "ɪ"
    if place.soft and base == "а":
        return "ə" if last else "ɪ"
    return "ɐ" if place.side < 0 else "ə"


def _consonant(letters: str, i: int) -> str:
    letter = letters[i]
    following = next((c for c in letters[i + 1 :] if c not in _SIGNS), "")
    if letter in _PAIRS and (not following or following in _VOICELESS or _dull_end(letters, i + 1)):
        letter = _PAIRS[letter]
    elif letter in _VOICED and following in _PAIRS and following != "в" and not _dull_end(letters, i + 1):
        letter = _VOICED[letter]
    phone = _CONSONANTS[letter]
    after = letters[i + 1] if i + 1 < len(letters) else ""
    if letter not in _HARD | _SOFT and after in _SOFTENING and after:
        return f"{phone}ʲ"
    return phone


def _dull_end(letters: str, i: int) -> bool:
    """Whether only obstruents that lose their voice stand from ``i`` to the word's end ("поезд")."""
    rest = [c for c in letters[i:] if c not in _SIGNS]
    return all(c in _PAIRS or c in _VOICELESS for c in rest)
