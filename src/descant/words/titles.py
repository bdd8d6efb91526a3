"""Finds a title in lyrics: the line people would ask the radio for."""

import re
from collections import Counter

from descant.song.lyrics import Line, Lyrics, SectionKind
from descant.song.streams import stream
from descant.words import languages, lexicon
from descant.words.data import words_of
from descant.words.languages.scripts import spaced

LONGEST = 80
"""Titles are at most this many characters (contract/errors.md §3)."""

_LONGEST_UNSPACED = 16
"""Characters up to which a line of Chinese or Japanese is a title as it stands."""

_SMALL = frozenset(words_of("a an the and but or nor for so yet of in on at to from by with as into onto over if than"))
_EDGE = re.compile(r"^[^\w'’]+|[^\w'’?!]+$")
_OPENERS = frozenset(words_of("and but so 'cause because cause well oh yeah ooh hey that if when as or then"))


def find(lyrics: Lyrics, seed: int) -> str:
    """Return a title for lyrics: the given one, or the words the chorus insists on, in title case.

    The most repeated short line of the chorus wins; among equals its first and last lines come first, and ``seed``
    decides what is left. Without a chorus, the whole lyric is searched.
    """
    if lyrics.title:
        return lyrics.title[:LONGEST]
    chorus = [section for section in lyrics.sections if section.kind is SectionKind.CHORUS and section.lines]
    pools = [list(section.lines) for section in chorus[:1] or [s for s in lyrics.sections if s.lines]]
    lines = [line for pool in pools for line in pool]
    counts = Counter(_key(line) for line in lines)
    edges = {id(pool[i]) for pool in pools for i in (0, -1)}
    scored = [(_score(line, counts[_key(line)], edge=id(line) in edges), i) for i, line in enumerate(lines)]
    best = max(score for score, _ in scored)
    chosen = [i for score, i in scored if score >= best - 0.25]
    line = lines[int(stream(seed, "title.line").choice(chosen))]
    return title_case(_shortened(line), line.language)[:LONGEST]


def title_case(text: str, language: str = "en") -> str:
    """Return a text as titles are written: small words lower case except first and last.

    Only English writes titles so; in other languages (``language``: its code) just the first letter is raised, and
    lines in capitals are lowered.
    """
    if language != "en":
        lowered = text.lower() if text.isupper() and len(text) > 3 else text
        return lowered[:1].upper() + lowered[1:]
    words = text.split()
    cased = []
    for i, word in enumerate(words):
        small = word.casefold().strip(".,!?;:") in _SMALL and 0 < i < len(words) - 1
        cased.append(
            word.casefold() if small else word[:1].upper() + (word[1:].casefold() if word.isupper() else word[1:])
        )
    return " ".join(cased)


def _key(line: Line) -> str:
    return " ".join(word.spoken for word in line.words)


def _score(line: Line, count: int, *, edge: bool) -> float:
    content = sum(not _is_small(word.spoken, line.language) for word in line.words)
    if content == 0:
        return -5.0 + count
    size = len(line.syllables)
    fit = -0.35 * max(0, size - 7) - 0.5 * max(0, 3 - size)
    return 1.6 * min(count, 4) + 0.8 * edge + fit - 1.0 * line.backing


def _is_small(spoken: str, code: str) -> bool:
    """Whether a word says nothing by itself: only small words, or a sung sound."""
    language = languages.language(code)
    if code == "en" and lexicon.is_vocable(spoken):
        return True
    return all(part in language.function_words or part in language.vocables for part in spoken.split())


def _shortened(line: Line) -> str:
    """Keep the first clause, without an opening small word, when a line is long."""
    english = line.language == "en"
    small = _SMALL | {"the", "my", "your"} if english else languages.language(line.language).function_words
    words = [_EDGE.sub("", word.text) for word in line.words]
    whole = spaced(words)
    if " " not in whole and len(whole) <= _LONGEST_UNSPACED:
        return whole
    for i, word in enumerate(line.words[:-1]):
        if re.search(r"[,;:.?!…—–]$", word.text) and i >= 1 and len(words) > 4:
            words = words[: i + 1]
            break
    while (
        english
        and len(words) > 2
        and words[0].casefold() in _OPENERS
        and (len(words) > 4 or words[0].casefold() in {"oh", "yeah", "ooh", "well", "hey"})
    ):
        words = words[1:]
    if len(words) > 7:
        words = words[:6]
    while len(words) > 2 and words[-1].casefold() in small:
        words = words[:-1]
    return spaced(word for word in words if word)
