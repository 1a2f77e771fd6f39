"""Two frozen tuples tell what is kept: a file, and a piece of long work with its state."""

import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple

PURPOSES = ("batch", "batch_output")
"""What files are for: input of batches, and what came of long work."""
BATCH, JOB = "batch", "job"
"""Kinds of long work."""
VALIDATING, QUEUED, IN_PROGRESS, FINALIZING, CANCELLING = (
    "validating", "queued", "in_progress", "finalizing", "cancelling",
)  # fmt: skip
COMPLETED, FAILED, EXPIRED, CANCELLED = "completed", "failed", "expired", "cancelled"
UNDER_WAY = (VALIDATING, QUEUED, IN_PROGRESS, FINALIZING, CANCELLING)
"""States of work that is not over."""


class KeptFile(NamedTuple):
    """A file of a client. Times are seconds since 1970."""

    id: str
    owner: str
    """A digest of the key that it belongs to; empty where the service has no keys."""
    place: str
    """Its path inside the directory."""
    bytes: int
    created: int
    expires: int
    filename: str
    purpose: str
    content_type: str
    work: str
    """The id of the work that made it; empty for an upload."""


class Work(NamedTuple):
    """A batch or a job. Times are seconds since 1970."""

    id: str
    kind: str
    owner: str
    status: str
    created: int
    expires: int
    content: Mapping[str, Any]
    """What was asked, when each state began (`in_progress_at`, ...), counts, and what came of it."""

    @property
    def is_over(self) -> bool:
        """Whether its state is its last."""
        return self.status not in UNDER_WAY


def new_id(prefix: str) -> str:
    """Return an id that nobody can guess."""
    return f"{prefix}{secrets.token_hex(16)}"
