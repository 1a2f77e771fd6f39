"""The store finds prepared voices on disk in milliseconds, and has a child process make them.

An entry is made under another name and renamed when it is whole, so nobody sees one half made.

cache_directory/
  digests.json      path -> the state of the model file, and its digest
  <key>/            one model for one onnxruntime and CPU (see fingerprint)
    manifest.json   what the engine needs to know, each file's size and checksum; or why it cannot be cut
    encoder.onnx encoder.bin flow.onnx flow.bin decoder.onnx decoder.bin
    verified.json   the boot in which its files were verified, and their states then (see intact)
  .making-*         an entry being made; renamed to its key when it is whole
"""

import contextlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hailo_piper.engine.piper.prepared.carry import Step
from hailo_piper.engine.piper.prepared.child import PREPARING, Progress, run_child
from hailo_piper.engine.piper.prepared.errors import CannotCut
from hailo_piper.engine.piper.prepared.fingerprint import (
    checksum,
    entry_key,
    file_sha256,
    is_shared,
    model_sha256,
    write_whole,
)
from hailo_piper.engine.piper.prepared.making import MAKING, publish, remove_abandoned, sole_maker
from hailo_piper.engine.piper.prepared.window import Trim

logger = logging.getLogger(__name__)

MANIFEST = "manifest.json"
_MANIFESTS = f"[!.]*/{MANIFEST}"
STAGES = ("encoder", "flow", "decoder")


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedGraph:
    """A voice prepared for streaming: three models on disk, and how to join them."""

    encoder_path: Path
    """input, input_lengths, scales[, sid, sid_weights], speed, paces -> z_p, paced_frames, *conditions"""

    flow_path: Path
    """z_p[, conditions] -> features"""

    decoder_path: Path
    """features[, conditions] -> audio"""

    conditions: tuple[str, ...]
    """Outputs of the encoder that the flow and the decoder read by the same names; none for one speaker."""

    samples_per_frame: int
    features_per_frame: int
    """Columns of the features; 1 where the whole decoder is one stage."""

    flow_steps: tuple[Step, ...]
    """The flow's parts, between which it carries columns over; one where the reach of its layers is not known."""

    decoder_overlap: int
    """Columns of the features each side."""

    decoder_trims: tuple[Trim, ...] = ()
    """Places where the stage cuts its overlap down, in order; none where the reach of its layers is not known."""

    level: Mapping[str, float] | None = field(default=None, hash=False)
    """The result of the calibration: `lufs`, the loudness of the voice."""


def prepared(model_path: Path, cache_directory: Path) -> StagedGraph | None:
    """Return the entry of this voice, or None if there is none that fits and is whole.

    Sizes are checked here, contents in `intact`. Raises CannotCut if it is known that the voice cannot be cut, OSError
    if the model cannot be read.
    """
    model_path.stat()
    if not any(cache_directory.glob(_MANIFESTS)):
        return None  # without reading the whole model for its digest
    return _entry(cache_directory / entry_key(model_sha256(model_path, cache_directory)))


def prepare(
    model_path: Path,
    cache_directory: Path,
    *,
    on_progress: Progress = lambda _: None,
    force: bool = False,
    command: Sequence[str] = PREPARING,
) -> StagedGraph:
    """Return the entry of this voice, which is made now if there is none; with `force`, made again in any case.

    `on_progress` is called with each step, and with None ten times a second; what it raises ends the preparation.
    `command` starts the child; a test may give one that measures the level in another way. If the directory cannot be
    written to, the entry is in a new temporary directory, which the caller removes. Raises CannotCut, NotAVoice, or
    OSError if the model cannot be read.
    """
    if not force and (entry := prepared(model_path, cache_directory)) is not None:
        return entry
    try:
        cache_directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=MAKING, dir=cache_directory):
            pass
    except OSError as error:
        logger.warning("Cannot write to %s (%s): the prepared voice will not be kept", cache_directory, error)
        cache_directory = Path(tempfile.mkdtemp(prefix="hailo-piper-graph-"))
        try:
            return _make(model_path, cache_directory, on_progress, command, force=force)
        except BaseException:
            shutil.rmtree(cache_directory, ignore_errors=True)
            raise
    return _make(model_path, cache_directory, on_progress, command, force=force)


def _make(
    model_path: Path,
    cache_directory: Path,
    on_progress: Progress,
    command: Sequence[str],
    *,
    force: bool,
) -> StagedGraph:
    sha256 = model_sha256(model_path, cache_directory)
    directory = cache_directory / entry_key(sha256)
    before = _stamp(directory)
    with sole_maker(cache_directory, on_progress) as is_sole_maker:
        # Another process may have made it while this one waited; that entry is new enough for `force`.
        fresh = not force or _stamp(directory) != before
        if fresh and (entry := _entry(directory)) is not None:
            return entry
        remove_abandoned(cache_directory, is_sole_maker=is_sole_maker)
        making = Path(tempfile.mkdtemp(prefix=MAKING, dir=cache_directory))
        try:
            report = run_child(command, model_path, making, on_progress)
            if model_sha256(model_path, cache_directory) != sha256:
                raise CannotCut("the model was replaced while it was being prepared")
            _write_manifest(making, report | {"key": directory.name, "model_sha256": sha256}, on_progress)
            publish(making, directory)
        except OSError as error:
            raise CannotCut(f"the prepared voice could not be written: {error}") from error
        finally:
            shutil.rmtree(making, ignore_errors=True)
        _remove_outdated(cache_directory, sha256, directory.name)
        if (made := _entry(directory)) is None:
            raise CannotCut(f"the prepared voice could not be kept in {directory}")
        return made


def _entry(directory: Path) -> StagedGraph | None:
    try:
        manifest = read_manifest(directory)
        if manifest["key"] != directory.name:
            return None
        if "cannot_cut" in manifest:
            raise CannotCut(manifest["cannot_cut"])
        if any((directory / name).stat().st_size != file["size"] for name, file in manifest["files"].items()):
            return None
        paths = [directory / f"{stage}.onnx" for stage in STAGES]
        return StagedGraph(
            encoder_path=paths[0],
            flow_path=paths[1],
            decoder_path=paths[2],
            conditions=tuple(manifest["conditions"]),
            samples_per_frame=manifest["samples_per_frame"],
            features_per_frame=manifest["features_per_frame"],
            flow_steps=tuple(Step(*step) for step in manifest["flow_steps"]),
            decoder_overlap=manifest["decoder_overlap"],
            decoder_trims=tuple(Trim(*trim) for trim in manifest["decoder_trims"]),
            level=manifest["level"],
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None  # absent or not ours: it will be made again


def read_manifest(directory: Path) -> dict[str, Any]:
    """Return the manifest of an entry. Raises OSError or ValueError where it cannot be read."""
    manifest: dict[str, Any] = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
    return manifest


def _stamp(directory: Path) -> tuple[int, int] | None:
    """Return what differs once the entry is made again."""
    try:
        status = (directory / MANIFEST).stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def _write_manifest(directory: Path, manifest: dict[str, Any], on_progress: Progress) -> None:
    """Describe the files once they are on the disk, so that no power cut leaves a good manifest for bad files."""
    files = {}
    for path in sorted(directory.iterdir()):
        on_progress(None)
        with path.open("rb") as file:
            os.fsync(file.fileno())
        files[path.name] = {"size": path.stat().st_size, "checksum": checksum(path)}
    write_whole(directory / MANIFEST, json.dumps({"level": None, **manifest, "files": files}, indent=1))
    protect(directory)


def protect(directory: Path) -> None:
    """Make an entry readable by everybody and its files read-only: they will be mapped, and are only ever replaced.

    Voices are not secret, and the installer may prepare as root what the service reads as another user.
    """
    with contextlib.suppress(OSError):  # only the owner of the files can do this
        directory.chmod(0o755)
        for path in directory.iterdir():
            mode = 0o444 if path.stem in STAGES else 0o644
            if path.stat().st_mode & 0o777 != mode:  # chmod changes a file's time even where it changes nothing else
                path.chmod(mode)


def remove_entries(model_path: Path, cache_directory: Path) -> None:
    """Delete the entries of a voice that is about to be removed, unless another file is the same model.

    A service that has them mapped keeps them. Raises OSError where the model cannot be read.
    """
    if any(cache_directory.glob(_MANIFESTS)):
        # Root may run this in the service's directory, and must not leave a file of its own there.
        sha256 = file_sha256(model_path)
        if not is_shared(model_path, sha256, cache_directory):
            _remove_outdated(cache_directory, sha256, "")


def _remove_outdated(cache_directory: Path, sha256: str, key: str) -> None:
    """Delete the entries of the same model for an earlier onnxruntime or another CPU."""
    for path in cache_directory.glob(_MANIFESTS):
        with contextlib.suppress(OSError, ValueError, LookupError, TypeError):
            if path.parent.name != key and read_manifest(path.parent)["model_sha256"] == sha256:
                shutil.rmtree(path.parent, ignore_errors=True)
