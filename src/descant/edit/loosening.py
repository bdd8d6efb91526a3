"""A melody sung as another style sings: its accents pushed or straightened, its melismas and passing notes its own.

The freer the cover, the more notes move; the hook keeps its pitches and every line its outline: first, last, highest
and lowest notes and stressed syllables (Müllensiefen & Frieler 2004: contour and accents carry recognition). Equal
lines move alike, so that a chorus remains one.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from descant.compose.grid import BEAT, EIGHTH, SIXTEENTH, SLOT, Grid
from descant.compose.leadsheet import LeadSheet, hook_line
from descant.compose.lines import WrittenLine
from descant.compose.styles.writing import WritingStyle
from descant.edit.rephrasing import resung, with_onsets
from descant.song.lyrics import SectionKind
from descant.song.score import Note
from descant.song.streams import stream

_AHEAD = 2  # slots by which a push comes before its beat
_PUSHED = 1.2  # chance of a push for each share of freedom and syncopation
_SETTLED = 0.8  # chance that a push goes back onto its beat, for each share of freedom and straightness
_TURNED = 3.0  # chance of a melisma on a long note, for each share of freedom and of the style's melismas
_SMOOTHED = 1.6  # chance that a weak passing note changes, for each share of freedom over the threshold
_PITCH_FROM = 0.3  # freedom from which pitches change
_RESUNG_FROM = 0.4  # freedom from which rhythms are drawn again
_LONG = 4  # slots
_NUDGED = (
    0.6  # chance of a sixteenth ahead of an eighth for each share of freedom and of syncopation over the threshold
)
_SYNCOPATED = 0.3
_SHORTEST_SLOT = 0.1  # seconds; faster sixteenths are left alone

_Rhythms = dict[tuple[SectionKind, tuple[int, ...]], tuple[int, ...] | None]


def loosened(sheet: LeadSheet, style: WritingStyle, freedom: float, seed: int) -> LeadSheet:
    """Return the sheet with its sung melody in the manner of a style; ``freedom`` 0 changes nothing, 1 the most."""
    if freedom <= 0.0 or not sheet.lead:
        return sheet
    hook = hook_line(sheet.title, sheet.lead)
    grid = Grid(sheet.metre)
    lead = []
    drawn: _Rhythms = {}
    for i, line in enumerate(sheet.lead):
        following = sheet.lead[i + 1] if i + 1 < len(sheet.lead) else None
        room = None if following is None else following.task.start + following.onsets[0] - line.task.start
        is_hook = hook is not None and line.task.line.same_words == hook.task.line.same_words
        if freedom > _RESUNG_FROM and not is_hook:
            moved = _resung(line, style, freedom, seed, grid, drawn)
        else:
            moved = _rephrased(line, style, freedom, seed, grid, slow=15.0 / sheet.bpm >= _SHORTEST_SLOT)
        lead.append(_ornamented(moved, style, freedom, seed, grid, room, keeps=is_hook))
    return msgspec.structs.replace(sheet, lead=tuple(lead))


def _resung(
    line: WrittenLine, style: WritingStyle, freedom: float, seed: int, grid: Grid, drawn: _Rhythms
) -> WrittenLine:
    """Return the line in a rhythm of the style; lines of one rhythm in sections of one kind keep one."""
    key = (line.task.kind, line.syllable_onsets)
    if key not in drawn:
        name = f"cover.rhythm.{line.task.kind.value}.{_dotted(line.syllable_onsets)}"
        drawn[key] = resung(line, style, freedom, grid, stream(seed, name))
    onsets = drawn[key]
    return line if onsets is None else with_onsets(line, onsets)


def _rephrased(
    line: WrittenLine, style: WritingStyle, freedom: float, seed: int, grid: Grid, *, slow: bool
) -> WrittenLine:
    """Return the line in its own rhythm with the style's accents."""
    kind = line.task.kind.value
    line = _pushed(line, style.syncopation, freedom, grid, stream(seed, f"cover.rhythm.{kind}"))
    return _nudged(line, style.syncopation, freedom, grid, stream(seed, f"cover.sixteenths.{kind}")) if slow else line


def _ornamented(
    line: WrittenLine, style: WritingStyle, freedom: float, seed: int, grid: Grid, room: int | None, *, keeps: bool
) -> WrittenLine:
    """Return the line with the style's melismas and, where it does not keep its pitches, other passing notes."""
    if line.task.line.rapped:
        return line
    relative = _dotted([pitch - line.pitches[0] for pitch in line.pitches])
    rng = stream(seed, f"cover.line.{line.task.kind.value}.{_dotted(line.onsets)}.{relative}")
    line = _without_melismas(line, freedom * max(0.0, 1.0 - 8.0 * style.melisma), rng)
    line = _with_melismas(line, _TURNED * freedom * style.melisma, rng)
    if not keeps and freedom > _PITCH_FROM:
        line = _smoothed(line, _SMOOTHED * (freedom - _PITCH_FROM), grid, rng)
    return line if room is None else _ending_by(line, room)


def _dotted(numbers: Sequence[int]) -> str:
    """Return whole numbers as part of a stream's name."""
    return ".".join(map(str, numbers))


def _pushed(line: WrittenLine, syncopation: float, freedom: float, grid: Grid, rng: np.random.Generator) -> WrittenLine:
    """Return the line with accents ahead of their beats where the style swings away, on them where it is straight.

    What is drawn belongs to the slots of two bars, so that lines of one rhythm keep one.
    """
    levels = grid.levels(np.array(line.onsets) + line.task.start)
    onsets = list(line.onsets)
    draws = rng.random(2 * grid.slots)[np.array(onsets) % (2 * grid.slots)]
    for n in range(1, len(onsets)):
        gap = onsets[n] - onsets[n - 1]
        longer = line.lengths[n] >= 2
        free = n + 1 == len(onsets) or onsets[n + 1] - onsets[n] >= _AHEAD + 2
        if levels[n] <= BEAT and longer and gap >= _AHEAD + 2 and draws[n] < _PUSHED * freedom * syncopation:
            onsets[n] -= _AHEAD
        elif levels[n] == EIGHTH and free and line.lengths[n] > _AHEAD:
            ahead = grid.levels(np.array([onsets[n] + line.task.start + _AHEAD]))[0]
            if ahead <= BEAT and draws[n] < _SETTLED * freedom * (1.0 - syncopation) ** 2:
                onsets[n] += _AHEAD
    return _moved(line, onsets)


def _nudged(line: WrittenLine, syncopation: float, freedom: float, grid: Grid, rng: np.random.Generator) -> WrittenLine:
    """Return the line with weak eighths a sixteenth early in syncopated styles, and on the eighth in straight ones."""
    levels = grid.levels(np.array(line.onsets) + line.task.start)
    onsets = list(line.onsets)
    draws = rng.random(2 * grid.slots)[np.array(onsets) % (2 * grid.slots)]
    ahead = _NUDGED * freedom * max(0.0, syncopation - _SYNCOPATED) / (1.0 - _SYNCOPATED)
    back = _SETTLED * freedom * max(0.0, _SYNCOPATED - syncopation) / _SYNCOPATED
    for n in range(1, len(onsets) - 1):
        early, late = onsets[n] - onsets[n - 1], onsets[n + 1] - onsets[n]
        if levels[n] == EIGHTH and early >= 2 and late >= 2 and draws[n] < ahead:
            onsets[n] -= 1
        elif levels[n] == SIXTEENTH and late >= 2 and draws[n] < back:
            onsets[n] += 1
    return _moved(line, onsets)


def _moved(line: WrittenLine, onsets: list[int]) -> WrittenLine:
    """Return the line with other onsets; each note still ends where it did, or where the next begins."""
    stops = [onset + length for onset, length in zip(line.onsets, line.lengths, strict=True)]
    lengths = []
    for n, onset in enumerate(onsets):
        touched = n + 1 < len(onsets) and stops[n] >= line.onsets[n + 1]
        stop = onsets[n + 1] if touched else min([stops[n], *onsets[n + 1 : n + 2]])
        lengths.append(max(1, stop - onset))
    return msgspec.structs.replace(line, onsets=tuple(onsets), lengths=tuple(lengths))


def _without_melismas(line: WrittenLine, chance: float, rng: np.random.Generator) -> WrittenLine:
    """Return the line with some melismas sung on their first note."""
    draws = rng.random(len(line.onsets))
    kept = [n for n in range(len(line.onsets)) if n == 0 or line.places[n] != line.places[n - 1] or draws[n] >= chance]
    lengths = []
    for n, following in zip(kept, [*kept[1:], len(line.onsets)], strict=True):
        last = following - 1
        lengths.append(line.onsets[last] + line.lengths[last] - line.onsets[n])
    return msgspec.structs.replace(
        line,
        onsets=tuple(line.onsets[n] for n in kept),
        lengths=tuple(lengths),
        pitches=tuple(line.pitches[n] for n in kept),
        places=tuple(line.places[n] for n in kept),
    )


def _with_melismas(line: WrittenLine, chance: float, rng: np.random.Generator) -> WrittenLine:
    """Return the line with some long syllables passing on, by a step, to the note that follows."""
    draws = rng.random(len(line.onsets))
    counts: dict[tuple[int, int], int] = {}
    for place in line.places:
        counts[place] = counts.get(place, 0) + 1
    notes: list[tuple[int, int, int, tuple[int, int]]] = []
    for n, (onset, length, pitch) in enumerate(zip(line.onsets, line.lengths, line.pitches, strict=True)):
        place = line.places[n]
        if n + 1 < len(line.onsets) and length >= _LONG and counts[place] == 1 and draws[n] < chance:
            side = 1 if line.pitches[n + 1] >= pitch else -1
            turn = step(pitch, side, line.task.scale)
            notes += [(onset, length - _AHEAD, pitch, place), (onset + length - _AHEAD, _AHEAD, turn, place)]
        else:
            notes.append((onset, length, pitch, place))
    onsets, lengths, pitches, places = zip(*notes, strict=True)
    return msgspec.structs.replace(line, onsets=onsets, lengths=lengths, pitches=pitches, places=places)


def _smoothed(line: WrittenLine, chance: float, grid: Grid, rng: np.random.Generator) -> WrittenLine:
    """Return the line with some weak, short, unstressed inner notes on another step between their neighbours."""
    levels = grid.levels(np.array(line.onsets) + line.task.start)
    classes = dict(zip(line.task.line.places, line.task.line.classes, strict=True))
    draws = rng.random(len(line.onsets))
    pitches = list(line.pitches)
    outer = {min(pitches), max(pitches)}
    for n in range(1, len(pitches) - 1):
        weak = levels[n] >= EIGHTH and classes.get(line.places[n], "U") not in "SC"
        short = line.lengths[n] <= (4 if levels[n] < SIXTEENTH else 2)
        if weak and short and pitches[n] not in outer and draws[n] < chance:
            before, after = pitches[n - 1], pitches[n + 1]
            middle = before if before == after else step(before, 1 if after > before else -1, line.task.scale)
            pitches[n] = middle
    return msgspec.structs.replace(line, pitches=tuple(pitches))


def step(pitch: int, side: int, scale: tuple[int, ...]) -> int:
    """Return the next pitch of a scale above (``side`` 1) or below (−1)."""
    pitch += side
    while pitch % 12 not in scale:
        pitch += side
    return pitch


def _ending_by(line: WrittenLine, room: int) -> WrittenLine:
    """Return the line silent two slots before ``room``, where its last note allows."""
    last = min(line.lengths[-1], max(1, room - 2 - line.onsets[-1]))
    return msgspec.structs.replace(line, lengths=(*line.lengths[:-1], last))


def loosened_theme(notes: tuple[Note, ...], freedom: float, seed: int) -> tuple[Note, ...]:
    """Return an instrument's melody with repeated notes tied and others pushed, as a soloist takes a tune."""
    if freedom <= 0.0 or len(notes) < 3:
        return notes
    tune = _dotted(
        [part for n in notes for part in (n.pitch - notes[0].pitch, round((n.start - notes[0].start) / SLOT))]
    )
    rng = stream(seed, f"cover.theme.{tune}")
    draws = rng.random(len(notes))
    played = [notes[0]]
    for n in range(1, len(notes)):
        note, before = notes[n], played[-1]
        if note.start - before.start >= 1.0 and note.start % 1.0 == 0.0 and draws[n] < 0.3 * freedom:
            early = msgspec.structs.replace(note, start=note.start - 0.5, duration=note.duration + 0.5)
            played[-1] = msgspec.structs.replace(before, duration=min(before.duration, early.start - before.start))
            played.append(early)
        else:
            played.append(note)
    return tuple(played)
