"""The chart on every player's stand: bars, their chords, where the voice sings, and how the energy runs.

Times in beats from the start of the song; pitches in MIDI numbers; energy 0–1.
"""

import dataclasses
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from descant.compose.band import directions
from descant.compose.sketch import Sketch
from descant.compose.styles.notation import STEP
from descant.song.lyrics import MELODIC, SectionKind
from descant.song.plan import Plan
from descant.song.score import ChordSpan, Role, Section, SungNote
from descant.song.tempo import Metre

CHORUS_KINDS = (SectionKind.CHORUS, SectionKind.POST_CHORUS, SectionKind.DROP)
"""Sections that carry the hook."""

_SPEECH = ("spoken", "whispered")


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its number in the song, its place in its section, its chords (cut to the bar) and its singing.

    ``low`` and ``high`` are the lowest and highest pitch sung in it, 0 when nobody sings; ``sung`` are the spans
    (start, stop) in which somebody does; ``feel`` is "half", "double" or "" (:mod:`descant.compose.band.feel`);
    ``spoken`` tells that somebody speaks in it and nobody sings or raps.
    """

    number: int
    start: float
    length: float
    section: int
    place: int
    chords: tuple[ChordSpan, ...]
    low: int
    high: int
    sung: tuple[tuple[float, float], ...]
    feel: str = ""
    spoken: bool = False

    @property
    def stop(self) -> float:
        """End of the bar in beats."""
        return self.start + self.length

    @property
    def steps(self) -> int:
        """Number of sixteenths in the bar."""
        return round(self.length / STEP)

    @property
    def has_voice(self) -> bool:
        """Whether anybody sings in the bar."""
        return self.low > 0

    def chord_at(self, beat: float) -> ChordSpan:
        """Return the chord sounding at a beat inside the bar."""
        i = bisect_right([span.start for span in self.chords], beat + 1e-6) - 1
        return self.chords[max(0, i)]


@dataclass(frozen=True, slots=True)
class Frame:
    """A section as the band sees it.

    Attributes
    ----------
    nth : 0 for the first section of its kind, 1 for the second …
    rise : the next section's energy less this one's; 0 at the end.
    lifts : whether it has more energy than the section before it.
    peak : whether this is the song's biggest section.
    last : whether the song ends with it.
    """

    index: int
    section: Section
    bars: tuple[Bar, ...]
    directives: tuple[str, ...]
    nth: int
    rise: float
    lifts: bool
    peak: bool
    last: bool

    @property
    def kind(self) -> SectionKind:
        """The section's kind."""
        return self.section.kind

    @property
    def energy(self) -> float:
        """The section's energy."""
        return self.section.energy

    @property
    def is_sung(self) -> bool:
        """Whether anybody sings in the section."""
        return any(bar.has_voice for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Chart:
    """What every player reads.

    ``pattern_metre`` is the metre ("4/4", "3/4" or "6/8") whose patterns fit; ``closing`` tells how the last bar ends:
    "ring", "stop" or "" (the song fades and goes on as before).
    """

    seed: int
    metre: Metre
    frames: tuple[Frame, ...]
    bars: tuple[Bar, ...]
    pattern_metre: str
    closing: str
    length: float

    def is_closing(self, bar: Bar) -> bool:
        """Whether the band ends the song in this bar."""
        return bool(self.closing) and bar.number == len(self.bars) - 1

    def energy(self, bar: Bar) -> float:
        """Return the energy of a bar: the section's, leaning towards the next section's in its last two bars."""
        frame = self.frames[bar.section]
        count = len(frame.bars)
        lean = (bar.place / max(1, count - 1) - 0.5) * 0.06
        if frame.rise > 0 and count - bar.place <= 2 and count > 2:
            lean += 0.3 * frame.rise * (1.0 if count - bar.place == 1 else 0.5)
        return min(1.0, max(0.0, frame.energy + lean))

    def next_chord(self, bar: Bar, span: ChordSpan) -> ChordSpan | None:
        """Return the chord after one of a bar's, or None at the end of the song."""
        i = bar.chords.index(span) + 1
        if i < len(bar.chords):
            return bar.chords[i]
        return self.bars[bar.number + 1].chords[0] if bar.number + 1 < len(self.bars) else None


def read_chart(plan: Plan, sketch: Sketch) -> Chart:
    """Return the chart of a sketch."""
    sung = sorted((note for part in sketch.vocals for phrase in part.phrases for note in phrase.notes), key=_start)
    leads = [part for part in sketch.vocals if part.role is Role.LEAD_VOCAL]
    phrases = [phrase for part in leads for phrase in part.phrases if phrase.delivery in MELODIC]
    lead = sorted((note for phrase in phrases for note in phrase.notes), key=_start)
    bars = _with_speech(sketch, _bars(sketch, sung, lead or sung, _feels(plan, sketch)))
    closing = {"ring": "ring", "ritardando": "ring", "stop": "stop"}.get(sketch.ending, "")
    return Chart(
        seed=plan.seed,
        metre=sketch.metre,
        frames=_frames(plan, sketch, bars),
        bars=bars,
        pattern_metre=pattern_metre(sketch.metre),
        closing="" if sketch.fade is not None else closing,
        length=sketch.length,
    )


def pattern_metre(metre: Metre) -> str:
    """Return the metre whose patterns fit: 12/8 and 9/8 are counted like 6/8, odd metres like 4/4."""
    if metre.unit == 8 and metre.beats % 3 == 0:
        return "6/8"
    return "3/4" if metre.beats % 3 == 0 else "4/4"


def _start(note: SungNote) -> float:
    return note.start


def _feels(plan: Plan, sketch: Sketch) -> tuple[str, ...]:
    if len(plan.sections) != len(sketch.sections):
        return ("",) * len(sketch.sections)
    return tuple(directions.feel(section.directives) for section in plan.sections)


def _bars(sketch: Sketch, sung: list[SungNote], lead: list[SungNote], feels: tuple[str, ...]) -> tuple[Bar, ...]:
    length = sketch.metre.bar_length
    chord_starts = [span.start for span in sketch.chords]
    sung_starts, lead_starts = [note.start for note in sung], [note.start for note in lead]
    longest = max((note.duration for note in sung), default=0.0)
    bars: list[Bar] = []
    for index, section in enumerate(sketch.sections):
        for place in range(section.bars):
            start = section.start + place * length
            stop = start + length
            near = lead[bisect_left(lead_starts, start - longest) : bisect_left(lead_starts, stop - 1e-6)]
            around = sung[bisect_left(sung_starts, start - longest) : bisect_left(sung_starts, stop)]
            pitches = [note.pitch for note in near if note.start + note.duration > start]
            bars.append(
                Bar(
                    number=len(bars),
                    start=start,
                    length=length,
                    section=index,
                    place=place,
                    chords=_cut(sketch.chords, chord_starts, start, stop),
                    low=min(pitches, default=0),
                    high=max(pitches, default=0),
                    sung=_spans(around, start, stop),
                    feel=feels[index],
                )
            )
    return tuple(bars)


def _with_speech(sketch: Sketch, bars: tuple[Bar, ...]) -> tuple[Bar, ...]:
    """Return the bars with those marked in which somebody speaks and nobody sings or raps."""
    phrases = [phrase for part in sketch.vocals for phrase in part.phrases if phrase.notes]
    said = [(p.notes[0].start, p.notes[-1].start, p.delivery in _SPEECH) for p in phrases]
    if not any(speech for _, _, speech in said):
        return bars
    marked = []
    for bar in bars:
        inside = [speech for first, last, speech in said if first < bar.stop - 1e-6 and last >= bar.start]
        marked.append(dataclasses.replace(bar, spoken=bool(inside) and all(inside)))
    return tuple(marked)


def _cut(chords: tuple[ChordSpan, ...], starts: list[float], start: float, stop: float) -> tuple[ChordSpan, ...]:
    cut = []
    for span in chords[max(0, bisect_right(starts, start + 1e-6) - 1) :]:
        if span.start >= stop - 1e-6:
            break
        left, right = max(start, span.start), min(stop, span.start + span.duration)
        if right - left > 1e-6:
            cut.append(ChordSpan(left, right - left, span.chord))
    return tuple(cut)


def _spans(sung: list[SungNote], start: float, stop: float) -> tuple[tuple[float, float], ...]:
    spans: list[tuple[float, float]] = []
    for note in sung:
        left, right = max(start, note.start), min(stop, note.start + note.duration)
        if right <= left:
            continue
        if spans and left <= spans[-1][1] + STEP:
            spans[-1] = (spans[-1][0], max(right, spans[-1][1]))
        else:
            spans.append((left, right))
    return tuple(spans)


def _frames(plan: Plan, sketch: Sketch, bars: tuple[Bar, ...]) -> tuple[Frame, ...]:
    sections = sketch.sections
    top = max((s.energy for s in sections if s.kind in CHORUS_KINDS), default=max(s.energy for s in sections))
    peak = max(i for i, s in enumerate(sections) if s.energy >= top)
    parallel = len(plan.sections) == len(sections)
    frames = []
    for index, section in enumerate(sections):
        following = sections[index + 1].energy if index + 1 < len(sections) else section.energy
        frames.append(
            Frame(
                index=index,
                section=section,
                bars=tuple(bar for bar in bars if bar.section == index),
                directives=plan.sections[index].directives if parallel else (),
                nth=sum(s.kind is section.kind for s in sections[:index]),
                rise=following - section.energy,
                lifts=index > 0 and section.energy > sections[index - 1].energy + 0.02,
                peak=index == peak,
                last=index == len(sections) - 1,
            )
        )
    return tuple(frames)
