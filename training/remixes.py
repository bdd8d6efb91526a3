"""Mixes to learn separation from, as the network sees them: stems of songs thrown together anew.

What is needed of a mix are powers in bands: of the whole, of each source, and of one in the other. All of them follow
from the products of the stems' spectra with each other, added up to bands, so that one set of crops gives many mixes:
with other gains, equalisers, places and partners, none of which need a spectrum again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from descant.listen import fourier, masking
from training.stems import OTHERS, SAMPLES, Stems

FRAMES = 125
CROP = (FRAMES - 1) * fourier.HOP + fourier.WINDOW
CROPS = 16
"""Crops that are mixed with each other."""

MIXES = 8
"""Mixes of a batch."""

HEARD = np.array([[0, 1, 3, 5, 6], [0, 2, 4, 5, 7]])
"""Of a crop's eight channels, those of the middle and of the side.

They are: the voice dry, its room in middle and side, drums in middle and side, the bass, and all others, each at a
place of its own, in middle and side. What stands in the middle (voice, bass) reaches the side when it is placed beside
it.
"""

BELONGS = ((0, 1), (2,), (3,), (4,))
"""Of :data:`HEARD`, the columns of voice, drums, bass and everything else."""

PARTS = HEARD.shape[1]
BINS = int(masking.EDGES[-1])
WIDEST_SHIFT = 0.17
"""Of pitch, as the logarithm of its factor: three semitones."""

LENGTHS = 1024 * np.array([108, 112, 120, 125, 126, 128, 135, 140, 144, 150])
"""Samples that crops are taken with, which are fast to transform."""

PADDED = 3 * 2**16
ROOMS = 24
BALANCE = ((2.0, 5.0, 0.88), (0.0, 5.0, 0.85), (-1.0, 4.0, 0.85), (1.0, 5.0, 0.95))
"""Of voice, drums, bass and the others: mean and deviation of the level in decibels, and how often they are heard."""

MONO = 0.15
"""Share of mixes that have one channel."""


@dataclass(frozen=True)
class Batch:
    """Mixes: ``heard`` (mixes, 2, frames, bands); powers of the ``whole`` (2, mixes, frames, bands), middle and side.

    ``shared`` and ``own`` (sources, 2, mixes, frames, bands) are a source's power in the whole, and by itself: a mask
    m is wrong by m² whole − 2 m shared + own.
    """

    heard: Tensor
    whole: Tensor
    shared: Tensor
    own: Tensor


class Remixer:
    """Draws mixes from stems; what it draws follows from ``seed`` alone."""

    def __init__(self, library: Sequence[Stems], seed: int) -> None:
        self.library = list(library)
        self._draw = np.random.default_rng(seed)
        self._window = torch.hann_window(fourier.WINDOW)
        self._widths = torch.from_numpy(masking.WIDTHS)
        self._rooms = [self._room() for _ in range(ROOMS)]
        wide = masking.EDGES[masking.SINGLE :] - masking.EDGES[masking.SINGLE]
        bins = torch.arange(int(wide[-1]))[:, None]
        self._gathered = ((bins >= torch.from_numpy(wide[:-1])) & (bins < torch.from_numpy(wide[1:]))).float()

    def crops(self) -> Tensor:
        """Return products (crops, 2, parts, parts, frames, bands) of the spectra of crops of songs."""
        return torch.stack([self._products(self._spectra()) for _ in range(CROPS)])

    def batch(self, crops: Tensor) -> Batch:
        """Return mixes of the crops: half of single songs, half of sources of several."""
        mixed = [self._mix(crops, number) for number in self._draw.permutation(len(crops))[:MIXES]]
        whole = torch.stack([m[0] for m in mixed], dim=1)
        shared, own = (torch.stack([m[i] for m in mixed], dim=2) for i in (1, 2))
        power = whole.sum(dim=(0, 2, 3)) / (FRAMES * BINS) * self._dealt(len(mixed), 0.3) + 1e-9
        scaled = whole.transpose(0, 1) / (self._widths * power[:, None, None, None])
        by = power[:, None, None]
        return Batch(torch.log10(scaled + masking.FLOOR), whole / by, shared / by, own / by)

    def _dealt(self, count: int, spread: float) -> Tensor:
        """Return factors of power around one, as recordings and stretches of them differ."""
        return torch.from_numpy(10.0 ** np.clip(self._draw.normal(0, spread, count), -0.8, 0.8)).float()

    def _room(self) -> Tensor:
        """Return the spectra (2, bins) of a room's answer, left and right, to a crop."""
        length = round(48_000 * self._draw.uniform(0.2, 1.0))
        decay = np.exp(-np.arange(length) / 48_000 * 6.9 / self._draw.uniform(0.3, 2.5))
        answer = self._draw.normal(0, 1, (2, length)) * decay
        answer[:, : round(48_000 * self._draw.uniform(0, 0.04))] = 0.0
        answer /= np.sqrt((answer**2).sum(axis=1, keepdims=True))
        return torch.fft.rfft(torch.from_numpy(answer).float(), PADDED)

    def _crop(self) -> Tensor:
        """Return a crop of a song's stems (7 or so, samples), at another pitch three times in five."""
        song = self.library[self._draw.integers(len(self.library))]
        factor = np.exp(self._draw.uniform(-WIDEST_SHIFT, WIDEST_SHIFT)) if self._draw.random() < 0.6 else 1.0
        taken = LENGTHS[np.abs(LENGTHS - CROP * factor).argmin()]
        start = self._draw.integers(0, SAMPLES - taken)
        rows = [song.voice, *song.drums, song.bass, *song.others]
        sound = torch.from_numpy(np.stack([row[start : start + taken] for row in rows]).astype(np.float32) / 32768)
        left, right = self._placed(sound[4:])
        sound = torch.stack([*sound[:4], left, right])
        if taken == CROP:
            return sound
        # band-limited: the spectrum of the whole crop cut or filled up
        return torch.fft.irfft(torch.fft.rfft(sound)[:, : CROP // 2 + 1], CROP) * (CROP / taken)

    def _placed(self, others: Tensor) -> tuple[Tensor, Tensor]:
        """Return middle and side of some of the other players, each at its level and place."""
        count = self._draw.integers(1, OTHERS + 1)
        level = others.square().mean(dim=1).add(1e-6).rsqrt() * torch.from_numpy(
            10.0 ** (self._draw.normal(0, 5, len(others)) / 20)
        )
        level[count:] = 0.0
        place = np.where(self._draw.random(len(others)) < 0.8, self._draw.uniform(-1, 1, len(others)), 0.0)
        return (level @ others.double()).float(), ((level * torch.from_numpy(place)) @ others.double()).float()

    def _spectra(self) -> Tensor:
        """Return the spectra (8, frames, bins) of a crop."""
        voice, left, right, bass, middle, side = self._crop()
        room = self._rooms[self._draw.integers(ROOMS)]
        wet = torch.fft.irfft(torch.fft.rfft(voice, PADDED) * room)[:, :CROP]
        rooms = ((wet[0] + wet[1]) / 2, (wet[0] - wet[1]) / 2)
        every = torch.stack([voice, *rooms, (left + right) / 2, (left - right) / 2, bass, middle, side])
        return torch.fft.rfft(every.unfold(1, fourier.WINDOW, fourier.HOP) * self._window)[..., :BINS]

    def _products(self, spectra: Tensor) -> Tensor:
        """Return the real parts of the channels' products (2, parts, parts, frames, bands)."""
        out = torch.empty(2, PARTS, PARTS, FRAMES, masking.BANDS)
        parts = torch.view_as_real(spectra[..., 1:])
        real, imaginary = parts[..., 0].contiguous(), parts[..., 1].contiguous()
        for way, channels in enumerate(HEARD):
            for i, first in enumerate(channels):
                for j, second in enumerate(channels[: i + 1]):
                    product = real[first] * real[second] + imaginary[first] * imaginary[second]
                    out[way, i, j, :, : masking.SINGLE] = product[:, : masking.SINGLE]
                    out[way, i, j, :, masking.SINGLE :] = product[:, masking.SINGLE :] @ self._gathered
                    out[way, j, i] = out[way, i, j]
        return out

    def _mix(self, crops: Tensor, number: np.intp) -> tuple[Tensor, Tensor, Tensor]:
        """Return whole (2, frames, bands), shared and own powers (4, 2, frames, bands) of a mix around a crop."""
        together = self._draw.random() < 0.5
        owners = np.full(4, number) if together else self._draw.integers(0, len(crops), 4)
        gains = self._gains(crops, owners)
        own = torch.zeros(4, 2, FRAMES, masking.BANDS)
        shared = torch.zeros_like(own)
        for source, columns in enumerate(BELONGS):
            product = crops[owners[source]]
            for i in columns:
                for j in columns:
                    own[source] += (gains[:, i] * gains[:, j])[:, None] * product[:, i, j]
                # what sources of different crops share with each other averages out, and is left out
                for j in range(PARTS) if together else columns:
                    shared[source] += (gains[:, i] * gains[:, j])[:, None] * product[:, i, j]
        return shared.sum(dim=0).clamp_min(0.0), shared, own  # rounding may leave powers below zero

    def _gains(self, crops: Tensor, owners: NDArray[np.intp]) -> Tensor:
        """Return the gain (2, parts, bands) of each part in middle and side."""
        draw, gains = self._draw, torch.zeros(2, PARTS, masking.BANDS)
        tone = [self._equaliser() for _ in BELONGS]
        loud = [self._level(crops[owner], columns[0]) for owner, columns in zip(owners, BELONGS, strict=True)]
        voice, drums, bass, others = (
            level * 10 ** (draw.normal(middle, spread) / 20) * curve * float(draw.random() < heard)
            for level, curve, (middle, spread, heard) in zip(loud, tone, BALANCE, strict=True)
        )
        wet = draw.uniform(0.0, 0.6) if draw.random() < 0.6 else 0.0
        aside = draw.uniform(-0.3, 0.3) if draw.random() < 0.2 else 0.0
        gains[0] = torch.stack([voice, wet * voice, drums, bass, others])
        width = [aside, wet * draw.uniform(0.2, 1.0), draw.uniform(0, 1.3), 0.0, draw.uniform(0.2, 1.0)]
        if draw.random() < 0.1:
            width[3] = draw.uniform(-0.2, 0.2)
        gains[1] = torch.stack([voice, voice, drums, bass, others]) * torch.tensor(width)[:, None]
        if draw.random() < MONO:
            gains[1] = 0.0
        return gains

    def _level(self, product: Tensor, column: int) -> float:
        """Return the factor that brings a part's power in the middle, where it sounds, to one."""
        power = product[0, column, column].sum(dim=-1)
        loud = power[power > 0.05 * power.max()]
        return float(1.0 / torch.sqrt(loud.mean())) if len(loud) and float(power.max()) > 1e-3 else 0.0

    def _equaliser(self) -> Tensor:
        """Return gains (bands,) of a few decibels that change slowly with pitch."""
        octaves = np.log2(masking.EDGES[:-1] / masking.EDGES[0])
        spans, depths = (20, 9, 5, 3), self._draw.normal(0, 2.5, 4)
        waves = [depth * np.cos(2 * np.pi * (octaves / span + self._draw.random()))
                 for span, depth in zip(spans, depths, strict=True)]  # fmt: skip
        return torch.from_numpy(10.0 ** (np.sum(waves, axis=0) / 20)).float()
