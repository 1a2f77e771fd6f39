"""A child process prepares voices, so that onnx and the optimiser never enter this process."""

import json
import os
import select
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from hailo_piper.engine.piper.prepared.errors import CannotCut, NotAVoice

Progress = Callable[[str | None], None]
"""A callback for each step as it begins, and for None ten times a second; what it raises ends the preparation."""

POLL_SECONDS = 0.1
PREPARING = (sys.executable, "-P", "-m", "hailo_piper.engine.piper.preparing")
"""The command of the preparing process, to which the paths of the model and of the directory are added."""


def run_child(command: Sequence[str], model_path: Path, directory: Path, on_progress: Progress) -> dict[str, Any]:
    """Fill the directory; return what the manifest will say of it, which may be why the voice cannot be cut.

    The child ends with this process, however this ends: it reads a pipe that nobody writes to.

    Raises NotAVoice, and CannotCut if the child died; that reason is not kept, since the next attempt may succeed.
    """
    # Imported here, since a start with a prepared voice does not need it.
    import subprocess

    package_root = str(Path(__file__).resolve().parents[4])
    search_path = os.pathsep.join(filter(None, (package_root, os.environ.get("PYTHONPATH"))))
    last: dict[str, Any] = {}
    with (
        tempfile.TemporaryFile() as complaints,
        # A child that is killed cannot remove its files.
        tempfile.TemporaryDirectory(prefix="scratch-", dir=directory) as scratch,
        subprocess.Popen(
            [*command, model_path.resolve(), directory.resolve()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=os.environ | {"PYTHONPATH": search_path, "TMPDIR": scratch},
        ) as child,
    ):
        try:
            for line in _lines(child.stdout, on_progress):
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


def _lines(output: IO[bytes] | None, on_progress: Progress) -> Iterator[bytes]:
    """Yield the lines that the child writes, until it ends."""
    if output is None:
        return
    rest = b""
    poll = select.poll()
    poll.register(output, select.POLLIN)
    while True:
        on_progress(None)
        if not poll.poll(POLL_SECONDS * 1000):
            continue
        block = os.read(output.fileno(), 1 << 16)
        if not block:
            return
        *lines, rest = (rest + block).split(b"\n")
        yield from lines
