"""Makes more voices out of the embedded one, so that there is something to choose from.

en_US-joe_low-low      the same sound at 16 000 Hz, filtered and resampled inside the graph
en_US-joe_multi-medium three speakers: `sid` picks a factor on the pitch, at the same speed
es_ES-joe-medium       the same model, pronounced by espeak-ng's Spanish
en_US-joe_table-medium three speakers in a table, as Piper's own voices have them; it is made apart from the others
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

TABLE = "en_US-joe_table-medium"
LOUDNESS = (1.0, 0.25, 0.5)
SLOWNESS = (1.0, 1.0, 1.5)
"""Of each speaker of TABLE: factors on joe's amplitude, and on the durations before they are rounded."""
_TIMBRES = (0.0, 0.5, -0.5)

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


def make_voice_with_table(directory: Path) -> Path:
    """Write TABLE into the directory; return the path of its model. The first speaker is joe."""
    directory.mkdir(parents=True, exist_ok=True)
    source = embedded_model_path()
    facts = json.loads(Path(f"{source}.json").read_text(encoding="utf-8"))
    speakers = {"joe": 0, "soft": 1, "slow": 2}
    _save(_with_table(onnx.load(str(source))), directory / TABLE, facts, num_speakers=3, speaker_id_map=speakers)
    return directory / f"{TABLE}.onnx"


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


def _with_table(model: onnx.ModelProto) -> onnx.ModelProto:
    """Speakers differ as in a VITS of many: `emb_g` conditions the durations, and the decoder at both of its ends."""
    graph, node = model.graph, helper.make_node
    for reader in graph.node:
        reader.input[:] = ["not_sid" if name == "sid" else name for name in reader.input]
    for constant in graph.initializer:
        constant.name = "not_sid" if constant.name == "sid" else constant.name
    graph.input.append(helper.make_tensor_value_info("sid", TensorProto.INT64, [1]))
    table = np.array([LOUDNESS, SLOWNESS, _TIMBRES], np.float32).T
    _constant(graph, "emb_g.weight", table)
    entry = next(one for one in graph.node if one.op_type == "ConvTranspose").input[0]
    rectified = next(one for one in graph.node if entry in one.output)
    ceil = next(one for one in graph.node if one.op_type == "Ceil")
    first = next(one for one in graph.node if rectified.input[0] in one.output)
    channels = next(c for c in graph.initializer if c.name == first.input[1]).dims[0]
    chance = np.random.default_rng(0)
    for name, rows in (("louder", np.eye(3)[:1]), ("slower", np.eye(3)[1:2])):
        _constant(graph, f"{name}.weight", rows.astype(np.float32)[:, :, None])
    timbre = np.zeros((channels, 3, 1), np.float32)
    timbre[:, 2, 0] = chance.normal(0, 0.1, channels)
    _constant(graph, "dec.cond.weight", timbre)
    _constant(graph, "last_axis", np.array([2]))
    drawn, spoken = ceil.input[0], first.output[0]
    ceil.input[0], rectified.input[0] = "slower_durations", "conditioned"
    graph.node.extend(
        [
            node("Gather", ["emb_g.weight", "sid"], ["/emb_g/Gather_output_0"], name="/emb_g/Gather"),
            node("Unsqueeze", ["/emb_g/Gather_output_0", "last_axis"], ["g"]),
            node("Conv", ["g", "slower.weight"], ["slowness"], kernel_shape=[1]),
            node("Mul", [drawn, "slowness"], ["slower_durations"]),
            node("Conv", ["g", "dec.cond.weight"], ["timbre"], kernel_shape=[1]),
            node("Add", [spoken, "timbre"], ["conditioned"]),
            node("Conv", ["g", "louder.weight"], ["loudness"], kernel_shape=[1]),
            node("Mul", ["joes_output", "loudness"], ["output"]),
        ]
    )
    for one in graph.node[:-1]:
        one.output[:] = ["joes_output" if name == "output" else name for name in one.output]
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
