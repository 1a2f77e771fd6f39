"""curl: the line that a service prints when it is ready, and those of README.md and docs/."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.clients.conftest import Service
from tests.support.client import wav_of
from tests.support.documents import Block, blocks
from tests.support.raw_http import serving


def test_the_printed_curl_line_works(tmp_path: Path) -> None:
    with serving("--log-format", "text") as (process, _):
        assert process.stdout
        line = process.stdout.readline().strip()
        assert line.startswith("curl ")
        subprocess.run(["sh", "-c", f"{line} -s"], check=True, cwd=tmp_path)
        parameters, _ = wav_of((tmp_path / "speech.wav").read_bytes())
        assert parameters[:3] == (1, 2, 22050)
        assert 0.8 < parameters.nframes / 22050 < 3


_BLOCKS = [block for block in blocks("sh") if "curl " in block.text]
_WITH_A_KEY = [block for block in _BLOCKS if "Bearer KEY" in block.text]


@pytest.mark.parametrize("block", _WITH_A_KEY, ids=str)
def test_the_documented_lines_with_a_key_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: Block) -> None:
    keys = tmp_path / "keys"
    keys.write_text("a-key-of-this-test\n")
    keys.chmod(0o600)
    monkeypatch.setenv("HAILO_PIPER__SERVER__API_KEYS_FILE", str(keys))
    monkeypatch.setenv("HAILO_PIPER__LEXICONS__DIRECTORY", str(tmp_path / "lexicons"))
    with serving("--log-format", "text") as (_, port):
        lines = block.text.replace("http://127.0.0.1:5003", f"http://127.0.0.1:{port}")
        lines = lines.replace("Bearer KEY", "Bearer a-key-of-this-test")
        done = subprocess.run(["sh", "-ec", lines], check=True, capture_output=True)
    assert "error" not in json.loads(done.stdout)


@pytest.mark.parametrize("block", [block for block in _BLOCKS if block not in _WITH_A_KEY], ids=str)
def test_the_documented_lines_work(service: Service, tmp_path: Path, block: Block) -> None:
    player = tmp_path / "aplay"
    player.write_text("#!/bin/sh\ncat >played\n", encoding="utf-8")
    player.chmod(0o755)
    lines = block.text.replace("http://127.0.0.1:5003", service.url)
    done = subprocess.run(
        ["sh", "-ec", lines], check=True, cwd=tmp_path, capture_output=True,
        env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
    )  # fmt: skip
    written = [path.read_bytes() for path in tmp_path.iterdir() if path != player]
    (answer,) = [content for content in (*written, done.stdout) if content]
    if "/with-timestamps" in lines:
        assert json.loads(answer)["alignment"]["characters"]
    elif "/v1/text" in lines:
        assert json.loads(answer)["sentences"]
    elif "/dev/captioned_speech" in lines:
        assert json.loads(answer)["timestamps"]
    elif "/v1/audio/captions" in lines:
        assert answer.startswith(b"1\n00:00:")
    else:
        assert answer.startswith((b"RIFF", b"ID3", b"\xff", b"data: "))
        assert len(answer) > 2000
