"""An archive lends the files of a book, each bounded: a small file may claim to be a large one."""

import posixpath
import urllib.parse
import zipfile
from pathlib import Path

from hailo_piper.jobs.books.book import BookError

_MOST_BYTES = 64_000_000
"""Of one file."""
_MOST_IN_ALL = 512_000_000
"""Of all files that are read."""


class Archive:
    """A zip file. Close it."""

    def __init__(self, path: Path) -> None:
        """Open it. Raises BookError for a file that is no archive, and OSError."""
        self._name = path.name
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise BookError(f"{path.name} is no EPUB: {error}") from error
        # Some writers mean the same file by names of another case.
        self._names = {name.casefold(): name for name in reversed(self._zip.namelist())}
        self._read = 0

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def has(self, name: str) -> bool:
        """Return whether there is such a file."""
        return name.casefold() in self._names

    def read(self, name: str) -> bytes:
        """Return a file's content. Raises BookError where it is missing, damaged, encrypted or too large."""
        try:
            with self._zip.open(self._names[name.casefold()]) as file:
                content = file.read(_MOST_BYTES + 1)
        except KeyError as error:
            raise BookError(f"{self._name} lacks {name}, which it names") from error
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
            raise BookError(f"{self._name} is damaged or locked: {name}: {error}") from error
        except Exception as error:
            # zlib.error and lzma.LZMAError share no base.
            raise BookError(f"{self._name} is damaged: {name}: {error}") from error
        self._read += len(content)
        if len(content) > _MOST_BYTES or self._read > _MOST_IN_ALL:
            raise BookError(f"{self._name} is larger than a book: {name}")
        return content


def resolved(reference: str, base: str) -> tuple[str, str]:
    """Return the name and the anchor that a reference in the file `base` leads to."""
    path, _, anchor = reference.partition("#")
    path = urllib.parse.unquote(path)
    name = posixpath.normpath(posixpath.join(posixpath.dirname(base), path)) if path else base
    return name.lstrip("/"), urllib.parse.unquote(anchor)
