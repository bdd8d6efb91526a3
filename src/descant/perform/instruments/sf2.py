"""Reading SoundFont 2 (SF2) and SoundFont 3 (SF3) banks: the RIFF container, its tables and its sample data.

Source: *SoundFont Technical Specification*, version 2.04 (Creative, 2006), sections 4–7; SF3 is the same container
with each sample as an Ogg Vorbis stream (sample type flag 0x10; sample start and end count bytes, loop points count
frames from the sample's first). The file is memory-mapped: only what is played is read.
"""

import io
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import soundfile

Table = np.ndarray[Any, np.dtype[np.void]]
"""Records of one chunk of the bank, as a structured array."""

_DECODED_LIMIT = 96 * 2**20
"""Bytes of decoded (SF3 and 24-bit) samples kept at most; plain SF2 samples are never copied."""

_VORBIS_FLAG = 0x10
_MEND = (
    "install Debian's musescore-general-soundfont-lossless (or musescore-general-soundfont), "
    "or set DESCANT_SOUNDFONT to an .sf2 or .sf3 file"
)

_RECORDS: dict[bytes, np.dtype[np.void]] = {
    b"phdr": np.dtype(
        [
            ("name", "S20"),
            ("program", "<u2"),
            ("bank", "<u2"),
            ("bag", "<u2"),
            ("library", "<u4"),
            ("genre", "<u4"),
            ("morphology", "<u4"),
        ]
    ),
    b"inst": np.dtype([("name", "S20"), ("bag", "<u2")]),
    b"shdr": np.dtype(
        [
            ("name", "S20"),
            ("start", "<u4"),
            ("end", "<u4"),
            ("loop_start", "<u4"),
            ("loop_end", "<u4"),
            ("rate", "<u4"),
            ("key", "u1"),
            ("correction", "i1"),
            ("link", "<u2"),
            ("type", "<u2"),
        ]
    ),
    **{name: np.dtype([("generator", "<u2"), ("modulator", "<u2")]) for name in (b"pbag", b"ibag")},
    **{name: np.dtype([("operator", "<u2"), ("amount", "<i2")]) for name in (b"pgen", b"igen")},
    **{
        name: np.dtype(
            [
                ("source", "<u2"),
                ("destination", "<u2"),
                ("amount", "<i2"),
                ("amount_source", "<u2"),
                ("transform", "<u2"),
            ]
        )
        for name in (b"pmod", b"imod")
    },
}


class SoundBankError(Exception):
    """A sound bank cannot be used. The message says what was wrong and what mends it."""


class MissingSoundBankError(SoundBankError):
    """There is no sound bank where one was expected."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(f"there is no sound bank at {path}; {_MEND}")


class CorruptSoundBankError(SoundBankError):
    """A file is not a SoundFont bank, or a damaged one."""

    def __init__(self, path: Path | str, fault: str) -> None:
        super().__init__(f"{path} is not a usable SoundFont bank: {fault}; {_MEND}")


@dataclass(frozen=True, slots=True)
class SampleHeader:
    """One recorded sample of the bank.

    Attributes
    ----------
    index : its place in the bank's sample table.
    start, end : first frame and one past the last, in the bank's sample pool (bytes for a compressed sample).
    loop_start, loop_end : loop points in frames after ``start``; the loop runs to ``loop_end`` exclusive.
    rate : sampling rate, Hz.
    key : MIDI number of the pitch recorded; ``correction`` in cents is added on playback.
    compressed : whether the data is an Ogg Vorbis stream.
    """

    index: int
    name: str
    start: int
    end: int
    loop_start: int
    loop_end: int
    rate: int
    key: int
    correction: int
    compressed: bool


class SoundFont:
    """The tables and samples of one SF2 or SF3 file.

    Parameters
    ----------
    path : the file.

    Raises
    ------
    MissingSoundBankError : when there is no such file.
    CorruptSoundBankError : when it is not a SoundFont, or is cut short.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._bytes = np.memmap(path, np.uint8, "r")
        except FileNotFoundError as error:
            raise MissingSoundBankError(path) from error
        except (OSError, ValueError) as error:  # ValueError: numpy refuses to map an empty file
            raise CorruptSoundBankError(path, str(error)) from error
        chunks = self._chunks()
        self.tables = {name: self._table(chunks, name) for name in _RECORDS}
        self._pool = self._span(chunks, b"smpl")
        low = chunks.get(b"sm24")
        wide = low is not None and low[1] >= self._pool.size // 2
        self._low_bytes = self._bytes[low[0] : low[0] + low[1]] if low is not None and wide else None
        self._decoded: OrderedDict[int, np.ndarray[Any, np.dtype[np.float32]]] = OrderedDict()
        self._lock = Lock()

    def _chunks(self) -> dict[bytes, tuple[int, int]]:
        """Return offset and length in bytes of every chunk the format needs, by name."""
        data, size = self._bytes, self._bytes.size
        if size < 12 or bytes(data[:4]) != b"RIFF" or bytes(data[8:12]) != b"sfbk":
            raise CorruptSoundBankError(self.path, "it does not begin as one (RIFF … sfbk)")
        found: dict[bytes, tuple[int, int]] = {}
        offset = 12
        while offset + 8 <= size:
            name = bytes(data[offset : offset + 4])
            length = int.from_bytes(bytes(data[offset + 4 : offset + 8]), "little")
            if name == b"LIST":
                offset += 12
                continue
            if offset + 8 + length > size:
                raise CorruptSoundBankError(self.path, f"its {name.decode('latin-1')} chunk is cut short")
            found[name] = (offset + 8, length)
            offset += 8 + length + (length & 1)
        return found

    def _span(self, chunks: dict[bytes, tuple[int, int]], name: bytes) -> np.ndarray[Any, np.dtype[np.uint8]]:
        if name not in chunks:
            raise CorruptSoundBankError(self.path, f"its {name.decode()} chunk is missing")
        offset, length = chunks[name]
        return self._bytes[offset : offset + length]

    def _table(self, chunks: dict[bytes, tuple[int, int]], name: bytes) -> Table:
        record = _RECORDS[name]
        span = self._span(chunks, name)
        if span.size % record.itemsize or span.size < record.itemsize:
            raise CorruptSoundBankError(self.path, f"its {name.decode()} chunk has {span.size} bytes")
        return np.frombuffer(span.tobytes(), record)

    @property
    def presets(self) -> dict[tuple[int, int], str]:
        """Names of the bank's presets by (bank, program), rising."""
        records = sorted(self.tables[b"phdr"][:-1], key=lambda record: (int(record["bank"]), int(record["program"])))
        return {(int(record["bank"]), int(record["program"])): text(record["name"]) for record in records}

    def header(self, index: int) -> SampleHeader:
        """Return the header of sample ``index``.

        Raises
        ------
        CorruptSoundBankError : when there is no such sample or it points outside the bank.
        """
        table = self.tables[b"shdr"]
        if index >= len(table) - 1:
            raise CorruptSoundBankError(self.path, f"sample {index} is used but not in its table")
        record = table[index]
        compressed = bool(record["type"] & _VORBIS_FLAG)
        start, end = int(record["start"]), int(record["end"])
        if not start <= end <= self._pool.size // (1 if compressed else 2):
            raise CorruptSoundBankError(self.path, f"sample {text(record['name'])!r} lies outside its sample data")
        origin = 0 if compressed else start
        return SampleHeader(
            index=index,
            name=text(record["name"]),
            start=start,
            end=end,
            loop_start=int(record["loop_start"]) - origin,
            loop_end=int(record["loop_end"]) - origin,
            rate=int(record["rate"]) or 44100,
            key=int(record["key"]) if record["key"] < 128 else 60,
            correction=int(record["correction"]),
            compressed=compressed,
        )

    def pcm(self, sample: SampleHeader) -> np.ndarray[Any, Any]:
        """Return the sample's frames.

        Returns
        -------
        int16 (frames,) straight from the mapped file, or float32 (frames,) at full scale ±1 where it had to be
        decoded (Vorbis, 24 bits); decoded samples are kept up to a limit, the longest unused leave first.
        """
        if not sample.compressed and self._low_bytes is None:
            return self._pool[2 * sample.start : 2 * sample.end].view("<i2")
        with self._lock:
            kept = self._decoded.get(sample.index)
            if kept is None:
                kept = self._decoded[sample.index] = self._decode(sample)
                while len(self._decoded) > 1 and sum(data.nbytes for data in self._decoded.values()) > _DECODED_LIMIT:
                    self._decoded.popitem(last=False)
            else:
                self._decoded.move_to_end(sample.index)
            return kept

    def _decode(self, sample: SampleHeader) -> np.ndarray[Any, np.dtype[np.float32]]:
        if sample.compressed:
            try:
                audio, _ = soundfile.read(io.BytesIO(self._pool[sample.start : sample.end].tobytes()), dtype="float32")
            except soundfile.LibsndfileError as error:
                raise CorruptSoundBankError(self.path, f"sample {sample.name!r} cannot be decoded ({error})") from error
            return np.ascontiguousarray(audio if audio.ndim == 1 else audio[:, 0], np.float32)
        assert self._low_bytes is not None
        high = self._pool[2 * sample.start : 2 * sample.end].view("<i2").astype(np.float32)
        low = self._low_bytes[sample.start : sample.end].astype(np.float32)
        return np.asarray((high + low / np.float32(256)) / np.float32(32768), np.float32)


def text(name: bytes) -> str:
    """Return a name of the bank's tables as text: latin-1, cut at its first zero byte."""
    return bytes(name).split(b"\0")[0].decode("latin-1").strip()
