"""The mask network's view of a spectrum: every bin has a band, and every band is shared out among the sources."""

import numpy as np
import pytest

from descant.listen import fourier, masking

from . import sounds

RECORDING = sounds.placed([(0.1, sounds.tone(60, 1.8))], 2.0, side=0.3)


def _ways(recording: sounds.Sound) -> np.ndarray:
    return masking.ways(recording, slice(0, fourier.frames(len(recording))))


def test_bands_are_of_single_bins_where_overtones_lie_close_and_ever_wider_above() -> None:
    assert set(masking.WIDTHS[: masking.SINGLE]) == {1.0}
    assert np.all(np.diff(masking.EDGES) > 0)
    assert masking.EDGES[-1] * fourier.BIN_HZ == pytest.approx(masking.HIGHEST_HZ, rel=0.01)


def test_every_bin_has_the_share_of_its_band() -> None:
    share = np.arange(masking.BANDS, dtype=np.float32)[None]
    bins = masking.widened(share)
    assert bins.shape == (1, fourier.BINS)
    for band in (0, 5, masking.SINGLE + 3, masking.BANDS - 1):
        assert np.all(bins[0, masking.EDGES[band] : masking.EDGES[band + 1]] == band)
    assert (bins[0, 0], bins[0, -1]) == (0, masking.BANDS - 1)


def test_what_is_heard_does_not_depend_on_how_loud_a_recording_is() -> None:
    quiet = RECORDING * np.float32(0.01)
    heard, same = (masking.inputs(masking.banded(_ways(r)), masking.power_a_bin(r)) for r in (RECORDING, quiet))
    np.testing.assert_allclose(heard, same, atol=1e-3)


def test_sources_share_all_there_is() -> None:
    heard = masking.inputs(masking.banded(_ways(RECORDING)), masking.power_a_bin(RECORDING))
    shares = masking.shares(heard)
    assert shares.shape == (len(masking.SOURCES), *heard.shape)
    assert shares.min() >= 0.0
    np.testing.assert_allclose(shares.sum(axis=0), 1.0, atol=1e-4)


def test_the_power_of_a_recording_is_that_of_its_spectra() -> None:
    noise = np.stack([sounds.noise(3.0, seed) for seed in (1, 2)], axis=1).astype(np.float32)
    inside = masking.ways(noise, slice(4, 100))
    assert masking.power_a_bin(noise) == pytest.approx(
        float(np.mean(np.sum(np.abs(inside) ** 2, axis=(0, 2)))) / masking.EDGES[-1], rel=0.05
    )
