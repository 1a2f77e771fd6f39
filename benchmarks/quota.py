"""Our server under the CPU quota that its unit gives it, beside a server that knows nothing of quotas.

    python benchmarks/quota.py              # 80 %, 100 % and 200 % of one processor
    python benchmarks/quota.py --quotas 80 --rounds 1
    python benchmarks/quota.py --piper
    python benchmarks/quota.py --duty-cycle # the limiter for machines without a writable cgroup

onnxruntime's default is a thread per core, spinning while it waits, whatever the quota says; a quota then throttles the
spinning and the working alike. The other side is this very code with those defaults (peers/default_threads.py), or with
--piper Piper's own HTTP server. Both get the same quota, in turns. Writes quota.txt and quota.json into --out.
"""

import argparse
import json
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import mean
from typing import Any, NoReturn

import clients
import limits
import machine
import report
import texts
from contestants import OURS, PEERS, WITH_DEFAULT_THREADS, Contestant, UnavailableError, set_up, versions
from results import Metric, Results
from servers import Running, running

_CLIENTS = 4
_SETTLE_SECONDS = 0.5
"""A quota that one server has used up is full again, and no thread spins any more, before the next one's turn."""
_FIRST_BYTE = Metric(topic="quota", name="first audio byte, 130", unit="ms")
_REAL_TIME_FACTOR = Metric(topic="quota", name="real-time factor, 4 sentences", unit="")
_THROUGHPUT = Metric(topic="quota", name=f"throughput, {_CLIENTS} clients", unit="audio s/s", better="higher")
_MEAN_FIRST_BYTE = Metric(topic="quota", name=f"first audio byte mean, {_CLIENTS} clients", unit="ms")


def main() -> int:
    options = _parse()
    signal.signal(signal.SIGTERM, _leave)
    other = PEERS["piper"] if options.piper else WITH_DEFAULT_THREADS
    about: dict[str, Any] = {"machine": machine.describe()}
    lines = [f"{name}: {value}" for name, value in about["machine"].items()]
    try:
        set_up(other)
        about["versions"] = {contestant.name: versions(contestant) for contestant in (OURS, other)}
        with machine.others() as busy:
            for quota in options.quotas:
                results, how = _measure(quota, [OURS, other], options)
                lines += ["", f"## {quota} % of one processor, by {how}", "", *_table(results, other.name)]
                about[f"{quota} %"] = {"how": how, "figures": _rounds(results)}
    except UnavailableError as error:
        print(f"cannot be measured: {error}", file=sys.stderr)
        return 1
    lines += ["", f"(meanwhile other processes kept {busy[0]:.2f} processors busy)"]
    print("\n".join(lines))
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "quota.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (options.out / "quota.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quotas", type=int, nargs="+", default=[80, 100, 200], metavar="PERCENT")
    parser.add_argument("--rounds", type=int, choices=range(1, 20), default=5, metavar="N")
    parser.add_argument("--piper", action="store_true", help="beside Piper's own HTTP server")
    parser.add_argument("--duty-cycle", action="store_true", help="even where a cgroup can be written")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    return parser.parse_args()


def _leave(number: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + number)


def _measure(quota: int, contestants: list[Contestant], options: argparse.Namespace) -> tuple[Results, str]:
    """Every contestant in a limit of its own, in turns; and how they were limited."""
    results = Results()
    with ExitStack() as stack:
        servers = []
        for contestant in contestants:
            limit = stack.enter_context(limits.limited(quota, duty_cycle=options.duty_cycle))
            server = stack.enter_context(running(contestant, wrap=limit.wrap))
            limit.watch(server.pid)
            servers.append(server)
        print(f"measuring: {quota} %, by {limit.how} ...", file=sys.stderr, flush=True)
        for server in servers:
            clients.speak(server.contestant, server.port, texts.SHORT["para"])
        for number in range(options.rounds):
            for server in servers:
                time.sleep(_SETTLE_SECONDS)
                _round(results, server, number)
    return results, limit.how


def _round(results: Results, server: Running, number: int) -> None:
    name = server.contestant.name

    def speak(text: str) -> clients.Timing:
        return clients.speak(server.contestant, server.port, texts.SHORT[text])

    results.add(_FIRST_BYTE, name, number, speak("130").first_audio_seconds * 1000)
    alone = speak("para")
    results.add(_REAL_TIME_FACTOR, name, number, alone.last_audio_seconds / alone.audio_seconds)
    timings, seconds = clients.together(_CLIENTS, lambda: speak("para"))
    results.add(_THROUGHPUT, name, number, sum(timing.audio_seconds for timing in timings) / seconds)
    results.add(_MEAN_FIRST_BYTE, name, number, mean(timing.first_audio_seconds for timing in timings) * 1000)


def _table(results: Results, other: str) -> list[str]:
    rows = [["", OURS.name, other, "ratio"]]
    for metric in results.values:
        digits = 3 if metric is _REAL_TIME_FACTOR else 1
        cells = [f"{results.figure(metric, server) or 0:.{digits}f}" for server in (OURS.name, other)]
        rows.append([metric.title, *cells, f"{results.ratio(metric, OURS.name, other) or 0:.2f}x"])
    return report.aligned(rows)


def _rounds(results: Results) -> dict[str, dict[str, list[float]]]:
    return {
        metric.title: {server: list(rounds.values()) for server, rounds in by_server.items()}
        for metric, by_server in results.values.items()
    }


if __name__ == "__main__":
    sys.exit(main())
