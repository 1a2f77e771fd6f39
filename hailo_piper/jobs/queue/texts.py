"""A job is one long text, which becomes one sound; its sentences are kept until then, so it goes on at one."""

import shutil
from pathlib import Path
from typing import Any

from hailo_piper.config.settings import Config
from hailo_piper.jobs.queue.batches import AnsweredLine, Checked, Outcome, kept_output
from hailo_piper.jobs.queue.kept import KeptFile, Work
from hailo_piper.jobs.queue.progress import records
from hailo_piper.jobs.queue.store import Store
from hailo_piper.jobs.queue.worker import for_work

SHARE = "share"
"""The file in which a worker tells how much of the text is spoken."""
_CACHE_BYTES_A_CHARACTER = 12_000
"""Of sentences that are kept: twice what a fast voice of medium quality says."""
_CACHE_SECONDS = 365 * 24 * 3600


def check(_: Path) -> Checked:
    """Return that there is one line: its fields were checked when it came."""
    return Checked(1, [])


def worker(work: Work, config: Config, folder: Path) -> tuple[Config, list[str]]:
    """Return the configuration and the arguments of a worker."""
    captions = work.content.get("captions")
    megabytes = 50 + work.content["characters"] * _CACHE_BYTES_A_CHARACTER // 1_000_000
    own = for_work(
        config,
        cache_enabled=True,
        cache_directory=str(folder / "sentences"),
        cache_size_mb=megabytes,
        cache_ttl_seconds=_CACHE_SECONDS,
    )
    return own, ["--share", str(folder / SHARE), *(["--captions", captions] if captions else [])]


def outputs(work: Work, store: Store, _: AnsweredLine) -> Outcome:
    """Return the sound and the captions of a job, which have no rows yet. Raises OSError."""
    folder = store.directory.work(work.id)
    found = records(folder)
    if not found:
        return Outcome([], {}, None)
    (record,) = found
    if "error" in record:
        return Outcome([], {}, {**record["error"], "line": None})
    files = list[KeptFile]()
    result: dict[str, Any] = {"object": "audio.speech"}
    for name, field in (("file", "file_id"), ("captions", "captions_file_id")):
        if name in record:
            suffix = record[name].rpartition(".")[2]
            file = kept_output(work, store, f"works/{work.id}/out/{record[name]}", name, f"{work.id}.{suffix}")
            files.append(file)
            result[field] = file.id
    shutil.rmtree(folder / "sentences", ignore_errors=True)
    sound = files[0]
    result |= {"filename": sound.filename, "content_type": sound.content_type, "bytes": sound.bytes}
    return Outcome(files, {"result": {**result, "duration": record["seconds"]}}, None)


def share(folder: Path) -> float:
    """Return how much of the text is spoken, 0 to 1."""
    try:
        return float((folder / SHARE).read_text())
    except (OSError, ValueError):
        return 0.0
