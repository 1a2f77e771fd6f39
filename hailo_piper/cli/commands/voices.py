"""`voices` lists, fetches, checks and removes voices."""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hailo_piper.cli import exit_codes
from hailo_piper.cli.interruption import stoppable
from hailo_piper.cli.more_voices import own_command
from hailo_piper.cli.parser import path_of
from hailo_piper.cli.progress import Bar
from hailo_piper.cli.release_voices import KOKORO, fetch_release, folder_of, remove_folder, verify_release
from hailo_piper.config.loading import default_path, load_config
from hailo_piper.config.settings import Config
from hailo_piper.errors import ConfigError, FetchError, VoiceNotFoundError
from hailo_piper.monitoring import logs
from hailo_piper.voices.directory import VOICE_ID
from hailo_piper.voices.name_matching import shortened
from hailo_piper.voices.places import (
    SYSTEM_PREPARED,
    default_voice,
    directory_problem,
    installed,
    place_for_new,
    places,
    prepared_directory,
)
from hailo_piper.voices.voice import ENGINE_FILE, Voice

if TYPE_CHECKING:
    from hailo_piper.voices.fetching.catalogue import Catalogue, CatalogueVoice


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add this command and those below it to a parser's commands. `common` has --config."""
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
    here = argparse.ArgumentParser(add_help=False, parents=[common])
    here.add_argument("--directory", type=path_of, metavar="DIR", help="where voices are kept")
    hub = argparse.ArgumentParser(add_help=False)
    hub.add_argument("--catalogue-url", metavar="URL", help="root of the hub, or one .onnx in a hub's layout")
    table = [
        ("list", _list, [here], "the voices that are here",
         "Lists the voices that are here, the default one first.",
         ("all of them", "hailo-piper voices list")),
        ("available", _available, [here, hub], "the voices that can be fetched",
         "Lists the voices of the hub, and which of them are here.",
         ("English ones", "hailo-piper voices available --language en")),
        ("fetch", _fetch, [here, hub], "fetch voices, checked by size and md5",
         "Fetches voices, checked by size and md5; one that was cut off goes on.",
         ("two", "hailo-piper voices fetch en_US-lessac-low de_DE-thorsten-low")),
        ("remove", _remove, [here], "delete a voice",
         "Deletes a voice that is here; the default one stays.",
         ("one", "hailo-piper voices remove de_DE-thorsten-low")),
        ("verify", _verify, [here, hub], "check the voices that are here against the hub",
         "Compares size and md5 of the voices that are here with the hub's.",
         ("all of them", "hailo-piper voices verify")),
    ]  # fmt: skip
    below = voices.add_subparsers(required=True, metavar="COMMAND")
    for name, action, parents, short, description, example in table:
        parser = below.add_parser(name, parents=parents, help=short, description=description, examples=[example])
        parser.set_defaults(command=partial(_run, action))
    found = below.choices
    found["available"].add_argument("--language", metavar="CODE", help="a family or a full code: en, en_US")
    found["fetch"].add_argument(
        "names", nargs="*", metavar="NAME", help="as the hub names it: en_US-lessac-medium, or kokoro"
    )
    found["remove"].add_argument("name", metavar="NAME", help="as `list` names it")


def _run(action: Callable[[argparse.Namespace, Config], int], options: argparse.Namespace) -> int:
    """Run one of the commands with the configuration and its --directory. Returns the exit code."""
    config = load_config(options.config or default_path(), options.environment)
    if options.directory is not None:
        config = config._replace(voices=config.voices._replace(directory=str(options.directory)))
    try:
        return action(options, config)
    except FetchError as error:
        return _fail(str(error))


def _list(options: argparse.Namespace, config: Config) -> int:  # noqa: ARG001 - as every command here
    logs.configure(level="WARNING", style="text")
    default = default_voice(config).voice
    _show_voice(default, "the default")
    if problem := directory_problem(config):
        _fail(problem)
    for _, voice in sorted(installed([] if problem else places(config))(0.0).items()):
        if voice.id != default.id:
            _show_voice(voice, str(voice.model_path.parent))
    if sys.stdout.isatty():
        sys.stdout.write(f"Voices are fetched into {place_for_new(config)}\n")
    return 0


def _available(options: argparse.Namespace, config: Config) -> int:
    voices = _catalogue(options, config).voices(lambda damaged: sys.stderr.write(f"hailo-piper: {damaged}: skipped\n"))
    if not voices:
        return _fail("the hub has no voices")
    fitting = [voice for voice in voices if options.language is None or voice.speaks(options.language)]
    if not fitting:
        languages = ", ".join(sorted({voice.language for voice in voices}))
        return _fail(f"the hub has no voice for language {shortened(options.language)}; it has: {languages}")
    present = {path.stem for directory in places(config) for path in directory.glob("*.onnx")}
    for voice in fitting:
        _show_voice(voice, "is here" if voice.id in present else "")
    return 0


def _fetch(options: argparse.Namespace, config: Config) -> int:
    others = [name for name in options.names if name != KOKORO]
    if others != options.names:
        fetch_release(config, place_for_new(config))
    return _fetch_from_hub(options, others, config) if others or not options.names else 0


def _fetch_from_hub(options: argparse.Namespace, wanted: list[str], config: Config) -> int:
    from hailo_piper.voices.fetching.catalogue import Catalogue, fetch_voices, root_of

    directory = place_for_new(config)
    try:
        root_url, linked = root_of(options.catalogue_url or config.voices.catalogue_url)
    except FetchError as error:
        return _fail(str(error), status=exit_codes.USAGE)
    names: list[Any] = list(dict.fromkeys(wanted)) or [linked]
    if None in names:
        return _fail("which voice? Give its NAME, or the address of its .onnx", status=exit_codes.USAGE)
    try:
        with stoppable() as stop:
            stop.unwinds = True
            catalogue = Catalogue.fetch(root_url)
            voices = [catalogue.voice(name) for name in names]
            title = names[0] if len(names) == 1 else f"{len(names)} voices"
            bar = Bar(title, sum(voice.size_bytes for voice in voices))
            outcomes = fetch_voices(voices, directory, on_progress=bar.add)
    except VoiceNotFoundError as error:
        return _fail(error.message, status=exit_codes.USAGE)
    except FetchError as error:
        return _fail(f"{', '.join(names)} could not be fetched: {error}")
    status, spoken = 0, None
    for voice, outcome in zip(voices, outcomes, strict=True):
        if isinstance(outcome, FetchError):
            status = _fail(f"{voice.id} could not be fetched: {outcome}")
        else:
            result = "fetched and checked" if outcome else "was here already, whole and right"
            sys.stdout.write(f"{directory / voice.id}.onnx: {result}\n")
            spoken = voice.id
    if spoken is not None:
        sys.stderr.write(f"Speak with it: {own_command()} say --voice {spoken} 'Hello.' ")
        sys.stderr.write(f'or "voice": "{spoken}" in a request; a running service sees it within a second.\n')
    return status


def _remove(options: argparse.Namespace, config: Config) -> int:
    is_id = VOICE_ID.fullmatch(options.name) is not None
    # The user's own voice is removed before the system's of the same name.
    paths = [directory / f"{options.name}.onnx" for directory in reversed(places(config))] if is_id else []
    found = [path for path in paths if path.is_file() or Path(f"{path}.json").is_file()]
    if not found and is_id and (folder := folder_of(options.name, places(config))) is not None:
        found = [folder / ENGINE_FILE]
    if not found:
        where = ", ".join(map(str, places(config)))
        return _fail(f"{where}: there is no voice {shortened(options.name)}", status=exit_codes.USAGE)
    if _is_default(config, found[0]):
        return _fail(f"{options.name} is the default voice: name another in piper.model_path first")
    from hailo_piper.engine.voice_removal import remove_voice

    is_folder = found[0].name == ENGINE_FILE
    try:
        removed = remove_folder(found[0].parent) if is_folder else found[:1]
        if not is_folder:
            remove_voice(found[0], [prepared_directory(config), SYSTEM_PREPARED])
    except OSError as error:
        return _fail(f"{found[0]}: {error.strerror}")
    sys.stdout.writelines(f"{path}: removed\n" for path in removed)
    return 0


def _is_default(config: Config, model_path: Path) -> bool:
    try:
        return default_voice(config).voice.model_path.resolve() == model_path.resolve()
    except ConfigError:
        # A default voice that cannot be read is not one of the voices here.
        return False


def _verify(options: argparse.Namespace, config: Config) -> int:
    if problem := directory_problem(config):
        return _fail(problem)
    kept = _kept(config)
    status = verify_release(config, places(config))
    if not kept:
        if status is None:
            sys.stdout.write(f"{', '.join(map(str, places(config)))}: no voices\n")
        return status or 0
    catalogue = _catalogue(options, config)
    return max(status or 0, *(_compare(catalogue, name, directory) for name, directory in kept))


def _compare(catalogue: "Catalogue", name: str, directory: Path) -> int:
    from hailo_piper.voices.fetching.catalogue import mismatches

    try:
        wrong = mismatches(catalogue.voice(name), directory)
    except VoiceNotFoundError:
        sys.stdout.write(f"?    {name}: unknown to the catalogue\n")
        return 0
    except FetchError as error:
        return _fail(str(error))
    for problem in wrong:
        sys.stdout.write(f"FAIL {name}: {problem}; fetch it again\n")
    if not wrong:
        sys.stdout.write(f"ok   {name}\n")
    return exit_codes.FAILED if wrong else 0


def _kept(config: Config) -> list[tuple[str, Path]]:
    """Return the voices of which a file is here, each with its directory."""
    files = [path for directory in places(config) for path in directory.glob("*.onnx*") if path.is_file()]
    return sorted({(path.name.removesuffix(".json").removesuffix(".onnx"), path.parent) for path in files})


def _catalogue(options: argparse.Namespace, config: Config) -> "Catalogue":
    # A start of the service must not wait for this import.
    from hailo_piper.voices.fetching.catalogue import Catalogue, root_of

    return Catalogue.fetch(root_of(options.catalogue_url or config.voices.catalogue_url)[0])


def _show_voice(voice: "Voice | CatalogueVoice", note: str = "") -> None:
    speakers = f"{voice.num_speakers} speakers" if voice.num_speakers > 1 else ""
    size = f"{voice.size_bytes / 1e6:.0f} MB"
    line = f"{voice.id:36} {voice.language:8} {voice.quality or '':8} {size:>7}  {speakers:13} {note}"
    sys.stdout.write(line.rstrip() + "\n")


def _fail(message: str, *, status: int = exit_codes.FAILED) -> int:
    sys.stderr.write(f"hailo-piper: {message}\n")
    return status
