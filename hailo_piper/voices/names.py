"""Which voices exist: read one from its files, resolve a name.

A voice is two files, `NAME.onnx` and `NAME.onnx.json`; its id is NAME, language-name-quality: `en_US-lessac-medium`.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hailo_piper.errors import ConfigError, InvalidRequestError, VoiceNotFoundError
from hailo_piper.voices.languages import is_same, quality_rank, speaks
from hailo_piper.voices.name_matching import same_name, shortened
from hailo_piper.voices.voice import Voice

logger = logging.getLogger(__name__)

DEFAULT_VOICE = "default"
Installed = Callable[[float], Mapping[str, "Voice"]]
"""Voices on disk by id, which come and go; told how many seconds ago it may have looked."""

_FRESH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class NamedVoice:
    """Who answers to a name: a voice, and which of its speakers where the name says it."""

    voice: Voice
    speaker: str | int | None = None
    """By name or number; None leaves it to the request."""


class Voices:
    """The voices of this service, by every name they answer to: the default one, the installed ones, and aliases."""

    def __init__(
        self,
        default: Voice,
        aliases: Mapping[str, str | Mapping[str, Any]],
        installed: Installed = lambda _: {},
        *,
        speaker: str | int | None = None,
    ) -> None:
        """`aliases` as in `voices.aliases`; `speaker`: the default voice's. Raises ConfigError with every wrong alias.

        One that names a voice which is not installed is told in the log: that voice may still be fetched.
        """
        self.default = default
        self._look = installed
        self._own = {DEFAULT_VOICE: NamedVoice(default, speaker), default.id: NamedVoice(default)}
        self._targets = {name: {"voice": to} if isinstance(to, str) else to for name, to in aliases.items()}
        self._fixed = dict[str, NamedVoice]()
        """The aliases of the default voice, which need no look at what is installed."""
        problems = []
        for name, target in self._targets.items():
            if name in self._own:
                problems.append(f"voices.aliases.{name}: this is a voice's own name, which an alias cannot take")
            elif target["voice"] in self._own:
                self._fixed[name] = NamedVoice(default, target.get("speaker", self._own[target["voice"]].speaker))
                try:
                    default.speaker_id(target.get("speaker"))
                except InvalidRequestError as error:
                    problems.append(f"voices.aliases.{name}: {error.message}")
        if problems:
            raise ConfigError(problems)
        for name in self._targets.keys() - self.aliases.keys():
            logger.warning("voices.aliases.%s: voice %s is not installed", name, self._targets[name]["voice"])

    def resolve(self, name: str) -> NamedVoice:
        """Who answers to a name: `default`, an alias, or an id; each perhaps with `#` or `:` and a speaker of it.

        Raises VoiceNotFoundError, listing the names there are, and InvalidRequestError for a speaker there is not.
        """
        named = self._find(name)
        if named is None:
            raise VoiceNotFoundError(f"Unknown voice: {shortened(name)}{self._missing(name)}", param="voice")
        return named

    def choose(self, name: str | None, language: str | None) -> NamedVoice:
        """Who speaks a request: the voice it names, else the best of its language, else the default.

        The best is one of exactly this code before one of the family; then the default; then the better quality.
        Raises VoiceNotFoundError, listing the names or the languages there are.
        """
        if name is not None or language is None:
            return self.resolve(DEFAULT_VOICE if name is None else name)
        if is_same(language, self.default.language):
            return self._own[DEFAULT_VOICE]
        if spoken := self.speaking(language):
            return NamedVoice(spoken[0])
        allowed = ", ".join(dict.fromkeys(voice.language for voice in self.all()))
        raise VoiceNotFoundError(f"No voice for language: {shortened(language)}. Allowed: {allowed}", param="language")

    def speaking(self, language: str) -> list[Voice]:
        """The voices of a language, by a family or a full code (`en`, `en_US`), the best first."""
        fitting = [voice for voice in self.all() if speaks(voice.language, language)]
        return sorted(
            fitting,
            key=lambda voice: (
                not is_same(voice.language, language), voice is not self.default, quality_rank(voice.quality), voice.id
            ),
        )  # fmt: skip

    def all(self) -> tuple[Voice, ...]:
        """Every voice once, the default first."""
        known = {*self._own, *self._targets}
        others = sorted(self._look(_FRESH_SECONDS).items())
        return (self.default, *(voice for name, voice in others if name not in known))

    def names(self) -> list[str]:
        """Every name that a request may give."""
        return [DEFAULT_VOICE, *(voice.id for voice in self.all()), *self.aliases]

    def look_again(self) -> None:
        """Look for new, changed and removed voices now; without this, at most once a second and when asked."""
        self._look(0.0)

    @property
    def aliases(self) -> Mapping[str, NamedVoice]:
        """The names from `voices.aliases` whose voice is there, in its order."""
        found = {name: self._alias(name) for name in self._targets}
        return {name: named for name, named in found.items() if named is not None}

    def _find(self, name: str) -> NamedVoice | None:
        named = self._find_exactly(name)
        # An alias may have a # in its name, and a speaker in his.
        for before, sign, speaker in (part(mark) for mark in "#:" for part in (name.partition, name.rpartition)):
            if named is None and sign and (found := self._find_exactly(before)) is not None:
                named = NamedVoice(found.voice, found.voice.speaker_id(speaker, param="voice"))
        return named

    def _find_exactly(self, name: str) -> NamedVoice | None:
        """A name without a speaker, in whatever case; written exactly so comes first.

        Names that the configuration gives come before those of files.
        """
        if name in self._own or name in self._fixed:
            return self._own.get(name) or self._fixed[name]
        installed = self._look(_FRESH_SECONDS)
        known = same_name(name, (*self._own, *self._targets, *sorted(installed))) or name
        named = self._own.get(known) or self._alias(known)
        return NamedVoice(installed[known]) if named is None and known in installed else named

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
        return f"{why}. Allowed: {', '.join(self.names())}"
