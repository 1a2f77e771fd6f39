"""Runs the preparing process, so that onnx and the optimiser never enter this one."""

import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hailo_piper.graph.errors import CannotCut, NotAVoice


def run_child(
    model_path: Path, directory: Path, calibrate: str | None, on_progress: Callable[[str], None]
) -> dict[str, Any]:
    """Fill the directory; returns what the manifest is to say of it, which may be that it cannot be cut.

    Raises NotAVoice, and CannotCut if the child died: that is not for the manifest, it may go well next time.
    """
    # A start with a prepared voice does without.
    import subprocess

    command = [
        sys.executable,
        "-P",
        "-m",
        "hailo_piper.graph",
        str(model_path.resolve()),
        str(directory.resolve()),
    ]
    package_root = str(Path(__file__).resolve().parents[2])
    search_path = os.pathsep.join(filter(None, (package_root, os.environ.get("PYTHONPATH"))))
    last: dict[str, Any] = {}
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(
            [*command, *([calibrate] if calibrate else [])],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=os.environ | {"PYTHONPATH": search_path},
        ) as child,
    ):
        try:
            for line in child.stdout or ():
                if line.startswith(b"{"):
                    last = json.loads(line)
                if "progress" in last:
                    on_progress(last["progress"])
        except BaseException:
            child.kill()
            raise
        status = child.wait()
        complaints.seek(0)
        lines = complaints.read().decode(errors="replace").split("\n")
    if "not_a_voice" in last:
        raise NotAVoice(last["not_a_voice"])
    if "cannot_cut" in last:
        return last
    if status or "staged" not in last:
        complaint = next(filter(None, reversed(lines)), "it said nothing")
        raise CannotCut(f"the preparing process ended with status {status}: {complaint}")
    staged: dict[str, Any] = last["staged"]
    return staged
