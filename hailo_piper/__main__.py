"""The command line: serve, say, prepare, bench, check-config, verify, voices."""

import argparse
import gc
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hailo_piper import __version__, exits, logs, operations, voice_commands
from hailo_piper.config import Config, default_path, load_config
from hailo_piper.errors import ConfigError, InvalidRequestError, SpeechError

if TYPE_CHECKING:
    from hailo_piper.server import Server

_STANDARD_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    options = _parser(arguments).parse_args(arguments)
    # numpy multiplies no matrices here; its pool of threads would cost a start 50 ms of processor time.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except ConfigError as error:
        _tell(f"hailo-piper: the configuration cannot be used ({len(error.problems)} problem(s)):")
        for problem in error.problems:
            _tell(f"  {problem}")
        return exits.CONFIG
    except KeyboardInterrupt:
        return 130


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hailo-piper",
        description="A private speech server: Piper voices over OpenAI's text-to-speech API.",
        epilog="Exit codes: 0 done, 1 failed, 2 wrong usage or text, 69 port not available, 78 configuration.",
    )
    parser.add_argument("--version", action="version", version=f"hailo-piper {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--config", type=Path, metavar="PATH", help="YAML or JSON configuration file")
    # A start waits for the description of its own command alone.
    for name in [name for name in _COMMANDS if [name] == arguments[:1]] or _COMMANDS:
        _COMMANDS[name](commands, common)
    return parser


def _and_voice(common: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The options of a command that speaks."""
    voice = argparse.ArgumentParser(add_help=False, parents=[common])
    voice.add_argument(
        "--voice", metavar="NAME", help="an installed voice, perhaps with #SPEAKER, or the path of an .onnx file"
    )
    return voice


def _add_serve(commands: Any, common: argparse.ArgumentParser) -> None:
    serve = commands.add_parser("serve", parents=[_and_voice(common)], help="answer requests until stopped")
    serve.add_argument("--host", help="address to listen on")
    serve.add_argument("--port", type=int, help="TCP port")
    serve.add_argument("--log-format", choices=("json", "text"), help="how log lines look")
    serve.set_defaults(command=_serve)


def _add_say(commands: Any, common: argparse.ArgumentParser) -> None:
    say = commands.add_parser("say", parents=[_and_voice(common)], help="speak a text, without a server")
    say.add_argument("text", nargs="?", help="what to speak; standard input where it is left out")
    target = say.add_mutually_exclusive_group()
    target.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="write to a .wav, .mp3, .opus, .aac, .flac or .pcm file; - is standard output, as WAV",
    )
    target.add_argument("--play", action="store_true", help="play it; so it is without -o, too")
    say.add_argument("--speed", type=float, help="2 is twice as fast")
    say.add_argument("--speaker", help="speaker of a voice that has several, by name or number")
    say.set_defaults(command=_say)


def _add_prepare(commands: Any, common: argparse.ArgumentParser) -> None:
    prepare = commands.add_parser("prepare", parents=[_and_voice(common)], help="prepare the voice for streaming, once")
    prepare.set_defaults(command=_prepare)


def _add_bench(commands: Any, common: argparse.ArgumentParser) -> None:
    bench = commands.add_parser("bench", parents=[_and_voice(common)], help="measure how fast this machine speaks")
    bench.set_defaults(command=_bench)


def _add_check_config(commands: Any, common: argparse.ArgumentParser) -> None:
    check = commands.add_parser("check-config", parents=[common], help="check a configuration and print it complete")
    check.set_defaults(command=_check_config)


_COMMANDS: dict[str, Callable[[Any, argparse.ArgumentParser], None]] = {
    "serve": _add_serve,
    "say": _add_say,
    "prepare": _add_prepare,
    "bench": _add_bench,
    "check-config": _add_check_config,
    "verify": operations.add_to,
    "voices": voice_commands.add_to,
}
"""Gives the parser a command, with the options that all have."""


def _load(options: argparse.Namespace) -> Config:
    """The configuration, with what the command line overrides."""
    config = load_config(options.config or default_path())
    overrides = vars(options)
    server = {name: overrides[name] for name in ("host", "port") if overrides.get(name) is not None}
    if overrides.get("voice"):
        # A configuration that is only read need not know of voices.
        from hailo_piper.voice_places import with_voice

        config = with_voice(config, options.voice)
    return replace(config, server=replace(config.server, **server))


def _serve(options: argparse.Namespace) -> int:
    # What a start loads stays for good: the collector need not look at it now, nor, frozen, at any later time.
    gc.disable()
    config = _load(options)
    if not 0 <= config.server.port <= 65535:
        _tell(f"hailo-piper: --port {config.server.port} is not from 0 to 65535")
        return exits.USAGE
    level = "DEBUG" if config.server.debug else config.logging.level
    journal = logs.goes_to_journal(os.environ.get("JOURNAL_STREAM"), _STANDARD_ERROR)
    logs.configure(level=level, style=options.log_format or config.logging.format, journal=journal, hold=True)
    # Only serving needs the HTTP half of the program.
    from hailo_piper.doors import reachable
    from hailo_piper.server import run
    from hailo_piper.service_manager import ServiceManager

    def show_ready(server: "Server") -> None:
        gc.freeze()
        gc.enable()
        host = reachable(server.http.host)
        sys.stdout.write(
            f"hailo-piper {__version__} speaks on http://{host}:{server.http.port} - try:\n"
            f"  curl http://{host}:{server.http.port}/v1/audio/speech -H 'Content-Type: application/json' "
            '-d \'{"input": "Hello from hailo piper."}\' -o speech.wav\n'
        )
        if len(server.speech.voices.all()) == 1:
            sys.stdout.write(voice_commands.hint(options))
        if server.wyoming is not None:
            sys.stdout.write(f"and Wyoming, for Home Assistant, on port {server.wyoming.port}\n")
        sys.stdout.flush()

    try:
        run(config, on_ready=show_ready, manager=ServiceManager.of(os.environ))
    except OSError as error:
        _tell(f"hailo-piper: cannot listen on {error.filename}: {error.strerror}")
        return exits.UNAVAILABLE
    return 0


def _say(options: argparse.Namespace) -> int:
    from hailo_piper import playback

    logs.configure(level="WARNING", style="text")
    config = _load(options)
    player = None if options.output else playback.find_player()
    if not options.output and player is None:
        _tell(f"hailo-piper: no audio player found ({', '.join(playback.PLAYERS)}); use -o FILE")
        return exits.FAILED
    if options.text is None and sys.stdin.isatty():
        _tell("hailo-piper: type the text, then Ctrl-D")
    # Bytes that are no UTF-8 become replacement characters, which have no sound, rather than a traceback.
    text = sys.stdin.buffer.read().decode(errors="replace") if options.text is None else options.text
    # Speaking needs numpy, onnxruntime and piper; a usage error should not wait for them.
    from hailo_piper.api import Dialect
    from hailo_piper.server import build_engine, build_speech

    engine = build_engine(config)
    fields = {
        "text": text,
        "speed": options.speed,
        "speaker": options.speaker,
        "response_format": "pcm" if player else Path(options.output).suffix.lstrip(".").lower() or "wav",
        "sample_rate": engine.voice.sample_rate if player else None,
    }
    try:
        reply = build_speech(engine, config).speak(Dialect().request(fields), listener="command-line")
        with closing(reply):
            if player:
                playback.play(reply, player)
            else:
                playback.write(reply, options.output)
    except playback.PlayerError as error:
        _tell(f"hailo-piper: {error}")
        return exits.FAILED
    except SpeechError as error:
        _tell(f"hailo-piper: {error.message}")
        return exits.USAGE if isinstance(error, InvalidRequestError) else exits.FAILED
    except OSError as error:
        _tell(f"hailo-piper: {options.output}: {error.strerror}")
        return exits.FAILED
    return 0


def _prepare(options: argparse.Namespace) -> int:
    logs.configure(level="INFO", style="text")
    config = _load(options)
    from hailo_piper.server import build_engine

    with exits.tidily(), closing(build_engine(config)) as engine:
        engine.prepare()
        _tell(f"{engine.voice.id}: {'prepared' if engine.is_prepared else 'is spoken whole; the reason is above'}")
    return 0 if engine.is_prepared else exits.FAILED


def _bench(options: argparse.Namespace) -> int:
    logs.configure(level="WARNING", style="text")
    config = _load(options)
    from hailo_piper.selftest import measure
    from hailo_piper.server import build_engine, build_speech

    with exits.tidily(), closing(build_engine(config)) as engine:
        engine.prepare()
        for line in measure(engine, build_speech(engine, config)):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
    return 0


def _check_config(options: argparse.Namespace) -> int:
    path = options.config or default_path()
    sys.stdout.write(json.dumps(asdict(load_config(path)), indent=2) + "\n")
    _tell(f"{path or 'the defaults'}: in order")
    return 0


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
