"""Removes a voice: its files, and its prepared files, which are as large."""

import contextlib
from collections.abc import Iterable
from pathlib import Path

from hailo_piper.engine.piper.prepared.store import remove_entries


def remove_voice(model_path: Path, prepared_directories: Iterable[Path]) -> None:
    """Delete a voice, its model first, since the rest is not a voice without it. Raises OSError.

    Speech with it goes on: deleted files stay with the processes that have them open.
    """
    for directory in prepared_directories:
        with contextlib.suppress(OSError):  # an unreadable file must go all the same
            remove_entries(model_path, directory)
    model_path.unlink(missing_ok=True)
    Path(f"{model_path}.json").unlink(missing_ok=True)
