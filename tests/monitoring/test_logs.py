import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hailo_piper.monitoring import logs


@pytest.fixture(autouse=True)
def _in_a_request() -> Iterator[None]:
    token = logs.request_id.set("abc")
    yield
    logs.request_id.reset(token)


def test_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(level="INFO", style="json")
    logging.getLogger("x").info("done %d", 5, extra={"fields": {"seconds": 0.5}})
    logging.getLogger("x").debug("not shown")
    (line,) = capsys.readouterr().err.splitlines()
    fields = json.loads(line)
    assert list(fields) == ["time", "level", "logger", "message", "request_id", "seconds"]
    assert (fields["message"], fields["request_id"], fields["seconds"]) == ("done 5", "abc", 0.5)
    assert fields["time"].endswith("+00:00")


@pytest.mark.parametrize(
    ("level", "priority"), [("DEBUG", 7), ("INFO", 6), ("WARNING", 4), ("ERROR", 3), ("CRITICAL", 2)]
)
@pytest.mark.parametrize("style", ["json", "text"])
def test_under_the_journal_lines_have_a_priority_and_no_time(
    capsys: pytest.CaptureFixture[str], style: str, level: str, priority: int
) -> None:
    logs.configure(level="DEBUG", style=style, journal=True)
    logging.getLogger("x").log(logging.getLevelNamesMapping()[level], "done", extra={"fields": {"seconds": 0.5}})
    text = f"{level} done request_id=abc seconds=0.5"
    fields = {"level": level, "logger": "x", "message": "done", "request_id": "abc", "seconds": 0.5}
    assert capsys.readouterr().err == f"<{priority}>{text if style == 'text' else json.dumps(fields)}\n"


def test_every_line_of_a_traceback_has_the_priority(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(level="INFO", style="text", journal=True)
    logging.getLogger("x").error("failed", exc_info=ValueError("why"))
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == "<3>ValueError: why"
    assert all(line.startswith("<3>") for line in lines)


def test_the_journal_is_known_by_its_device_and_inode(tmp_path: Path) -> None:
    with (tmp_path / "stream").open("w") as file:
        status = os.fstat(file.fileno())
        assert logs.goes_to_journal(f"{status.st_dev}:{status.st_ino}", file.fileno())
        assert not logs.goes_to_journal(f"{status.st_dev}:{status.st_ino + 1}", file.fileno())
        assert not logs.goes_to_journal(None, file.fileno())


def test_every_line_is_written_at_once_with_its_own_request(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(level="INFO", style="text", journal=True)
    logging.getLogger("x").info("first")
    assert capsys.readouterr().err == "<6>INFO first request_id=abc\n"
    logs.request_id.set("def")
    logging.getLogger("x").warning("second")
    logging.getLogger("x").info("third")
    assert capsys.readouterr().err == "<4>WARNING second request_id=def\n<6>INFO third request_id=def\n"


def test_the_level_holds(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(level="ERROR", style="text")
    for level in (logging.DEBUG, logging.INFO, logging.WARNING):
        logging.getLogger("x").log(level, "not shown")
    logging.getLogger("x").error("shown")
    assert capsys.readouterr().err.endswith("ERROR shown request_id=abc\n")


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


UNSAFE = "\n\r\x1b[2J\x07\x7f\x85\x9b2J\u2028\u2029\u202e\u2066\u200f\ud800\x00\x0b\x1c"


@pytest.mark.parametrize("style", ["json", "text"])
@pytest.mark.parametrize("where", ["a field", "the message", "an argument", "the id", "a list", "another type"])
def test_what_a_client_sent_stays_on_its_line(capsys: pytest.CaptureFixture[str], style: str, where: str) -> None:
    logs.configure(level="INFO", style=style)
    evil = f"x{UNSAFE}ERROR forged"
    fields: dict[str, object] = {"path": {"a list": [evil], "another type": Path(evil)}.get(where, evil)}
    if where == "the id":
        logs.request_id.set(evil)
    if where in {"a field", "the id", "a list", "another type"}:
        logging.getLogger("x").info("refused", extra={"fields": fields})
    elif where == "the message":
        logging.getLogger("x").info(evil)
    else:
        logging.getLogger("x").info("refused %s", evil)
    shown = capsys.readouterr().err
    assert shown.endswith("\n")
    assert all(character.isprintable() for character in shown[:-1])
    assert len(shown.splitlines()) == 1
    if style == "json" and where == "a field":
        assert json.loads(shown)["path"] == evil


def test_a_value_cannot_pretend_to_be_another_field(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(level="INFO", style="text", journal=True)
    fields = {"path": "/x outcome=ok", "why": "it is idle", "empty": "", "quote": 'a"b', "plain": "/v1/voices"}
    logging.getLogger("x").info("refused", extra={"fields": fields})
    assert capsys.readouterr().err == (
        '<6>INFO refused request_id=abc path="/x outcome=ok" why="it is idle" empty="" quote="a\\"b" plain=/v1/voices\n'
    )


@pytest.mark.parametrize("style", ["json", "text"])
def test_a_traceback_drives_no_terminal(capsys: pytest.CaptureFixture[str], style: str) -> None:
    logs.configure(level="INFO", style=style)
    logging.getLogger("x").error("failed", exc_info=ValueError("\x1b[2J\u202e\u2028"))
    shown = capsys.readouterr().err
    assert "ValueError" in shown
    assert all(character.isprintable() or character == "\n" for character in shown)


@pytest.mark.parametrize("given", ["a", "A-Za.z0:9/_+=", "x" * 128])
def test_a_sane_request_id_is_kept(given: str) -> None:
    assert logs.choose_request_id(given) == given


@pytest.mark.parametrize("given", ["", "a b", "a\n", "é", "x" * 129, "<script>", '"'])
def test_another_is_replaced(given: str) -> None:
    assert logs.choose_request_id(given) != given
    assert len(logs.choose_request_id(given)) == 32


@pytest.mark.parametrize("style", ["json", "text"])
def test_a_line_needs_no_import_so_no_free_file(style: str) -> None:
    program = (
        "import logging, sys\n"
        "from hailo_piper.monitoring import logs\n"
        f"logs.configure(level='INFO', style='{style}', journal=True)\n"
        "before = set(sys.modules)\n"
        "try:\n"
        "    raise ValueError('why')\n"
        "except ValueError:\n"
        "    logging.getLogger('x').exception('failed %d', 5, extra={'fields': {'seconds': 0.5}})\n"
        "print(*(set(sys.modules) - before))\n"
    )
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == ""
    assert "seconds" in run.stderr
    assert "Logging error" not in run.stderr
