"""Which source each part of a spectrum belongs to: a network that the project trained itself.

Task: soft masks of voice, drums, bass and everything else. The spectra (:mod:`~descant.listen.fourier`) of the middle
(half the sum of both channels) and of the side (half their difference) are added up to bands, single bins where
harmonics lie close. A convolutional encoder, two recurrent layers that read both ways, and a decoder that sees the
bands themselves again give each source a share of each band, of middle and side apart, so that what stands in the
middle can be freed of what is heard at the sides. Sources: Ronneberger, Fischer, Brox, "U-Net" (MICCAI 2015), for the
encoder and decoder; Stöter, Uhlich, Liutkus, Mitsufuji, "Open-Unmix" (JOSS 2019), for the recurrent layers between.

The file beside the code is written by ``python -m training separation``; what it learned from is told there.
"""

from functools import cache
from importlib.resources import files

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from descant.listen import fourier
from descant.song.score import Role

FILE = "mask_network.onnx"

SOURCES: tuple[Role | None, ...] = (Role.LEAD_VOCAL, Role.DRUMS, Role.BASS, None)
"""What the network tells apart, in the order of its outputs; None is everything else."""

SINGLE = 240
"""Bins from the second on that are bands of their own: up to 2.8 kHz."""

WIDENING = 80
HIGHEST_HZ = 20_000.0
"""Above the single bins there are so many bands, ever wider, up to here."""

FLOOR = 1e-6
"""Power of a band, a bin, relative to the recording's mean power, below which there is nothing to hear."""

CONTEXT = 144
"""Frames (3 s) on either side of a stretch that the network hears besides."""


def _edges() -> NDArray[np.intp]:
    wide = np.geomspace(SINGLE + 1, HIGHEST_HZ / fourier.BIN_HZ, WIDENING + 1)
    return np.concatenate([np.arange(1, SINGLE + 1), np.round(wide)]).astype(np.intp)


EDGES = _edges()
"""First bin of each band, and the end of the last."""

BANDS = len(EDGES) - 1
WIDTHS = np.diff(EDGES).astype(np.float32)


def power_a_bin(audio: NDArray[np.float32]) -> float:
    """Return the mean power of a recording's spectra, middle and side together, in a bin of those that have a band."""
    square = float(np.einsum("ij,ij->", audio, audio, dtype=np.float64)) / max(2 * len(audio), 1)
    return square * 3.0 / 16.0 * fourier.WINDOW**2 / float(EDGES[-1])


def ways(audio: NDArray[np.float32], seen: slice) -> NDArray[np.complex64]:
    """Return the spectra (2, frames, bins) of middle and side of some frames of a recording (samples, 2)."""
    found = np.empty((2, seen.stop - seen.start, fourier.BINS), np.complex64)
    found[0] = fourier.spectrum(audio[:, 0], seen)
    right = fourier.spectrum(audio[:, 1], seen)
    np.subtract(found[0], right, out=found[1])
    found[0] += right
    found *= np.float32(0.5)
    return found


def banded(spectra: NDArray[np.complex64]) -> NDArray[np.float32]:
    """Return the power (…, bands) of spectra (…, bins)."""
    power = np.square(spectra.real)
    power += np.square(spectra.imag)
    return np.asarray(np.add.reduceat(power[..., : EDGES[-1]], EDGES[:-1], axis=-1), np.float32)


def inputs(powers: NDArray[np.float32], power: float) -> NDArray[np.float32]:
    """Return what the network hears of the powers (2, frames, bands) of middle and side.

    They are logarithms of the mean power of a band's bins over ``power``, that of the recording (:func:`power_a_bin`).
    """
    return np.log10(powers / (WIDTHS * np.float32(power)) + np.float32(FLOOR))


@cache
def _session() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    data = files("descant.listen").joinpath(FILE).read_bytes()
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def shares(heard: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the share (sources, 2, frames, bands) of each source, 0–1, in middle and side, for :func:`inputs`."""
    (found,) = _session().run(None, {"heard": heard[None]})
    return np.asarray(found, np.float32).reshape(len(SOURCES), *heard.shape)


def widened(share: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the share (…, bins) of bins of that (…, bands) of bands; the outermost bins have their neighbour's."""
    counts = WIDTHS.astype(np.intp)
    counts[0], counts[-1] = counts[0] + 1, counts[-1] + fourier.BINS - int(EDGES[-1])
    return np.repeat(share, counts, axis=-1)
