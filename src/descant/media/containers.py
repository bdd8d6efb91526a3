"""Compressed formats that FFmpeg writes, through PyAV: sound with its tags and its cover in one file."""

import io
from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.stream import Disposition

from descant.media import pcm
from descant.media.id3 import Tags

_CHUNK = 1 << 16
_TIME_BASE = Fraction(1, pcm.RATE)


def shown(tags: Tags | None) -> dict[str, str]:
    """Return the tags that every container names alike, empty ones included; no tags are empty ones."""
    told = tags or Tags(artist="", album="")
    return {
        "title": told.title,
        "artist": told.artist,
        "album": told.album,
        "genre": told.genre,
        "comment": told.comment,
        "lyrics": told.lyrics,
    }


def encode(
    audio: pcm.Audio,
    *,
    container: Literal["mp4", "ogg"],
    codec: Literal["aac", "libopus"],
    bitrate: int,
    fields: Mapping[str, str],
    cover: bytes = b"",
) -> bytes:
    """Return ``audio`` (samples, 2) encoded in a container.

    Parameters
    ----------
    bitrate : kilobits a second.
    fields : tags as FFmpeg names them; empty ones are left out.
    cover : a JPEG that goes in as the front cover, where the container takes pictures as streams (MP4).
    """
    samples = pcm.check(audio)
    file = io.BytesIO()
    with av.open(file, "w", format=container) as output:
        output.metadata.update({name: text for name, text in fields.items() if text})
        sound = add_sound(output, codec, bitrate)
        if cover:
            _add_cover(output, cover)
        write_sound(output, sound, samples)
    return file.getvalue()


def add_sound(output: OutputContainer, codec: Literal["aac", "libopus"], bitrate: int) -> AudioStream:
    """Return a new stereo stream of ``bitrate`` kilobits a second in an open container."""
    sound = output.add_stream(codec, rate=pcm.RATE, layout="stereo")
    sound.bit_rate = bitrate * 1000
    sound.format = "fltp" if codec == "aac" else "flt"
    return sound


def write_sound(output: OutputContainer, sound: AudioStream, samples: pcm.Audio) -> None:
    """Encode ``samples`` (samples, 2) into a stream to its end."""
    planar = sound.format.is_planar
    for start in range(0, len(samples), _CHUNK):
        block = samples[start : start + _CHUNK]
        plane = np.ascontiguousarray(block.T) if planar else np.ascontiguousarray(block).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(plane, format=sound.format.name, layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = pcm.RATE, start, _TIME_BASE
        output.mux(sound.encode(frame))
    output.mux(sound.encode(None))


def _add_cover(output: OutputContainer, cover: bytes) -> None:
    picture = output.add_stream("mjpeg")
    with av.open(io.BytesIO(cover)) as file:
        shape = file.streams.video[0]
        picture.width, picture.height, picture.pix_fmt = shape.width, shape.height, "yuvj420p"
    picture.disposition = Disposition.attached_pic
    packet = av.Packet(cover)
    packet.stream, packet.pts, packet.dts = picture, 0, 0
    output.mux(packet)
