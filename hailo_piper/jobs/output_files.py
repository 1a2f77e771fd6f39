"""An output is written under a temporary name and takes its own once it is whole."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_READ = 1 << 20
"""Bytes to read at once."""


class OutputError(Exception):
    """A file that cannot be written, as on a full disk: no other could be, so the run stops."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"{path}: {error.strerror or error}")


class WrittenFile:
    """A file that is being written, in order, but for its header. Raises OutputError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.part = path.with_name(f".{path.name}.part")
        """Its temporary name, always the same, so that the next run writes over what this one leaves."""
        self.num_bytes = 0
        self._digest = hashlib.sha256()
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.part.open("wb")

    def write(self, piece: bytes) -> None:
        """Append the bytes."""
        with writing(self.path):
            self._file.write(piece)
        self._digest.update(piece)
        self.num_bytes += len(piece)

    def finish(self, header: bytes) -> str:
        """Overwrite the first bytes with the final header; return the file's SHA-256 in hex. It has its name then."""
        with writing(self.path):
            self._file.seek(0)
            self._file.write(header)
            self._file.close()
            # Only a header that differs makes another digest than that of the bytes as they came.
            digest = digest_of(self.part) if header else self._digest.hexdigest()
            self.part.replace(self.path)
        return digest

    def close(self) -> None:
        """Remove what is not whole."""
        # On a full disk the bytes that wait for it cannot be written now, either.
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self.part.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file as a whole. Raises OutputError."""
    file = WrittenFile(path)
    try:
        file.write(content)
        file.finish(b"")
    finally:
        file.close()


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex. Raises OSError."""
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while piece := file.read(_READ):
            digest.update(piece)
    return digest.hexdigest()


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Have an OSError name the file that it is about, as an OutputError."""
    try:
        yield
    except OSError as error:
        raise OutputError(path, error) from error
