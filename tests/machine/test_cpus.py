import os
from pathlib import Path

import pytest

from hailo_piper.machine.cpus import usable_cpus, worker_threads

CPUS = float(len(os.sched_getaffinity(0)))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("files", "cgroup", "expected"),
    [
        ({}, "", CPUS),
        ({"system.slice/x.service/cpu.max": "80000 100000\n"}, "0::/system.slice/x.service\n", 0.8),
        ({"system.slice/x.service/cpu.max": "max 100000\n"}, "0::/system.slice/x.service\n", CPUS),
        (
            {"system.slice/cpu.max": "50000 100000\n", "system.slice/x.service/cpu.max": "80000 100000\n"},
            "0::/system.slice/x.service\n",
            0.5,
        ),
        (
            {"cpu,cpuacct/x/cpu.cfs_quota_us": "80000\n", "cpu,cpuacct/x/cpu.cfs_period_us": "100000\n"},
            "3:cpu,cpuacct:/x\n1:memory:/x\n",
            0.8,
        ),
        ({"cpu/x/cpu.cfs_quota_us": "-1\n", "cpu/x/cpu.cfs_period_us": "100000\n"}, "3:cpu:/x\n", CPUS),
        ({"cpu.max": "90000 100000\n"}, "0::/hidden/by/a/namespace\n", 0.9),
    ],
)
def test_the_tightest_quota_holds(tmp_path: Path, files: dict[str, str], cgroup: str, expected: float) -> None:
    for name, text in files.items():
        write(tmp_path / "fs" / name, text)
    write(tmp_path / "cgroup", cgroup)
    assert usable_cpus(tmp_path / "cgroup", tmp_path / "fs") == pytest.approx(expected)


@pytest.mark.parametrize(("cpus", "threads"), [(0.2, 1), (0.8, 1), (1.0, 1), (1.9, 1), (2.0, 2), (4.0, 4)])
def test_a_thread_needs_a_whole_processor(cpus: float, threads: int) -> None:
    assert worker_threads(cpus) == threads
