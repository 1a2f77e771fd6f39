"""Long work is off until a client asks for it: only then is its directory made, locked and swept."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hailo_piper.config.settings import Config
from hailo_piper.errors import ConfigError, JobsOffError
from hailo_piper.machine.user_directories import user_directory

if TYPE_CHECKING:
    from hailo_piper.jobs.queue.batches import AnsweredLine
    from hailo_piper.jobs.queue.kept import Work
    from hailo_piper.jobs.queue.progress import Counts
    from hailo_piper.jobs.queue.runner import Runner
    from hailo_piper.jobs.queue.store import Store
    from hailo_piper.jobs.queue.webhooks import Webhooks

logger = logging.getLogger(__name__)

_SETTING = "jobs.directory"
_DATABASE = "jobs.db"
"""As `database` calls it, which this module must not import."""


class LongWork:
    """The files, batches and jobs of one service. Thread-safe."""

    def __init__(
        self,
        config: Config,
        answered_line: "AnsweredLine",
        somebody_listens: Callable[[], bool] = lambda: False,
    ) -> None:
        """`answered_line`: as `batches` asks for it. `somebody_listens`: whether work has to wait."""
        self._config = config
        self._answered_line = answered_line
        self._somebody_listens = somebody_listens
        self._lock = threading.Lock()
        self._opened: tuple[Store, Runner, Webhooks] | None = None
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
        return self._parts()[0]

    def wake(self) -> None:
        """Have the work that is kept spoken, and its events delivered. Raises as `store` does."""
        _, runner, webhooks = self._parts()
        runner.wake()
        webhooks.wake()

    def counts(self, work: "Work") -> "Counts":
        """Return how far work is. Raises as `store` does."""
        return self._parts()[1].counts(work)

    def share(self, work: "Work") -> float:
        """Return how much of a job is spoken, 0 to 1. Raises as `store` does."""
        return self._parts()[1].share(work)

    def resume(self) -> None:
        """Go on with what an earlier process left; a service that was never asked for work opens nothing."""
        try:
            if (self.directory / _DATABASE).exists():
                self.wake()
        except (JobsOffError, OSError) as error:
            logger.warning("%s", error)

    def states(self) -> "dict[tuple[str, str], int]":
        """Return how many works are kept, by kind and state; none where nothing was opened."""
        with self._lock:
            opened = self._opened
        return {} if opened is None else dict(opened[0].works.counts())

    def _parts(self) -> "tuple[Store, Runner, Webhooks]":
        with self._lock:
            if self._is_closed:
                raise JobsOffError("Long work is off: the service stops")
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> "tuple[Store, Runner, Webhooks]":
        # No start and no other request needs these imports.
        import sqlite3

        from hailo_piper.jobs.queue.directory import DirectoryInUseError
        from hailo_piper.jobs.queue.runner import Runner
        from hailo_piper.jobs.queue.store import Store
        from hailo_piper.jobs.queue.targets import load_targets
        from hailo_piper.jobs.queue.webhooks import Webhooks

        jobs, directory = self._config.jobs, self.directory
        try:
            targets = load_targets(jobs.webhooks)
            store = Store(directory, max_bytes=jobs.max_bytes, max_age_seconds=jobs.max_age_seconds)
        except DirectoryInUseError:
            reason = f"another service uses {directory}"
        except ConfigError as error:
            raise JobsOffError(f"Long work is off: {error.problems[0]}") from error
        except OSError as error:
            reason = f"{directory} cannot be written: {error.strerror or error}"
        except sqlite3.Error as error:
            reason = f"{directory}/{_DATABASE} cannot be used: {error}"
        else:
            webhooks = Webhooks(store, targets)
            runner = Runner(
                store,
                self._config,
                self._answered_line,
                somebody_listens=self._somebody_listens,
                on_end=webhooks.note,
                after_end=webhooks.wake,
            )
            return store, runner, webhooks
        raise JobsOffError(f"Long work is off: {_SETTING}: {reason}")

    def close(self) -> None:
        """Stop the worker, which the next start has go on, and close what was opened."""
        with self._lock:
            self._is_closed = True
            opened, self._opened = self._opened, None
        if opened is not None:
            store, runner, webhooks = opened
            runner.stop()
            webhooks.stop()
            store.close()
