"""Concat: a song and its extensions as one song, everything kept as it is up to each join."""

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from descant.edit import grafting, wording
from descant.edit.heard import carrying
from descant.edit.revision import CannotEdit, Keep, Revision
from descant.song.document import Song, WordTime
from descant.song.plan import Guest, Plan, PlannedSection
from descant.song.score import Role, Score
from descant.song.transcription import Transcription

_NEAR = 0.25  # bars by which a join may lie beside a bar line
_EARLY = 0.005  # seconds


def join(sources: Sequence[Song]) -> Revision:
    """Return a song made of one and its extensions.

    Parameters
    ----------
    sources : the song, then its extension, then the extension of that …

    Raises
    ------
    CannotEdit : when there is nothing to join, or a song does not extend the one before it.
    """
    if len(sources) < 2:
        raise CannotEdit("a concatenation joins a song with what extends it; only one song was given")
    first = sources[0]
    score, plan, words = first.score, first.plan, [*first.words]
    takes = []
    begin, texts = 0.0, [first.lyrics]
    for number, (source, following) in enumerate(pairwise(sources)):
        at = _joined_at(source, following)
        takes.append(Keep(number, 0.0, at))
        bar = _bar_of_join(source, following, at) + score.length - source.score.length
        kept = grafting.until(score, bar)
        plan = _planned(plan, score, kept, following)
        texts = [_text(texts, plan, kept, begin + at, words), following.lyrics]
        begin += at
        words = [word for word in words if word.start < begin - _EARLY]
        words += [_moved(word, begin, len(kept.sections)) for word in following.words]
        score = grafting.joined(kept, grafting.shifted(following.score, bar, 0.0))
    takes.append(Keep(len(sources) - 1, 0.0, sources[-1].seconds))
    return Revision(
        brief=first.brief,
        plan=plan,
        score=score,
        title=first.title,
        lyrics="\n\n".join(text.strip() for text in texts if text.strip()),
        tags=first.tags,
        takes=tuple(takes),
        words=tuple(sorted(words, key=lambda word: (word.role != Role.LEAD_VOCAL, word.start))),
        joined_at=first.joined_at,
        before=first.before,
        heard=_heard(sources),
        tuning=first.tuning,
    )


def _heard(sources: Sequence[Song]) -> Transcription | None:
    """Return what is heard of the recording that the first song is or holds, as far as that is left."""
    first, following = sources[0], sources[1]
    if first.heard is None or following.joined_at is None:
        return None
    return carrying.until(first.heard, following.joined_at)


def _joined_at(source: Song, following: Song) -> float:
    if following.joined_at is None:
        raise CannotEdit(f"“{following.title}” is not an extension of a song, so it has nothing to be joined to")
    if not 0.0 <= following.joined_at <= source.seconds:
        raise CannotEdit(
            f"“{following.title}” begins at {following.joined_at:.2f} s of a song; "
            f"“{source.title}”, which lasts {source.seconds:.2f} s, is not that song"
        )
    return following.joined_at


def _bar_of_join(source: Song, following: Song, at: float) -> float:
    """Return the beat of the source's score at which the extension's beat 0 falls."""
    score = source.score
    beat = score.tempo_map.beat(at + following.score.lead_in - score.lead_in)
    bar = score.metre.bar_length
    line = round(beat / bar) * bar
    if abs(beat - line) > _NEAR * bar:
        raise CannotEdit(f"“{following.title}” does not begin at a bar line of “{source.title}”")
    return line


def _planned(plan: Plan, score: Score, kept: Score, following: Song) -> Plan:
    """Return the plan of a song up to its last kept section, and of what follows from there on."""
    parallel = len(plan.sections) == len(score.sections)
    own = [
        msgspec.structs.replace(plan.sections[i], bars=section.bars)
        if parallel
        else PlannedSection(section.kind, section.label, section.bars, section.energy)
        for i, section in enumerate(kept.sections)
    ]
    if parallel and own and own[-1].lyrics is not None:
        own[-1] = wording.as_far_as_sung(own[-1], kept, len(own) - 1)
    return msgspec.structs.replace(
        plan,
        sections=(*own, *following.plan.sections),
        fade_out=following.plan.fade_out,
        guests=_guests(plan, following),
    )


def _guests(plan: Plan, following: Song) -> tuple[Guest, ...]:
    known = {guest.voice for guest in plan.guests} | {plan.voice}
    return (*plan.guests, *(guest for guest in following.plan.guests if guest.voice not in known))


def _text(texts: Sequence[str], plan: Plan, kept: Score, at: float, words: Sequence[WordTime]) -> str:
    """Return the lyrics up to a join: as written where all of them are sung by then, else the lines that are."""
    if all(word.start < at - _EARLY for word in words):
        return "\n\n".join(text.strip() for text in texts)
    planned = plan.sections[: len(kept.sections)]
    sections = [section.lyrics for section in planned if section.lyrics is not None and section.lyrics.lines]
    return wording.text_of(sections)


def _moved(word: WordTime, seconds: float, sections: int) -> WordTime:
    return msgspec.structs.replace(
        word,
        start=round(word.start + seconds, 4),
        stop=round(word.stop + seconds, 4),
        section=word.section + sections,
    )
