"""Real-time factors of voices, as `bench` measured them on this machine, are kept in a file."""

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hailo_piper.config.files import read_bounded

logger = logging.getLogger(__name__)

FILE = "real-time-factors.json"
_MOST_BYTES = 1 << 20


class RealTimeFactors:
    """The factors in one file: processor time in seconds for a second of sound, by a voice's id. Thread-safe."""

    def __init__(self, directory: Path) -> None:
        """`directory`: of what is made of voices. The file need not be there."""
        self._path = directory / FILE
        self._known: tuple[int, Mapping[str, float]] = (0, {})

    def __call__(self) -> Mapping[str, float]:
        """Return what is known now; nothing where the file is missing, or is not ours."""
        try:
            written = self._path.stat().st_mtime_ns
            if written != self._known[0]:
                self._known = written, _factors(json.loads(read_bounded(self._path, _MOST_BYTES)))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError):
            logger.warning("%s cannot be read, so no voice's speed is known", self._path)
            return {}
        return self._known[1]

    def note(self, voice_id: str, factor: float) -> None:
        """Keep the factor of a voice, in place of an earlier one. Raises OSError."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_name(f".{FILE}-{os.getpid()}")
        try:
            draft.write_text(json.dumps({**self(), voice_id: round(factor, 4)}), encoding="utf-8")
            draft.replace(self._path)
        finally:
            draft.unlink(missing_ok=True)


def _factors(value: Any) -> Mapping[str, float]:
    found = value if isinstance(value, dict) else {}
    return {name: float(factor) for name, factor in found.items() if isinstance(factor, int | float) and factor > 0}
