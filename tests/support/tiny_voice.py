"""A voice of a few kilobytes with the parts of a VITS: encoder, noise, flow, decoder, and many speakers."""

from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper, parser

SPEAKERS = 3
SAMPLES_PER_FRAME = 8
FEATURES_PER_FRAME = 4
FLOW_STEPS = ((1, 7), (4, 2))
SYMBOLS, CHANNELS, SPEAKER_CHANNELS = 20, 6, 4

HEAD = """
<ir_version: 8, opset_import: ["": 15]>
voice (int64[batch, phonemes] input, int64[batch] input_lengths, float[3] scales, int64[batch] sid)
   => (float[batch, 1, 1, time] output)
{
"""
ENCODER = """
    zero = Constant <value = int64 {0}> ()
    one = Constant <value = int64 {1}> ()
    first = Constant <value = int64[1] {0}> ()
    second = Constant <value = int64[1] {1}> ()
    last = Constant <value = int64[1] {2}> ()
    noise_scale = Gather <axis = 0> (scales, zero)
    length_scale = Gather <axis = 0> (scales, one)
    g_row = Gather (speaker_table, sid)
    g = Unsqueeze (g_row, last)
    embedded = Gather (symbol_table, input)
    x = Transpose <perm = [0, 2, 1]> (embedded)
    x_shape = Shape (x)
    x_count = Gather <axis = 0> (x_shape, two)
    x_range = Range (zero, x_count, one)
    x_places = Unsqueeze (x_range, first)
    x_ends = Unsqueeze (input_lengths, second)
    x_inside = Less (x_places, x_ends)
    x_inside_wide = Unsqueeze (x_inside, second)
    x_mask = Cast <to = 1> (x_inside_wide)
    x_clean = Mul (x, x_mask)
    h_raw = Conv <kernel_shape = [3], pads = [1, 1]> (x_clean, w_text)
    g_text = Conv <kernel_shape = [1]> (g, w_text_g)
    h = Add (h_raw, g_text)
    log_seconds = Conv <kernel_shape = [1]> (h, w_duration)
    seconds = Exp (log_seconds)
    seconds_clean = Mul (seconds, x_mask)
    seconds_scaled = Mul (seconds_clean, length_scale)
    durations = Ceil (seconds_scaled)
    total = ReduceSum <keepdims = 0> (durations, ones_and_two)
    y_lengths = Cast <to = 7> (total)
    y_count = ReduceMax <keepdims = 0> (y_lengths)
    y_range = Range (zero, y_count, one)
    y_places = Unsqueeze (y_range, first)
    y_ends = Unsqueeze (y_lengths, second)
    y_inside = Less (y_places, y_ends)
    y_inside_wide = Unsqueeze (y_inside, second)
    y_mask = Cast <to = 1> (y_inside_wide)
    ends_float = CumSum (durations, two)
    ends_row = Reshape (ends_float, column)
    ends = Cast <to = 7> (ends_row)
    passed_bool = LessOrEqual (ends, y_places)
    passed = Cast <to = 7> (passed_bool)
    index = ReduceSum <keepdims = 0> (passed, first)
    mean = Gather <axis = 2> (h, index)
    noise = RandomNormalLike <dtype = 1> (mean)
    noise_scaled = Mul (noise, noise_scale)
    latent = Add (mean, noise_scaled)
"""
FLOW = """
    f1 = Conv <kernel_shape = [5], pads = [2, 2]> (latent, w_flow_in)
    f1_clean = Mul (f1, y_mask)
    g_flow = Conv <kernel_shape = [1]> (g, w_flow_g)
    f2 = Add (f1_clean, g_flow)
    f3 = Tanh (f2)
    f4 = Conv <kernel_shape = [5], pads = [2, 2]> (f3, w_flow_out)
    f5 = Sub (latent, f4)
    cleaned = Mul (f5, y_mask)
"""
DECODER = """
    d1 = Conv <kernel_shape = [7], pads = [3, 3]> (cleaned, w_pre)
    g_decoder = Conv <kernel_shape = [1]> (g, w_decoder_g)
    d2 = Add (d1, g_decoder)
    d3 = LeakyRelu <alpha = 0.1> (d2)
    d4 = ConvTranspose <kernel_shape = [8], strides = [4], pads = [2, 2]> (d3, w_up_1)
    d5 = LeakyRelu <alpha = 0.1> (d4)
    d6 = ConvTranspose <kernel_shape = [4], strides = [2], pads = [1, 1]> (d5, w_up_2)
    d7 = LeakyRelu <alpha = 0.1> (d6)
    d8 = Conv <kernel_shape = [7], pads = [3, 3]> (d7, w_post)
    d9 = Tanh (d8)
"""
TAIL = """
    output = Unsqueeze (d9, second)
}
"""


def tiny_voice(decoder: str = DECODER, tail: str = TAIL, seed: int = 0) -> onnx.ModelProto:
    model = parser.parse_model(HEAD + ENCODER + FLOW + decoder + tail)
    chance = np.random.default_rng(seed)
    c, g = CHANNELS, SPEAKER_CHANNELS
    shapes = {
        "symbol_table": (SYMBOLS, c), "speaker_table": (SPEAKERS, g),
        "w_text": (c, c, 3), "w_text_g": (c, g, 1), "w_duration": (1, c, 1),
        "w_flow_in": (c, c, 5), "w_flow_g": (c, g, 1), "w_flow_out": (c, c, 5),
        "w_pre": (c, c, 7), "w_decoder_g": (c, g, 1), "w_up_1": (c, c, 8), "w_up_2": (c, c, 4),
        "w_post": (1, c, 7),
    }  # fmt: skip
    constants = {
        "two": np.array(2), "ones_and_two": np.array([1, 2]), "column": np.array([-1, 1]),
        **{name: chance.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes.items()},
    }  # fmt: skip
    for name, array in constants.items():
        model.graph.initializer.append(numpy_helper.from_array(array, name))
    return model


def save_tiny_voice(path: Path, **changes: str | int) -> Path:
    onnx.save(tiny_voice(**changes), path)  # type: ignore[arg-type]
    return path
