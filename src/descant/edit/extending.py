"""Extend: what follows a song from a bar line on, in its key, tempo, band, voice and tune.

The new song is what follows alone; its source is joined to it by a concatenation. It is performed after the bars that
came before it, so that their tails ring into its first moments, and with the source's levels.
"""

from collections.abc import Sequence

import msgspec

from descant.compose.errors import CannotWrite
from descant.compose.writing import write_score
from descant.edit import grafting, wording
from descant.edit.continuing import Continuation, plan_continuation
from descant.edit.heard.grooves import carried_on, groove_before
from descant.edit.heard.paces import settled
from descant.edit.recordings import ENGINE, has_recording, played, recorded_until, tuning_of
from descant.edit.revision import FITTED, Beside, CannotEdit, Perform, Revision
from descant.edit.seams import Timeline, nearest_join, nearest_recorded_join, recorded_cut, seam, timeline
from descant.song.brief import Brief
from descant.song.document import Song
from descant.song.lyrics import LyricSection
from descant.song.orders import Extend
from descant.song.score import Score
from descant.song.streams import derive_seed
from descant.song.voices import VoiceProfile
from descant.words import description, tags
from descant.words.errors import NothingToSingError
from descant.words.reading import Reading, merge, read


def extend(order: Extend, source: Song, voices: Sequence[VoiceProfile]) -> Revision:
    """Return what follows ``source`` after ``order.at``, from the nearest bar line on at which it can be left.

    Raises
    ------
    CannotEdit : when the song does not last until ``order.at``, is empty, or the words cannot be sung.
    """
    if not source.score.sections or source.score.length <= 0:
        raise CannotEdit("the song to extend has no written music to go on from")
    if not 0.0 < order.at <= source.seconds:
        raise CannotEdit(
            f"a song is extended from a time inside it: 0 < continue_at ≤ {source.seconds:.2f} s, not {order.at:g}"
        )
    line = timeline(source)
    join = _join(order, source, line)
    past = grafting.until(line.score, join)
    reading = _reading(order.brief, source, past)
    try:
        planned = plan_continuation(order.brief, source, past, reading.lyrics, reading.wish, voices)
        following = write_score(planned.plan, planned.remembered)
    except CannotWrite as error:
        raise CannotEdit(f"the song cannot go on with these words: {error}") from error
    if planned.plan.genres == source.plan.genres:
        groove = groove_before(past, join)
        following = following if groove is None else carried_on(following, groove, join)
    new = grafting.since(following, join)
    new = settled(new, line.score, join) if has_recording(past) else new
    return _revision(order, source, line, join, planned, reading, new)


def _join(order: Extend, source: Song, line: Timeline) -> float:
    """Return the beat at which the song is left."""
    score = line.score
    at = score.tempo_map.beat(order.at + line.offset - score.lead_in)
    sounds = has_recording(score) and at <= recorded_until(score) + score.metre.bar_length
    if not sounds and source.provenance.engine != ENGINE:
        return nearest_join(score, at, line.origin)  # what was written ends as songs do: it is left before that
    try:
        return nearest_recorded_join(score, at, source.seconds + line.offset)
    except ValueError as error:
        raise CannotEdit(f"the recording cannot be extended: {error}") from error


def _revision(
    order: Extend, source: Song, line: Timeline, join: float, planned: Continuation, reading: Reading, new: Score
) -> Revision:
    """Return what is to be made of the new music after a beat, ``new``."""
    plan, past = planned.plan, grafting.until(line.score, join)
    whole = grafting.joined(past, new)
    start = _start(whole, line, join)
    alone = grafting.shifted(grafting.since(whole, join), -join, whole.seconds(join) - start)
    at = round(start - line.offset, 6)
    take = Perform(whole, plan.seed, plan.mix, start=start, balance=0, sections_before=planned.written)
    if has_recording(past):
        cut = max(at, recorded_cut(line.score, join) - line.offset)
        beside = Beside(0, max(0.0, cut - FITTED), cut, begins=at, line=round(at + alone.lead_in, 6))
        take = Perform(played(alone), plan.seed, plan.mix, beside=beside, tuning=tuning_of(source))
    return Revision(
        brief=order.brief,
        plan=msgspec.structs.replace(plan, sections=plan.sections[planned.written :]),
        score=msgspec.structs.replace(alone, key=plan.key, title=plan.title),
        title=plan.title,
        lyrics=reading.text,
        tags=order.brief.tags or source.tags,
        takes=(take,),
        joined_at=at,
        before=past,
        tuning=tuning_of(source),
    )


def _start(whole: Score, line: Timeline, join: float) -> float:
    """Return the second of the performed score at which the new audio begins, never before the source's own does."""
    return max(min(seam(whole, join), seam(line.score, join)), line.offset)


def _reading(brief: Brief, source: Song, past: Score) -> Reading:
    """Return the new words understood: given ones, those of a chorus that comes back, or written ones.

    Raises
    ------
    CannotEdit : when words were given and none of them can be sung.
    """
    title = brief.title or source.title
    sung = wording.sung_sections(source.plan, source.score, source.before)
    text = wording.with_returning_words(brief.lyrics, sung) if brief.lyrics.strip() else ""
    wish = tags.read(brief.tags, brief.negative_tags)
    silent = brief.instrumental or not (text or sung or brief.description.strip())
    if text and wording.is_only_tags(text):  # "[Instrumental]", "[Outro]": nobody is to sing
        text, silent = "", True
    if not text and not silent:
        text = _written(brief, source, sung, past)
    asked = msgspec.structs.replace(
        brief, lyrics=text, title=title, instrumental=silent or (wish.instrumental and not brief.lyrics.strip())
    )
    try:
        return read(asked)
    except NothingToSingError as error:
        raise CannotEdit(f"the words to go on with cannot be sung: {error}") from error


def _written(brief: Brief, source: Song, sung: Sequence[LyricSection], past: Score) -> str:
    """Return words for what follows, about what the song is about."""
    told, subject = description.read(brief.description or source.brief.description or source.title)
    if not brief.description:
        subject = msgspec.structs.replace(subject, title=source.title)
    wish = merge(tags.read(brief.tags or source.tags), told)
    voiced = {phrase.section for part in past.vocals for phrase in part.phrases}
    after = past.sections[max(voiced)].kind if voiced else None
    return wording.continuation(subject, wish, derive_seed(brief.seed, "lyrics"), sung, after, brief.max_seconds)
