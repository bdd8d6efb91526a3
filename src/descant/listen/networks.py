"""Small networks that the project trained itself: dense layers, read from an ``.npz`` file beside the code.

The files are written by ``python -m training`` (the recipes are in ``training/``). Layers are rectified, the last one
is logistic: outputs are probabilities.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit


@dataclass(frozen=True)
class Network:
    """Dense layers after a shift and a scaling of the inputs.

    Attributes
    ----------
    mean, scale : of each input; what goes in is ``(input − mean) · scale``.
    weights, biases : of each layer, (inputs, outputs) and (outputs,).
    """

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    weights: tuple[NDArray[np.float32], ...]
    biases: tuple[NDArray[np.float32], ...]

    def __call__(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the probabilities (rows, outputs) for rows of inputs."""
        return np.asarray(expit(self.logits(inputs)), np.float32)

    def logits(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the last layer's sums (rows, outputs), for networks whose outputs are chances of one choice."""
        values = (inputs - self.mean) * self.scale
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            values = np.maximum(values @ weight + bias, np.float32(0.0))
        return np.asarray(values @ self.weights[-1] + self.biases[-1], np.float32)


@cache
def load(name: str) -> Network:
    """Return the network of the file ``name.npz`` of this package."""
    with files("descant.listen").joinpath(f"{name}.npz").open("rb") as file:
        data = np.load(file)
        layers = len([key for key in data.files if key.startswith("weight")])
        weights = tuple(data[f"weight{i}"].astype(np.float32) for i in range(layers))
        biases = tuple(data[f"bias{i}"].astype(np.float32) for i in range(layers))
        return Network(data["mean"].astype(np.float32), data["scale"].astype(np.float32), weights, biases)
