"""Where songs are cut: bar lines at which they can be, and the moment just before one that lies ahead of what follows.

A cut in the sound is not made on the bar line, where everybody strikes, but a little before it, and before the breath
and the consonants of a line that begins there or leads into it.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator

import msgspec

from descant.edit.grafting import belongs_after, joined, shifted
from descant.song.document import Song
from descant.song.score import Phrase, Score

AHEAD = 0.045
"""Seconds between a cut and the first thing that is struck after it: room for a crossfade."""

_RATE = 48_000  # samples a second of all audio
_CONSONANTS = 0.28  # seconds before a line's first vowel at which it is already heard
_CONSONANT = 0.12  # seconds before a heard vowel at which its word begins
_FADED = 0.02  # seconds before a bar line at which a recording has gone
_LONGEST_GAP = 0.5  # beats that a recording is cut off before what follows at most
_EDGE = 1e-6  # beats
_ROOM = 0.12  # seconds by which a recording may end before a bar line and yet be left there
_STRADDLING, _BETWEEN_WORDS = 0.5, 0.15  # cost in bars of cutting inside a word, and inside a line


class Timeline(msgspec.Struct, frozen=True):
    """A song among what was heard before it: the score as it was performed.

    Attributes
    ----------
    score : everything up to the song's end; its beats are those the performance knew.
    origin : beat of ``score`` at which the song's own beat 0 falls; 0 for a song that extends nothing.
    offset : second of ``score`` at which the song's audio begins.
    """

    score: Score
    origin: float
    offset: float

    @property
    def sections_before(self) -> int:
        """Number of sections that come before the song's own."""
        return sum(section.start < self.origin - _EDGE for section in self.score.sections)


def timeline(song: Song) -> Timeline:
    """Return a song's score on the beats it was performed at."""
    if song.before is None:
        return Timeline(song.score, 0.0, 0.0)
    origin = song.before.length
    score = joined(song.before, shifted(song.score, origin, 0.0))
    return Timeline(score, origin, score.seconds(origin) - song.score.lead_in)


def bar_lines(score: Score) -> list[float]:
    """Return the beats of all bar lines, the end of the score included."""
    bar = score.metre.bar_length
    return [*(section.start + n * bar for section in score.sections for n in range(section.bars)), score.length]


def nearest_join(score: Score, at: float, first: float) -> float:
    """Return the bar line nearest to ``at`` (beats) at which a song can be left and gone on from.

    None before the bar after ``first``, none after the song has begun to end. Of two bar lines, the farther is taken
    where the nearer cuts a word in two and the other lies less than half a bar farther.
    """
    bar = score.metre.bar_length
    last = max(ending(score), first + bar)
    lines = [line for line in bar_lines(score) if first + bar - _EDGE <= line <= last + _EDGE]

    def cost(line: float) -> tuple[float, float]:
        return abs(line - at) / bar + cut_cost(score, line), line

    return min(lines, key=cost) if lines else last


def nearest_recorded_join(score: Score, at: float, seconds: float) -> float:
    """Return the bar line nearest to ``at`` (beats) at which a recording of some length can be left.

    Unlike a song that was written, it may be left at its very end: it often ends only because it was cut there.

    Raises
    ------
    ValueError : when it holds no whole bar.
    """
    lines = [line for line in bar_lines(score)[1:] if score.seconds(line) <= seconds + _ROOM]
    if not lines:
        raise ValueError("there is no whole bar in it")
    bar = score.metre.bar_length
    return min(lines, key=lambda line: (abs(line - at) / bar + cut_cost(score, line), line))


def cut_cost(score: Score, beat: float) -> float:
    """Return what a cut at a beat costs, in bars: more inside a word than between words, nothing between lines."""
    costs = [0.0]
    for phrase in _phrases(score):
        sounding = [note for note in phrase.notes if note.start < beat - _EDGE]
        rest = [note for note in phrase.notes if note.start >= beat - _EDGE]
        if sounding and rest:
            inside = rest[0].word == sounding[-1].word
            costs.append(0.0 if belongs_after(phrase, beat) else _STRADDLING if inside else _BETWEEN_WORDS)
    return max(costs)


def ending(score: Score) -> float:
    """Return the beat at which a song begins to end: its fade, its last slowing, or its closing bar."""
    bar = score.metre.bar_length
    last = score.length - bar
    lines = bar_lines(score)
    slowing = [
        change.beat for change in score.tempo if change.beat >= score.length - 2 * bar - _EDGE and change.beat > 0
    ]
    if slowing:
        last = min(last, slowing[0])
    if score.fade is not None:
        last = min(score.length, lines[bisect_right(lines, score.fade.start + _EDGE) - 1])
    return max(0.0, lines[bisect_right(lines, last + _EDGE) - 1])


def seam(score: Score, beat: float) -> float:
    """Return the second at which to cut, so that a bar line, and all that leads into it, is after the cut.

    It falls on a sample of the audio, so that what is kept keeps its place to the sample.

    Parameters
    ----------
    score : what is heard after the cut, or would have been; its beats and seconds.
    """
    reach = beat + score.metre.bar_length
    moments = [score.seconds(beat)]
    for part in score.parts:
        moments += [score.performed(note)[0] for note in part.notes if beat - _EDGE <= note.start < reach]
    for phrase in _phrases(score):
        if phrase.notes[0].start < reach and belongs_after(phrase, beat):
            moments.append(score.performed(phrase.notes[0])[0] - _CONSONANTS - phrase.breath)
    return max(0, math.floor((min(moments) - AHEAD) * _RATE)) / _RATE


def recorded_cut(score: Score, beat: float) -> float:
    """Return the second up to which a recording goes on sounding when something else follows from a bar line on.

    As late as can be, for nothing else fills the time: just before what was heard on the bar line, and before the
    consonant of a line that was sung from there on.
    """
    line = score.seconds(beat)
    earliest = line - _LONGEST_GAP * (score.seconds(beat + 1.0) - line)
    moments = [line - _FADED]
    for part in score.parts:
        moments += [score.performed(note)[0] - AHEAD for note in part.notes if abs(note.start - beat) < _EDGE]
    for phrase in _phrases(score):
        if abs(phrase.notes[0].start - beat) < _EDGE:
            moments.append(score.performed(phrase.notes[0])[0] - _CONSONANT)
    return max(0, math.floor(max(earliest, min(moments)) * _RATE)) / _RATE


def _phrases(score: Score) -> Iterator[Phrase]:
    return (phrase for part in score.vocals for phrase in part.phrases if phrase.notes)
