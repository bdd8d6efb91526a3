"""Row 1: every lyric is sung, in order; word times cover every word; no voice sings two notes at once."""

from collections.abc import Sequence
from itertools import pairwise

from benchmarks.table import Figure
from benchmarks.takes import Take
from descant.song.score import Phrase, Role, VocalPart
from descant.words import lyrics


def _sung(phrase: Phrase) -> list[tuple[int, int]]:
    """Return the (word, syllable) pairs of a phrase in the order they are sung, melismas counted once."""
    order: list[tuple[int, int]] = []
    for note in phrase.notes:
        if not order or order[-1] != (note.word, note.syllable):
            order.append((note.word, note.syllable))
    return order


def _wanted(phrase: Phrase) -> list[tuple[int, int]]:
    return [(w, s) for w, word in enumerate(phrase.words) for s in range(len(word.syllables))]


def overlaps(part: VocalPart) -> int:
    """Return how many notes of a part begin before the one before them has ended, as written."""
    notes = [note for phrase in part.phrases for note in phrase.notes]
    return sum(later.start < earlier.start + earlier.duration - 1e-6 for earlier, later in pairwise(notes))


def figures(takes: Sequence[Take]) -> list[Figure]:
    """Return the figures of row 1 over all sung takes."""
    syllables = sung = timed = words = clashes = 0
    order_kept = True
    for take in takes:
        score = take.song.score
        clashes += sum(overlaps(part) for part in score.vocals)
        for part in score.vocals:
            for phrase in part.phrases:
                wanted, got = _wanted(phrase), _sung(phrase)
                syllables += len(wanted)
                sung += len(set(wanted) & set(got))
                order_kept &= got == wanted
        lead = [part for part in score.vocals if part.role == Role.LEAD_VOCAL]
        if take.song.brief.instrumental:
            continue
        given = [word.text for line in lyrics.parse(take.song.lyrics).lines if not line.backing for word in line.words]
        written = [word.text for part in lead for phrase in part.phrases for word in phrase.words]
        order_kept &= given == written
        words += len(given)
        heard = [time for time in take.song.words if time.role == Role.LEAD_VOCAL]
        timed += len(heard)
        clashes += sum(later.start < earlier.stop - 1e-3 for earlier, later in pairwise(heard))
    return [
        Figure("1", "syllables sung of those in the lyrics", f"{sung} of {syllables}", "all", sung == syllables),
        Figure("1", "order of words and syllables as written", "kept" if order_kept else "broken", "kept", order_kept),
        Figure("1", "words of the lead with times", f"{timed} of {words}", "all", timed == words),
        Figure("1", "overlapping notes or words in one voice", str(clashes), "0", clashes == 0),
    ]
