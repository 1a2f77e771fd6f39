"""`hailo-piper voices`: what is here, what can be had, and whether it is right."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hailo_piper.__main__ import main
from tests.support.client import wait_until
from tests.support.hub import Hub, running_hub
from tests.support.tone_voice import make_tone_voice

NAMES = ("es_ES-tone-low", "de_DE-tone-medium", "en_GB-tone-high")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with running_hub() as hub:
        hub.offer(*(make_tone_voice(tmp_path / "hub", name=name, pitch=30) for name in NAMES))
        yield hub


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def config(tone_path: Path, hub: Hub, directory: Path, tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(
        f"piper: {{model_path: {tone_path}}}\nvoices: {{catalogue_url: '{hub.url}', directory: {directory}}}\n"
    )
    return path


def run(config: Path, *arguments: str) -> int:
    return main(["voices", *arguments, "--config", str(config)])


def files(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()}


def pair(name: str) -> set[str]:
    return {f"{name}.onnx", f"{name}.onnx.json"}


def test_several_voices_are_fetched_listed_checked_and_removed(
    config: Path, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(config, "fetch", *NAMES, NAMES[0]) == 0
    assert capsys.readouterr().out.count("fetched and checked") == 3
    assert files(directory) == set().union(*map(pair, NAMES))

    assert run(config, "list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["en_US-tone-low", *sorted(NAMES)]
    assert lines[0].endswith("the default")
    assert lines[1].split()[1:3] == ["de_DE", "medium"]

    assert run(config, "verify") == 0
    assert sorted(capsys.readouterr().out.splitlines()) == sorted(f"ok   {name}" for name in NAMES)

    assert run(config, "remove", NAMES[1]) == 0
    assert "removed" in capsys.readouterr().out
    assert files(directory) == pair(NAMES[0]) | pair(NAMES[2])
    assert run(config, "remove", NAMES[1]) == 2


@pytest.mark.parametrize(
    ("language", "names"), [([], NAMES), (["--language", "en"], NAMES[2:]), (["--language", "de-de"], NAMES[1:2])]
)
def test_what_can_be_fetched_is_listed(
    config: Path, capsys: pytest.CaptureFixture[str], language: list[str], names: tuple[str, ...]
) -> None:
    run(config, "fetch", NAMES[0])
    capsys.readouterr()
    assert run(config, "available", *language) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == sorted(names)
    assert {line.split()[0] for line in lines if line.endswith("is here")} == {NAMES[0]} & set(names)


def test_verify_tells_what_is_wrong_and_what_the_hub_does_not_know(
    config: Path, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(config, "fetch", *NAMES)
    make_tone_voice(directory, name="xx_XX-own-low")
    damaged = directory / f"{NAMES[0]}.onnx"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    (directory / f"{NAMES[1]}.onnx.json").unlink()
    capsys.readouterr()
    assert run(config, "verify") == 1
    lines = capsys.readouterr().out.splitlines()
    assert f"ok   {NAMES[2]}" in lines
    assert "?    xx_XX-own-low: unknown to the catalogue" in lines
    (wrong,) = [line for line in lines if line.startswith(f"FAIL {NAMES[0]}")]
    assert "its md5 is" in wrong
    assert f"FAIL {NAMES[1]}: {directory}/{NAMES[1]}.onnx.json is missing; fetch it again" in lines
    assert run(config, "fetch", *NAMES) == 0
    assert run(config, "verify") == 0


def test_verify_of_an_empty_directory_asks_nobody(config: Path, hub: Hub, directory: Path) -> None:
    directory.mkdir()
    assert run(config, "verify") == 0
    assert hub.asked == []


@pytest.mark.parametrize(("command", "status"), [("list", 0), ("verify", 1)])
def test_a_directory_that_is_not_there_is_told(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, status: int
) -> None:
    assert run(config, command, "--directory", f"{tmp_path}/nosuch") == status
    assert capsys.readouterr().err == f"hailo-piper: {tmp_path}/nosuch cannot be read: No such file or directory\n"


def test_list_tells_what_is_broken(config: Path, directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    directory.mkdir()
    (directory / "en_US-broken-low.onnx").write_text("<html>")
    assert run(config, "list") == 0
    shown = capsys.readouterr()
    assert "en_US-broken-low" in shown.err
    assert "en_US-broken-low" not in shown.out


def test_the_configured_voice_is_not_removed(
    hub: Hub, directory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = make_tone_voice(directory)
    config = tmp_path / "own.yaml"
    config.write_text(
        f"piper: {{model_path: {model}}}\nvoices: {{catalogue_url: '{hub.url}', directory: {directory}}}\n"
    )
    assert run(config, "remove", "en_US-tone-low") == 1
    assert "is the default voice" in capsys.readouterr().err
    assert model.is_file()


def test_where_the_configured_voice_is_not_there_others_are_removed(directory: Path, tmp_path: Path) -> None:
    make_tone_voice(directory)
    config = tmp_path / "own.yaml"
    config.write_text(f"piper: {{model_path: {directory}/en_US-gone-low.onnx}}\nvoices: {{directory: {directory}}}\n")
    assert run(config, "remove", "en_US-tone-low") == 0
    assert files(directory) == set()


@pytest.mark.parametrize("name", ["../config", "/etc/passwd", "", "nobody"])
def test_what_is_no_voice_is_not_removed(config: Path, directory: Path, name: str) -> None:
    directory.mkdir()
    assert run(config, "remove", name) == 2


def test_one_bad_voice_does_not_keep_the_others_away(
    config: Path, hub: Hub, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = hub.voices[NAMES[1]][".onnx"]
    hub.voices[NAMES[1]][".onnx"] = content[:-1] + bytes([content[-1] ^ 1])
    assert run(config, "fetch", *NAMES) == 1
    shown = capsys.readouterr()
    assert shown.out.count("fetched and checked") == 2
    assert f"{NAMES[1]} could not be fetched" in shown.err
    assert files(directory) == pair(NAMES[0]) | pair(NAMES[2])


def test_a_hub_that_does_not_answer_is_told(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nobody = ["--catalogue-url", "http://127.0.0.1:1"]
    assert run(config, "available", *nobody) == 1
    assert run(config, "fetch", NAMES[0], *nobody) == 1
    assert "Connection refused" in capsys.readouterr().err


def fetching(config: Path, hub: Hub) -> "subprocess.Popen[bytes]":
    """The command as a process of its own, half done."""
    hub.gate = threading.Event()
    command = [sys.executable, "-m", "hailo_piper", "voices", "fetch", NAMES[0], "--config", str(config)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert hub.waiting.wait(60)
    except BaseException:
        process.kill()
        raise
    return process


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_fetch_that_nothing_comes_of_and_leaves_nothing(
    config: Path, hub: Hub, directory: Path, number: signal.Signals, status: int
) -> None:
    with fetching(config, hub) as process:
        assert hub.gate
        try:
            wait_until(lambda: any(directory.glob(".fetching-*/*.onnx")), timeout_seconds=60)
            process.send_signal(number)
            output = process.communicate(timeout=60)
        finally:
            hub.gate.set()
    assert process.returncode == status
    assert b"Traceback" not in output[1]
    assert files(directory) == set()


def test_a_killed_fetch_leaves_nothing_that_is_seen_and_the_next_one_tidies_up(
    config: Path, hub: Hub, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with fetching(config, hub) as process:
        process.kill()
        process.communicate(timeout=60)
    assert hub.gate
    hub.gate.set()
    assert len(files(directory)) == 1
    assert run(config, "list") == 0
    assert NAMES[0] not in capsys.readouterr().out
    assert run(config, "fetch", NAMES[0]) == 0
    assert files(directory) == pair(NAMES[0])


def test_two_commands_at_once_fetch_a_voice_once(config: Path, hub: Hub, directory: Path) -> None:
    with fetching(config, hub) as first:
        assert hub.gate
        command = [sys.executable, "-m", "hailo_piper", "voices", "fetch", NAMES[0], "--config", str(config)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as second:
            try:
                wait_until(lambda: sum(path == "/voices.json" for path, _ in hub.asked) == 2, timeout_seconds=60)
            finally:
                hub.gate.set()
            assert (first.wait(60), second.wait(60)) == (0, 0)
            first.communicate()
            second.communicate()
    assert files(directory) == pair(NAMES[0])
    assert sum(path.endswith(".onnx") for path, _ in hub.asked) == 1


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="mounting a small disk needs root")
def test_a_disk_that_is_full_leaves_nothing(config: Path, directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    directory.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(directory)], check=False)
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        assert run(config, "fetch", NAMES[0]) == 1
        assert "No space left on device" in capsys.readouterr().err
        assert files(directory) == set()
    finally:
        subprocess.run(["umount", str(directory)], check=True)


def test_a_terminal_shows_how_far_it_is(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert run(config, "fetch", *NAMES) == 0
    shown = capsys.readouterr().err
    assert "3 voices: [##############################] 100%" in shown
    assert shown.endswith("\n")
