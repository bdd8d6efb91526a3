"""Lead sheets in another key or mode, and melodies brought into another singer's range.

A melody moves as a whole: by the interval that brings most of it into the range with its middle near the voice's, the
nearest key first. Going from major to minor or back, notes keep their degree of the scale and chords their function.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence

import msgspec

from descant.compose.duets import singer
from descant.compose.leadsheet import LeadSheet
from descant.compose.lines import WrittenLine
from descant.song.plan import Guest
from descant.song.score import ChordSpan, Note, Section
from descant.song.theory import MODES, Chord, Key, nearest_step

_OUT = 4.0  # cost of all notes lying out of range
_BEYOND, _OFF_CENTRE = 0.5, 0.12  # costs of a semitone beyond the range, and off the voice's middle
_KEY = 0.5  # cost of a semitone of key change

_MINOR = {"": "m", "maj7": "m7", "7": "m7", "maj9": "m9", "9": "m9", "6": "m6", "add9": "madd9"}
"""Colours of major chords and the minor chord's that answer them, and the reverse."""
_MAJOR = {"m": "", "m7": "maj7", "m9": "maj9", "m6": "6", "madd9": "add9", "dim": "", "m7b5": "maj7"}


def moved_to(sheet: LeadSheet, semitones: int, octaves: int = 0) -> LeadSheet:
    """Return the sheet transposed: chords, keys and themes by ``semitones``, voices by so many octaves more."""
    voices = semitones + 12 * octaves
    sections = tuple(_section(section, semitones) for section in sheet.sections)
    return msgspec.structs.replace(
        sheet,
        key=_key(sheet.key, semitones),
        sections=sections,
        chords=tuple(msgspec.structs.replace(s, chord=s.chord.transposed(semitones)) for s in sheet.chords),
        lead=tuple(_moved(line, voices, sections) for line in sheet.lead),
        replies=tuple(_moved(line, voices, sections) for line in sheet.replies),
        themes=tuple(_shifted(notes, semitones) for notes in sheet.themes),
    )


def best_move(sheet: LeadSheet, span: tuple[int, int], centre: int, tonic: int | None) -> tuple[int, int]:
    """Return the (semitones, octaves) for :func:`moved_to` that suit a singer.

    Parameters
    ----------
    span, centre : the singer's range and its middle, MIDI.
    tonic : the pitch class the song must end up in, or None for the nearest that suits.
    """
    asked = None if tonic is None else nearest_step(sheet.key.tonic, tonic)
    options = [asked] if asked is not None else list(range(-5, 7))
    if not sung_pitches(sheet):
        return (asked or 0), 0

    def cost(move: tuple[int, int]) -> tuple[float, int]:
        total = move[0] + 12 * move[1]
        key = 0.0 if asked is not None else _KEY * abs(move[0])
        return misfit(sheet, span, centre, total) + key, abs(total)

    return min(((semitones, octaves) for semitones in options for octaves in range(-4, 5)), key=cost)


def misfit(sheet: LeadSheet, span: tuple[int, int], centre: int, semitones: int) -> float:
    """Return how badly the lead's melody, moved by some semitones, lies for a singer; 0 in the middle of the range."""
    pitches = sung_pitches(sheet)
    if not pitches:
        return 0.0
    low, high = min(pitches) + semitones, max(pitches) + semitones
    out = sum(not span[0] <= pitch + semitones <= span[1] for pitch in pitches) / len(pitches)
    beyond = max(0, span[0] - low) + max(0, high - span[1])
    return _OUT * out + _BEYOND * beyond + _OFF_CENTRE * abs((low + high) / 2 - centre)


def sung_pitches(sheet: LeadSheet) -> list[int]:
    """Return the pitches that the lead itself sings, without guests' lines and spoken ones."""
    own = [line for line in sheet.lead if singer(line, sheet.guests) is None and not line.task.line.rapped]
    return [pitch for line in own for pitch in line.pitches]


def within(sheet: LeadSheet, span: tuple[int, int], centre: int, guests: Sequence[Guest]) -> LeadSheet:
    """Return the sheet with single notes that a singer cannot reach an octave nearer, and speech at the voice's height.

    Parameters
    ----------
    guests : who sings the lines that are not the lead's; those are left for them to move.
    """
    lead = []
    for line in sheet.lead:
        if line.task.line.rapped:
            move = centre - sheet.centre
            lead.append(_each(line, lambda pitch, move=move: max(span[0], min(span[1], pitch + move))))  # type: ignore[misc]
        elif singer(line, guests) is None:
            lead.append(_each(line, lambda pitch: folded(pitch, *span)))
        else:
            lead.append(line)
    return msgspec.structs.replace(sheet, lead=tuple(lead), centre=centre)


def replies_within(sheet: LeadSheet, span: tuple[int, int]) -> LeadSheet:
    """Return the sheet with each reply in the octave that suits the backing voice."""
    replies = []
    for line in sheet.replies:
        middle = (min(line.pitches) + max(line.pitches)) / 2
        aim = (span[0] + span[1]) / 2
        octave = 12 * round((aim - middle) / 12)
        replies.append(_each(line, lambda pitch, octave=octave: folded(pitch + octave, *span)))  # type: ignore[misc]
    return msgspec.structs.replace(sheet, replies=tuple(replies))


def folded(pitch: int, low: int, high: int) -> int:
    """Return a pitch moved by octaves into a range, or as near to it as octaves allow."""
    while pitch < low and pitch + 12 <= high:
        pitch += 12
    while pitch > high and pitch - 12 >= low:
        pitch -= 12
    return pitch


def in_mode(sheet: LeadSheet, mode: str | None) -> LeadSheet:
    """Return the sheet in another mode on the same tonic: degrees of the scale, and chords by their function.

    None is the mode it has.
    """
    if mode is None or mode == sheet.key.mode:
        return sheet
    keys = {section.key.tonic: section.key for section in sheet.sections}
    moves = {tonic: _degrees(key, mode) for tonic, key in keys.items()}
    starts = [section.start for section in sheet.sections]
    sections = tuple(msgspec.structs.replace(section, key=Key(section.key.tonic, mode)) for section in sheet.sections)

    def own(beat: float) -> dict[int, int]:
        return moves[sheet.sections[max(0, bisect_right(starts, beat + 1e-6) - 1)].key.tonic]

    def of_line(line: WrittenLine) -> WrittenLine:
        if line.task.line.rapped:
            return _moved(line, 0, sections)
        table = moves[sheet.sections[line.task.section].key.tonic]
        return _moved(_each(line, lambda pitch: pitch + table[pitch % 12]), 0, sections)

    return msgspec.structs.replace(
        sheet,
        key=Key(sheet.key.tonic, mode),
        sections=sections,
        chords=tuple(_remoded(span, own(span.start)) for span in sheet.chords),
        lead=tuple(map(of_line, sheet.lead)),
        replies=tuple(map(of_line, sheet.replies)),
        themes=tuple(
            tuple(msgspec.structs.replace(n, pitch=n.pitch + own(n.start)[n.pitch % 12]) for n in notes)
            for notes in sheet.themes
        ),
    )


def _degrees(key: Key, mode: str) -> dict[int, int]:
    """Return pitch class to semitones to move: each degree to its own in the new mode.

    A note between the degrees stays where it is when the new mode has it, else it moves with the degree below.
    """
    old, new = MODES[key.mode], MODES[mode]
    table = {}
    for step in range(12):
        degree = max(i for i, height in enumerate(old) if height <= step)
        inside = step - old[degree]
        target = step if inside and step in new else new[degree] + inside
        table[(key.tonic + step) % 12] = target - step
    return table


def _remoded(span: ChordSpan, table: dict[int, int]) -> ChordSpan:
    """Return a chord whose root, third and fifth move with the scale."""
    chord = span.chord
    root = (chord.root + table[chord.root]) % 12
    third = chord.pitch_classes[1] if len(chord.pitch_classes) > 2 else None
    fifth = chord.pitch_classes[-1] if third is None else chord.pitch_classes[2]
    moved_third = None if third is None else (third + table[third] - root) % 12
    moved_fifth = (fifth + table[fifth] - root) % 12
    bass = None if chord.bass is None else (chord.bass + table[chord.bass]) % 12
    return msgspec.structs.replace(span, chord=Chord(root, _quality(chord.quality, moved_third, moved_fifth), bass))


def _quality(old: str, third: int | None, fifth: int) -> str:
    """Return a chord's quality with another third and fifth, its colour kept where it has a sibling."""
    if third not in (3, 4):
        return old
    if fifth == 6 and third == 3:
        return "m7b5" if "7" in old or "9" in old else "dim"
    if third == 3:
        return _MINOR.get(old, old)
    return _MAJOR.get(old, old)


def _key(key: Key, semitones: int) -> Key:
    return Key((key.tonic + semitones) % 12, key.mode)


def _section(section: Section, semitones: int) -> Section:
    return msgspec.structs.replace(section, key=_key(section.key, semitones))


def _moved(line: WrittenLine, semitones: int, sections: Sequence[Section]) -> WrittenLine:
    """Return a line transposed, its task in the key of its section; spoken lines keep their pitches."""
    key = sections[line.task.section].key
    task = msgspec.structs.replace(line.task, tonic=key.tonic, minor=key.is_minor, scale=key.scale)
    line = msgspec.structs.replace(line, task=task)
    return line if task.line.rapped else _each(line, lambda pitch: pitch + semitones)


def _each(line: WrittenLine, move: Callable[[int], int]) -> WrittenLine:
    return msgspec.structs.replace(line, pitches=tuple(map(move, line.pitches)))


def _shifted(notes: Sequence[Note], semitones: int) -> tuple[Note, ...]:
    return tuple(msgspec.structs.replace(note, pitch=note.pitch + semitones) for note in notes)
