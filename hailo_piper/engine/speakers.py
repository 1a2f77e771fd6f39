"""A voice's own engine loads it; a dict has all engines."""

from collections.abc import Callable
from pathlib import Path

from hailo_piper.engine.model import Speaker
from hailo_piper.engine.piper.speaker import PiperSpeaker
from hailo_piper.engine.shared_parts import SharedParts
from hailo_piper.errors import ConfigError
from hailo_piper.voices.voice import Voice

Load = Callable[[Voice, Path, SharedParts], Speaker]
"""Loads a voice, given the directory for what is made of voices. Raises ConfigError where its files are wrong."""


def _load_piper(voice: Voice, cache_directory: Path, shared: SharedParts) -> Speaker:
    return PiperSpeaker(voice, cache_directory, shared.espeak, shared.refusals, threads=shared.scheduler.workers)


def _load_espeak(voice: Voice, _: Path, shared: SharedParts) -> Speaker:
    # Most services never speak by it.
    from hailo_piper.engine.espeak.speaker import FormantSpeaker

    return FormantSpeaker(voice, shared.formants)


def _load_kokoro(voice: Voice, _: Path, shared: SharedParts) -> Speaker:
    # Most services have no such voice.
    from hailo_piper.engine.kokoro.speaker import KokoroSpeaker

    return KokoroSpeaker(voice, shared.espeak, threads=shared.scheduler.workers)


ENGINES: dict[str, Load] = {"piper": _load_piper, "espeak": _load_espeak, "kokoro": _load_kokoro}
"""Of each `Voice.engine`."""


def load_speaker(voice: Voice, cache_directory: Path, shared: SharedParts) -> Speaker:
    """Load a voice by its engine. Raises ConfigError where its files are wrong, or no engine has that name."""
    if voice.engine not in ENGINES:
        raise ConfigError([f"voice {voice.id}: there is no engine {voice.engine!r}. Allowed: {', '.join(ENGINES)}"])
    return ENGINES[voice.engine](voice, cache_directory, shared)
