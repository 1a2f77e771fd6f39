"""The standing line of a long command: drawn over itself on a terminal, now and then elsewhere."""

import io

import pytest

from hailo_piper.cli.standing import Standing


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, seconds: int) -> str:
    monkeypatch.setattr("sys.stderr", stream)
    now = [0.0]
    standing = Standing(lambda: f"at {now[0]:g}", lambda: now[0])
    for second in range(seconds):
        now[0] = float(second)
        standing.show()
    standing.clear()
    standing.end()
    return stream.getvalue()


def test_a_file_has_a_line_every_half_minute_and_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, io.StringIO(), 62) == "at 30\nat 60\nat 61\n"


def test_a_terminal_has_one_line_that_is_drawn_over(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = shown(monkeypatch, Terminal(), 3)
    assert drawn == "at 1\r    \rat 2\r    \rat 2\n"
