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
from descant.words import homographs, numbers, spelling, stress
from descant.words.data import load, words_of
from descant.words.dictionary import open_dictionary
from descant.words.phones import VOWELS, Sound, joined, sound_of
from descant.words.splitting import split

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'"})
_SPECIAL_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "þ": "th"})
_PARTS = re.compile(r"[-‐‑–_/.,]+")
_EDGES = re.compile(r"^[^\w'&+@=%#$£€¥]+|[^\w'%°&+@=]+$")
_ELONGATED = re.compile(r"(.)\1{2,}")
_REPEATED = re.compile(r"((?:sh|[bdhlnprstwy])(?:a|ah|o|oo|oh|e|ee|i|um|op))\1+")
_ABBREVIATIONS = {"mr": "mister", "mrs": "missus", "ms": "miz", "dr": "doctor", "st": "saint", "vs": "versus"}
_LETTER_NAMES = {
    "a": "ey", "b": "b iy", "c": "s iy", "d": "d iy", "e": "iy", "f": "eh f", "g": "jh iy", "h": "ey ch", "i": "ay",
    "j": "jh ey", "k": "k ey", "l": "eh l", "m": "eh m", "n": "eh n", "o": "ow", "p": "p iy", "q": "k y uw", "r": "aa r",
    "s": "eh s", "t": "t iy", "u": "y uw", "v": "v iy", "w": "'d ah | b ax l | y uw", "x": "eh k s", "y": "w ay", "z": "z iy",
}  # fmt: skip
_TABLES = ("sung", "contractions", "poetic", "slang", "vocables", "words")


def fold(token: str) -> str:
    """Return a token in lower case with plain apostrophes and without accents."""
    plain = unicodedata.normalize("NFKD", token.translate(_APOSTROPHES)).casefold().translate(_SPECIAL_LETTERS)
    return "".join(character for character in plain if not unicodedata.combining(character))


def can_say(token: str) -> bool:
    """Return whether a token holds something sayable: a Latin letter, a digit or a spoken symbol."""
    core = fold(_EDGES.sub("", token.translate(_APOSTROPHES)))
    return any("a" <= character <= "z" or "0" <= character <= "9" for character in core) or numbers.spoken(core) is not None


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
    return Word(token, " ".join(spoken for _, spoken in pieces), tuple(syllables))


def bare(token: str) -> str:
    """Return a token as it is looked up: lower case, without outer punctuation."""
    core = fold(_EDGES.sub("", token.translate(_APOSTROPHES)))
    return core if core.startswith("'") and core in _overrides() else core.strip("'") if core not in _overrides() else core


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
    if re.fullmatch(r"[A-Z]{2,4}", core) and core.lower() not in open_dictionary() and core.lower() not in _overrides():
        return [(letter, f"{letter.lower()}.") for letter in core] if not _shortened(core.lower()) in _vocables() else [
            (core, _shortened(core.lower()))
        ]
    pieces = []
    for part in _PARTS.split(core):
        part_said = numbers.spoken(fold(part))
        if part_said is not None:
            pieces.extend((word, word) for word in part_said.split())
            continue
        folded = fold(part)
        if any("a" <= character <= "z" for character in folded):
            pieces.extend(_word_pieces(part, folded))
    return pieces


def _word_pieces(part: str, folded: str) -> list[tuple[str, str]]:
    spoken = folded if folded in _overrides() else folded.strip("'") if folded.strip("'") in _overrides() else folded
    spoken = re.sub(r"[^a-z']", "", spoken)
    letters = "".join(c for c in part if c.isalpha() or c == "'")
    if spoken in _ABBREVIATIONS:
        return [(letters, _ABBREVIATIONS[spoken])]
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
    if len(spoken) == 2 and spoken.endswith(".") and spoken[0] in _LETTER_NAMES:
        return sound_of(_LETTER_NAMES[spoken[0]])
    if len(spoken) == 1 and spoken not in _overrides() and spoken in _LETTER_NAMES:
        return sound_of(_LETTER_NAMES[spoken])
    known = _known(spoken)
    return _marked(spoken, known if known is not None else _composed(spoken) or spelling.sound(spoken))


def _marked(spoken: str, sound: Sound) -> Sound:
    return stress.mark(spoken, sound, _known)


def _known(spoken: str) -> Sound | None:
    written = _overrides().get(spoken)
    if written is not None:
        return sound_of(written)
    entries = open_dictionary().entries(spoken)
    return entries[0].sound if entries else None


def _composed(spoken: str) -> Sound | None:
    """Build a word from a known one and an ending, or from two known ones."""
    stripped = spoken.strip("'")
    if stripped != spoken and (known := _known(stripped)) is not None:
        return known
    return _with_clitic(spoken) or _clipped(spoken) or _inflected(spoken) or _compound(spoken)


def _with_clitic(spoken: str) -> Sound | None:
    if spoken.endswith("s'"):
        return _sound(spoken[:-1])
    for ending, text in load("english/pronunciations.toml")["parts"].items():
        stem = spoken.removesuffix(ending)
        if stem != spoken and stem:
            base = _sound(stem)
            if ending == "'s":
                return _with_s(base)
            return _with_consonants(base, tuple(text.split())) if " " not in text and text != "er" else joined(
                base, (((tuple(text.split())), 0),)
            )
    return None


def _clipped(spoken: str) -> Sound | None:
    """Read a dropped g: "runnin'" is "running" with a plain n."""
    stem = spoken.removesuffix("'")
    if not stem.endswith("in") or (known := _known(f"{stem}g") or _inflected(f"{stem}g")) is None:
        return None
    phones, weight = known[-1]
    return (*known[:-1], ((*phones[:-1], "n"), weight)) if phones[-1] == "ng" else None


def _inflected(spoken: str) -> Sound | None:
    for ending, extra in (("ings", "ih ng z"), ("ing", "ih ng"), ("ers", "er z"), ("er", "er"), ("est", "ax s t")):
        base = _stem(spoken, ending)
        if base is not None:
            return _with_syllable(base, tuple(extra.split()))
    for ending, extra in (("ness", "n ax s"), ("less", "l ax s"), ("ly", "l iy"), ("ful", "f ax l"), ("ment", "m ax n t")):
        base = _stem(spoken, ending)
        if base is not None:
            return joined(base, ((tuple(extra.split()), 0),))
    base = _stem(spoken, "ed")
    if base is not None:
        last = base[-1][0][-1]
        if last in {"t", "d"}:
            return _with_syllable(base, ("ax", "d"))
        return _with_consonants(base, ("t",) if last in {"p", "k", "f", "s", "sh", "ch", "th"} else ("d",))
    base = _stem(spoken, "es") or _stem(spoken, "s")
    if base is not None:
        return _with_s(base)
    base = _stem(spoken, "y")
    return None if base is None else _with_syllable(base, ("iy",))


def _stem(spoken: str, ending: str) -> Sound | None:
    """Return the sound of what an ending was put on, undoing doubling, dropped e and y → i."""
    stem = spoken.removesuffix(ending)
    if stem == spoken or len(stem) < 2:
        return None
    candidates = [stem]
    if ending[0] in "aeiouy":
        candidates.append(f"{stem}e")
        if stem[-1] == stem[-2]:
            candidates.append(stem[:-1])
    if stem.endswith("i"):
        candidates.append(f"{stem[:-1]}y")
    return next((known for candidate in candidates if (known := _known(candidate)) is not None), None)


def _compound(spoken: str) -> Sound | None:
    cuts = sorted(range(3, len(spoken) - 2), key=lambda cut: abs(cut - len(spoken) / 2))
    for cut in cuts:
        left, right = _known(spoken[:cut]), _known(spoken[cut:])
        if left is not None and right is not None:
            second = tuple((phones, 2 if weight else 0) for phones, weight in right)
            return joined(_marked(spoken[:cut], left), second)
    return None


def _with_s(base: Sound) -> Sound:
    last = base[-1][0][-1]
    if last in {"s", "z", "sh", "zh", "ch", "jh"}:
        return _with_syllable(base, ("ax", "z"))
    return _with_consonants(base, ("s",) if last in {"p", "t", "k", "f", "th"} else ("z",))


def _with_consonants(base: Sound, phones: tuple[str, ...]) -> Sound:
    last, weight = base[-1]
    return (*base[:-1], (last + phones, weight))


def _with_syllable(base: Sound, phones: tuple[str, ...]) -> Sound:
    """Add a syllable that begins with a vowel; the last consonant moves over to it."""
    last, weight = base[-1]
    if last[-1] in VOWELS or last[-1] == "ng":
        return (*base, (phones, 0))
    return (*base[:-1], (last[:-1], weight), ((last[-1], *phones), 0))


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
