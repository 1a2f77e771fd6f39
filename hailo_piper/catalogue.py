"""The voices that can be fetched: a hub's voices.json, with the files, sizes and digests of each."""

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Self
from urllib.parse import quote

from hailo_piper.download import Progress, RemoteFile, fetch_files, fetch_small, is_here
from hailo_piper.errors import FetchError, VoiceNotFoundError

_MAX_CATALOGUE_BYTES = 32 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueVoice:
    """A voice at the hub."""

    id: str
    files: tuple[RemoteFile, ...]
    """The .onnx.json first: the pair is a voice only when its .onnx is there too."""

    @property
    def size_bytes(self) -> int:
        """Of all its files."""
        return sum(file.size_bytes for file in self.files)


class Catalogue:
    """The voices of one hub, by id."""

    def __init__(self, root_url: str, entries: Mapping[str, Any]) -> None:
        """`entries`: voices.json, parsed."""
        self._root_url = root_url
        self._entries = entries

    @classmethod
    def fetch(cls, root_url: str) -> Self:
        """The catalogue at the root of a hub. Raises FetchError."""
        root_url = root_url.rstrip("/")
        url = f"{root_url}/voices.json"
        try:
            entries = json.loads(fetch_small(url, max_bytes=_MAX_CATALOGUE_BYTES))
        except (ValueError, RecursionError) as error:
            raise FetchError(f"{url}: is no JSON: {error}") from error
        if not isinstance(entries, dict):
            raise FetchError(f"{url}: is no catalogue of voices")
        return cls(root_url, entries)

    def voice(self, name: str) -> CatalogueVoice:
        """The voice of this id. Raises VoiceNotFoundError with the ids that are like it, FetchError on a bad entry."""
        if name not in self._entries:
            near = difflib.get_close_matches(name, self._entries, n=5, cutoff=0.5)
            hint = f"Near it: {', '.join(near)}" if near else f"There are {len(self._entries)}"
            raise VoiceNotFoundError(f"Unknown voice: {name!r}. {hint}", param="voice")
        try:
            files = [self._file(path, facts) for path, facts in self._entries[name]["files"].items()]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise FetchError(f"{self._root_url}: the catalogue's entry of {name} is damaged: {error!r}") from error
        wanted = (f"{name}.onnx.json", f"{name}.onnx")
        by_name = {file.name: file for file in files if file.name in wanted}
        if len(by_name) < len(wanted):
            raise FetchError(f"{self._root_url}: the catalogue's entry of {name} lacks {wanted[1]} or {wanted[0]}")
        return CatalogueVoice(id=name, files=tuple(by_name[name] for name in wanted))

    def _file(self, path: str, facts: Mapping[str, Any]) -> RemoteFile:
        return RemoteFile(
            url=f"{self._root_url}/{quote(path)}",
            name=PurePosixPath(path).name,
            size_bytes=int(facts["size_bytes"]),
            md5=str(facts["md5_digest"]),
        )


def fetch_voice(voice: CatalogueVoice, directory: Path, *, on_progress: Progress = lambda _: None) -> bool:
    """Have a voice in a directory; False where it was there already, whole and right. Raises FetchError."""
    missing = [file for file in voice.files if not is_here(file, directory)]
    if missing:
        fetch_files(missing, directory, on_progress=on_progress)
    return bool(missing)


def root_of(url: str) -> tuple[str, str | None]:
    """A hub's root and a voice's id, from the address of a hub or of one .onnx in a hub's layout."""
    url = url.partition("?")[0].rstrip("/")
    if not url.endswith(".onnx"):
        return url, None
    *root, _family, _code, _name, _quality, file = url.split("/")
    return "/".join(root), file.removesuffix(".onnx")
