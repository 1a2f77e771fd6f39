"""A batch is checked line by line before it is spoken, and becomes files or one archive at its end."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from hailo_piper.config.settings import Config
from hailo_piper.jobs.lines import Line, read_lines
from hailo_piper.jobs.output_files import WrittenFile
from hailo_piper.jobs.queue.kept import KeptFile, Work
from hailo_piper.jobs.queue.progress import records
from hailo_piper.jobs.queue.store import Store
from hailo_piper.jobs.queue.worker import for_work
from hailo_piper.jobs.results import Record

MOST_LINES = 50_000
"""OpenAI's bound."""
_MOST_PROBLEMS = 100
CONTENT_TYPES = {"mp3": "audio/mpeg", "opus": "audio/ogg", "aac": "audio/aac", "flac": "audio/flac",
                 "wav": "audio/wav", "pcm": "audio/pcm", "srt": "application/x-subrip", "vtt": "text/vtt",
                 "lrc": "text/plain", "json": "application/json"}  # fmt: skip


class Problem(NamedTuple):
    """What is wrong with a line, so that the batch cannot begin."""

    code: str
    line: int | None
    message: str
    param: str | None


AnsweredLine = Callable[[Record, Mapping[str, Any] | None], Mapping[str, Any]]
"""Returns the line of an output, in the client's protocol, of a record and the file that it tells of."""


class Checked(NamedTuple):
    """The lines of an input."""

    total: int
    problems: list[Problem]


def check_lines(path: Path) -> Checked:
    """Read all lines, and tell what is wrong with their shape. Raises OSError."""
    total, problems, seen = 0, list[Problem](), set[str]()
    with closing(read_lines(path, io.BytesIO())) as lines:
        for line in lines:
            total += 1
            found = _problem(line, seen)
            if found is not None and len(problems) < _MOST_PROBLEMS:
                problems.append(found)
            if total > MOST_LINES:
                message = f"The file has more than {MOST_LINES} lines"
                return Checked(total, [Problem("too_many_lines", None, message, "input_file_id")])
    if not total:
        problems.append(Problem("empty_file", None, "The file has no line", "input_file_id"))
    return Checked(total, problems)


def _problem(line: Line, seen: set[str]) -> Problem | None:
    if line.error is not None:
        return Problem(line.error.code, line.number, line.error.message, line.error.param)
    identifier = str(line.identifier)
    if identifier in seen:
        message = f"The custom_id {identifier[:60]!r} stands in an earlier line, too"
        return Problem("duplicate_custom_id", line.number, message, "custom_id")
    seen.add(identifier)
    return None


class Outcome(NamedTuple):
    """What came of work."""

    files: list[KeptFile]
    """Those to keep; none has a row yet."""
    content: dict[str, Any]
    problem: dict[str, Any] | None
    """Why it failed as a whole."""


def worker(work: Work, config: Config, folder: Path) -> tuple[Config, list[str]]:
    """Return the configuration and the arguments of a worker."""
    joined = ["--join", str(folder / f"speech.{work.content['format']}")] if work.content["output"] == "joined" else []
    # What somebody hears again and again must not give way to lines that are said once.
    return for_work(config, cache_enabled=False), joined


def outputs(work: Work, store: Store, answered: AnsweredLine) -> Outcome:
    """Write what came of a batch, and return it.

    The same batch has the same ids, so that a service that is killed here does it again. Raises OSError.
    """
    folder = store.directory.work(work.id)
    spoken, failed = list[Record](), list[Record]()
    for record in records(folder):
        (failed if "error" in record else spoken).append(record)
    files, lines = _sounds(work, store, folder, spoken)
    told = dict(_told(spoken, lines, is_joined=len(files) == 1 and work.content["output"] == "joined"))
    content: dict[str, Any] = {"completed": len(spoken), "failed": len(failed)}
    for name, found in (("output", spoken), ("error", failed)):
        if found:
            path = folder / f"{name}.jsonl"
            _write_lines(path, (answered(record, told.get(record["line"])) for record in found))
            file = kept_output(work, store, f"works/{work.id}/{path.name}", name, f"{work.id}_{name}.jsonl")
            files.append(file._replace(content_type="application/jsonl"))
            content[f"{name}_file_id"] = file.id
    return Outcome(files, content, None)


def _sounds(work: Work, store: Store, folder: Path, spoken: list[Record]) -> tuple[list[KeptFile], list[KeptFile]]:
    """Return the files to keep, and the one of each line."""
    joined = folder / f"speech.{work.content.get('format')}"
    # What was cut off has no joined sound, so its lines are kept.
    if work.content["output"] == "joined" and joined.exists() and spoken:
        for record in spoken:
            (folder / "out" / record["file"]).unlink(missing_ok=True)
        sound = kept_output(work, store, f"works/{work.id}/{joined.name}", "joined", f"{work.id}{joined.suffix}")
        return [sound], [sound] * len(spoken)
    if work.content["output"] == "zip" and spoken:
        if not (folder / "speech.zip").exists():
            _write_archive(folder / "speech.zip", folder / "out", spoken)
        archive = kept_output(work, store, f"works/{work.id}/speech.zip", "zip", f"{work.id}.zip")
        return [archive._replace(content_type="application/zip")], [archive] * len(spoken)
    files = [
        kept_output(work, store, f"works/{work.id}/out/{record['file']}", str(record["line"]), record["file"])
        for record in spoken
    ]
    return files, files


def kept_output(work: Work, store: Store, place: str, part: str, name: str) -> KeptFile:
    """Return the row of a file that came of work. The same part has the same id. Raises OSError."""
    identifier = f"file-{hashlib.sha256(f'{work.id}:{part}'.encode()).hexdigest()[:32]}"
    seconds = work.content.get("output_seconds")
    kind = CONTENT_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    size = store.directory.path(place).stat().st_size
    expires = min(store.expiry(seconds), work.expires) if seconds else work.expires
    return KeptFile(
        id=identifier,
        owner=work.owner,
        place=place,
        bytes=size,
        created=store.now(),
        expires=expires,
        filename=name.rpartition("/")[2],
        purpose="batch_output",
        content_type=kind,
        work=work.id,
    )


def _told(spoken: list[Record], files: list[KeptFile], *, is_joined: bool) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield what a line's answer says of its file, with the line's number."""
    start = 0.0
    for record, file in zip(spoken, files, strict=True):
        kind = CONTENT_TYPES.get(record["file"].rpartition(".")[2], file.content_type)
        fields: dict[str, Any] = {"file_id": file.id, "filename": record["file"], "content_type": kind}
        if is_joined:
            fields |= {"filename": file.filename, "content_type": file.content_type, "start": round(start, 4)}
            start += record["seconds"]
        yield record["line"], fields


def _write_lines(path: Path, lines: Iterator[Mapping[str, Any]]) -> None:
    file = WrittenFile(path)
    try:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False).encode(errors="backslashreplace") + b"\n")
        file.finish(b"")
    finally:
        file.close()


def _write_archive(path: Path, folder: Path, spoken: list[Record]) -> None:
    """Write all sounds into one archive, which takes its name once it is whole."""
    part = path.with_name(f".{path.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        for record in spoken:
            archive.write(folder / record["file"], record["file"])
    part.replace(path)
    for record in spoken:
        (folder / record["file"]).unlink(missing_ok=True)
