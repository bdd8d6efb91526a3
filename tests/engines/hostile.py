"""A hundred files that nobody should send: each with its name, and whether it is sound after all.

Everything is made here from a second of a tone, the same at every run.
"""

import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from fractions import Fraction

import av
import numpy as np
import soundfile

RATE = 48_000
TONE = (0.3 * np.sin(2 * np.pi * 440 * np.arange(2 * RATE) / RATE)).astype(np.float32)
STEREO = np.stack([TONE, TONE * 0.5], axis=1)

MAGIC = {
    "mp3": b"ID3\x04\x00\x00\x00\x00\x00\x00",
    "frame": b"\xff\xfb\x90\x64",
    "wav": b"RIFF\xff\xff\xff\xffWAVEfmt ",
    "flac": b"fLaC",
    "ogg": b"OggS\x00\x02",
    "m4a": b"\x00\x00\x00\x20ftypM4A ",
    "matroska": b"\x1a\x45\xdf\xa3",
    "asf": bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"),
    "aiff": b"FORM\x7f\xff\xff\xffAIFF",
    "caf": b"caff\x00\x01\x00\x00",
    "au": b".snd\x00\x00\x00\x18\xff\xff\xff\xff",
    "flv": b"FLV\x01\x05\x00\x00\x00\x09",
    "amr": b"#!AMR\n",
    "wv": b"wvpk\x18\x00\x00\x00",
    "w64": b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00",
    "mpegts": b"\x47\x40\x00\x10",
    "avi": b"RIFF\xff\xff\xff\xffAVI LIST",
    "tta": b"TTA1\x01\x00\x02\x00",
}
"""How files of each format begin."""

TEXTS = {
    "playlist": "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    "hls": "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:22/a.ts\n#EXT-X-ENDLIST\n",
    "concat": "ffconcat version 1.0\nfile '/etc/passwd'\n",
    "pls": "[playlist]\nFile1=file:///etc/passwd\nLength1=-1\n",
    "asx": '<asx version="3.0"><entry><ref href="file:///etc/passwd"/></entry></asx>',
    "smil": '<smil><body><audio src="file:///etc/passwd"/></body></smil>',
    "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"/>',
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 49170 RTP/AVP 0\n",
    "html": "<!doctype html><html><body>Sign in to listen</body></html>",
    "svg": '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    "xml bomb": '<!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><b>&b;</b>',
    "json": '{"error": "not found"}',
    "subtitles": "1\n00:00:01,000 --> 00:00:02,000\nla la\n",
    "lrc": "[00:01.00]la la\n",
    "midi as text": "MThd",
    "script": "#!/bin/sh\necho broken\n",
    "cue": 'FILE "/etc/passwd" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n',
    "ffmetadata": ";FFMETADATA1\ntitle=x\n",
    "icy": "ICY 200 OK\r\nicy-name:x\r\n\r\n",
    "lavfi": "sine=frequency=440:duration=10",
}

TRUNCATED = ("WAV", "FLAC", "OGG", "MP3", "AIFF", "CAF", "AU", "W64")


def sound(kind: str, audio: np.ndarray = STEREO, rate: int = RATE, subtype: str | None = None) -> bytes:
    """Return a valid file."""
    out = io.BytesIO()
    soundfile.write(out, audio, rate, format=kind, subtype=subtype)
    return out.getvalue()


def wave(data: bytes, *, rate: int = RATE, channels: int = 1, bits: int = 16, code: int = 1, told: int | None = None):
    """Return a WAV file whose header says what it is told to, true or not."""
    size = channels * bits // 8
    header = struct.pack("<HHIIHH", code, channels, rate, rate * size & 0xFFFFFFFF, size & 0xFFFF, bits)
    length = len(data) if told is None else told
    return b"RIFF\xff\xff\xff\xffWAVEfmt " + struct.pack("<I", 16) + header + b"data" + struct.pack("<I", length) + data


def stills(count: int) -> Iterator[av.VideoFrame]:
    for number in range(count):
        still = av.VideoFrame(64, 64, "rgb24").reformat(format="yuv420p")
        still.pts = number
        still.time_base = Fraction(1, 10)
        yield still


def filmed() -> bytes:
    """Return a Matroska file with a picture and the tone."""
    out = io.BytesIO()
    with av.open(out, "w", format="matroska") as file:
        picture = file.add_stream("mpeg4", rate=10)
        picture.width = picture.height = 64
        picture.pix_fmt = "yuv420p"
        speech = file.add_stream("flac", rate=RATE, layout="stereo")
        for still in stills(20):
            file.mux(picture.encode(still))
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray((STEREO * 32767).astype(np.int16).reshape(1, -1)), "s16", "stereo"
        )
        frame.sample_rate = RATE
        frame.pts = 0
        frame.time_base = Fraction(1, RATE)
        for stream, last in ((speech, frame), (picture, None), (speech, None)):
            file.mux(stream.encode(last))
    return out.getvalue()


def silent_film() -> bytes:
    """Return a Matroska file with a picture alone."""
    out = io.BytesIO()
    with av.open(out, "w", format="matroska") as file:
        stream = file.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for still in (*stills(10), None):
            file.mux(stream.encode(still))
    return out.getvalue()


def unusual() -> dict[str, bytes]:
    """Files that are sound, though not what one expects."""
    many = {f"{count} channels": np.stack([TONE] * count, axis=1) for count in (1, 3, 6, 8)}
    rates = {f"{rate} Hz": rate for rate in (8_000, 11_025, 96_000, 192_000)}
    subtypes = {"doubles": "DOUBLE", "floats": "FLOAT", "8 bits": "PCM_U8", "32 bits": "PCM_32", "mu-law": "ULAW"}
    return {
        **{name: sound("WAV", audio) for name, audio in many.items()},
        **{name: sound("WAV", np.tile(TONE, 3), rate) for name, rate in rates.items()},
        **{name: sound("WAV", subtype=subtype) for name, subtype in subtypes.items()},
        "video with sound": filmed(),
        "a length it does not have": wave((TONE * 9000).astype("<i2").tobytes(), told=0xFFFFFFFF),
        "junk behind its end": sound("FLAC") + random.Random(1).randbytes(5000),
        "junk before its start": bytes(3000) + sound("MP3"),
        "two songs in a row": sound("OGG") + sound("OGG"),
        "another shape half-way": sound("MP3") + sound("MP3", TONE, 44_100),
        "a large tag": b"ID3\x04\x00\x00" + bytes((0, 32, 0, 0)) + bytes(32 << 14) + sound("MP3"),
        "peaks above full scale": sound("WAV", STEREO * 8, subtype="FLOAT"),
    }


def broken() -> dict[str, bytes]:
    """Files that are to be refused."""
    noise = random.Random(2).randbytes
    beyond = np.where(np.arange(2 * RATE) % 2, 3e38, -3e38).astype(np.float32)
    return {
        "nothing": b"",
        "one byte": b"\0",
        "zeros": bytes(100_000),
        "noise": noise(100_000),
        "one sample": sound("WAV", TONE[:1]),
        "half a second": sound("WAV", TONE[:24_000]),
        "no samples": sound("WAV", TONE[:0]),
        "silence": sound("FLAC", STEREO * 0),
        "next to silence": sound("WAV", STEREO * 1e-5, subtype="FLOAT"),
        "not a number": sound("WAV", np.full_like(STEREO, np.nan), subtype="FLOAT"),
        "one not a number": sound("WAV", np.where(np.arange(len(TONE)) == 5000, np.nan, TONE), subtype="FLOAT"),
        "infinity": sound("WAV", np.where(np.arange(len(TONE)) == 5000, np.inf, TONE), subtype="FLOAT"),
        "beyond all scale": sound("WAV", beyond, subtype="FLOAT"),
        "integers as floats": sound("WAV", STEREO * 32768, subtype="FLOAT"),
        "eight hours of nothing": eight_hours(),
        "eight hours told": wave((TONE * 9000).astype("<i2").tobytes(), rate=4),
        "one hertz": wave((TONE * 9000).astype("<i2").tobytes(), rate=1),
        "no rate": wave(bytes(1000), rate=0),
        "four gigahertz": wave(bytes(1000), rate=0xFFFFFFFF),
        "no channels": wave(bytes(1000), channels=0),
        "65,535 channels": wave(bytes(200_000), channels=65_535),
        "64 channels": wave((TONE * 9000).astype("<i2").tobytes() * 64, channels=64),
        "no bits": wave(bytes(1000), bits=0),
        "an unknown code": wave(bytes(10_000), code=0x7777),
        "a headless end": sound("FLAC")[9000:],
        "a film without sound": silent_film(),
        "a picture": b"\x89PNG\r\n\x1a\n" + noise(2000),
        "a photograph": b"\xff\xd8\xff\xe0\x00\x10JFIF" + noise(2000),
        "a score": b"MThd\x00\x00\x00\x06\x00\x01\x00\x01\x01\xe0MTrk\x00\x00\x00\x04\x00\xff\x2f\x00",
        "a document": b"%PDF-1.7\n" + noise(2000),
        "a program": b"\x7fELF\x02\x01\x01" + noise(2000),
        "an archive": zipped(sound("WAV")),
        "an archive of an archive": zipped(zipped(zipped(bytes(100_000)))),
        "a zip bomb": zipped(bytes(50_000_000)),
        "a gzip bomb": gzip.compress(bytes(50_000_000), mtime=0),
        "a compressed song": gzip.compress(sound("WAV"), mtime=0),
        "a bomb of tags": bombed(),
        "a compressed index": squeezed(),
        "boxes in boxes": nested(2000),
        "a file beside it": referring(),
        "a reversed file": sound("FLAC")[::-1],
        **{f"text: {name}": text.encode() for name, text in TEXTS.items()},
        **{f"only a header: {name}": head for name, head in MAGIC.items()},
        **{f"a header and noise: {name}": head + noise(50_000) for name, head in MAGIC.items()},
        **{f"a header and zeros: {name}": head + bytes(50_000) for name, head in MAGIC.items()},
        **{f"cut short: {kind}": sound(kind)[:200] for kind in TRUNCATED if kind != "MP3"},
    }


def mutated(count: int) -> Iterator[tuple[str, bytes]]:
    """Yield valid files with some of their bytes changed, cut, doubled or moved."""
    dice = random.Random(3)
    short = STEREO[: RATE // 2]
    seeds = [(kind, sound(kind, short)) for kind in ("WAV", "FLAC", "OGG", "MP3", "AIFF", "CAF", "W64", "AU")]
    seeds.append(("film", filmed()))
    changes: tuple[Callable[[random.Random, bytearray], None], ...] = (_flip, _cut, _double, _swap, _stamp)
    for number in range(count):
        kind, whole = seeds[number % len(seeds)]
        data = bytearray(whole)
        for _ in range(dice.choice((1, 2, 8, 40))):
            dice.choice(changes)(dice, data)
        yield f"{kind} {number}", bytes(data)


def _place(dice: random.Random, data: bytearray) -> int:
    """Half of the time near the beginning, where headers lie."""
    return dice.randrange(max(1, min(len(data), 200) if dice.random() < 0.5 else len(data)))


def _flip(dice: random.Random, data: bytearray) -> None:
    if data:
        data[_place(dice, data)] ^= 1 << dice.randrange(8)


def _stamp(dice: random.Random, data: bytearray) -> None:
    place = _place(dice, data)
    data[place : place + 4] = dice.choice(
        (b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff", b"\x80\0\0\0")
    )


def _cut(dice: random.Random, data: bytearray) -> None:
    place = _place(dice, data)
    del data[place : place + dice.choice((1, 2, 100))]


def _double(dice: random.Random, data: bytearray) -> None:
    place = _place(dice, data)
    data[place:place] = data[place : place + dice.choice((1, 4, 500))]


def _swap(dice: random.Random, data: bytearray) -> None:
    one, two = _place(dice, data), _place(dice, data)
    data[one : one + 16], data[two : two + 16] = data[two : two + 16], data[one : one + 16]


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("song.wav"), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def eight_hours() -> bytes:
    """Return a FLAC file of a few bytes a frame, whose frames last eight hours together."""
    frames = sound("FLAC", np.zeros((RATE * 20, 2), np.float32), subtype="PCM_16")
    start = frames.index(b"\xff\xf8", 42) if b"\xff\xf8" in frames[42:] else len(frames)
    head = bytearray(frames[:start])
    head[21] &= 0xF0
    head[22:26] = bytes(4)  # how many samples: unknown
    return bytes(head) + frames[start:] * (8 * 3600 // 20)


def box(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", 8 + len(data)) + name + data


FTYP = box(b"ftyp", b"M4A \x00\x00\x02\x00isomiso2")


def nested(depth: int) -> bytes:
    data = b""
    for _ in range(depth):
        data = box(b"moov", data)
    return FTYP + data


def squeezed() -> bytes:
    """Return an MP4 whose index is compressed and says it is two gigabytes."""
    packed = zlib.compress(bytes(5_000_000), 9)
    moved = box(b"cmov", box(b"dcom", b"zlib") + box(b"cmvd", struct.pack(">I", 0x7FFFFFFF) + packed))
    return FTYP + box(b"moov", moved)


def bombed() -> bytes:
    """Return an MP3 with a compressed picture in its tag that claims a gigabyte."""
    packed = zlib.compress(bytes(2_000_000), 9)
    body = struct.pack(">I", 1 << 30) + packed
    frame = b"APIC" + struct.pack(">I", len(body)) + b"\x00\x80" + body
    size = len(frame)
    return b"ID3\x03\x00\x00" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + frame


def referring() -> bytes:
    """Return an MP4 whose sound lies, it says, in another file."""
    entry = box(b"alis", struct.pack(">I", 0) + b"/etc/passwd".ljust(150, b"\0"))
    dref = box(b"dref", struct.pack(">II", 0, 1) + entry)
    track = box(b"trak", box(b"mdia", box(b"minf", box(b"dinf", dref))))
    return FTYP + box(b"moov", track)
