"""A batch speaks lines side by side, and passes over those whose files are whole."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import NamedTuple

from hailo_piper.errors import InvalidRequestError
from hailo_piper.jobs.file_names import FileNames
from hailo_piper.jobs.lines import Line
from hailo_piper.jobs.rate import Rate
from hailo_piper.jobs.results import Record, Results
from hailo_piper.jobs.spoken_line import Speaker, error_record, speak_line


class Shard(NamedTuple):
    """The part of the lines that one of several processes speaks: every `of`-th, from `number` on, counted from 0."""

    number: int
    of: int

    @property
    def results_name(self) -> str:
        """The name of its file of results."""
        return "results.jsonl" if self.of == 1 else f"results-{self.number}-of-{self.of}.jsonl"


WHOLE = Shard(0, 1)


class Named(NamedTuple):
    """A line, and the name of its file without the extension."""

    line: Line
    name: str


def at_once(threads: int) -> int:
    """Return how many lines keep so many threads busy: while one is planned or written, another is spoken."""
    return threads + 1


def named(lines: Iterable[Line], shard: Shard) -> Iterator[Named]:
    """Yield the shard's lines with their names; a line whose id stands in an earlier one has an error.

    Every process reads all lines, so that a name is the same however many processes there are.
    """
    names, seen = FileNames(), dict[str, int]()
    for place, line in enumerate(lines):
        name, checked = "", line
        if line.identifier is not None and line.error is None:
            first = seen.setdefault(line.identifier, line.number)
            if first == line.number:
                name = names.name(line.identifier)
            else:
                error = InvalidRequestError(f"The id stands in line {first}, too", param="id")
                checked = Line(number=line.number, identifier=line.identifier, error=error)
        if place % shard.of == shard.number:
            yield Named(checked, name)


class Batch:
    """One run over lines. Run it once, from one thread."""

    def __init__(self, speaker: Speaker, results: Results, directory: Path, rate: Rate, *, at_once: int) -> None:
        """`at_once`: lines that are spoken side by side."""
        self._speaker = speaker
        self._results = results
        self._directory = directory
        self._rate = rate
        self._at_once = at_once
        self._is_over = threading.Event()
        self._under_way: dict[Future[Record], Line] = {}

    def run(self, lines: Iterable[Named], on_record: Callable[[Record], None] = lambda _: None) -> None:
        """Speak all lines, and record each. `on_record` is told of each record as it comes, in this thread.

        Raises OutputError once a file cannot be written. However it ends, nothing is under way then, and another run
        goes on where this one stopped.
        """
        pool = ThreadPoolExecutor(self._at_once, thread_name_prefix="line")
        try:
            for line, name in lines:
                self._begin(pool, line, name, on_record)
                # Some wait in the pool, so that no thread does.
                while len(self._under_way) > 2 * self._at_once:
                    self._take(on_record)
            while self._under_way:
                self._take(on_record)
        finally:
            self._is_over.set()
            pool.shutdown(wait=True, cancel_futures=True)
        self._results.finish()

    def _begin(self, pool: ThreadPoolExecutor, line: Line, name: str, on_record: Callable[[Record], None]) -> None:
        if line.error is not None:
            self._record(line, error_record(line, line.error), on_record)
            return
        identifier = str(line.identifier)
        if self._results.whole(identifier, self._speaker.digest(line)) is not None:
            self._rate.kept += 1
            self._results.keep(line.number, identifier)
            return
        self._rate.begin()
        future = pool.submit(speak_line, line, self._speaker, self._directory, name, self._is_over.is_set)
        self._under_way[future] = line

    def _take(self, on_record: Callable[[Record], None]) -> None:
        """Wait for a line to be done, and record all that are."""
        done, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
        records = deque((self._under_way.pop(future), future.result()) for future in done)
        while records:
            self._record(*records.popleft(), on_record)

    def _record(self, line: Line, record: Record, on_record: Callable[[Record], None]) -> None:
        if "error" not in record:
            self._rate.spoken += 1
            self._rate.audio_seconds += record["seconds"]
        elif record["is_bad"]:
            self._rate.bad += 1
        else:
            self._rate.failed += 1
        self._results.add(line.number, record)
        on_record(record)
