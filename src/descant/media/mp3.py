"""MP3 by LAME, with tags and with the frame that lets players start and end on the exact sample.

The encoder's Python binding leaves out the "Info" frame, without which players hear 1105 samples (23 ms) of encoder
delay before the song. It is written here, after the LAME tag specification (gabriel.mp3-tech.org/mp3infotag.html).
"""

import lameenc

from descant.media import id3, pcm

BITRATE = 192
"""Kilobits a second."""

_FRAME = 1152
_ENCODER_DELAY = 576
_SIDE_INFO = 32
_BITRATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_TABLE_BITRATE = 128
"""Of the frame that holds the seek table of a stream with a variable rate; it must have room for the table."""

_CONSTANT, _VARIABLE = 1, 4
"""LAME's numbers of its methods: a constant rate, and "mtrh", its better variable one."""

_CHUNK = 1 << 18


def _crc(data: bytes) -> int:
    """CRC-16 with the reflected polynomial 0xA001, as the tag asks for."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (0xA001 if value & 1 else 0)
    return value


def _frame_bytes(bitrate: int) -> int:
    return 144 * bitrate * 1000 // pcm.RATE


def _frame_starts(sound: bytes) -> list[int]:
    """Return where each frame of a stream begins, in bytes; the first byte is a frame's."""
    starts, place = [], 0
    while place + 4 <= len(sound):
        starts.append(place)
        place += _frame_bytes(_BITRATES[sound[place + 2] >> 4]) + (sound[place + 2] >> 1 & 1)
    return starts


def _info_frame(sound: bytes, samples: int, *, variable: bool) -> bytes:
    """Return the frame before the first of ``sound``: counts, seek table, delay and padding."""
    starts = _frame_starts(sound)
    header = bytearray(sound[:4])
    if variable:
        header[2] = header[2] & 0x0D | _BITRATES.index(_TABLE_BITRATE) << 4
    bitrate = _BITRATES[header[2] >> 4]
    size = _frame_bytes(bitrate)
    padding = max(0, len(starts) * _FRAME - _ENCODER_DELAY - samples)
    total = size + len(sound)
    seek = bytes(
        min(255, 256 * (size + starts[len(starts) * percent // 100]) // total if percent else 0)
        for percent in range(100)
    )
    body = (b"Xing" if variable else b"Info") + (0x0F).to_bytes(4, "big") + len(starts).to_bytes(4, "big")
    body += total.to_bytes(4, "big") + seek + (100 if variable else 0).to_bytes(4, "big")
    delays = (_ENCODER_DELAY << 12 | min(padding, 4095)).to_bytes(3, "big")
    method = _VARIABLE if variable else _CONSTANT
    lame = b"LAME3.100" + bytes([method, 200]) + bytes(8) + b"\0" + bytes([0 if variable else min(bitrate, 255)])
    lame += delays + b"\0\0\0\0" + total.to_bytes(4, "big") + b"\0\0"
    frame = bytes(header) + bytes(_SIDE_INFO) + body + lame
    return (frame + _crc(frame[:190]).to_bytes(2, "big")).ljust(size, b"\0")


def encode(audio: pcm.Audio, *, bitrate: int | None = BITRATE, quality: int = 5, tags: id3.Tags | None = None) -> bytes:
    """Return ``audio`` (samples, 2) as an MP3 file.

    Parameters
    ----------
    bitrate : constant, kilobits a second, one of MPEG-1 layer III's; None for a variable one at LAME's best quality
        (V0, about 245 kbit/s).
    quality : LAME's search effort, 0 slowest and best – 9; 5 costs half of 2.
    tags : written before the sound, or None for no tag.
    """
    if bitrate is not None and bitrate not in _BITRATES[1:]:
        raise ValueError(f"no MP3 has {bitrate} kbit/s; possible are {', '.join(map(str, _BITRATES[1:]))}")
    encoder = Encoder(bitrate=bitrate, quality=quality)
    return encoder.file(encoder.frames(audio) + encoder.flush(), tags)


class Encoder:
    """An encoder that is fed while the sound is made; parameters are those of :func:`encode`.

    Its frames are an MP3 that plays as it is, from any of them on; with what :meth:`file` puts before them players also
    know its length, its tags, and where to the sample it begins and ends.
    """

    def __init__(self, *, bitrate: int | None = BITRATE, quality: int = 5) -> None:
        self._encoder, self._variable, self._samples = _encoder(bitrate, quality), bitrate is None, 0

    def frames(self, audio: pcm.Audio) -> bytes:
        """Return the frames that the next samples (samples, 2) complete; the last ones come out with the next call."""
        samples = pcm.check(audio)
        self._samples += len(samples)
        return b"".join(
            bytes(self._encoder.encode(pcm.rounded(samples[start : start + _CHUNK]).tobytes()))
            for start in range(0, len(samples), _CHUNK)
        )

    def flush(self) -> bytes:
        """Return the last frames; nothing may follow."""
        return bytes(self._encoder.flush())

    def file(self, frames: bytes, tags: id3.Tags | None = None) -> bytes:
        """Return all frames this encoder gave as a file with ``tags``, or without any."""
        info = _info_frame(frames, self._samples, variable=self._variable) if frames else b""
        return (id3.encode(tags) if tags is not None else b"") + info + frames


TAG_HEAD = 10
"""Bytes of a file that tell how long the tag before its sound is."""


def sound_begins(head: bytes) -> int:
    """Return where the frames of sound begin in a file that :func:`encode` made at :data:`BITRATE`.

    ``head`` is the first :data:`TAG_HEAD` bytes. Behind the tag, if there is one, comes the frame that tells length
    and delay; behind that, the sound.
    """
    tag = 0
    if head[:3] == b"ID3":
        tag = TAG_HEAD + sum((head[6 + k] & 0x7F) << shift for k, shift in enumerate((21, 14, 7, 0)))
    return tag + _frame_bytes(BITRATE)


def _encoder(bitrate: int | None, quality: int) -> lameenc.Encoder:
    encoder = lameenc.Encoder()
    encoder.silence()
    if bitrate is None:
        encoder.set_vbr(_VARIABLE)
        encoder.set_vbr_quality(0)
    else:
        encoder.set_bit_rate(bitrate)
    encoder.set_in_sample_rate(pcm.RATE)
    encoder.set_out_sample_rate(pcm.RATE)
    encoder.set_channels(2)
    encoder.set_quality(quality)
    return encoder
