"""Our own service as it would be if nobody had thought of quotas.

    python default_threads.py serve --port N ...

onnxruntime gets its defaults (a thread per core, which spin while they wait) and there are as many workers as the
machine has cores, whatever the cgroup allows.
"""

import os
import sys

import onnxruntime

from hailo_piper.__main__ import main
from hailo_piper.engine.piper import models as inference
from hailo_piper.machine import cpus


def _default_options(threads: int, *, spins: bool = False) -> onnxruntime.SessionOptions:  # noqa: ARG001 - stands in
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    # Not a matter of threads: without these, loading alone would take longer.
    options.enable_mem_reuse = False
    options.enable_mem_pattern = False
    return options


# The very thing to be measured without.
inference.session_options = _default_options  # type: ignore[attr-defined]
cpus.usable_cpus = lambda *_: float(os.cpu_count() or 1)

if __name__ == "__main__":
    sys.exit(main())
