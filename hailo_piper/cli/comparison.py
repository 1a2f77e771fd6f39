"""Two files of `bench --json` are compared, figure by figure."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hailo_piper.cli.measurement import FORMAT
from hailo_piper.config.files import read_bounded
from hailo_piper.errors import ConfigError

_MOST_BYTES = 1 << 20
_HEADS = ("version", "when", "machine.model", "machine.cores", "machine.quota", "machine.governor", "voice.id")


def read_figures(path: Path) -> Mapping[str, Any]:
    """Return the figures in a file. Raises ConfigError, which names the file."""
    try:
        figures = json.loads(read_bounded(path, _MOST_BYTES))
    except OSError as error:
        raise ConfigError([f"{path}: {error.strerror}"]) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError([f"{path}: not the JSON that bench --json writes: {error}"]) from error
    if not isinstance(figures, dict) or figures.get("format") != FORMAT:
        raise ConfigError([f"{path}: not the figures of bench --json in format {FORMAT}"])
    return figures


def compared(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[str]:
    """Yield lines for a person: what the two machines are, and each figure of both with their ratio."""
    for name in _HEADS:
        yield f"{name:34} {_shown(_found(one, name)):>24} {_shown(_found(other, name)):>24}"
    yield f"\n{'':34} {'A':>24} {'B':>24} {'B / A':>8}"
    for name in _figures(one):
        first, second = _found(one, name), _found(other, name)
        if isinstance(first, int | float) and isinstance(second, int | float):
            ratio = f"{second / first:8.2f}" if first else ""
            yield f"{name:34} {first:24g} {second:24g} {ratio}".rstrip()


def _figures(of: Mapping[str, Any]) -> Iterator[str]:
    for text, figures in (of.get("texts") or {}).items():
        yield from (f"texts.{text}.{name}" for name in figures if name not in {"characters", "audio_seconds"})
    yield from ("at_once.first_audio_ms", "at_once.audio_seconds_a_second", "listeners")
    yield from ("memory_mb.now", "memory_mb.most", "before.celsius", "after.celsius")


def _found(of: Any, name: str) -> Any:
    for part in name.split("."):
        of = of.get(part) if isinstance(of, Mapping) else None
    return of


def _shown(value: Any) -> str:
    return "-" if value is None else str(value)[:24]
