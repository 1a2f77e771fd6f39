import os
import shutil
import threading
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from hailo_piper.engine.model import NOISELESS
from hailo_piper.engine.piper.whole_model import WholeModel
from hailo_piper.engine.whole_graph import load_whole
from hailo_piper.voices.voice import embedded_model_path, read_voice
from tests.support.tiny_voice import SPEAKERS, save_tiny_voice, tiny_voice
from tests.support.tone_voice import make_tone_voice

UNIT = (1, 0, 20, 0, 59, 0, 24, 0, 27, 0, 2)


@pytest.fixture
def options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return options


def model_with(path: Path, nodes: list[onnx.NodeProto], outputs: list[str]) -> Path:
    """Write a model that rounds its input up, or does something else with it."""
    value = onnx.helper.make_tensor_value_info
    shape: list[str | int | None] = [1, 1, "ids"]
    graph = onnx.helper.make_graph(
        nodes,
        "graph",
        [value("x", onnx.TensorProto.FLOAT, shape)],
        [value(name, onnx.TensorProto.FLOAT, shape) for name in outputs],
    )
    opsets = [onnx.helper.make_opsetid("", 15)]
    onnx.save(onnx.helper.make_model(graph, opset_imports=opsets, ir_version=8), str(path))
    return path


def test_the_embedded_voice_tells_its_durations(options: onnxruntime.SessionOptions) -> None:
    session, name, _ = load_whole(embedded_model_path(), options)
    assert name == "/Ceil_output_0"
    assert [output.name for output in session.get_outputs()] == ["output", name]


def test_the_durations_of_a_whole_voice_add_up_to_its_samples() -> None:
    model = WholeModel(read_voice(embedded_model_path()), threads=1)
    unit = model.encode(UNIT, NOISELESS, is_alone=True)
    assert model.knows_durations
    assert unit.id_samples.shape == (len(UNIT),)
    assert unit.id_samples.sum() == unit.num_samples
    assert set(unit.id_samples % 256) == {0}
    assert len(set(unit.id_samples)) > 1


def test_where_none_are_known_all_ids_share_the_samples_alike(tmp_path: Path) -> None:
    model = WholeModel(read_voice(make_tone_voice(tmp_path)), threads=1)
    unit = model.encode(UNIT, NOISELESS, is_alone=True)
    assert not model.knows_durations
    assert unit.id_samples.sum() == unit.num_samples
    assert np.ptp(unit.id_samples) <= 1


@pytest.mark.parametrize("node_name", ["", "/Ceil", "a" * 120])
@pytest.mark.parametrize("output", ["c", "/Ceil_output_0", "b" * 120])
def test_the_output_is_found_whatever_it_is_called(
    tmp_path: Path, options: onnxruntime.SessionOptions, node_name: str, output: str
) -> None:
    nodes = [
        onnx.helper.make_node("Ceil", ["x"], [output], name=node_name),
        onnx.helper.make_node("Neg", [output], ["y"], name="Neg"),
    ]
    session, name, _ = load_whole(model_with(tmp_path / "m.onnx", nodes, ["y"]), options)
    assert name == output
    x = np.array([[[0.5, 2.0, 2.1]]], np.float32)
    np.testing.assert_array_equal(session.run([name], {"x": x})[0], [[[1, 2, 3]]])


def test_two_roundings_are_none(tmp_path: Path, options: onnxruntime.SessionOptions) -> None:
    node = onnx.helper.make_node
    nodes = [node("Ceil", ["x"], ["a"]), node("Neg", ["a"], ["b"]), node("Ceil", ["b"], ["y"])]
    _, name, _ = load_whole(model_with(tmp_path / "m.onnx", nodes, ["y"]), options)
    assert name is None


def test_an_output_that_the_graph_has_already_is_no_obstacle(
    tmp_path: Path, options: onnxruntime.SessionOptions
) -> None:
    path = model_with(tmp_path / "m.onnx", [onnx.helper.make_node("Ceil", ["x"], ["y"])], ["y"])
    session, *_ = load_whole(path, options)
    assert len(session.get_outputs()) >= 1


def test_a_model_that_does_not_load_leaves_no_thread_and_no_pipe(
    tmp_path: Path, options: onnxruntime.SessionOptions
) -> None:
    # Cut in its weights, behind the node that rounds.
    shutil.copy(embedded_model_path(), tmp_path / "m.onnx")
    os.truncate(tmp_path / "m.onnx", 20_000_000)
    threads, pipes = threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(Exception, match=r"m\.onnx"):
        load_whole(tmp_path / "m.onnx", options)
    assert (threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))) == (threads, pipes)


def test_another_row_may_be_fed_in_place_of_the_table_and_without_it_all_is_as_it_was(
    tmp_path: Path, options: onnxruntime.SessionOptions
) -> None:
    path = save_tiny_voice(tmp_path / "m.onnx")
    session, _, speakers = load_whole(path, options, has_speakers=True)
    assert speakers == ("speaker_table", "g_row")
    plain = load_whole(path, options)
    assert plain.speakers is None
    feeds = {
        "input": np.array([[3, 4, 5, 6]]),
        "input_lengths": np.array([4]),
        "scales": np.array([0, 1, 0], np.float32),
    }
    for number in range(SPEAKERS):
        named = feeds | {"sid": np.array([number])}
        expected = plain.session.run(["output"], named)[0]
        np.testing.assert_array_equal(session.run(["output"], named)[0], expected)
        (row,) = session.run([speakers.rows], named)
        given = feeds | {"sid": np.array([0]), speakers.table: row}
        np.testing.assert_array_equal(session.run(["output"], given)[0], expected)


@pytest.mark.parametrize("name", ["", "/emb_g/Gather", "a" * 120])
def test_a_table_is_found_whatever_it_is_called(tmp_path: Path, options: onnxruntime.SessionOptions, name: str) -> None:
    model = tiny_voice()
    for node in model.graph.node:
        if "sid" in node.input:
            node.name = name
        for names in (node.input, node.output):
            names[:] = ["b" * 120 if one == "speaker_table" else "c" * 120 if one == "g_row" else one for one in names]
    for tensor in model.graph.initializer:
        tensor.name = "b" * 120 if tensor.name == "speaker_table" else tensor.name
    onnx.save(model, str(tmp_path / "m.onnx"))
    assert load_whole(tmp_path / "m.onnx", options, has_speakers=True).speakers == ("b" * 120, "c" * 120)


@pytest.mark.parametrize("end", [*range(0, 400, 7)])
def test_a_model_that_ends_anywhere_has_no_table_and_no_fault_of_ours(
    tmp_path: Path, options: onnxruntime.SessionOptions, end: int
) -> None:
    whole = tiny_voice().SerializeToString()
    place = whole.index(b"\n\x03sid\x12")
    (tmp_path / "m.onnx").write_bytes(whole[: place + end])
    with pytest.raises(Exception, match=r"m\.onnx"):
        load_whole(tmp_path / "m.onnx", options, has_speakers=True)


def test_two_tables_are_none(tmp_path: Path, options: onnxruntime.SessionOptions) -> None:
    model = tiny_voice()
    again = next(node for node in model.graph.node if "sid" in node.input)
    model.graph.node.add().CopyFrom(again)
    model.graph.node[-1].output[0] = "again"
    onnx.save(model, str(tmp_path / "m.onnx"))
    assert load_whole(tmp_path / "m.onnx", options, has_speakers=True).speakers is None


def test_a_table_that_is_computed_is_none(tmp_path: Path, options: onnxruntime.SessionOptions) -> None:
    model = tiny_voice()
    for node in model.graph.node:
        if "sid" in node.input:
            node.input[0] = "computed"
    model.graph.node.insert(0, onnx.helper.make_node("Identity", ["speaker_table"], ["computed"]))
    onnx.save(model, str(tmp_path / "m.onnx"))
    session, durations, speakers = load_whole(tmp_path / "m.onnx", options, has_speakers=True)
    assert speakers is None
    assert durations == "durations"
    assert [value.name for value in session.get_inputs()] == ["input", "input_lengths", "scales", "sid"]
