"""Names resolve to voices: `default`, ids and aliases, and `#speaker` after one of them to a speaker."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from hailo_piper.errors import ConfigError, InvalidRequestError, MissingVoiceError, VoiceNotFoundError
from hailo_piper.voices.languages import is_same, quality_rank, speaks
from hailo_piper.voices.name_matching import same_name, shortened
from hailo_piper.voices.voice import Voice

if TYPE_CHECKING:
    from hailo_piper.voices.strategy import Strategy

logger = logging.getLogger(__name__)

DEFAULT_VOICE = "default"
Installed = Callable[[float], Mapping[str, "Voice"]]
"""Returns the installed voices by id; the argument is how old the answer may be, in seconds."""

Factors = Callable[[], Mapping[str, float]]
"""Returns the real-time factors that were measured, by a voice's id."""

_FRESH_SECONDS = 1.0


class Style(NamedTuple):
    """How an alias has its voice speak: factors on what a request says, and the pause between its sentences."""

    speed: float = 1.0
    pitch: float = 1.0
    volume: float = 1.0
    sentence_silence: float | None = None
    """Seconds; None: as the configuration says."""


_PLAIN = Style()


@dataclass(frozen=True, slots=True)
class NamedVoice:
    """A voice as a name means it, perhaps with one of its speakers."""

    voice: Voice
    speaker: str | int | None = None
    """Name or number of the speaker, or a mix; None leaves the choice to the request."""

    style: Style = _PLAIN


class Voices:
    """The voices of this service by every name: the default one, its aliases, the installed ones and theirs."""

    def __init__(  # noqa: PLR0913 - each is a part that voices are found by
        self,
        default: Voice,
        aliases: Mapping[str, str | Mapping[str, Any]],
        installed: Installed = lambda _: {},
        *,
        speaker: str | int | None = None,
        any_language: bool = False,
        strategy: "Strategy | None" = None,
        factors: Factors = dict,
    ) -> None:
        """`aliases` as in `voices.aliases`; `speaker`: the default voice's. Raises ConfigError with every wrong alias.

        `any_language`: whether espeak-ng speaks a language that no voice has. `strategy`: chooses where a request names
        no voice; None: the default voice, or the best of the language. `factors`: real-time factors, where known.
        An alias of a voice that is not installed is only logged: that voice may still be fetched.
        """
        self.default = default
        self._any_language = any_language
        self._strategy = strategy
        self.factors = factors
        self._installed = installed
        self._targets = {name: {"voice": to} if isinstance(to, str) else to for name, to in aliases.items()}
        self._fixed = {DEFAULT_VOICE: NamedVoice(default, speaker), default.id: NamedVoice(default)}
        """The names of the default voice, which resolve without a scan of the disk; its aliases follow."""
        self._own = dict(self._fixed)
        problems = []
        for name, target in self._targets.items():
            if name in self._own:
                problems.append(f"voices.aliases.{name}: this is a voice's own name, which an alias cannot take")
            elif target["voice"] in self._own:
                speaker = target.get("speaker", self._own[target["voice"]].speaker)
                self._fixed[name] = NamedVoice(default, speaker, _style(target))
                try:
                    default.mix_of(target.get("speaker"))
                except InvalidRequestError as error:
                    problems.append(f"voices.aliases.{name}: {error.message}")
        if problems:
            raise ConfigError(problems)
        for name in self._targets.keys() - self.aliases.keys():
            logger.warning("voices.aliases.%s: voice %s is not installed", name, self._targets[name]["voice"])

    def resolve(self, name: str) -> NamedVoice:
        """Return the voice of a name: `default`, an alias or an id, each perhaps with `#` or `:` and a speaker.

        Raises VoiceNotFoundError, listing the known names, and InvalidRequestError for an unknown speaker.
        """
        named = self._fixed.get(name) or self._find(name)
        if named is not None:
            return named
        target = self._targets.get(same_name(name, self._targets) or name)
        allowed = f"Allowed: {', '.join(self.names())}"
        if target is None:
            raise VoiceNotFoundError(f"Unknown voice: {shortened(name)}. {allowed}", param="voice")
        missing = target["voice"]
        message = f"Unknown voice: {shortened(name)} stands for {missing!r}, which is not installed. {allowed}"
        raise MissingVoiceError(message, voice_id=missing)

    def choose(self, name: str | None, language: str | None, model: str | None = None) -> NamedVoice:
        """Return the voice for a request: the one it names, else by the strategy, its language's best, the default.

        The best is one of exactly this code before one of the family; then the default; then the better quality.
        Raises VoiceNotFoundError, listing the known names or languages.
        """
        if name is None and self._strategy is not None:
            wanted = language or self.default.language
            if (model or "").lower() == "espeak" and (formants := _espeak_voice_of(wanted)) is not None:
                return NamedVoice(formants)
            chosen = self._strategy.choose(self.speaking(wanted), wanted, model)
            if chosen is not None:
                return self._fixed[DEFAULT_VOICE] if chosen is self.default else NamedVoice(chosen)
        if name is not None or language is None:
            return self.resolve(DEFAULT_VOICE if name is None else name)
        if is_same(language, self.default.language):
            return self._fixed[DEFAULT_VOICE]
        if spoken := self.speaking(language):
            return NamedVoice(spoken[0])
        if self._any_language and (formants := _espeak_voice_of(language)) is not None:
            logger.info("no voice speaks %s: voice %s does", shortened(language), formants.id)
            return NamedVoice(formants)
        allowed = ", ".join(dict.fromkeys(voice.language for voice in self.all()))
        raise VoiceNotFoundError(f"No voice for language: {shortened(language)}. Allowed: {allowed}", param="language")

    def speaking(self, language: str) -> list[Voice]:
        """Return the voices of a language, by a family or a full code (`en`, `en_US`), the best first."""
        fitting = [voice for voice in self.all() if speaks(voice.language, language)]
        return sorted(
            fitting,
            key=lambda voice: (
                not is_same(voice.language, language), voice is not self.default, quality_rank(voice.quality), voice.id
            ),
        )  # fmt: skip

    def all(self) -> tuple[Voice, ...]:
        """Return every voice once, the default first; of espeak-ng's own, `espeak:de`, only the default."""
        taken = {*self._own, *self._targets}
        others = sorted(self._installed(_FRESH_SECONDS).items())
        return (self.default, *(voice for name, voice in others if name not in taken))

    def names(self) -> list[str]:
        """Return every name that a request may give."""
        return [DEFAULT_VOICE, *(voice.id for voice in self.all()), *self.aliases]

    def rescan(self) -> None:
        """Scan for new, changed and removed voices now; otherwise that happens on demand, at most once a second."""
        self._installed(0.0)

    @property
    def aliases(self) -> Mapping[str, NamedVoice]:
        """The names from `voices.aliases` whose voice exists, in the configuration's order."""
        found = {name: self._fixed.get(name) or self._follow(target) for name, target in self._targets.items()}
        return {name: named for name, named in found.items() if named is not None}

    def _follow(self, target: Mapping[str, Any]) -> NamedVoice | None:
        """Return the voice that an alias stands for: the default, an installed one or espeak-ng's, never an alias."""
        voice_id, _, speaker = target["voice"].partition("#")
        installed = self._installed(_FRESH_SECONDS).get(voice_id) or _espeak_voice(voice_id)
        voice = self.default if voice_id in self._own else installed
        return None if voice is None else NamedVoice(voice, target.get("speaker", speaker or None), _style(target))

    def _dictionary(self) -> Mapping[str, NamedVoice | None]:
        """Return every name, those of the configuration first; None is an alias whose voice is not installed."""
        files = {name: NamedVoice(voice) for name, voice in sorted(self._installed(_FRESH_SECONDS).items())}
        # The first line sets the order; of two voices under one name, the later line wins.
        return {**dict.fromkeys((*self._own, *self._targets)), **files, **self.aliases, **self._own}

    def _find(self, name: str) -> NamedVoice | None:
        """Find a name in any case, an exact match first; with a speaker after it where it is not found whole."""
        dictionary = self._dictionary()

        def find(whole: str) -> NamedVoice | None:
            found = dictionary.get(same_name(whole, dictionary) or whole)
            formants = _espeak_voice(whole) if found is None else None
            return found if formants is None else NamedVoice(formants)

        named = find(name)
        # Both an alias and the name of a speaker may contain a sign, so each sign is tried from both ends.
        for before, sign, speaker in (part(mark) for mark in "#:" for part in (name.partition, name.rpartition)):
            if named is None and sign and (found := find(before)) is not None:
                named = NamedVoice(found.voice, found.voice.known_speaker(speaker, param="voice"), found.style)
        return named


def _style(target: Mapping[str, Any]) -> Style:
    return Style(**{name: target[name] for name in Style._fields if name in target})


def _espeak_voice(name: str) -> Voice | None:
    """Return espeak-ng's own voice of a name, `espeak:de` in any case; None where it has no such."""
    if not name.lower().startswith("espeak:"):
        return None
    # Few requests ask for these voices, so a start does not wait for this import.
    from hailo_piper.voices.espeak_voices import espeak_voice

    return espeak_voice(name)


def _espeak_voice_of(language: str) -> Voice | None:
    from hailo_piper.voices.espeak_voices import espeak_voice_of

    return espeak_voice_of(language)
