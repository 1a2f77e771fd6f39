"""Long work is off until a client asks for it: only then is its directory made, locked and swept."""

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from hailo_piper.config.settings import Config
from hailo_piper.errors import JobsOffError
from hailo_piper.machine.user_directories import user_directory

if TYPE_CHECKING:
    from hailo_piper.jobs.queue.store import Store

logger = logging.getLogger(__name__)

_SETTING = "jobs.directory"


class LongWork:
    """The files, batches and jobs of one service. Thread-safe."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._is_closed = False

    @property
    def directory(self) -> Path:
        """Where it is kept. Raises JobsOffError where the user has no home directory."""
        given = self._config.jobs.directory
        try:
            return Path(given) if given else user_directory("XDG_STATE_HOME", "~/.local/state") / "hailo-piper/jobs"
        except RuntimeError as error:
            raise JobsOffError(f"Long work is off: {_SETTING} names no directory, and there is no home") from error

    def store(self) -> "Store":
        """Return what is kept, opened by the first call. Raises JobsOffError where the directory cannot be used."""
        with self._lock:
            if self._is_closed:
                raise JobsOffError("Long work is off: the service stops")
            if self._store is None:
                self._store = self._open()
            return self._store

    def _open(self) -> "Store":
        # No start and no other request needs these imports.
        import sqlite3

        from hailo_piper.jobs.queue.directory import DirectoryInUseError
        from hailo_piper.jobs.queue.store import Store

        jobs, directory = self._config.jobs, self.directory
        try:
            return Store(directory, max_bytes=jobs.max_bytes, max_age_seconds=jobs.max_age_seconds)
        except DirectoryInUseError:
            reason = f"another service uses {directory}"
        except OSError as error:
            reason = f"{directory} cannot be written: {error.strerror or error}"
        except sqlite3.Error as error:
            reason = f"{directory}/jobs.db cannot be used: {error}"
        raise JobsOffError(f"Long work is off: {_SETTING}: {reason}")

    def close(self) -> None:
        """Close what was opened."""
        with self._lock:
            self._is_closed = True
            store, self._store = self._store, None
        if store is not None:
            store.close()
