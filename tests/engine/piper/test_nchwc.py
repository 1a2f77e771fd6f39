"""The nchwc modules: another layout, the same numbers; what is not known stays as it was."""

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import ModelProto, numpy_helper, parser

from hailo_piper.engine.piper.preparing.nchwc import blocked, is_faster_here
from hailo_piper.engine.piper.preparing.nchwc_encoder import with_rows

pytestmark = pytest.mark.skipif(not is_faster_here(), reason="this CPU has nothing faster for the layout")

HEAD = '<ir_version: 8, opset_import: ["": 17]> stage (float[1, 32, frames] x) => (float[1, channels, frames] y)'
COUPLING = """
    <int64[1] axis = {1}, int64[1] time = {2}, int64[1] back = {-1}, int64[1] zero = {0}, int64[1] half = {16},
     int64[1] all = {32}, int64[1] twice = {64}, int64[1] one = {1}, int64[1] before = {-1000},
     int64[2] halves = {16, 16}>
    {
        turned = Slice (x, back, before, axis, back)
        first, second = Split <axis = 1> (turned, halves)
        wide = Conv <kernel_shape = [1]> (first, up)
        both = Conv <kernel_shape = [5], pads = [2, 2]> (wide, inner, bias)
        tanh_in = Slice (both, zero, all, axis, one)
        sigmoid_in = Slice (both, all, twice, axis, one)
        tanh = Tanh (tanh_in)
        sigmoid = Sigmoid (sigmoid_in)
        gated = Mul (tanh, sigmoid)
        sum = Add (wide, gated)
        mean = Conv <kernel_shape = [1]> (sum, down)
        other = Sub (second, mean)
        y = Concat <axis = 1> (first, other)
    }
"""
PAIR = """
    {
        middle = Conv <kernel_shape = [3], pads = [1, 1]> (x, inner)
        positive = Relu (middle)
        end = Conv <kernel_shape = [3], pads = [1, 1]> (positive, outer)
        y = Add (x, end)
    }
"""


def model_of(body: str, **weights: tuple[int, ...]) -> ModelProto:
    chance = np.random.default_rng(0)
    model = parser.parse_model(HEAD + body)
    for name, shape in weights.items():
        weight = chance.normal(0, 0.2, shape).astype(np.float32)
        model.graph.initializer.append(numpy_helper.from_array(weight, name))
    return model


def coupling(body: str = COUPLING) -> ModelProto:
    return model_of(body, up=(32, 16, 1), inner=(64, 32, 5), bias=(64,), down=(16, 32, 1))


def pair() -> ModelProto:
    return model_of(PAIR, inner=(64, 32, 3), outer=(32, 64, 3))


def output_of(model: ModelProto, frames: int) -> np.ndarray:
    latent = np.random.default_rng(frames).standard_normal((1, 32, frames), np.float32)
    return np.asarray(ort.InferenceSession(model.SerializeToString()).run(None, {"x": latent})[0])


def operations(model: ModelProto) -> list[str]:
    return [node.op_type for node in model.graph.node]


@pytest.mark.parametrize("frames", [1, 7, 50])
def test_a_coupling_in_rows_gives_the_same(frames: int) -> None:
    rows = blocked(coupling())
    assert rows is not None
    np.testing.assert_allclose(output_of(rows, frames), output_of(coupling(), frames), atol=1e-5)


def test_a_convolution_that_is_read_in_parts_becomes_one_for_each() -> None:
    rows = blocked(coupling())
    assert rows is not None
    assert (operations(coupling()).count("Conv"), operations(rows).count("Conv")) == (3, 4)
    # The turn, and a half each: nothing cuts what a convolution has made.
    assert operations(rows).count("Slice") == 3


def test_a_convolution_that_someone_reads_whole_stays_whole() -> None:
    model = coupling(COUPLING.replace("tanh_in = Slice (both,", "loud = Tanh (both) tanh_in = Slice (loud,"))
    rows = blocked(model)
    assert rows is not None
    assert operations(rows).count("Conv") == 3
    np.testing.assert_allclose(output_of(rows, 20), output_of(model, 20), atol=1e-5)


@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        ("Tanh (tanh_in)", "Selu (tanh_in)"),
        ("Conv <kernel_shape = [1]> (sum, down)", 'Conv <kernel_shape = [1], auto_pad = "SAME_UPPER"> (sum, down)'),
        ("Conv <kernel_shape = [1]> (sum, down)", "Conv <kernel_shape = [1]> (sum, first)"),
        ("turned = Slice (x, back, before, axis, back)", "turned = Slice (x, zero, before, zero, one)"),
        ("Concat <axis = 1> (first, other)", "Concat <axis = 0> (first, other)"),
    ],
)
def test_a_stage_with_a_step_that_is_not_known_is_left(known: str, unknown: str) -> None:
    assert known in COUPLING
    assert blocked(coupling(COUPLING.replace(known, unknown))) is None


@pytest.mark.parametrize("frames", [1, 7, 50])
def test_a_pair_in_rows_gives_the_same(frames: int) -> None:
    rows = with_rows(pair())
    assert rows is not None
    assert operations(rows) == ["Unsqueeze", "Conv", "Relu", "Conv", "Squeeze", "Add"]
    np.testing.assert_allclose(output_of(rows, frames), output_of(pair(), frames), atol=1e-5)


@pytest.mark.parametrize(
    "body",
    [
        PAIR.replace("(x, end)", "(x, positive)"),
        PAIR.replace("Relu", "Tanh"),
        PAIR.replace("(positive, outer)", "(positive, middle)"),
    ],
)
def test_what_is_no_pair_is_left(body: str) -> None:
    assert with_rows(model_of(body, inner=(32, 32, 3), outer=(32, 32, 3))) is None


def test_a_stage_that_onnxruntime_refuses_is_left() -> None:
    senseless = onnx.helper.make_model(onnx.helper.make_graph([], "empty", [], pair().graph.output))
    assert blocked(senseless) is None
    assert with_rows(senseless) is None
