"""How likely each chord sounds in each span, as a small network of our own hears it.

Task: chord recognition, the acoustic model. Sources: learned chord features in place of templates (Korzeniowski &
Widmer, "Feature learning for chord recognition: the deep chroma extractor", ISMIR 2016), which tell sevenths from
triads and do not take a distorted guitar's overtones for its chord; one set of weights for all twelve roots, the
chroma turned to each of them, so that what is learned in one key holds in every other.

Inputs, for each root: the four views of :func:`~descant.listen.harmony.views` of the span, the one before and the one
after, and the mean treble and bass of the whole recording, all counted from the root. Outputs: one for each quality;
all qualities of all roots together are one choice. The weights are written by ``python -m training chords``.
"""

import numpy as np
from numpy.typing import NDArray

from descant.listen import networks
from descant.listen.networks import Network

REACH = 1
"""Spans before and after that are looked at."""

WHOLE = (0, 2)
"""The views of which the recording's mean is looked at."""


def inputs(views: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return what the network sees: (spans, 12 roots, inputs), from ``views`` (spans, 4, 12)."""
    count = len(views)
    padded = np.concatenate([np.repeat(views[:1], REACH, 0), views, np.repeat(views[-1:], REACH, 0)])
    near = [padded[i : i + count] for i in range(2 * REACH + 1)]
    mean = views.mean(axis=0)[list(WHOLE)]
    mean = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-6)
    seen = np.concatenate([*near, np.repeat(mean[None], count, 0)], axis=1)
    return np.stack([np.roll(seen, -root, axis=2).reshape(count, -1) for root in range(12)], 1).astype(np.float32)


def likelihoods(views: NDArray[np.float64], network: Network | None = None) -> NDArray[np.float64]:
    """Return log probabilities (spans, 12 roots, qualities) of all chords together.

    Parameters
    ----------
    views : (spans, 4, 12).
    network : another one than the package's.
    """
    seen = inputs(views)
    logits = (network or networks.load("chord_network")).logits(seen.reshape(-1, seen.shape[2]))
    choices = logits.reshape(len(views), -1).astype(np.float64)
    choices -= choices.max(axis=1, keepdims=True)
    choices -= np.log(np.exp(choices).sum(axis=1, keepdims=True))
    return np.asarray(choices.reshape(len(views), 12, -1), np.float64)
