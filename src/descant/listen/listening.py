"""Listening to a recording: everything that is heard in it, in one call."""

from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from descant.listen import aligning, bass, drums, melody, notes, voices
from descant.listen.outline import outline
from descant.listen.pitch import PitchTrack
from descant.listen.posteriors import ModelMissing, Posteriors, posteriors
from descant.listen.sampling import RATE
from descant.song.lyrics import Lyrics
from descant.song.transcription import HeardChord, HeardNote, HeardSection, HeardVoice, Transcription

_Span = TypeVar("_Span", HeardChord, HeardSection)


def listen(audio: NDArray[np.float32], lyrics: Lyrics | None = None) -> Transcription:
    """Return all that is heard in a recording.

    Parameters
    ----------
    audio : float32 (samples, 2) at 48 kHz, at least one sample.
    lyrics : the words that are sung in it, to be timed; None when they are not known.

    Returns
    -------
    The facts, each kind with its evidence. A kind without evidence was not listened for: words without lyrics;
    notes, bass, melody and voices without the model that hears notes.
    """
    seconds = len(audio) / RATE
    if len(audio) < RATE:  # of less than a second nothing can be told
        audio = np.pad(audio, ((0, RATE - len(audio)), (0, 0)))
    heard = _posteriors(audio)
    found = outline(audio, heard)
    evidence = dict(found.evidence)
    struck = drums.drums(audio)
    evidence["drums"] = drums.evidence(struck)
    lead: tuple[HeardNote, ...] = ()
    low, every = lead, lead
    sung: tuple[HeardVoice, ...] = ()
    track: PitchTrack | None = None
    if heard is not None:
        keys, sounding = notes.keys(audio, heard), heard.note
        del heard  # a third of a long recording's size, and the lead needs as much again
        low, every = bass.bass(audio, keys), notes.read(keys)
        track, lead = _lead(audio, sounding)
        sung = voices.voices(audio, track)
        evidence |= {
            "melody": melody.evidence(lead),
            "bass": bass.evidence(low),
            "notes": notes.evidence(every),
            "voices": voices.evidence(sung),
        }
    words = aligning.align(audio, lyrics, track) if lyrics is not None else ()
    if lyrics is not None:
        evidence["words"] = aligning.evidence(words)
    return Transcription(
        seconds=seconds,
        tempo=found.tempo,
        tempo_alternatives=found.tempo_alternatives,
        beats=found.beats,
        downbeats=found.downbeats,
        pulse=found.pulse,
        metre=found.metre,
        key=found.key,
        key_alternatives=found.key_alternatives,
        chords=_until(found.chords, seconds),
        sections=_until(found.sections, seconds),
        melody=lead,
        bass=low,
        notes=every,
        drums=struck,
        voices=sung,
        words=words,
        evidence=evidence,
    )


def _until(spans: tuple[_Span, ...], seconds: float) -> tuple[_Span, ...]:
    """Return the spans that begin before a recording's end, none lasting longer."""
    return tuple(msgspec.structs.replace(s, stop=min(s.stop, seconds)) for s in spans if s.start < seconds)


def _lead(audio: NDArray[np.float32], sounding: NDArray[np.float32]) -> tuple[PitchTrack, tuple[HeardNote, ...]]:
    """Return the lead's track and its notes, and let go of all else that was heard for them."""
    found = melody.lead_of(audio, sounding)
    return found.track, melody.melody(audio, found)


def _posteriors(audio: NDArray[np.float32]) -> Posteriors | None:
    try:
        return posteriors(audio)
    except ModelMissing:
        return None
