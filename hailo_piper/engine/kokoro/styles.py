"""A speaker of Kokoro is a table of styles: a row for each length of a unit.

The release keeps all speakers in one .npz (voices-v1.0.bin); the repository of onnx-community has a file of bare
float32 for each, NAME.bin.
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hailo_piper.errors import ConfigError

ROWS, WIDTH = 510, 256
Styles = NDArray[np.float32]
"""Shape (510, 256): row n is the style of a unit of n + 1 symbols."""


def read_styles(folder: Path, speakers: Sequence[str]) -> tuple[Styles, ...]:
    """Return the styles of each speaker. Raises ConfigError, naming the file that is missing or wrong."""
    archive = next((path for path in sorted(folder.glob("*.bin")) if zipfile.is_zipfile(path)), None)
    if archive is None:
        return tuple(_checked(folder / f"{name}.bin", _bare(folder / f"{name}.bin")) for name in speakers)
    try:
        with np.load(archive, allow_pickle=False) as tables:
            return tuple(_checked(archive, tables.get(name)) for name in speakers)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise ConfigError([f"voices.directory: {archive} has no styles: {error}"]) from error


def _bare(path: Path) -> NDArray[np.float32] | None:
    try:
        return np.fromfile(path, "<f4") if path.stat().st_size == 4 * ROWS * WIDTH else None
    except OSError as error:
        raise ConfigError([f"voices.directory: {path} cannot be read: {error.strerror}"]) from error


def _checked(path: Path, table: NDArray[np.float32] | None) -> Styles:
    if table is None or table.size != ROWS * WIDTH or not np.isfinite(table).all():
        raise ConfigError([f"voices.directory: {path} has no table of {ROWS} styles of {WIDTH} numbers for a speaker"])
    return np.ascontiguousarray(table, np.float32).reshape(ROWS, WIDTH)
