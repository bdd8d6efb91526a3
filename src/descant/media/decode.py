"""Any sound or video file to the sound we work on, through FFmpeg (PyAV), within limits.

Files come from strangers. Only formats that hold their own sound are opened, and nothing they name besides: no playlist
and no reference inside a file can make the decoder read another file or address. Decoding stops as soon as there is
more sound than allowed, whatever the header said, and holds a moment of it at a time.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.container import InputContainer

from descant.media import pcm

FORMATS = (
    "aac,ac3,aiff,amr,asf,au,avi,caf,eac3,flac,flv,matroska,webm,mov,mp4,m4a,mp3,mpeg,mpegts,ogg,tta,voc,w64,wav,wv"
)
"""FFmpeg's names of the formats that are opened; among those left out are playlists and text."""

RATES = (2_000, 1_536_000)
"""The sample rates that are taken, in Hz: below, a little file is a very long sound; above, no sound has one."""

MOST_CHANNELS = 16

_OPTIONS = {"format_whitelist": FORMATS, "protocol_whitelist": "none", "enable_drefs": "0"}
"""What a file may be, and that nothing may be opened beside it (FFmpeg, "Format Options")."""

_UNKNOWN = "the data is not audio in a known format; MP3, AAC, Vorbis, Opus, FLAC, ALAC, WAV, AIFF and more are known"

_SLACK = 0.1
"""Seconds that headers and encoders' padding may add to the length allowed."""

_MOST_BROKEN = 64
"""Packets in a row that may be damaged before the rest of a file is given up."""

_GROWTH = 60 * pcm.RATE
"""Samples by which the array grows that a file is decoded into: no second copy of a long recording is ever held."""

_Shape = tuple[str, str, int]
"""Sample format, channel layout and rate of a frame."""


class UnreadableAudioError(ValueError):
    """The data is not audio we can read, or is longer than allowed; the message says which."""


def decode(data: bytes | Path, *, max_seconds: float = 600.0) -> pcm.Audio:
    """Return the sound of a file, given its bytes or its path, as float32 (samples, 2) at 48 000 Hz.

    Mono is doubled; more than two channels are folded down as their layout says. Of a video its first sound is taken.

    Raises
    ------
    UnreadableAudioError : when nothing can be read, it holds values that are no numbers, or it lasts longer than
        ``max_seconds``.
    """
    audio, samples = np.empty((_GROWTH, 2), np.float32), 0
    for block in blocks(data, max_seconds=max_seconds):
        while samples + len(block) > len(audio):
            audio.resize((len(audio) + _GROWTH, 2), refcheck=False)  # moves pages, not samples
        audio[samples : samples + len(block)] = block
        samples += len(block)
    if not samples:
        raise UnreadableAudioError("the audio has no samples")
    audio.resize((samples, 2), refcheck=False)
    return audio


def blocks(data: bytes | Path, *, max_seconds: float) -> Iterator[pcm.Audio]:
    """Yield the sound of a file piece by piece, as :func:`decode` returns it whole; raises as that does."""
    try:
        with (
            io.BytesIO(data) if isinstance(data, bytes) else data.open("rb") as source,
            av.open(_Reader(source), "r", options=_OPTIONS) as file,
        ):
            yield from _read(file, max_seconds)
    except UnreadableAudioError:
        raise
    except (av.FFmpegError, EOFError, ValueError) as error:
        raise UnreadableAudioError(_UNKNOWN) from error


class _Reader:
    """A file as FFmpeg reads it; places before its start, which damaged headers name, are told to be none."""

    def __init__(self, file: BinaryIO) -> None:
        self.read, self.tell, self._seek = file.read, file.tell, file.seek

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        try:
            return self._seek(offset, whence)
        except (OSError, ValueError):
            return -1


def _read(file: InputContainer, max_seconds: float) -> Iterator[pcm.Audio]:
    if not file.streams.audio:
        raise UnreadableAudioError("the file holds no sound")
    stream = file.streams.audio[0]
    told = file.duration / av.time_base if file.duration else 0.0
    if told > max_seconds + _SLACK:
        raise UnreadableAudioError(f"the audio lasts {told:.0f} s; at most {max_seconds:.0f} s are taken")
    samples = 0
    for block in _resampled(_frames(file, stream.index)):
        samples += len(block)
        if samples > (max_seconds + _SLACK) * pcm.RATE:
            raise UnreadableAudioError(f"the audio lasts longer; at most {max_seconds:.0f} s are taken")
        if not np.isfinite(block.sum(dtype=np.float64)):
            raise UnreadableAudioError("the audio holds values that are not finite numbers")
        yield block


def _resampled(frames: Iterator[av.AudioFrame]) -> Iterator[pcm.Audio]:
    """Yield frames as stereo at our rate; a stream whose shape changes on its way is taken as it comes."""
    shape: _Shape | None = None
    resampler: AudioResampler | None = None
    for frame in frames:
        found = _shape(frame)
        if found != shape or resampler is None:
            yield from _converted(resampler, None)
            shape, resampler = found, _resampler(frame)
        yield from _converted(resampler, frame)
    yield from _converted(resampler, None)


def _shape(frame: av.AudioFrame) -> _Shape:
    """Return what a frame holds; raises UnreadableAudioError for what no music has."""
    channels = len(frame.layout.channels)
    if not RATES[0] <= frame.sample_rate <= RATES[1]:
        raise UnreadableAudioError(f"the audio has a rate of {frame.sample_rate} Hz; {RATES[0]} to {RATES[1]} are read")
    if not 1 <= channels <= MOST_CHANNELS:
        raise UnreadableAudioError(f"the audio has {channels} channels; 1 to {MOST_CHANNELS} are read")
    return frame.format.name, frame.layout.name, frame.sample_rate


def _resampler(frame: av.AudioFrame) -> AudioResampler:
    # FFmpeg would make mono 3 dB softer when it doubles it.
    layout = "mono" if len(frame.layout.channels) == 1 else "stereo"
    return AudioResampler(format="flt", layout=layout, rate=pcm.RATE)


def _converted(resampler: AudioResampler | None, frame: av.AudioFrame | None) -> Iterator[pcm.Audio]:
    """Yield what a frame becomes, or for None what the resampler still holds."""
    if resampler is None:
        return
    for part in resampler.resample(frame):
        channels = len(part.layout.channels)
        block = np.asarray(part.to_ndarray(), np.float32).reshape(-1, channels)
        yield np.repeat(block, 2, axis=1) if channels == 1 else block


def _frames(file: InputContainer, index: int) -> Iterator[av.AudioFrame]:
    """Yield the frames of a sound stream, passing over damaged packets."""
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
