"""What was heard in a recording, heard again by the trained networks of a folder."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from descant.engines.weights import manifest
from descant.engines.weights.aligner import aligner
from descant.engines.weights.beats import Beats, beat_tracker
from descant.engines.weights.separator import Separator, separator
from descant.listen import melody
from descant.listen.metre import COMPOUND, SIMPLE
from descant.song.lyrics import Lyrics
from descant.song.score import Role
from descant.song.transcription import Evidence, HeardTempo, HeardWord, Transcription

TRUST = 0.9
"""How sure facts are that a trained network found: there is no truth to measure it on here."""

FEWEST_BEATS = 4
Audio = NDArray[np.float32]


@dataclass(frozen=True)
class Ears:
    """The networks of a folder, each as the function it does, or None; ``names`` are what they are called."""

    names: manifest.Manifest
    separate: Separator | None = None
    beats: Callable[[Audio], Beats] | None = None
    align: Callable[[Audio, Lyrics], tuple[HeardWord, ...]] | None = None


def open_folder(folder: Path) -> Ears:
    """Return the networks of a folder, every file's sum checked.

    Raises
    ------
    WeightsError : see :mod:`~descant.engines.weights.manifest`.
    """
    listed = manifest.read(folder)
    return Ears(
        listed,
        separator(folder, listed.separator) if listed.separator else None,
        beat_tracker(folder, listed.beats) if listed.beats else None,
        aligner(folder, listed.aligner) if listed.aligner else None,
    )


def heard_again(heard: Transcription, audio: Audio, lyrics: Lyrics | None, ears: Ears) -> Transcription:
    """Return a transcription of a recording, float32 (samples, 2) at 48 kHz, with what the networks hear instead.

    Beats, melody and words are replaced where there is a network for them and it finds any; their evidence names it.
    Beats come with their bars, metre and tempo; chords and sections keep their times.

    Raises
    ------
    WeightsError : when a network fails; what was heard without it does not stand in for it.
    """
    voice = audio
    if ears.separate and ears.names.separator:
        stem = ears.separate(audio, (Role.LEAD_VOCAL,)).get(Role.LEAD_VOCAL)
        if stem is not None:
            voice, method = stem.audio, f"{melody.METHOD}; of the voice that {stem.method} takes out"
            heard = _replaced(heard, "melody", method, melody=melody.melody(voice))
    if ears.beats and ears.names.beats:
        heard = _in_time(heard, ears.names.beats.name, *ears.beats(audio))
    if ears.align and ears.names.aligner and lyrics is not None:
        heard = _replaced(heard, "words", ears.names.aligner.name, words=ears.align(voice, lyrics))
    return heard


def _in_time(heard: Transcription, name: str, times: tuple[float, ...], bars: tuple[int, ...]) -> Transcription:
    """Return a transcription in a network's beats, its metre counted from their bars.

    It stays as it was when the bars tell none of the metres that are heard: the old bars would not fit the new beats.
    """
    counts = Counter(np.diff(bars).tolist())
    length = max(counts, key=lambda beats: counts[beats], default=0)
    compound = COMPOUND.get(length) == heard.metre
    metre = COMPOUND[length] if compound else SIMPLE.get(length)
    if len(times) < FEWEST_BEATS or metre is None:
        return heard
    quarters = 1.5 if compound else 1.0
    return msgspec.structs.replace(
        heard,
        beats=times,
        downbeats=bars,
        metre=metre,
        tempo=HeardTempo(round(60.0 * quarters / float(np.median(np.diff(times))), 2), TRUST),
        tempo_alternatives=(),
        pulse=True,
        evidence=heard.evidence | {kind: Evidence(name, TRUST) for kind in ("beats", "metre", "tempo")},
    )


def _replaced(heard: Transcription, kind: str, name: str, **facts: object) -> Transcription:
    if not facts[kind]:
        return heard
    evidence = heard.evidence | {kind: Evidence(name, TRUST)}
    return msgspec.structs.replace(heard, evidence=evidence, **facts)
