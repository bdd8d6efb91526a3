"""Reads a line in a language whose spelling tells its sounds.

Everything such languages share is here: tokens and punctuation, numbers, abbreviations, initials, elongated words,
exceptions, sung sounds, borrowed English words. A language adds its data file and the functions of :class:`Spelled`.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache, reduce
from typing import NamedTuple

import msgspec

from descant.song.lyrics import Syllable, SyllableClass, Word
from descant.words.data import load, words_of
from descant.words.languages import english
from descant.words.languages.detection import is_borrowed_english
from descant.words.languages.language import data, words_in
from descant.words.languages.orthography import Unit, units
from descant.words.languages.syllables import Sung, syllabify
from descant.words.languages.synalepha import TIE, joined
from descant.words.phones import sound_of

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´′", "'"))
_EDGES = re.compile(r"^[^\w'&+@%#$£€¥°=-]+|[^\w'%°&+@$£€¥=]+$")
_PARTS = re.compile(r"[-‐‑–_/.,:;!?…]+")
_ELONGATED = re.compile(r"(.)\1{2,}")
_CLASSES = (SyllableClass.UNSTRESSED, SyllableClass.STRESSED, SyllableClass.SECONDARY)

_VOWELS = frozenset("aeiouyáéíóúàèìòùâêîôûäöüãõąęåœæó")

Sounds = tuple[Sung, ...]


class Spelled(NamedTuple):
    """What tells one spelled language from another.

    Attributes
    ----------
    code : its data file is ``data/<code>.toml``.
    onsets : clusters that may begin a syllable, phones joined by spaces.
    stress : (word, its syllables without stress) → its syllables with stress; only called for polysyllables.
    numbers : a token with digits or symbols → the words to say, or None; see :mod:`.numbers`.
    between : what neighbouring words do to one another (elision, synalepha, liaison): the line's words → its words.
    respelled : a word → its units, where rules over letters are not enough (compounds, prefixes).
    """

    code: str
    onsets: frozenset[str]
    stress: Callable[[str, Sequence[Sung]], Sequence[Sung]]
    numbers: Callable[[str], str | None]
    between: Callable[[tuple[Word, ...]], tuple[Word, ...]] = lambda words: words
    respelled: Callable[[str], tuple[Unit, ...]] | None = None

    def words(self, text: str) -> tuple[Word, ...]:
        """Return the words of a line of this language."""
        tokens = text.translate(_APOSTROPHES).split()
        written = text.split()
        shouted = not any(token.lower() == token and any(map(str.isalpha, token)) for token in tokens)
        found = []
        for shown, token in zip(written, tokens, strict=True):
            parts = [self._word(shown, pieces) for part in token.split(TIE) if (pieces := self._pieces(part, shouted))]
            if parts:
                found.append(msgspec.structs.replace(reduce(joined, parts), text=shown))
        return self.between(_refrained(tuple(found)))

    def sound(self, spoken: str) -> Sounds:
        """Return the syllables of one lower-case word, on its own."""
        return _sound(self, spoken)

    def _word(self, shown: str, pieces: Sequence[str]) -> Word:
        syllables = [syllable for piece in pieces for syllable in self._syllables(piece)]
        return Word(shown, " ".join(pieces), tuple(_as_written(syllables, shown)))

    def _syllables(self, spoken: str) -> list[Syllable]:
        sounds = self.sound(spoken)
        if len(sounds) == 1:
            last = spoken.rpartition("'")[2]
            small = {spoken, last, _accented(self.code).get(last, last)} & words_in(self.code, "function")
            weight = SyllableClass.FUNCTION if small else SyllableClass.CONTENT
            return [Syllable(spoken, sounds[0].phones, weight, 1)]
        return [Syllable(sound.letters, sound.phones, _CLASSES[sound.stress], sound.stress) for sound in sounds]

    def _pieces(self, token: str, shouted: bool) -> list[str]:
        """Return the words to say for a token: hyphens, numbers and initials give several, punctuation none."""
        core = _EDGES.sub("", token)
        said = self.numbers(core.lower())
        if said is not None:
            return said.split()
        letters = "".join(character for character in core if character.isalpha())
        abbreviations = data(self.code).get("abbreviations", {})
        if core.lower().rstrip(".") in abbreviations and (token.rstrip(",;:!?").endswith(".") or len(letters) > 2):
            return str(abbreviations[core.lower().rstrip(".")]).split()
        if re.fullmatch(r"(?:\w\.){2,}\w?", core + ".") and letters:
            return self._spelled_out(letters)
        if (
            2 <= len(core) <= 4
            and core.isupper()
            and core.isalpha()
            and not shouted
            and not self._sayable(core.lower())
        ):
            return self._spelled_out(core)
        pieces: list[str] = []
        for part in _PARTS.split(core):
            said = self.numbers(part.lower())
            pieces.extend(said.split() if said is not None else self._plain(part))
        return pieces

    def _plain(self, part: str) -> list[str]:
        spoken = unicodedata.normalize("NFC", part).lower()
        spoken = "".join(c for c in spoken if c.isalpha() or c == "'")
        if not any(map(str.isalpha, spoken)):
            return []
        spoken = spoken if spoken in _exceptions(self.code) else _trimmed(spoken, self.code)
        return [_ELONGATED.sub(r"\1", spoken)]

    def _sayable(self, word: str) -> bool:
        if word in _sung_sounds() or word in _exceptions(self.code):
            return True
        return word not in words_in(self.code, "initials") and any(letter in _VOWELS for letter in word)

    def _spelled_out(self, letters: str) -> list[str]:
        names = data(self.code)["letters"]
        return [word for letter in letters.lower() for word in str(names.get(letter, letter)).split()]


def _refrained(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return words with weight on sung sounds that follow one another ("la la la"): alone they would be small words."""
    sung = frozenset(words_of(load("languages/shared.toml")["vocables"]))

    def is_sung(i: int) -> bool:
        beside = [words[j].spoken for j in (i - 1, i + 1) if 0 <= j < len(words)]
        return len(words[i].syllables) == 1 and words[i].spoken in sung and any(spoken in sung for spoken in beside)

    def weighed(word: Word) -> Word:
        syllable = msgspec.structs.replace(word.syllables[0], weight=SyllableClass.CONTENT)
        return msgspec.structs.replace(word, syllables=(syllable,))

    return tuple(weighed(word) if is_sung(i) else word for i, word in enumerate(words))


def _as_written(syllables: Sequence[Syllable], shown: str) -> Sequence[Syllable]:
    """Return syllables with the capitals of the word as written, where its letters are sung as they stand."""
    letters = "".join(c for c in unicodedata.normalize("NFC", shown.translate(_APOSTROPHES)) if c.isalpha() or c == "'")
    if letters.strip("'").lower() != "".join(syllable.text for syllable in syllables).strip("'"):
        return syllables
    place = len(letters) - len(letters.lstrip("'")) if not syllables[0].text.startswith("'") else 0
    found = []
    for syllable in syllables:
        stop = place + len(syllable.text)
        found.append(msgspec.structs.replace(syllable, text=letters[place:stop]))
        place = stop
    return found


def _trimmed(spoken: str, code: str) -> str:
    """Return a word without apostrophes at its edges, but for those the language writes ("po'", "l'")."""
    inner = spoken.strip("'")
    kept = words_in(code, "apostrophes")
    return next((form for form in (f"{inner}'", f"'{inner}") if form in kept and form in spoken), inner)


@lru_cache(maxsize=1)
def _borrowed() -> frozenset[str]:
    return frozenset(words_of(load("languages/shared.toml")["borrowed"]))


@lru_cache(maxsize=16)
def _exceptions(code: str) -> dict[str, Sounds]:
    """Return the words a language's rules would get wrong; hyphens in the data cut their letters into syllables."""
    return {
        letters.replace("-", ""): _sung(letters.split("-"), sound)
        for letters, sound in data(code)["exceptions"].items()
    }


@lru_cache(maxsize=1)
def _sung_sounds() -> dict[str, Sounds]:
    return {letters: _sung([letters], sound) for letters, sound in load("languages/shared.toml")["sounds"].items()}


def _sung(letters: Sequence[str], sound: str) -> Sounds:
    """Return a sound written as in the data files ("'k a | s a") with its letters; those left over go first."""
    syllables = sound_of(sound)
    texts = [*letters, *([""] * (len(syllables) - len(letters)))]
    return tuple(Sung(text, phones, stress) for text, (phones, stress) in zip(texts, syllables, strict=True))


@lru_cache(maxsize=8192)
def _sound(language: Spelled, spoken: str) -> Sounds:
    """Return the syllables of a word, read with the accents that its writer or the spelling left out."""
    if spoken in _exceptions(language.code):
        return _exceptions(language.code)[spoken]
    head, mark, rest = spoken.rpartition("'")
    marked = head + mark + _accented(language.code).get(rest, rest)
    found = _looked_up(language, marked) or _by_rule(language, marked)
    return found if marked == spoken else tuple(_relettered(found, spoken))


def _looked_up(language: Spelled, spoken: str) -> Sounds:
    """Return the syllables of an exception, a sung sound or a borrowed English word, or none."""
    exceptions = _exceptions(language.code)
    head, mark, rest = spoken.rpartition("'")
    if spoken in exceptions:
        return exceptions[spoken]
    if head and rest in exceptions:
        return _prefixed(units(head + mark, language.code), exceptions[rest], language)
    if spoken in _sung_sounds():
        return _sung_sounds()[spoken]
    own = words_in(language.code, "own") | words_in(language.code, "roots")
    if spoken in own or not (spoken in _borrowed() or is_borrowed_english(spoken, language.code)):
        return ()
    return tuple(
        Sung(syllable.text, syllable.phones, syllable.stress)
        for word in english.in_ipa(spoken)
        for syllable in word.syllables
    )


def _by_rule(language: Spelled, spoken: str) -> Sounds:
    """Return the syllables the language's rules give."""
    head, mark, rest = spoken.rpartition("'")
    read = language.respelled(rest) if language.respelled else units(rest, language.code)
    syllables = syllabify((*units(head + mark, language.code), *read), language.onsets)
    if len(syllables) == 1:
        return (syllables[0]._replace(stress=1),)
    return tuple(language.stress(spoken, syllables))


def _relettered(syllables: Sequence[Sung], letters: str) -> list[Sung]:
    """Return syllables with the letters as written instead of as accented; both are equally long."""
    found, place = [], 0
    for syllable in syllables:
        found.append(syllable._replace(letters=letters[place : place + len(syllable.letters)]))
        place += len(syllable.letters)
    return found


@lru_cache(maxsize=16)
def _accented(code: str) -> dict[str, str]:
    """Return words without the accents they are read with, and the same with them.

    These are the words whose stress the spelling hides (``accented`` in the data file) and common words that are
    often typed without their accents, where nothing else is spelled so.
    """
    common = words_in(code, "function") | frozenset(words_of(data(code)["detection"]["common"]))
    bare = {_without_accents(word): word for word in sorted(common) if len(word) > 2}
    hidden = {_without_accents(word): word for word in sorted(words_in(code, "accented"))}
    return {plain: word for plain, word in bare.items() if plain not in common} | hidden


def _without_accents(word: str) -> str:
    return "".join(unicodedata.normalize("NFD", letter)[0] for letter in word).replace("ł", "l")


def _prefixed(read: Sequence[Unit], known: Sounds, language: Spelled) -> Sounds:
    """Return an exception with what stands before its apostrophe: a syllable of its own or only an onset."""
    if any(unit.has_nucleus for unit in read):
        return (*syllabify(read, language.onsets), *known)
    letters = "".join(unit.letters for unit in read)
    phones = tuple(phone for unit in read for phone in unit.phones)
    return (known[0]._replace(letters=letters + known[0].letters, phones=phones + known[0].phones), *known[1:])
