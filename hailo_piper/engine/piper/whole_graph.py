"""The graph of a whole voice is loaded with one more output: the durations that it gives to phonemes.

Protobuf joins two messages that follow each other, so a few bytes behind the model's own add the output. onnxruntime
reads the two as one file through a pipe: no copy of a model lies in memory or on disk.
"""

import mmap
import os
import threading
from pathlib import Path
from typing import Any

import onnxruntime

_CEIL = b'"\x04Ceil'
"""The operation of the node that rounds durations up to whole frames, as a NodeProto has it behind its output."""
_MOST_BEFORE = 300
"""Bytes of the fields before that: the output, and perhaps a name."""
_NODE_OUTPUT, _NODE_NAME = 2, 3
_GRAPH, _GRAPH_OUTPUT, _NAME = 7, 12, 1
"""Fields of a NodeProto; of a ModelProto, a GraphProto and a ValueInfoProto. All are here shorter than 128 bytes."""
_PIECE = 1024 * 1024
"""Bytes."""


def load_whole(path: Path, options: onnxruntime.SessionOptions) -> tuple[Any, str | None]:
    """Return a session of the model, and the name of its output of durations, if it has one.

    That output has whole frames of each phoneme id, float32, shape (1, 1, ids). Raises onnxruntime's errors, OSError.
    """
    name = _durations_of(path)
    if name is not None:
        try:
            return _with_output(path, name, options), name.decode()
        except Exception:  # noqa: BLE001 - onnxruntime's errors share no base; without the output it may load
            name = None
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"]), None


def _durations_of(path: Path) -> bytes | None:
    """Return the name of the only tensor that is rounded up; None where there is none, or more than one."""
    with path.open("rb") as file:
        if not file.seek(0, os.SEEK_END):
            return None
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as model:
            end = model.find(_CEIL)
            if end < 0 or model.find(_CEIL, end + 1) >= 0:
                return None
            before = model[max(0, end - _MOST_BEFORE) : end]
    node_name = _last_field(_NODE_NAME, before)
    return _last_field(_NODE_OUTPUT, before if node_name is None else before[: -len(node_name) - 2])


def _last_field(number: int, message: bytes) -> bytes | None:
    """Return the content of the field with which a message ends, if it has this number."""
    lengths = range(1, min(128, len(message) - 1))
    found = (length for length in lengths if message[-length - 2 : -length] == bytes([number << 3 | 2, length]))
    return next((message[-length:] for length in found), None)


def _with_output(path: Path, name: bytes, options: onnxruntime.SessionOptions) -> Any:
    reading, writing = os.pipe()
    more = _field(_GRAPH, _field(_GRAPH_OUTPUT, _field(_NAME, name)))
    writer = threading.Thread(target=_write, args=(path, more, writing), name="whole-graph", daemon=True)
    writer.start()
    try:
        return onnxruntime.InferenceSession(f"/dev/fd/{reading}", options, providers=["CPUExecutionProvider"])
    finally:
        # A writer whose reader has gone ends, too.
        os.close(reading)
        writer.join()


def _write(path: Path, more: bytes, writing: int) -> None:
    try:
        with path.open("rb") as model, open(writing, "wb", buffering=0) as pipe:
            while piece := model.read(_PIECE):
                _write_all(pipe, piece)
            _write_all(pipe, more)
    except OSError:
        # The reader has its own error, or has enough.
        return


def _write_all(pipe: Any, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[pipe.write(left) :]


def _field(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2, len(content)]) + content
