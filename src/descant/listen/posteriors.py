"""How likely each piano key sounds, and is struck, at each moment: the posteriors of basic-pitch.

Task: multi-pitch estimation of any instruments together. Source: Bittner, Bosch, Rubinstein, Meseguer-Brocal, Ewert,
"A Lightweight Instrument-Agnostic Model for Polyphonic Note Transcription and Multipitch Estimation" (ICASSP 2022);
the model is the ONNX file in the package ``basic-pitch`` (Apache-2.0), of which no code is run.

Conventions: one frame is 256 samples at 22 050 Hz (11.6 ms), the first stands at 0 s; keys run from A0 (MIDI 21) to C8.
"""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from descant.listen.sampling import mid, resampled

MODEL_RATE = 22_050
HOP = 256
FRAMES_PER_SECOND = MODEL_RATE / HOP
LOWEST = 21
"""MIDI number of the first key."""

KEYS = 88
CONTOUR_STEPS = 3
"""Bins a semitone of ``contour``; the middle one of each three is in tune."""

_WINDOW = 43_844
"""Samples the model takes at once: 172 frames."""

_EDGE = 15
"""Frames at each end of a window that lack their surroundings and are not used."""

_USED = 172 - 2 * _EDGE
_INPUT = "serving_default_input_2:0"
_OUTPUTS = ["StatefulPartitionedCall:2", "StatefulPartitionedCall:1", "StatefulPartitionedCall:0"]


class ModelMissing(Exception):
    """The package that carries the model is not installed."""


@dataclass(frozen=True)
class Posteriors:
    """Probabilities 0–1 by frame.

    Attributes
    ----------
    onset : (frames, 88), a key is struck; ``note`` : (frames, 88), a key sounds.
    contour : (frames, 264), a pitch sounds, in thirds of a semitone from a third below A0.
    """

    onset: NDArray[np.float32]
    note: NDArray[np.float32]
    contour: NDArray[np.float32]


def model_path() -> Path:
    """Return the model's file.

    Raises
    ------
    ModelMissing : when ``basic-pitch`` is not installed (``make install`` brings it, see requirements/models.txt).
    """
    spec = find_spec("basic_pitch")
    for folder in (spec.submodule_search_locations if spec else None) or ():
        path = Path(folder) / "saved_models" / "icassp_2022" / "nmp.onnx"
        if path.is_file():
            return path
    raise ModelMissing("the note model is not installed: pip install --no-deps -r requirements/models.txt")


@cache
def _session() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # sums in one order: the same bits every time
    return onnxruntime.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])


def posteriors(audio: NDArray[np.float32]) -> Posteriors:
    """Return the posteriors of a recording, float32 (samples, 2) or of one channel (samples,) at 48 kHz.

    Raises
    ------
    ModelMissing : see :func:`model_path`.
    """
    sound = resampled(audio if audio.ndim == 1 else mid(audio), MODEL_RATE)
    frames = len(sound) // HOP + 1
    padded = np.concatenate([np.zeros(_EDGE * HOP, np.float32), sound, np.zeros(_WINDOW, np.float32)])
    onset, note, contour = (np.empty((frames, keys), np.float32) for keys in (KEYS, KEYS, CONTOUR_STEPS * KEYS))
    for first in range(0, frames, _USED):  # one by one: batches are no faster and take memory
        window = padded[first * HOP : first * HOP + _WINDOW]
        outputs = _session().run(_OUTPUTS, {_INPUT: window[None, :, None]})
        last = min(first + _USED, frames)
        for found, out in zip((onset, note, contour), outputs, strict=True):
            found[first:last] = out[0, _EDGE : _EDGE + last - first]
    return Posteriors(onset, note, contour)
