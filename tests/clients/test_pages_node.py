"""The programs for Node in the pages, run as they are printed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.conftest import Service, seconds_of
from tests.support.documents import Block, blocks

INSTALLED = Path(sys.prefix) / "node"
"""Where `make test-clients` has npm install their packages."""


@pytest.mark.parametrize("block", blocks("js"), ids=str)
def test_a_program_of_the_pages_runs(service: Service, tmp_path: Path, block: Block) -> None:
    # A module looks for its packages beside itself.
    program = INSTALLED / "page.mjs"
    program.write_text(block.text.replace("127.0.0.1:5003", f"127.0.0.1:{service.port}"), encoding="utf-8")
    node = shutil.which("node")
    assert node, "node is missing: apt-get install nodejs npm"
    done = subprocess.run([node, program], check=False, capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    (written,) = tmp_path.iterdir()
    assert 0.5 < seconds_of(written.read_bytes(), "mp3") < 8
    if "console.log" in block.text:
        times = [float(line.split()[0]) for line in done.stdout.splitlines()]
        assert times == sorted(times)
        assert len(times) > 2
