"""The list of a folder's networks: ``weights.toml``, checked entry by entry, and the sums of its files."""

import hashlib
import os
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
import onnxruntime
from msgspec import Meta
from numpy.typing import NDArray

MANIFEST = "weights.toml"
Sum = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, Meta(gt=0)]


class WeightsError(Exception):
    """A folder of weights that cannot be used; the text says which file, what is wrong and what was expected."""


class Separator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A network that takes sound apart: (1, 2, samples) in, (1, sources, 2, samples) out.

    ``sources`` are the stems in the network's order, by the names of :class:`~descant.song.score.Role` or "other";
    ``rate`` its samples a second, ``segment`` the samples it takes at once, ``quality`` the signal-to-distortion ratio
    in dB that its authors give.
    """

    name: str
    file: str
    sha256: Sum
    sources: tuple[str, ...]
    segment: Count
    rate: Count = 44_100
    quality: float = 0.0


class Beats(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A network that hears beats: log-mel frames (1, frames, 128) in, logits of beats and downbeats (1, frames) out."""

    name: str
    file: str
    sha256: Sum
    segment: Count = 1500


class Aligner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A network that hears letters: (1, samples) in, logits (1, frames, labels) out; label 0 is the blank of CTC.

    ``rate`` is in samples a second, ``hop`` the samples of a frame.
    """

    name: str
    file: str
    sha256: Sum
    labels: tuple[str, ...]
    hop: Count = 320
    rate: Count = 16_000


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a folder holds, each at most once."""

    separator: Separator | None = None
    beats: Beats | None = None
    aligner: Aligner | None = None


def read(folder: Path) -> Manifest:
    """Return the manifest of a folder.

    Raises
    ------
    WeightsError : when there is none, or it says what it must not.
    """
    path = folder / MANIFEST
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Manifest)
    except OSError as error:
        raise WeightsError(f"{path} cannot be read: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise WeightsError(f"{path}: {error}") from error


class Network:
    """A network that is open: one array in, arrays out."""

    def __init__(self, name: str, session: onnxruntime.InferenceSession) -> None:
        self._name, self._session = name, session
        self._input = session.get_inputs()[0].name

    def __call__(self, values: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """Return what the network makes of an array.

        Raises
        ------
        WeightsError : when it fails on it, or gives what are no numbers.
        """
        try:
            found = [np.asarray(out, np.float32) for out in self._session.run(None, {self._input: values})]
        except Exception as error:  # onnxruntime's own exceptions share no other class
            raise WeightsError(f"{self._name} fails on an input of shape {values.shape}: {error}") from error
        if not all(np.isfinite(out.sum(dtype=np.float64)) for out in found):
            raise WeightsError(f"{self._name} gives values that are no numbers")
        return found

    def wrong(self, found: NDArray[np.float32], expected: str) -> WeightsError:
        """Return the error that says that an output has another shape than it must have."""
        return WeightsError(f"{self._name} gives an output of shape {found.shape}; expected {expected}")


def open_network(folder: Path, entry: Separator | Beats | Aligner) -> Network:
    """Return the network of an entry, whose file is what its sum says.

    The whole network must be in that file: weights that one keeps in others would be read without their sums.

    Raises
    ------
    WeightsError : when the file is missing, lies outside the folder, is another one, or is no ONNX.
    """
    path = folder / entry.file
    if not path.resolve().is_relative_to(folder.resolve()):
        raise WeightsError(f"{folder / MANIFEST}: {entry.file!r} lies outside the folder")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WeightsError(f"{path} cannot be read: {error.strerror}") from error
    found = hashlib.sha256(data).hexdigest()
    if found != entry.sha256:
        raise WeightsError(f"{path} has the SHA-256 {found}, not {entry.sha256} as {MANIFEST} says: not loaded")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", os.devnull)
    try:
        session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise WeightsError(f"{path} is no network that onnxruntime can run: {error}") from error
    return Network(f"{entry.name} ({entry.file})", session)
