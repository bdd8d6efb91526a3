"""The pronouncing dictionary: Debian's festlex-cmu, read as it is installed.

The file holds one Scheme list a line, ``("word" pos (((ph ph) stress) …))``, with syllables and 0/1 stress. It is
indexed once a process by word (about 0.1 s, nothing written to disk); only words that are asked for are parsed.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from descant.words.errors import LexiconMissingError
from descant.words.phones import VOWELS, Sound

PATHS = (
    Path("/usr/share/festival/dicts/cmu/cmudict-0.4.out"),
    Path("/usr/lib/festival/dicts/cmu/cmudict-0.4.out"),
    Path("/usr/local/share/festival/dicts/cmu/cmudict-0.4.out"),
)
"""Where distributions put the dictionary."""

_SYLLABLE = re.compile(r"\(\(([a-z ]+)\) (\d)\)")
_ENTRY = re.compile(r'^\("[^"]*" (\S+) \(')


class Entry(NamedTuple):
    """One pronunciation of a word: its part of speech as festival names it ("nil" when unmarked) and its sound."""

    pos: str
    sound: Sound


class Dictionary:
    """Every word of the pronouncing dictionary, parsed when asked for.

    Parameters
    ----------
    path : the file ``cmudict-0.4.out``.

    Raises
    ------
    LexiconMissingError : when the file is not there.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._lines = path.read_bytes().lower().split(b"\n")
        except OSError as error:
            raise LexiconMissingError(
                f"the pronouncing dictionary {path} cannot be read; install it with: apt install festlex-cmu"
            ) from error
        self._first: dict[bytes, int] = {}
        first = self._first
        for number, line in enumerate(self._lines):
            stop = line.find(b'"', 2)
            if stop > 0:
                first.setdefault(line[2:stop], number)

    def __contains__(self, word: str) -> bool:
        return word.encode("ascii", "replace") in self._first

    def entries(self, word: str) -> tuple[Entry, ...]:
        """Return the pronunciations of a lower-case word, in the file's order; none when it is not listed."""
        number = self._first.get(word.encode("ascii", "replace"))
        if number is None:
            return ()
        start = f'("{word}" '.encode()
        found = []
        while number < len(self._lines) and self._lines[number].startswith(start):
            entry = _parse(self._lines[number].decode("ascii"))
            if entry is not None:
                found.append(entry)
            number += 1
        return tuple(found)


def _parse(line: str) -> Entry | None:
    match = _ENTRY.match(line)
    syllables = tuple((tuple(phones.split()), int(stress)) for phones, stress in _SYLLABLE.findall(line))
    if match is None or not syllables:
        return None
    if any(sum(phone in VOWELS for phone in phones) != 1 for phones, _ in syllables):
        return None
    return Entry(match.group(1), syllables)


@lru_cache(maxsize=2)
def open_dictionary(path: Path | None = None) -> Dictionary:
    """Return the dictionary, read once a process.

    Parameters
    ----------
    path : the file to read, or None for the first of :data:`PATHS` that exists.

    Raises
    ------
    LexiconMissingError : when no file is found; says which package to install.
    """
    if path is None:
        path = next((candidate for candidate in PATHS if candidate.exists()), PATHS[0])
    return Dictionary(path)
