"""`say` as a process of its own: where its sound goes, how it ends, and texts of any length."""

import io
import os
import select
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from hailo_piper.__main__ import main
from hailo_piper.assembly import build_service
from hailo_piper.cli import playback
from hailo_piper.config.loading import load_config_values, parse_config
from hailo_piper.default_voice import load_default_voice
from hailo_piper.speech.request import SpeechRequest
from tests.support.client import wait_until, wav_of

SAY = [sys.executable, "-m", "hailo_piper", "say"]
TWO = "One one. Two two."
BOOK = " ".join(f"This is sentence number {number} of a long book." for number in range(150))


@pytest.fixture
def config(tone_path: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path / "config.yaml"
    # A cache of its own: in that of other tests this voice may be known for one that is spoken whole, with a warning.
    voice = f"model_path: {tone_path}, cache_directory: {tmp_path_factory.mktemp('cache')}"
    path.write_text(f"piper: {{{voice}, noise_scale: 0, noise_w_scale: 0}}\n")
    return path


def run(config: Path, *arguments: str, **settings: object) -> "subprocess.CompletedProcess[bytes]":
    settings = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, **settings}
    command = [*SAY, "--config", str(config), *arguments]
    return subprocess.run(command, check=False, timeout=120, **settings)  # type: ignore[call-overload, no-any-return]


def shell(config: Path, line: str) -> "subprocess.CompletedProcess[bytes]":
    """A line of bash in which $SAY is the command."""
    environment = {**os.environ, "SAY": " ".join([*SAY, "--config", str(config)])}
    command = ["bash", "-c", f"set -o pipefail; {line}"]
    return subprocess.run(command, check=False, capture_output=True, cwd=config.parent, env=environment, timeout=120)


@pytest.mark.parametrize(
    ("line", "exit_code", "words"),
    [
        (f'$SAY "{TWO}" -o nodir/x.mp3', 1, b"hailo-piper: nodir/x.mp3: No such file or directory"),
        (f'$SAY "{TWO}" -o - >/dev/full', 1, b"hailo-piper: standard output: No space left on device"),
        (f'$SAY "{TWO}" -o - >&-', 1, b"hailo-piper: standard output: Is closed"),
        (f'$SAY "{TWO}" -o /dev/full', 1, b"hailo-piper: /dev/full: No space left on device"),
        (f'$SAY "{TWO}" -o .', 1, b"hailo-piper: .: Is a directory, name a file"),
        (f'$SAY "{TWO}" -o ""', 1, b"hailo-piper: -o: It names no file"),
        (f'$SAY "{BOOK}" -o - | true', 1, b""),
        (f'$SAY "{BOOK}" -o - --format mp3 | head -c 100 >/dev/null', 1, b""),
        (f'$SAY "{BOOK}" -o /dev/stdout | head -c 100 >/dev/null', 1, b""),
        (f'$SAY "{TWO}" -o /dev/stdout >&-', 1, b"hailo-piper: /dev/stdout: Bad file descriptor"),
        (f'$SAY "{TWO}" -o x.wav 2>&- && test -s x.wav', 0, b""),
        (f'echo before >f; ln -s /dev/stdout so; $SAY "{TWO}" -o so >>f && grep -q before f && test -L so', 0, b""),
        ("$SAY -o - <&-", 2, b"hailo-piper: There is no text"),
        ("$SAY -o - </dev/null", 2, b"at least one letter or digit"),
        ('$SAY "" -o -', 2, b"at least one letter or digit"),
    ],
)
def test_an_end_that_is_none_of_its_own_is_told_in_a_line(
    config: Path, line: str, exit_code: int, words: bytes
) -> None:
    done = shell(config, line)
    assert done.returncode == exit_code
    assert words in done.stderr
    assert done.stderr.count(b"\n") <= 1, done.stderr


def test_sound_is_nothing_for_a_terminal(config: Path) -> None:
    ours, terminal = os.openpty()
    try:
        for name in ("-", "/dev/stdout", os.ttyname(terminal)):
            done = run(config, TWO, "-o", name, stdout=terminal)
            assert done.returncode == 2
            assert b"use -o FILE, or pipe it" in done.stderr
        assert not select.select([ours], [], [], 0)[0]
    finally:
        os.close(ours)
        os.close(terminal)


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1"])
def test_a_redirected_file_has_exact_sizes(config: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.wav"
    with path.open("wb") as file:
        assert run(config, TWO, "-o", name, stdout=file).returncode == 0
    assert len(wav_of(path.read_bytes())[1]) + 44 == path.stat().st_size


def test_a_pipe_has_the_sizes_that_are_known_when_it_begins(config: Path) -> None:
    one, two = run(config, "One one.", "-o", "-").stdout, run(config, TWO, "-o", "-").stdout
    assert len(wav_of(one)[1]) + 44 == len(one)
    assert two[4:8] == two[40:44] == b"\xff\xff\xff\xff"


def test_a_named_pipe_stays_one(config: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    done = shell(config, f'cat pipe > copy.wav & $SAY "{TWO}" -o pipe && wait')
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "pipe").is_fifo()
    assert (tmp_path / "copy.wav").read_bytes()[:4] == b"RIFF"


@pytest.mark.parametrize(
    ("arguments", "begins"),
    [
        (["-o", "-", "--format", "flac"], b"fLaC"),
        (["-o", "-", "--format", "WAV"], b"RIFF"),
        (["-o", "/dev/stdout", "--format", "opus"], b"OggS"),
    ],
)
def test_the_format_may_be_named(config: Path, arguments: list[str], begins: bytes) -> None:
    assert run(config, TWO, *arguments).stdout.startswith(begins)


def test_the_format_named_comes_before_that_of_the_name(config: Path, tmp_path: Path) -> None:
    assert main(["say", TWO, "-o", str(tmp_path / "x.mp3"), "--format", "flac", "--config", str(config)]) == 0
    assert (tmp_path / "x.mp3").read_bytes().startswith(b"fLaC")


@contextmanager
def speaking(config: Path, *arguments: str, text: str = BOOK) -> Iterator["subprocess.Popen[bytes]"]:
    """A `say` that has made its first sound."""
    command = [*SAY, "--config", str(config), *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            assert process.stdin
            process.stdin.write(text.encode())
            process.stdin.flush()
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_quietly(config: Path, number: int) -> None:
    with speaking(config, "-o", "-") as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(100)
        process.send_signal(number)
        # It waits for nobody to read.
        _, errors = process.communicate(timeout=30)
        assert (process.returncode, errors) == (128 + number, b"")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_no_part_of_a_file(config: Path, tmp_path: Path, number: int) -> None:
    (tmp_path / "a.wav").write_bytes(b"before")
    with speaking(config, "-o", str(tmp_path / "a.wav"), text=BOOK * 20) as process:
        wait_for_part(tmp_path)
        process.send_signal(number)
        assert process.wait(30) == 128 + number
    assert (tmp_path / "a.wav").read_bytes() == b"before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.wav", "config.yaml"]


def wait_for_part(directory: Path) -> None:
    wait_until(lambda: any(path.suffix == ".part" for path in directory.iterdir()), timeout_seconds=30)


@pytest.fixture
def play(config: Path, tmp_path: Path) -> Callable[..., "subprocess.CompletedProcess[bytes]"]:
    """Says a text through a player that is this script."""
    players = tmp_path / "players"
    players.mkdir()

    def run_with(script: str, text: str = TWO) -> "subprocess.CompletedProcess[bytes]":
        player = players / "aplay"
        player.write_text(script)
        player.chmod(0o755)
        # Nothing else in PATH: a machine may have a real player.
        return run(config, text, env={**os.environ, "PATH": str(players)}, cwd=tmp_path)

    return run_with


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("#!/bin/sh\nexit 3\n", b"aplay failed with exit code 3"),
        ("#!/bin/sh\n/bin/cat >/dev/null; exit 3\n", b"aplay failed with exit code 3"),
        ("#!/bin/sh\nexit 0\n", b"aplay ended before the speech did"),
        ("#!/bin/sh\nkill -9 $$\n", b"aplay was ended by SIGKILL"),
        ("#!/no/such/interpreter\n", b"aplay cannot be started: No such file or directory"),
    ],
)
def test_a_player_that_does_not_play_is_told(
    play: Callable[..., "subprocess.CompletedProcess[bytes]"], script: str, words: bytes
) -> None:
    done = play(script, BOOK)
    assert done.returncode == 1
    assert words in done.stderr
    assert b"-o FILE" in done.stderr or b"cannot be started" in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_a_player_that_takes_no_signal_is_waited_for_only_so_long(tmp_path: Path) -> None:
    player = tmp_path / "aplay"
    player.write_text("#!/bin/bash\ntrap '' TERM\nwhile :; do read -t 1 <>/dev/zero; done\n")
    player.chmod(0o755)

    def interrupted() -> None:
        with playback.playing(str(player), 22050):
            time.sleep(0.3)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()


def test_a_player_gets_all_of_it(play: Callable[..., "subprocess.CompletedProcess[bytes]"], tmp_path: Path) -> None:
    done = play("#!/bin/sh\n/bin/cat > played\n")
    assert (done.returncode, done.stderr) == (0, b"")
    assert len((tmp_path / "played").read_bytes()) > 10_000


def pcm(data: bytes) -> npt.NDArray[np.int16]:
    return np.frombuffer(data[44:], "<i2")


@pytest.mark.parametrize("way", ["argument", "file", "piecewise"])
def test_a_text_of_any_length_sounds_as_it_would_as_a_whole(config: Path, tmp_path: Path, way: str) -> None:
    assert len(BOOK) > 5000
    if way == "argument":
        done = run(config, BOOK, "-o", "-")
    elif way == "file":
        (tmp_path / "book.txt").write_text(BOOK)
        with (tmp_path / "book.txt").open() as file:
            done = run(config, "-o", "-", stdin=file)
    else:
        words = BOOK.split(" ")
        program = "import sys\nfor word in sys.argv[1:]: print(word, end=' ', flush=True)"
        with subprocess.Popen([sys.executable, "-c", program, *words], stdout=subprocess.PIPE) as writer:
            done = run(config, "-o", "-", stdin=writer.stdout)
    assert (done.returncode, done.stderr) == (0, b"")
    assert np.array_equal(pcm(done.stdout), whole(config))


def whole(config: Path) -> npt.NDArray[np.int16]:
    """The same in one request of the pipeline."""
    values = load_config_values(config)
    values["synthesis"]["max_text_length"] = len(BOOK)
    settings = parse_config(values)
    with ExitStack() as stack:
        request = SpeechRequest(text=BOOK, response_format="wav")
        speech = build_service(load_default_voice(settings, stack), settings, stack).speech
        with closing(speech.speak(request, listener="test")) as reply:
            return pcm(b"".join(reply))


def test_speech_begins_while_the_text_is_still_being_written(config: Path) -> None:
    with speaking(config, "-o", "-", text="A first sentence that ends here. And then ") as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.read(45)[:4] == b"RIFF"
        process.stdin.write(b"comes the rest.")
        process.stdin.close()
        assert process.stdout.read()
        assert process.wait(30) == 0


def test_a_terminal_shows_how_far_it_is(config: Path) -> None:
    ours, terminal = os.openpty()
    try:
        assert run(config, BOOK, "-o", "/dev/null", stderr=terminal).returncode == 0
        shown = os.read(ours, 1_000_000).decode()
    finally:
        os.close(ours)
        os.close(terminal)
    assert " s spoken, 0% of the text" in shown
    assert shown.endswith(" s spoken, all of the text \r\n")


def test_bytes_that_are_no_text_are_told(config: Path) -> None:
    done = shell(config, "printf 'caf\\351 ok' | $SAY -o - >a.wav")
    assert done.returncode == 0
    assert b"hailo-piper: standard input is not UTF-8 at byte 3 (0xe9)" in done.stderr
    refused = shell(config, "printf '\\377\\376H\\0' | $SAY -o - >a.wav")
    assert refused.returncode == 2
    assert b"standard input is UTF-16" in refused.stderr


def test_an_argument_may_begin_with_a_dash(config: Path) -> None:
    assert run(config, "-o", "-", "--", "-5 degrees").returncode == 0
    assert run(config, "-o", "-", "-5 degrees").returncode == 0


def test_a_header_of_a_pipe_can_be_read_by_others(config: Path) -> None:
    with wave.open(io.BytesIO(run(config, TWO, "-o", "-").stdout)) as file:
        assert file.getframerate() == 22050


@pytest.mark.parametrize(
    ("name", "begins"), [("a.srt", b"1\n00:00:"), ("a.VTT", b"WEBVTT"), ("a.lrc", b"[00:"), ("a.json", b"{")]
)
def test_captions_are_written_beside_the_speech(config: Path, tmp_path: Path, name: str, begins: bytes) -> None:
    made = run(config, "Hello **there**.", "-o", str(tmp_path / "a.wav"), "--captions", str(tmp_path / name))
    assert made.returncode == 0, made.stderr
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert (tmp_path / "a.wav").stat().st_size > 1000


def test_captions_of_another_kind_are_refused(config: Path, tmp_path: Path) -> None:
    made = run(config, "Hello.", "-o", str(tmp_path / "a.wav"), "--captions", str(tmp_path / "a.txt"))
    assert made.returncode == 2
    assert b"allowed: .srt, .vtt, .lrc, .json" in made.stderr
    assert not list(tmp_path.glob("a.*"))


def test_pauses_are_options(config: Path, tmp_path: Path) -> None:
    def frames(*options: str) -> int:
        path = tmp_path / "pauses.wav"
        assert main(["say", "One one. Two two.\n\nThree.", "-o", str(path), "--config", str(config), *options]) == 0
        return int(wav_of(path.read_bytes())[0].nframes)

    pauses = [
        "--sentence-silence",
        "0.1",
        "--paragraph-silence",
        "0.2",
        "--lead-silence",
        "0.4",
        "--tail-silence",
        "0.8",
    ]
    assert frames(*pauses) - frames() == pytest.approx(1.5 * 22050, abs=4)
    assert main(["say", "One.", "-o", str(tmp_path / "x.wav"), "--config", str(config), "--lead-silence", "11"]) == 2


SSML = '<speak>One <break time="1s"/> <say-as interpret-as="digits">12</say-as>.</speak>'


@pytest.mark.parametrize("source", ["argument", "file", "pipe"])
def test_ssml_is_spoken_from_wherever_it_comes(config: Path, source: str) -> None:
    (config.parent / "text.ssml").write_text(SSML, encoding="utf-8")
    line = {"argument": f"$SAY --ssml '{SSML}' -o -", "file": "$SAY --ssml -o - <text.ssml",
            "pipe": "cat text.ssml | $SAY --ssml -o -"}[source]  # fmt: skip
    done = shell(config, line)
    assert (done.returncode, done.stderr) == (0, b"")
    plain = shell(config, "$SAY 'One, 1 2.' -o -")
    assert len(done.stdout) - len(plain.stdout) == pytest.approx(2 * 22050, abs=6000)


def test_ssml_of_a_pipe_is_spoken_while_it_is_still_being_written(config: Path) -> None:
    command = [*SAY, "--config", str(config), "--ssml", "-o", "-", "--format", "pcm"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"<speak><s>One is here.</s><s>And")
        process.stdin.flush()
        assert len(process.stdout.read(1000)) == 1000
        process.stdin.write(b" then.</s></speak>")
        process.stdin.close()
        assert process.stdout.read()
        assert process.wait(60) == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--ssml", "a & b"], b"The SSML is wrong at line 1, column 3"),
        (["--ssml", "<s>a"], b"The SSML is wrong at line 1"),
        (["--pitch=+13st", "a"], b"Invalid 'pitch': '+13st' is no pitch; allowed: a number from 0.5 to 2"),
        (["--pitch", "3", "a"], b"Invalid 'pitch': 3.0 is not a number from 0.5 to 2"),
    ],
)
def test_wrong_ssml_and_a_wrong_pitch_are_told(config: Path, options: list[str], words: bytes) -> None:
    done = run(config, *options, "-o", "-")
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr


def test_a_pitch_is_heard(config: Path) -> None:
    plain, high, same = (
        run(config, TWO, "-o", "-", *pitch).stdout for pitch in ([], ["--pitch=+2st"], ["--pitch", "1"])
    )
    assert plain == same != high
    assert len(high) == pytest.approx(len(plain), rel=0.1)


def test_an_alias_speaks_in_its_own_way(config: Path, tmp_path: Path) -> None:
    with config.open("a") as file:
        file.write("voices: {aliases: {narrator: {voice: default, speed: 0.5}}}\n")
    assert run(config, "--voice", "default", TWO, "-o", str(tmp_path / "usual.wav")).returncode == 0
    assert run(config, "--voice", "Narrator", TWO, "-o", str(tmp_path / "slow.wav")).returncode == 0
    usual, slow = ((tmp_path / f"{name}.wav").stat().st_size for name in ("usual", "slow"))
    assert slow == pytest.approx(2 * usual, rel=0.05)
