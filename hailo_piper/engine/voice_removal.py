"""Removes a voice: its files, and what is kept of it prepared, which is as large as they are."""

import contextlib
from collections.abc import Iterable
from pathlib import Path

from hailo_piper.engine.piper.prepared.store import remove_entries


def remove_voice(model_path: Path, prepared_directories: Iterable[Path]) -> None:
    """Delete a voice; the model first, since the rest is no voice without it. Raises OSError.

    What speaks with it goes on: deleted files stay with those who have them open.
    """
    for directory in prepared_directories:
        with contextlib.suppress(OSError):  # a file that cannot be read is to go all the same
            remove_entries(model_path, directory)
    model_path.unlink(missing_ok=True)
    Path(f"{model_path}.json").unlink(missing_ok=True)
