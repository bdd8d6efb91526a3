"""Fitting a small network: Adam on the weighted logistic loss, in NumPy, the same weights from the same data."""

from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from descant.song.streams import stream

BATCH = 4096
RATE = 2e-3
DECAY = 1e-5
"""Of the weights, a step."""

MEMORY, MEMORY_OF_SQUARES = 0.9, 0.999
Arrays = list[NDArray[np.float32]]
Examples = tuple[NDArray[np.float16], NDArray[np.float32], NDArray[np.float32]]
"""Inputs (rows, inputs), targets (rows, outputs) from 0 to 1, and how much each row counts."""

_Recording = TypeVar("_Recording")


def learn(
    recordings: Iterable[_Recording],
    examples: Callable[[_Recording, int], Examples],
    hidden: tuple[int, ...],
    epochs: int,
    seed: int,
    target: Path,
) -> None:
    """Fit a network to the examples of recordings, each told apart by its number, and write it to ``target``."""
    parts = []
    for number, recording in enumerate(recordings):
        parts.append(examples(recording, number))
        print(f"recording {number + 1}: {len(parts[-1][0])} rows", flush=True)
    inputs, targets, weights = (np.concatenate([part[i] for part in parts]) for i in range(3))
    save(fit(inputs, targets, weights, hidden, epochs, seed), target)


def fit(
    inputs: NDArray[np.float16],
    targets: NDArray[np.float32],
    weights: NDArray[np.float32],
    hidden: tuple[int, ...],
    epochs: int,
    seed: int,
) -> dict[str, NDArray[np.float32]]:
    """Return mean, scale, weights and biases of a network that gives ``targets`` (rows, outputs), 0–1, for inputs.

    ``weights`` say how much each row counts.
    """
    draw = stream(seed, "training.network")
    sample = inputs[draw.integers(0, len(inputs), 100_000)].astype(np.float32)
    mean, scale = sample.mean(0), 1.0 / (sample.std(0) + 1e-3)
    sizes = (inputs.shape[1], *hidden, targets.shape[1])
    layers: Arrays = [draw.normal(0, np.sqrt(2.0 / a), (a, b)).astype(np.float32) for a, b in pairwise(sizes)]
    layers += [np.zeros(size, np.float32) for size in sizes[1:]]
    first, second = [np.zeros_like(p) for p in layers], [np.zeros_like(p) for p in layers]
    steps, step = epochs * (len(inputs) // BATCH), 0
    for epoch in range(epochs):
        order, loss = draw.permutation(len(inputs)), 0.0
        for start in range(0, len(order) - BATCH, BATCH):
            rows = order[start : start + BATCH]
            values = (inputs[rows].astype(np.float32) - mean) * scale
            cost, slopes = _slopes(values, targets[rows], weights[rows], layers)
            loss += cost
            step += 1
            rate = RATE * 0.5 * (1 + np.cos(np.pi * min(1.0, step / steps)))
            adam(layers, slopes, first, second, step, rate)
        print(f"epoch {epoch + 1}: loss {loss / max(1, len(order) // BATCH):.4f}", flush=True)
    depth = len(sizes) - 1
    named = {f"weight{i}": layers[i] for i in range(depth)} | {f"bias{i}": layers[depth + i] for i in range(depth)}
    return {"mean": mean, "scale": scale, **named}


def save(network: dict[str, NDArray[np.float32]], path: Path) -> None:
    """Write a network in half precision."""
    np.savez_compressed(path, **{name: values.astype(np.float16) for name, values in network.items()})


def _slopes(
    values: NDArray[np.float32], targets: NDArray[np.float32], weights: NDArray[np.float32], layers: Arrays
) -> tuple[float, Arrays]:
    depth = len(layers) // 2
    seen = [values]
    for i in range(depth - 1):
        seen.append(np.maximum(seen[-1] @ layers[i] + layers[depth + i], 0.0))
    logits = seen[-1] @ layers[depth - 1] + layers[-1]
    chance = 1.0 / (1.0 + np.exp(-logits))
    cost = np.logaddexp(0.0, logits) - targets * logits
    error = ((chance - targets) * weights[:, None] / len(values)).astype(np.float32)
    slopes: Arrays = [np.zeros(0, np.float32)] * (2 * depth)
    for i in range(depth - 1, -1, -1):
        slopes[i], slopes[depth + i] = seen[i].T @ error + DECAY * layers[i], error.sum(0)
        if i:
            error = (error @ layers[i].T) * (seen[i] > 0)
    return float((cost * weights[:, None]).mean()), slopes


def adam(layers: Arrays, slopes: Arrays, first: Arrays, second: Arrays, step: int, rate: float) -> None:
    """Move ``layers`` by step number ``step`` (from 1) of Adam; ``first`` and ``second`` are its memories, from 0."""
    for layer, slope, m, v in zip(layers, slopes, first, second, strict=True):
        m += (1 - MEMORY) * (slope - m)
        v += (1 - MEMORY_OF_SQUARES) * (slope**2 - v)
        layer -= rate * (m / (1 - MEMORY**step)) / (np.sqrt(v / (1 - MEMORY_OF_SQUARES**step)) + 1e-8)
