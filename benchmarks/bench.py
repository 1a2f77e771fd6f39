"""Our server beside its peers: latency, many clients, playback, CPU, memory and start, A B A B in one run.

    python benchmarks/bench.py                                  # against Piper's own HTTP server
    python benchmarks/bench.py --peers piper,wyoming-piper      # --peers all for every one we know
    python benchmarks/bench.py --quick --only latency           # to see that it works; not for publishing
    python benchmarks/bench.py --setup --peers all              # only install the peers

Run it with the Python that hailo-piper is installed in. Prints tables, writes bench.txt, bench.json and bench.png
(where matplotlib is installed) into --out. A figure is the median of its rounds; a ratio is the median of the rounds'
ratios, above 1 where ours is better. A full run against one peer takes about ten minutes.
"""

import argparse
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NoReturn

import machine
import report
from contestants import OURS, PEERS, Contestant, UnavailableError, set_up, versions
from results import Results
from servers import running
from topics import FRESH_TOPICS, LIVE_TOPICS, Bench, warm_up

_ROUNDS = 9
_QUICK_ROUNDS = 3
_MOST_ROUNDS = 99


def main() -> int:
    options = _parse()
    signal.signal(signal.SIGTERM, _leave)
    results = Results()
    available = _set_up([OURS, *(PEERS[name] for name in options.peers)], results)
    if options.setup:
        _tell_failures(results)
        return 0
    rounds = options.rounds or (_QUICK_ROUNDS if options.quick else _ROUNDS)
    about: dict[str, Any] = {
        "machine": machine.describe(),
        "versions": {contestant.name: versions(contestant) for contestant in available},
        "settings": {"rounds": rounds, "quick": options.quick, "only": options.only},
    }
    _print_about(about)
    bench = Bench(results=results, contestants=available, rounds=rounds, quick=options.quick)
    try:
        _measure(bench, options.only)
    except KeyboardInterrupt:
        print("interrupted; what was measured so far:", file=sys.stderr)
    about["machine"]["load average afterwards"] = machine.load_average()
    _write(options.out, results, about, options.peers)
    return 0 if results.values and OURS.name not in results.failures.get("start", {}) else 1


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--peers", type=_peers, default="piper", help=f"all, none, or of: {', '.join(PEERS)}")
    parser.add_argument("--rounds", type=_rounds, help=f"of light topics; a third for heavy ones (default {_ROUNDS})")
    parser.add_argument("--quick", action="store_true", help="few rounds, little load: shows that it works, no more")
    parser.add_argument("--only", choices=[*LIVE_TOPICS, *FRESH_TOPICS], help="one topic")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results", help="directory for the results")
    parser.add_argument("--setup", action="store_true", help="install the peers and leave")
    return parser.parse_args()


def _peers(text: str) -> list[str]:
    names = {"all": list(PEERS), "none": []}.get(text) if text in ("all", "none") else text.split(",")
    unknown = sorted(set(names or []) - set(PEERS))
    if unknown:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: not one of {', '.join(PEERS)}")
    return names or []


def _rounds(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_ROUNDS:
        raise argparse.ArgumentTypeError(f"{text} is not from 1 to {_MOST_ROUNDS}")
    return int(text)


def _leave(number: int, _frame: object) -> NoReturn:
    # An exception, so that every server's own `finally` ends it.
    raise SystemExit(128 + number)


def _set_up(contestants: list[Contestant], results: Results) -> list[Contestant]:
    """Those that can take part; the others are in the report with the reason."""
    able = []
    for contestant in contestants:
        try:
            set_up(contestant)
            able.append(contestant)
        except UnavailableError as error:
            results.fail("start", contestant.name, str(error))
    return able


def _measure(bench: Bench, only: str | None) -> None:
    live = {name: topic for name, topic in LIVE_TOPICS.items() if only in (None, name)}
    fresh = {name: topic for name, topic in FRESH_TOPICS.items() if only in (None, name)}
    with ExitStack() as stack:
        for contestant in bench.contestants if live else []:
            with bench.attempt("start", contestant):
                bench.servers[contestant.name] = stack.enter_context(running(contestant))
        warm_up(bench)
        _run(bench, live)
    bench.servers.clear()
    _run(bench, fresh)


def _run(bench: Bench, topics: dict[str, Any]) -> None:
    for name, topic in topics.items():
        print(f"measuring: {name} ...", file=sys.stderr, flush=True)
        with machine.others() as busy:
            topic(bench)
        bench.results.note(name, f"meanwhile other processes kept {busy[0]:.2f} processors busy")


def _print_about(about: dict[str, Any]) -> None:
    print("\n".join(_about_lines(about)), flush=True)


def _about_lines(about: dict[str, Any]) -> list[str]:
    lines = [f"{name}: {value}" for name, value in about["machine"].items()]
    for server, found in about["versions"].items():
        lines.append(f"{server}: " + ", ".join(f"{name} {version}" for name, version in found.items()))
    settings = about["settings"]
    quick = " (quick: not for publishing)" if settings["quick"] else ""
    return [*lines, f"rounds: {settings['rounds']}, a third of them where a round is heavy{quick}"]


def _write(folder: Path, results: Results, about: dict[str, Any], peers: list[str]) -> None:
    tables = report.tables(results, OURS.name, peers)
    print(tables)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.txt").write_text("\n".join(_about_lines(about)) + "\n" + tables + "\n", encoding="utf-8")
    report.write_json(folder / "bench.json", results, about, OURS.name, peers)
    print(f"\nfigures: {folder / 'bench.json'}\n{report.draw(folder / 'bench.png', results, OURS.name, peers)}")


def _tell_failures(results: Results) -> None:
    for name, reason in results.failures.get("start", {}).items():
        print(f"{name}: {reason}")
    print("the others are installed")


if __name__ == "__main__":
    sys.exit(main())
