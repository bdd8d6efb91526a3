"""English pronunciation: any token of a lyric becomes a word with syllables, sounds and stress.

Sources, in order: our own tables of sung forms (``english/*.toml``), the CMU dictionary as Debian's festlex-cmu
packages it, joined endings and compounds of its words, and letter-to-sound rules. Every word gets at least one
syllable, and every syllable exactly one vowel.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from descant.song.lyrics import Syllable, SyllableClass, Word
from descant.words import endings, homographs, numbers, spelling, stress
from descant.words.data import load, words_of
from descant.words.dictionary import open_dictionary
from descant.words.phones import VOWELS, Sound, sound_of
from descant.words.splitting import split

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'"})
_SPECIAL_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "þ": "th"})
_PARTS = re.compile(r"[-‐‑–_/.,]+")
_EDGES = re.compile(r"^[^\w'&+@=%#$£€¥]+|[^\w'%°&+@=]+$")
_ELONGATED = re.compile(r"(.)\1{2,}")
_REPEATED = re.compile(r"((?:sh|[bdhlnprstwy])(?:a|ah|o|oo|oh|e|ee|i|um|op))\1+")
_ABBREVIATIONS = {"mr": "mister", "mrs": "missus", "ms": "miz", "dr": "doctor", "st": "saint", "vs": "versus"}
_TABLES = ("sung", "contractions", "poetic", "slang", "vocables", "words")


def fold(token: str) -> str:
    """Return a token in lower case with plain apostrophes and without accents."""
    plain = unicodedata.normalize("NFKD", token.translate(_APOSTROPHES)).casefold().translate(_SPECIAL_LETTERS)
    return "".join(character for character in plain if not unicodedata.combining(character))


def can_say(token: str) -> bool:
    """Return whether a token holds something sayable: a Latin letter, a digit or a spoken symbol."""
    core = fold(_EDGES.sub("", token.translate(_APOSTROPHES)))
    return (
        any("a" <= character <= "z" or "0" <= character <= "9" for character in core)
        or numbers.spoken(core) is not None
    )


def word(token: str, before: Sequence[str] = (), after: Sequence[str] = ()) -> Word:
    """Return a token of a lyric as a word.

    Parameters
    ----------
    token : as written, with its punctuation; :func:`can_say` must hold.
    before, after : the neighbouring tokens in reading order, to choose between homographs.

    Returns
    -------
    Word
        Its syllables carry the class of the word on its own; what its place in the line adds is
        :mod:`descant.words.weights`'s matter.

    Raises
    ------
    ValueError : when the token holds nothing sayable.
    LexiconMissingError : when the pronouncing dictionary is not installed.
    """
    pieces = _spoken_pieces(token)
    if not pieces:
        raise ValueError(f"{token!r} holds nothing that can be said")
    context_before = [bare(neighbour) for neighbour in before[-3:]]
    context_after = [bare(neighbour) for neighbour in after[:2]]
    syllables: list[Syllable] = []
    for letters, spoken in pieces:
        sound = _in_context(spoken, context_before, context_after)
        syllables.extend(_syllables(letters, spoken, sound))
        context_before = [*context_before, spoken][-3:]
    return Word(token, " ".join(spoken.rstrip(".") for _, spoken in pieces), tuple(syllables))


def bare(token: str) -> str:
    """Return a token as it is looked up: lower case, without outer punctuation."""
    core = fold(_EDGES.sub("", token.translate(_APOSTROPHES)))
    return (
        core if core.startswith("'") and core in _overrides() else core.strip("'") if core not in _overrides() else core
    )


def sound(spoken: str) -> Sound:
    """Return the pronunciation of one lower-case word on its own, with one primary stress if it is a polysyllable."""
    return _sound(spoken)


def is_listed(spoken: str) -> bool:
    """Return whether a lower-case word is in our tables or in the dictionary."""
    return spoken in _overrides() or spoken in open_dictionary()


def is_function_word(spoken: str) -> bool:
    """Return whether a word is one of the small words that carry no weight of their own."""
    return spoken in _function_words()


def is_vocable(spoken: str) -> bool:
    """Return whether a word is a sung sound without meaning ("ooh", "la", "na-na")."""
    return all(
        part in _vocables() or _REPEATED.fullmatch(part) is not None for part in re.split(r"[- ]", _shortened(spoken))
    )


@lru_cache(maxsize=1)
def _overrides() -> dict[str, str]:
    tables = load("english/pronunciations.toml")
    return {spelling: text for name in _TABLES for spelling, text in tables[name].items()}


@lru_cache(maxsize=1)
def _vocables() -> frozenset[str]:
    return frozenset(load("english/pronunciations.toml")["vocables"])


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    return frozenset(words_of(load("english/words.toml")["function"]))


@lru_cache(maxsize=1)
def _doubled_words() -> frozenset[str]:
    return frozenset(words_of(load("english/words.toml")["doubled"]))


def _spoken_pieces(token: str) -> list[tuple[str, str]]:
    """Cut a token into (letters as written, spoken word) pairs: hyphens and numbers give several."""
    core = _EDGES.sub("", token.translate(_APOSTROPHES))
    said = numbers.spoken(fold(core))
    if said is not None:
        return [(part, part) for part in said.replace("-", " ").split()]
    if re.fullmatch(r"(?:[A-Za-z]\.){2,}[A-Za-z]?", core + "."):
        return [(letter, f"{letter.lower()}.") for letter in core if letter.isalpha()]
    if _is_initials(core):
        return [(letter, f"{letter.lower()}.") for letter in core]
    pieces: list[tuple[str, str]] = []
    for part in _PARTS.split(core):
        part_said = numbers.spoken(fold(part))
        if part_said is not None:
            pieces.extend((word, word) for word in part_said.split())
            continue
        folded = fold(part)
        if any("a" <= character <= "z" for character in folded):
            pieces.extend(_word_pieces(part, folded))
    return pieces


def _is_initials(core: str) -> bool:
    """Whether capitals are read letter by letter ("NYC"): no word, no sung sound."""
    word = core.lower()
    known = word in open_dictionary() or word in _overrides() or _shortened(word) in _vocables()
    return re.fullmatch(r"[A-Z]{2,4}", core) is not None and not known


def _word_pieces(part: str, folded: str) -> list[tuple[str, str]]:
    spoken = folded.strip("'") if folded not in _overrides() and folded.strip("'") in _overrides() else folded
    spoken = re.sub(r"[^a-z']", "", spoken)
    letters = "".join(c for c in part if c.isalpha() or c == "'")
    if spoken in _ABBREVIATIONS:
        return [(letters, _ABBREVIATIONS[spoken])]
    if part.casefold().endswith("é") and not is_listed(spoken):
        spoken = f"{spoken[:-1]}ay"
    short = _shortened(spoken)
    repeated = _REPEATED.fullmatch(short)
    if repeated is not None and short not in _overrides() and short not in open_dictionary():
        unit = repeated.group(1)
        count = len(short) // len(unit)
        return [(letters[i * len(unit) : (i + 1) * len(unit)] or unit, unit) for i in range(count)]
    return [(letters, short)]


@lru_cache(maxsize=8192)
def _shortened(spoken: str) -> str:
    """Undo an elongation ("sooooo" → "so", "freeee" → "free"); other words are returned as they are."""
    if spoken in _overrides() or not _ELONGATED.search(spoken):
        return spoken
    once, twice = _ELONGATED.sub(r"\1", spoken), _ELONGATED.sub(r"\1\1", spoken)
    if twice in _doubled_words() or twice in _vocables():
        return twice
    if once in _overrides() or once in open_dictionary():
        return once
    return twice if twice in open_dictionary() else once


def _in_context(spoken: str, before: list[str], after: list[str]) -> Sound:
    if spoken == "the" and after and _begins_with_vowel(after[0]):
        return sound_of("dh iy")
    chosen = homographs.choose(spoken, before, after)
    return _marked(spoken, sound_of(chosen)) if chosen is not None else _sound(spoken)


def _begins_with_vowel(spoken: str) -> bool:
    pieces = _spoken_pieces(spoken)
    return bool(pieces) and _sound(pieces[0][1])[0][0][0] in VOWELS


@lru_cache(maxsize=16384)
def _sound(spoken: str) -> Sound:
    letters = load("english/pronunciations.toml")["letters"]
    if re.fullmatch(r"[a-z]\.|[b-z]", spoken):  # "u." is the letter; "a" alone is the article
        return sound_of(letters[spoken[0]]) if spoken not in _overrides() else sound_of(_overrides()[spoken])
    known = _known(spoken)
    return _marked(spoken, known if known is not None else endings.composed(spoken, _known) or spelling.sound(spoken))


def _marked(spoken: str, sound: Sound) -> Sound:
    return stress.mark(spoken, sound, _known)


def _known(spoken: str) -> Sound | None:
    written = _overrides().get(spoken)
    if written is not None:
        return sound_of(written)
    entries = open_dictionary().entries(spoken)
    return entries[0].sound if entries else None


def _syllables(letters: str, spoken: str, sound: Sound) -> list[Syllable]:
    texts = split(letters, [phones for phones, _ in sound])
    if len(sound) == 1:
        weight = SyllableClass.FUNCTION if is_function_word(spoken) else SyllableClass.CONTENT
        return [Syllable(texts[0], sound[0][0], weight, sound[0][1])]
    classes = (SyllableClass.UNSTRESSED, SyllableClass.STRESSED, SyllableClass.SECONDARY)
    vocable = is_vocable(spoken)
    return [
        Syllable(text, phones, SyllableClass.CONTENT if vocable else classes[stress_level], stress_level)
        for text, (phones, stress_level) in zip(texts, sound, strict=True)
    ]
