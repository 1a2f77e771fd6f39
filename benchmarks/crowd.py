"""Whether anybody who listens runs dry, beside more and more others.

    python benchmarks/crowd.py [--listeners 8 16 24 32 64] [--answers 2] [--fetching 0] [--rounds 1]

So many listeners come at one moment. Each asks for a paragraph of its own, hears it at playback speed and asks for the
next; one that is refused comes back after Retry-After. `--fetching` clients beside them fetch whole answers without a
pause. Prints, for each crowd, the time to the first byte, underruns (a chunk that came after its sound was due), and
what was refused. Exits 1 if anybody ran dry.
"""

import argparse
import http.client
import json
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field

import clients
import contestants
import machine
import texts
from clients import AnswerError, Playback
from servers import Running, running


@dataclass
class Crowd:
    """What so many listeners heard."""

    heard: list[Playback] = field(default_factory=list)
    refused: int = 0
    fetched: int = 0

    def row(self, listeners: int) -> str:
        first = sorted(one.first_audio_seconds * 1e3 for one in self.heard)
        dry = [one for one in self.heard if one.underruns]
        worst = max((one.worst_lateness_seconds for one in self.heard), default=0.0)
        return (
            f"{listeners:9} {statistics.median(first):9.0f} {first[-1]:9.0f} {len(dry):6}/{len(self.heard):<4}"
            f" {sum(one.underruns for one in self.heard):9} {worst * 1e3:8.0f} {self.refused:8} {self.fetched:8}"
        )


def listen(server: Running, crowd: Crowd, answers: int, number: int) -> None:
    """Hear so many answers, one after another."""
    for turn in range(answers):
        while True:
            try:
                crowd.heard.append(clients.play(server.contestant, server.port, text(number, turn)))
            except AnswerError as error:
                if not str(error).startswith("503"):
                    raise
                crowd.refused += 1
                time.sleep(1)
                continue
            break


def fetch(server: Running, crowd: Crowd, number: int, is_over: threading.Event) -> None:
    """Fetch whole answers until it is over."""
    while not is_over.is_set():
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
        body = {"input": text(number, crowd.fetched), "response_format": "wav", "stream": False}
        connection.request("POST", "/v1/audio/speech", json.dumps(body), {"Content-Type": "application/json"})
        with connection.getresponse() as response:
            response.read()
            crowd.fetched += response.status == http.HTTPStatus.OK
        connection.close()


def text(number: int, turn: int) -> str:
    return f"Listener {number}, answer {turn}. {texts.SHORT['para']}"


def gather(server: Running, listeners: int, answers: int, fetching: int) -> Crowd:
    """Have so many listen at once, beside so many who fetch."""
    crowd, is_over = Crowd(), threading.Event()
    fetchers = [
        threading.Thread(target=fetch, args=(server, crowd, 1000 + number, is_over), daemon=True)
        for number in range(fetching)
    ]
    for fetcher in fetchers:
        fetcher.start()
    numbers = iter(range(listeners))
    clients.together(listeners, lambda: listen(server, crowd, answers, next(numbers)))
    is_over.set()
    for fetcher in fetchers:
        fetcher.join()
    return crowd


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listeners", type=int, nargs="+", default=[8, 16, 24, 32, 64])
    parser.add_argument("--answers", type=int, default=2)
    parser.add_argument("--fetching", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    for name, value in machine.describe().items():
        print(f"{name:14} {value}")
    print(
        f"\n{'listeners':>9} {'first ms':>9} {'worst':>9} {'dry':>11} {'underruns':>9} {'late ms':>8}"
        f" {'refused':>8} {'fetched':>8}"
    )
    is_dry = False
    with running(contestants.OURS) as server:
        clients.speak(server.contestant, server.port, texts.SHORT["12"])
        # The voice may have to be prepared first.
        time.sleep(15)
        for listeners in options.listeners * options.rounds:
            crowd = gather(server, listeners, options.answers, options.fetching)
            print(crowd.row(listeners), flush=True)
            is_dry |= any(one.underruns for one in crowd.heard)
    return int(is_dry)


if __name__ == "__main__":
    sys.exit(main())
