"""A recording as the band of another song: its bars, cut on its beats, laid where its chords are those of the song.

Which bar is heard where is the cheapest way through all of them: chords that differ cost most, then bars in which the
recording itself is sung, then jumps, which cost least where a section begins.
"""

from collections.abc import Sequence
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from descant.compose.leadsheet import LeadSheet
from descant.edit.fitting import Sounding, between, clash, in_bars
from descant.edit.quoting import Chop, Stretching, sampled_at
from descant.edit.revision import Perform, Revision, SampledBars
from descant.song.document import Song
from descant.song.score import ChordSpan, Role, Score
from descant.song.tempo import TempoChange
from descant.song.theory import Chord

_ROOT, _QUALITY = 0.5, 0.15  # cost by the bar of chords on other roots than the song's, and of other kinds on the same
_RUB = 0.5  # cost of a beat of clash with the melody (:func:`~descant.edit.fitting.clash`), by the beat
_SUNG = 0.8  # cost of a bar that is sung all through
_JUMP, _JUMP_AT_SECTION = 0.7, 0.25
_FEWEST = 4  # bars that a recording must have to be a band
_FIT = 0.55  # mean cost of a bar over which a recording does not go with a song


def over_recording(revision: Revision, band: Song, number: int, under: LeadSheet, semitones: int) -> Revision | None:
    """Return a song's voices over the sound of a recording instead of a band; None where they do not go together.

    Parameters
    ----------
    revision : the song, performed as a whole.
    band, number : the recording, and its number among the sources.
    under : the recording's sheet in the song's metre, tempo and key.
    semitones : by which that is higher than the recording.
    """
    written = any(part.role is not Role.RECORDING for part in band.score.vocals)
    if written or band.score.metre != revision.score.metre:
        return None  # voices that were written over a recording would be heard beside the song's
    score = msgspec.structs.replace(revision.score, parts=(), tempo=(TempoChange(0.0, revision.plan.bpm),))
    chop = _all_of(band, under, revision.plan.bpm)
    stretching = Stretching(band, chop, semitones)
    if chop.bars < _FEWEST or not stretching.is_bearable:
        return None
    way, cost = _way(score, under, chop.bars, _sung(stretching))
    if cost > _FIT:
        return None
    bar = score.metre.bar_length
    placed = [
        SampledBars(round(score.seconds(n * bar), 6), round(own * bar), round(bar), False) for n, own in enumerate(way)
    ]
    sampled, whole = sampled_at(stretching, number, placed, score)
    (take,) = revision.takes
    assert isinstance(take, Perform)
    plan = msgspec.structs.replace(revision.plan, notes=(*revision.plan.notes, stretching.told(sampled)))
    performance = msgspec.structs.replace(take, score=score, sampled=sampled)
    return msgspec.structs.replace(revision, plan=plan, score=whole, takes=(performance,))


def _all_of(band: Song, under: LeadSheet, bpm: float) -> Chop:
    """Return all whole bars of a recording at a new pace, one of its bars as two where its sheet has it so."""
    score = band.score
    length = score.metre.bar_length
    factor = float(max(1, round(under.length / score.length)))
    whole = int(score.tempo_map.beat(band.seconds - score.lead_in) * factor / length + 0.02)
    bars = min(whole, round(under.length / length))
    return Chop(start=0.0, factor=factor, bars=bars, loop=(), chords=(), spacing=60.0 / bpm)


def _sung(stretching: Stretching) -> NDArray[np.float64]:
    """Return the share of each bar of a recording in which somebody sings."""
    song, chop = stretching.song, stretching.chop
    edges = [stretching.second(n * song.score.metre.bar_length) for n in range(chop.bars + 1)]
    voices = () if song.heard is None else song.heard.voices
    return np.array(
        [
            sum(max(0.0, min(v.stop, right) - max(v.start, left)) * v.confidence for v in voices) / (right - left)
            for left, right in pairwise(edges)
        ]
    )


def _way(score: Score, under: LeadSheet, bars: int, sung: NDArray[np.float64]) -> tuple[list[int], float]:
    """Return the bar of a recording that is heard in each bar of a song, and what a bar costs on average."""
    bar = score.metre.bar_length
    count = round(score.length / bar)
    wanted, there = in_bars(score.chords, 0.0, count, bar), in_bars(under.chords, 0.0, bars, bar)
    melody = _melody(score)
    starts = {round(section.start / bar) for section in score.sections}
    costs = np.array([[_cost(n, own, other, melody, bar) for other in there] for n, own in enumerate(wanted)])
    costs += _SUNG * sung
    totals, back = costs[0].copy(), []
    for n in range(1, count):
        jump = _JUMP_AT_SECTION if n in starts else _JUMP
        cheapest = int(totals.argmin())
        going_on = np.concatenate([[np.inf], totals[:-1]])
        jumped = totals[cheapest] + jump
        back.append(np.where(going_on <= jumped, np.arange(bars) - 1, cheapest))
        totals = np.minimum(going_on, jumped) + costs[n]
    way = [int(totals.argmin())]
    for links in reversed(back):
        way.append(int(links[way[-1]]))
    way.reverse()
    return way, float(np.mean([costs[n][own] for n, own in enumerate(way)]))


def _melody(score: Score) -> list[Sounding]:
    """Return what the lead sings, rising in time."""
    notes = [n for part in score.vocals if part.leads for phrase in part.phrases for n in phrase.notes]
    return [Sounding(n.start, n.start + n.duration, n.pitch % 12) for n in sorted(notes, key=lambda note: note.start)]


def _cost(
    number: int, own: Sequence[ChordSpan], other: Sequence[ChordSpan], melody: Sequence[Sounding], bar: float
) -> float:
    """Return what it costs to hear a bar's chords where others are meant, under the melody of bar ``number``."""
    total = 0.0
    for left in own:
        for right in other:
            shared = min(left.start + left.duration, right.start + right.duration) - max(left.start, right.start)
            if shared > 0 and left.chord.root != right.chord.root:
                total += _ROOT * shared
            elif shared > 0 and _is_minor(left.chord) != _is_minor(right.chord):
                total += _QUALITY * shared
    for span in other:
        start, stop = number * bar + span.start, number * bar + span.start + span.duration
        total += _RUB * clash(between(melody, start, stop), span.chord, start, stop)
    return total / bar


def _is_minor(chord: Chord) -> bool:
    return (chord.root + 4) % 12 not in chord.pitch_classes
