"""Listening to a recording that was sent in: it becomes a song like any other, its sound kept sample by sample.

The recording is stored as the song's record and as its only stem, "recording". Its level is changed in one case alone:
files cannot hold what peaks over full scale, as floats and lossy files may, so such a recording is turned down as a
whole instead of being clipped, and the notes of its plan say by how much.
"""

from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from descant.edit.recordings import song_of
from descant.edit.revision import CannotEdit
from descant.engines import delivery
from descant.engines.protocol import RECORDING_FILE, CannotMake, Progress
from descant.engines.recordings import refuse_unusable
from descant.engines.weights import ears
from descant.engines.weights.manifest import WeightsError
from descant.listen.listening import listen
from descant.media.decode import UnreadableAudioError, decode
from descant.mix import loudness
from descant.mix.mixdown import Mixdown
from descant.mix.recall import Sheet
from descant.perform.voice import voices
from descant.song.document import Song
from descant.song.lyrics import Lyrics
from descant.song.orders import Listen
from descant.song.score import Role
from descant.song.transcription import Transcription
from descant.words import lyrics as lyric_reader
from descant.words.errors import WordsError

LONGEST = 3600.0
"""Seconds that a recording may last whatever is set; what is set is held where it is taken in."""

CEILING = 10 ** (-0.1 / 20)
"""Peak that a recording gets that went over full scale: just below it."""

_RATE = 48_000
_STEPS = 2**23


def listen_to(folder: Path, order: Listen, workspace: Path, progress: Progress, weights: Path | None = None) -> Song:
    """Listen to the recording in ``folder`` and leave it as a song in ``workspace`` (an existing, empty folder).

    ``weights`` is a folder of trained networks that hear it again (:mod:`descant.engines.weights`), None for none.

    Raises
    ------
    CannotMake : when it is no sound, too short, too long or silent, or its words hold nothing that can be sung; or when
        the folder of weights cannot be used.
    """
    progress(0.0, "listening")
    lyrics = _lyrics(order)
    sound = _sound(folder / RECORDING_FILE)
    decibels = excess(sound)
    audio = stored(sound)
    del sound  # as large as all that is heard in it
    progress(0.1, "listening")
    heard = listen(audio, lyrics)
    if weights is not None:
        heard = _heard_again(heard, audio, lyrics, weights)
    progress(0.8, "writing")
    mixdown = Mixdown(
        audio,
        {Role.RECORDING: audio},
        round(loudness.integrated(audio), 2),
        round(loudness.true_peak(audio), 2),
        Sheet(profile="pop"),
    )
    try:
        song = song_of(
            heard,
            order.title,
            lyrics=lyrics,
            text=order.lyrics,
            voices=voices.profiles(),
            loudness=mixdown.loudness,
            true_peak=mixdown.true_peak,
        )
    except CannotEdit as error:
        raise CannotMake(str(error)) from error
    if decibels:
        song = _with_note(song, f"turned the recording down by {decibels:.1f} dB: it peaked over full scale")
    progress(0.85, "encoding")
    delivery.save(song, mixdown, workspace)
    progress(1.0, "encoding")
    return song


def _with_note(song: Song, note: str) -> Song:
    plan = msgspec.structs.replace(song.plan, notes=(*song.plan.notes, note))
    return msgspec.structs.replace(song, plan=plan)


def _heard_again(
    heard: Transcription, audio: NDArray[np.float32], lyrics: Lyrics | None, folder: Path
) -> Transcription:
    try:
        return ears.heard_again(heard, audio, lyrics, ears.open_folder(folder))
    except WeightsError as error:
        raise CannotMake(f"the networks that are to listen cannot be used: {error}") from error


def _lyrics(order: Listen) -> Lyrics | None:
    if not order.lyrics.strip():
        return None
    try:
        return lyric_reader.parse(order.lyrics, title=order.title, language=order.language)
    except WordsError as error:
        raise CannotMake(f"the words of the recording cannot be read: {error}") from error


def _sound(path: Path) -> NDArray[np.float32]:
    """Return the samples of a recording.

    Raises
    ------
    CannotMake : when there are none to listen to.
    """
    try:
        audio = decode(path, max_seconds=LONGEST)
    except UnreadableAudioError as error:
        raise CannotMake(f"the recording cannot be listened to: {error}") from error
    refuse_unusable(len(audio) / _RATE, _peak(audio))
    return audio


def excess(audio: NDArray[np.float32]) -> float:
    """Return by how many dB a recording is turned down before it is stored; 0 unless it peaks over full scale."""
    peak = _peak(audio)
    return 20.0 * float(np.log10(peak / CEILING)) if peak > 1.0 else 0.0


def _peak(audio: NDArray[np.float32]) -> float:
    return max(float(audio.max(initial=0.0)), -float(audio.min(initial=0.0)))


def stored(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return samples as 24 bits hold them, so that every file they are written to holds the same.

    A recording that peaks over full scale is turned down as a whole (:func:`excess`), so that nothing is clipped.
    """
    steps = audio * np.float32(_STEPS * 10 ** (-excess(audio) / 20))
    np.rint(steps, out=steps)  # in place: a recording may fill much of the memory there is
    np.minimum(steps, _STEPS - 1, out=steps)  # +1 itself, which 24 bits just miss
    steps /= np.float32(_STEPS)
    return steps
