"""The graph of a whole voice is loaded with more outputs, its durations first, and with a table to change.

Protobuf joins two messages that follow each other, so a few bytes behind the model's own add outputs and an input.
onnxruntime reads the two as one file through a pipe: no copy of a model lies in memory or on disk. A table that is
named as an input as well keeps its values wherever none are fed.
"""

import mmap
import os
import threading
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import onnxruntime

_LAST_SID = b"\n\x03sid\x12"
"""The last input of the node that looks a speaker up, and the beginning of its output."""
_GATHER = b'"\x06Gather'
_MOST_BESIDE = 300
"""Bytes of the fields before or behind that: an input or output, and perhaps a name."""
_NODE_INPUT, _NODE_OUTPUT, _NODE_NAME, _NODE_OPERATION = 1, 2, 3, 4
_GRAPH, _GRAPH_INPUT, _GRAPH_OUTPUT, _NAME, _TYPE = 7, 11, 12, 1, 2
"""Fields of a NodeProto; of a ModelProto, a GraphProto and a ValueInfoProto. Names are here shorter than 128 bytes."""
_FLOATS = b"\n\x02\x08\x01"
"""The TypeProto of float32 numbers in any shape."""
_PIECE = 1024 * 1024
"""Bytes."""


class SpeakerTable(NamedTuple):
    """The place where a graph looks its speakers up."""

    table: str
    """The table, float32, shape (speakers, ...): another may be fed."""
    rows: str
    """The output that has the rows of `sid`, float32, shape (1, ...)."""


class WholeGraph(NamedTuple):
    """A whole voice that is loaded."""

    session: Any
    durations: str | None
    """The output that has whole frames of each phoneme id, float32, shape (1, 1, ids); None where it is not found."""
    speakers: SpeakerTable | None
    """None where it is not found."""


def load_whole(
    path: Path,
    options: onnxruntime.SessionOptions,
    *,
    has_speakers: bool = False,
    rounding: str = "Ceil",
    providers: Sequence[Any] = ("CPUExecutionProvider",),
) -> WholeGraph:
    """Load a model with all that can be added to it. Raises onnxruntime's errors, OSError.

    `has_speakers`: whether the table of its speakers is looked for. `rounding`: the only operation that makes durations
    whole frames. `providers`: onnxruntime's, the wanted one first.
    """
    durations, speakers = _found(path, rounding, has_speakers=has_speakers)
    for table in dict.fromkeys((speakers, None)):
        if durations is not None or table is not None:
            try:
                return WholeGraph(_with_more(path, _more(durations, table), options, providers), durations, table)
            except Exception:  # noqa: BLE001, S110 - onnxruntime's errors share no base; without these it may load
                pass
    return WholeGraph(onnxruntime.InferenceSession(str(path), options, providers=list(providers)), None, None)


def _found(path: Path, rounding: str, *, has_speakers: bool) -> tuple[str | None, SpeakerTable | None]:
    with path.open("rb") as file:
        if not file.seek(0, os.SEEK_END):
            return None, None
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as model:
            return _durations_of(model, rounding), _table_of(model) if has_speakers else None


def _places(model: mmap.mmap, wanted: bytes) -> Iterator[int]:
    """Yield where these bytes stand."""
    place = model.find(wanted)
    while place >= 0:
        yield place
        place = model.find(wanted, place + 1)


def _durations_of(model: mmap.mmap, rounding: str) -> str | None:
    """Return the name of the only tensor that is rounded; None where there is none, or more than one."""
    # A NodeProto has its operation behind its output.
    ends = list(islice(_places(model, _field(_NODE_OPERATION, rounding.encode())), 2))
    if len(ends) != 1:
        return None
    before = model[max(0, ends[0] - _MOST_BESIDE) : ends[0]]
    node_name = _last_field(_NODE_NAME, before)
    return _text(_last_field(_NODE_OUTPUT, before if node_name is None else before[: -len(node_name) - 2]))


def _table_of(model: mmap.mmap) -> SpeakerTable | None:
    """Return the only table in which `sid` is looked up; None where there is none, or more than one."""
    found = list(islice(filter(None, (_table_at(model, place) for place in _places(model, _LAST_SID))), 2))
    return found[0] if len(found) == 1 else None


def _table_at(model: mmap.mmap, place: int) -> SpeakerTable | None:
    """Return the table, if a node stands there that looks `sid` up; a graph's input has the same bytes."""
    table = _text(_last_field(_NODE_INPUT, model[max(0, place - _MOST_BESIDE) : place]))
    behind = model[place + len(_LAST_SID) : place + _MOST_BESIDE]
    rows, rest = _first_field(behind)
    if rest.startswith(bytes([_NODE_NAME << 3 | 2])):
        _, rest = _first_field(rest[1:])
    return SpeakerTable(table, rows.decode()) if table and rest.startswith(_GATHER) else None


def _first_field(message: bytes) -> tuple[bytes, bytes]:
    """Return the content of the field whose length comes first, and what stands behind it."""
    end = 1 + message[0] if message else 0
    return message[1:end], message[end:]


def _last_field(number: int, message: bytes) -> bytes | None:
    """Return the content of the field with which a message ends, if it has this number."""
    lengths = range(1, min(128, len(message) - 1))
    found = (length for length in lengths if message[-length - 2 : -length] == bytes([number << 3 | 2, length]))
    return next((message[-length:] for length in found), None)


def _text(name: bytes | None) -> str | None:
    """Return a name as text; None where it is none."""
    return None if name is None else name.decode(errors="replace")


def _more(durations: str | None, speakers: SpeakerTable | None) -> bytes:
    """Return the message that adds these to a model."""
    outputs = [name for name in (durations, speakers and speakers.rows) if name]
    graph = b"".join(_field(_GRAPH_OUTPUT, _field(_NAME, name.encode())) for name in outputs)
    if speakers:
        graph += _field(_GRAPH_INPUT, _field(_NAME, speakers.table.encode()) + _field(_TYPE, _FLOATS))
    return _field(_GRAPH, graph)


def _with_more(path: Path, more: bytes, options: onnxruntime.SessionOptions, providers: Sequence[Any]) -> Any:
    reading, writing = os.pipe()
    writer = threading.Thread(target=_write, args=(path, more, writing), name="whole-graph", daemon=True)
    writer.start()
    try:
        return onnxruntime.InferenceSession(f"/dev/fd/{reading}", options, providers=list(providers))
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
    """Return a field of bytes; its length may need two bytes of seven bits."""
    size = len(content)
    return bytes([number << 3 | 2, *([size] if size < 128 else [size & 127 | 128, size >> 7])]) + content
