"""The files of diskcache, which earlier releases used for the cache, are removed: up to hundreds of megabytes."""

import sqlite3
from contextlib import suppress
from pathlib import Path


def remove_former(directory: Path) -> None:
    """Delete the former cache from a directory, and nothing else that an operator keeps there. Raises OSError."""
    former = directory / "cache.db"
    if not former.is_file():
        return
    connection = sqlite3.connect(f"{former.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    except sqlite3.Error:
        return
    finally:
        connection.close()
    if not {"Cache", "Settings"} <= tables:
        return  # the operator's own database of this name
    for path in directory.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*.val"):
        path.unlink(missing_ok=True)
    for pattern in ("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]", "[0-9a-f][0-9a-f]"):
        for path in directory.glob(pattern):
            with suppress(OSError):  # other files lie there, too
                path.rmdir()
    for path in directory.glob("cache.db*"):
        path.unlink(missing_ok=True)
