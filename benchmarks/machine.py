"""The machine a run was made on, and how much of it others were using meanwhile."""

import os
import platform
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from servers import available_mb, cpu_seconds

from hailo_piper.machine.cpus import usable_cpus


def describe() -> dict[str, str]:
    """What a reader needs to compare a run with another."""
    cpuinfo = Path("/proc/cpuinfo").read_text()
    model = re.search(r"^(?:model name|Model)\s*:\s*(.+)$", cpuinfo, re.MULTILINE)
    affinity = sorted(os.sched_getaffinity(0))
    usable = usable_cpus()
    total = re.search(r"MemTotal:\s+(\d+) kB", Path("/proc/meminfo").read_text())
    return {
        "processor": f"{model[1] if model else 'unknown'}, {platform.machine()}",
        "cores": f"{os.cpu_count()}, affinity {','.join(map(str, affinity))}",
        "CPU quota": f"{usable:g} processors" if usable < len(affinity) else "none",
        "memory": f"{int(total[1]) // 1024 if total else 0} MB, {available_mb():.0f} MB available",
        "kernel": platform.release(),
        "Python": platform.python_version(),
        "load average": load_average(),
        "commit": _commit(),
    }


def load_average() -> str:
    return " ".join(f"{load:.2f}" for load in os.getloadavg())


@contextmanager
def others() -> Iterator[list[float]]:
    """Yields a list that holds, once the block is left, how many processors others kept busy during it."""
    busy, own, started = _busy_seconds(), cpu_seconds(os.getpid()), monotonic()
    found: list[float] = []
    yield found
    foreign = (_busy_seconds() - busy) - (cpu_seconds(os.getpid()) - own)
    found.append(max(0.0, foreign) / (monotonic() - started))


def _busy_seconds() -> float:
    """Of all processors: user, nice, system, irq, softirq and steal, but not idle and iowait."""
    fields = list(map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]))
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


def _commit() -> str:
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except OSError:
        return "unknown"
    return found.stdout.strip() or "unknown"
