"""What admission, metrics and logging cost a request, against the same pipeline without them, in one run.

    python benchmarks/overhead.py

Speaks a word over and over in this process, alternately through the pipeline as it serves (admission, metrics, JSON
log lines to a file) and through the bare one, synthesized and out of the cache, and prints the medians and the median
difference. Exits 1 where that is 1 ms or more.
"""

import logging
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack, redirect_stderr
from pathlib import Path

from hailo_piper.assembly import build_cache, build_service
from hailo_piper.config.loading import parse_config
from hailo_piper.default_voice import load_default_voice
from hailo_piper.monitoring import logs
from hailo_piper.monitoring.metrics import Metrics
from hailo_piper.speech.admission import Admission
from hailo_piper.speech.pipeline import Speech
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.speech.ticket import Ticket
from hailo_piper.text.language_detector import LanguageDetector
from hailo_piper.text.lexicon.directory import Lexicons
from hailo_piper.voices.names import Voices

ROUNDS = {False: 150, True: 500}
"""By whether it comes out of the cache."""


class Open(Admission):
    """Lets everybody in and keeps no count."""

    def enter(self, characters: int, **_: object) -> Ticket:
        return Ticket(characters)

    def leave(self, ticket: Ticket, **_: object) -> None:
        pass


class Uncounted(Metrics):
    """Counts nothing."""

    def spoken(self, *_: object, **__: object) -> None:
        pass


def seconds(speech: Speech, request: SpeechRequest, *, logged: bool) -> float:
    logging.disable(logging.NOTSET if logged else logging.CRITICAL)
    begin = time.perf_counter()
    reply = speech.speak(request, listener="bench")
    for _ in reply:
        pass
    reply.close()
    return time.perf_counter() - begin


def main() -> int:
    with tempfile.TemporaryDirectory() as directory, Path(directory, "log").open("w") as log:
        with redirect_stderr(log):
            logs.configure(level="INFO", style="json")
        config = parse_config({"performance": {"cache_enabled": True, "cache_directory": directory}})
        stack = ExitStack()
        default = load_default_voice(config, stack)
        default.engine.prepare()
        service = build_service(default, config, stack)
        cache = build_cache(config)
        stack.callback(cache.close)
        full = service.speech
        bare = Speech(
            loaded=service.loaded,
            voices=Voices(default.engine.voice, {}),
            lexicons=Lexicons(()),
            detector=LanguageDetector(),
            cache=cache,
            admission=Open(places=1, max_queue=0, workers=1),
            metrics=Uncounted(),
            config=config,
        )
        worst = 0.0
        for is_cached, rounds in ROUNDS.items():
            request = SpeechRequest(
                text="Hello.", response_format="pcm", noise_scale=0, noise_w_scale=0, use_cache=is_cached
            )
            for speech in (full, bare):
                seconds(speech, request, logged=False)
            times: dict[bool, list[float]] = {True: [], False: []}
            for number in range(rounds):
                # Each goes first as often as the other.
                for is_full in (True, False) if number % 2 else (False, True):
                    times[is_full].append(seconds(full if is_full else bare, request, logged=is_full))
            with_all, without = statistics.median(times[True]), statistics.median(times[False])
            difference = statistics.median(one - other for one, other in zip(times[True], times[False], strict=True))
            worst = max(worst, difference)
            print(
                f"{'cached' if is_cached else 'synthesized':12} {rounds} rounds: {with_all * 1e3:6.2f} ms with all, "
                f"{without * 1e3:6.2f} ms bare, overhead {difference * 1e3:5.2f} ms"
            )
        stack.close()
        logging.disable(logging.NOTSET)
    print("below 1 ms" if worst < 0.001 else "1 ms or more")
    return 0 if worst < 0.001 else 1


if __name__ == "__main__":
    sys.exit(main())
