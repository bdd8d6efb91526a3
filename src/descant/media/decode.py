"""Any sound or video file to the sound we work on, through FFmpeg (PyAV), within limits.

Files come from strangers. Only formats that hold their own sound are opened, so no playlist can make the decoder read
another file or address, and decoding stops as soon as there is more sound than allowed, whatever the header said.
"""

import io
from collections.abc import Iterator

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.container import InputContainer

from descant.media import pcm

FORMATS = (
    "aac,ac3,aiff,amr,asf,au,avi,caf,eac3,flac,flv,matroska,webm,mov,mp4,m4a,mp3,mpeg,mpegts,ogg,tta,voc,w64,wav,wv"
)
"""FFmpeg's names of the formats that are opened; among those left out are playlists and text."""

_SLACK = 0.1
"""Seconds that headers and encoders' padding may add to the length allowed."""

_MOST_BROKEN = 64
"""Packets in a row that may be damaged before the rest of a file is given up."""


class UnreadableAudioError(ValueError):
    """The data is not audio we can read, or is longer than allowed; the message says which."""


def decode(data: bytes, *, max_seconds: float = 600.0) -> pcm.Audio:
    """Return the sound of a file as float32 (samples, 2) at 48 000 Hz.

    Mono is doubled; more than two channels are folded down as their layout says. Of a video its first sound is taken.

    Raises
    ------
    UnreadableAudioError : when nothing can be read, it holds values that are no numbers, or it lasts longer than
        ``max_seconds``.
    """
    try:
        with av.open(io.BytesIO(data), "r", options={"format_whitelist": FORMATS}) as file:
            audio = _read(file, max_seconds)
    except (av.FFmpegError, EOFError) as error:
        raise UnreadableAudioError(f"the data is not audio in a known format: {error}") from error
    if not len(audio):
        raise UnreadableAudioError("the audio has no samples")
    if not np.isfinite(audio.sum(dtype=np.float64)):
        raise UnreadableAudioError("the audio holds values that are not finite numbers")
    return audio


def _read(file: InputContainer, max_seconds: float) -> pcm.Audio:
    if not file.streams.audio:
        raise UnreadableAudioError("the file holds no sound")
    stream = file.streams.audio[0]
    told = file.duration / av.time_base if file.duration else 0.0
    if told > max_seconds + _SLACK:
        raise UnreadableAudioError(f"the audio lasts {told:.0f} s; at most {max_seconds:.0f} s are taken")
    channels = 1 if stream.channels == 1 else 2  # FFmpeg would make mono 3 dB softer when it doubles it
    resampler = AudioResampler(format="flt", layout="mono" if channels == 1 else "stereo", rate=pcm.RATE)
    blocks: list[pcm.Audio] = []
    samples = 0
    for frame in _frames(file, stream.index):
        for part in resampler.resample(frame):
            block = np.asarray(part.to_ndarray(), np.float32).reshape(-1, channels)
            samples += len(block)
            if samples > (max_seconds + _SLACK) * pcm.RATE:
                raise UnreadableAudioError(f"the audio lasts longer; at most {max_seconds:.0f} s are taken")
            blocks.append(block)
    audio: pcm.Audio = np.concatenate(blocks) if blocks else np.zeros((0, channels), np.float32)
    return np.repeat(audio, 2, axis=1) if channels == 1 else audio


def _frames(file: InputContainer, index: int) -> Iterator[av.AudioFrame | None]:
    """Yield the frames of a sound stream, passing over damaged packets, then None to empty what waits."""
    broken = 0
    for packet in file.demux(audio=0):
        if packet.stream.index != index:
            continue
        try:
            frames = packet.decode()
        except av.InvalidDataError:
            broken += 1
            if broken > _MOST_BROKEN:
                break
            continue
        broken = 0 if frames else broken
        for frame in frames:
            frame.pts = None  # the resampler counts for itself; stamps of damaged files jump
            yield frame
    yield None
