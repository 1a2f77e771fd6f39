"""A batch and a job differ in how they are checked, spoken and ended."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from hailo_piper.config.settings import Config
from hailo_piper.jobs.queue import batches, texts
from hailo_piper.jobs.queue.batches import AnsweredLine, Checked, Outcome
from hailo_piper.jobs.queue.kept import BATCH, JOB, Work
from hailo_piper.jobs.queue.store import Store


class Kind(NamedTuple):
    """A kind of work."""

    check: Callable[[Path], Checked]
    """Reads its lines, before any is spoken."""
    worker: Callable[[Work, Config, Path], tuple[Config, list[str]]]
    """Returns the configuration and the arguments of its workers."""
    outputs: Callable[[Work, Store, AnsweredLine], Outcome]
    """Writes what came of it."""


KINDS = {
    BATCH: Kind(batches.check_lines, batches.worker, batches.outputs),
    JOB: Kind(texts.check, texts.worker, texts.outputs),
}
