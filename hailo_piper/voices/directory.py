"""A directory of voices is rescanned on demand, at most once a second.

Files come and go there while the service runs. A voice that is broken, or still being copied, is logged once and
skipped.
"""

import logging
import os
import re
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from hailo_piper.errors import ConfigError
from hailo_piper.voices.voice import ENGINE_FILE, Voice, read_voice

logger = logging.getLogger(__name__)

VOICE_ID = re.compile(r"\w[\w.+-]{0,99}")
"""Allowed ids of voices, here and at the hub; upstream has `pt_PT-tugão-medium`. No path matches."""

_VARINT, _EIGHT_BYTES, _COUNTED_BYTES, _FOUR_BYTES = 0, 1, 2, 5
"""Wire types of a protobuf field."""

_MOST_FIELDS = 10_000
"""Fields read of a model, which has some dozens: a file of two gigabytes in tiny fields would take an hour."""

_Stamp = tuple[tuple[int, int, int] | None, ...]


class VoiceDirectory:
    """The voices of a directory: every .onnx with its .onnx.json, every folder with a voice.json. Thread-safe."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Nothing is read before the first call of `voices`."""
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._scanned_at: float | None = None
        self._found: dict[str, Voice] = {}
        self._stamps: dict[str, _Stamp] = {}
        """The state of every voice's files at the last scan, broken ones included."""

    def voices(self, max_age_seconds: float) -> Mapping[str, Voice]:
        """Return the voices by id, at most `max_age_seconds` old; 0.0 scans now and logs broken ones again."""
        with self._lock:
            if not max_age_seconds:
                self._stamps = {name: stamp for name, stamp in self._stamps.items() if _id(name) in self._found}
            if self._scanned_at is None or self._clock() - self._scanned_at >= max_age_seconds:
                self._scan()
            return self._found

    def _scan(self) -> None:
        stamps = {name: _stamp(self._path / name) for name in self._names()}
        found = {}
        for name, stamp in stamps.items():
            is_known = stamp == self._stamps.get(name)
            voice = self._found.get(_id(name)) if is_known else _read(self._path / name)
            if voice is not None:
                found[voice.id] = voice
        self._found = found
        self._stamps = stamps
        self._scanned_at = self._clock()

    def _names(self) -> list[str]:
        try:
            names = sorted(path.name for path in self._path.iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            logger.warning("voices.directory: %s cannot be read: %s", self._path, error.strerror)
            return []
        return [name for name in names if VOICE_ID.fullmatch(_id(name)) and self._may_be_voice(name)]

    def _may_be_voice(self, name: str) -> bool:
        return name.endswith(".onnx") or (self._path / name / ENGINE_FILE).is_file()


def _id(name: str) -> str:
    """Return the id of the voice in a file or folder of this name."""
    return name.removesuffix(".onnx")


def _stamp(path: Path) -> _Stamp:
    stamp = list[tuple[int, int, int] | None]()
    files = sorted(path.iterdir()) if (path / ENGINE_FILE).is_file() else [path, path.with_name(f"{path.name}.json")]
    for file in files:
        try:
            state = file.stat()
        except OSError:
            stamp.append(None)
        else:
            stamp.append((state.st_ino, state.st_size, state.st_mtime_ns))
    return tuple(stamp)


def _read(model_path: Path) -> Voice | None:
    try:
        if (model_path / ENGINE_FILE).is_file():
            from hailo_piper.voices.engine_voice import read_engine_voice

            return read_engine_voice(model_path)
        voice = read_voice(model_path, key="voices.directory")
        with model_path.open("rb") as file:
            whole = _is_whole_model(file, model_path.stat().st_size)
    except ConfigError as error:
        logger.warning("%s: skipped", "; ".join(error.problems))
        return None
    except OSError as error:
        logger.warning("voices.directory: %s cannot be read: %s: skipped", model_path, error.strerror)
        return None
    if not whole:
        logger.warning("voices.directory: %s is no ONNX model, or not all of one: skipped", model_path)
        return None
    return voice


def _is_whole_model(file: BinaryIO, size: int) -> bool:
    """Return whether protobuf fields fill the file exactly; reads some bytes of each, so that 60 MB take no time."""
    for _ in range(_MOST_FIELDS):
        if file.tell() >= size:
            break
        kind = _varint(file) & 7
        if kind == _VARINT:
            _varint(file)
        elif kind in (_EIGHT_BYTES, _COUNTED_BYTES, _FOUR_BYTES):
            file.seek({_EIGHT_BYTES: 8, _FOUR_BYTES: 4}.get(kind) or _varint(file), os.SEEK_CUR)
        else:
            return False
    return file.tell() == size > 0


def _varint(file: BinaryIO) -> int:
    """Read a protobuf varint; bytes beyond the end of the file count as zeros."""
    number = 0
    for place in range(10):
        (byte,) = file.read(1) or b"\0"
        number |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            break
    return number & (2**63 - 1)
