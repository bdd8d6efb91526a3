"""When each sound of a phrase is sung: syllables of a spoken line laid on the notes.

The vowel begins exactly on its note; the consonants before it take their time from the end of the note before (or
from the rest), as singers do (Sundberg 1987, ch. 4). A held vowel keeps the natural speed of its beginning and end,
and only its middle is stretched; a diphthong stays on its first target and glides late. On fast notes all consonants
between two vowels shrink together so that the vowel keeps its share.

Times are in seconds of the audio. ``positions`` maps output frames to frames of the spoken line.
"""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from descant.perform.voice.accents import PLAIN, Accent
from descant.perform.voice.phones import CLASS, CODA_CAP, ONSET_CAP, UNVOICED, PhoneClass, is_vowel
from descant.perform.voice.spoken import FRAME, LineText, SpokenLine, line_of
from descant.song.score import Phrase, Score

REST = 0.12
"""Seconds of gap after a note from which the singer stops sounding; shorter gaps are sung through."""

CONSONANT_SHARE = 0.62
"""Largest part of the time between two vowel starts that consonants may take."""

SHORTEST_VOWEL = 0.055
"""Seconds of vowel kept on the fastest note: a third of a fast syllable of rap."""

RELEASE = 0.07
"""Seconds an open vowel rings past its note before a rest."""

BURST = 0.060
"""Seconds at the end of a stop or affricate (its burst) that keep their speed when the closure is shortened."""


@dataclass(frozen=True)
class TimedNote:
    """A note in seconds: ``start``, ``stop``, MIDI ``pitch``, and the score's velocity, scoop and vibrato."""

    start: float
    stop: float
    pitch: float
    velocity: int
    scoop: float = 0.0
    vibrato: float = 0.0


@dataclass(frozen=True)
class Span:
    """A phone (index into the line's) sounding from ``start`` to ``stop`` seconds."""

    phone: int
    start: float
    stop: float


@dataclass(frozen=True)
class SungSyllable:
    """A syllable with its notes: phones ``first`` to ``last`` (exclusive), the vowel at ``vowel``."""

    word: int
    first: int
    vowel: int
    last: int
    notes: tuple[TimedNote, ...]

    @property
    def start(self) -> float:
        """Where the vowel begins."""
        return self.notes[0].start

    @property
    def stop(self) -> float:
        """Where the last note ends."""
        return self.notes[-1].stop


@dataclass
class PhraseTiming:
    """A phrase laid out in time.

    ``spans`` rise in time; ``rests`` are (start, stop) inside the phrase where nothing sounds; ``accents`` are the
    line's, one a phone (none: all plain).
    """

    syllables: tuple[SungSyllable, ...]
    accents: tuple[Accent, ...] = ()
    spans: list[Span] = field(default_factory=list)
    rests: list[tuple[float, float]] = field(default_factory=list)

    @property
    def start(self) -> float:
        """Where the first sound begins."""
        return self.spans[0].start

    @property
    def stop(self) -> float:
        """Where the last sound ends."""
        return self.spans[-1].stop

    def accent(self, phone: int) -> Accent:
        """Return how a phone (index into the line's) is sung."""
        return self.accents[phone] if self.accents else PLAIN

    def words(self) -> list[tuple[int, float, float]]:
        """Return (word, start, stop) for each word, by its first and last sound."""
        of_phone = {p: s.word for s in self.syllables for p in range(s.first, s.last)}
        times: dict[int, tuple[float, float]] = {}
        for span in self.spans:
            word = of_phone[span.phone]
            begin, _ = times.get(word, (span.start, span.stop))
            times[word] = begin, span.stop
        return [(word, *times[word]) for word in sorted(times)]


def sung_syllables(
    phrase: Phrase, score: Score, shifts: NDArray[np.float64] | None = None, text: LineText | None = None
) -> tuple[SungSyllable, ...]:
    """Return a phrase's syllables with their notes in seconds.

    A syllable the score gives no note shares the last note of the one before it (of the one after, at the start).
    ``shifts`` are extra seconds for each note, for backing singers; ``text`` is the phrase as its source says it, when
    that is not one of the English sources, which all divide words alike.
    """
    late = np.zeros(len(phrase.notes)) if shifts is None else shifts
    grouped: dict[tuple[int, int], list[TimedNote]] = {}
    for note, shift in zip(phrase.notes, late, strict=True):
        start, stop = score.performed(note)
        timed = TimedNote(start + shift, stop + shift, note.pitch, note.velocity, note.scoop, note.vibrato)
        grouped.setdefault((note.word, note.syllable), []).append(timed)
    bounds, place = [], 0
    said = text or line_of(phrase.words, phrase.language)
    for w, word in enumerate(said.words):
        for s, syllable in enumerate(word):
            size = len(syllable.phones)
            bounds.append((w, place, place + syllable.nucleus, place + size, grouped.get((w, s), [])))
            place += size
    _share_notes([notes for *_, notes in bounds])
    return tuple(SungSyllable(w, a, v, b, tuple(notes)) for w, a, v, b, notes in bounds if notes)


def _share_notes(notes: list[list[TimedNote]]) -> None:
    """Give syllables without a note part of a neighbour's, in place."""
    for i, own in enumerate(notes):
        if own:
            continue
        giver = notes[i - 1] if i and notes[i - 1] else next((n for n in notes[i + 1 :] if n), None)
        if giver is None:
            continue
        before = bool(i and notes[i - 1])
        whole = giver[-1] if before else giver[0]
        middle = (whole.start + whole.stop) / 2
        parts = [TimedNote(a, b, whole.pitch, whole.velocity) for a, b in ((whole.start, middle), (middle, whole.stop))]
        giver[-1 if before else 0] = parts[0 if before else 1]
        own.append(parts[1 if before else 0])


def lay_out(syllables: tuple[SungSyllable, ...], line: SpokenLine, accents: tuple[Accent, ...] = ()) -> PhraseTiming:
    """Return where every phone of the line sounds.

    Parameters
    ----------
    syllables : in the order they are sung, notes rising.
    line : the same phones as spoken.
    accents : how each of them is sung, or none for all as they are.
    """
    timing = PhraseTiming(syllables, accents)
    if not syllables:
        return timing
    first = syllables[0]
    onset = _lengths(timing, line, range(first.first, first.vowel), ONSET_CAP)
    _append(timing, range(first.first, first.vowel), onset, first.start - sum(onset))
    for left, right in pairwise(syllables):
        _between(timing, line, left, right)
    _ending(timing, line, syllables[-1])
    return timing


def _lengths(timing: PhraseTiming, line: SpokenLine, phones: range, caps: dict[PhoneClass, float]) -> list[float]:
    """Return the seconds each consonant takes when nothing presses; a second vowel in a syllable counts as a glide."""
    lengths = []
    for p in phones:
        accent = timing.accent(p)
        cap = caps.get(CLASS[line.phones[p]], 0.09)
        length = accent.stretch * min(float(line.stops[p] - line.starts[p]) * FRAME, cap)
        lengths.append(min(length, accent.stretch * accent.longest) if accent.longest else length)
    return lengths


def _append(timing: PhraseTiming, phones: range, lengths: list[float], start: float) -> None:
    for p, length in zip(phones, lengths, strict=True):
        timing.spans.append(Span(p, start, start + length))
        start += length


def _between(timing: PhraseTiming, line: SpokenLine, left: SungSyllable, right: SungSyllable) -> None:
    """Lay out from one vowel's start to the next: vowel, coda, perhaps a rest, onset."""
    coda_phones, onset_phones = range(left.vowel + 1, left.last), range(right.first, right.vowel)
    coda = _lengths(timing, line, coda_phones, CODA_CAP)
    onset = _lengths(timing, line, onset_phones, ONSET_CAP)
    room = max(right.start - left.start, 0.02)
    gap = right.start - left.stop
    if gap >= REST + sum(onset):
        _held(timing, line, left, coda)
        silent = timing.spans[-1].stop
        begin = max(right.start - sum(onset), silent + 0.01)
        timing.rests.append((silent, begin))
        scale = (right.start - begin) / sum(onset) if onset else 1.0
        _append(timing, onset_phones, [length * scale for length in onset], begin)
        return
    allowed = max(min(CONSONANT_SHARE * room, room - SHORTEST_VOWEL), 0.3 * room)
    total = sum(coda) + sum(onset)
    scale = min(1.0, allowed / total) if total else 1.0
    coda, onset = [scale * c for c in coda], [scale * c for c in onset]
    vowel_stop = right.start - sum(coda) - sum(onset)
    timing.spans.append(Span(left.vowel, left.start, vowel_stop))
    _append(timing, coda_phones, coda, vowel_stop)
    _append(timing, onset_phones, onset, right.start - sum(onset))


def _held(timing: PhraseTiming, line: SpokenLine, syllable: SungSyllable, coda: list[float]) -> None:
    """Lay out a vowel and coda that end in silence: the coda is half inside the note and half past it."""
    length = syllable.stop - syllable.start
    scale = min(1.0, CONSONANT_SHARE * length / (0.5 * sum(coda))) if coda else 1.0
    coda = [scale * c for c in coda]
    vowel_stop = max(syllable.stop - 0.5 * sum(coda), syllable.start + 0.02) if coda else syllable.stop + RELEASE
    timing.spans.append(Span(syllable.vowel, syllable.start, vowel_stop))
    _append(timing, range(syllable.vowel + 1, syllable.last), coda, vowel_stop)


def _ending(timing: PhraseTiming, line: SpokenLine, last: SungSyllable) -> None:
    _held(timing, line, last, _lengths(timing, line, range(last.vowel + 1, last.last), CODA_CAP))


def positions(timing: PhraseTiming, line: SpokenLine, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the (fractional) frame of the spoken line heard at each time in seconds."""
    nodes: list[tuple[float, float]] = []
    carriers = {syllable.vowel for syllable in timing.syllables}
    for span in timing.spans:
        begin, end = float(line.starts[span.phone]), float(line.stops[span.phone])
        name = line.phones[span.phone]
        held = is_vowel(name) or span.phone in carriers
        inner = _vowel_nodes(name, span, begin, end) if held else _consonant_nodes(name, span, begin, end)
        nodes += [(span.start, begin), *inner, (span.stop, end)]
    clock, frames = np.array(nodes).T
    places: NDArray[np.float64] = np.interp(times, np.maximum.accumulate(clock), frames)
    return places


def _vowel_nodes(name: str, span: Span, begin: float, end: float) -> list[tuple[float, float]]:
    spoken, sung = (end - begin) * FRAME, span.stop - span.start
    if sung <= spoken:
        return []
    if CLASS[name] is PhoneClass.DIPHTHONG:
        head = min(0.25 * spoken, 0.05)
        glide = min(0.55 * spoken * 1.2, 0.5 * sung)
        return [
            (span.start + head, begin + 0.22 * (end - begin)),
            (span.stop - glide, begin + 0.45 * (end - begin)),
        ]
    head, tail = min(0.3 * spoken, 0.05), min(0.3 * spoken, 0.06)
    return [(span.start + head, begin + head / FRAME), (span.stop - tail, end - tail / FRAME)]


def _consonant_nodes(name: str, span: Span, begin: float, end: float) -> list[tuple[float, float]]:
    if CLASS[name] not in (PhoneClass.STOP, PhoneClass.AFFRICATE):
        return []
    spoken, sung = (end - begin) * FRAME, span.stop - span.start
    burst = min(BURST if name in UNVOICED else 0.5 * BURST, 0.6 * sung, 0.6 * spoken)
    return [(span.stop - burst, end - burst / FRAME)]
