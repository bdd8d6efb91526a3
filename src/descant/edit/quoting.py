"""Recorded sound quoted in a new song: bars of a recording, cut on its beats, where the new chords are its own.

In front of the band where nobody sings and the song would quote the tune, under the voices where it can be heard there.
What is heard of it is written into the score as well, as a part of the stem "recording".
"""

from collections.abc import Sequence

import msgspec

from descant.edit.fitting import in_bars
from descant.edit.heard.parts import DRUMS
from descant.edit.recordings import tuning_of
from descant.edit.revision import Sampled, SampledBars
from descant.song.document import Song
from descant.song.lyrics import SectionKind
from descant.song.plan import Plan
from descant.song.score import ChordSpan, Note, Part, Role, Score

SAMPLE = "sample"
"""Name of the part that is heard of a recording in a song that samples it."""

_SLOWEST, _FASTEST = 1.6, 0.6  # ratios of the new length to the old, beyond which a sample is no longer itself
_FARTHEST = 3.0  # semitones by which it may be transposed
_AGREEING = 0.6  # share of a section's bars with the sample's chords from which it is heard under singing
_STEADY = 0.004  # share by which the tempo of a bar may differ from the song's
_MUTED = (SectionKind.BRIDGE, SectionKind.PRE_CHORUS, SectionKind.BUILD, SectionKind.BREAK)
_ROOM = 0.25  # seconds by which the last bar of a sample may last longer than its recording
_TUNING = 0.06  # semitones of tuning under which nothing is done about it


class Chop(msgspec.Struct, frozen=True):
    """What is cut out of a recording, in bars of the new song's metre and at its pace.

    Attributes
    ----------
    start : beats of the new pace from the recording's beat 0 to the first of these bars; ``factor`` of them are one
        beat of the recording.
    bars : how many there are.
    loop : numbers of the bars that are looped, in order, and ``chords`` theirs.
    spacing : seconds of a beat in the new song.
    """

    start: float
    factor: float
    bars: int
    loop: tuple[int, ...]
    chords: tuple[tuple[ChordSpan, ...], ...]
    spacing: float


class Stretching(msgspec.Struct, frozen=True):
    """A recording, what is cut out of it, and by how many semitones that is transposed."""

    song: Song
    chop: Chop
    semitones: int

    def second(self, beat: float) -> float:
        """Return the second of the recording at which a beat of the sample falls."""
        return self.song.score.seconds((self.chop.start + beat) / self.chop.factor)

    @property
    def is_bearable(self) -> bool:
        """Whether the recording is still itself when it is stretched and transposed so far."""
        beats = self.chop.bars * self.song.score.metre.bar_length
        start, stop = self.second(0.0), self.second(beats)
        ratio = beats * self.chop.spacing / max(stop - start, 1e-6)
        inside = stop <= self.song.seconds + _ROOM
        return inside and _FASTEST <= ratio <= _SLOWEST and abs(self.semitones) <= _FARTHEST

    def told(self, sampled: Sampled) -> str:
        """Return where a sample comes from and what was done to it, for people."""
        first, last = sampled.moments[0], sampled.moments[-1]
        old = (last - first) / (len(sampled.moments) - 1)
        return (
            f"samples the sound of {self.song.title!r} from {first:.2f} to {last:.2f} s, "
            f"{sampled.spacing / old - 1.0:+.1%} long and {sampled.semitones:+.2f} semitones high"
        )


def quote(stretching: Stretching, plan: Plan, score: Score) -> tuple[Sampled, Score] | None:
    """Return what is heard of the first source in a new song, and the song's score with it; None where it fits nowhere.

    Parameters
    ----------
    plan, score : of the new song; the sample's chords are its loop.
    """
    chop, bar = stretching.chop, score.metre.bar_length
    found: list[SampledBars] = []
    for number, section in enumerate(score.sections):
        planned = plan.sections[number]
        sung = planned.lyrics is not None
        offset, share = _phase(score, section.start, section.bars, chop, stretching.semitones)
        if planned.lift or section.kind in _MUTED or share < _AGREEING * sung:
            continue
        for place in range(section.bars):
            line = section.start + place * bar
            if _is_steady(score, line, chop.spacing):
                own = chop.loop[(place + offset) % len(chop.loop)]
                found.append(SampledBars(round(score.seconds(line), 6), round(own * bar), round(bar), sung))
    return sampled_at(stretching, 0, found, score) if found else None


def sampled_at(stretching: Stretching, number: int, bars: Sequence[SampledBars], score: Score) -> tuple[Sampled, Score]:
    """Return a sample of source ``number`` heard in these bars, and the new song's score with what is heard of it."""
    chop, tuning = stretching.chop, tuning_of(stretching.song) / 100.0
    beats = round(chop.bars * score.metre.bar_length)
    moments = tuple(round(stretching.second(float(n)), 6) for n in range(beats + 1))
    moved = stretching.semitones - tuning if abs(tuning) > _TUNING else float(stretching.semitones)
    sampled = Sampled(number, moments, chop.spacing, round(moved, 4), _joined(bars, chop.spacing))
    notes = [note for own in bars for note in _heard(stretching, own, score)]
    part = Part(SAMPLE, Role.RECORDING, "grand_piano", tuple(sorted(notes, key=lambda n: (n.start, n.pitch))))
    return sampled, msgspec.structs.replace(score, parts=(*score.parts, part)) if notes else score


def _phase(score: Score, start: float, bars: int, chop: Chop, semitones: int) -> tuple[int, float]:
    """Return the bar of the loop with which it begins in a section, and the share of the bars with its chords."""
    own = [spans[0].chord.root if spans else -1 for spans in in_bars(score.chords, start, bars, score.metre.bar_length)]
    loop = [(spans[0].chord.root + semitones) % 12 if spans else -2 for spans in chop.chords]
    count = len(loop)

    def agreeing(offset: int) -> int:
        return sum(root == loop[(place + offset) % count] for place, root in enumerate(own))

    best = max(range(count), key=lambda offset: (agreeing(offset), -offset))
    return best, agreeing(best) / max(1, bars)


def _is_steady(score: Score, line: float, spacing: float) -> bool:
    bar = score.metre.bar_length
    return abs((score.seconds(line + bar) - score.seconds(line)) / (bar * spacing) - 1.0) < _STEADY


def _heard(stretching: Stretching, bars: SampledBars, score: Score) -> list[Note]:
    """Return the pitched notes heard in bars of the sample as they sound in the new song."""
    chop = stretching.chop
    line = score.tempo_map.beat(bars.at - score.lead_in)
    left = (chop.start + bars.first) / chop.factor
    right = left + bars.beats / chop.factor
    return [
        Note(
            round(line + (note.start - left) * chop.factor, 6),
            min(note.duration, right - note.start) * chop.factor,
            min(127, max(0, note.pitch + stretching.semitones)),
            note.velocity,
        )
        for part in stretching.song.score.parts
        if part.role not in (Role.DRUMS, Role.PERCUSSION) and part.name != DRUMS
        for note in part.notes
        if left - 1e-6 <= note.start < right - 1e-6
    ]


def _joined(bars: Sequence[SampledBars], spacing: float) -> tuple[SampledBars, ...]:
    """Return bars that follow each other in the sample and in the song as one."""
    found: list[SampledBars] = []
    for bar in bars:
        last = found[-1] if found else None
        if (
            last is not None
            and last.under == bar.under
            and last.first + last.beats == bar.first
            and abs(last.at + last.beats * spacing - bar.at) < 0.002
        ):
            found[-1] = msgspec.structs.replace(last, beats=last.beats + bar.beats)
        else:
            found.append(bar)
    return tuple(found)
