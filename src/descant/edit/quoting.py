"""Recorded sound quoted in a new song: bars of a recording, cut on its beats, where the new chords are its own.

In front of the band where nobody sings and the song would quote the tune, under the voices where it can be heard there.
What is heard of it is written into the score as well, as a part of the stem "recording".
"""

from collections.abc import Sequence

import msgspec

from descant.edit.fitting import in_bars
from descant.edit.recordings import tuning_of
from descant.edit.revision import Sampled, SampledBars
from descant.song.document import Song
from descant.song.lyrics import SectionKind
from descant.song.plan import Plan
from descant.song.score import ChordSpan, Note, Part, Role, Score

SAMPLE = "sample"
"""Name of the part that is heard of a recording in a song that samples it."""

_LONGEST = 16  # bars of a sample
_SLOWEST, _FASTEST = 1.6, 0.6  # ratios of the new length to the old, beyond which a sample is no longer itself
_FARTHEST = 3.0  # semitones by which it may be transposed
_AGREEING = 0.6  # share of a section's bars with the sample's chords from which it is heard under singing
_STEADY = 0.004  # share by which the tempo of a bar may differ from the song's
_MUTED = (SectionKind.BRIDGE, SectionKind.PRE_CHORUS, SectionKind.BUILD, SectionKind.BREAK)
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


def can_be_quoted(song: Song, chop: Chop, semitones: float) -> bool:
    """Return whether a recording is still itself when it is stretched and transposed so far."""
    bar = song.score.metre.bar_length
    start, stop = _second(song, chop, 0.0), _second(song, chop, chop.bars * bar)
    ratio = chop.bars * bar * chop.spacing / max(stop - start, 1e-6)
    return (
        chop.bars <= _LONGEST and _FASTEST <= ratio <= _SLOWEST and abs(semitones) <= _FARTHEST and stop <= song.seconds
    )


def quote(song: Song, chop: Chop, plan: Plan, score: Score, semitones: int) -> tuple[Sampled, Score] | None:
    """Return what is heard of a recording in a new song, and the song's score with it; None where it fits nowhere.

    Parameters
    ----------
    plan, score : of the new song; the sample's chords are its loop.
    semitones : from the recording's key to the new one.
    """
    bar = score.metre.bar_length
    found: list[SampledBars] = []
    notes: list[Note] = []
    for number, section in enumerate(score.sections):
        planned = plan.sections[number]
        if planned.lift:
            continue
        sung = planned.lyrics is not None
        offset, share = _phase(score, section.start, section.bars, chop, semitones)
        if section.kind in _MUTED or share < _AGREEING * sung:
            continue
        for place in range(section.bars):
            line = section.start + place * bar
            if not _is_steady(score, line, chop.spacing):
                continue
            own = chop.loop[(place + offset) % len(chop.loop)]
            found.append(SampledBars(round(score.seconds(line), 6), round(own * bar), round(bar), sung))
            notes += _heard(song, chop, own, line, semitones, score)
    if not found:
        return None
    tuning = tuning_of(song) / 100.0
    moments = tuple(round(_second(song, chop, float(n)), 6) for n in range(round(chop.bars * bar) + 1))
    moved = semitones - tuning if abs(tuning) > _TUNING else float(semitones)
    sampled = Sampled(0, moments, chop.spacing, round(moved, 4), _joined(found, chop.spacing))
    part = Part(SAMPLE, Role.RECORDING, "grand_piano", tuple(sorted(notes, key=lambda n: (n.start, n.pitch))))
    return sampled, msgspec.structs.replace(score, parts=(*score.parts, part)) if notes else score


def told(song: Song, sampled: Sampled) -> str:
    """Return where a sample comes from and what was done to it, for people."""
    old = (sampled.moments[-1] - sampled.moments[0]) / (len(sampled.moments) - 1)
    return (
        f"samples the sound of {song.title!r} from {sampled.moments[0]:.2f} to {sampled.moments[-1]:.2f} s, "
        f"{sampled.spacing / old - 1.0:+.1%} long and {sampled.semitones:+.2f} semitones high"
    )


def _second(song: Song, chop: Chop, beat: float) -> float:
    """Return the second of a recording at which a beat of its sample falls."""
    return song.score.seconds((chop.start + beat) / chop.factor)


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


def _heard(song: Song, chop: Chop, number: int, line: float, semitones: int, score: Score) -> list[Note]:
    """Return the pitched notes heard in a bar of the sample as they sound in a bar of the new song."""
    bar = score.metre.bar_length
    left = (chop.start + number * bar) / chop.factor
    right = left + bar / chop.factor
    return [
        Note(
            line + (note.start - left) * chop.factor,
            min(note.duration, right - note.start) * chop.factor,
            min(127, max(0, note.pitch + semitones)),
            note.velocity,
        )
        for part in song.score.parts
        if part.role not in (Role.DRUMS, Role.PERCUSSION) and part.name != "drums"
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
