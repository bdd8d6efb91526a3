"""A sketch from a lead sheet, so that a given melody, words, chords and form are arranged for another band."""

from collections.abc import Sequence

from descant.compose.band import directions
from descant.compose.choices import pick
from descant.compose.grid import SLOT
from descant.compose.leadsheet import LeadSheet, hook_line, theme_lines
from descant.compose.lines import WrittenLine
from descant.compose.sketch import Sketch
from descant.compose.styles.writing import WritingStyle
from descant.compose.voiceparts import sing
from descant.song.plan import Plan
from descant.song.score import Fade, Note
from descant.song.streams import stream
from descant.song.tempo import TempoChange

_RITARDANDO = ((2.0, 0.94), (1.0, 0.86))  # bars before the end, factor on the tempo
_FADE_SECONDS = 12.0
_THEME_VELOCITY = 90


def sketch_of(plan: Plan, style: WritingStyle, sheet: LeadSheet) -> Sketch:
    """Return the sketch of a lead sheet.

    Parameters
    ----------
    plan : the new song's; its sections are parallel to the sheet's, its key and metre the sheet's.
    style : decides how lines are delivered, and how the song ends where the sheet does not fade.
    """
    ending = _ending(plan, style, sheet)
    length = sheet.length
    return Sketch(
        tempo=_tempo(plan, ending, length),
        metre=sheet.metre,
        key=sheet.key,
        sections=sheet.sections,
        chords=sheet.chords,
        vocals=sing(plan, style, sheet.chords, sheet.lead, sheet.replies) if sheet.lead else (),
        hook=sheet.quoted or hook_notes(sheet),
        themes=sheet.themes,
        length=length,
        ending=ending,
        fade=Fade(max(0.0, length - _FADE_SECONDS * plan.bpm / 60.0), length) if ending == "fade" else None,
    )


def notes_of(line: WrittenLine) -> tuple[Note, ...]:
    """Return a line as an instrument plays it: one note a pitch, at song times."""
    return tuple(
        Note(line.beat(n), length * SLOT, pitch, _THEME_VELOCITY)
        for n, (length, pitch) in enumerate(zip(line.lengths, line.pitches, strict=True))
    )


def hook_notes(sheet: LeadSheet) -> tuple[Note, ...]:
    """Return the hook from its own bar line, in the song's key; an instrumental's is its theme's."""
    lines: Sequence[WrittenLine] = sheet.lead or theme_lines(sheet)
    line = hook_line(sheet.title, lines)
    if line is None:
        return ()
    origin = line.task.start * SLOT
    return tuple(
        Note(note.start - origin, note.duration, note.pitch - line.task.lift, note.velocity) for note in notes_of(line)
    )


def _ending(plan: Plan, style: WritingStyle, sheet: LeadSheet) -> str:
    asked = directions.ending(plan.sections[-1].directives)
    if sheet.fades or plan.fade_out or asked:
        return "fade" if sheet.fades or plan.fade_out else asked
    options = [(name, weight) for name, weight in style.endings if name != "fade"] or [("ring", 1.0)]
    return pick(stream(plan.seed, "ending"), options)


def _tempo(plan: Plan, ending: str, length: float) -> tuple[TempoChange, ...]:
    changes = [TempoChange(0.0, plan.bpm)]
    if ending == "ritardando":
        bar = plan.metre.bar_length
        changes += [
            TempoChange(length - bars * bar, round(plan.bpm * factor, 2))
            for bars, factor in _RITARDANDO
            if length > bars * bar
        ]
    return tuple(changes)
