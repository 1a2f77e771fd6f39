"""Makes three more voices out of the embedded one, so that there is something to choose from.

en_US-joe_low-low      the same sound at 16 000 Hz, filtered and resampled inside the graph
en_US-joe_multi-medium three speakers: `sid` picks a factor on the pitch, at the same speed
es_ES-joe-medium       the same model, pronounced by espeak-ng's Spanish
"""

import copy
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from hailo_piper.voices.voice import embedded_model_path

LOW, MULTI, SPANISH = "en_US-joe_low-low", "en_US-joe_multi-medium", "es_ES-joe-medium"
PITCHES = {"mid": 1.0, "high": 1.2, "low": 0.85}
"""Speaker of MULTI to the factor on the pitch."""

_RATE, _LOW_RATE = 22050, 16000
_CUTOFF_HZ, _TAPS = 7300.0, 63


def make_derived_voices(directory: Path) -> None:
    """Write all three into the directory."""
    directory.mkdir(parents=True, exist_ok=True)
    source = embedded_model_path()
    facts = json.loads(Path(f"{source}.json").read_text(encoding="utf-8"))
    model = onnx.load(str(source))

    _save(
        _at_low_rate(copy.deepcopy(model)), directory / LOW, facts, audio={"sample_rate": _LOW_RATE, "quality": "low"}
    )
    speakers = {name: number for number, name in enumerate(PITCHES)}
    _save(_with_speakers(model), directory / MULTI, facts, num_speakers=len(PITCHES), speaker_id_map=speakers)
    spanish = {"code": "es_ES", "family": "es", "region": "ES"}
    (directory / f"{SPANISH}.onnx").symlink_to(source)
    _write_facts(directory / SPANISH, facts, espeak={"voice": "es"}, language=spanish)


def _save(model: onnx.ModelProto, path: Path, facts: dict[str, Any], **changes: Any) -> None:
    onnx.save(model, f"{path}.onnx")
    _write_facts(path, facts, **changes)


def _write_facts(path: Path, facts: dict[str, Any], **changes: Any) -> None:
    Path(f"{path}.onnx.json").write_text(json.dumps({**facts, **changes}), encoding="utf-8")


def _at_low_rate(model: onnx.ModelProto) -> onnx.ModelProto:
    graph = model.graph
    times = np.arange(_TAPS) - (_TAPS - 1) / 2
    filtering = np.sinc(2 * _CUTOFF_HZ / _RATE * times) * np.hamming(_TAPS)
    _constant(graph, "lowpass", (filtering / filtering.sum()).astype(np.float32)[None, None])
    _constant(graph, "rate_ratio", np.array([1, 1, _LOW_RATE / _RATE], np.float32))
    _take_output(graph, "full_rate")
    convolve = helper.make_node("Conv", ["full_rate", "lowpass"], ["filtered"], kernel_shape=[_TAPS], pads=[31, 31])
    graph.node.append(convolve)
    _resize(graph, "filtered", "rate_ratio")
    return model


def _with_speakers(model: onnx.ModelProto) -> onnx.ModelProto:
    """Speech that is made slower by a factor and then played faster by it has a higher pitch."""
    graph = model.graph
    # Whatever has the name that the input needs gets another.
    for node in graph.node:
        node.input[:] = [
            "not_sid" if name == "sid" else "scales_of_sid" if name == "scales" else name for name in node.input
        ]
    for constant in graph.initializer:
        constant.name = "not_sid" if constant.name == "sid" else constant.name
    graph.input.append(helper.make_tensor_value_info("sid", TensorProto.INT64, [1]))
    _constant(graph, "pitches", np.array(list(PITCHES.values()), np.float32))
    _constant(graph, "one", np.ones(1, np.float32))
    _constant(graph, "two_ones", np.ones(2, np.float32))
    opening = [
        helper.make_node("Gather", ["pitches", "sid"], ["pitch"]),
        helper.make_node("Concat", ["one", "pitch", "one"], ["scale_factors"], axis=0),
        helper.make_node("Mul", ["scales", "scale_factors"], ["scales_of_sid"]),
        helper.make_node("Reciprocal", ["pitch"], ["shortening"]),
        helper.make_node("Concat", ["two_ones", "shortening"], ["shape_ratio"], axis=0),
    ]
    for place, node in enumerate(opening):
        graph.node.insert(place, node)
    _take_output(graph, "unpitched")
    _resize(graph, "unpitched", "shape_ratio")
    return model


def _take_output(graph: onnx.GraphProto, name: str) -> None:
    """Give the graph's output this name and the shape [1, 1, samples], so that more can follow it."""
    for node in graph.node:
        node.output[:] = [f"{name}_as_it_was" if output == "output" else output for output in node.output]
    _reshape(graph, f"{name}_as_it_was", name, (1, 1, -1))


def _resize(graph: onnx.GraphProto, source: str, ratio: str) -> None:
    attributes = {"mode": "linear", "coordinate_transformation_mode": "asymmetric"}
    graph.node.append(helper.make_node("Resize", [source, "", ratio], ["resized"], **attributes))
    _reshape(graph, "resized", "output", (1, 1, 1, -1))


def _reshape(graph: onnx.GraphProto, source: str, target: str, shape: Sequence[int]) -> None:
    _constant(graph, f"shape_of_{target}", np.array(shape, np.int64))
    graph.node.append(helper.make_node("Reshape", [source, f"shape_of_{target}"], [target]))


def _constant(graph: onnx.GraphProto, name: str, value: NDArray[Any]) -> None:
    graph.initializer.append(numpy_helper.from_array(value, name))
