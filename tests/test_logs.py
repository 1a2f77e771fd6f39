import json
import logging
from collections.abc import Iterator

import pytest

from hailo_piper import logs


@pytest.fixture(autouse=True)
def _in_a_request() -> Iterator[None]:
    token = logs.request_id.set("abc")
    yield
    logs.request_id.reset(token)


def test_json_lines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    logs.configure(level="INFO", style="json")
    logging.getLogger("x").info("done %d", 5, extra={"fields": {"seconds": 0.5}})
    logging.getLogger("x").debug("not shown")
    (line,) = capsys.readouterr().err.splitlines()
    fields = json.loads(line)
    assert list(fields) == ["time", "level", "logger", "message", "request_id", "seconds"]
    assert (fields["message"], fields["request_id"], fields["seconds"]) == ("done 5", "abc", 0.5)


def test_under_the_journal_lines_have_no_time(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOURNAL_STREAM", "8:1")
    logs.configure(level="INFO", style="text")
    logging.getLogger("x").info("done", extra={"fields": {"seconds": 0.5}})
    assert capsys.readouterr().err == "INFO done request_id=abc seconds=0.5\n"


@pytest.mark.parametrize("style", ["json", "text"])
def test_a_traceback_is_kept(capsys: pytest.CaptureFixture[str], style: str) -> None:
    logs.configure(level="INFO", style=style)
    try:
        json.loads("")
    except ValueError:
        logging.getLogger("x").exception("failed")
    shown = capsys.readouterr().err
    assert "Traceback" in shown
    assert (shown.count("\n") == 1) is (style == "json")


def test_what_piper_and_waitress_chatter_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(level="DEBUG", style="text")
    logging.getLogger("piper.phoneme_ids").warning("Missing phoneme from id map: x")
    logging.getLogger("waitress").info("Client disconnected")
    assert capsys.readouterr().err == ""
