"""What would keep a service with this configuration from starting, found out without serving."""

import contextlib
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from hailo_piper.assembly import build_voices, load_default_voice
from hailo_piper.config.settings import Config
from hailo_piper.errors import ConfigError
from hailo_piper.listeners import hosts
from hailo_piper.listeners.keys import load_keys
from hailo_piper.voices.places import why_unreadable

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found."""

    problems: list[str] = field(default_factory=list)
    """For each of these `serve` would refuse to start."""

    warnings: list[str] = field(default_factory=list)
    """With these it starts, but not all will be as the configuration says."""


def look(config: Config) -> Findings:
    """Load the voice, the keys and the aliases as `serve` does, and look at the directories that it would write to."""
    findings = Findings()
    keys_file = config.server.api_keys_file
    _try(findings, lambda: load_keys(Path(keys_file) if keys_file else None))
    with ExitStack() as stack:
        default = _try(findings, lambda: load_default_voice(config, stack))
    if default is not None:
        voices = _try(findings, lambda: build_voices(default.named, config))
        if voices is not None:
            findings.warnings.extend(
                f"voices.aliases.{name}: no such voice is installed; until it is, requests for {name} are refused"
                for name in config.voices.aliases
                if name not in voices.aliases
            )
    findings.problems.extend(hosts.problems(config))
    findings.warnings.extend(hosts.warnings(config))
    findings.warnings.extend(_directories(config))
    return findings


def _try(findings: Findings, build: Callable[[], _T]) -> _T | None:
    try:
        return build()
    except ConfigError as error:
        findings.problems.extend(error.problems)
        return None


def _directories(config: Config) -> Iterator[str]:
    performance = config.performance
    directory = config.voices.directory
    error = why_unreadable(Path(directory)) if directory else None
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        yield f"voices.directory: there is no directory {directory}, so only the default voice is there"
    elif error is not None:
        yield f"voices.directory: {directory} cannot be read: {error.strerror}; so only the default voice is there"
    places = {"piper.cache_directory": config.piper.cache_directory}
    if performance.cache_enabled:
        places["performance.cache_directory"] = performance.cache_directory
    for key, place in places.items():
        if place is not None and (why := _why_not_writable(Path(place))):
            yield f"{key}: {place}: {why}"


def _why_not_writable(directory: Path) -> str | None:
    """Why this user could not write to a directory, made if need be; None where that is possible."""
    there = directory
    with contextlib.suppress(OSError):
        while not there.exists() and there != there.parent:
            there = there.parent
    if not there.is_dir():
        return f"{there} is no directory"
    return None if os.access(there, os.W_OK | os.X_OK) else f"{there} cannot be written by this user"
