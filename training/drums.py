"""The drum network: which drums are struck at each moment, from mel levels and their rises."""

from pathlib import Path

import numpy as np

from descant.listen import strokes
from descant.listen.drums import KINDS
from descant.listen.sampling import mid
from descant.song.streams import stream
from training import fitting
from training.renders import Render, renders

TARGET = Path(strokes.__file__).with_name("drum_network.npz")
COUNT = 150
HIDDEN = (96, 48)
EPOCHS = 8
ELSEWHERE = 0.4
"""Share of the frames away from strokes that are learned from."""


def train() -> None:
    """Render, train, and write the network beside the code that uses it."""
    fitting.learn(renders(COUNT), examples, HIDDEN, EPOCHS, 2, TARGET)


def examples(render: Render, number: int) -> fitting.Examples:
    """Return inputs, targets (one a kind of drum) and weights of frames drawn from a recording."""
    level = strokes.levels(mid(render.audio))
    targets = np.zeros((len(level), len(KINDS)), np.float32)
    for start, key, _ in render.hits:
        kind = next((i for i, found in enumerate(KINDS) if int(key) in found.keys), None)
        at = round(start * strokes.FRAMES_PER_SECOND)
        if kind is None or at >= len(level):
            continue
        for offset, value in ((-1, 0.5), (0, 1.0), (1, 0.5)):
            if 0 <= at + offset < len(level):
                targets[at + offset, kind] = max(targets[at + offset, kind], value)
    reach = np.maximum.reduce([np.roll(targets.max(1), shift) for shift in range(-3, 4)])
    share = np.where(reach > 0, 1.0, ELSEWHERE)
    chosen = stream(number, "training.frames").random(len(level)) < share
    inputs = strokes.inputs(level)[chosen].astype(np.float16)
    return inputs, targets[chosen], (1.0 / share[chosen]).astype(np.float32)
