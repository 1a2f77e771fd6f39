"""Where voices are kept: one directory that is configured, or the system's and the user's own; which one is meant."""

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hailo_piper.config.settings import Config
from hailo_piper.errors import ConfigError, InvalidRequestError
from hailo_piper.machine.user_directories import user_directory
from hailo_piper.voices.directory import VoiceDirectory
from hailo_piper.voices.name_matching import same_name
from hailo_piper.voices.names import Installed, NamedVoice, Voices
from hailo_piper.voices.voice import Voice, embedded_model_path, read_voice

SYSTEM = Path("/var/lib/hailo-piper/models")
"""Where the installed service has its voices."""

SYSTEM_PREPARED = SYSTEM.parent / "cache" / "hailo-piper"
"""Where it keeps them prepared."""


def places(config: Config, *, system: Path = SYSTEM) -> list[Path]:
    """The directories that voices are looked for in; where two have the same voice, the last has it.

    The system's is none for a user who may not look into it and has an own.
    """
    if config.voices.directory is not None:
        return [Path(config.voices.directory)]
    own = _own()
    return own if own and isinstance(why_unreadable(system), PermissionError) else [system, *own]


def why_unreadable(directory: Path) -> OSError | None:
    """What the system says to somebody who wants to know the files of a directory; None where it tells them."""
    try:
        os.scandir(directory).close()
    except OSError as error:
        return error
    return None


def what_is_missing(config: Config) -> str | None:
    """Say why a directory that somebody named has no voices to show; the usual ones need not be there."""
    named = config.voices.directory
    error = why_unreadable(Path(named)) if named else None
    return None if error is None else f"{named} cannot be read: {error.strerror}"


def place_for_new(config: Config, *, system: Path = SYSTEM) -> Path:
    """The directory that voices are fetched into: the system's for those who may write there, else the user's own."""
    first, *others = places(config, system=system)
    if not others:
        return first
    existing = next(path for path in (first, *first.parents) if path.exists())
    return first if existing.is_dir() and os.access(existing, os.W_OK) else others[-1]


def installed(directories: Sequence[Path]) -> Installed:
    """The voices of all these directories, as `Voices` asks for them."""
    found = [VoiceDirectory(directory) for directory in directories]

    def look(max_age_seconds: float) -> Mapping[str, Voice]:
        if len(found) == 1:
            return found[0].voices(max_age_seconds)
        return {name: voice for place in found for name, voice in place.voices(max_age_seconds).items()}

    return look


def default_voice(config: Config) -> NamedVoice:
    """The voice that `piper.model_path` names, by its file or as a request would. Raises ConfigError."""
    given = config.piper.model_path
    if given is None:
        return NamedVoice(read_voice(embedded_model_path()))
    path, _, speaker = given.rpartition("#")
    if path.endswith(".onnx") and not given.endswith(".onnx"):
        return _with_speaker(read_voice(Path(path)), speaker)
    if _is_path(given):
        return NamedVoice(read_voice(Path(given)))
    return named_voice(config, given)


def named_voice(config: Config, name: str) -> NamedVoice:
    """The voice of a name: `default`, an id or an alias, perhaps with a speaker, as in requests. Raises ConfigError."""
    if config.piper.model_path == name:
        config = replace(config, piper=replace(config.piper, model_path=None))
    default, embedded = default_voice(config), read_voice(embedded_model_path())
    look = installed(places(config))
    # Only the alias that is meant: others may be of another default voice.
    meant = same_name(name.partition("#")[0].partition(":")[0], config.voices.aliases)
    aliases = {} if meant is None else {meant: config.voices.aliases[meant]}
    try:
        voices = Voices(
            default.voice, aliases, lambda age: {embedded.id: embedded, **look(age)}, speaker=default.speaker
        )
        return voices.resolve(name)
    except InvalidRequestError as error:
        raise ConfigError([f"--voice or piper.model_path: {error.message}; or a path of an .onnx file"]) from None


def prepared_directory(config: Config) -> Path:
    """Where prepared voices are kept."""
    if config.piper.cache_directory:
        return Path(config.piper.cache_directory)
    return user_directory("XDG_CACHE_HOME", "~/.cache") / "hailo-piper"


def with_voice(config: Config, given: str) -> Config:
    """The configuration with another default voice: a path of an .onnx file, or a name. Raises ConfigError."""
    if not _is_path(given):
        named = named_voice(config, given)
        given = f"{named.voice.model_path}{'' if named.speaker is None else f'#{named.speaker}'}"
    return replace(config, piper=replace(config.piper, model_path=given))


def _is_path(given: str) -> bool:
    return given.partition("#")[0].endswith(".onnx") or "/" in given


def _with_speaker(voice: Voice, speaker: str) -> NamedVoice:
    try:
        return NamedVoice(voice, voice.speaker_id(speaker))
    except InvalidRequestError as error:
        raise ConfigError([f"piper.model_path: {error.message}"]) from None


def _own() -> list[Path]:
    """None for a user without a home."""
    with contextlib.suppress(RuntimeError):
        home = user_directory("XDG_DATA_HOME", "~/.local/share") / "hailo-piper"
        # The installed service has its data where the system's voices are.
        return [] if home == SYSTEM.parent else [home / "voices"]
    return []
