"""A run as people read it (tables, one picture) and as programs do (JSON)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import targets
from results import Metric, Results

TITLES = {
    "start": "Start",
    "latency": "Latency: one client, nothing else to do",
    "long": "A long text: an article of 5000 characters",
    "concurrency": "Many clients at once",
    "cpu": "CPU",
    "playback": "Playback: clients that read at playback speed",
    "memory": "Memory",
    "startup": "Start-up: a fresh process",
}


def tables(results: Results, ours: str, peers: list[str]) -> str:
    """One per topic that was measured, then the targets."""
    lines: list[str] = []
    for topic, title in TITLES.items():
        lines += _table(results, topic, title, ours, peers)
    if "piper" in peers:
        lines += _targets(results, ours)
    return "\n".join(lines)


def write_json(path: Path, results: Results, about: dict[str, Any], ours: str, peers: list[str]) -> None:
    metrics = [
        {
            "topic": metric.topic,
            "name": metric.name,
            "unit": metric.unit,
            "better": metric.better or None,
            "rounds": {server: list(rounds.values()) for server, rounds in by_server.items()},
            "median": {server: results.figure(metric, server) for server in by_server},
            "ratio": {peer: results.ratio(metric, ours, peer) for peer in peers},
        }
        for metric, by_server in results.values.items()
    ]
    verdicts = [
        {"target": target.text, **dict(zip(("figure", "verdict"), target.verdict(results), strict=True))}
        for target in targets.targets(ours, "piper")
    ]
    document = {**about, "metrics": metrics, "failures": results.failures, "notes": results.notes, "targets": verdicts}
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def draw(path: Path, results: Results, ours: str, peers: list[str]) -> str:
    """Write the picture; returns what is to be said about it."""
    try:
        import matplotlib as mpl
    except ImportError:
        return "no picture: matplotlib is not installed (pip install matplotlib)"
    mpl.use("agg")
    from matplotlib import pyplot

    panels = [(title, unit, log, found) for title, unit, log, found in _panels(results) if found]
    if not panels:
        return "no picture: nothing was measured that it shows"
    rows = (len(panels) + 1) // 2
    figure, axes = pyplot.subplots(rows, 2, figsize=(14, 4.2 * rows), squeeze=False, layout="constrained")
    for axis in axes.flat[len(panels) :]:
        axis.set_axis_off()
    servers = [server for server in (ours, *peers) if any(server in found for found in results.values.values())]
    for axis, (title, unit, log, metrics) in zip(axes.flat, panels, strict=False):
        width = 0.8 / len(servers)
        for place, server in enumerate(servers):
            heights = [results.figure(metric, server) or 0 for metric in metrics.values()]
            positions = [index + place * width - 0.4 + width / 2 for index in range(len(metrics))]
            bars = axis.bar(positions, heights, width, label=server)
            axis.bar_label(bars, [_number(height) if height else "" for height in heights], fontsize=7)
        axis.set_xticks(range(len(metrics)), map(_wrap, metrics), fontsize=8)
        axis.set_yscale("log" if log else "linear")
        axis.set_ylabel(unit)
        axis.set_title(title)
        axis.margins(y=0.15)
        axis.spines[["top", "right"]].set_visible(False)
    axes.flat[0].legend(fontsize=8)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
    return f"picture: {path}"


def _panels(results: Results) -> Iterator[tuple[str, str, bool, dict[str, Metric]]]:
    """Title, unit, whether logarithmic, and the metrics by their short names."""

    def those(topic: str, prefix: str) -> dict[str, Metric]:
        found = [metric for metric in results.values if metric.topic == topic and metric.name.startswith(prefix)]
        return {metric.name.removeprefix(prefix).strip(", "): metric for metric in found}

    yield "First audio byte, one client", "ms, logarithmic", True, those("latency", "first audio byte")
    yield "First audio byte, mean over clients", "ms, logarithmic", True, those("concurrency", "first audio byte mean")
    yield "Throughput", "seconds of audio per second", False, those("concurrency", "throughput")
    yield "CPU per second of audio", "ms", False, those("cpu", "CPU per audio second")
    yield "Start", "ms", False, those("startup", "start to")
    megabytes = {name.replace("characters ", ""): metric for name, metric in those("memory", "").items()}
    yield "Memory", "MB, logarithmic", True, {name: one for name, one in megabytes.items() if one.unit == "MB"}


def _wrap(name: str) -> str:
    words = name.split()
    lines = [" ".join(words[start : start + 3]) for start in range(0, len(words), 3)]
    return "\n".join(lines)


def _table(results: Results, topic: str, title: str, ours: str, peers: list[str]) -> list[str]:
    metrics = [metric for metric in results.values if metric.topic == topic]
    failures = results.failures.get(topic, {})
    if not metrics and not failures:
        return []
    lines = ["", f"## {title}", ""]
    if metrics:
        head = ["", ours] + [cell for peer in peers for cell in (peer, "ratio")] + ["rounds"]
        rows = [head]
        for metric in metrics:
            row = [metric.title, _number(results.figure(metric, ours))]
            for peer in peers:
                ratio = results.ratio(metric, ours, peer)
                row += [_number(results.figure(metric, peer)), "-" if ratio is None else f"{ratio:.2f}x"]
            rows.append([*row, str(max(map(len, results.values[metric].values())))])
        lines += aligned(rows)
    lines += [f"{server}: {reason}" for server, reason in failures.items()]
    lines += [f"({note})" for note in results.notes.get(topic, [])]
    return lines


def _targets(results: Results, ours: str) -> list[str]:
    rows = [["target", "measured", ""]]
    rows += [[target.text, *target.verdict(results)] for target in targets.targets(ours, "piper")]
    return ["", "## Targets", "", *aligned(rows)]


def aligned(rows: list[list[str]]) -> list[str]:
    """A table: the first row is its head, the first column is text, the others are figures."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        first, *others = (
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join([first, *others]).rstrip())
    return [lines[0], "-" * max(map(len, lines)), *lines[1:]]


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}" if abs(value) < 100 else f"{value:.0f}"
