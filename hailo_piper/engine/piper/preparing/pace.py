"""Gives the encoder a speed: a slower one has more frames, exact to half a frame, a faster one has them spread evenly.

A voice has a whole number of frames for each phoneme: Ceil of a duration. A smaller duration scale only moves what is
rounded up, so that half of it is far more than half of the speech. Here the whole numbers are changed. A slower voice
draws out all alike. A faster one keeps as many frames as it had, for a stretch to shorten afterwards, and takes some
from its long phonemes for the short ones: those would be the first that nobody understands. What rounding gives to one
phoneme is taken from the next; speed 1 changes nothing.
"""

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from hailo_piper.engine.piper.prepared.errors import CannotCut
from hailo_piper.engine.piper.preparing.wiring import pruned, read_instead

SPEED_INPUT = "speed"
_EVENING = 1.0
"""How fast the exponent of a duration falls from 1 as the speed rises from 1."""
_EVENEST = 0.7
"""The least exponent: 9 frames beside 1 become 4.7 beside 1, of as many in all."""
_CONSTANTS = {
    "pace_axis": np.array(-1),
    "pace_half": np.array([0.5], np.float32),
    "pace_one": np.ones(1, np.float32),
    "pace_evening": np.array([_EVENING], np.float32),
    "pace_evenest": np.array([_EVENEST], np.float32),
    "pace_zero": np.zeros((1, 1, 1), np.float32),
    "pace_from": np.array([0]),
    "pace_to": np.array([-1]),
    "pace_along": np.array([2]),
}


def paced(encoder: ModelProto) -> ModelProto:
    """The encoder with an input of one number, `speed`: 0.5 makes twice as many frames. Raises CannotCut."""
    found = [node for node in encoder.graph.node if node.op_type == "Ceil"]
    if len(found) != 1:
        raise CannotCut("the durations of the phonemes are not found")
    result = ModelProto()
    result.CopyFrom(encoder)
    frames = found[0].output[0]
    read_instead(result.graph, frames, "paced_frames")
    result.graph.node.extend([*_evened(frames), *_rounded()])
    result.graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in _CONSTANTS.items())
    result.graph.input.append(helper.make_tensor_value_info(SPEED_INPUT, TensorProto.FLOAT, [1]))
    return pruned(result)


def _evened(frames: str) -> list[NodeProto]:
    """Each phoneme's share of all frames, by a power of what it had: at speed 1 and below, by the first power."""
    node = helper.make_node
    return [
        node("Min", [SPEED_INPUT, "pace_one"], ["pace_slower"]),
        node("Max", [SPEED_INPUT, "pace_one"], ["pace_faster"]),
        node("Sub", ["pace_faster", "pace_one"], ["pace_gain"]),
        node("Mul", ["pace_gain", "pace_evening"], ["pace_fall"]),
        node("Sub", ["pace_one", "pace_fall"], ["pace_fallen"]),
        node("Max", ["pace_fallen", "pace_evenest"], ["pace_exponent"]),
        node("Pow", [frames, "pace_exponent"], ["pace_powers"]),
        node("ReduceSum", [frames], ["pace_all"]),
        node("ReduceSum", ["pace_powers"], ["pace_all_powers"]),
        node("Div", ["pace_all", "pace_all_powers"], ["pace_unit"]),
        node("Mul", ["pace_powers", "pace_unit"], ["pace_evened"]),
    ]


def _rounded() -> list[NodeProto]:
    """Where each phoneme ends, in whole frames; from the end before it to its own is what it has."""
    node = helper.make_node
    return [
        node("CumSum", ["pace_evened", "pace_axis"], ["pace_end"]),
        node("Div", ["pace_end", "pace_slower"], ["pace_end_exact"]),
        node("Add", ["pace_end_exact", "pace_half"], ["pace_end_half_on"]),
        node("Floor", ["pace_end_half_on"], ["pace_end_rounded"]),
        node("Slice", ["pace_end_rounded", "pace_from", "pace_to", "pace_along"], ["pace_other_ends"]),
        node("Concat", ["pace_zero", "pace_other_ends"], ["pace_begin_rounded"], axis=2),
        node("Sub", ["pace_end_rounded", "pace_begin_rounded"], ["paced_frames"]),
    ]
