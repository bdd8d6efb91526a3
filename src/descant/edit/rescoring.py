"""Rescore: chords, melody or words of single sections changed by hand, and only those sections performed again.

The band plays a changed section anew over its chords. New words are sung to the section's melody; more lines than it
has melody for are written a melody of their own.
"""

from collections.abc import Sequence

import msgspec

from descant.compose import styles
from descant.compose.genres import writing_of
from descant.compose.layout import Window, bar_size
from descant.compose.leadsheet import LeadSheet, read_sheet
from descant.compose.phrases import split
from descant.compose.remembering import Remembered
from descant.edit import grafting, remaking
from descant.edit.filling import fill
from descant.edit.patching import handover, patched_song, plan_along, written
from descant.edit.revision import CannotEdit, Revision
from descant.edit.seams import timeline
from descant.song.document import Song
from descant.song.lyrics import Line, LyricSection
from descant.song.orders import Rescore, SectionEdit
from descant.song.plan import Plan
from descant.words import lyrics
from descant.words.errors import NothingToSingError


def rescore(order: Rescore, source: Song) -> Revision:
    """Return ``source`` with the edited sections written and performed anew.

    Raises
    ------
    CannotEdit : when a section does not exist, or an edit does not fit it.
    """
    edits = _checked(order.edits, source)
    line = timeline(source)
    plan, score = plan_along(source, line), line.score
    sheet = read_sheet(plan, score)
    windows: dict[int, tuple[Window, ...]] = {}
    for edit in edits:
        try:
            plan, sheet, new = _edited(plan, sheet, edit, edit.section + line.sections_before)
        except CannotEdit as error:
            raise CannotEdit(f"section {edit.section}: {error}") from error
        windows |= new
    here = score.sections[edits[0].section + line.sections_before]
    along = msgspec.structs.replace(plan, bpm=grafting.tempo_at(score, here.start))
    new_score = written(along, Remembered(seed=order.seed, sheet=sheet, windows=windows))
    new_score = msgspec.structs.replace(new_score, sections=score.sections)
    bar = score.metre.bar_length
    spans = []
    for edit in edits:
        section = line.score.sections[edit.section + line.sections_before]
        start, stop = section.start, section.start + section.bars * bar
        score = grafting.patched(score, new_score, start, stop, handover(line, stop))
        spans.append((start, stop))
    brief = msgspec.structs.replace(source.brief, seed=order.seed)
    return patched_song(source, line, score, spans, brief=brief, plan=plan, title=source.title)


def _checked(edits: Sequence[SectionEdit], source: Song) -> list[SectionEdit]:
    """Return the edits in the order of their sections."""
    count = len(source.score.sections)
    if not edits:
        raise CannotEdit("there is no change to make: name a section and its new chords, melody or lyrics")
    for edit in edits:
        if not 0 <= edit.section < count:
            raise CannotEdit(f"the song has sections 0 to {count - 1}; there is no section {edit.section}")
        if edit.chords is None and edit.melody is None and edit.lyrics is None:
            raise CannotEdit(f"nothing is to be changed in section {edit.section}: give chords, a melody or lyrics")
    ordered = sorted(edits, key=lambda edit: edit.section)
    if len({edit.section for edit in ordered}) < len(ordered):
        raise CannotEdit("each section is changed once; put its chords, melody and lyrics into one edit")
    return ordered


def _edited(
    plan: Plan, sheet: LeadSheet, edit: SectionEdit, number: int
) -> tuple[Plan, LeadSheet, dict[int, tuple[Window, ...]]]:
    """Return plan and sheet with a section edited, and the places of lines that need a melody first.

    Parameters
    ----------
    number : the section's, in plan and sheet.
    """
    windows: dict[int, tuple[Window, ...]] = {}
    if edit.lyrics is not None:
        plan, sheet, windows = _worded(plan, sheet, number, edit.lyrics)
    if edit.chords is not None:
        sheet = remaking.with_chords(sheet, number, edit.chords)
    if edit.melody is not None:
        if windows:
            raise CannotEdit("it has no melody for so many lines; give words or melody, not both")
        sheet = remaking.with_melody(sheet, number, edit.melody, plan.vocal_range)
        plan = _with_soloist(plan, sheet, number)
    return plan, sheet, windows


def _worded(
    plan: Plan, sheet: LeadSheet, number: int, text: str
) -> tuple[Plan, LeadSheet, dict[int, tuple[Window, ...]]]:
    """Return plan and sheet with other words in a section, and the places of lines that need a melody first."""
    section = plan.sections[number]
    lines = _lines(text)
    blank = LyricSection(section.kind, section.label, (), section.directives)
    words = msgspec.structs.replace(section.lyrics or blank, lines=lines) if lines else None
    sections = list(plan.sections)
    sections[number] = msgspec.structs.replace(section, lyrics=words)
    plan = msgspec.structs.replace(plan, sections=tuple(sections))
    phrases = [phrase for line in lines if not line.backing for phrase in split(line) if phrase.words]
    if not lines:
        return plan, remaking.without_words(sheet, number), {}
    if not plan.voice:
        raise CannotEdit("nobody sings in this song; a cover with lyrics gives it a voice")
    if len(phrases) <= len(sheet.lines_of(number)) and not any(line.backing for line in lines):
        return plan, remaking.with_words(sheet, number, phrases), {}
    bar = bar_size(plan.metre, sheet.bpm, plan.odd_phrases)
    style = writing_of(plan.genres)
    places = fill(section.kind, lines, section.bars, bar, style.rate(section.kind.value))
    return plan, remaking.without_words(sheet, number), {number: places}


def _lines(text: str) -> tuple[Line, ...]:
    if not text.strip():
        return ()
    try:
        return lyrics.parse(text).lines
    except NothingToSingError as error:
        raise CannotEdit(f"the new words cannot be sung: {error}") from error


def _with_soloist(plan: Plan, sheet: LeadSheet, number: int) -> Plan:
    """Return the plan with a lead instrument where a melody is to be played and the band has none."""
    if plan.instruments.get("lead") or sheet.lines_of(number):
        return plan
    table = styles.load(plan.genres[0][0]).writing.instruments.get("lead", ())
    preset = next((preset for preset, _ in table if preset), "grand_piano")
    return msgspec.structs.replace(plan, instruments={**plan.instruments, "lead": preset})
