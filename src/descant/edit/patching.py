"""A song with one stretch of its score changed: what is kept of its sound, its words and its text."""

from collections.abc import Sequence

import msgspec

from descant.compose.choices import sharpness
from descant.compose.errors import CannotWrite
from descant.compose.genres import writing_of
from descant.compose.progressions import with_progressions
from descant.compose.remembering import Remembered
from descant.compose.writing import write_score
from descant.edit import grafting, wording
from descant.edit.heard import carrying
from descant.edit.recordings import has_recording, played, tuning_of
from descant.edit.revision import FITTED, Beside, CannotEdit, Keep, Perform, Revision, Take
from descant.edit.seams import Timeline, recorded_cut, seam
from descant.edit.wordtimes import placed_again
from descant.song.brief import Brief
from descant.song.document import Song
from descant.song.plan import Plan, PlannedSection
from descant.song.score import Score
from descant.song.theory import nearest_step

_EDGE = 1e-6  # beats
_LEAST_KEPT = 0.1
"""Seconds of a kept stretch at the song's beginning under which it is performed with the rest."""


def plan_along(song: Song, line: Timeline) -> Plan:
    """Return a song's plan with sections parallel to those of its timeline, those before the song without words."""
    plan, score, count = song.plan, line.score, line.sections_before
    own = plan.sections if len(plan.sections) == len(score.sections) - count else wording.planned(song.score)
    before = tuple(
        PlannedSection(s.kind, s.label, s.bars, s.energy, lift=nearest_step(plan.key.tonic, s.key.tonic))
        for s in score.sections[:count]
    )
    sections = tuple(
        msgspec.structs.replace(planned, bars=section.bars)
        for planned, section in zip((*before, *own), score.sections, strict=True)
    )
    return with_harmony(msgspec.structs.replace(plan, sections=sections), plan.seed)


def written(plan: Plan, remembered: Remembered) -> Score:
    """Return the score written around what is remembered.

    Raises
    ------
    CannotEdit : when new lines do not fit between those around them.
    """
    try:
        return write_score(plan, remembered)
    except CannotWrite as error:
        raise CannotEdit(f"the new words do not fit between the lines around them: {error}") from error


def with_harmony(plan: Plan, seed: int) -> Plan:
    """Return the plan with a progression, drawn from a seed, for each section that names none."""
    style = writing_of(plan.genres)
    strict = sharpness(plan.style_weight, plan.weirdness)
    drawn = with_progressions(msgspec.structs.replace(plan, seed=seed), style, strict)
    sections = tuple(
        msgspec.structs.replace(own, progression=own.progression or new.progression)
        for own, new in zip(plan.sections, drawn.sections, strict=True)
    )
    return msgspec.structs.replace(plan, sections=sections)


def patched_song(
    source: Song,
    line: Timeline,
    score: Score,
    windows: Sequence[tuple[float, float]],
    *,
    brief: Brief,
    plan: Plan,
    title: str,
) -> Revision:
    """Return a song whose score was changed in some windows and is performed again there.

    Parameters
    ----------
    line : the song's timeline; ``score`` is the changed one, at the timeline's beats, and ``plan`` goes along it.
    windows : first and last beat of each change, rising; bar lines.
    """
    count = line.sections_before
    own = _own(source, line, score)
    takes = _takes(source, line, score, _merged(windows))
    kept = [take for take in takes if isinstance(take, Keep)]
    words = [word for word in source.words if any(take.start <= word.start < take.stop for take in kept)]
    sections = plan.sections[count:]
    return Revision(
        brief=brief,
        plan=msgspec.structs.replace(plan, sections=sections, title=title),
        score=msgspec.structs.replace(own, title=title),
        title=title,
        lyrics=wording.text_along(sections, source.lyrics),
        tags=source.tags,
        takes=takes,
        words=placed_again(words, own),
        joined_at=source.joined_at,
        before=source.before,
        heard=None if source.heard is None else carrying.within(source.heard, [(k.start, k.stop) for k in kept]),
        tuning=source.tuning,
    )


def _merged(windows: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the windows with neighbours that touch made one."""
    merged: list[tuple[float, float]] = []
    for start, stop in windows:
        if merged and start <= merged[-1][1] + _EDGE:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged


def _takes(source: Song, line: Timeline, score: Score, windows: Sequence[tuple[float, float]]) -> tuple[Take, ...]:
    """Return the song's audio: kept between the windows, performed from just before each to just before its end."""
    takes: list[Take] = []
    reached = 0.0
    for start, stop in windows:
        begin = min(seam(score, start), seam(line.score, start)) - line.offset
        begin = begin if start > line.origin + _EDGE else 0.0
        if begin - reached > _LEAST_KEPT:
            takes.append(Keep(0, reached, begin))
        else:
            begin = reached
        end = seam(line.score, stop) if stop < score.length - _EDGE else None
        take = Perform(
            score,
            source.plan.seed,
            source.plan.mix,
            start=begin + line.offset,
            stop=end,
            balance=0,
            sections_before=line.sections_before,
        )
        takes.append(_beside(take, source, line, start, reached) if has_recording(line.score) else take)
        reached = source.seconds if end is None else end - line.offset
    if reached < source.seconds:
        takes.append(Keep(0, reached, source.seconds))
    return tuple(takes)


def _beside(take: Perform, source: Song, line: Timeline, start: float, reached: float) -> Perform:
    """Return a take between recorded ones, fitted to the sound before it, or to all of it at the song's beginning."""
    begin = take.start - line.offset
    cut = max(begin, recorded_cut(line.score, start) - line.offset)
    beside = Beside(0, max(0.0, cut - FITTED), cut, begins=begin, line=line.score.seconds(start) - line.offset)
    if begin <= reached + _EDGE:  # nothing is kept before it
        beside = Beside(0, 0.0, line.score.seconds(line.score.length) - line.offset)
    score = played(take.score)
    return msgspec.structs.replace(
        take,
        score=msgspec.structs.replace(score, lead_in=score.lead_in - take.start),  # not to play silence up to there
        start=0.0,
        stop=None if take.stop is None else take.stop - take.start,
        balance=None,
        beside=beside,
        tuning=tuning_of(source),
    )


def handover(line: Timeline, stop: float) -> float:
    """Return the beat from which a song's sound is kept where it is to be as before from a bar line on."""
    score = line.score
    return stop if stop >= score.length - _EDGE else score.tempo_map.beat(seam(score, stop) - score.lead_in)


def _own(source: Song, line: Timeline, score: Score) -> Score:
    """Return the song's own part of a timeline's score, at its own beats."""
    if source.before is None:
        return score
    return grafting.shifted(grafting.since(score, line.origin), -line.origin, source.score.lead_in)
