"""Prepares models in the real child process, with a calibration of the test's own.

Most models of the tests are not whole voices: they have no configuration to phonemize by.
"""

import sys
from pathlib import Path
from typing import Any

from hailo_piper.engine.piper.prepared import store
from hailo_piper.engine.piper.prepared.store import StagedGraph

NO_LEVEL = "def level(path):\n    return None\n"


def preparing(calibration: str) -> tuple[str, ...]:
    """The command of a preparing process that calls `level`, which this program defines, for the calibration."""
    program = (
        f"{calibration}\n"
        "import sys\n"
        "from hailo_piper.engine.piper.preparing.__main__ import main\n"
        "sys.exit(main(sys.argv[1:], calibrate=level))\n"
    )
    return sys.executable, "-P", "-c", program


def prepare(model_path: Path, cache: Path, *, calibration: str = NO_LEVEL, **options: Any) -> StagedGraph:
    """`store.prepare` with that calibration."""
    return store.prepare(model_path, cache, command=preparing(calibration), **options)
