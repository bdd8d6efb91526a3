"""How likely each sound of speech is heard at each moment: the hidden Markov models of pocketsphinx, read and scored.

Task: acoustic scores of phones in context, for alignment. Source: the English model in the wheel of pocketsphinx (BSD,
6 MB): 42 phones of three states, each in the contexts English has, tied to 5126 mixtures of 128 Gaussians that phones
share, over three streams of cepstra (Huang et al., "The SPHINX-II speech recognition system", 1993). Its files are read
here, and none of the recogniser's search is used, which has no silence but that of speech: over music a search of our
own is needed (:mod:`~descant.listen.aligning`).

Conventions: frames of 10 ms, the first centred 13 ms after the first sample; scores are natural logarithms.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from pocketsphinx import get_model_path
from scipy.fft import dct, rfft

RATE = 16_000
FRAME_SECONDS = 0.01
HOP, WINDOW, SIZE = 160, 410, 512
PREEMPHASIS = 0.97
LOWEST_HZ, HIGHEST_HZ, FILTERS = 130.0, 6800.0, 25
CEPSTRA, LIFTER = 13, 22
"""The front end the model was trained with (its ``feat.params``)."""

STEP = 2048
"""Frames scored at once."""

SILENCE = "SIL"
INTERNAL, BEGINS, ENDS, ALONE = range(4)
"""Where a phone stands in its word."""

_LOG_BASE = 1024.0 * np.log(1.0001)
"""Unit of the mixtures' weights in the file, in nepers."""


@dataclass(frozen=True)
class Model:
    """The model's files, read.

    Attributes
    ----------
    phones : names of the phones, by number; the states of phone ``p`` alone are senones 3 p to 3 p + 2.
    means, variances : (phones, streams, Gaussians, dimensions).
    weights : (streams, Gaussians, senones), as the file has them.
    books : the phone whose Gaussians each senone mixes.
    """

    phones: tuple[str, ...]
    means: NDArray[np.float32]
    variances: NDArray[np.float32]
    weights: NDArray[np.uint8]
    books: NDArray[np.int64]
    tree: NDArray[np.void]
    entries: NDArray[np.void]
    states: NDArray[np.uint16]

    def senones(self, phone: str, before: str, after: str, place: int) -> tuple[int, int, int]:
        """Return the states of a phone between two others at a place in its word, or in the nearest context known."""
        number, left, right, silence = (self.phones.index(p) for p in (phone, before, after, SILENCE))
        contexts = ((left, right), (left, silence), (silence, right), (silence, silence))
        places = (place, *(p for p in range(4) if p != place))
        known = (self._entry(p, number, a, b) for a, b in contexts for p in places)
        entry = next((e for e in known if e >= 0), number)
        first, second, third = (int(s) for s in self.states[int(self.entries["states"][entry])])
        return first, second, third

    def _entry(self, *context: int) -> int:
        """Return the number of a phone in its context, −1 where the model does not have it."""
        first, count = 0, 4
        for part in context:
            level = self.tree[first : first + count]
            found = np.flatnonzero(level["context"] == part)
            if not found.size:
                return -1
            node = level[found[0]]
            if node["count"] == 0:
                return int(node["down"])
            first, count = int(node["down"]), int(node["count"])
        return -1


@cache
def senones(phone: str, before: str, after: str, place: int) -> tuple[int, int, int]:
    """Return the three states of a phone between two others, see :meth:`Model.senones`."""
    return model().senones(phone, before, after, place)


def cepstra(sound: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
    """Return the streams (frames, 13) of sound at 16 kHz: cepstra freed of their mean, their slopes and bends."""
    scaled = np.asarray(sound, np.float32) * np.float32(32767.0)
    flat = np.append(scaled[:1], scaled[1:] - np.float32(PREEMPHASIS) * scaled[:-1])
    flat = np.pad(flat, (0, max(0, WINDOW - len(flat))))
    windows, shape = sliding_window_view(flat, WINDOW)[::HOP], np.hamming(WINDOW).astype(np.float32)
    found = []
    for first in range(0, len(windows), STEP):
        power = np.abs(rfft(windows[first : first + STEP] * shape, SIZE, axis=1)) ** 2
        logs = np.log(np.maximum(power @ _mel_filters(), np.float32(1e-4)))
        found.append(dct(logs, type=2, axis=1, norm="ortho")[:, :CEPSTRA])
    lifted = np.concatenate(found) * (1.0 + 0.5 * LIFTER * np.sin(np.arange(CEPSTRA) * np.pi / LIFTER))
    centred = np.asarray(lifted - lifted.mean(axis=0), np.float32)
    wide = np.pad(centred, ((3, 3), (0, 0)), mode="edge")

    def at(offset: int) -> NDArray[np.float32]:
        return wide[3 + offset : 3 + offset + len(centred)]

    return centred, at(2) - at(-2), (at(3) - at(-1)) - (at(1) - at(-3))


def scores(
    streams: Sequence[NDArray[np.float32]], states: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Yield the log chances (frames, states) of some senones, and of silence (frames,), :data:`STEP` frames at a time.

    They are the likelihoods over the sum of those of all phones' states alone: what is heard is one of them. Of many
    words in a long recording they take more memory than the recording, so that they are not put together here.
    """
    quiet = 3 * model().phones.index(SILENCE)
    for first in range(0, len(streams[0]), STEP):
        some = [stream[first : first + STEP] for stream in streams]
        alone, chosen = _likelihoods(some, states)
        every = np.logaddexp.reduce(alone, axis=1, keepdims=True)
        yield chosen - every, (alone[:, quiet : quiet + 3] - every).max(axis=1)


def _likelihoods(
    streams: Sequence[NDArray[np.float32]], states: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the log likelihoods of all phones' states alone, and of some senones."""
    known = model()
    frames = len(streams[0])
    alone = np.zeros((frames, 3 * len(known.phones)), np.float32)
    wanted = np.zeros((frames, len(states)), np.float32)
    for book in range(len(known.phones)):
        mine = np.flatnonzero(known.books[states] == book)
        columns = np.concatenate([np.arange(3 * book, 3 * book + 3), states[mine]])
        total = np.zeros((frames, len(columns)), np.float32)
        for number, stream in enumerate(streams):
            matrix, square, constant = _gaussians(book, number)
            logs = stream @ matrix - (stream**2) @ square + constant
            top = logs.max(axis=1, keepdims=True)
            shares = np.exp(known.weights[number][:, columns].astype(np.float32) * np.float32(-_LOG_BASE))
            total += np.log(np.exp(logs - top) @ shares + np.float32(1e-30)) + top
        alone[:, 3 * book : 3 * book + 3] = total[:, :3]
        wanted[:, mine] = total[:, 3:]
    return alone, wanted


@cache
def _gaussians(book: int, stream: int) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return what makes log densities of a frame: ``frame @ first − frame² @ second + third``."""
    means = model().means[book, stream].astype(np.float64)
    variances = model().variances[book, stream].astype(np.float64)
    constant = -0.5 * (np.log(2.0 * np.pi * variances) + means**2 / variances).sum(axis=1)
    matrices = (means / variances).T, 0.5 / variances.T, constant
    return matrices[0].astype(np.float32), matrices[1].astype(np.float32), matrices[2].astype(np.float32)


@cache
def _mel_filters() -> NDArray[np.float32]:
    """Triangles of equal area, even on the mel scale, their corners on bins."""
    low, high = (2595.0 * np.log10(1.0 + f / 700.0) for f in (LOWEST_HZ, HIGHEST_HZ))
    corners = 700.0 * (10.0 ** (np.linspace(low, high, FILTERS + 2) / 2595.0) - 1.0)
    corners = np.floor(corners * SIZE / RATE + 0.5) * RATE / SIZE
    hertz = np.arange(SIZE // 2 + 1)[:, None] * RATE / SIZE
    rise = (hertz - corners[:-2]) / (corners[1:-1] - corners[:-2])
    fall = (corners[2:] - hertz) / (corners[2:] - corners[1:-1])
    area = 2.0 / (corners[2:] - corners[:-2])
    return np.asarray(np.maximum(0.0, np.minimum(rise, fall)) * area, np.float32)


@cache
def model() -> Model:
    """Return the model of English speech."""
    folder = Path(get_model_path("en-us/en-us"))
    data = (folder / "mdef").read_bytes()
    at = 12 + struct.unpack_from("<i", data, 8)[0]
    phones, count, _, _, senones, _, _, _, nodes, _ = struct.unpack_from("<10i", data, at)
    at += 40
    begin = at
    names: list[str] = []
    while len(names) < phones:
        end = data.index(b"\0", at)
        names.append(data[at:end].decode())
        at = end + 1
    at += -(at - begin) % 4
    tree = np.frombuffer(data, [("context", "<i2"), ("count", "<i2"), ("down", "<i4")], nodes, at)
    at += tree.nbytes
    entries = np.frombuffer(data, [("states", "<i4"), ("matrix", "<i4"), ("context", "u1", 4)], count, at)
    at += entries.nbytes
    states = np.frombuffer(data, "<u2", struct.unpack_from("<i", data, at)[0], at + 4).reshape(-1, 3)
    base = np.where(np.arange(count) < phones, np.arange(count), entries["context"][:, 1])
    books = np.zeros(senones, np.int64)
    books[states[entries["states"]]] = base[:, None]
    means, variances = _floats(folder / "means"), np.maximum(_floats(folder / "variances"), 1e-4)
    weights = _weights(folder / "sendump", means.shape[1], means.shape[2], senones)
    return Model(tuple(names), means, variances, weights, books, tree, entries, states)


def _floats(path: Path) -> NDArray[np.float32]:
    """Return the Gaussians' parameters of a file: (phones, streams, Gaussians, dimensions)."""
    data = path.read_bytes()
    at = data.index(b"endhdr\n") + 11
    books, streams, densities = struct.unpack_from("<3i", data, at)
    (size,) = set(struct.unpack_from(f"<{streams}i", data, at + 12))
    first = at + 16 + 4 * streams
    return np.frombuffer(data, "<f4", books * streams * densities * size, first).reshape(books, streams, densities, -1)


def _weights(path: Path, streams: int, densities: int, senones: int) -> NDArray[np.uint8]:
    """Return the mixtures' weights, behind a header of strings that ends with an empty one."""
    data, at = path.read_bytes(), 0
    while length := struct.unpack_from("<i", data, at)[0]:
        at += 4 + length
    flat = np.frombuffer(data, np.uint8, streams * densities * senones, at + 12)
    return flat.reshape(streams, densities, senones)
