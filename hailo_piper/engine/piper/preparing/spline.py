"""The rewritten splines of the duration predictor have forty nodes each instead of three hundred.

VITS bends a phoneme's noise by a piecewise rational quadratic function (Durkan et al., Neural Spline Flows, 2019), run
backwards. The exported graph picks the values inside the spline's interval, computes these and scatters them back,
index by index; here all values are computed, and those outside are kept as they were. A predictor has three such
splines: nine tenths of the encoder's nodes, and half of its time for a short text.
"""

from dataclasses import dataclass

import numpy as np
import onnxruntime as ort
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper, parser

from hailo_piper.engine.piper.preparing.wiring import Wiring, attribute, read_instead, stage

_BOUND = 5.0
"""Outside of [-bound, bound] the function is the identity."""
_LEAST = 1e-3
"""The least width, height and slope of a bin."""
_TOLERANCE = 1e-4
_PROBE_PHONEMES = 400

_FUNCTION = """
<ir_version: 8, opset_import: ["": 17]>
spline (float[1, rows, phonemes] h, float[1, 1, phonemes] y) => (float[1, 1, phonemes] bent) {
    raw_widths, raw_heights, raw_slopes = Split <axis = 1> (h, parts)
    scaled_widths = Mul (raw_widths, sharpness)
    scaled_heights = Mul (raw_heights, sharpness)
    share_widths = Softmax <axis = 1> (scaled_widths)
    share_heights = Softmax <axis = 1> (scaled_heights)
    grown_widths = Mul (share_widths, spread)
    grown_heights = Mul (share_heights, spread)
    widths = Add (grown_widths, least_side)
    heights = Add (grown_heights, least_side)
    right_from_0 = CumSum (widths, axis)
    top_from_0 = CumSum (heights, axis)
    left_from_0 = Sub (right_from_0, widths)
    bottom_from_0 = Sub (top_from_0, heights)
    lefts = Sub (left_from_0, bound)
    bottoms = Sub (bottom_from_0, bound)
    soft_slopes = Softplus (raw_slopes)
    slopes = Add (soft_slopes, least)
    slopes_before = Pad (slopes, one_before, one)
    slopes_after = Pad (slopes, one_after, one)
    above = GreaterOrEqual (y, bottoms)
    above_number = Cast <to = 7> (above)
    bins_passed = ReduceSum (above_number, axes)
    bin_or_none = Sub (bins_passed, axis)
    bin = Max (bin_or_none, zero)
    bins = Concat <axis = 0> (bin, bin, bin, bin, bin, bin)
    table = Concat <axis = 0> (lefts, widths, bottoms, heights, slopes_before, slopes_after)
    found = GatherElements <axis = 1> (table, bins)
    left, width, bottom, height, slope_before, slope_after = Split <axis = 0> (found, ones)
    slope = Div (height, width)
    risen = Sub (y, bottom)
    slopes_sum = Add (slope_before, slope_after)
    slope_twice = Add (slope, slope)
    bend = Sub (slopes_sum, slope_twice)
    risen_bend = Mul (risen, bend)
    steeper = Sub (slope, slope_before)
    height_steeper = Mul (height, steeper)
    a = Add (risen_bend, height_steeper)
    height_slope = Mul (height, slope_before)
    b = Sub (height_slope, risen_bend)
    c_negative = Mul (slope, risen)
    b_square = Mul (b, b)
    a_c = Mul (a, c_negative)
    a_c_four = Mul (a_c, four)
    discriminant = Add (b_square, a_c_four)
    root = Sqrt (discriminant)
    divisor = Add (b, root)
    c_twice = Add (c_negative, c_negative)
    place = Div (c_twice, divisor)
    offset = Mul (place, width)
    inverted = Add (offset, left)
    magnitude = Abs (y)
    inside = LessOrEqual (magnitude, bound)
    bent = Where (inside, inverted, y)
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spline:
    """A spline as it was exported."""

    kept: str
    """The half of the noise that stays, on which the spline depends."""
    bent: str
    """The half that the spline bends."""
    rows: str
    """Widths, heights and slopes, which a convolution makes from the other half: [1, 3 * bins - 1, phonemes]."""
    result: str
    bins: int
    channels: int
    """Channels of that convolution."""


def join_splines(model: ModelProto) -> int:
    """Rewrite every spline that is recognised and gives the same result when rewritten; return their number."""
    wiring = Wiring(model.graph)
    found = [spline for node in model.graph.node if (spline := _spline(wiring, node)) is not None]
    joined = [spline for spline in found if _agrees(model, spline)]
    for number, spline in enumerate(joined):
        _write(model, spline, f"spline_{number}")
    return len(joined)


def _spline(wiring: Wiring, node: NodeProto) -> _Spline | None:
    """Return the spline whose result this node joins with the half that it depends on."""
    if node.op_type != "Concat" or attribute(node, "axis") != 1 or len(node.input) != 2:
        return None
    kept, result = node.input
    split = wiring.producer(kept, "Split")
    if split is None or len(split.output) != 2 or wiring.producer(result, "ScatterND") is None:
        return None
    bent = next(name for name in split.output if name != kept)
    convolutions = [other.output[0] for other in wiring.graph.node if other.op_type == "Conv"]
    region = wiring.upstream([result], stop=[*split.output, *convolutions])
    read = [name for name in convolutions if name in region]
    if len(read) != 1 or bent not in region or wiring.constants[wiring.producers[read[0]].input[1]].dims[0] % 3 != 2:
        return None
    rows, channels, _ = wiring.constants[wiring.producers[read[0]].input[1]].dims
    return _Spline(kept=kept, bent=bent, rows=read[0], result=result, bins=(rows + 1) // 3, channels=channels)


def _agrees(model: ModelProto, spline: _Spline) -> bool:
    """Return whether both ways give the same for noise inside and outside, and for steep and flat functions."""
    chance = np.random.default_rng(0)
    shapes = {spline.rows: 3 * spline.bins - 1, spline.kept: 1, spline.bent: 1}
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, rows, "phonemes"]) for name, rows in shapes.items()
    ]
    result = helper.make_tensor_value_info(spline.result, TensorProto.FLOAT, None)
    exported = stage(model, inputs, [result])
    if {name for node in exported.graph.node for name in node.input} & {value.name for value in model.graph.input}:
        return False
    feeds = {
        name: chance.normal(0, 10 if name == spline.rows else 3, (1, rows, _PROBE_PHONEMES)).astype(np.float32)
        for name, rows in shapes.items()
    }
    read = {name for node in exported.graph.node for name in node.input}
    unread = [value for value in exported.graph.input if value.name not in read]
    for value in unread:
        exported.graph.input.remove(value)
    (expected,) = _run(exported, {name: array for name, array in feeds.items() if name in read})
    (given,) = _run(_function(spline), {"h": feeds[spline.rows], "y": feeds[spline.bent]})
    return bool(given.shape == expected.shape and np.allclose(given, expected, rtol=_TOLERANCE, atol=_TOLERANCE))


def _run(model: ModelProto, feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    outputs: list[np.ndarray] = session.run(None, feeds)
    return outputs


def _function(spline: _Spline) -> ModelProto:
    """Return the spline as a model of its own."""
    model = parser.parse_model(_FUNCTION)
    bins = spline.bins
    side = 2 * _BOUND
    constants = {
        "parts": np.array([bins, bins, bins - 1]), "ones": np.ones(6, np.int64), "axis": np.array(1),
        "axes": np.array([1]), "zero": np.array(0), "one_before": np.array([0, 1, 0, 0, 0, 0]),
        "one_after": np.array([0, 0, 0, 0, 1, 0]), "sharpness": np.float32(1 / np.sqrt(spline.channels)),
        "spread": np.float32(side * (1 - _LEAST * bins)), "least_side": np.float32(side * _LEAST),
        "least": np.float32(_LEAST), "bound": np.float32(_BOUND), "one": np.float32(1), "four": np.float32(4),
    }  # fmt: skip
    for name, value in constants.items():
        model.graph.initializer.append(numpy_helper.from_array(np.asarray(value), name))
    return model


def _write(model: ModelProto, spline: _Spline, prefix: str) -> None:
    """Put the rewritten spline beside the old one, and make all readers read its result instead."""
    graph, function = model.graph, _function(spline).graph
    names = {"h": spline.rows, "y": spline.bent}
    result = f"{prefix}_bent"
    read_instead(graph, spline.result, result)
    for tensor in function.initializer:
        tensor.name = f"{prefix}_{tensor.name}"
        graph.initializer.append(tensor)
    for node in function.node:
        for fields in (node.input, node.output):
            for position, name in enumerate(fields):
                fields[position] = names.get(name) or f"{prefix}_{name}"
        node.name = f"{prefix}_{node.output[0]}"
        graph.node.append(node)
