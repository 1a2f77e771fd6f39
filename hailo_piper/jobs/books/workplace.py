"""A book's workplace keeps what is spoken, beside the output, until the whole is written.

Finished chapters are files of samples. Sentences of the others are in a cache of the book's own, so that a run that was
killed goes on at the sentence.
"""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailo_piper.audio.word import Word
from hailo_piper.jobs.output_files import OutputError, WrittenFile, write_whole, writing

_PIECE = 1 << 16
"""Samples that are read at once."""


class SpokenChapter(NamedTuple):
    """A chapter whose samples are in a file."""

    path: Path
    num_samples: int
    words: tuple[Word, ...]
    """With times from the chapter's first sample; in seconds."""

    def pieces(self) -> Iterator[NDArray[np.int16]]:
        """Yield the samples."""
        with self.path.open("rb") as file:
            while piece := file.read(2 * _PIECE):
                yield np.frombuffer(piece, np.int16)


class Workplace:
    """The directory of a book that is being spoken."""

    def __init__(self, output: Path) -> None:
        """`output`: the file or directory that the book becomes."""
        self.directory = output.with_name(f"{output.name}.parts")

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Make the directory, and hold it against another run. Raises OutputError."""
        with writing(self.directory):
            self.directory.mkdir(parents=True, exist_ok=True)
            lock = (self.directory / "lock").open("w")
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise OutputError(self.directory, OSError(error.errno, "another run works on this book")) from error
            except OSError:
                # Some network file systems have no locks.
                pass
            yield

    @property
    def sentences(self) -> Path:
        """The directory of the cache of sentences."""
        return self.directory / "sentences"

    def chapter(self, number: int, request: str) -> SpokenChapter | None:
        """Return a finished chapter, if it was spoken for this request (a digest)."""
        path = self._path(number)
        with suppress(OSError, ValueError, KeyError, TypeError):
            told: dict[str, Any] = json.loads(path.with_suffix(".json").read_bytes())
            if told["request"] == request and path.stat().st_size == 2 * told["num_samples"]:
                return SpokenChapter(path, told["num_samples"], tuple(Word(*word) for word in told["words"]))
        return None

    def writer(self, number: int) -> WrittenFile:
        """Return the file for a chapter's samples, 16-bit little-endian. Raises OutputError."""
        return WrittenFile(self._path(number))

    def finish(self, number: int, request: str, words: list[Word]) -> SpokenChapter:
        """Note that a chapter's samples are all there. Raises OutputError."""
        path = self._path(number)
        num_samples = path.stat().st_size // 2
        told = {"request": request, "num_samples": num_samples, "words": words}
        write_whole(path.with_suffix(".json"), json.dumps(told).encode())
        return SpokenChapter(path, num_samples, tuple(words))

    def remove(self) -> None:
        """Remove everything: the book is written."""
        shutil.rmtree(self.directory, ignore_errors=True)

    def _path(self, number: int) -> Path:
        return self.directory / f"chapter-{number:04}.pcm"
