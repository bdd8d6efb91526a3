"""The notes of a recording as parts of a score.

All belong to the stem "recording", in which they sound. Their notated time is the nearest sixteenth, their deviation
from it the performed shift, so that notation is tidy and playback as heard. What is sung becomes a vocal part, without
words in the phones of a vocalise.
"""

import math
from collections.abc import Iterable, Sequence

import msgspec

from descant.compose.grid import SLOT
from descant.compose.leadsheet import HEARD_MELODY, HEARD_NOTES
from descant.compose.phrases import wordless
from descant.edit.heard.beats import BeatMap
from descant.edit.heard.players import is_accompanied, is_drummed, is_sung, sung_stretches
from descant.song.score import Note, Part, Phrase, Role, Section, SungNote
from descant.song.tempo import TempoMap
from descant.song.theory import Key
from descant.song.transcription import HeardHit, HeardNote, HeardVoice, Transcription

MELODY, BASS, DRUMS, NOTES, VOICE = HEARD_MELODY, "bass", "drums", HEARD_NOTES, "lead vocal"
"""Names of the parts of a recording."""

_INSTRUMENTS = {MELODY: "flute", BASS: "electric_bass", DRUMS: "standard_kit", NOTES: "grand_piano"}
"""What plays a heard part where it has to be played; what really played it is not heard."""

_LEAST_SURE = 0.25  # certainty under which a melody note is left out
_SURE = 0.6  # certainty from which a note outside the key is believed
_AMBIGUOUS = 0.2  # semitones from the middle between two pitches within which the key decides
_SUNG = 0.5  # share of a note in which somebody sings, from which it is sung
_BREATH = 0.3  # seconds of silence that end a phrase
_LONGEST = 7.0  # seconds after which a phrase ends at the next pause
_SHORT_PAUSE = 0.08  # seconds
_MOST_NOTES = 16  # of a phrase
_SHORTEST = 0.05  # seconds of a note of the melody
_FEW = 3  # notes that make a melody


class Placed(msgspec.Struct, frozen=True):
    """A heard note on the grid: beats, pitch on the scale of the tuning, velocity, and the shift in seconds."""

    start: float
    duration: float
    pitch: int
    velocity: int
    shift: float
    sung: bool = False


def tuning(heard: Transcription) -> float:
    """Return by how many cents a recording is tuned over concert pitch, −50 to 50: the circular mean of its notes."""
    x = y = total = 0.0
    for note in heard.melody or heard.notes:
        weight = (note.stop - note.start) * note.confidence
        angle = 2.0 * math.pi * (note.pitch % 1.0)
        x, y, total = x + weight * math.cos(angle), y + weight * math.sin(angle), total + weight
    if total <= 0 or math.hypot(x, y) < 0.35 * total:  # pitches all over the place say nothing
        return 0.0
    return 100.0 * math.atan2(y, x) / (2.0 * math.pi)


def instruments_of(heard: Transcription, beats: BeatMap, key: Key) -> tuple[Part, ...]:
    """Return what is played in a recording: its lead melody where that is not sung, bass, drums and other notes.

    Of one voice or player alone the melody is all there is.
    """
    clock, cents = TempoMap(beats.tempo), tuning(heard)
    played = [note for note in melody_of(heard, beats, key) if not note.sung]
    parts = [
        _part(MELODY, [Note(n.start, n.duration, n.pitch, n.velocity, n.shift) for n in played]),
        _part(DRUMS, [_stroke(hit, clock, beats) for hit in heard.drums] if is_drummed(heard) else ()),
    ]
    if is_accompanied(heard):
        parts.append(_part(BASS, [_note(note, clock, beats, cents) for note in heard.bass]))
        parts.append(_part(NOTES, [_note(note, clock, beats, cents) for note in heard.notes]))
    return tuple(part for part in parts if part.notes)


def melody_of(heard: Transcription, beats: BeatMap, key: Key) -> list[Placed]:
    """Return the melody on the grid, one note at a time; single notes that are hardly sure are left out.

    A pitch between two notes is the one in the key. Of two notes on one sixteenth the longer stays.
    """
    clock, cents = TempoMap(beats.tempo), tuning(heard)
    voices = sung_stretches(heard) if is_sung(heard) else ()
    placed: list[Placed] = []
    for note in sorted(heard.melody, key=lambda note: note.start):
        if note.confidence < _LEAST_SURE or note.stop - note.start < _SHORTEST:
            continue
        start, duration, shift = _grid(note.start, note.stop, clock, beats)
        sung = _overlap(note, voices) >= _SUNG * (note.stop - note.start)
        new = Placed(start, duration, snapped(note, cents, key), note.velocity, shift, sung)
        if placed and new.start <= placed[-1].start:
            if new.duration > placed[-1].duration:
                placed[-1] = new
            continue
        if placed:
            room = new.start - placed[-1].start
            placed[-1] = msgspec.structs.replace(placed[-1], duration=min(placed[-1].duration, room))
        placed.append(new)
    return placed if len(placed) >= _FEW else []


def snapped(note: HeardNote, cents: float, key: Key) -> int:
    """Return the pitch of a heard note in a tuning, that of the key where it lies between two or is not sure."""
    own = note.pitch - cents / 100.0
    nearest = round(own)
    other = nearest + (1 if own > nearest else -1)
    between = abs(own - nearest) > 0.5 - _AMBIGUOUS or note.confidence < _SURE
    if between and nearest % 12 not in key.scale and other % 12 in key.scale:
        return other
    return nearest


def vocalise(notes: Sequence[Placed], sections: Sequence[Section], beats: BeatMap) -> tuple[Phrase, ...]:
    """Return sung notes whose words are not known as phrases of a vocalise, parted where the singer breathes."""
    clock = TempoMap(beats.tempo)
    groups: list[list[Placed]] = []
    for note in notes:
        if groups and not _parted(groups[-1], note, clock):
            groups[-1].append(note)
        else:
            groups.append([note])
    return tuple(_phrase(group, sections) for group in groups)


def section_at(beat: float, sections: Sequence[Section]) -> int:
    """Return the number of the section in which a beat lies."""
    return max(0, sum(section.start <= beat + 1e-6 for section in sections) - 1)


def _phrase(notes: Sequence[Placed], sections: Sequence[Section]) -> Phrase:
    words = wordless("S" * len(notes)).words
    middle = (notes[0].start + notes[-1].start + notes[-1].duration) / 2
    sung = tuple(SungNote(n.start, n.duration, n.pitch, word, 0, n.velocity, n.shift) for word, n in enumerate(notes))
    return Phrase(" ".join(word.text for word in words), words, sung, section_at(middle, sections))


def _parted(group: Sequence[Placed], note: Placed, clock: TempoMap) -> bool:
    """Return whether a note begins another phrase than the notes before it."""
    last = group[-1]
    pause = clock.seconds(note.start) - clock.seconds(last.start + last.duration)
    lasted = clock.seconds(note.start) - clock.seconds(group[0].start)
    long = lasted > _LONGEST or len(group) >= _MOST_NOTES
    return pause >= _BREATH or (long and pause >= _SHORT_PAUSE) or len(group) >= 2 * _MOST_NOTES


def _overlap(note: HeardNote, voices: Iterable[HeardVoice]) -> float:
    return sum(max(0.0, min(note.stop, voice.stop) - max(note.start, voice.start)) for voice in voices)


def _grid(start: float, stop: float, clock: TempoMap, beats: BeatMap) -> tuple[float, float, float]:
    """Return the nearest sixteenth to a time, the beats to another, and what is left over in seconds."""
    begin = clock.beat(start - beats.lead_in)
    at = round(begin / SLOT) * SLOT
    duration = max(SLOT / 2, round(clock.beat(stop - beats.lead_in) - begin, 3))
    return at, duration, round(start - beats.lead_in - clock.seconds(at), 5)


def _note(note: HeardNote, clock: TempoMap, beats: BeatMap, cents: float) -> Note:
    start, duration, shift = _grid(note.start, note.stop, clock, beats)
    return Note(start, duration, min(127, max(0, round(note.pitch - cents / 100.0))), note.velocity, shift)


def _stroke(hit: HeardHit, clock: TempoMap, beats: BeatMap) -> Note:
    start, _, shift = _grid(hit.start, hit.start, clock, beats)
    return Note(start, SLOT, hit.key, hit.velocity, shift)


def _part(name: str, notes: Iterable[Note]) -> Part:
    ordered = tuple(sorted(notes, key=lambda note: (note.start, note.pitch)))
    return Part(name, Role.RECORDING, _INSTRUMENTS[name], ordered)
