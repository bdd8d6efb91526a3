"""Any sound file libsndfile reads (WAV, FLAC, Ogg Vorbis, Opus, MP3, AIFF) to the sound we work on."""

import io

import numpy as np
import soundfile
import soxr

from descant.media import pcm


class UnreadableAudioError(ValueError):
    """The data is not audio we can read, or is longer than allowed; the message says which."""


def decode(data: bytes, *, max_seconds: float = 600.0) -> pcm.Audio:
    """Return the sound of a file as float32 (samples, 2) at 48 000 Hz.

    Mono is doubled; of more than two channels the first two are kept, which are left and right in every layout.

    Raises
    ------
    UnreadableAudioError : when nothing can be read, or it lasts longer than ``max_seconds``.
    """
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            seconds = file.frames / file.samplerate
            if seconds > max_seconds:
                raise UnreadableAudioError(f"the audio lasts {seconds:.0f} s; at most {max_seconds:.0f} s are taken")
            audio, rate = file.read(dtype="float32", always_2d=True), file.samplerate
    except soundfile.LibsndfileError as error:
        raise UnreadableAudioError(f"the data is not audio in a known format: {error}") from error
    if not len(audio):
        raise UnreadableAudioError("the audio has no samples")
    stereo = np.repeat(audio, 2, axis=1) if audio.shape[1] == 1 else audio[:, :2]
    if rate != pcm.RATE:
        stereo = soxr.resample(np.ascontiguousarray(stereo), rate, pcm.RATE, quality="HQ")
    return np.ascontiguousarray(stereo, dtype=np.float32)
