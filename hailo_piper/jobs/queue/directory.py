"""The directory of long work: files of clients, and a folder for each piece of work; others cannot read it."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from hailo_piper.jobs.queue.kept import new_id


class DirectoryInUseError(Exception):
    """A directory where another service works."""


class Directory:
    """The directory, held by this process until it is closed."""

    def __init__(self, root: Path) -> None:
        """Make it, and lock it. Raises OSError, and DirectoryInUseError."""
        self.root = root
        for path in (root, *(root / name for name in ("files", "works", "incoming"))):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = os.open(root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            # The lock ends with the process, so it is never stale.
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.close()
            raise DirectoryInUseError from None
        except OSError:
            # Some network file systems have no locks.
            return

    @property
    def incoming(self) -> Path:
        """The folder of uploads that are not whole; every start empties it."""
        return self.root / "incoming"

    def begin_upload(self) -> "Upload":
        """Open a new file for what a client sends. Raises OSError."""
        return Upload(self.incoming / new_id("part-"))

    def keep(self, upload: "Upload", identifier: str) -> str:
        """Give an upload its name once it is whole; return its place. Raises OSError."""
        place = f"files/{identifier}"
        upload.finish(self.root / place)
        sync(self.root / "files")
        return place

    def path(self, place: str) -> Path:
        """Return the path of a place."""
        return self.root / place

    def share(self, place: str, path: Path) -> None:
        """Give a file a second name, or copy it where the file system has no such names. Raises OSError."""
        try:
            os.link(self.path(place), path)
        except OSError:
            shutil.copyfile(self.path(place), path)

    def write(self, path: Path, content: bytes) -> None:
        """Write a file that a row is about to name. Raises OSError."""
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        sync(path.parent)

    def work(self, identifier: str) -> Path:
        """Return the folder of a piece of work."""
        return self.root / "works" / identifier

    def work_bytes(self, identifier: str) -> int:
        """Return the bytes of all files of a piece of work, which a worker may be renaming."""
        total = 0
        for path in self.work(identifier).rglob("*"):
            with contextlib.suppress(OSError):
                total += path.stat().st_size if path.is_file() else 0
        return total

    def remove(self, place: str) -> None:
        """Remove a file, if it is there."""
        with contextlib.suppress(OSError):
            self.path(place).unlink()

    def tidy_work(self, identifier: str) -> None:
        """Remove what a piece of work needed to be spoken."""
        folder = self.work(identifier)
        for name in ("lines.jsonl", "config.json", "log", "share", "out/results.jsonl"):
            self.remove(f"works/{identifier}/{name}")
        shutil.rmtree(folder / "sentences", ignore_errors=True)

    def remove_work(self, identifier: str) -> None:
        """Remove the folder of a piece of work."""
        shutil.rmtree(self.work(identifier), ignore_errors=True)

    def sweep(self, places: Iterable[str], works: Iterable[str]) -> None:
        """Remove all files but those at these places, and all folders of work but these."""
        kept = {Path(place).name for place in places if place.startswith("files/")}
        for path in (self.root / "files").iterdir():
            if path.name not in kept:
                path.unlink(missing_ok=True)
        kept = set(works)
        for path in (self.root / "works").iterdir():
            if path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)
        for path in self.incoming.iterdir():
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Give the lock back."""
        os.close(self._lock)


class Upload:
    """A file that is being sent. Close it, whether it is kept or not."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.file: BinaryIO = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w+b")

    def finish(self, path: Path) -> None:
        """Write it to the disk, then give it its name. Raises OSError."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self._path.rename(path)

    def close(self) -> None:
        """Remove what is not kept."""
        with contextlib.suppress(OSError):
            self.file.close()
        self._path.unlink(missing_ok=True)


def sync(folder: Path) -> None:
    """Have a folder's names survive a power cut, where its file system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
