"""`bench` measures how fast this machine speaks."""

import argparse
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hailo_piper.cli.configuration import load
from hailo_piper.cli.interruption import stoppable
from hailo_piper.cli.parser import and_voice
from hailo_piper.monitoring import logs

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from hailo_piper.cli.whole_file import PartialFile
    from hailo_piper.engine.engine import Engine
    from hailo_piper.speech.pipeline import Speech


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add this command to a parser's commands. `common` has the options of every command."""
    bench = commands.add_parser(
        "bench",
        parents=[and_voice(common)],
        help="measure how fast this machine speaks",
        description="Measures how soon and how fast this machine speaks, alone and four at once, to how many it can "
        "speak while they listen, and the memory it takes.\nIt needs a quiet machine and a minute or two. The voice's "
        "real-time factor is kept, for engines.strategy and /v1/voices.",
        examples=[
            ("the configured voice", "hailo-piper bench"),
            ("another one", "hailo-piper bench --voice en_US-lessac-high.onnx"),
            ("all figures, and the machine", "hailo-piper bench --json before.json"),
            ("before and after a change", "hailo-piper bench --compare before.json after.json"),
        ],
    )
    bench.add_argument(
        "--quality",
        action="store_true",
        help="score how good the voice sounds, in place of how fast it is; needs the extra quality",
    )
    bench.add_argument("--json", metavar="FILE", type=Path, help="write all figures, and what the machine is")
    bench.add_argument(
        "--compare", metavar=("A", "B"), nargs=2, type=Path, help="compare two such files; nothing is measured"
    )
    bench.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Measure and print the figures. Returns the exit code."""
    logs.configure(level="WARNING", style="text")
    if options.compare:
        from hailo_piper.cli.comparison import compared, read_figures

        for line in compared(*map(read_figures, options.compare)):
            sys.stdout.write(line + "\n")
        return 0
    config = load(options)
    with stoppable() as stop, ExitStack() as stack:
        from hailo_piper.assembly import build_service
        from hailo_piper.default_voice import load_default_voice
        from hailo_piper.voices.places import prepared_directory

        stop.unwinds = True
        # A place that cannot be written is told before two minutes of measuring.
        written = stack.enter_context(_opened(options.json)) if options.json else None
        default = load_default_voice(config, stack)
        default.engine.prepare()
        speech = build_service(default, config, stack).speech
        directory = prepared_directory(config)
        figures = _scores(speech) if options.quality else _figures(default.engine, speech, directory)
        if written is not None:
            written.write(json.dumps(figures, indent=2, ensure_ascii=False).encode() + b"\n")
            written.finish(b"")
    return 0


def _opened(path: Path) -> "AbstractContextManager[PartialFile]":
    from hailo_piper.cli.whole_file import whole_file

    return whole_file(path)


def _scores(speech: "Speech") -> dict[str, Any]:
    """Print and return how good the voice sounds."""
    from hailo_piper.engine.dnsmos import Dnsmos
    from hailo_piper.speech.quality_watch import quality_of

    scores = quality_of(speech, Dnsmos().score)._asdict()
    for name, opinion in scores.items():
        sys.stdout.write(f"{name:10} {opinion:.2f}\n")
    return {name: round(float(opinion), 3) for name, opinion in scores.items()}


def _figures(engine: "Engine", speech: "Speech", directory: Path) -> dict[str, Any]:
    """Print and return how fast it speaks; keep the voice's factor in the directory of what is made of voices."""
    from hailo_piper.cli.measurement import measure
    from hailo_piper.voices.real_time_factors import RealTimeFactors

    def keep(factor: float) -> None:
        try:
            RealTimeFactors(directory).note(engine.voice.id, factor)
        except OSError as error:
            sys.stderr.write(f"The factor is not kept for engines.strategy: {error.strerror}\n")

    figures: dict[str, Any] = {}
    for line, so_far in measure(engine, speech, keep):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        figures = so_far
    return figures
