"""Taking a recording apart with a trained network: overlapping segments, faded into each other.

Beside the recording and the stems that are asked for, nothing grows with its length.
"""

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from descant.engines.weights import manifest
from descant.engines.weights.manifest import Network, open_network
from descant.engines.weights.stretching import Ratio, Stretching, resampled_part
from descant.listen.sampling import RATE
from descant.listen.separation import Stem
from descant.song.score import Role

OVERLAP = 4
"""Each segment begins a quarter of one before the last ends."""

CERTAINTY_DECIBELS = 10.0
"""Quality at which a stem counts as certain."""

Audio = NDArray[np.float32]
Separator = Callable[[Audio, Collection[Role]], dict[Role, Stem]]
"""Takes a recording, float32 (samples, 2) at 48 kHz, and gives the stems of those roles that its network knows."""


def separator(folder: Path, entry: manifest.Separator) -> Separator:
    """Return what takes a recording apart with a network of a folder.

    Raises
    ------
    WeightsError : see :func:`~descant.engines.weights.manifest.open_network`; or for a source that is no role.
    """
    sources = {_role(source): i for i, source in enumerate(entry.sources) if source != "other"}
    network = open_network(folder, entry)
    certainty = float(np.clip(entry.quality / CERTAINTY_DECIBELS, 0.0, 1.0))

    def separate(audio: Audio, roles: Collection[Role]) -> dict[Role, Stem]:
        wanted = [role for role in sources if role in roles]
        back = Ratio.between(entry.rate, RATE)
        stems = {role: Stretching(len(audio), back) for role in wanted}
        for found in _finished(network, entry, audio) if wanted else ():
            for role, stem in stems.items():
                stem.take(found[sources[role]])
        return {role: Stem(stem.whole(), entry.name, certainty, entry.quality) for role, stem in stems.items()}

    return separate


def _role(source: str) -> Role:
    try:
        return Role(source)
    except ValueError as error:
        known = ", ".join(role.value for role in Role)
        raise manifest.WeightsError(f"no stem is called {source!r}; known are {known} and other") from error


def _finished(network: Network, entry: manifest.Separator, audio: Audio) -> Iterator[Audio]:
    """Yield the sources (sources, samples, 2) of a recording at the network's rate, stretch after stretch.

    Overlapping segments are weighted by triangles.
    """
    there, segment, count = Ratio.between(RATE, entry.rate), entry.segment, len(entry.sources)
    hop, samples = max(1, segment - segment // OVERLAP), there.length(len(audio))
    weight = np.minimum(np.arange(1, segment + 1), np.arange(segment, 0, -1)).astype(np.float32)
    out, total = np.zeros((count, segment + hop, 2), np.float32), np.zeros(segment + hop, np.float32)
    for start in range(0, samples, hop):
        piece = resampled_part(audio, there, start, start + segment)
        found = network(np.ascontiguousarray(piece.T)[None])[0]
        if found.shape not in ((1, count, 2, segment), (count, 2, segment)):
            raise network.wrong(found, f"(1, {count}, 2, {segment})")
        out[:, :segment] += found.reshape(count, 2, segment).transpose(0, 2, 1) * weight[:, None]
        total[:segment] += weight
        done = min(hop, samples - start)
        yield out[:, :done] / total[:done, None]
        out, total = np.roll(out, -hop, axis=1), np.roll(total, -hop)
        out[:, segment:], total[segment:] = 0.0, 0.0
