"""Checksums prove that an entry is as it was made.

Weights that rotted on disk would be wrong sound, not an error. Every byte is read once per boot; from then on the files
are in memory, and their times and inodes show every change, so that a later start need not wait for it again.
"""

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hailo_piper.engine.piper.prepared.fingerprint import checksum, file_state, write_whole
from hailo_piper.engine.piper.prepared.store import StagedGraph, protect, read_manifest

VERIFIED = "verified.json"
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def file_states(staged: StagedGraph) -> dict[str, list[int]]:
    """Return the state of each file of an entry that exists, by name; a file that is replaced has another inode.

    Raises OSError.
    """
    found = {}
    for stage in (staged.encoder_path, staged.flow_path, staged.decoder_path):
        for path in (stage, stage.with_suffix(".bin")):
            with contextlib.suppress(FileNotFoundError):
                found[path.name] = file_state(path)
    return found


def was_written_to(before: Mapping[str, list[int]], now: Mapping[str, list[int]]) -> bool:
    """Return whether a file changed and is still the same file; one that was replaced does not count."""
    return any(now[name] != state and now[name][-1] == state[-1] for name, state in before.items() if name in now)


def verify(staged: StagedGraph, *, boot_id: Path = BOOT_ID) -> bool:
    """Return whether every byte of an entry is as it was made."""
    directory = staged.encoder_path.parent
    try:
        files = read_manifest(directory)["files"]
        verified = _now(boot_id, [directory / name for name in files])
        if verified is not None and verified == _verified(directory):
            return True
        if any(checksum(directory / name) != file["checksum"] for name, file in files.items()):
            return False
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False
    if verified is not None:
        # Nobody needs to write to mapped files, but entries of an earlier release allowed it.
        protect(directory)
        verified = _now(boot_id, [directory / name for name in files])
        with contextlib.suppress(OSError):  # a cache that cannot be written is only slower
            write_whole(directory / VERIFIED, json.dumps(verified))
    return True


def _now(boot_id: Path, paths: list[Path]) -> dict[str, Any] | None:
    """Return what differs after another boot or a change to any of the files; None where boots have no number."""
    try:
        boot = boot_id.read_text(encoding="ascii").strip()
    except OSError:
        return None
    return {"boot": boot, "files": {path.name: file_state(path) for path in paths}}


def _verified(directory: Path) -> object:
    try:
        return json.loads((directory / VERIFIED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
