"""Voices are kept in one configured directory, or in the system's and the user's own."""

import contextlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from hailo_piper.config.settings import Config
from hailo_piper.errors import ConfigError, InvalidRequestError
from hailo_piper.machine.user_directories import user_directory
from hailo_piper.voices.directory import VoiceDirectory
from hailo_piper.voices.name_matching import same_name
from hailo_piper.voices.names import Installed, NamedVoice, Voices
from hailo_piper.voices.voice import ENGINE_FILE, Voice, embedded_model_path, read_voice

SYSTEM = Path("/var/lib/hailo-piper/models")
"""The directory of the installed service's voices."""

SYSTEM_PREPARED = SYSTEM.parent / "cache" / "hailo-piper"
"""The directory of the installed service's prepared voices."""


def places(config: Config, *, system: Path = SYSTEM) -> list[Path]:
    """Return the directories that are searched for voices; where two have the same voice, the last one's is used.

    The system's is left out for a user who may not read it and has a directory of their own.
    """
    if config.voices.directory is not None:
        return [Path(config.voices.directory)]
    own = _own()
    return own if own and isinstance(scan_error(system), PermissionError) else [system, *own]


def scan_error(directory: Path) -> OSError | None:
    """Return the error that listing a directory raises, or None."""
    try:
        os.scandir(directory).close()
    except OSError as error:
        return error
    return None


def directory_problem(config: Config) -> str | None:
    """Return a line on why `voices.directory` cannot be read, or None; the usual directories need not exist."""
    named = config.voices.directory
    error = scan_error(Path(named)) if named else None
    return None if error is None else f"{named} cannot be read: {error.strerror}"


def place_for_new(config: Config, *, system: Path = SYSTEM) -> Path:
    """Return the directory that voices are fetched into: the system's if this user may write there, else their own."""
    first, *others = places(config, system=system)
    if not others:
        return first
    existing = next(path for path in (first, *first.parents) if path.exists())
    return first if existing.is_dir() and os.access(existing, os.W_OK) else others[-1]


def installed(directories: Sequence[Path]) -> Installed:
    """Return a function that gives `Voices` the voices of all these directories."""
    found = [VoiceDirectory(directory) for directory in directories]

    def scan(max_age_seconds: float) -> Mapping[str, Voice]:
        if len(found) == 1:
            return found[0].voices(max_age_seconds)
        return {name: voice for place in found for name, voice in place.voices(max_age_seconds).items()}

    return scan


def default_voice(config: Config) -> NamedVoice:
    """Return the voice that `piper.model_path` names, by its file or as a request would. Raises ConfigError."""
    given = config.piper.model_path
    if given is None:
        return NamedVoice(read_voice(embedded_model_path()))
    path, _, speaker = given.rpartition("#")
    if path.endswith((".onnx", f"/{ENGINE_FILE}")) and not given.endswith(".onnx"):
        return _with_speaker(_voice_at(Path(path)), speaker)
    if _is_path(given):
        return NamedVoice(_voice_at(Path(given)))
    return named_voice(config, given)


def named_voice(config: Config, name: str) -> NamedVoice:
    """Return the voice of a name: `default`, an id or an alias, perhaps with a speaker. Raises ConfigError."""
    if config.piper.model_path == name:
        config = config._replace(piper=config.piper._replace(model_path=None))
    default, embedded = default_voice(config), read_voice(embedded_model_path())
    scan = installed(places(config))
    # Only the alias that is meant: other aliases may name speakers of another default voice.
    meant = same_name(name.partition("#")[0].partition(":")[0], config.voices.aliases)
    aliases = {} if meant is None else {meant: config.voices.aliases[meant]}
    try:
        voices = Voices(
            default.voice, aliases, lambda age: {embedded.id: embedded, **scan(age)}, speaker=default.speaker
        )
        return voices.resolve(name)
    except InvalidRequestError as error:
        raise ConfigError([f"--voice or piper.model_path: {error.message}; or a path of an .onnx file"]) from None


def prepared_directory(config: Config) -> Path:
    """Return the directory of prepared voices."""
    if config.piper.cache_directory:
        return Path(config.piper.cache_directory)
    return user_directory("XDG_CACHE_HOME", "~/.cache") / "hailo-piper"


def with_voice(config: Config, given: str) -> Config:
    """Return the configuration with another default voice: a path of an .onnx file, or a name. Raises ConfigError."""
    if not _is_path(given):
        named = named_voice(config, given)
        given = named.voice.id
        # A voice of espeak-ng has no file of its own.
        if named.voice.engine != "espeak":
            given = f"{named.voice.model_path}{'' if named.speaker is None else f'#{named.speaker}'}"
    return config._replace(piper=config.piper._replace(model_path=given))


def _voice_at(path: Path) -> Voice:
    if path.name != ENGINE_FILE:
        return read_voice(path)
    # Most services have no such voice, and start without its reader.
    from hailo_piper.voices.engine_voice import read_engine_voice

    return read_engine_voice(path.parent, key="piper.model_path")


def _is_path(given: str) -> bool:
    return given.partition("#")[0].endswith(".onnx") or "/" in given


def _with_speaker(voice: Voice, speaker: str) -> NamedVoice:
    try:
        return NamedVoice(voice, voice.known_speaker(speaker))
    except InvalidRequestError as error:
        raise ConfigError([f"piper.model_path: {error.message}"]) from None


def _own() -> list[Path]:
    """Return the user's own directory of voices in a list, which is empty for a user without a home."""
    with contextlib.suppress(RuntimeError):
        home = user_directory("XDG_DATA_HOME", "~/.local/share") / "hailo-piper"
        # The installed service's own data directory is the one that holds the system's voices.
        return [] if home == SYSTEM.parent else [home / "voices"]
    return []
