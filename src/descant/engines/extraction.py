"""Stems as songs of their own: one role of a finished song, or several added up, with its part of the score.

The stems of a song were stored when it was mixed and add up to its master, so nothing needs to be separated: taking the
voices out of a mix is adding the others up. A recording has no such stems; what is taken out of it is an estimate, of
which the document says how it was made, and where none is better than silence there is none.
"""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import NDArray

from descant.engines import protocol
from descant.engines.delivery import tags
from descant.engines.protocol import CannotMake, Progress
from descant.engines.stems import stem_file, titled
from descant.media import flac, midi, mp3, wav
from descant.mix import loudness
from descant.song.document import Song, decode, encode
from descant.song.orders import Extract
from descant.song.score import Role
from descant.song.transcription import Evidence, Transcription

if TYPE_CHECKING:
    from descant.listen.separation import Stem

RATE = 48_000
NO_WORDS = "[Instrumental]"

SEPARATION = "separation"
"""The kind of evidence that tells how a stem was taken out of a recording."""

LEAST_SUNG = 0.1
"""Share of a recording that must be sung, surely (:func:`descant.listen.voices.share`), for its voice to be taken out.
Of the songs of ``benchmarks/truth/sung_tune.toml`` it was .43 or more under their singing, 3 dB below the band, and .00
to .28 under their bands alone, of which the separation by itself took three of six for sung."""

UNSUNG = "the recording as it is: nobody is heard singing"

SILENT = -120.0
"""Stands for the loudness (LUFS) and the peak (dBTP) of silence, which have none."""

Audio = NDArray[np.float32]


def extract(order: Extract, source: Path, workspace: Path, progress: Progress, weights: Path | None = None) -> Song:
    """Take a stem out of a song.

    Parameters
    ----------
    source : a folder with the files :func:`~descant.engines.stems.needed`.
    workspace : an existing, empty folder; gets what an engine leaves, except stems and a recall sheet.
    weights : a folder of trained networks (:mod:`descant.engines.weights`), whose separator takes recordings apart, or
        None.

    Raises
    ------
    CannotMake : when it cannot be taken out of a recording, or the folder of weights cannot be used.
    """
    progress(0.0, "mixing")
    whole = decode((source / protocol.SONG_FILE).read_bytes())
    length = round(whole.seconds * RATE)
    if order.separated:
        audio, whole = _separated(whole, source, order, length, weights)
    else:
        audio = _sum(source, order.roles, length)
    progress(0.3, "encoding")
    song = _song(whole, order, audio)
    picture = (source / protocol.COVER_FILE).read_bytes()
    shutil.copyfile(source / protocol.COVER_FILE, workspace / protocol.COVER_FILE)
    (workspace / protocol.MIDI_FILE).write_bytes(midi.encode(song.score))
    told = tags(song, picture)
    (workspace / protocol.WAV_FILE).write_bytes(wav.encode(audio, tags=told))
    progress(0.5, "encoding")
    (workspace / protocol.AUDIO_FILE).write_bytes(mp3.encode(audio, tags=told))
    (workspace / protocol.SONG_FILE).write_bytes(encode(song))
    progress(1.0, "encoding")
    return song


def _separated(whole: Song, source: Path, order: Extract, length: int, weights: Path | None) -> tuple[Audio, Song]:
    """Return what was taken out of a recording, and its document with how that was done."""
    recording = flac.decode((source / stem_file(Role.RECORDING.value)).read_bytes(), 0, length)
    role = Role(order.roles[0]) if order.roles else None
    heard = whole.heard
    stem = _trained(recording, role, weights) if weights is not None else None
    if stem is None and role in {None, Role.LEAD_VOCAL} and heard is not None:
        stem = _unsung(recording, order, heard)
    if stem is None:
        stem = _estimated(recording, role)
    if stem is None:
        raise CannotMake(
            f"The stem {order.label!r} is unavailable: what could be taken out of this recording would be further from "
            "it than silence."
        )
    if heard is not None:
        told = heard.evidence | {SEPARATION: Evidence(stem.method, round(stem.confidence, 3))}
        heard = msgspec.structs.replace(heard, evidence=told)
    return np.ascontiguousarray(stem.audio, np.float32), msgspec.structs.replace(whole, heard=heard)


def _trained(recording: Audio, role: Role | None, weights: Path) -> "Stem | None":
    """Return what a folder's separator makes of a source, of all but the voice for None; None where it has none."""
    from descant.engines.weights import manifest
    from descant.engines.weights.separator import separator

    try:
        entry = manifest.read(weights).separator
        if entry is None:
            return None
        wanted = role or Role.LEAD_VOCAL
        stem = separator(weights, entry)(recording, (wanted,)).get(wanted)
    except manifest.WeightsError as error:
        raise CannotMake(f"the networks that are to take recordings apart cannot be used: {error}") from error
    if stem is None or role is not None:
        return stem
    return replace(stem, audio=np.subtract(recording, stem.audio, out=stem.audio))  # all but the voice, in its place


def _unsung(recording: Audio, order: Extract, heard: Transcription) -> "Stem | None":
    """Return a recording in which nobody sings as its own accompaniment; None when somebody does.

    What leads a band alone passes for a voice in its spectrum, so there is no voice to be estimated then.
    """
    from descant.listen import separation, voices  # heavy, and only needed for recordings

    sung = voices.share(heard.voices, heard.seconds)
    if sung >= LEAST_SUNG:
        return None
    if order.roles:
        raise CannotMake(f"The stem {order.label!r} is unavailable: nobody, or hardly anybody, is heard singing.")
    return separation.Stem(recording, UNSUNG, 1.0 - sung, separation.CERTAIN_QUALITY)


def _estimated(recording: Audio, role: Role | None) -> "Stem | None":
    from descant.listen.separation import separate  # heavy, and only needed for recordings

    found = separate(recording, (role or Role.LEAD_VOCAL,))
    return found.accompaniment if role is None else found.stems.get(role)


def _sum(source: Path, roles: Sequence[str], length: int) -> Audio:
    total = np.zeros((length, 2), np.float32)
    for role in roles:
        stem = flac.decode((source / stem_file(role)).read_bytes(), 0, length)
        total[: len(stem)] += stem
    return total


def _song(whole: Song, order: Extract, audio: Audio) -> Song:
    """Return the document of an extraction: the parts of its roles, in the tempo and form of the whole.

    The parts of a recording are all of one role, and known by their names.
    """
    names = {*order.roles} if order.separated else set()
    sung = tuple(part for part in whole.score.vocals if part.role in order.roles)
    parts = tuple(part for part in whole.score.parts if part.role in order.roles or part.name in names)
    score = msgspec.structs.replace(whole.score, parts=parts, vocals=sung)
    return msgspec.structs.replace(
        whole,
        title=titled(whole.title, order),
        lyrics=whole.lyrics if sung else NO_WORDS,
        score=score,
        words=tuple(word for word in whole.words if word.role in order.roles),
        loudness=round(max(loudness.integrated(audio), SILENT), 2),
        true_peak=round(max(loudness.true_peak(audio), SILENT), 2),
    )
