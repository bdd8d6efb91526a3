"""Shares a word's letters out over its syllables, for display and for lyric events in MIDI files.

The count comes from the sounds, never from the letters. The cut is the cheapest of all cuts under costs that want
each piece to hold one vowel spelling and to begin and end as its sounds do, with doubled consonants parted
("lit-tle") and onsets as long as English allows ("beau-ti-ful").
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from descant.words.phones import VOWELS

_SPELLINGS = {
    "b": "b", "ch": "ch t c", "d": "d", "dh": "th", "f": "f ph gh", "g": "g gh x", "hh": "h wh j", "jh": "j g d",
    "k": "c k q ch x", "l": "l", "m": "m", "n": "n kn gn pn mn", "ng": "ng n", "p": "p", "r": "r wr rh",
    "s": "s c ps sc z x", "sh": "sh s t c ch", "t": "t th d", "th": "th", "v": "v f", "w": "w o u", "y": "y i e u j",
    "z": "z s x", "zh": "s z g t j",
}  # fmt: skip
_STARTS = {phone: tuple(spellings.split()) for phone, spellings in _SPELLINGS.items()}
_GRAPHEMES = re.compile(r"^kn|^wr|^gn|tch|dge|sch|ch|sh|th|ph|gh|wh|ck|qu|ng|[^aeiou]")
_PIECE = re.compile(r"([^aeiouy]*(?:(?<=q)u|y(?=[aeiou]))?)([aeiouyw]*)(.*)", re.DOTALL)


def split(letters: str, syllables: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return ``letters`` cut into one piece a syllable; joined, the pieces are the letters again.

    Parameters
    ----------
    letters : the word as written, any case; apostrophes may stand inside.
    syllables : the phones of each syllable.
    """
    count = len(syllables)
    if count <= 1:
        return (letters,)
    if len(letters) < count:
        return (letters, *("" for _ in range(count - 1)))
    return _cheapest(letters, tuple(syllables))


@lru_cache(maxsize=4096)
def _cheapest(letters: str, syllables: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    word = _plain(letters)
    size, count = len(word), len(syllables)
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, -1)}]
    for index, phones in enumerate(syllables):
        row: dict[int, tuple[float, int]] = {}
        left = count - index - 1
        for start, (so_far, _) in best[-1].items():
            stops = range(start + 1, size - left + 1) if left else (size,)
            for stop in stops:
                total = so_far + _cost(word, start, stop, phones, last=not left)
                if stop not in row or total < row[stop][0]:
                    row[stop] = (total, start)
        best.append(row)
    pieces = []
    stop = size
    for row in reversed(best[1:]):
        start = row[stop][1]
        pieces.append(letters[start:stop])
        stop = start
    return tuple(reversed(pieces))


def _plain(letters: str) -> str:
    """Return the letters in lower case without accents, one for one."""
    plain = "".join(unicodedata.normalize("NFD", letter)[0].lower()[:1] for letter in letters)
    return plain if len(plain) == len(letters) else letters


def _cost(word: str, start: int, stop: int, phones: tuple[str, ...], *, last: bool) -> float:
    piece = word[start:stop].replace("'", "")
    match = _PIECE.fullmatch(piece)
    assert match is not None
    onset, vowel, coda = match.groups()
    nucleus = next(i for i, phone in enumerate(phones) if phone in VOWELS)
    if phones[0] == "er" and piece in {"re", "res", "red"}:
        return -0.5  # "fi-re", "ti-red"
    hummed = last and phones[nucleus] == "ax"  # "rhy-thm", "peo-ple": the vowel is heard but not written
    cost = 0.0 if vowel else 1.0 if hummed else 2.5
    cost += _edge_cost(onset, phones[:nucleus])
    coda_phones = phones[nucleus + 1 :] + (("r",) if phones[nucleus] in {"er", "axr"} else ())
    silent = re.sub(r"e(s|d|)$" if last else r"e$", lambda match: match.group(1) if last else "", coda)
    if silent != coda and not last:
        cost += 0.3
    coda = silent
    cost += 2.0 * len(re.findall(r"[aeiouy]+", coda))
    cost += 0.6 * abs(len(_GRAPHEMES.findall(coda)) - len(coda_phones))
    if coda and coda_phones and not _spells(coda, coda_phones[0]):
        cost += 0.6
    doubled = start > 0 and word[start - 1] == word[start] and word[start] not in "aeiou"
    if doubled and nucleus > 0 and _spells(word[start], phones[0]):
        cost -= 1.5
    if vowel and len(vowel) > 2 and phones[nucleus] in {"ih", "ae", "ah", "ax"}:
        cost += 0.5 * (len(vowel) - 2)
    return cost + _vowel_cost(vowel, phones[nucleus])


def _edge_cost(onset: str, phones: tuple[str, ...]) -> float:
    if not onset and not phones:
        return 0.0
    cost = 0.8 * abs(len(_GRAPHEMES.findall(onset)) - len(phones))
    if phones and phones[-1] in {"y", "w"}:
        cost = min(cost, 0.8 * abs(len(_GRAPHEMES.findall(onset)) - len(phones) + 1))
    if onset and phones and not _spells(onset, phones[0]):
        cost += 1.2
    if phones and not onset and phones[0] not in {"y", "w"}:
        cost += 1.0
    return cost


def _spells(letters: str, phone: str) -> bool:
    return phone in VOWELS or letters.startswith(_STARTS[phone])


_WIDE = {"ay": "iyeau", "aw": "oau", "oy": "o", "ow": "oea", "uw": "uoew", "iy": "eiyao", "ey": "aei", "uh": "uo"}


def _vowel_cost(vowel: str, phone: str) -> float:
    """Two vowels in hiatus ("po-em", "li-on") must be parted; one spelled with two letters must not."""
    if not vowel:
        return 0.0
    expected = _WIDE.get(phone)
    cost = 0.0 if expected is None or vowel[0] in expected else 0.7
    if len(vowel) == 2 and vowel in {"ia", "io", "iu", "eo", "ua", "uo", "ue", "ui"} and vowel not in {"ue", "ui"}:
        cost += 0.4
    if phone == "ih" and vowel in {"ei", "yi", "oi", "ui", "ai"}:
        cost += 0.5
    return cost
