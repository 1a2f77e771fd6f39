"""`batch` speaks many lines into files, and goes on where it was stopped."""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hailo_piper.cli import exit_codes
from hailo_piper.cli.bulk import MOST_THREADS, without_bounds
from hailo_piper.cli.configuration import load, print_line
from hailo_piper.cli.interruption import Stop, stoppable
from hailo_piper.cli.line_speaker import Wanted, load_batched, load_speaker
from hailo_piper.cli.parser import and_voice, path_of
from hailo_piper.cli.standing import Standing
from hailo_piper.machine import cpus
from hailo_piper.machine.priority import end_with, give_way
from hailo_piper.monitoring import logs

if TYPE_CHECKING:
    from hailo_piper.config.settings import Config
    from hailo_piper.jobs.batch import Named, Shard
    from hailo_piper.jobs.lines import Source
    from hailo_piper.jobs.rate import Rate
    from hailo_piper.jobs.results import Record
    from hailo_piper.jobs.spoken_line import Speaker

_FORMATS = ("mp3", "opus", "aac", "flac", "wav", "pcm")
_CAPTION_FORMATS = ("srt", "vtt", "lrc", "json")


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
            ("on a machine with a GPU", "hailo-piper batch lines.jsonl --out speech --device auto"),
            ("the first of four machines", "hailo-piper batch lines.jsonl --out speech --shard 0/4"),
            ("a cluster", "hailo-piper batch s3://b/lines.parquet --out s3://b/speech --engine ray --address auto"),
        ],
    )
    batch.add_argument(
        "lines", metavar="FILE", help="a .jsonl or .csv file or a folder of .txt files; - reads JSON lines"
    )
    batch.add_argument("--out", metavar="DIR", required=True, help="the directory of the files")
    batch.add_argument(
        "--format", type=str.lower, choices=_FORMATS, help="of lines that name none; else the configured one"
    )
    batch.add_argument(
        "--captions", type=str.lower, choices=_CAPTION_FORMATS, help="write captions beside each file, too"
    )
    batch.add_argument(
        "--join", type=_joined, metavar="FILE", help="write all lines, in order, into one file, too; its name says how"
    )
    batch.add_argument("--threads", type=_threads, metavar="N", help="processors to use; all where it is left out")
    batch.add_argument(
        "--device",
        choices=("cpu", "cuda", "auto"),
        default="cpu",
        help="a GPU speaks 128 lines at once; else cpu",
    )
    batch.add_argument(
        "--shard", type=_shard, metavar="I/N", help="speak every N-th line, from the I-th on, counted from 0"
    )
    batch.add_argument(
        "--engine", choices=("ray",), help="spread the lines over a Ray cluster: pip install 'hailo-piper[ray]'"
    )
    batch.add_argument("--address", metavar="ADDRESS", help="of the Ray cluster; else one on this machine")
    batch.add_argument("--idle", action="store_true", help="give way to every other program that wants the processor")
    batch.add_argument("--share", type=path_of, metavar="FILE", help=argparse.SUPPRESS)
    batch.add_argument("--ends-with", type=int, metavar="PID", help=argparse.SUPPRESS)
    batch.add_argument("--dry-run", action="store_true", help="write nothing: count, show bad lines, estimate the time")
    batch.set_defaults(command=run)


def _threads(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_THREADS:
        raise argparse.ArgumentTypeError(f"{text}: it is a number from 1 to {MOST_THREADS}")
    return int(text)


def _joined(text: str) -> Path:
    path = path_of(text)
    if path.suffix.lstrip(".").lower() not in _FORMATS:
        raise argparse.ArgumentTypeError(f"{text}: the name tells no format; allowed: {', '.join(_FORMATS)}")
    return path


def _shard(text: str) -> "Shard":
    from hailo_piper.jobs.batch import Shard

    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    if not found or int(found[1]) >= int(found[2]):
        raise argparse.ArgumentTypeError(f"{text}: it is I/N with I from 0 to N-1, as 0/4")
    return Shard(int(found[1]), int(found[2]))


def run(options: argparse.Namespace) -> int:
    """Speak the lines. Returns the exit code."""
    if options.ends_with is not None:
        end_with(options.ends_with)
    if options.idle:
        give_way()
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
    from hailo_piper.jobs.batch import WHOLE, at_once, named

    config = load(options)
    stop.unwinds = True
    if options.engine:
        return _with_ray(options, config)
    batched = load_batched(options.device, config)
    threads = cpus.synthesis_threads(options.threads or config.performance.synthesis_threads)
    # While a device speaks some lines, as many others gather.
    config = without_bounds(config, synthesis_threads=threads if batched is None else MOST_THREADS)
    options.out = path_of(options.out)
    with closing(_read(options.lines)) as source, ExitStack() as stack:
        lines = named(source, options.shard or WHOLE)
        speaker = load_speaker(Wanted(options.voice, options.format, options.captions, batched), config, stack)
        if options.join is not None:
            speaker = speaker._replace(only_wav=True)
        if options.share is not None:
            from hailo_piper.jobs.queue.progress import ShareFile

            speaker = speaker._replace(on_share=ShareFile(options.share).tell)
        if options.dry_run:
            from hailo_piper.jobs.estimate import estimate

            print_line(estimate(lines, speaker, tell_error).told(threads))
            return 0
        exit_code = _spoken(options, source, lines, speaker, MOST_THREADS if batched else at_once(threads))
    if options.join is not None:
        _join(options, config)
    return exit_code


def _spoken(
    options: argparse.Namespace, source: "Source", lines: "Iterator[Named]", speaker: "Speaker", lines_at_once: int
) -> int:
    from hailo_piper.jobs.batch import WHOLE, Batch
    from hailo_piper.jobs.rate import Rate
    from hailo_piper.jobs.results import Results

    told = _Told(Rate(lambda: source.share))
    results = Results(options.out, (options.shard or WHOLE).results_name)
    try:
        batch = Batch(speaker, results, options.out, told.rate, at_once=lines_at_once)
        batch.run(lines, told.record)
    finally:
        results.close()
        told.standing.end()
    return told.exit_code


def _join(options: argparse.Namespace, config: "Config") -> None:
    from hailo_piper.jobs.batch import WHOLE
    from hailo_piper.jobs.joining import join

    with (options.out / (options.shard or WHOLE).results_name).open("rb") as results:
        join(map(json.loads, results), options.out, options.join, config.encoding)


class _Told:
    """The state of a run, as a person is told of it."""

    def __init__(self, rate: "Rate") -> None:
        self.rate = rate
        self.standing = Standing(rate.line)

    def record(self, record: "Record") -> None:
        """Tell of an error, and show how far the run is."""
        if "error" in record:
            self.standing.clear()
            tell_error(record)
        self.standing.show()

    @property
    def exit_code(self) -> int:
        if self.rate.failed:
            return exit_codes.FAILED
        return exit_codes.LINES if self.rate.bad else 0


def tell_error(record: "Record") -> None:
    """Print why a line cannot be spoken."""
    names = [f"line {record['line']}"] if "line" in record else []
    names += [record["id"][:60]] if record["id"] else []
    print_line(f"hailo-piper: {', '.join(names)}: {record['error']['message']}")


def _read(name: str) -> "Source":
    from hailo_piper.jobs.lines import read_lines

    return read_lines(None if name == "-" else path_of(name), sys.stdin.buffer)


def _with_ray(options: argparse.Namespace, config: "Config") -> int:
    if options.shard or options.dry_run or options.lines == "-" or options.device != "cpu":
        print_line(
            "hailo-piper: --engine ray shares out a .jsonl or .parquet file by itself, to CPUs; it has no --dry-run"
        )
        return exit_codes.USAGE
    from hailo_piper.jobs.rate import Rate
    from hailo_piper.jobs.with_ray.actors import RayRun
    from hailo_piper.jobs.with_ray.run import run_ray_batch

    threads = options.threads or 1
    config = without_bounds(config, synthesis_threads=threads)
    wants = Wanted(options.voice, options.format, options.captions)
    lines, out = (name if "://" in name else str(path_of(name).resolve()) for name in (options.lines, options.out))
    rate = Rate(lambda: None)
    told = _Told(rate)
    try:
        run = RayRun(partial(load_speaker, wants, config), out, threads)
        run_ray_batch(lines, run, options.address, rate, told.record)
    finally:
        told.standing.end()
    return told.exit_code
