"""The lead instrument: themes and the hook where nobody sings, short answers in the voice's gaps, ornaments in solos.

Quoting the hook in intro, solo and answers is the cheapest way to make a song sound composed (research/composition.md
§2.6); an answer comes in every second gap or so, never while the voice sings.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from descant.compose.band.chart import Bar, Chart, Frame
from descant.compose.sketch import Sketch
from descant.compose.styles.band import Soloist
from descant.compose.styles.notation import STEP
from descant.song.lyrics import SectionKind
from descant.song.score import Note
from descant.song.streams import stream
from descant.song.theory import Key

_QUOTING = (SectionKind.INTRO, SectionKind.INTERLUDE, SectionKind.SOLO, SectionKind.OUTRO, SectionKind.POST_CHORUS)
_SHORTEST_GAP = 1.5  # beats
_BREATH_BEFORE, _BREATH_AFTER = 0.5, 0.5  # beats between voice and answer
_ANSWER_NOTES = (3, 5)
_ANSWER_FROM = 0.42  # section energy; the first quiet verse belongs to the voice
_SOLO, _THEME, _ANSWER, _GRACE = 98, 90, 80, 62
_LONG = 1.5  # beats from which a held note may be turned


@dataclass(frozen=True, slots=True)
class _Gap:
    start: float
    stop: float
    frame: Frame


def write(
    chart: Chart, sketch: Sketch, soloist: Soloist, band_plays: Callable[[Bar], bool]
) -> list[tuple[Frame, list[Note]]]:
    """Return the lead instrument's notes, section by section.

    Parameters
    ----------
    sketch : for its themes and hook.
    soloist : the style's lead player.
    band_plays : whether anybody accompanies in a bar; a lead does not answer an unaccompanied voice.
    """
    by_section: list[list[Note]] = [[] for _ in chart.frames]
    for frame in chart.frames:
        theme = sketch.themes[frame.index] if frame.index < len(sketch.themes) else ()
        if not theme and not frame.is_sung and frame.kind in _QUOTING:
            theme = _quoted(frame, sketch, chart)
        if theme:
            by_section[frame.index].extend(_played(chart, frame, theme, soloist))
    for i, gap in enumerate(_gaps(chart, band_plays)):
        rng = stream(chart.seed, f"band.lead.section{gap.frame.index}.answer{i}")
        if _answers(i, soloist.answers, rng):
            by_section[gap.frame.index].extend(_answer(chart, gap, sketch, soloist, rng))
    lines = []
    for frame, notes in zip(chart.frames, by_section, strict=True):
        line = _one_at_a_time(sorted(notes, key=lambda n: (n.start, n.pitch)))
        lines.append((frame, _resolved(chart, line) if frame.last else line))
    return lines


def _quoted(frame: Frame, sketch: Sketch, chart: Chart) -> tuple[Note, ...]:
    """Return the hook laid over a section, every so many bars as it is long."""
    if not sketch.hook:
        return ()
    bar = chart.metre.bar_length
    span = max(2, -(-int(max(n.start + n.duration for n in sketch.hook)) // int(max(1.0, bar))))
    lift = _nearest_shift(frame.section.key.tonic - sketch.key.tonic)
    return tuple(
        Note(frame.section.start + first * bar + n.start, n.duration, n.pitch + lift, n.velocity)
        for first in range(0, len(frame.bars) - span + 1, span)
        for n in sketch.hook
    )


def _nearest_shift(semitones: int) -> int:
    return (semitones + 6) % 12 - 6


def _played(chart: Chart, frame: Frame, theme: Sequence[Note], soloist: Soloist) -> list[Note]:
    """Return a theme in the lead's register, ornamented when it is a solo."""
    solo = frame.kind is SectionKind.SOLO
    shift = _octaves(theme, soloist, bright=solo or frame.energy > 0.7)
    strength = _SOLO if solo else _THEME
    notes = [Note(n.start, n.duration, n.pitch + shift, strength) for n in theme]
    notes = [n for n in notes if n.start < frame.bars[-1].stop - 1e-6]
    if not solo:
        return notes
    rng = stream(chart.seed, f"band.lead.section{frame.index}.ornament")
    return _ornamented(notes, frame.section.key, soloist.ornament, rng)


def _octaves(theme: Sequence[Note], soloist: Soloist, *, bright: bool) -> int:
    """Return the octave shift that brings a theme into the register, to its upper part when ``bright``."""
    low, high = min(n.pitch for n in theme), max(n.pitch for n in theme)
    aim = soloist.low + (soloist.high - soloist.low) * (0.62 if bright else 0.45)
    middle = (low + high) / 2
    options = [12 * k for k in range(-4, 5)]
    return min(
        options,
        key=lambda s: abs(middle + s - aim) + 3 * max(0, high + s - soloist.high) + 3 * max(0, soloist.low - low - s),
    )


def _ornamented(notes: list[Note], key: Key, share: float, rng: np.random.Generator) -> list[Note]:
    """Return a melody with turns on held notes, passing notes in leaps and graces from below."""
    played: list[Note] = []
    for note, following in [*pairwise(notes), (notes[-1], None)]:
        draw = float(rng.random())
        leap = following is not None and abs(following.pitch - note.pitch) >= 3
        if note.duration >= _LONG and draw < share:
            body = note.duration - 2 * STEP
            upper = _neighbour(note.pitch, 1, key)
            played.append(Note(note.start, body, note.pitch, note.velocity))
            played.append(Note(note.start + body, STEP, upper, note.velocity - 10))
            played.append(Note(note.start + body + STEP, STEP, note.pitch, note.velocity - 8))
        elif following is not None and leap and note.duration >= 2 * STEP and draw < share:
            side = 1 if following.pitch > note.pitch else -1
            half = note.duration / 2
            played.append(Note(note.start, half, note.pitch, note.velocity))
            played.append(Note(note.start + half, half, _neighbour(note.pitch, side, key), note.velocity - 8))
        else:
            if note.duration >= 1.0 and draw > 1.0 - 0.6 * share:
                played.append(Note(note.start - STEP / 2, STEP / 2, _neighbour(note.pitch, -1, key), _GRACE))
            played.append(note)
    return played


def _neighbour(pitch: int, side: int, key: Key) -> int:
    step = next(s for s in (1, 2, 3) if (pitch + side * s) % 12 in key.scale)
    return pitch + side * step


def _gaps(chart: Chart, band_plays: Callable[[Bar], bool]) -> list[_Gap]:
    """Return the rests of the voice inside sung sections that are long enough to answer in."""
    gaps = []
    for frame in chart.frames:
        if not frame.is_sung or frame.energy < _ANSWER_FROM:
            continue
        spans = [span for bar in frame.bars for span in bar.sung]
        stop = frame.bars[-1].stop
        edges = [*pairwise(spans), (spans[-1], (stop, stop))]
        for (_, left), (right, _) in edges:
            bar = frame.bars[min(len(frame.bars) - 1, int((left - frame.section.start) // chart.metre.bar_length))]
            if right - left >= _SHORTEST_GAP + _BREATH_BEFORE and band_plays(bar) and not chart.is_closing(bar):
                gaps.append(_Gap(left, right, frame))
    return gaps


def _answers(i: int, share: float, rng: np.random.Generator) -> bool:
    """Whether the lead takes the ``i``-th gap: alternate ones surely when the share is a half."""
    return bool(i % 2 == 1 and rng.random() < 2 * share)


def _answer(chart: Chart, gap: _Gap, sketch: Sketch, soloist: Soloist, rng: np.random.Generator) -> list[Note]:
    """Return a short phrase in a gap: the hook's opening rhythm and contour, set on the chord, ending on it."""
    first = np.ceil((gap.start + _BREATH_BEFORE) / 0.5) * 0.5
    room = gap.stop - _BREATH_AFTER - first
    count = int(rng.integers(_ANSWER_NOTES[0], _ANSWER_NOTES[1] + 1))
    rhythm = _rhythm(sketch.hook, count, room)
    if not rhythm:
        return []
    key = gap.frame.section.key
    ladder = [p for p in range(soloist.low, soloist.high + 1) if p % 12 in key.scale]
    contour = _contour(sketch.hook[: len(rhythm)], len(rhythm), ladder)
    chord = _chord_at(chart, first)
    homes = [i for i, p in enumerate(ladder) if p % 12 in chord]
    middle = len(ladder) * 0.45
    at = min(homes, key=lambda i: abs(i - middle)) if homes else int(middle)
    notes = []
    for i, (offset, duration) in enumerate(rhythm):
        place = min(len(ladder) - 1, max(0, at + contour[i]))
        if i == len(rhythm) - 1:
            final = _chord_at(chart, first + offset)
            options = [k for k, p in enumerate(ladder) if p % 12 in final]
            place = min(options, key=lambda k: (abs(k - place), k)) if options else place
        notes.append(Note(float(first + offset), duration, ladder[place], _ANSWER))
    return notes


def _rhythm(hook: Sequence[Note], count: int, room: float) -> list[tuple[float, float]]:
    """Return (offset, duration) of up to ``count`` notes of the hook's opening that fit into ``room`` beats."""
    if room < 1.0:
        return []
    if len(hook) < 3:
        plain = [(i * 0.5, 0.5) for i in range(count) if (i + 1) * 0.5 <= room]
        return plain if len(plain) >= 2 else []
    zero = hook[0].start
    fitting = [(n.start - zero, n.duration) for n in hook[:count] if n.start - zero + 0.5 <= room]
    if len(fitting) < 2:
        return []
    offset, duration = fitting[-1]
    fitting[-1] = (offset, float(min(max(duration, 1.0), room - offset)))
    return fitting


def _contour(hook: Sequence[Note], count: int, ladder: Sequence[int]) -> list[int]:
    """Return scale steps from the first note, following the hook where there is one."""
    if len(hook) < count:
        return [0, 2, 1, 3, 4][:count]
    steps_in_octave = max(1, len({p % 12 for p in ladder}))
    return [round((n.pitch - hook[0].pitch) * steps_in_octave / 12) for n in hook]


def _chord_at(chart: Chart, beat: float) -> tuple[int, ...]:
    number = min(len(chart.bars) - 1, max(0, int(beat // chart.metre.bar_length)))
    return chart.bars[number].chord_at(beat).chord.pitch_classes


def _resolved(chart: Chart, line: list[Note]) -> list[Note]:
    """Return the line ending with the band: its last note on the last chord, held or short as the song ends."""
    last = chart.bars[-1]
    if (
        not line
        or not chart.is_closing(last)
        or line[-1].start + line[-1].duration <= last.start - chart.metre.bar_length
    ):
        return line
    tones = last.chords[0].chord.pitch_classes
    before = [n if n.start + n.duration <= last.start else _cut(n, last.start) for n in line if n.start < last.start]
    aim = (before or line)[-1].pitch
    pitch = min((p for p in range(aim - 6, aim + 7) if p % 12 in tones), key=lambda p: (abs(p - aim), p))
    duration = last.length if chart.closing == "ring" else 2 * STEP
    return [*before, Note(last.start, duration, pitch, _THEME)]


def _cut(note: Note, stop: float) -> Note:
    return Note(note.start, stop - note.start, note.pitch, note.velocity)


def _one_at_a_time(notes: list[Note]) -> list[Note]:
    """Return a line in which each note ends where the next begins."""
    line: list[Note] = []
    for note in notes:
        if line:
            before = line[-1]
            if note.start - before.start < STEP / 4:
                continue
            if before.start + before.duration > note.start:
                line[-1] = _cut(before, note.start)
        line.append(note)
    return line
