"""Replace: new words and music in a stretch of a song, everything around it kept as it is.

The stretch keeps its bars, key, tempo, voice and band. New words without section tags are shared out over the sections
they replace, and are sung over the same chords to a new melody; tags of other sections bring those. Where there
are no words, the band gets new chords and the lead instrument a new theme.
"""

from collections.abc import Sequence
from itertools import accumulate

import msgspec

from descant.compose.errors import CannotWrite
from descant.compose.genres import writing_of
from descant.compose.layout import bar_size
from descant.compose.leadsheet import read_sheet
from descant.compose.planning import make_plan
from descant.compose.remembering import Remembered
from descant.edit import grafting, infilling, wording
from descant.edit.infilling import Infill, Stretch
from descant.edit.patching import handover, patched_song, plan_along, with_harmony, written
from descant.edit.revision import CannotEdit, Revision
from descant.edit.seams import Timeline, timeline
from descant.edit.singing import sung_as
from descant.edit.windows import musical_window, pieces, wider
from descant.song.brief import Brief
from descant.song.document import Song
from descant.song.lyrics import Lyrics
from descant.song.orders import Replace
from descant.song.plan import Plan
from descant.song.score import Score, Section
from descant.song.theory import nearest_step
from descant.song.voices import VoiceProfile
from descant.words.errors import NothingToSingError
from descant.words.reading import Reading, read


def replace(order: Replace, source: Song, voices: Sequence[VoiceProfile]) -> Revision:
    """Return ``source`` with new words and music between the musical boundaries nearest to the window.

    Raises
    ------
    CannotEdit : when the window is not in the song, or the words cannot be sung in it.
    """
    line = timeline(source)
    window = musical_window(source, line, order.start, order.stop)
    reading = _reading(order.brief, source)
    lyrics = reading.lyrics if reading is not None else Lyrics(())
    plan = _cast(plan_along(source, line), order.brief, source, reading, voices)
    (start, stop), score, plan = _fitted(line, plan, window, order.brief, lyrics)
    return patched_song(
        source,
        line,
        score,
        [(start, stop)],
        brief=order.brief,
        plan=msgspec.structs.replace(plan, bpm=source.plan.bpm, key=source.plan.key),
        title=order.brief.title or source.title,
    )


def _laid_out(
    line: Timeline, plan: Plan, window: tuple[float, float], brief: Brief, lyrics: Lyrics
) -> tuple[Stretch, Infill]:
    """Return what a window holds, and the form with the new words in it."""
    start, stop = window
    plan = msgspec.structs.replace(plan, bpm=grafting.tempo_at(line.score, start))
    stretch = Stretch(
        plan=plan,
        score=line.score,
        sheet=read_sheet(plan, line.score),
        start=start,
        stop=stop,
        pieces=tuple(pieces(line.score, start, stop)),
        bar=bar_size(plan.metre, plan.bpm, plan.odd_phrases),
        style=writing_of(plan.genres),
    )
    return stretch, _infill(stretch, brief, lyrics)


def _fitted(
    line: Timeline, plan: Plan, window: tuple[float, float], brief: Brief, lyrics: Lyrics
) -> tuple[tuple[float, float], Score, Plan]:
    """Return the window, the changed score and its plan; the window a bar wider where the words only fit then."""
    refusal: CannotEdit | None = None
    for tried in (window, *wider(line, *window)):
        try:
            return tried, *_written(*_laid_out(line, plan, tried, brief, lyrics), brief, line)
        except CannotEdit as error:
            refusal = refusal or error
    assert refusal is not None  # at least one window was tried
    raise refusal


def _reading(brief: Brief, source: Song) -> Reading | None:
    """Return the new words understood, or None where there are none."""
    if brief.instrumental or not brief.lyrics.strip():
        return None
    try:
        return read(
            msgspec.structs.replace(brief, title=source.title, tags=source.tags, description="", instrumental=False)
        )
    except NothingToSingError as error:
        if wording.is_only_tags(brief.lyrics):
            return None
        raise CannotEdit(f"the words for the new section cannot be sung: {error}") from error


def _cast(plan: Plan, brief: Brief, source: Song, reading: Reading | None, voices: Sequence[VoiceProfile]) -> Plan:
    """Return the plan with a singer where an instrumental gets words."""
    if plan.voice or reading is None:
        return plan
    try:
        asked = make_plan(
            msgspec.structs.replace(brief, seed=source.plan.seed, instrumental=False),
            reading.lyrics,
            reading.wish,
            voices,
        )
    except CannotWrite as error:
        raise CannotEdit(f"nobody can sing the new words: {error}") from error
    return msgspec.structs.replace(sung_as(plan, asked), guests=asked.guests)


def _infill(stretch: Stretch, brief: Brief, lyrics: Lyrics) -> Infill:
    """Return the form with the new words: in the sections they replace, or in sections of their own."""
    tagged = wording.is_tagged(brief.lyrics)
    if not lyrics.lines:
        return infilling.silenced(stretch)
    if tagged and not infilling.same_form(stretch, lyrics.sections):
        return infilling.with_sections(stretch, lyrics.sections)
    return infilling.in_place(stretch, lyrics.lines)


def _written(stretch: Stretch, infill: Infill, brief: Brief, line: Timeline) -> tuple[Score, Plan]:
    """Return the timeline's score with the stretch written anew, and the plan along it."""
    score, key = line.score, line.score.sections[stretch.pieces[0].section].key
    sections = _sections(stretch, infill)
    lifted = tuple(
        msgspec.structs.replace(planned, lift=nearest_step(key.tonic, section.key.tonic))
        for planned, section in zip(infill.sections, sections, strict=True)
    )
    plan = msgspec.structs.replace(stretch.plan, sections=lifted, key=key)
    plan = with_harmony(plan, brief.seed)
    skeleton = msgspec.structs.replace(score, sections=sections, parts=(), vocals=(), chords=infill.chords)
    blank = grafting.patched(score, skeleton, stretch.start, stretch.stop)
    sheet = read_sheet(plan, msgspec.structs.replace(blank, key=key))
    if not infill.windows:
        sheet = msgspec.structs.replace(sheet, themes=((),) * len(sheet.themes))
    new = written(plan, Remembered(seed=brief.seed, sheet=sheet, windows=infill.windows))
    new = msgspec.structs.replace(new, sections=sections)
    kept = tuple(
        msgspec.structs.replace(planned, lift=lift)
        for planned, lift in zip(plan.sections, _lifts(sections, stretch.plan), strict=True)
    )
    over = handover(line, stretch.stop)
    return grafting.patched(score, new, stretch.start, stretch.stop, over), msgspec.structs.replace(plan, sections=kept)


def _sections(stretch: Stretch, infill: Infill) -> tuple[Section, ...]:
    """Return the form as a score has it; a new section is in the key of the place where it begins."""
    bar = stretch.score.metre.bar_length
    starts = list(accumulate((section.bars * bar for section in infill.sections), initial=0.0))
    found = []
    for planned, start in zip(infill.sections, starts[:-1], strict=True):
        here = [section for section in stretch.score.sections if section.start <= start + 1e-6]
        found.append(Section(planned.kind, planned.label, start, planned.bars, planned.energy, here[-1].key))
    return tuple(found)


def _lifts(sections: Sequence[Section], plan: Plan) -> list[int]:
    return [nearest_step(plan.key.tonic, section.key.tonic) for section in sections]
