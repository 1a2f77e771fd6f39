"""Gives the encoder a speed: each phoneme keeps its share of the frames, and all of them have as many as asked for.

A voice has a whole number of frames for each phoneme: Ceil of a duration. A smaller duration scale only moves what is
rounded up, so that half of it is far more than half of the speech. Here the whole numbers are divided, and what
rounding gives to one phoneme is taken from the next: the sum is right to half a frame, and speed 1 changes nothing.
"""

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from hailo_piper.graph.errors import CannotCut
from hailo_piper.graph.wiring import pruned, read_instead

SPEED_INPUT = "speed"


def paced(encoder: ModelProto) -> ModelProto:
    """The encoder with an input of one number, `speed`: 2 makes half as many frames. Raises CannotCut."""
    found = [node for node in encoder.graph.node if node.op_type == "Ceil"]
    if len(found) != 1:
        raise CannotCut("the durations of the phonemes are not found")
    result = ModelProto()
    result.CopyFrom(encoder)
    frames = found[0].output[0]
    read_instead(result.graph, frames, "paced_frames")
    result.graph.node.extend(_nodes(frames))
    result.graph.initializer.extend([
        numpy_helper.from_array(np.array(-1), "pace_axis"),
        numpy_helper.from_array(np.array([0.5], np.float32), "pace_half"),
    ])  # fmt: skip
    result.graph.input.append(helper.make_tensor_value_info(SPEED_INPUT, TensorProto.FLOAT, [1]))
    return pruned(result)


def _nodes(frames: str) -> list[NodeProto]:
    """Where each phoneme ends and begins at that speed, in whole frames; between them is what it has."""
    node = helper.make_node
    ends = [node("CumSum", [frames, "pace_axis"], ["pace_end"]), node("Sub", ["pace_end", frames], ["pace_begin"])]
    for place in ("pace_end", "pace_begin"):
        ends += [
            node("Div", [place, SPEED_INPUT], [f"{place}_exact"]),
            node("Add", [f"{place}_exact", "pace_half"], [f"{place}_half_on"]),
            node("Floor", [f"{place}_half_on"], [f"{place}_rounded"]),
        ]
    return [*ends, node("Sub", ["pace_end_rounded", "pace_begin_rounded"], ["paced_frames"])]
