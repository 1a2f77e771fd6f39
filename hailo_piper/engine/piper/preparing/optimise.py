"""Models are saved as onnxruntime optimises them for this CPU, so that loading repeats no work.

The weights go to a file beside the graph, which onnxruntime memory-maps instead of reading it.
"""

import os
import tempfile
from pathlib import Path

import onnx
import onnxruntime as ort
from onnx import ModelProto
from onnxruntime.capi import onnxruntime_pybind11_state as ort_state

SESSION_ERRORS: tuple[type[Exception], ...] = (
    ort_state.Fail, ort_state.InvalidArgument, ort_state.InvalidGraph, ort_state.InvalidProtobuf,
    ort_state.NoSuchFile, ort_state.NotImplemented, ort_state.RuntimeException, ValueError,
)  # fmt: skip
QUIET = 4
"""The log level of fatal errors alone."""


def save_optimised(model: ModelProto, path: Path) -> None:
    """Write the optimised model to `path`, and its weights beside it as .bin. Raises one of SESSION_ERRORS."""
    options = _options()
    options.optimized_model_filepath = str(path)
    options.add_session_config_entry(
        "session.optimized_model_external_initializers_file_name", path.with_suffix(".bin").name
    )
    options.add_session_config_entry("session.optimized_model_external_initializers_min_size_in_bytes", "1024")
    ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def tidied(model: ModelProto) -> ModelProto:
    """Return the model with constants folded and no-ops removed, as on every CPU. Raises one of SESSION_ERRORS."""
    options = _options()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "tidied.onnx")
        options.optimized_model_filepath = str(path)
        ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        return onnx.load(path)


def load_optimised(path: Path) -> ort.InferenceSession:
    """Load a stage as `save_optimised` wrote it."""
    options = _options()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def load_whole(path: Path) -> ort.InferenceSession:
    """Load a voice that is not prepared."""
    return ort.InferenceSession(path, _options(), providers=["CPUExecutionProvider"])


def _options() -> ort.SessionOptions:
    options = ort.SessionOptions()
    options.log_severity_level = QUIET
    options.intra_op_num_threads = min(4, len(os.sched_getaffinity(0)))
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Planning the reuse of memory takes four fifths of the loading time, and gains nothing here.
    options.enable_mem_reuse = False
    options.enable_mem_pattern = False
    return options
