"""One key identifies a prepared voice: another model, onnxruntime or CPU has another entry."""

import contextlib
import hashlib
import json
import os
import platform
import tempfile
from pathlib import Path

import numpy as np
from onnxruntime import __version__ as onnxruntime_version

BUILDER_VERSION = 12
"""Increased with every change to what `preparing` writes."""
KEY_LENGTH = 32
DIGESTS = "digests.json"
_PAGE_BYTES = 4096
_BLOCK_BYTES = 1 << 20


def entry_key(model_sha256: str) -> str:
    """Return the name of this model's entry on this machine: 32 hex digits."""
    parts = (
        model_sha256, onnxruntime_version, str(BUILDER_VERSION), platform.machine(), _cpu_flags()
    )  # fmt: skip
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:KEY_LENGTH]


def model_sha256(model_path: Path, cache_directory: Path) -> str:
    """Return the model's digest in hex, which is kept beside the entries until the state of the file changes.

    Raises OSError if the model cannot be read.
    """
    model_path = model_path.resolve()
    state = file_state(model_path)  # "look" in the file, by which earlier releases remember it
    memory = cache_directory / DIGESTS
    remembered = _remembered(memory)
    known = remembered.get(str(model_path))
    if isinstance(known, dict) and known.get("look") == state and isinstance(known.get("sha256"), str):
        return str(known["sha256"])
    sha256 = file_sha256(model_path)
    remembered = {path: value for path, value in remembered.items() if Path(path).exists()}
    remembered[str(model_path)] = {"look": state, "sha256": sha256}
    with contextlib.suppress(OSError):  # a cache that cannot be written is only slower
        write_whole(memory, json.dumps(remembered, indent=1))
    return sha256


def voice_digest(model_path: Path, config_path: Path, cache_directory: Path) -> str:
    """Return a digest of a voice's two files, in hex. Raises OSError where one cannot be read."""
    model = model_sha256(model_path, cache_directory)
    return hashlib.sha256(model.encode() + config_path.read_bytes()).hexdigest()


def is_shared(model_path: Path, sha256: str, cache_directory: Path) -> bool:
    """Return whether another file that still exists is known to be the same model."""
    this = str(model_path.resolve())
    return any(
        isinstance(known, dict) and known.get("sha256") == sha256 and path != this and Path(path).exists()
        for path, known in _remembered(cache_directory / DIGESTS).items()
    )


def file_state(path: Path) -> list[int]:
    """Return size, both times and inode of a file: they change whenever it is written to or replaced."""
    status = path.stat()
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checksum(path: Path) -> str:
    """Return a checksum of every byte, by which a file that rotted or was cut is recognised.

    It is the SHA-256 of the sums of all pages: a start waits for it, and this takes a quarter of the time of a digest
    of the bytes, mostly without Python's lock. The file is read and not mapped, since it may be cut meanwhile.
    """
    digest = hashlib.sha256()
    block = bytearray(_BLOCK_BYTES)
    pages = np.frombuffer(block, np.uint64).reshape(-1, _PAGE_BYTES // 8)
    with path.open("rb") as file:
        while count := file.readinto(block):
            paged = count // _PAGE_BYTES
            digest.update(pages[:paged].sum(axis=1).tobytes())
            digest.update(memoryview(block)[paged * _PAGE_BYTES : count])
    return digest.hexdigest()


def write_whole(path: Path, text: str) -> None:
    """Write a file by an atomic rename: no reader ever sees half of it."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _remembered(memory: Path) -> dict[str, object]:
    try:
        value = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _cpu_flags() -> str:
    """Return the features of this CPU: onnxruntime lays weights out for them, and another CPU would misread these."""
    with contextlib.suppress(OSError), Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
        for line in lines:
            if line.lower().startswith(("flags", "features")):
                return " ".join(sorted(line.partition(":")[2].split()))
    return platform.processor()
