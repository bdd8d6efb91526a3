"""The lyrics with the time of each word: the text as written, cut into words, and when each of them is sung.

Joined together the pieces are the whole text: a piece holds the section tags and empty lines before its word and the
spaces and the line's end after it, which is the form clients of the contract read (contract/sonic.md §6).
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

import msgspec

from descant.song.document import WordTime
from descant.words.fields import shown

LEAD = "vocals"

ECHO_SECONDS = 12.0
"""A backing voice repeats a line within this time, or what it sings is something else."""

LIKELY = 0.5
"""Confidence where as many words are sung as are written, but spelled otherwise."""

_PIECE = re.compile(r"\[[^\]\n]*\]|\[?[^\s\[]+|\[")


class TimedWord(NamedTuple):
    """A piece of the lyrics.

    Attributes
    ----------
    text : one word and what stands around it.
    start, stop : seconds of the audio.
    certainty : 0–1; 1 when the word is sung as written, 0 when it is not sung, and the times are those of the gap.
    """

    text: str
    start: float
    stop: float
    certainty: float


class _Written(NamedTuple):
    """A piece of the text, its word as compared, and whether it stands in parentheses."""

    piece: str
    word: str
    aside: bool


class _Placed(NamedTuple):
    """A piece and the sung word it was matched with, if any; an unwritten piece is one that is sung only."""

    written: _Written
    time: WordTime | None
    certainty: float


def time_words(lyrics: str, sung: Sequence[WordTime]) -> tuple[TimedWord, ...]:
    """Return the words of a text with their times.

    Parameters
    ----------
    lyrics : the text with section tags; fields of pronunciation are shown as their written words.
    sung : when which word is sung, by lead and backing voices.

    Returns
    -------
    tuple of TimedWord
        Empty when nothing is sung. Words that are sung but not written (a chorus named by its tag alone) are pieces
        of their own.
    """
    if not sung:
        return ()
    written = _cut(shown(lyrics))
    sung = [part for word in sung for part in _parted(word)]
    lead = sorted((word for word in sung if word.role == LEAD), key=lambda word: word.start)
    backing = sorted((word for word in sung if word.role != LEAD), key=lambda word: word.start)
    # Words in parentheses are the backing voices', unless more is found when the lead is thought to sing them too.
    choices = (False, True) if any(entry.aside for entry in written) else (True,)
    placed = max(
        (_match(written, lead, with_asides=asides) for asides in choices),
        key=lambda found: sum(entry.time is not None and entry.written.word != "" for entry in found),
    )
    return tuple(_filled(_from_backing(placed, backing)))


def _parted(word: WordTime) -> list[WordTime]:
    """Return words that are sung as one ("mi amor") apart, their time shared out by letters."""
    texts = word.text.split()
    if len(texts) < 2:
        return [word]
    total, place, parts = sum(map(len, texts)), 0, []
    for text in texts:
        start, stop = (word.start + (word.stop - word.start) * at / total for at in (place, place + len(text)))
        parts.append(msgspec.structs.replace(word, text=text, start=start, stop=stop))
        place += len(text)
    return parts


def _cut(lyrics: str) -> list[_Written]:
    """Return the text cut into pieces of a word each."""
    spans = [match.span() for match in _PIECE.finditer(lyrics) if not _is_tag(match[0]) and _plain(match[0])]
    cuts = [0]
    for (_, stop), (start, _) in pairwise(spans):
        line_end = lyrics.find("\n", stop, start)
        cuts.append(start if line_end < 0 else line_end + 1)
    pieces = [lyrics[left:right] for left, right in pairwise([*cuts, len(lyrics)])] if spans else []
    aside, written = False, []
    for (start, stop), piece in zip(spans, pieces, strict=True):
        word = lyrics[start:stop]
        aside = aside or "(" in word
        written.append(_Written(piece, _plain(word), aside))
        aside = aside and ")" not in word and "\n" not in piece[piece.find(word) :]
    return written


def _is_tag(text: str) -> bool:
    return text.startswith("[") and text.endswith("]")


def _plain(word: str) -> str:
    """Return a word as it is compared: letters and digits alone, in one case."""
    return "".join(character for character in word.casefold() if character.isalnum())


def _match(written: Sequence[_Written], lead: Sequence[WordTime], *, with_asides: bool) -> list[_Placed]:
    """Match the words that the lead may sing with those it does; the others stay without a time."""
    mine = [index for index, entry in enumerate(written) if with_asides or not entry.aside]
    heard = [_plain(word.text) for word in lead]
    placed: dict[int, list[_Placed]] = {index: [_Placed(entry, None, 0.0)] for index, entry in enumerate(written)}
    unwritten: list[_Placed] = []
    for kind, left, right, first, last in _changes([written[index].word for index in mine], heard):
        if right - left == last - first:
            certainty = 1.0 if kind == "equal" else LIKELY
            for index, word in zip(mine[left:right], lead[first:last], strict=True):
                placed[index] = [_Placed(written[index], word, certainty)]
        else:
            extra = [_Placed(_Written(f"{word.text} ", "", False), word, 1.0) for word in lead[first:last]]
            (placed[mine[right - 1]] if right else unwritten).extend(extra)
    return unwritten + [entry for index in range(len(written)) for entry in placed[index]]


def _changes(words: list[str], heard: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Return how one list becomes the other, as difflib tells it; fast when they are the same."""
    if words == heard:
        return [("equal", 0, len(words), 0, len(heard))]
    return SequenceMatcher(None, words, heard, autojunk=False).get_opcodes()  # type: ignore[return-value]


def _from_backing(placed: Sequence[_Placed], backing: Sequence[WordTime]) -> list[_Placed]:
    """Time what the lead leaves out by the backing voices, where these sing it soon after the words before."""
    free = list(backing)
    found: list[_Placed] = []
    earliest = 0.0
    for entry in placed:
        time, certainty = entry.time, entry.certainty
        if time is None:
            latest = earliest + ECHO_SECONDS
            wanted = (t for t in free if _plain(t.text) == entry.written.word and earliest <= t.start <= latest)
            time = next(wanted, None)
            certainty = 0.0 if time is None else 1.0
            if time is not None:
                free.remove(time)
        earliest = earliest if time is None else time.start
        found.append(_Placed(entry.written, time, certainty))
    return found


def _filled(placed: Sequence[_Placed]) -> list[TimedWord]:
    """Give words that are not sung the gap they would stand in."""
    filled: list[TimedWord] = []
    last = 0.0
    for index, (written, time, certainty) in enumerate(placed):
        if time is None:
            after = next((later.time.start for later in placed[index + 1 :] if later.time is not None), last)
            filled.append(TimedWord(written.piece, last, max(last, after), 0.0))
        else:
            filled.append(TimedWord(written.piece, time.start, time.stop, certainty))
            last = time.stop
    return filled
