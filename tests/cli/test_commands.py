import io
import json
import os
import stat
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from hailo_piper import __version__
from hailo_piper.__main__ import main
from hailo_piper.cli import measurement
from hailo_piper.listeners.port import address_of
from hailo_piper.server import Server
from tests.support import ROOT
from tests.support.client import wav_of
from tests.support.decoding import decode

RENDER = ROOT / "render_config.py"
LOCALHOST = address_of("localhost", 0)[1][0]


@pytest.fixture
def config_path(tone_path: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path / "config.yaml"
    voice = f"model_path: {tone_path}, cache_directory: {tmp_path_factory.mktemp('cache')}"
    path.write_text(f"piper: {{{voice}, noise_scale: 0, noise_w_scale: 0}}\n")
    return path


def run(*arguments: object, text: str | bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "hailo_piper", *map(str, arguments)]
    given = text.encode() if isinstance(text, str) else text
    return subprocess.run(command, input=given, capture_output=True, check=False, timeout=60)


def test_say_writes_a_wav_with_exact_sizes(config_path: Path, tmp_path: Path) -> None:
    output = tmp_path / "speech.wav"
    assert main(["say", "One one. Two two.", "-o", str(output), "--config", str(config_path)]) == 0
    parameters, pcm = wav_of(output.read_bytes())
    assert parameters[:3] == (1, 2, 22050)
    assert len(pcm) + 44 == output.stat().st_size
    assert sorted(tmp_path.iterdir()) == [config_path, output]


def test_say_writes_pcm_where_the_name_says_so(config_path: Path, tmp_path: Path) -> None:
    output = tmp_path / "speech.pcm"
    assert main(["say", "Hello.", "-o", str(output), "--config", str(config_path)]) == 0
    assert output.read_bytes()[:4] != b"RIFF"


@pytest.mark.parametrize("response_format", ["mp3", "opus", "aac", "flac"])
def test_say_writes_the_format_that_the_name_says(config_path: Path, tmp_path: Path, response_format: str) -> None:
    output, wav = tmp_path / f"speech.{response_format}", tmp_path / "speech.wav"
    for path in (output, wav):
        assert main(["say", "One one. Two two.", "-o", str(path), "--config", str(config_path)]) == 0
    samples, rate = decode(output.read_bytes())
    assert len(samples) / rate == pytest.approx(wav_of(wav.read_bytes())[0].nframes / 22050, abs=0.1)
    if response_format == "flac":
        assert int.from_bytes(output.read_bytes()[22:26], "big") == len(samples), "its header tells the length"


def test_say_reads_standard_input_and_writes_standard_output(config_path: Path) -> None:
    done = run("say", "-o", "-", "--config", config_path, text="Hello world.")
    assert done.returncode == 0
    assert done.stdout == run("say", "Hello world.", "-o", "-", "--config", config_path).stdout
    with wave.open(io.BytesIO(done.stdout)) as file:
        assert file.getframerate() == 22050


def test_say_plays_through_a_player(config_path: Path, tmp_path: Path) -> None:
    player = tmp_path / "aplay"
    player.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\n/bin/cat > {tmp_path}/played\n')
    player.chmod(0o755)
    command = [sys.executable, "-m", "hailo_piper", "say", "Hello.", "--play", "--config", str(config_path)]
    # No other player, which this machine may have.
    subprocess.run(command, check=True, env={**os.environ, "PATH": str(tmp_path)}, timeout=60)
    assert "-r 22050" in (tmp_path / "arguments").read_text()
    assert len((tmp_path / "played").read_bytes()) > 1000


def test_say_without_a_player_says_what_to_do(
    config_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert main(["say", "Hello.", "--config", str(config_path)]) == 1
    assert "no audio player found" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "exit_code", "words"),
    [
        (["say", "...", "-o", "-"], 2, "letter or digit"),
        (["say", "Hello.", "-o", "x.ogg"], 2, 'Unsupported format: "ogg" is not allowed; allowed: mp3, opus'),
        (["say", "Hello.", "-o", "-", "--speed", "9"], 2, "9.0 is not a number from 0.25 to 4.0"),
        (["say", "Hello.", "-o", "-", "--speaker", "3"], 2, "Unknown speaker"),
        (["say", "Hello.", "-o", "/nowhere/x.wav"], 1, "/nowhere/x.wav: No such file"),
        (["say", "Hello.", "-o", "-", "--voice", "/nowhere/x.onnx"], 78, "piper.model_path: no such file"),
        (["serve", "--config", "/nowhere/config.yaml"], 78, "/nowhere/config.yaml: cannot be read"),
        (["serve", "--port", "70000"], 2, "--port 70000 is not from 0 to 65535"),
        (["serve", "--host", "203.0.113.7", "--port", "0"], 69, "cannot listen on 203.0.113.7"),
        (["serve", "--host", "no.such.host.invalid"], 69, "cannot listen on no.such.host.invalid"),
    ],
)
def test_what_goes_wrong_has_its_exit_code_and_a_line(
    tone_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], exit_code: int, words: str
) -> None:
    if "--voice" not in arguments:
        arguments = [*arguments, "--voice", str(tone_path)]
    assert main(arguments) == exit_code
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["say", "Hello.", "-o", "-"]])
def test_an_alias_that_cannot_be_is_told(
    tone_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("voices: {aliases: {kitchen: {voice: default, speaker: cook}}}", encoding="utf-8")
    assert main([*command, "--voice", str(tone_path), "--config", str(config)]) == 78
    assert "voices.aliases.kitchen: Unknown speaker: 'cook'. Voice" in capsys.readouterr().err


def test_a_taken_port_is_told(tone_server: Server, tone_path: Path) -> None:
    done = run("serve", "--host", "127.0.0.1", "--port", tone_server.http.port, "--voice", tone_path)
    assert done.returncode == 69
    assert b"cannot listen on 127.0.0.1" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "answer requests until stopped"),
        (["shout"], "there is no command 'shout'; there are: serve, say, batch, read, explain"),
        (["sya"], "there is no command 'sya'; did you mean say?"),
        (["server"], "did you mean serve?"),
        (["checkconfig"], "did you mean check-config?"),
        (["voices", "fetsch"], "did you mean fetch?"),
        (["voices"], "COMMAND"),
        (["say", "x", "--sped", "2"], "unrecognized arguments: --sped 2; did you mean --speed?"),
        (["serve", "--prot=1"], "did you mean --port?"),
        (["serve", "now"], "unrecognized arguments: now"),
        (["say", "x", "--format", "ogg"], "invalid choice: 'ogg' (choose from"),
        (["say", "x", "--voice", ""], "it names no voice"),
        (["verify", "--url", ""], "it begins with http:// or https://"),
        (["say", "x", "-o", "y", "--play"], "not allowed with argument -o"),
    ],
)
def test_wrong_usage_exits_2(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        main(arguments)
    assert ending.value.code == 2
    assert words in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        main(["--version"])
    assert ending.value.code == 0
    assert capsys.readouterr().out == f"hailo-piper {__version__}\n"


def test_prepare_prepares_once(cache_directory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(f"piper: {{cache_directory: {cache_directory}}}\n")
    for _ in range(2):
        assert main(["prepare", "--config", str(config)]) == 0
        assert "en_US-joe-medium: prepared" in capsys.readouterr().err


def test_prepare_fails_where_a_voice_cannot_be_cut(config_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prepare", "--config", str(config_path)]) == 1
    assert "cannot be streamed in windows" in capsys.readouterr().err


def test_bench_prints_every_figure_and_writes_it(
    config_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(measurement, "_MOST_LISTENERS", 2)
    written = tmp_path / "figures.json"
    assert main(["bench", "--config", str(config_path), "--json", str(written)]) == 0
    shown = capsys.readouterr().out
    for words in (
        "CPUs may be used",
        "a word",
        "a sentence",
        "a paragraph",
        "4 at once",
        "listeners at once",
        "memory: ",
    ):
        assert words in shown
    figures = json.loads(written.read_text())
    assert list(figures["texts"]) == list(measurement.TEXTS)
    assert figures["texts"]["a word"]["characters"] == 6
    assert figures["listeners"] in {0, 1, 2}
    assert figures["machine"]["cores"] == os.cpu_count()
    assert figures["after"]["load"] >= 0
    assert main(["bench", "--compare", str(written), str(written)]) == 0
    assert " 1.00\n" in capsys.readouterr().out


def test_bench_tells_at_once_that_its_file_cannot_be_written(
    config_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "missing" / "figures.json"
    assert main(["bench", "--config", str(config_path), "--json", str(written)]) == 1
    captured = capsys.readouterr()
    assert str(written) in captured.err
    assert "at once" not in captured.out


@pytest.mark.parametrize(
    "line", ["--help", "say --help", "check-config --config $CONFIG", "completion bash", "manual", "voices list"]
)
def test_nobody_who_reads_its_output_makes_it_complain(config_path: Path, line: str) -> None:
    # Unbuffered, argparse itself takes no notice of a full disk.
    environment = {**os.environ, "CONFIG": str(config_path), "PYTHONUNBUFFERED": ""}
    for end, told in (("| true", b""), (">/dev/full", b"hailo-piper: standard output: No space left on device\n")):
        command = f"set -o pipefail; {sys.executable} -m hailo_piper {line} {end}"
        done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, env=environment, timeout=60)
        lines = [words for words in done.stderr.splitlines(keepends=True) if b"in order" not in words]
        assert b"".join(lines) == told
        if told:
            assert done.returncode == 1


def test_a_home_directory_is_expanded_where_the_shell_leaves_it(
    config_path: Path, tone_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(config_path.parent))
    for path in (tone_path, tone_path.with_name(f"{tone_path.name}.json")):
        (config_path.parent / path.name).symlink_to(path)
    arguments = ["--config=~/config.yaml", f"--voice=~/{tone_path.name}"]
    assert main(["say", "Hello.", "--output=~/speech.wav", *arguments]) == 0
    assert (config_path.parent / "speech.wav").exists()
    assert main(["voices", "list", "--directory=~", arguments[0]]) == 0
    assert tone_path.stem in capsys.readouterr().out
    assert render("--input=~/config.yaml", "--output=~/out.json").returncode == 0
    assert (config_path.parent / "out.json").exists()


def in_environment(**settings: str) -> dict[str, str]:
    return {f"HAILO_PIPER__{name}": value for name, value in settings.items()}


def test_options_come_before_the_environment_and_that_before_files(
    config_path: Path, tone_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with config_path.open("a") as file:
        file.write("server: {port: 1111, host: 203.0.113.1}\nlogging: {level: ERROR}\n")
    environment = in_environment(SERVER__PORT="2222", SERVER__HOST="203.0.113.2", PIPER__MODEL_PATH="/nowhere.onnx")
    arguments = ["serve", "--host", "203.0.113.3", "--voice", str(tone_path), "--config", str(config_path)]
    assert main(arguments, environment) == 69
    assert "cannot listen on 203.0.113.3 port 2222" in capsys.readouterr().err
    assert main([*arguments, "--port", "3333"], environment) == 69
    assert "cannot listen on 203.0.113.3 port 3333" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [["serve"], ["say", "x", "-o", "-"], ["check-config"], ["voices", "list"], ["verify"]]
)
def test_an_unknown_variable_is_told_by_every_command(
    config_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    environment = in_environment(SERVER__PROT="1", PIPER__VOLUME="loud")
    assert main([*command, "--config", str(config_path)], environment) == 78
    error = capsys.readouterr().err
    assert "HAILO_PIPER__SERVER__PROT: there is no such setting; did you mean HAILO_PIPER__SERVER__PORT?" in error
    assert 'HAILO_PIPER__PIPER__VOLUME: "loud" is not a number from 0 to 5' in error


def test_check_config_tells_what_comes_from_the_environment(
    config_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = {**in_environment(SERVER__PORT="8080", RESOURCE_LIMITS__MEMORY_MAX="1G"),
                   "HAILO_PIPER_SERVER_HOST": "::", "HAILO_PIPER_SERVER_PORT": "tcp://10.0.0.1:80"}  # fmt: skip
    assert main(["check-config", "--config", str(config_path)], environment) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["server"]["port"] == 8080
    assert "server.port comes from HAILO_PIPER__SERVER__PORT" in shown.err
    assert "warning: HAILO_PIPER__RESOURCE_LIMITS__MEMORY_MAX has no effect" in shown.err
    assert "warning: HAILO_PIPER_SERVER_HOST has no effect; the setting is HAILO_PIPER__SERVER__HOST" in shown.err
    assert "HAILO_PIPER_SERVER_PORT " not in shown.err


def test_check_config_prints_what_is_in_force(config_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-config", "--config", str(config_path)]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["piper"]["noise_scale"], shown["server"]["port"]) == (0, 5003)


def test_check_config_lists_every_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("server: {port: x}\nloging: {}\n")
    assert main(["check-config", "--config", str(path)]) == 78
    error = capsys.readouterr().err
    assert "2 problem(s)" in error
    assert "server.port: " in error
    assert "unknown key 'loging'" in error


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("piper: {model_path: /nowhere/x.onnx}", "piper.model_path: no such file: /nowhere/x.onnx"),
        ("piper: {model_path: $TMP/text.onnx}", "is no Piper voice config"),
        ("piper: {model_path: $TMP/damaged.onnx}", "is no ONNX model"),
        ("server: {api_keys_file: /nowhere/keys}", "server.api_keys_file: /nowhere/keys: cannot be read"),
        ("server: {api_keys_file: $TMP/open}", "server.api_keys_file: $TMP/open: others than owner"),
        (
            "voices: {aliases: {kitchen: {voice: default, speaker: cook}}}",
            "voices.aliases.kitchen: Unknown speaker: 'cook'",
        ),
        ('server: {host: "[::1]"}', "server.host: '[::1]' is neither an address nor a name of a host"),
        ('server: {host: "127.0.0.1:80"}', "server.host: '127.0.0.1:80' is neither"),
        ('server: {host: " "}', "server.host: ' ' is neither"),
        (f"server: {{host: {'x' * 250}}}", "server.host: 'xxx"),
        ("wyoming: {enabled: true, port: 5003}\nserver: {port: 5003}", "wyoming.port: 5003 is server.port, too"),
        (
            f'wyoming: {{enabled: true, host: localhost, port: 5003}}\nserver: {{host: "{LOCALHOST}", port: 5003}}',
            "wyoming.port: 5003 is server.port, too",
        ),
        ("voices: {aliases: {default: x}}", "voices.aliases.default: this is a voice's own name"),
    ],
)
def test_check_config_tells_what_serve_would_refuse(
    config_path: Path, tone_path: Path, capsys: pytest.CaptureFixture[str], section: str, words: str
) -> None:
    tmp_path = config_path.parent
    (tmp_path / "open").write_text("key")
    (tmp_path / "open").chmod(0o644)
    for name, content in (("text", "no json"), ("damaged", tone_path.with_name(f"{tone_path.name}.json").read_text())):
        (tmp_path / f"{name}.onnx").write_bytes(b"no model")
        (tmp_path / f"{name}.onnx.json").write_text(content)
    lines = [] if section.startswith("piper") else config_path.read_text().splitlines()
    config_path.write_text("\n".join([*lines, section.replace("$TMP", str(tmp_path))]))
    expected = words.replace("$TMP", str(tmp_path))
    listening = [] if "host:" in section or "port:" in section else ["--host", "127.0.0.1", "--port", "0"]
    for command in (["check-config"], ["serve", *listening]):
        assert main([*command, "--config", str(config_path)]) == 78
        assert expected in capsys.readouterr().err


def test_check_config_tells_every_problem_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("piper: {model_path: /nowhere/x.onnx}\nserver: {api_keys_file: /nowhere/keys}\n")
    assert main(["check-config", "--config", str(path)]) == 78
    error = capsys.readouterr().err
    assert "piper.model_path: no such file: /nowhere/x.onnx" in error
    assert "server.api_keys_file: /nowhere/keys: cannot be read" in error


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("voices: {aliases: {clara: es_ES-davefx-medium}}", "voices.aliases.clara: no such voice is installed"),
        ("server: {host: nohost.invalid}", "server.host: nohost.invalid: "),
        ("voices: {directory: /no/such/voices}", "voices.directory: there is no directory /no/such/voices"),
        (
            "performance: {cache_enabled: true, cache_directory: /dev/null/x}",
            "performance.cache_directory: /dev/null/x",
        ),
        ("jobs: {directory: /dev/null/x}", "jobs.directory: /dev/null/x"),
    ],
)
def test_check_config_warns_of_what_serve_only_warns_of(
    config_path: Path, capsys: pytest.CaptureFixture[str], section: str, words: str
) -> None:
    with config_path.open("a") as file:
        file.write(f"{section}\n")
    assert main(["check-config", "--config", str(config_path)]) == 0
    error = capsys.readouterr().err
    assert f"warning: {words}" in error
    assert "in order" in error


def test_check_config_has_nothing_to_say_of_the_defaults(config_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-config", "--config", str(config_path)]) == 0
    assert capsys.readouterr().err == f"{config_path}: in order\n"


def test_serve_tells_of_a_directory_of_voices_that_is_not_there(config_path: Path) -> None:
    with config_path.open("a") as file:
        file.write("voices: {directory: ~/no/such/voices}\n")
    taken = run("serve", "--host", "203.0.113.7", "--port", "1", "--config", config_path)
    place = Path("~/no/such/voices").expanduser()
    assert f"voices.directory: there is no directory {place}" in taken.stderr.decode()


def test_serve_tells_of_a_variable_with_one_underscore(config_path: Path) -> None:
    command = [sys.executable, "-m", "hailo_piper", "serve", "--host", "203.0.113.7", "--config", str(config_path)]
    environment = {**os.environ, "HAILO_PIPER_SERVER_PORT": "80"}
    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60)
    assert done.returncode == 69
    assert b"HAILO_PIPER_SERVER_PORT has no effect; the setting is HAILO_PIPER__SERVER__PORT" in done.stderr


def test_a_start_reads_no_more_than_its_own_command() -> None:
    code = (
        "import sys; from hailo_piper.cli.program import build_parser; build_parser(['serve']);"
        "print(*sorted(name for name in sys.modules if name.startswith('hailo_piper')))"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    ours = {
        "hailo_piper.cli.commands.say",
        "hailo_piper.cli.commands.voices",
        "hailo_piper.config.environment",
        "hailo_piper.cli.outputs",
    }
    assert "hailo_piper.cli.commands.serve" in found
    assert not ours & set(found)


def render(*arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(RENDER), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_rendering_fills_the_defaults_and_can_be_served(config_path: Path, tmp_path: Path) -> None:
    output = tmp_path / "new" / "hailo-piper.json"
    assert render("--input", config_path, "--output", output).returncode == 0
    assert stat.S_IMODE(output.stat().st_mode) == 0o644
    assert json.loads(output.read_text())["server"]["port"] == 5003
    assert main(["check-config", "--config", str(output)]) == 0
    assert list(output.parent.iterdir()) == [output]


def test_what_is_rendered_can_be_read_whatever_the_umask_is(config_path: Path, tmp_path: Path) -> None:
    output = tmp_path / "new" / "hailo-piper.json"
    command = f'umask 077; exec "$0" {RENDER} --input {config_path} --output {output}'
    subprocess.run(["sh", "-c", command, sys.executable], check=True)
    assert stat.S_IMODE(output.parent.stat().st_mode) == 0o755


def test_rendering_writes_the_limits_of_the_unit(config_path: Path, tmp_path: Path) -> None:
    limits = tmp_path / "limits.conf"
    render("--input", config_path, "--output", tmp_path / "out.json", "--limits", limits)
    assert limits.read_text() == "[Service]\nMemoryMax=2G\nCPUQuota=80%\n"


def test_a_bad_configuration_replaces_nothing(tmp_path: Path) -> None:
    source, output = tmp_path / "config.yaml", tmp_path / "out.json"
    source.write_text("server: {port: x, host: 5}\n")
    output.write_text("old")
    done = render("--input", source, "--output", output)
    assert done.returncode == 78
    assert [line.split(": ")[1] for line in done.stderr.splitlines()] == ["server.host", "server.port"]
    assert output.read_text() == "old"


def test_an_output_that_cannot_be_written_is_told(config_path: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = render("--input", config_path, "--output", tmp_path / "file" / "out.json")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)


def test_rendering_replaces_nothing_but_a_file(config_path: Path, tmp_path: Path) -> None:
    target, link, pipe = tmp_path / "target", tmp_path / "link", tmp_path / "pipe"
    target.write_text("old")
    link.symlink_to(target)
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        assert render("--input", config_path, "--output", link, "--limits", pipe).returncode == 0
        assert reader.communicate(timeout=20)[0].startswith(b"[Service]")
    assert (link.is_symlink(), pipe.is_fifo()) == (True, True)
    assert json.loads(target.read_text())["server"]["port"] == 5003
    shown = render("--input", config_path, "--output", "/dev/stdout", "--limits", "/dev/null")
    assert json.loads(shown.stdout)["server"]["port"] == 5003


@pytest.mark.parametrize(
    ("output", "words"), [(".", ".: Is a directory, name a file"), ("/dev/full", "/dev/full: No space left on device")]
)
def test_rendering_tells_what_is_wrong_with_its_output(config_path: Path, output: str, words: str) -> None:
    done = render("--input", config_path, "--output", output)
    assert (done.returncode, done.stderr) == (1, f"{words}\n")


def test_rendering_names_a_file_once() -> None:
    done = render("--input", "/nowhere.yaml", "--output", "/dev/null")
    assert done.stderr == "/nowhere.yaml: cannot be read: No such file or directory\n"


@pytest.mark.parametrize("command", ["manual", "completion bash", "voices list", "check-config"])
def test_a_closed_output_is_no_failure(config_path: Path, command: str) -> None:
    with_config = f"--config {config_path}" if command in ("voices list", "check-config") else ""
    line = f'exec "$0" -m hailo_piper {command} {with_config} >&-'
    done = subprocess.run(["sh", "-c", line, sys.executable], capture_output=True, check=False, timeout=60)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)


@pytest.mark.parametrize("output", [">&-", ">/dev/full", "2>&-"])
def test_a_service_starts_whoever_reads_that(config_path: Path, output: str) -> None:
    line = f'exec "$0" -m hailo_piper serve --config {config_path} --host 127.0.0.1 --port 0 {output}'
    process = subprocess.Popen(["sh", "-c", line, sys.executable], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(6)
        process.terminate()
        assert process.wait(30) == 0


def test_an_output_that_is_not_utf_8_gets_what_it_can_show() -> None:
    code = "from hailo_piper.cli import standard_streams as s; s.prepare(); print('\\xe9')"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, check=True
    )
    assert done.stdout == b"\\xe9\n"
