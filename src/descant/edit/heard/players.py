"""Who is heard in a recording: a voice, drums, a bass, an accompaniment, or one player alone.

Whoever listens for drums and chords finds some in a voice alone too: its consonants, its partials. What is heard of an
accompaniment counts only where notes sound that are not the melody's own.
"""

from collections.abc import Sequence

from descant.song.transcription import HeardNote, HeardVoice, Transcription

_THICK = 0.6
"""Mean number of notes that sound besides the melody from which there is an accompaniment: of solo recordings at most
0.25, of chorales and songs with a band 1.9 and more."""

_SAME = 1.2  # semitones, octaves aside, within which a note is the melody's own
_SURE = 0.6  # certainty from which a stretch counts as sung
_SUNG = 0.15  # share of a recording in which somebody sings, from which it is a song
_STROKES = 1.0  # strokes a second from which somebody drums
_BASS = 0.3  # notes a second from which somebody plays the bass


def is_accompanied(heard: Transcription) -> bool:
    """Return whether chords sound in a recording, and not one voice alone."""
    if not (heard.melody or heard.notes):
        return True  # nothing says that a voice is alone
    return _beside(heard.notes, heard.melody) > _THICK * heard.seconds


def is_drummed(heard: Transcription) -> bool:
    """Return whether drums play in a recording."""
    alone = heard.melody and not is_accompanied(heard)
    return not alone and len(heard.drums) > _STROKES * heard.seconds


def has_bass(heard: Transcription) -> bool:
    """Return whether a bass plays in a recording."""
    return is_accompanied(heard) and len(heard.bass) > _BASS * heard.seconds


def sung_stretches(heard: Transcription) -> tuple[HeardVoice, ...]:
    """Return the stretches in which somebody sings for all that is heard."""
    return tuple(voice for voice in heard.voices if voice.confidence >= _SURE)


def is_sung(heard: Transcription) -> bool:
    """Return whether somebody sings in a recording for a good part of it."""
    return sum(voice.stop - voice.start for voice in sung_stretches(heard)) > _SUNG * heard.seconds


def _beside(notes: Sequence[HeardNote], melody: Sequence[HeardNote]) -> float:
    """Return the seconds for which notes sound, added up, that are not the melody's own in any octave."""
    total, first = 0.0, 0
    for note in sorted(notes, key=lambda note: note.start):
        while first < len(melody) and melody[first].stop <= note.start:
            first += 1
        own = 0.0
        for other in melody[first:]:
            if other.start >= note.stop:
                break
            if abs((note.pitch - other.pitch + 6.0) % 12.0 - 6.0) < _SAME:
                own += max(0.0, min(note.stop, other.stop) - max(note.start, other.start))
        total += max(0.0, note.stop - note.start - own)
    return total
