"""Word times of audio that is kept, in a song whose sections or lines have been renumbered."""

from collections.abc import Iterable

import msgspec

from descant.song.document import WordTime
from descant.song.score import Phrase, Score, VocalPart

_LEAD = 0.6  # seconds by which a word may be heard before its phrase's first onset, or after its last note


def placed_again(words: Iterable[WordTime], score: Score) -> tuple[WordTime, ...]:
    """Return words with the section and line in which a score has them; those it has not keep theirs."""
    return tuple(_placed(word, score) for word in words)


def _placed(word: WordTime, score: Score) -> WordTime:
    middle = (word.start + word.stop) / 2
    best: tuple[float, WordTime] | None = None
    for part in score.vocals:
        if part.role != word.role:
            continue
        for number, phrase in _numbered(part):
            begin, end = score.performed(phrase.notes[0])[0], score.performed(phrase.notes[-1])[1]
            away = max(begin - middle, middle - end, 0.0)
            known = any(other.text == word.text for other in phrase.words)
            if known and away <= _LEAD and (best is None or away < best[0]):
                best = away, msgspec.structs.replace(word, section=phrase.section, line=number)
    return word if best is None else best[1]


def _numbered(part: VocalPart) -> list[tuple[int, Phrase]]:
    """Return a part's phrases with their numbers in their sections."""
    counts: dict[int, int] = {}
    found = []
    for phrase in part.phrases:
        if phrase.notes:
            found.append((counts.get(phrase.section, 0), phrase))
            counts[phrase.section] = counts.get(phrase.section, 0) + 1
    return found
