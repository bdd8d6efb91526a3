"""Tiny networks for tests, made here: arithmetic whose result is known."""

import hashlib
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, external_data_helper, helper, numpy_helper

Shape = list[int | str]


def separator(path: Path, gains: tuple[float, ...]) -> str:
    """Write a network whose sources are the sound times each gain; return its sum."""
    gain = numpy_helper.from_array(np.array(gains, np.float32).reshape(1, -1, 1, 1), "gain")
    axis = numpy_helper.from_array(np.array([1], np.int64), "axis")
    nodes = [helper.make_node("Unsqueeze", ["mix", "axis"], ["one"]), helper.make_node("Mul", ["one", "gain"], ["out"])]
    return _write(path, nodes, [gain, axis], ("mix", [1, 2, "n"]), {"out": [1, len(gains), 2, "n"]})


def beats(path: Path, beat: float, downbeat: float) -> str:
    """Write a network whose logits are the frames' mean level above ``beat``, and ``downbeat``; return its sum."""
    names = {"low": beat, "high": downbeat}
    constants = [numpy_helper.from_array(np.array([level], np.float32), name) for name, level in names.items()]
    nodes = [
        helper.make_node("ReduceMean", ["mel"], ["mean"], axes=[2], keepdims=0),
        helper.make_node("Sub", ["mean", "low"], ["beat"]),
        helper.make_node("Sub", ["mean", "high"], ["downbeat"]),
    ]
    return _write(path, nodes, constants, ("mel", [1, "t", 128]), {"beat": [1, "t"], "downbeat": [1, "t"]})


def windows(path: Path, levels: tuple[float, ...], hop: int, window: int) -> str:
    """Write a network as :func:`letters` that hears each frame in ``window`` samples, and so gives fewer frames."""
    mean = numpy_helper.from_array(np.full((1, 1, window), 1.0 / window, np.float32), "kernel")
    level = numpy_helper.from_array(np.array(levels, np.float32).reshape(1, 1, -1), "level")
    steep = numpy_helper.from_array(np.array([-200.0], np.float32), "steep")
    axis = numpy_helper.from_array(np.array([1], np.int64), "axis")
    nodes = [
        helper.make_node("Unsqueeze", ["sound", "axis"], ["channel"]),
        helper.make_node("Conv", ["channel", "kernel"], ["means"], strides=[hop]),
        helper.make_node("Transpose", ["means"], ["mean"], perm=[0, 2, 1]),
        helper.make_node("Sub", ["mean", "level"], ["away"]),
        helper.make_node("Abs", ["away"], ["distance"]),
        helper.make_node("Mul", ["distance", "steep"], ["logits"]),
    ]
    constants = [mean, level, steep, axis]
    return _write(path, nodes, constants, ("sound", [1, "n"]), {"logits": [1, "t", len(levels)]})


def letters(path: Path, levels: tuple[float, ...], hop: int) -> str:
    """Write a network that hears label ``i`` where a frame's mean is ``levels[i]``."""
    shape = numpy_helper.from_array(np.array([1, -1, hop], np.int64), "shape")
    level = numpy_helper.from_array(np.array(levels, np.float32).reshape(1, 1, -1), "level")
    steep = numpy_helper.from_array(np.array([-200.0], np.float32), "steep")
    nodes = [
        helper.make_node("Reshape", ["sound", "shape"], ["frames"]),
        helper.make_node("ReduceMean", ["frames"], ["mean"], axes=[2], keepdims=1),
        helper.make_node("Sub", ["mean", "level"], ["away"]),
        helper.make_node("Abs", ["away"], ["distance"]),
        helper.make_node("Mul", ["distance", "steep"], ["logits"]),
    ]
    return _write(path, nodes, [shape, level, steep], ("sound", [1, "n"]), {"logits": [1, "t", len(levels)]})


def elsewhere(path: Path, gain: float) -> str:
    """Write a network that keeps its one weight in a file beside it; return its sum."""
    weight = numpy_helper.from_array(np.array([gain], np.float32), "gain")
    external_data_helper.set_external_data(weight, path.with_suffix(".data").name)
    path.with_suffix(".data").write_bytes(weight.raw_data)
    weight.ClearField("raw_data")
    nodes = [helper.make_node("Mul", ["mix", "gain"], ["out"])]
    return _write(path, nodes, [weight], ("mix", [1, 2, "n"]), {"out": [1, 2, "n"]})


def _write(
    path: Path,
    nodes: list[onnx.NodeProto],
    constants: list[onnx.TensorProto],
    source: tuple[str, Shape],
    results: dict[str, Shape],
) -> str:
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(source[0], TensorProto.FLOAT, source[1])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in results.items()],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path.write_bytes(model.SerializeToString())
    return hashlib.sha256(path.read_bytes()).hexdigest()
