"""Figures are read by the condition of a machine: what it is, how hot, and whether it is held back.

Read from files of the kernel, so that no program has to be there. What a machine does not tell is None.
"""

import os
import platform
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hailo_piper.machine.cpus import usable_cpus

_SENSORS = re.compile(r"cpu|soc|x86_pkg|acpitz|coretemp|k10temp")
_HELD_BACK = {0: "voltage too low", 1: "frequency capped", 2: "throttled", 3: "at the temperature limit"}
"""Bits of a Raspberry Pi's firmware; 16 higher, the same since it was started."""


def description(root: Path = Path("/")) -> dict[str, Any]:
    """Return what the machine is, by name; `root` for tests."""
    cores = os.cpu_count() or 1
    quota = usable_cpus()
    return {
        "model": _model(root),
        "architecture": platform.machine(),
        "cores": cores,
        "quota": quota if quota < cores else None,
        "governor": _text(root / "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        "most_mhz": _number(root / "sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq", 1e-3),
        "memory_mb": megabytes(root / "proc/meminfo", "MemTotal"),
        "kernel": platform.release(),
        "system": _system(root),
        "python": platform.python_version(),
    }


def condition(root: Path = Path("/")) -> dict[str, Any]:
    """Return what changes while it works: degrees Celsius, MHz, the load, and how it is held back."""
    return {
        "celsius": max(_temperatures(root), default=None),
        "mhz": _number(root / "sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", 1e-3),
        "load": round(os.getloadavg()[0], 2),
        "held_back": _held_back(root),
    }


def _model(root: Path) -> str | None:
    told = _text(root / "proc/device-tree/model")
    if told is not None:
        return told.rstrip("\0")
    found = re.search(r"^(?:model name|Model)\s*:\s*(.+)$", _text(root / "proc/cpuinfo") or "", flags=re.MULTILINE)
    return found[1] if found else None


def _system(root: Path) -> str | None:
    found = re.search(r'^PRETTY_NAME="?([^"\n]*)', _text(root / "etc/os-release") or "", flags=re.MULTILINE)
    return found[1] if found else None


def _temperatures(root: Path) -> Iterator[float]:
    for zone in root.glob("sys/class/thermal/thermal_zone*"):
        degrees = _number(zone / "temp", 1e-3)
        if degrees is not None and _SENSORS.search(_text(zone / "type") or ""):
            yield degrees


def _held_back(root: Path) -> list[str] | None:
    told = next(root.glob("sys/devices/platform/soc*/soc*:firmware/get_throttled"), None)
    flags = _text(told) if told is not None else None
    try:
        bits = int(flags or "", 16)
    except ValueError:
        return None
    now = [what for bit, what in _HELD_BACK.items() if bits >> bit & 1]
    return now + [f"{what} since it was started" for bit, what in _HELD_BACK.items() if bits >> bit + 16 & 1]


def megabytes(path: Path, field: str) -> int | None:
    """Return a field of a file of the kernel that tells of memory, `MemTotal`; None where it is not there."""
    found = re.search(rf"^{field}:\s+(\d+) kB$", _text(path) or "", flags=re.MULTILINE)
    return int(found[1]) // 1024 if found else None


def _number(path: Path, unit: float) -> float | None:
    try:
        return round(float(_text(path) or "") * unit, 1)
    except ValueError:
        return None


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return None
