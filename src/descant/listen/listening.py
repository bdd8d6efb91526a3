"""Listening to a recording: everything that is heard in it, in one call."""

import numpy as np
from numpy.typing import NDArray

from descant.listen import aligning, bass, drums, melody, notes, voices
from descant.listen.outline import outline
from descant.listen.posteriors import ModelMissing
from descant.listen.sampling import RATE
from descant.song.lyrics import Lyrics
from descant.song.transcription import HeardNote, Transcription


def listen(audio: NDArray[np.float32], lyrics: Lyrics | None = None) -> Transcription:
    """Return all that is heard in a recording.

    Parameters
    ----------
    audio : float32 (samples, 2) at 48 kHz, at least one sample.
    lyrics : the words that are sung in it, to be timed; None when they are not known.

    Returns
    -------
    The facts, each kind with its evidence. A kind without evidence was not listened for: words without lyrics, notes
    without the model that hears them.
    """
    found = outline(audio)
    evidence = dict(found.evidence)
    lead, low, struck, sung = melody.melody(audio), bass.bass(audio), drums.drums(audio), voices.voices(audio)
    evidence |= {
        "melody": melody.evidence(lead),
        "bass": bass.evidence(low),
        "drums": drums.evidence(struck),
        "voices": voices.evidence(sung),
    }
    every = _notes(audio)
    if every is not None:
        evidence["notes"] = notes.evidence(every)
    words = aligning.align(audio, lyrics) if lyrics is not None else ()
    if lyrics is not None:
        evidence["words"] = aligning.evidence(words)
    return Transcription(
        seconds=len(audio) / RATE,
        tempo=found.tempo,
        tempo_alternatives=found.tempo_alternatives,
        beats=found.beats,
        downbeats=found.downbeats,
        pulse=found.pulse,
        metre=found.metre,
        key=found.key,
        key_alternatives=found.key_alternatives,
        chords=found.chords,
        sections=found.sections,
        melody=lead,
        bass=low,
        notes=every or (),
        drums=struck,
        voices=sung,
        words=words,
        evidence=evidence,
    )


def _notes(audio: NDArray[np.float32]) -> tuple[HeardNote, ...] | None:
    try:
        return notes.notes(audio)
    except ModelMissing:
        return None
