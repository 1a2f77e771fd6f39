"""A process that nobody waits for gives way to all others, and ends with the one that started it."""

import ctypes
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def give_way() -> None:
    """Let this process, and threads that it makes later, run only while no other wants the processor.

    Where the system forbids that (SCHED_IDLE), it takes the lowest niceness. The kernel also ends it first when memory
    runs out.
    """
    try:
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    except (OSError, AttributeError):
        with suppress(OSError):
            os.nice(19)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def end_with(parent: int) -> None:
    """Have the kernel kill this process when the one that started it ends, however that ends.

    `parent`: its process id. A pipe would do the same, but not for a process that is stopped.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)
