"""A song with one stretch of its score changed: what is kept of its sound, its words and its text."""

import msgspec

from descant.edit import grafting, wording
from descant.edit.revision import Keep, Perform, Revision, Take
from descant.edit.seams import Timeline, seam
from descant.edit.wordtimes import placed_again
from descant.song.brief import Brief
from descant.song.document import Song
from descant.song.plan import Plan, PlannedSection
from descant.song.score import Score

_EDGE = 1e-6  # beats
_LEAST_KEPT = 0.1
"""Seconds of a kept stretch at the song's beginning under which it is performed with the rest."""


def plan_along(song: Song, line: Timeline) -> Plan:
    """Return a song's plan with sections parallel to those of its timeline, those before the song without words."""
    plan, score, count = song.plan, line.score, line.sections_before
    own = plan.sections if len(plan.sections) == len(score.sections) - count else wording.planned(song.score)
    before = tuple(
        PlannedSection(s.kind, s.label, s.bars, s.energy, lift=(s.key.tonic - plan.key.tonic + 5) % 12 - 5)
        for s in score.sections[:count]
    )
    sections = tuple(
        msgspec.structs.replace(planned, bars=section.bars)
        for planned, section in zip((*before, *own), score.sections, strict=True)
    )
    return msgspec.structs.replace(plan, sections=sections)


def patched_song(
    source: Song, line: Timeline, score: Score, window: tuple[float, float], *, brief: Brief, plan: Plan
) -> Revision:
    """Return a song whose score was changed between two bar lines and is performed again there.

    Parameters
    ----------
    line : the song's timeline; ``score`` is the changed one, at the timeline's beats, and ``plan`` goes along it.
    window : first and last beat of the change.
    """
    start, stop = window
    count = line.sections_before
    takes: list[Take] = []
    begin = min(seam(score, start), seam(line.score, start)) - line.offset
    begin = begin if begin > _LEAST_KEPT and start > line.origin + _EDGE else 0.0
    end = seam(line.score, stop) - line.offset if stop < score.length - _EDGE else None
    if begin:
        takes.append(Keep(0, 0.0, begin))
    takes.append(
        Perform(
            score,
            source.plan.seed,
            source.plan.mix,
            start=begin + line.offset,
            stop=None if end is None else end + line.offset,
            balance=0,
            sections_before=count,
        )
    )
    if end is not None:
        takes.append(Keep(0, end, source.seconds))
    own = _own(source, line, score)
    kept = [w for w in source.words if w.start < begin or (end is not None and w.start >= end)]
    sections = plan.sections[count:]
    return Revision(
        brief=brief,
        plan=msgspec.structs.replace(plan, sections=sections, title=brief.title or source.title),
        score=msgspec.structs.replace(own, title=brief.title or source.title),
        title=brief.title or source.title,
        lyrics=wording.text_along(sections, source.lyrics),
        tags=source.tags,
        takes=tuple(takes),
        words=placed_again(kept, own),
        joined_at=source.joined_at,
        before=source.before,
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
