"""The operator's voices: list, available, fetch, remove, verify."""

import argparse
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hailo_piper import exits, logs
from hailo_piper.config import Config, default_path, load_config, path_of
from hailo_piper.errors import FetchError, VoiceNotFoundError
from hailo_piper.voice_directory import VOICE_ID, VoiceDirectory
from hailo_piper.voices import Voice, embedded_model_path, read_voice

if TYPE_CHECKING:
    from hailo_piper.catalogue import CatalogueVoice


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Give the command line these commands. `common` has --config."""
    voices = commands.add_parser(
        "voices",
        help="list, fetch, check and remove voices",
        description="Lists, fetches, checks and removes voices.",
        examples=[
            ("what German voices there are", "hailo-piper voices available --language de"),
            ("fetch one", "hailo-piper voices fetch de_DE-thorsten-medium"),
            ("the installed service's voices are root's", "sudo hailo-piper voices fetch de_DE-thorsten-medium"),
        ],
    )
    commands = voices.add_subparsers(required=True, metavar="COMMAND")
    here = argparse.ArgumentParser(add_help=False, parents=[common])
    here.add_argument("--directory", type=path_of, metavar="DIR", help="where voices are kept")
    hub = argparse.ArgumentParser(add_help=False)
    hub.add_argument("--catalogue-url", metavar="URL", help="root of the hub, or one .onnx in a hub's layout")

    listing = commands.add_parser(
        "list",
        parents=[here],
        help="the voices that are here",
        description="Lists the voices that are here, the default one first.",
        examples=[("all of them", "hailo-piper voices list")],
    )
    listing.set_defaults(command=_list)
    available = commands.add_parser(
        "available",
        parents=[here, hub],
        help="the voices that can be fetched",
        description="Lists the voices of the hub, and which of them are here.",
        examples=[("English ones", "hailo-piper voices available --language en")],
    )
    available.add_argument("--language", metavar="CODE", help="a family or a full code: en, en_US")
    available.set_defaults(command=_available)
    fetch = commands.add_parser(
        "fetch",
        parents=[here, hub],
        help="fetch voices, checked by size and md5",
        description="Fetches voices, checked by size and md5; one that was cut off goes on.",
        examples=[("two", "hailo-piper voices fetch en_US-lessac-low de_DE-thorsten-low")],
    )
    fetch.add_argument("names", nargs="*", metavar="NAME", help="as the hub names it: en_US-lessac-medium")
    fetch.set_defaults(command=_fetch)
    remove = commands.add_parser(
        "remove",
        parents=[here],
        help="delete a voice",
        description="Deletes a voice that is here; the default one stays.",
        examples=[("one", "hailo-piper voices remove de_DE-thorsten-low")],
    )
    remove.add_argument("name", metavar="NAME", help="as `list` names it")
    remove.set_defaults(command=_remove)
    verify = commands.add_parser(
        "verify",
        parents=[here, hub],
        help="check the voices that are here against the hub",
        description="Compares size and md5 of the voices that are here with the hub's.",
        examples=[("all of them", "hailo-piper voices verify")],
    )
    verify.set_defaults(command=_verify)


def _list(options: argparse.Namespace) -> int:
    logs.configure(level="WARNING", style="text")
    config, directory = _places(options)
    model_path = config.piper.model_path
    default = read_voice(Path(model_path) if model_path else embedded_model_path())
    others = VoiceDirectory(directory).voices(0.0)
    _show_voice(default, "the default")
    for _, voice in sorted(others.items()):
        if voice.id != default.id:
            _show_voice(voice)
    return 0


def _available(options: argparse.Namespace) -> int:
    from hailo_piper.catalogue import Catalogue, root_of

    config, directory = _places(options)
    try:
        voices = Catalogue.fetch(root_of(options.catalogue_url or config.voices.catalogue_url)[0]).voices()
    except FetchError as error:
        return _fail(str(error))
    present = {path.stem for path in directory.glob("*.onnx")}
    for voice in voices:
        if options.language is None or voice.speaks(options.language):
            _show_voice(voice, "is here" if voice.id in present else "")
    return 0


def _fetch(options: argparse.Namespace) -> int:
    # A start of the service need not wait for what it does not do.
    from hailo_piper.catalogue import Catalogue, fetch_voices, root_of

    config, directory = _places(options)
    root_url, linked = root_of(options.catalogue_url or config.voices.catalogue_url)
    names = list(dict.fromkeys(options.names)) or [linked]
    if None in names:
        return _fail("which voice? Give its NAME, or the address of its .onnx", status=exits.USAGE)
    try:
        catalogue = Catalogue.fetch(root_url)
        voices = [catalogue.voice(name) for name in names]
        title = names[0] if len(names) == 1 else f"{len(names)} voices"
        bar = _Bar(title, sum(voice.size_bytes for voice in voices))
        outcomes = fetch_voices(voices, directory, on_progress=bar.add)
    except VoiceNotFoundError as error:
        return _fail(error.message, status=exits.USAGE)
    except FetchError as error:
        return _fail(f"{', '.join(names)} could not be fetched: {error}")
    status = 0
    for voice, outcome in zip(voices, outcomes, strict=True):
        if isinstance(outcome, FetchError):
            status = _fail(f"{voice.id} could not be fetched: {outcome}")
        else:
            told = "fetched and checked" if outcome else "was here already, whole and right"
            sys.stdout.write(f"{directory / voice.id}.onnx: {told}\n")
    return status


def _remove(options: argparse.Namespace) -> int:
    config, directory = _places(options)
    model_path = directory / f"{options.name}.onnx"
    files = [model_path, model_path.with_name(f"{model_path.name}.json")]
    if not VOICE_ID.fullmatch(options.name) or not any(file.is_file() for file in files):
        return _fail(f"{directory}: there is no voice {options.name!r}", status=exits.USAGE)
    if config.piper.model_path and Path(config.piper.model_path).resolve() == model_path.resolve():
        return _fail(f"{options.name} is the default voice: name another in piper.model_path first")
    try:
        for file in files:
            file.unlink(missing_ok=True)
    except OSError as error:
        return _fail(f"{model_path}: {error.strerror}")
    sys.stdout.write(f"{model_path}: removed\n")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from hailo_piper.catalogue import Catalogue, root_of, what_is_wrong

    config, directory = _places(options)
    names = sorted(
        {path.name.removesuffix(".json").removesuffix(".onnx") for path in directory.glob("*.onnx*") if path.is_file()}
    )
    if not names:
        sys.stdout.write(f"{directory}: no voices\n")
        return 0
    status = 0
    try:
        catalogue = Catalogue.fetch(root_of(options.catalogue_url or config.voices.catalogue_url)[0])
        for name in names:
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


def _places(options: argparse.Namespace) -> tuple[Config, Path]:
    config = load_config(options.config or default_path(), options.environment)
    return config, options.directory or Path(config.voices.directory)


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
