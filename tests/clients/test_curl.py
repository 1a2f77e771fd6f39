"""curl: the line that a service prints when it is ready."""

import subprocess
from pathlib import Path

from tests.conftest import wav_of
from tests.test_live import serving


def test_the_printed_curl_line_works(tmp_path: Path) -> None:
    with serving("--log-format", "text") as (process, _):
        assert process.stdout
        line = process.stdout.readline().strip()
        assert line.startswith("curl ")
        subprocess.run(["sh", "-c", f"{line} -s"], check=True, cwd=tmp_path)
        parameters, _ = wav_of((tmp_path / "speech.wav").read_bytes())
        assert parameters[:3] == (1, 2, 22050)
        assert 0.8 < parameters.nframes / 22050 < 3
