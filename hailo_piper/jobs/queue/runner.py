"""The runner has one piece of work after the other spoken, each in a process of its own."""

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from hailo_piper.config.settings import Config
from hailo_piper.jobs.output_files import OutputError
from hailo_piper.jobs.queue import kept, texts
from hailo_piper.jobs.queue.batches import AnsweredLine
from hailo_piper.jobs.queue.kept import Work
from hailo_piper.jobs.queue.kinds import KINDS
from hailo_piper.jobs.queue.progress import Counts, Progress
from hailo_piper.jobs.queue.store import Store
from hailo_piper.jobs.queue.worker import StartWorker, Worker

logger = logging.getLogger(__name__)

_GLANCE_SECONDS = 0.02
"""How soon a worker stops once somebody listens."""
_LOOK_SECONDS = 0.5
"""How often its progress is read."""
_MOST_ATTEMPTS = 4
"""Workers in a row that end without a line done."""
_DONE = {0, 1, 65}
"""Exit codes of a worker that has tried every line."""
_NO_ROOM = 74
_LONGEST_WAIT_SECONDS = 30.0
"""Between two tries to write on a full disk."""
_LONGEST_SLEEP_SECONDS = 3600.0


class Runner:
    """One thread that lives while something is kept: it speaks, and deletes what is too old."""

    def __init__(  # noqa: PLR0913 - each is a part that it works with
        self,
        store: Store,
        config: Config,
        answered: AnsweredLine,
        *,
        start_worker: StartWorker = Worker,
        somebody_listens: Callable[[], bool] = lambda: False,
        on_end: Callable[[Work], None] = lambda _: None,
        after_end: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_end` is told of work that is over, inside the transaction that says so; `after_end` is called later."""
        self._store = store
        self._config = config
        self._answered = answered
        self._start_worker = start_worker
        self._somebody_listens = somebody_listens
        self._on_end = on_end
        self._after_end = after_end
        self._changed = threading.Condition()
        self._is_stopping = False
        self._is_woken = False
        self._counts: dict[str, Counts] = {}
        self._waits: dict[str, int] = {}
        """How often work in a row has met a disk that takes nothing."""
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Look for work, on a thread that is made if there is none."""
        with self._changed:
            self._is_woken = True
            self._changed.notify()
            if self._thread is None and not self._is_stopping:
                self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
                self._thread.start()

    def counts(self, work: Work) -> Counts:
        """Return how far work is."""
        content = work.content
        told = Counts(content.get("total", 0), content.get("completed", 0), content.get("failed", 0), 0)
        return told if work.is_over else self._counts.get(work.id, told)

    def stop(self) -> None:
        """End the worker and the thread; the next start goes on."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._is_stopping:
            with self._changed:
                self._is_woken = False
            try:
                work = self._store.works.next()
                if work is not None:
                    self._speak(work)
                    continue
                self._store.expire()
                expiry = self._store.next_expiry
            except Exception:
                # Whatever fails here must not end the thread: the next piece of work may be sound.
                logger.exception("long work failed")
                expiry = 0
            with self._changed:
                if expiry is None and not self._is_woken:
                    self._thread = None
                    return
                seconds = min(_LONGEST_SLEEP_SECONDS, max(1.0, (expiry or 0) - self._store.now()))
                self._changed.wait_for(lambda: self._is_woken or self._is_stopping, seconds)

    def _speak(self, work: Work) -> None:
        """Take work from the state that it is in to its last one, unless the service stops."""
        began = time.monotonic()
        fields = {"work": work.id, "kind": work.kind}
        logger.info("work begins", extra={"fields": {**fields, "status": work.status}})
        try:
            over = self._bring_to_end(work)
        except (OSError, OutputError, sqlite3.OperationalError) as error:
            over = self._wait_for_room(work, error)
        except Exception:
            logger.exception("%s failed", work.id)
            over = self._fail(work, "internal_error", "The service failed; its log tells how")
        if over is not None and over.is_over:
            self._counts.pop(work.id, None)
            self._waits.pop(work.id, None)
            self._store.tidy(over)
            told = {name: over.content[name] for name in ("total", "completed", "failed") if name in over.content}
            seconds = round(time.monotonic() - began, 1)
            self._after_end()
            logger.info("work ended", extra={"fields": {**fields, "status": over.status, "seconds": seconds, **told}})

    def _wait_for_room(self, work: Work, error: Exception) -> Work | None:
        """Wait before work is tried again: a disk that is full now may have room before its time is over."""
        if self._store.now() >= work.content["deadline"]:
            return self._fail(work, "storage_failed", f"Something cannot be written: {error}")
        waits = self._waits[work.id] = self._waits.get(work.id, -1) + 1
        seconds = min(_LONGEST_WAIT_SECONDS, 2.0 ** min(waits, 10))
        logger.warning("%s waits %.0f s: something cannot be written: %s", work.id, seconds, error)
        with self._changed:
            self._changed.wait_for(lambda: self._is_woken or self._is_stopping, seconds)
        return None

    def _bring_to_end(self, work: Work) -> Work | None:
        kind = KINDS[work.kind]
        if work.status in {kept.VALIDATING, kept.QUEUED}:
            checked = kind.check(self._store.directory.work(work.id) / "lines.jsonl")
            if checked.problems:
                problems = [problem._asdict() for problem in checked.problems]
                return self._end(work, kept.FAILED, errors=problems, total=checked.total)
            begun = self._store.works.change(work.id, kept.IN_PROGRESS, in_progress_at=self._store.now(),
                                             total=checked.total)  # fmt: skip
            if begun is None or begun.is_over:
                return begun
            work = self._store.works.get(work.id) or begun
        last = kept.COMPLETED
        if work.status in {kept.IN_PROGRESS, kept.CANCELLING}:
            ended = self._run_worker(work) if work.status == kept.IN_PROGRESS else kept.CANCELLED
            if ended is None or isinstance(ended, Work):
                return ended
            last = ended
        if last == kept.COMPLETED:
            self._store.works.change(work.id, kept.FINALIZING, finalizing_at=self._store.now())
        files, content, problem = kind.outputs(work, self._store, self._answered)
        if problem is not None and last == kept.COMPLETED:
            return self._end(work, kept.FAILED, errors=[problem])
        # Rows may only name what a power cut leaves.
        os.sync()
        with self._store.database.changing():
            self._store.add_files(files)
            return self._end(work, last, **content)

    def _run_worker(self, work: Work) -> str | Work | None:
        """Have a worker speak all lines; return the state that follows, work that failed, or None at a stop."""
        folder = self._store.directory.work(work.id)
        progress = Progress(folder, work.content.get("total", 0))
        attempts, done = 0, -1
        while attempts < _MOST_ATTEMPTS:
            if self._is_stopping:
                return None
            counts = progress.read()
            attempts = attempts + 1 if counts.completed + counts.failed <= done else 0
            done = counts.completed + counts.failed
            worker = self._start_worker(folder, *KINDS[work.kind].worker(work, self._config, folder))
            try:
                ended = self._watch(work, worker, progress)
            finally:
                worker.stop()
            if ended is not None:
                return None if ended == kept.IN_PROGRESS else ended
            code = worker.exit_code()
            counts = progress.read()
            if code in _DONE and counts.completed + counts.failed == counts.total:
                return kept.COMPLETED
            if code == _NO_ROOM:
                raise OSError(worker.last_words)
            logger.warning("%s: a worker ended with %s: %s", work.id, code, worker.last_words)
            self._rest(2.0**attempts)
        return self._fail(work, "worker_failed", "Workers ended again and again; the log tells how")

    def _watch(self, work: Work, worker: Worker, progress: Progress) -> str | Work | None:
        """Wait for the worker's end, which is None, or for a reason to end it.

        IN_PROGRESS: the service stops, or the work is deleted.
        """
        looked = -_LOOK_SECONDS
        while worker.exit_code() is None:
            if self._is_stopping:
                return kept.IN_PROGRESS
            worker.pause(pauses=self._somebody_listens())
            if time.monotonic() - looked >= _LOOK_SECONDS:
                looked = time.monotonic()
                self._counts[work.id] = counts = progress.read()
                now = self._store.works.get(work.id)
                if now is None or now.status == kept.CANCELLING:
                    return kept.IN_PROGRESS if now is None else kept.CANCELLED
                if self._store.now() >= work.content["deadline"]:
                    return kept.EXPIRED
                if self._store.used_bytes + self._taken(work, counts) > self._store.max_bytes:
                    return self._fail(
                        work, "storage_full", f"It needs more than jobs.max_bytes, {self._store.max_bytes}"
                    )
            self._rest(_GLANCE_SECONDS)
        return None

    def _taken(self, work: Work, counts: Counts) -> int:
        """Return the bytes of work under way; the files of a batch are too many to be looked at again and again."""
        return counts.num_bytes if work.kind == kept.BATCH else self._store.directory.work_bytes(work.id)

    def share(self, work: Work) -> float:
        """Return how much of a job is spoken, 0 to 1."""
        return 1.0 if work.status == kept.COMPLETED else texts.share(self._store.directory.work(work.id))

    def _rest(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_stopping, seconds)

    def _fail(self, work: Work, code: str, message: str) -> Work | None:
        problem = {"code": code, "line": None, "message": message, "param": None}
        return self._end(work, kept.FAILED, errors=[problem])

    def _end(self, work: Work, status: str, **content: Any) -> Work | None:
        named: Mapping[str, Any] = {f"{status}_at": self._store.now(), **content}
        with self._store.database.changing():
            over = self._store.works.change(work.id, status, **named)
            if over is not None and over.status == status:
                self._on_end(over)
        return over
