"""The beat network: what the beats and bar lines of renders look like. Needs PyTorch, which nothing else here does.

``pip install torch`` (2.13 was used), then ``python -m training beats``: some ten CPU minutes to render and twelve to
fit. Speeds, equalisation and background are varied anew each time that a recording is seen. It learns from music of all
kinds first, and then carries on with more that is hard to beat time to among it; the mean of both networks is kept, as
weights of networks of which one began where the other ended may be averaged (Wortsman et al., "Model soups", ICML
2022).
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from descant.listen import beat_network, features
from descant.listen.beat_network import DEPTH, FRAMES_PER_SECOND, TAPS
from descant.song.streams import stream
from training.beat_songs import HARD, beat_renders

TARGET = Path(beat_network.__file__).with_name("beat_network.npz")
COUNT, HARD_COUNT = 300, 273
"""Recordings of all kinds, and of what is hard to beat time to."""

CHANNELS = 24
OUTPUTS = 3
EPOCHS, LATER_EPOCHS = 36, 39
BATCH = 8
FEWEST = 8
"""Beats of a recording that is learned from, or none."""

LENGTH = 1600
"""Frames (32 s) of a recording that are learned from at a time."""

RATE, LATER_RATE = 4e-3, 2e-3
SPREAD = 1.6
"""Frames from a beat to where its target has fallen to nothing."""

FASTER = 0.2
"""Natural logarithm by which music is sped up or slowed down, at most, beyond how it was played."""

DROPPED = 0.1
"""Share of channels that are left out at random while learning."""

WEIGHTS = (1.0, 1.0, 0.15)
"""How much beats, downbeats and division count."""


@dataclass(frozen=True)
class Example:
    """Mel magnitudes and changes of harmony of a recording (half precision), its beats and downbeats in seconds."""

    magnitude: NDArray[np.float16]
    novelty: NDArray[np.float16]
    beats: NDArray[np.float64]
    downbeats: NDArray[np.float64]
    compound: bool


def train() -> None:
    """Render, fit, and write the network beside the code that uses it."""
    examples = _examples(COUNT, 0)
    with tempfile.TemporaryDirectory() as folder:
        first, later = Path(folder) / "first.npz", Path(folder) / "later.npz"
        fit(examples, first, EPOCHS, RATE)
        fit(examples + _examples(HARD_COUNT, HARD), later, LATER_EPOCHS, LATER_RATE, first)
        with np.load(first) as a, np.load(later) as b:
            means = {name: (a[name].astype(np.float32) + b[name]) / 2 for name in a.files}
            np.savez_compressed(TARGET, **{name: mean.astype(a[name].dtype) for name, mean in means.items()})


def _examples(count: int, first: int) -> list[Example]:
    examples = []
    for render in beat_renders(count, first):
        if 0 < len(render.beats) < FEWEST:
            continue
        magnitude = np.expm1(features.bands(render.audio).level) / 1000.0
        novelty = beat_network.novelty(features.pitches(render.audio).salience)
        examples.append(
            Example(
                magnitude.astype(np.float16),
                novelty.astype(np.float16),
                render.beats,
                render.downbeats,
                render.compound,
            )
        )
        print(f"recording {len(examples)}: {render.name}", flush=True)
    return examples


def seen(example: Example, draw: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return inputs (LENGTH, inputs) and targets (LENGTH, OUTPUTS + 1) of a stretch, at another speed and colour.

    The last target is how much a frame counts for downbeats and division, 0 beyond the end of the music.
    """
    faster = float(np.exp(draw.uniform(-FASTER, FASTER)))
    magnitude = _stretched(example.magnitude.astype(np.float32), faster)
    changes = _stretched(example.novelty.astype(np.float32), faster)
    bands = magnitude.shape[1]
    knots = draw.normal(0.0, 5.0, 6)
    colour = 10 ** (np.interp(np.arange(bands), np.linspace(0, bands - 1, 6), knots) / 20)
    if draw.random() < 0.15:
        colour[int(draw.integers(bands // 2, bands)) :] *= 0.01
    floor = magnitude.max() * 10 ** (-draw.uniform(45, 90) / 20)
    magnitude = np.asarray(magnitude * colour + floor, np.float32)
    inputs = beat_network.inputs(magnitude, changes)
    targets = np.zeros((len(inputs), OUTPUTS + 1), np.float32)
    for column, times in enumerate((example.beats, example.downbeats)):
        exact = times / faster * FRAMES_PER_SECOND
        for offset in (-1, 0, 1):  # heights tell where between frames a beat lies
            at = np.round(exact).astype(int) + offset
            height = np.maximum(0.0, 1.0 - np.abs(at - exact) / SPREAD)
            inside = (at >= 0) & (at < len(inputs))
            targets[at[inside], column] = height[inside]
    targets[:, 2] = example.compound
    two = len(example.beats) < 2.5 * len(example.downbeats) and not example.compound
    targets[:, 3] = 0.0 if two else 1.0  # bars of two may be counted in four
    first = int(draw.integers(0, max(1, len(inputs) - LENGTH + 1)))
    short = max(0, LENGTH - len(inputs))
    cut = slice(first, first + LENGTH)
    return np.pad(inputs[cut], ((0, short), (0, 0)), mode="edge"), np.pad(targets[cut], ((0, short), (0, 0)))


def _stretched(values: NDArray[np.float32], faster: float) -> NDArray[np.float32]:
    at = np.arange(0, len(values) - 1, faster)
    low = at.astype(int)
    share = (at - low).astype(np.float32)[:, None]
    return values[low] * (1 - share) + values[np.minimum(low + 1, len(values) - 1)] * share


def fit(examples: list[Example], target: Path, epochs: int, rate: float, start: Path | None = None) -> None:
    """Fit a network to examples, a new one or on from that at ``start``, and write it in half precision."""
    import torch

    torch.manual_seed(3)
    torch.set_num_threads(1)
    draw = stream(4, "training.beats.fit")
    mean, scale, network = _begun(torch, examples, draw) if start is None else _loaded(torch, start)
    parameters = list(network.values())
    steps = epochs * (len(examples) // BATCH)
    optimiser = torch.optim.AdamW(parameters, rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps, pct_start=0.15)
    for epoch in range(epochs):
        order, losses = draw.permutation(len(examples)), []
        for start in range(0, len(order) - BATCH + 1, BATCH):
            pairs = [seen(examples[i], draw) for i in order[start : start + BATCH]]
            inputs = torch.from_numpy((np.stack([a for a, _ in pairs]) - mean) * scale)
            loss = _loss(torch, _run(torch, network, inputs, True), torch.from_numpy(np.stack([b for _, b in pairs])))
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}", flush=True)
        values = {name: p.detach().numpy().astype(np.float16) for name, p in network.items()}
        np.savez_compressed(target, mean=mean.astype(np.float32), scale=scale.astype(np.float32), **values)


def _begun(torch, examples: list[Example], draw: np.random.Generator) -> tuple[NDArray, NDArray, dict]:
    """Return the means and scales of inputs, and a network that knows nothing yet."""
    sample = np.concatenate([seen(examples[i], draw)[0] for i in draw.integers(0, len(examples), 60)])
    return sample.mean(0), 1.0 / (sample.std(0) + 1e-3), _torch_network(torch, sample.shape[1])


def _loaded(torch, start: Path) -> tuple[NDArray, NDArray, dict]:
    """Return the means, scales and network of a file."""
    with np.load(start) as known:
        mean, scale = known["mean"], known["scale"]
        network = _torch_network(torch, len(mean))
        for name, parameter in network.items():
            parameter.data = torch.from_numpy(known[name].astype(np.float32))
    return mean, scale, network


def _torch_network(torch, inputs: int) -> dict:
    """Return the parameters by the names that :mod:`~descant.listen.beat_network` reads."""

    def drawn(*shape: int) -> object:
        spread = float(np.sqrt(1.0 / np.prod(shape[:-1])))
        return (torch.randn(*shape) * spread).requires_grad_()

    named = {"first": drawn(TAPS, inputs, CHANNELS), "first_bias": torch.zeros(CHANNELS, requires_grad=True)}
    for layer in range(DEPTH):
        named[f"taps{layer}"] = drawn(TAPS, CHANNELS, CHANNELS)
        named[f"bias{layer}"] = torch.zeros(CHANNELS, requires_grad=True)
        named[f"mix{layer}"] = drawn(CHANNELS, CHANNELS)
        named[f"mix_bias{layer}"] = torch.zeros(CHANNELS, requires_grad=True)
    last_bias = torch.tensor([-3.0, -4.0, -2.0], requires_grad=True)
    return named | {"last": drawn(CHANNELS, OUTPUTS), "last_bias": last_bias}


def _run(torch, network: dict, inputs, learning: bool):
    """Return the logits (recordings, frames, OUTPUTS)."""
    functional = torch.nn.functional

    def convolved(values, taps, apart: int):
        reach, frames = apart * (TAPS // 2), values.shape[1]
        padded = functional.pad(values, (0, 0, reach, reach))
        return sum(padded[:, i * apart : i * apart + frames] @ taps[i] for i in range(TAPS))

    flow = functional.elu(convolved(inputs, network["first"], 1) + network["first_bias"])
    for layer in range(DEPTH):
        inner = functional.elu(convolved(flow, network[f"taps{layer}"], 2**layer) + network[f"bias{layer}"])
        if learning:
            inner = inner * (torch.rand(len(inner), 1, CHANNELS) > DROPPED) / (1 - DROPPED)
        flow = flow + inner @ network[f"mix{layer}"] + network[f"mix_bias{layer}"]
    return functional.elu(flow) @ network["last"] + network["last_bias"]


def _loss(torch, logits, targets):
    each = torch.nn.functional.binary_cross_entropy_with_logits(logits, targets[..., :OUTPUTS], reduction="none")
    counts = targets[..., OUTPUTS]
    return (
        WEIGHTS[0] * each[..., 0].mean()
        + WEIGHTS[1] * (each[..., 1] * counts).mean()
        + WEIGHTS[2] * (each[..., 2] * counts).mean()
    )
