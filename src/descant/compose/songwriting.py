"""Songwriting: a plan becomes a sketch: chords, the lead voice, backing voices and instrumental themes."""

from collections.abc import Callable, Sequence

import msgspec

from descant.compose import finale, metrics, themes, tonality
from descant.compose.band import directions
from descant.compose.choices import pick
from descant.compose.chords import section_key, write_chords
from descant.compose.grid import SLOT, Grid
from descant.compose.layout import Window, bar_size, lay_out, sung_bars
from descant.compose.lineplans import plan_lines
from descant.compose.lines import LineTask, WrittenLine
from descant.compose.manner import Manner
from descant.compose.remembering import (
    Known,
    Remembered,
    chords_with,
    known_lead,
    known_replies,
    known_themes,
    theme_windows_like,
)
from descant.compose.revision import revised
from descant.compose.sketch import Sketch
from descant.compose.styles.writing import WritingStyle
from descant.compose.vocals import LineWriter
from descant.compose.voiceparts import replies, sing, voice_part
from descant.song.lyrics import SectionKind
from descant.song.plan import Plan
from descant.song.score import ChordSpan, Fade, Note, Role, Score, Section
from descant.song.streams import stream
from descant.song.tempo import TempoChange

_REACH = 11  # semitones either side of the vocal centre
_HIGHEST_PEAK = 9  # semitones over the centre
_THEME_RANGE = (60, 84)
_THEME_CENTRE = 70
_DRAFTS = ("", ", second draft", ", third draft", ", fourth draft")
"""Names of the drafts of a melody, each written in a manner revised by what the one before missed."""
_RITARDANDO = ((2.0, 0.94), (1.0, 0.86))  # bars before the end, factor on the tempo
_FADE_SECONDS = 12.0


class _Frame(msgspec.Struct, frozen=True):
    """What all of a song's lines share."""

    plan: Plan
    style: WritingStyle
    grid: Grid
    bars: tuple[int, ...]
    starts: tuple[int, ...]
    closing: int
    ending: str
    chords: tuple[ChordSpan, ...]
    remembered: Remembered | None = None

    @property
    def seed(self) -> int:
        """What the lines are drawn with."""
        return self.plan.seed if self.remembered is None else self.remembered.seed


def write_sketch(
    plan: Plan, style: WritingStyle, remembered: Remembered | None = None, given: Known | None = None
) -> Sketch:
    """Return the song before its band.

    Parameters
    ----------
    style : how the plan's genres write songs, blended.
    remembered : what of the song is written already; it stands, and what is new goes by it.
    given : lines of a song not remembered that take the place of those of the same windows, see :func:`hook_window`.
    """
    frame = _frame(plan, style, remembered)
    sung = _windows(frame)
    lead = _best_lead(frame, sung, known_lead(plan, remembered) if remembered else given or {})
    replied = known_replies(remembered) if remembered else {}
    own = _write(frame, _manner(frame, "backing"), sung, replied, backing_lines=True)
    vocals = sing(plan, style, frame.chords, lead, [*own, *replies(plan, lead, frame.chords)])
    theme = _write_themes(frame, lead, {line.task.section for line in lead} | set(sung))
    bar = plan.metre.bar_length
    length = sum(frame.bars) * bar
    return Sketch(
        tempo=_tempo(frame, length),
        metre=plan.metre,
        key=plan.key,
        sections=_sections(frame),
        chords=frame.chords,
        vocals=vocals,
        hook=_hook_notes(frame, lead or theme),
        themes=_themes_by_section(frame, theme),
        length=length,
        ending=frame.ending,
        fade=Fade(max(0.0, length - _FADE_SECONDS * plan.bpm / 60.0), length) if frame.ending == "fade" else None,
    )


def hook_window(plan: Plan, style: WritingStyle) -> tuple[int, Window] | None:
    """Return the section and the window of the line that is to be the hook, or None where nobody sings a chorus."""
    frame = _frame(plan, style, None)
    place = _hook_place(frame)
    if place is None:
        return None
    windows = [w for w in _windows(frame).get(place[0], ()) if w.line.words and not w.line.backing]
    return (place[0], windows[min(place[1], len(windows) - 1)]) if windows else None


def _frame(plan: Plan, style: WritingStyle, remembered: Remembered | None) -> _Frame:
    grid = Grid(plan.metre)
    options = [(name, weight) for name, weight in style.endings if name != "fade"] or [("ring", 1.0)]
    asked = directions.ending(plan.sections[-1].directives)
    ending = "fade" if plan.fade_out else asked or pick(stream(plan.seed, "ending"), options)
    closing = {"fade": 0, "stop": 1, "ring": 1, "ritardando": 1}[ending]
    if closing and plan.sections[-1].lyrics is None and plan.sections[-1].bars <= 2:
        closing = 1
    bars = [section.bars for section in plan.sections]
    written = remembered.sections if remembered else 0
    if closing and plan.sections[-1].lyrics is not None and written < len(bars):
        bars[-1] += closing
    starts = [sum(bars[:i]) * grid.slots for i in range(len(bars))]
    chords = write_chords(plan, style, bars, closing)
    if remembered is not None:
        chords = chords_with(remembered, plan, chords, bars, closing)
    return _Frame(plan, style, grid, tuple(bars), tuple(starts), closing, ending, chords, remembered)


def _windows(frame: _Frame) -> dict[int, tuple[Window, ...]]:
    """Return the new lines of every sung section, set closer together where the plan gave them less room."""
    stanzas = [section.lyrics for section in frame.plan.sections if section.lyrics is not None]
    bar = bar_size(frame.plan.metre, frame.plan.bpm, frame.plan.odd_phrases, stanzas)
    remembered = frame.remembered
    written = remembered.sections if remembered else 0
    found = dict(remembered.windows) if remembered else {}
    for i, section in enumerate(frame.plan.sections):
        if section.lyrics is not None and i >= written:
            rate = frame.style.rate(section.kind.value)
            windows = lay_out(section.lyrics, bar, rate)
            if sung_bars(windows) > section.bars:
                windows = lay_out(section.lyrics, bar, rate, tight=True)
            found[i] = windows
    return found


def _manner(frame: _Frame, name: str) -> Manner:
    plan, style = frame.plan, frame.style
    centre = float(plan.vocal_centre)
    return Manner(
        seed=frame.seed,
        name=name,
        low=max(plan.vocal_range[0], plan.vocal_centre - _REACH),
        high=min(plan.vocal_range[1], plan.vocal_centre + _REACH),
        centre=centre,
        rise=style.chorus_rise,
        span=style.span * plan.mood.melodic_range,
        peak=_peak(frame, centre),
        syncopation=min(1.0, max(0.0, style.syncopation + plan.mood.syncopation + _odd_syncopation(plan))),
        melisma=style.melisma,
        weirdness=plan.weirdness,
        seconds_per_slot=SLOT * 60.0 / plan.bpm,
        hook=_hook_place(frame),
        lean=tonality.lean(tonality.chords_weights(frame.chords), plan.key),
    )


def _odd_syncopation(plan: Plan) -> float:
    """Return the change of syncopation that weirdness brings, either way."""
    return float(stream(plan.seed, "syncopation").uniform(-0.3, 0.3)) * plan.weirdness


def _peak(frame: _Frame, centre: float) -> int:
    """Return the chorus's top: the strong degree nearest seven semitones over the centre, with room for a lift."""
    key = frame.plan.key
    third = 3 if key.is_minor else 4
    lift = max(section.lift for section in frame.plan.sections)
    strong = {key.tonic, (key.tonic + third) % 12, (key.tonic + 7) % 12}
    options = [p for p in range(round(centre) + 4, round(centre) + _HIGHEST_PEAK + 1 - lift) if p % 12 in strong]
    wanted = centre + 7 - lift / 2
    return min(options, key=lambda p: (abs(p - wanted), p)) if options else round(centre) + 6


def _hook_place(frame: _Frame) -> tuple[int, int] | None:
    """Return (section, line) of the hook: the chorus line that names the song, else its first."""
    for i, section in enumerate(frame.plan.sections):
        if section.kind is SectionKind.CHORUS:
            if section.lyrics is None:
                return i, 0
            title = frame.plan.title.lower()
            for j, line in enumerate(section.lyrics.lines):
                if len(title) > 3 and title in line.text.lower() and j < 2:
                    return i, j
            return i, 0
    return None


def _write(
    frame: _Frame, manner: Manner, windows: dict[int, tuple[Window, ...]], known: Known, *, backing_lines: bool
) -> tuple[WrittenLine, ...]:
    """Return the lead's lines, or the lines that only the backing voices sing, those that are ``known`` among them."""
    tasks: list[LineTask] = []
    written: dict[int, WrittenLine] = {}
    for i in sorted({*windows, *known}):
        held = [line.window for line in known.get(i, ())]
        own = [w for w in windows.get(i, ()) if w.line.words and w.line.backing == backing_lines and w not in held]
        places = [(window, None) for window in own] + [(line.window, line) for line in known.get(i, ())]
        places.sort(key=lambda place: place[0].bar)
        for task, (_, line) in zip(_tasks(frame, i, [window for window, _ in places]), places, strict=True):
            if line is not None:
                written[len(tasks)] = line.as_solution(task)
            tasks.append(task)
    if not tasks:
        return ()
    return LineWriter(manner, frame.grid, tasks, frame.chords, written).write()


def _best_lead(frame: _Frame, windows: dict[int, tuple[Window, ...]], known: Known) -> tuple[WrittenLine, ...]:
    """Return the first draft of the lead that lies within the measures of charted songs, else the nearest."""
    plan = frame.plan

    def raised(lines: tuple[WrittenLine, ...]) -> tuple[WrittenLine, ...]:
        return lines if known else finale.with_raised_ending(lines, frame.chords, plan.vocal_range[1], plan.seed)

    return _best_draft(frame, _manner(frame, "lead"), windows, known, raised)


def _best_draft(
    frame: _Frame,
    manner: Manner,
    windows: dict[int, tuple[Window, ...]],
    known: Known,
    finish: Callable[[tuple[WrittenLine, ...]], tuple[WrittenLine, ...]],
) -> tuple[WrittenLine, ...]:
    """Return the first draft within the measures of charted songs, else the nearest, each in a revised manner.

    Parameters
    ----------
    finish : what is done to a draft before it is measured.
    """
    first = manner.name
    drafts: list[tuple[float, tuple[WrittenLine, ...]]] = []
    for draft in _DRAFTS:
        named = msgspec.structs.replace(manner, name=first + draft)
        lines = finish(_write(frame, named, windows, known, backing_lines=False))
        found = metrics.missed(_unaccompanied(frame, lines)) if lines else {}
        drafts.append((metrics.distance(found), lines))
        if not found:
            break
        manner = revised(manner, found)
    return min(drafts, key=lambda draft: draft[0])[1]


def _unaccompanied(frame: _Frame, lines: Sequence[WrittenLine]) -> Score:
    """Return the score of a lead alone, for it to be measured."""
    plan = frame.plan
    return Score(
        title=plan.title,
        tempo=(TempoChange(0.0, plan.bpm),),
        metre=plan.metre,
        key=plan.key,
        sections=_sections(frame),
        chords=frame.chords,
        parts=(),
        vocals=(voice_part(plan, frame.style, "lead vocal", Role.LEAD_VOCAL, lines, 0),),
        length=sum(frame.bars) * plan.metre.bar_length,
    )


def _tasks(frame: _Frame, i: int, windows: Sequence[Window]) -> list[LineTask]:
    section = frame.plan.sections[i]
    key = section_key(frame.plan, section)
    plans = plan_lines(
        section.kind, len(windows), stream(frame.plan.seed, f"lines.{section.kind.value}.{len(windows)}")
    )
    tail = _tail(frame) if i + 1 == len(frame.plan.sections) and frame.closing > 0 else 0
    tasks = []
    for j, window in enumerate(windows):
        last = j + 1 == len(windows)
        reaches_end = window.bar + window.bars >= frame.bars[i] - frame.closing
        tasks.append(
            LineTask(
                section=i,
                index=j,
                kind=section.kind,
                start=frame.starts[i] + window.bar * frame.grid.slots,
                slots=window.bars * frame.grid.slots,
                line=window.line,
                plan=plans[j],
                tonic=key.tonic,
                minor=key.is_minor,
                scale=key.scale,
                lift=section.lift,
                last=last,
                tail=tail if last and reaches_end else 0,
            )
        )
    return tasks


def _tail(frame: _Frame) -> int:
    """Return how many slots of the closing bars a last note fills: a beat where everyone stops, else all of them."""
    return frame.grid.beat_slots if frame.ending == "stop" else frame.closing * frame.grid.slots


def _write_themes(frame: _Frame, lead: Sequence[WrittenLine], sung: set[int]) -> tuple[WrittenLine, ...]:
    plan, instrumental = frame.plan, not lead
    known = known_themes(plan, frame.remembered) if frame.remembered else {}
    windows = {
        i: theme_windows_like(section, plan, known)
        for i, section in enumerate(plan.sections)
        if i not in sung and i not in known and themes.wants_theme(section, plan.seed, instrumental=instrumental)
    }
    low, high = _THEME_RANGE
    manner = msgspec.structs.replace(
        _manner(frame, "theme"),
        low=low,
        high=high,
        centre=float(_THEME_CENTRE),
        peak=_peak(frame, float(_THEME_CENTRE)),
        melisma=0.1,
        repeat_cost=0.9,
        span=1.3 * frame.style.span,
    )
    if not instrumental or known:
        return _write(frame, manner, windows, known, backing_lines=False)
    return _best_draft(frame, manner, windows, known, lambda lines: lines)


def _theme_notes(frame: _Frame, line: WrittenLine) -> tuple[Note, ...]:
    energy = frame.plan.sections[line.task.section].energy
    velocity = round(58 + 40 * energy)
    top = max(line.pitches)
    return tuple(
        Note(line.beat(n), line.lengths[n] * SLOT, line.pitches[n], min(120, velocity + 8 - (top - line.pitches[n])))
        for n in range(len(line.onsets))
    )


def _themes_by_section(frame: _Frame, theme: Sequence[WrittenLine]) -> tuple[tuple[Note, ...], ...]:
    notes: list[list[Note]] = [[] for _ in frame.plan.sections]
    for line in theme:
        notes[line.task.section] += _theme_notes(frame, line)
    return tuple(tuple(section) for section in notes)


def _hook_notes(frame: _Frame, lines: Sequence[WrittenLine]) -> tuple[Note, ...]:
    """Return the hook line from its own bar line, in the song's key."""
    if not lines:
        return ()
    place = _hook_place(frame)
    line = next((line for line in lines if (line.task.section, line.task.index) == place), lines[0])
    origin = line.task.start * SLOT
    return tuple(
        msgspec.structs.replace(note, start=note.start - origin, pitch=note.pitch - line.task.lift)
        for note in _theme_notes(frame, line)
    )


def _sections(frame: _Frame) -> tuple[Section, ...]:
    return tuple(
        Section(section.kind, section.label, start * SLOT, bars, section.energy, section_key(frame.plan, section))
        for section, start, bars in zip(frame.plan.sections, frame.starts, frame.bars, strict=True)
    )


def _tempo(frame: _Frame, length: float) -> tuple[TempoChange, ...]:
    changes = [TempoChange(0.0, frame.plan.bpm)]
    if frame.ending == "ritardando":
        bar = frame.plan.metre.bar_length
        changes += [
            TempoChange(length - bars * bar, round(frame.plan.bpm * factor, 2))
            for bars, factor in _RITARDANDO
            if length > bars * bar
        ]
    return tuple(changes)
