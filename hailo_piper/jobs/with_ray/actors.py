"""Actors of a Ray cluster speak lines, for lines of uneven length and machines that come and go.

Each actor loads the voice once. One that dies is started again, and its lines are spoken by another. Ray would send
usage statistics to its makers; it is told not to before it is imported. Source: https://docs.ray.io/en/latest/data/
"""

import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, NamedTuple

from hailo_piper.errors import InvalidRequestError, SpeechError
from hailo_piper.jobs.batch import at_once
from hailo_piper.jobs.file_names import FileNames
from hailo_piper.jobs.lines import Line, parse_json, parse_line
from hailo_piper.jobs.results import Record, told_records
from hailo_piper.jobs.spoken_line import Speaker, error_record, speak_line
from hailo_piper.jobs.with_ray.shared_directory import SharedDirectory

QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DEDUP_LOGS": "0"}
"""Environment in which Ray talks to nobody."""
RESULTS = "results.jsonl"
_BATCH = 16
"""Lines that an actor takes at once: few, so that the last ones are shared out."""


class RayRun(NamedTuple):
    """What the actors of a run need. It is sent to each of them."""

    make_speaker: Callable[[ExitStack], Speaker]
    """Loads the voice; the stack closes it."""
    out: str
    """A directory that all machines see, or a URI of an object store."""
    threads: int
    """Processors of each actor."""


class LineActor:
    """A process of the cluster with a voice of its own."""

    def __init__(self, run: RayRun) -> None:
        self._stack = ExitStack()
        self._speaker = run.make_speaker(self._stack)
        self._directory = SharedDirectory(run.out)
        # An actor that is started anew finds here what those before it have done.
        self._known = dict(told_records(self._directory.read(RESULTS).splitlines(keepends=True)))
        self._pool = ThreadPoolExecutor(at_once(run.threads))

    def __call__(self, table: Any) -> Any:
        """Return a table with a column of records, as JSON, for a table of lines."""
        import pyarrow

        rows = table.to_pylist()
        records = list(self._pool.map(self._speak, rows))
        return pyarrow.table({"record": [json.dumps(record) for record in records]})

    def _speak(self, row: Mapping[str, Any]) -> Record:
        try:
            line = _line_of(row)
        except SpeechError as error:
            return _without_number(error_record(Line(number=0, identifier=None), error))
        if line.error is not None:
            return _without_number(error_record(line, line.error))
        identifier = str(line.identifier)
        known = self._known.get(identifier)
        if known is not None and known["request"] == self._speaker.digest(line) and self._directory.has(known):
            return {**known, "kept": True}
        with self._directory.beside() as directory:
            record = speak_line(line, self._speaker, directory, FileNames().name(identifier))
            self._directory.take(directory, record)
        return _without_number(record)


def speak_with_ray(lines: str, run: RayRun, address: str | None) -> Iterator[Record]:
    """Yield the record of each line as it comes. `lines`: a .jsonl or .parquet path or URI, or a folder of such.

    `address`: of a cluster, None: one on this machine.
    """
    os.environ.update(QUIET)
    import ray
    import ray.data

    ray.init(
        address=address,
        runtime_env={"env_vars": QUIET},
        log_to_driver=False,
        logging_level=logging.ERROR,
        **({} if address else {"include_dashboard": False}),
    )
    try:
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        read = ray.data.read_parquet if ".parquet" in lines else ray.data.read_text
        most = max(1, int(ray.cluster_resources().get("CPU", 1)) // run.threads)
        spoken = (
            read(lines)
            .repartition(target_num_rows_per_block=_BATCH)
            .map_batches(
                LineActor,
                fn_constructor_args=(run,),
                batch_size=_BATCH,
                batch_format="pyarrow",
                num_cpus=run.threads,
                compute=ray.data.ActorPoolStrategy(min_size=1, max_size=most),
            )
        )
        for row in spoken.iter_rows():
            yield json.loads(row["record"])
    finally:
        ray.shutdown()


def _line_of(row: Mapping[str, Any]) -> Line:
    """Return the line of a row of Parquet, or of a line of JSON. Raises InvalidRequestError."""
    is_text = set(row) == {"text"}
    line = parse_json(0, row["text"].encode()) if is_text else parse_line(0, row)
    if line.identifier == "line-000000":
        raise InvalidRequestError("With Ray each line needs an id: its lines have no numbers", param="id")
    return line


def _without_number(record: Record) -> Record:
    return {name: value for name, value in record.items() if name != "line"}
