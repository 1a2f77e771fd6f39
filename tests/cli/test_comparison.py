import json
from pathlib import Path
from typing import Any

import pytest

from hailo_piper.__main__ import main


def figures(first: float, listeners: int) -> dict[str, Any]:
    return {
        "format": 1,
        "machine": {"model": "Raspberry Pi 5", "cores": 4, "quota": None},
        "texts": {"a word": {"characters": 6, "first_audio_ms": first, "real_time_factor": 0.1}},
        "listeners": listeners,
    }


def test_each_figure_of_both_stands_beside_their_ratio(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, content in (("a", figures(40.0, 8)), ("b", figures(20.0, 12))):
        (tmp_path / name).write_text(json.dumps(content))
    assert main(["bench", "--compare", str(tmp_path / "a"), str(tmp_path / "b")]) == 0
    rows = {line.split("  ")[0]: line.split()[-3:] for line in capsys.readouterr().out.splitlines()}
    assert rows["texts.a word.first_audio_ms"] == ["40", "20", "0.50"]
    assert rows["listeners"] == ["8", "12", "1.50"]


@pytest.mark.parametrize(
    ("content", "told"),
    [("{", "not the JSON"), ("[]", "not the figures"), ('{"format": 2}', "format 1"), (None, "No such file")],
)
def test_a_file_that_is_none_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, told: str
) -> None:
    path = tmp_path / "a.json"
    if content is not None:
        path.write_text(content)
    assert main(["bench", "--compare", str(path), str(path)]) != 0
    error = capsys.readouterr().err
    assert str(path) in error
    assert told in error
