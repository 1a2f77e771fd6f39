"""A hub's voices.json lists the voices that can be fetched, each with its files, sizes and digests."""

import difflib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Self
from urllib.parse import quote

from hailo_piper.errors import FetchError, VoiceNotFoundError
from hailo_piper.voices.directory import VOICE_ID
from hailo_piper.voices.fetching.download import fetch_files, fetch_groups, is_here
from hailo_piper.voices.fetching.limits import FetchLimits
from hailo_piper.voices.fetching.remote_file import Progress, RemoteFile, fetch_small, mismatch
from hailo_piper.voices.languages import speaks
from hailo_piper.voices.name_matching import shortened

_MAX_CATALOGUE_BYTES = 32 << 20
_MAX_FILE_BYTES = 4 << 30
_LEVELS = 4
"""Path segments between a hub's root and a model: family, code, name and quality."""
_MOST_SPEAKERS = 65_535
_LONGEST_REASON = 200
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}([_-][A-Za-z0-9]{1,8})*")
_MD5 = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueVoice:
    """A voice at the hub."""

    id: str
    files: tuple[RemoteFile, ...]
    """The .onnx.json first: only with its .onnx does the pair count as a voice."""

    language: str
    """Language and region, `en_US`."""

    quality: str | None
    num_speakers: int

    @property
    def size_bytes(self) -> int:
        """Size of all its files together."""
        return sum(file.size_bytes for file in self.files)

    def speaks(self, language: str) -> bool:
        """Return whether it speaks a language, given as a family or a full code."""
        return speaks(self.language, language)


class Catalogue:
    """The voices of one hub, by id."""

    def __init__(self, root_url: str, entries: Mapping[str, Any]) -> None:
        """`entries`: voices.json, parsed."""
        self._root_url = root_url
        self._entries = {name: entry for name, entry in entries.items() if VOICE_ID.fullmatch(name)}

    @classmethod
    def fetch(cls, root_url: str, *, limits: FetchLimits | None = None) -> Self:
        """Fetch the catalogue at the root of a hub. Raises FetchError."""
        root_url = root_url.rstrip("/")
        url = f"{root_url}/voices.json"
        try:
            entries = json.loads(fetch_small(url, max_bytes=_MAX_CATALOGUE_BYTES, limits=limits))
        except (ValueError, RecursionError) as error:
            raise FetchError(f"{url}: is no JSON: {error}") from error
        if not isinstance(entries, dict):
            raise FetchError(f"{url}: is no catalogue of voices")
        return cls(root_url, entries)

    def voice(self, name: str) -> CatalogueVoice:
        """Return the voice of this id. Raises VoiceNotFoundError with similar ids, and FetchError on a bad entry."""
        if name not in self._entries:
            near = difflib.get_close_matches(name, self._entries, n=5, cutoff=0.5) if VOICE_ID.fullmatch(name) else []
            hint = f"Near it: {', '.join(near)}" if near else f"There are {len(self._entries)}"
            raise VoiceNotFoundError(f"Unknown voice: {shortened(name)}. {hint}", param="voice")
        entry = self._entries[name]
        file_names = (f"{name}.onnx.json", f"{name}.onnx")
        try:
            places = {PurePosixPath(path).name: path for path in entry["files"]}
            by_name = {file: self._file(places[file], entry["files"]) for file in file_names if file in places}
            # A mirror's own catalogue may leave out facts that a fetch does not need.
            language = str(entry.get("language", {}).get("code") or name.partition("-")[0])
            quality, num_speakers = entry.get("quality"), int(entry.get("num_speakers", 1))
            if not _LANGUAGE.fullmatch(language):
                raise ValueError(f"its language is {shortened(language)}")  # noqa: TRY301
            if not 0 <= num_speakers <= _MOST_SPEAKERS:
                raise ValueError("its num_speakers cannot be")  # noqa: TRY301
            quality = quality if isinstance(quality, str) and VOICE_ID.fullmatch(quality) else None
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            why = ascii(error)[:_LONGEST_REASON]
            raise FetchError(f"{self._root_url}: the catalogue's entry of {name} is damaged: {why}") from error
        if any(not 0 < file.size_bytes <= _MAX_FILE_BYTES or not _MD5.fullmatch(file.md5) for file in by_name.values()):
            raise FetchError(f"{self._root_url}: the catalogue's entry of {name} has an impossible size or md5")
        if len(by_name) < len(file_names):
            raise FetchError(
                f"{self._root_url}: the catalogue's entry of {name} lacks {file_names[1]} or {file_names[0]}"
            )
        return CatalogueVoice(
            id=name,
            files=tuple(by_name[file] for file in file_names),
            language=language,
            quality=quality,
            num_speakers=num_speakers,
        )

    def voices(self, on_damaged: Callable[[FetchError], object] = lambda _: None) -> list[CatalogueVoice]:
        """Return every voice, sorted by id; `on_damaged` is called for each damaged entry, which is skipped."""
        found = []
        for name in sorted(self._entries):
            try:
                found.append(self.voice(name))
            except FetchError as error:
                on_damaged(error)
        return found

    def _file(self, path: str, files: Mapping[str, Any]) -> RemoteFile:
        facts = files[path]
        return RemoteFile(
            url=f"{self._root_url}/{quote(path)}",
            name=PurePosixPath(path).name,
            size_bytes=int(facts["size_bytes"]),
            md5=str(facts["md5_digest"]).lower(),
        )


def fetch_voice(
    voice: CatalogueVoice,
    directory: Path,
    *,
    on_progress: Progress = lambda _: None,
    limits: FetchLimits | None = None,
) -> bool:
    """Fetch a voice into a directory; return False if it was there already, whole and right. Raises FetchError."""
    missing = [file for file in voice.files if not is_here(file, directory)]
    if missing:
        fetch_files(missing, directory, on_progress=on_progress, limits=limits)
    return bool(missing)


def fetch_voices(
    voices: Sequence[CatalogueVoice], directory: Path, *, on_progress: Progress = lambda _: None
) -> list[bool | FetchError]:
    """Fetch voices into a directory, several files at once; return for each what `fetch_voice` returns or raises.

    Raises FetchError if nothing can be fetched at all.
    """
    missing = [[file for file in voice.files if not is_here(file, directory)] for voice in voices]
    if not any(missing):
        return [False] * len(voices)
    failures = fetch_groups(missing, directory, on_progress=on_progress)
    return [failure or bool(files) for failure, files in zip(failures, missing, strict=True)]


def mismatches(voice: CatalogueVoice, directory: Path) -> list[str]:
    """Return how a voice's files in a directory differ from the catalogue's entry, one line each."""
    return [problem for file in voice.files if (problem := mismatch(file, directory))]


def root_of(url: str) -> tuple[str, str | None]:
    """Return a hub's root and a voice's id or None, from the URL of a hub or of one .onnx in a hub's layout.

    Raises FetchError if the .onnx does not lie in that layout.
    """
    url = url.partition("?")[0].rstrip("/")
    if not url.endswith(".onnx"):
        return url, None
    *root, file = url.split("/")
    # Before the layout come `https:`, an empty segment and the host.
    if len(root) < 3 + _LEVELS:
        raise FetchError(f"{shortened(url)} is not in a hub's layout: ROOT/en/en_US/name/medium/en_US-name-medium.onnx")
    return "/".join(root[:-_LEVELS]), file.removesuffix(".onnx")
