"""What a song has already, so that new sections and lines can recall it, repeat it and fit around it.

Songs are written line by line from what was written before (:mod:`descant.compose.vocals`). A song that is extended or
mended was written earlier, perhaps changed by hand or heard by ear; its notes, not the decisions behind them, are what
new lines go by.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

import msgspec

from descant.compose.duets import moved
from descant.compose.grid import BEAT, SLOT, Grid
from descant.compose.layout import Window
from descant.compose.leadsheet import LeadSheet, line_task
from descant.compose.lines import LineTask, WrittenLine
from descant.compose.phrases import wordless
from descant.compose.themes import theme_windows
from descant.song.plan import Guest, Plan, PlannedSection
from descant.song.score import ChordSpan, Note

_PICKUP = 4  # slots by which a theme may begin before its window
_THEME_MIDDLE = 72  # pitch; themes are written around it and played in their instrument's octave
_OCTAVES = (-36, -24, -12, 0, 12, 24, 36)
_CHORDS = "chords "  # how a directive that pins chords begins


class Remembered(msgspec.Struct, frozen=True, kw_only=True):
    """The written part of a planned song.

    Attributes
    ----------
    seed : what new lines are drawn with; all that belongs to the song as a whole is drawn with the plan's.
    sheet : what is written, in the plan's metre and key. Its sections are the first of the plan's, with final bars. Its
        lines stand; where its chords have gaps, chords are written.
    windows : section to the places of its new lines, for sections of ``sheet`` that get any.
    on_progressions : new sections that play their planned progression, though one of their kind is written.
    """

    seed: int
    sheet: LeadSheet
    windows: Mapping[int, tuple[Window, ...]] = {}
    on_progressions: tuple[int, ...] = ()

    @property
    def sections(self) -> int:
        """Number of the plan's sections that are written."""
        return len(self.sheet.sections)


class KnownLine(msgspec.Struct, frozen=True):
    """A line that is written: its window in its section, and the line as it was read."""

    window: Window
    line: WrittenLine

    def as_solution(self, task: LineTask) -> WrittenLine:
        """Return the line as what was written for a task of the same window."""
        return msgspec.structs.replace(self.line, task=task)


Known = Mapping[int, Sequence[KnownLine]]
"""Section to its written lines, rising in time."""


def known_lead(plan: Plan, remembered: Remembered) -> Known:
    """Return the lead's lines, guests' lines among them, at the lead's pitch."""
    sheet = remembered.sheet
    lead = Guest((), plan.voice, plan.vocal_centre, plan.vocal_range)
    guests = {guest.names[0]: guest for guest in sheet.guests if guest.names}
    lines = []
    for line in sheet.lead:
        guest = guests.get(line.task.line.voice)
        foreign = guest is not None and guest.voice != plan.voice and plan.voice
        lines.append(moved(line, guest.centre, lead) if guest is not None and foreign else line)
    return _by_section(lines, sheet)


def known_replies(remembered: Remembered) -> Known:
    """Return what the backing voice sings alone."""
    return _by_section(remembered.sheet.replies, remembered.sheet)


def known_themes(plan: Plan, remembered: Remembered) -> Known:
    """Return what the lead instrument plays in sections without words, as wordless lines of two bars each."""
    sheet = remembered.sheet
    found = {}
    for i, section in enumerate(sheet.sections):
        windows = theme_windows(plan.sections[i], section.bars, plan.seed)
        lines = _themes(sheet, i, windows)
        if lines:
            found[i] = lines
    return found


def theme_windows_like(section: PlannedSection, plan: Plan, known: Known) -> tuple[Window, ...]:
    """Return the lines of a wordless section: those of the first of its kind where one is known, else its own."""
    own = theme_windows(section, section.bars, plan.seed)
    model = next((known[i] for i in sorted(known) if plan.sections[i].kind is section.kind), None)
    if model is None:
        return own
    return tuple(
        msgspec.structs.replace(window, line=model[n % len(model)].window.line) for n, window in enumerate(own)
    )


def chords_with(
    remembered: Remembered, plan: Plan, new: Sequence[ChordSpan], bars: Sequence[int], closing: int
) -> tuple[ChordSpan, ...]:
    """Return the chords of the song: those written, new ones in their gaps, and sections that return with theirs.

    Parameters
    ----------
    new : chords for the whole song, as if nothing were written.
    bars : final bars of each section; the last section's include ``closing``, whose chords are always new.
    """
    length = plan.metre.bar_length
    spans = list(remembered.sheet.chords)
    start = length * sum(bars[: remembered.sections])
    for i in range(remembered.sections, len(bars)):
        own = bars[i] - (closing if i + 1 == len(bars) else 0)
        if i not in remembered.on_progressions:
            spans += returning_chords(plan.sections[i], plan, remembered.sheet, start, start + own * length)
        start += bars[i] * length
    return _filled(spans, new)


def _by_section(lines: Sequence[WrittenLine], sheet: LeadSheet) -> Known:
    slots = Grid(sheet.metre).slots
    found: dict[int, list[KnownLine]] = {}
    for line in lines:
        task = line.task
        origin = round(sheet.sections[task.section].start / SLOT)
        window = Window(task.line, (task.start - origin) // slots, max(1, task.slots // slots))
        found.setdefault(task.section, []).append(KnownLine(window, line))
    return found


def _themes(sheet: LeadSheet, number: int, windows: Sequence[Window]) -> list[KnownLine]:
    """Return a section's theme as wordless lines of these windows, in the octave themes are written in."""
    grid, section = Grid(sheet.metre), sheet.sections[number]
    first = round(section.start / SLOT)
    starts = [first + window.bar * grid.slots for window in windows]
    groups = _parted(sheet.themes[number], starts)
    lines = []
    for window, origin, group in zip(windows, starts, groups, strict=True):
        own = [(round(note.start / SLOT) - origin, note) for note in group]
        if not own:
            continue
        onsets = tuple(slot for slot, _ in own)
        sung = wordless("".join("S" if grid.bar_levels[o % grid.slots] <= BEAT else "u" for o in onsets))
        pitches = [note.pitch for _, note in own]
        middle = (max(pitches) + min(pitches)) / 2
        shift = min(_OCTAVES, key=lambda octave: abs(middle + octave - _THEME_MIDDLE))
        task = line_task(sheet.key, section, number, 0, sung, (origin, window.bars * grid.slots))
        line = WrittenLine(
            task,
            onsets,
            tuple(max(1, round(note.duration / SLOT)) for _, note in own),
            tuple(pitch + shift for pitch in pitches),
            sung.places,
        )
        lines.append(KnownLine(msgspec.structs.replace(window, line=sung), line))
    return lines


def _parted(notes: Sequence[Note], starts: Sequence[int]) -> list[list[Note]]:
    """Return the notes of each window, those that lead into the next one with that, where it has any more."""
    groups: list[list[Note]] = [[] for _ in starts]
    for note in notes:
        groups[max(0, bisect_right(starts, round(note.start / SLOT)) - 1)].append(note)
    for n, start in enumerate(starts[1:]):
        if groups[n + 1]:
            leading = [note for note in groups[n] if note.start / SLOT >= start - _PICKUP]
            groups[n] = groups[n][: len(groups[n]) - len(leading)]
            groups[n + 1] = leading + groups[n + 1]
    return groups


def returning_chords(
    section: PlannedSection, plan: Plan, sheet: LeadSheet, start: float, stop: float
) -> list[ChordSpan]:
    """Return the chords of the first written section of a kind, laid from ``start`` to ``stop``.

    None where no section of the kind is written whole, or where the section brings chords of its own.

    Parameters
    ----------
    plan, sheet : the sections of ``sheet`` are the first of the plan's.
    """
    if any(directive.startswith(_CHORDS) for directive in section.directives):
        return []
    for i, model in enumerate(sheet.sections):
        length = model.bars * plan.metre.bar_length
        own = [span for span in sheet.chords if model.start <= span.start < model.start + length]
        if model.kind is not section.kind or abs(sum(span.duration for span in own) - length) > SLOT:
            continue
        move = section.lift - plan.sections[i].lift
        laid = []
        for span, origin in _repeated(own, length, start, stop):
            at = origin + span.start - model.start
            if at < stop:
                laid.append(ChordSpan(at, min(span.duration, stop - at), span.chord.transposed(move)))
        return laid
    return []


def _repeated(spans: Sequence[ChordSpan], length: float, start: float, stop: float) -> list[tuple[ChordSpan, float]]:
    """Return the spans again and again, each with the beat at which its round begins."""
    rounds = int(-(-(stop - start) // length))
    return [(span, start + n * length) for n in range(rounds) for span in spans]


def _filled(spans: Sequence[ChordSpan], new: Sequence[ChordSpan]) -> tuple[ChordSpan, ...]:
    """Return the spans with the gaps between them, and after them, filled from ``new``, which has none."""
    end = new[-1].start + new[-1].duration
    ordered = sorted(spans, key=lambda span: span.start)
    edges = [0.0, *(edge for span in ordered for edge in (span.start, span.start + span.duration)), end]
    filled = list(ordered)
    for left, right in zip(edges[::2], edges[1::2], strict=True):
        for span in new:
            start, stop = max(left, span.start), min(right, span.start + span.duration)
            if stop - start > SLOT / 2:
                filled.append(ChordSpan(start, stop - start, span.chord))
    return tuple(sorted(filled, key=lambda span: span.start))
