"""A stage that carries columns over makes the same in blocks of any sizes, and keeps no more than it will read."""

import itertools
from functools import partial

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import numpy_helper, parser

from hailo_piper.engine.piper.prepared.blocks import Blocks
from hailo_piper.engine.piper.prepared.carry import Carrier, Step, most_carried, nothing_carried
from hailo_piper.engine.piper.preparing.carry import carrying

CHANNELS = 2
STAGE = """
<ir_version: 8, opset_import: ["": 15]>
stage (float[1, 2, frames] z) => (float[1, 2, columns] features)
{
    a = Conv <kernel_shape = [5], pads = [2, 2]> (z, w_a, bias)
    b = LeakyRelu <alpha = 0.1> (a)
    c = Concat <axis = 1> (b)
    d = Conv <kernel_shape = [3], dilations = [3], pads = [1, 5]> (c, w_d, bias)
    e = Tanh (d)
    f = ConvTranspose <kernel_shape = [7], strides = [3], pads = [2, 2]> (e, w_f, bias)
    g = Conv <kernel_shape = [3], dilations = [2], pads = [2, 2]> (f, w_g, bias)
    h = Add (f, g)
    i = ConvTranspose <kernel_shape = [4], strides = [2], pads = [1, 1]> (h, w_i, bias)
    features = Tanh (i)
}
"""
PER_FRAME = 6


@pytest.fixture(scope="module")
def plain() -> onnx.ModelProto:
    """Couplings and upsamplings in one, with pads of two kinds; a bias, so that zeros beside it are not silence."""
    model = parser.parse_model(STAGE)
    chance = np.random.default_rng(0)
    kernels = {"w_a": 5, "w_d": 3, "w_f": 7, "w_g": 3, "w_i": 4}
    arrays = {name: chance.normal(0, 0.5, (CHANNELS, CHANNELS, width)) for name, width in kernels.items()}
    for name, array in (arrays | {"bias": chance.normal(0, 1, CHANNELS)}).items():
        model.graph.initializer.append(numpy_helper.from_array(array.astype(np.float32), name))
    return model


def loaded(model: onnx.ModelProto) -> ort.InferenceSession:
    return ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


@pytest.fixture(scope="module")
def stages(plain: onnx.ModelProto) -> tuple[ort.InferenceSession, ort.InferenceSession, tuple[Step, ...]]:
    carries, steps = carrying(plain, "z")
    onnx.checker.check_model(carries)
    return loaded(plain), loaded(carries), steps


def test_the_steps_are_found(stages: tuple[ort.InferenceSession, ort.InferenceSession, tuple[Step, ...]]) -> None:
    assert stages[2] == ((1, 2), (1, 5), (3, 2), (2, 1))


@given(st.data())
def test_blocks_of_any_sizes_make_what_one_run_makes(
    stages: tuple[ort.InferenceSession, ort.InferenceSession, tuple[Step, ...]], data: st.DataObject
) -> None:
    whole, carries, steps = stages
    frames = data.draw(st.integers(1, 60), "frames")
    ends = sorted({*data.draw(st.lists(st.integers(1, frames * PER_FRAME), max_size=12), "ends"), frames * PER_FRAME})
    latent = np.random.default_rng(frames).standard_normal((1, CHANNELS, frames), np.float32)
    carrier = Carrier(latent, "z", steps, nothing_carried(carries))
    blocks = [carrier.advance(partial(carries.run, None), end) for end in ends]
    assert [block.shape[2] for block in blocks] == [end - start for start, end in itertools.pairwise([0, *ends])]
    (expected,) = whole.run(None, {"z": latent})
    np.testing.assert_allclose(np.concatenate(blocks, axis=2), expected, atol=1e-5)


def test_what_is_carried_is_bounded(
    stages: tuple[ort.InferenceSession, ort.InferenceSession, tuple[Step, ...]],
) -> None:
    _, carries, steps = stages
    latent, given_over = np.zeros((1, CHANNELS, 500), np.float32), []

    def run(feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
        given_over.append({name: array.shape[2] for name, array in feeds.items() if array.ndim == 3})
        return carries.run(None, feeds)  # type: ignore[no-any-return]

    carrier = Carrier(latent, "z", steps, nothing_carried(carries))
    for end in range(600, 3001, 600):
        carrier.advance(run, end)
    carried = [{name: size for name, size in feeds.items() if name != "z"} for feeds in given_over]
    assert set(carried[0].values()) == {0}
    bounds = {f"carry_{number}": most_carried(step) for number, step in enumerate(steps) if number}
    assert all(0 < size <= bounds[name] for feeds in carried[1:] for name, size in feeds.items())
    # The latent of a block, and what its first step reads on both sides.
    assert all(feeds["z"] <= 100 + 2 * steps[0].reach + 1 for feeds in given_over[1:])


# Blocks


@given(st.data())
def test_windows_are_read_in_any_order_from_blocks_of_any_sizes(data: st.DataObject) -> None:
    total, overlap = data.draw(st.integers(1, 80)), data.draw(st.integers(0, 9))
    whole = np.arange(total, dtype=np.float32).reshape(1, 1, -1)
    ends = sorted({*data.draw(st.lists(st.integers(1, total), max_size=8)), total})
    blocks = Blocks(overlap)
    for start, end in itertools.pairwise([0, *ends]):
        blocks.append(whole[:, :, start:end])
    cuts = sorted({*data.draw(st.lists(st.integers(1, total), max_size=8)), total})
    windows = list(itertools.pairwise([0, *cuts]))
    for start, end in data.draw(st.permutations(windows)):
        columns, first = blocks.read(start, end)
        low, high = max(0, start - overlap), min(total, end + overlap)
        np.testing.assert_array_equal(columns[0, 0, first - (start - low) :][: high - low], whole[0, 0, low:high])


def test_a_block_is_dropped_once_every_window_that_reads_it_was_read() -> None:
    blocks = Blocks(overlap=2)
    for _ in range(4):
        blocks.append(np.zeros((1, 3, 10), np.float32))
    blocks.read(10, 12)
    assert len(blocks) == 4, "the window before it reads the first block"
    blocks.read(0, 10)
    assert len(blocks) == 3
    blocks.read(12, 31)
    assert len(blocks) == 2, "the next window's overlap reaches into the third block"
    blocks.read(31, 32)
    assert len(blocks) == 1
