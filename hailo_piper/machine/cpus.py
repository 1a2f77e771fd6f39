"""The process finds its share of the processors: its affinity and the cgroup's CPU quota."""

import math
import os
from pathlib import Path


def usable_cpus(cgroup_file: Path = Path("/proc/self/cgroup"), mount: Path = Path("/sys/fs/cgroup")) -> float:
    """Return how many processors this process may keep busy: 0.8 under CPUQuota=80%, 4.0 on an unlimited Pi 5.

    Reads cgroup v2 (`cpu.max`) and v1 (`cpu.cfs_quota_us`), at every level up to the root, since the tightest holds.
    """
    cpus = float(len(os.sched_getaffinity(0)))
    return min([cpus, *_quotas(cgroup_file, mount)])


def worker_threads(cpus: float) -> int:
    """Return how many whole threads `cpus` can feed: two threads on 0.8 of a processor slow each other down."""
    return max(1, math.floor(cpus))


def synthesis_threads(wanted: int | None) -> int:
    """Return how many threads synthesize: those that the configuration wants, else what the processors can feed."""
    return worker_threads(usable_cpus()) if wanted is None else wanted


def _quotas(cgroup_file: Path, mount: Path) -> list[float]:
    quotas = []
    for line in _read(cgroup_file).splitlines():
        _, controllers, group = line.split(":", 2)
        if controllers == "":
            root = mount
        elif "cpu" in controllers.split(","):
            root = next((mount / name for name in (controllers, "cpu") if (mount / name).is_dir()), mount)
        else:
            continue
        folder = root / group.lstrip("/")
        # A cgroup namespace or a bind mount can hide the named folder: its parents, up to the mount, still count.
        for level in (folder, *folder.parents):
            quotas += _quota(level)
            if level == root:
                break
    return quotas


def _quota(folder: Path) -> list[float]:
    numbers = _read(folder / "cpu.max").split() or [
        _read(folder / name).strip() for name in ("cpu.cfs_quota_us", "cpu.cfs_period_us")
    ]
    quota, period = numbers
    return [int(quota) / int(period)] if quota not in ("", "max", "-1") else []


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
