"""A batch with Ray keeps its results where its files are, as JSON lines or as Parquet."""

import io
import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing

from hailo_piper.jobs.rate import Rate
from hailo_piper.jobs.results import Record, Results
from hailo_piper.jobs.with_ray.actors import RESULTS, RayRun, speak_with_ray
from hailo_piper.jobs.with_ray.shared_directory import SharedDirectory

_SAVED_SECONDS = 60.0
"""How often results are written to an object store, which cannot append."""


def run_ray_batch(
    lines: str, run: RayRun, address: str | None, rate: Rate, on_record: Callable[[Record], None]
) -> None:
    """Speak all lines, and leave `results.jsonl` beside the files, and `results.parquet` for lines from Parquet.

    `on_record` is told of each record as it comes. Raises as `speak_with_ray` does, and OutputError.
    """
    directory = SharedDirectory(run.out)
    with directory.for_results(RESULTS) as here, closing(Results(here, RESULTS)) as results:
        rate.begin()
        saved = time.monotonic()
        try:
            for number, record in enumerate(speak_with_ray(lines, run, address), 1):
                _count(record, rate)
                results.add(number, {name: value for name, value in record.items() if name != "kept"})
                on_record(record)
                if time.monotonic() - saved > _SAVED_SECONDS:
                    directory.save(here, RESULTS)
                    saved = time.monotonic()
            results.finish()
        finally:
            directory.save(here, RESULTS)
        if ".parquet" in lines:
            directory.write("results.parquet", _parquet(results.path.read_bytes()))


def _count(record: Record, rate: Rate) -> None:
    if record.get("kept"):
        rate.kept += 1
    elif "error" not in record:
        rate.spoken += 1
        rate.audio_seconds += record["seconds"]
    elif record["is_bad"]:
        rate.bad += 1
    else:
        rate.failed += 1


def _parquet(lines: bytes) -> bytes:
    """Return the records as Parquet, errors and words as JSON."""
    import pyarrow
    from pyarrow import parquet

    def rows() -> Iterator[dict[str, object]]:
        for line in lines.splitlines():
            record = json.loads(line)
            yield {name: json.dumps(value) if name in ("error", "words") else value for name, value in record.items()}

    found = list(rows())
    names = sorted({name for row in found for name in row})
    file = io.BytesIO()
    parquet.write_table(pyarrow.table({name: [row.get(name) for row in found] for name in names}), file)
    return file.getvalue()
