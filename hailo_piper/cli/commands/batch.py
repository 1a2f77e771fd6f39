"""`batch` speaks many lines into files, and goes on where it was stopped."""

import argparse
import hashlib
import json
import re
import sys
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

from hailo_piper.cli import exit_codes
from hailo_piper.cli.configuration import load, print_line
from hailo_piper.cli.interruption import Stop, stoppable
from hailo_piper.cli.parser import and_voice, path_of
from hailo_piper.cli.standing import Standing
from hailo_piper.monitoring import logs

if TYPE_CHECKING:
    from hailo_piper.config.settings import Config
    from hailo_piper.jobs.batch import Shard
    from hailo_piper.jobs.lines import Source
    from hailo_piper.jobs.spoken_line import Speaker

_FORMATS = ("mp3", "opus", "aac", "flac", "wav", "pcm")
_CAPTION_FORMATS = ("srt", "vtt", "lrc", "json")
_PATIENCE_SECONDS = 3600.0
"""How long a line may wait for its first audio: nobody listens."""
_MOST_THREADS = 256


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add this command to a parser's commands. `common` has the options of every command."""
    batch = commands.add_parser(
        "batch",
        parents=[and_voice(common)],
        help="speak many lines into files, without a server",
        description="Speaks each line of a file into a file of its own, on all processors.\nWhat is there already is "
        "passed over, so the same command goes on where it was stopped.\nDIR/results.jsonl tells of each line.",
        examples=[
            ("lines as OpenAI's Batch API has them, or plain", "hailo-piper batch lines.jsonl --out speech"),
            ("a folder of .txt files", "hailo-piper batch texts --out speech --format mp3 --captions srt"),
            ("how long it will take", "hailo-piper batch lines.csv --out speech --dry-run"),
            ("from another program", "jq -c '{id, input: .title}' news.jsonl | hailo-piper batch - --out speech"),
            ("the first of four machines", "hailo-piper batch lines.jsonl --out speech --shard 0/4"),
        ],
    )
    batch.add_argument(
        "lines", metavar="FILE", help="a .jsonl or .csv file or a folder of .txt files; - reads JSON lines"
    )
    batch.add_argument("--out", type=path_of, metavar="DIR", required=True, help="the directory of the files")
    batch.add_argument(
        "--format", type=str.lower, choices=_FORMATS, help="of lines that name none; else the configured one"
    )
    batch.add_argument(
        "--captions", type=str.lower, choices=_CAPTION_FORMATS, help="write captions beside each file, too"
    )
    batch.add_argument("--threads", type=_threads, metavar="N", help="processors to use; all where it is left out")
    batch.add_argument(
        "--shard", type=_shard, metavar="I/N", help="speak every N-th line, from the I-th on, counted from 0"
    )
    batch.add_argument("--dry-run", action="store_true", help="write nothing: count, show bad lines, estimate the time")
    batch.set_defaults(command=run)


def _threads(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MOST_THREADS:
        raise argparse.ArgumentTypeError(f"{text}: it is a number from 1 to {_MOST_THREADS}")
    return int(text)


def _shard(text: str) -> "Shard":
    from hailo_piper.jobs.batch import Shard

    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    if not found or int(found[1]) >= int(found[2]):
        raise argparse.ArgumentTypeError(f"{text}: it is I/N with I from 0 to N-1, as 0/4")
    return Shard(int(found[1]), int(found[2]))


def run(options: argparse.Namespace) -> int:
    """Speak the lines. Returns the exit code."""
    logs.configure(level="WARNING", style="text")
    from hailo_piper.jobs.output_files import OutputError

    with stoppable() as stop:
        try:
            return _batch(options, stop)
        except OutputError as error:
            print_line(f"hailo-piper: {error}")
            print_line("hailo-piper: stopped; what is done is kept: the same command goes on from here")
            return exit_codes.OUTPUT
        except OSError as error:
            print_line(f"hailo-piper: {error.filename or options.lines}: {error.strerror}")
            return exit_codes.FAILED


def _batch(options: argparse.Namespace, stop: Stop) -> int:
    from hailo_piper.assembly import load_default_voice
    from hailo_piper.jobs.batch import WHOLE, named

    config = _for_lines(load(options), options.threads)
    stop.unwinds = True
    with closing(_read(options.lines)) as source, ExitStack() as stack:
        lines = named(source, options.shard or WHOLE)
        default = load_default_voice(config, stack)
        # A voice that became prepared among the lines would have two sounds.
        default.engine.prepare()
        speaker = _speaker(options, default, config, stack)
        threads = default.shared.scheduler.workers
        if options.dry_run:
            from hailo_piper.jobs.estimate import estimate

            print_line(estimate(lines, speaker, _tell_error).told(threads))
            return 0
        return _spoken(options, source, lines, speaker, threads)


def _spoken(options: argparse.Namespace, source: "Source", lines: Any, speaker: "Speaker", threads: int) -> int:
    from hailo_piper.jobs.batch import WHOLE, Batch
    from hailo_piper.jobs.rate import Rate
    from hailo_piper.jobs.results import Results

    rate = Rate(lambda: source.share)
    standing = Standing(rate.line)
    results = Results(options.out, (options.shard or WHOLE).results_name)

    def on_record(record: Any) -> None:
        if "error" in record:
            standing.clear()
            _tell_error(record)
        standing.show()

    try:
        Batch(speaker, results, options.out, rate, at_once=at_once(threads)).run(lines, on_record)
    finally:
        results.close()
        standing.end()
    if rate.failed:
        return exit_codes.FAILED
    return exit_codes.LINES if rate.bad else 0


def at_once(threads: int) -> int:
    """Return how many lines keep so many threads busy: while one is planned or written, another is spoken."""
    return threads + 1


def _tell_error(record: Any) -> None:
    identifier = "" if record["id"] is None else f" ({record['id'][:60]})"
    print_line(f"hailo-piper: line {record['line']}{identifier}: {record['error']['message']}")


def _read(name: str) -> "Source":
    from hailo_piper.jobs.lines import read_lines

    return read_lines(None if name == "-" else path_of(name), sys.stdin.buffer)


def _for_lines(config: "Config", threads: int | None) -> "Config":
    """Return the configuration without the bounds that protect a service from its callers."""
    performance = config.performance._replace(
        worker_threads=_MOST_THREADS + 1,
        request_timeout=_PATIENCE_SECONDS,
        synthesis_threads=threads or config.performance.synthesis_threads,
    )
    synthesis = config.synthesis._replace(max_text_length=sys.maxsize)
    return config._replace(performance=performance, synthesis=synthesis)


def _speaker(options: argparse.Namespace, default: Any, config: "Config", stack: ExitStack) -> "Speaker":
    from hailo_piper.assembly import build_service
    from hailo_piper.cli.commands.say import alias_of
    from hailo_piper.jobs.spoken_line import Speaker
    from hailo_piper.listeners.dialect import Dialect

    service = build_service(default, config, stack)
    dialect = Dialect(
        text="input",
        synonyms={"text": "input", "format": "response_format"},
        voice_names=lambda: (),
    )
    defaults = {"voice": alias_of(options.voice, config), "response_format": options.format}
    # Not where files lie, which may differ from machine to machine.
    piper = config.piper._replace(model_path=None, cache_directory=None)
    settings = [default.engine.digest, piper, config.synthesis, config.encoding]
    return Speaker(
        speech=service.speech,
        parse=dialect.request,
        defaults={name: value for name, value in defaults.items() if value is not None},
        captions=options.captions,
        language=default.engine.voice.language,
        settings=hashlib.sha256(json.dumps(settings).encode()).hexdigest(),
    )
