"""The operator's voices: list, available, fetch, remove, verify."""

import argparse
import shlex
import shutil
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hailo_piper import exits, logs
from hailo_piper.config import Config, default_path, load_config
from hailo_piper.errors import ConfigError, FetchError, VoiceNotFoundError
from hailo_piper.names import shortened
from hailo_piper.voice_directory import VOICE_ID
from hailo_piper.voice_places import (
    SYSTEM_PREPARED,
    default_voice,
    installed,
    place_for_new,
    places,
    prepared_directory,
)
from hailo_piper.voices import Voice

if TYPE_CHECKING:
    from hailo_piper.catalogue import CatalogueVoice


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Give the command line these commands. `common` has --config."""
    voices = commands.add_parser("voices", help="list, fetch, check and remove voices")
    commands = voices.add_subparsers(required=True, metavar="COMMAND")
    here = argparse.ArgumentParser(add_help=False, parents=[common])
    here.add_argument("--directory", type=Path, metavar="DIR", help="where voices are kept")
    hub = argparse.ArgumentParser(add_help=False)
    hub.add_argument("--catalogue-url", metavar="URL", help="root of the hub, or one .onnx in a hub's layout")

    listing = commands.add_parser("list", parents=[here], help="the voices that are here")
    listing.set_defaults(command=_list)
    available = commands.add_parser("available", parents=[here, hub], help="the voices that can be fetched")
    available.add_argument("--language", metavar="CODE", help="a family or a full code: en, en_US")
    available.set_defaults(command=_available)
    fetch = commands.add_parser("fetch", parents=[here, hub], help="fetch voices, checked by size and md5")
    fetch.add_argument("names", nargs="*", metavar="NAME", help="as the hub names it: en_US-lessac-medium")
    fetch.set_defaults(command=_fetch)
    remove = commands.add_parser("remove", parents=[here], help="delete a voice")
    remove.add_argument("name", metavar="NAME", help="as `list` names it")
    remove.set_defaults(command=_remove)
    verify = commands.add_parser("verify", parents=[here, hub], help="check the voices that are here against the hub")
    verify.set_defaults(command=_verify)


def _list(options: argparse.Namespace) -> int:
    logs.configure(level="WARNING", style="text")
    config = _config(options)
    default = default_voice(config).voice
    _show_voice(default, "the default")
    for _, voice in sorted(installed(places(config))(0.0).items()):
        if voice.id != default.id:
            _show_voice(voice, str(voice.model_path.parent))
    sys.stderr.write(f"Voices are fetched into {place_for_new(config)}\n")
    return 0


def _available(options: argparse.Namespace) -> int:
    from hailo_piper.catalogue import Catalogue, root_of

    config = _config(options)
    try:
        voices = Catalogue.fetch(root_of(options.catalogue_url or config.voices.catalogue_url)[0]).voices()
    except FetchError as error:
        return _fail(str(error))
    fitting = [voice for voice in voices if options.language is None or voice.speaks(options.language)]
    if not fitting:
        languages = ", ".join(sorted({voice.language for voice in voices}))
        return _fail(f"the hub has no voice for language {shortened(options.language)}; it has: {languages}")
    present = {path.stem for directory in places(config) for path in directory.glob("*.onnx")}
    for voice in fitting:
        _show_voice(voice, "is here" if voice.id in present else "")
    return 0


def _fetch(options: argparse.Namespace) -> int:
    # A start of the service need not wait for what it does not do.
    from hailo_piper.catalogue import Catalogue, fetch_voices, root_of

    config = _config(options)
    directory = place_for_new(config)
    root_url, linked = root_of(options.catalogue_url or config.voices.catalogue_url)
    names = list(dict.fromkeys(options.names)) or [linked]
    if None in names:
        return _fail("which voice? Give its NAME, or the address of its .onnx", status=exits.USAGE)
    try:
        with exits.tidily():
            catalogue = Catalogue.fetch(root_url)
            voices = [catalogue.voice(name) for name in names]
            title = names[0] if len(names) == 1 else f"{len(names)} voices"
            bar = _Bar(title, sum(voice.size_bytes for voice in voices))
            outcomes = fetch_voices(voices, directory, on_progress=bar.add)
    except VoiceNotFoundError as error:
        return _fail(error.message, status=exits.USAGE)
    except FetchError as error:
        return _fail(f"{', '.join(names)} could not be fetched: {error}")
    status, spoken = 0, None
    for voice, outcome in zip(voices, outcomes, strict=True):
        if isinstance(outcome, FetchError):
            status = _fail(f"{voice.id} could not be fetched: {outcome}")
        else:
            told = "fetched and checked" if outcome else "was here already, whole and right"
            sys.stdout.write(f"{directory / voice.id}.onnx: {told}\n")
            spoken = voice.id
    if spoken is not None:
        sys.stderr.write(f"Speak with it: {_own_command()} say --voice {spoken} 'Hello.' ")
        sys.stderr.write(f'or "voice": "{spoken}" in a request; a running service sees it within a second.\n')
    return status


def _remove(options: argparse.Namespace) -> int:
    config = _config(options)
    is_id = VOICE_ID.fullmatch(options.name) is not None
    # The user's own comes before the system's.
    paths = [directory / f"{options.name}.onnx" for directory in reversed(places(config))] if is_id else []
    found = [path for path in paths if path.is_file() or Path(f"{path}.json").is_file()]
    if not found:
        where = ", ".join(map(str, places(config)))
        return _fail(f"{where}: there is no voice {shortened(options.name)}", status=exits.USAGE)
    if _is_default(config, found[0]):
        return _fail(f"{options.name} is the default voice: name another in piper.model_path first")
    from hailo_piper.voice_removal import remove_voice

    try:
        remove_voice(found[0], [prepared_directory(config), SYSTEM_PREPARED])
    except OSError as error:
        return _fail(f"{found[0]}: {error.strerror}")
    sys.stdout.write(f"{found[0]}: removed\n")
    return 0


def _is_default(config: Config, model_path: Path) -> bool:
    try:
        return default_voice(config).voice.model_path.resolve() == model_path.resolve()
    except ConfigError:
        # A default voice that is not there is none of those that are.
        return False


def _verify(options: argparse.Namespace) -> int:
    from hailo_piper.catalogue import Catalogue, root_of, what_is_wrong

    config = _config(options)
    kept = sorted(
        {
            (path.name.removesuffix(".json").removesuffix(".onnx"), directory)
            for directory in places(config)
            for path in directory.glob("*.onnx*")
            if path.is_file()
        }
    )
    if not kept:
        sys.stdout.write(f"{', '.join(map(str, places(config)))}: no voices\n")
        return 0
    status = 0
    try:
        catalogue = Catalogue.fetch(root_of(options.catalogue_url or config.voices.catalogue_url)[0])
        for name, directory in kept:
            try:
                wrong = what_is_wrong(catalogue.voice(name), directory)
            except VoiceNotFoundError:
                sys.stdout.write(f"?    {name}: unknown to the catalogue\n")
                continue
            for problem in wrong:
                status = exits.FAILED
                sys.stdout.write(f"FAIL {name}: {problem}; fetch it again\n")
            if not wrong:
                sys.stdout.write(f"ok   {name}\n")
    except FetchError as error:
        return _fail(str(error))
    return status


def hint(options: argparse.Namespace) -> str:
    """A line that says how to have more voices, as this user would call the commands."""
    config = f" --config {shlex.quote(str(options.config))}" if options.config else ""
    voices = f"{_own_command()} voices"
    return f"one voice is here; for more: {voices} available{config}, then {voices} fetch NAME{config}\n"


def _own_command() -> str:
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m hailo_piper"
    found = shutil.which(called.name)
    return called.name if found and Path(found).resolve() == called.resolve() else shlex.quote(str(called))


def _config(options: argparse.Namespace) -> Config:
    config = load_config(options.config or default_path())
    if options.directory is None:
        return config
    return replace(config, voices=replace(config.voices, directory=str(options.directory)))


def _show_voice(voice: "Voice | CatalogueVoice", note: str = "") -> None:
    speakers = f"{voice.num_speakers} speakers" if voice.num_speakers > 1 else ""
    size = f"{voice.size_bytes / 1e6:.0f} MB"
    line = f"{voice.id:36} {voice.language:8} {voice.quality or '':8} {size:>7}  {speakers:13} {note}"
    sys.stdout.write(line.rstrip() + "\n")


def _fail(message: str, *, status: int = exits.FAILED) -> int:
    sys.stderr.write(f"hailo-piper: {message}\n")
    return status


class _Bar:
    """How far a fetch is, where a terminal shows it."""

    def __init__(self, name: str, size_bytes: int) -> None:
        self._name = name
        self._size_bytes = size_bytes
        self._bytes = 0
        self._shown = 0.0
        self._watched = sys.stderr.isatty()
        self._lock = threading.Lock()

    def add(self, number: int) -> None:
        """Count bytes that came."""
        with self._lock:
            self._bytes += number
            done = self._bytes >= self._size_bytes
            if not self._watched or not (done or time.monotonic() > self._shown + 0.1):
                return
            self._shown = time.monotonic()
            share = min(1.0, self._bytes / self._size_bytes)
            drawn = "#" * round(30 * share)
            megabytes = f"{self._bytes / 1e6:.1f} of {self._size_bytes / 1e6:.1f} MB"
            sys.stderr.write(f"\r{self._name}: [{drawn:30}] {share:4.0%} {megabytes} ")
            sys.stderr.write("\n" if done else "")
            sys.stderr.flush()
