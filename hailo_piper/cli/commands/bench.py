"""`bench` measures how fast this machine speaks."""

import argparse
import sys
from contextlib import ExitStack
from typing import Any

from hailo_piper.cli.configuration import load
from hailo_piper.cli.interruption import stoppable
from hailo_piper.cli.parser import and_voice
from hailo_piper.monitoring import logs


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add this command to a parser's commands. `common` has the options of every command."""
    bench = commands.add_parser(
        "bench",
        parents=[and_voice(common)],
        help="measure how fast this machine speaks",
        description="Measures how soon and how fast this machine speaks, alone and four at once, and the memory it "
        "takes.\nIt needs a quiet machine and about half a minute. The voice's real-time factor is kept, for "
        "engines.strategy and /v1/voices.",
        examples=[
            ("the configured voice", "hailo-piper bench"),
            ("another one", "hailo-piper bench --voice en_US-lessac-high.onnx"),
        ],
    )
    bench.add_argument(
        "--quality",
        action="store_true",
        help="score how good the voice sounds, in place of how fast it is; needs the extra quality",
    )
    bench.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Measure and print the figures. Returns the exit code."""
    logs.configure(level="WARNING", style="text")
    config = load(options)
    with stoppable() as stop, ExitStack() as stack:
        from hailo_piper.assembly import build_service
        from hailo_piper.cli.measurement import measure
        from hailo_piper.default_voice import load_default_voice
        from hailo_piper.voices.places import prepared_directory
        from hailo_piper.voices.real_time_factors import RealTimeFactors

        stop.unwinds = True
        default = load_default_voice(config, stack)
        default.engine.prepare()
        if options.quality:
            from hailo_piper.engine.dnsmos import Dnsmos
            from hailo_piper.speech.quality_watch import quality_of

            speech, score = build_service(default, config, stack).speech, Dnsmos().score
            for name, opinion in quality_of(speech, score)._asdict().items():
                sys.stdout.write(f"{name:10} {opinion:.2f}\n")
            return 0
        factors = RealTimeFactors(prepared_directory(config))

        def keep(factor: float) -> None:
            try:
                factors.note(default.engine.voice.id, factor)
            except OSError as error:
                sys.stderr.write(f"The factor is not kept for engines.strategy: {error.strerror}\n")

        for line in measure(default.engine, build_service(default, config, stack).speech, keep):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
    return 0
