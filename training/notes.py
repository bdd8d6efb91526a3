"""The note network: where keys are struck and where they sound, from the posteriors of basic-pitch and the spectrum."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from descant.listen import keyboard
from descant.listen.posteriors import FRAMES_PER_SECOND, LOWEST, MODEL_RATE, posteriors
from descant.listen.sampling import mid, resampled
from descant.song.streams import stream
from training import fitting
from training.renders import Render, renders

TARGET = Path(keyboard.__file__).with_name("note_network.npz")
COUNT = 110
HIDDEN = (64, 32)
EPOCHS = 6
NEAR_ONSETS, SOUNDING, TEMPTING, OTHERS = 0.8, 0.12, 0.15, 0.004
"""Share of the rows learned from: around strikes, while a key sounds, where posteriors are not near zero, elsewhere."""


def train() -> None:
    """Render, train, and write the network beside the code that uses it."""
    fitting.learn(renders(COUNT), examples, HIDDEN, EPOCHS, 1, TARGET)


def examples(render: Render, number: int) -> fitting.Examples:
    """Return inputs, targets (struck, sounding) and weights of rows drawn from a recording."""
    heard = posteriors(render.audio)
    level = keyboard.levels(resampled(mid(render.audio), MODEL_RATE), len(heard.note))
    struck, sounding, near = _truth(render.notes, len(heard.note))
    tempting = np.maximum(heard.note, heard.onset) > 0.12
    share = np.select([near, sounding, tempting], [NEAR_ONSETS, SOUNDING, TEMPTING], OTHERS).astype(np.float32)
    chosen = stream(number, "training.rows").random(share.shape) < share
    inputs, step = [], 512
    for first in range(0, len(chosen), step):
        last = min(first + step, len(chosen))
        rows = keyboard.inputs(heard, level, first, last)
        inputs.append(rows[chosen[first:last].reshape(-1)].astype(np.float16))
    targets = np.stack([struck[chosen], sounding[chosen].astype(np.float32)], axis=1)
    return np.concatenate(inputs), targets, np.minimum(1.0 / share[chosen], 30.0)


def _truth(notes: NDArray[np.float64], frames: int) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return for each frame and key whether it is struck (half a frame beside), sounds, and is near a strike."""
    struck = np.zeros((frames, keyboard.KEYS), np.float32)
    sounding, near = np.zeros(struck.shape, bool), np.zeros(struck.shape, bool)
    for start, stop, pitch in notes:
        key, at, end = int(pitch) - LOWEST, round(start * FRAMES_PER_SECOND), round(stop * FRAMES_PER_SECOND)
        if not (0 <= key < keyboard.KEYS and at < frames):
            continue
        for offset, value in ((-2, 0.3), (-1, 0.8), (0, 1.0), (1, 0.8), (2, 0.3)):
            if 0 <= at + offset < frames:
                struck[at + offset, key] = max(struck[at + offset, key], value)
        sounding[at : max(end, at + 2), key] = True
        near[max(0, at - 8) : at + 10, key] = True
    return struck, sounding, near
