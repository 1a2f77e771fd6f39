"""The encoder gets a speed: slower speech has more frames, faster speech spreads them more evenly.

Piper's duration scale cannot give the speed asked for: the duration of each phoneme is rounded up to whole frames, so
half the scale leaves far more than half of the speech. Here the whole numbers are changed instead, and what rounding
gives to one phoneme is taken from the next. From 0.5 to 1 all phonemes are drawn out alike, and the speech is as long
as it should be, to half a frame; below 0.5, a stretch adds what is missing. Faster speech keeps as many frames as it
had, and all the shortening is a stretch that keeps the pitch (`audio.ffmpeg.tempo`), sentence by sentence. It takes
frames from its long phonemes for the short ones, which would be the first that nobody understands: of 30 sentences at
twice the speed, a tiny recogniser then hears 10 % of the words wrong, without that 13 %, and 15 % where the frames were
divided by the speed. Speed 1 changes nothing. A voice that is spoken whole is only stretched.
"""

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from hailo_piper.engine.piper.prepared.errors import CannotCut
from hailo_piper.engine.piper.preparing.wiring import pruned, read_instead

SPEED_INPUT, PACES_INPUT, FRAMES_OUTPUT = "speed", "paces", "paced_frames"
_EVENING = 1.0
"""The fall of a duration's exponent from 1, per rise of the speed from 1."""
_EVENEST = 0.7
"""The least exponent: phonemes of 9 frames and of 1 then share the same frames as 4.7 to 1."""
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
    """Return the encoder with an input `speed` (float32 [1]); 0.5 makes twice as many frames. Raises CannotCut.

    An input `paces` (float32 [1, 1, ids]) does so for each phoneme id alone; with 1 all is as it was, to the bit. The
    output `paced_frames` (float32 [1, 1, ids]) tells how many whole frames each phoneme id has.
    """
    found = [node for node in encoder.graph.node if node.op_type == "Ceil"]
    if len(found) != 1:
        raise CannotCut("the durations of the phonemes are not found")
    result = ModelProto()
    result.CopyFrom(encoder)
    frames = found[0].output[0]
    read_instead(result.graph, frames, FRAMES_OUTPUT)
    result.graph.node.extend([*_evened(frames), *_rounded()])
    result.graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in _CONSTANTS.items())
    result.graph.output.append(helper.make_tensor_value_info(FRAMES_OUTPUT, TensorProto.FLOAT, [1, 1, "ids"]))
    result.graph.input.append(helper.make_tensor_value_info(SPEED_INPUT, TensorProto.FLOAT, [1]))
    result.graph.input.append(helper.make_tensor_value_info(PACES_INPUT, TensorProto.FLOAT, [1, 1, "ids"]))
    return pruned(result)


def _evened(frames: str) -> list[NodeProto]:
    """Return nodes that share all frames out by a power of each phoneme's own; at speed 1 and below, by the first."""
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
    """Return nodes that round the end of each phoneme to whole frames; its frames go from the end before to its own."""
    node = helper.make_node
    return [
        node("Div", ["pace_evened", PACES_INPUT], ["pace_paced"]),
        node("CumSum", ["pace_paced", "pace_axis"], ["pace_end"]),
        node("Div", ["pace_end", "pace_slower"], ["pace_end_exact"]),
        node("Add", ["pace_end_exact", "pace_half"], ["pace_end_half_on"]),
        node("Floor", ["pace_end_half_on"], ["pace_end_rounded"]),
        node("Slice", ["pace_end_rounded", "pace_from", "pace_to", "pace_along"], ["pace_other_ends"]),
        node("Concat", ["pace_zero", "pace_other_ends"], ["pace_begin_rounded"], axis=2),
        node("Sub", ["pace_end_rounded", "pace_begin_rounded"], [FRAMES_OUTPUT]),
    ]
