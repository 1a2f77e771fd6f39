"""A directory that several machines share is a folder that all see, or a place in an object store."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hailo_piper.jobs.output_files import write_whole
from hailo_piper.jobs.results import Record, is_whole


class SharedDirectory:
    """The directory of a run's files. pyarrow reaches object stores: s3://, gs://, hdfs:// and others it knows."""

    def __init__(self, place: str) -> None:
        """`place`: a path, or a URI. Raises ValueError or OSError for a URI that pyarrow cannot use."""
        self._local = None if "://" in place else Path(place)
        self._store: Any = None
        self._root = ""
        if self._local is None:
            from pyarrow import fs

            self._store, self._root = fs.FileSystem.from_uri(place)

    @contextmanager
    def beside(self) -> Iterator[Path]:
        """Lend the directory to write in: the folder itself, or a temporary one, from which `take` takes the files."""
        if self._local is not None:
            yield self._local
            return
        with tempfile.TemporaryDirectory(prefix="hailo-piper-") as directory:
            yield Path(directory)

    def take(self, directory: Path, record: Record) -> None:
        """Store the files of a record that were written beside. An object is there as a whole or not at all."""
        if self._local is None and "file" in record:
            for name in filter(None, (record.get("captions"), record["file"])):
                self.write(name, (directory / name).read_bytes())

    @contextmanager
    def for_results(self, name: str) -> Iterator[Path]:
        """Lend a folder in which a file can grow, with what is there of it: an object store cannot append."""
        with self.beside() as directory:
            if self._local is None:
                (directory / name).write_bytes(self.read(name))
            yield directory

    def save(self, directory: Path, name: str) -> None:
        """Store the file that grows in the folder of `for_results`."""
        if self._local is None:
            self.write(name, (directory / name).read_bytes())

    def write(self, name: str, content: bytes) -> None:
        """Store a file as a whole."""
        if self._local is not None:
            write_whole(self._local / name, content)
            return
        path = f"{self._root}/{name}"
        self._store.create_dir(path.rpartition("/")[0], recursive=True)
        with self._store.open_output_stream(path) as stream:
            stream.write(content)

    def has(self, record: Record) -> bool:
        """Return whether the files of a record are there as they were written; of an object its size tells."""
        if self._local is not None:
            return is_whole(self._local, record)
        (found,) = self._store.get_file_info([f"{self._root}/{record['file']}"])
        return bool(found.size == record["bytes"])

    def read(self, name: str) -> bytes:
        """Return a file; none where it is not there."""
        if self._local is not None:
            there = self._local / name
            return there.read_bytes() if there.exists() else b""
        path = f"{self._root}/{name}"
        (found,) = self._store.get_file_info([path])
        if not found.is_file:
            return b""
        with self._store.open_input_stream(path) as stream:
            return bytes(stream.read())
