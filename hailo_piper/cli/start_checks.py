"""`check-config` finds what would keep a service from starting, without serving."""

import contextlib
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from hailo_piper.assembly import build_voices
from hailo_piper.config.settings import Config
from hailo_piper.default_voice import load_default_voice
from hailo_piper.errors import ConfigError
from hailo_piper.jobs.queue.targets import load_targets
from hailo_piper.listeners import hosts
from hailo_piper.listeners.keys import load_keys
from hailo_piper.text.lexicon.directory import files_in, problems_of
from hailo_piper.text.lexicon.places import lexicon_directories
from hailo_piper.voices.places import scan_error

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Findings:
    """The problems and warnings of a configuration."""

    problems: list[str] = field(default_factory=list)
    """Lines, for each of which `serve` would refuse to start."""

    warnings: list[str] = field(default_factory=list)
    """Lines, with which `serve` starts but does not do all that the configuration says."""


def check_start(config: Config) -> Findings:
    """Load the voice, the keys and the aliases as `serve` does, and check the directories that it would write to."""
    findings = Findings()
    keys_file = config.server.api_keys_file
    _try(findings, lambda: load_targets(config.jobs.webhooks))
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
    for path in files_in(lexicon_directories(config)):
        findings.warnings.extend(f"lexicons.directory: {line}; without its words" for line in problems_of(path))
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
    error = scan_error(Path(directory)) if directory else None
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        yield f"voices.directory: there is no directory {directory}, so only the default voice is there"
    elif error is not None:
        yield f"voices.directory: {directory} cannot be read: {error.strerror}; so only the default voice is there"
    places = {"piper.cache_directory": config.piper.cache_directory, "jobs.directory": config.jobs.directory}
    if performance.cache_enabled:
        places["performance.cache_directory"] = performance.cache_directory
    for key, place in places.items():
        if place is not None and (problem := _write_problem(Path(place))):
            yield f"{key}: {place}: {problem}"


def _write_problem(directory: Path) -> str | None:
    """Return why this user could not create a directory or write to it, or None."""
    nearest = directory
    with contextlib.suppress(OSError):
        while not nearest.exists() and nearest != nearest.parent:
            nearest = nearest.parent
    if not nearest.is_dir():
        return f"{nearest} is no directory"
    return None if os.access(nearest, os.W_OK | os.X_OK) else f"{nearest} cannot be written by this user"
