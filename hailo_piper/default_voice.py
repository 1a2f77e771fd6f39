"""Loads the configured voice, or the substitute that `engines.fallback` names for it.

What is imported here is imported at every start: a substitute's own parts come only where one is needed.
"""

import logging
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace

from hailo_piper.config.settings import Config
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.scheduler import Scheduler
from hailo_piper.engine.shared_parts import SharedParts
from hailo_piper.errors import ConfigError
from hailo_piper.machine import cpus
from hailo_piper.voices.names import NamedVoice
from hailo_piper.voices.places import default_voice, installed, places, prepared_directory

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DefaultVoice:
    """The configured voice, loaded, and the parts that further voices will share with it."""

    named: NamedVoice
    engine: Engine
    shared: SharedParts
    load_seconds: float
    is_substitute: bool = False
    """Whether it speaks instead of the configured voice, which is missing or broken."""


def load_default_voice(config: Config, stack: ExitStack, *, named: NamedVoice | None = None) -> DefaultVoice:
    """Load the configured voice, or `named`, and start the worker threads and espeak-ng. Raises ConfigError."""
    started = time.monotonic()
    named = named or default_voice(config)
    shared = SharedParts(Scheduler(cpus.synthesis_threads(config.performance.synthesis_threads)), Espeak())
    stack.callback(shared.close)
    engine = Engine(named.voice, prepared_directory(config), shared)
    # A thread in native code when Python ends would abort the program.
    stack.callback(engine.close)
    return DefaultVoice(named=named, engine=engine, shared=shared, load_seconds=time.monotonic() - started)


def load_default_or_substitute(config: Config, stack: ExitStack) -> DefaultVoice:
    """Load the configured voice, or else the first of `engines.fallback` that can be. Raises ConfigError."""
    with ExitStack() as attempt:
        try:
            default = load_default_voice(config, attempt)
        except ConfigError as error:
            if not config.engines.fallback:
                raise
            failure = error
        else:
            stack.push(attempt.pop_all())
            return default
    from hailo_piper.voices.substitutes import language_in, substitutes

    logger.error("the configured voice cannot be loaded: %s", "; ".join(failure.problems))
    language = language_in(config.piper.model_path)
    for voice in substitutes(config.engines.fallback, language, installed(places(config))(0.0).get):
        # What was begun for a voice that fails ends at once.
        with ExitStack() as attempt:
            try:
                default = load_default_voice(config, attempt, named=NamedVoice(voice))
            except ConfigError as error:
                logger.warning("voice %s cannot stand in for it: %s", voice.id, "; ".join(error.problems))
                continue
            stack.push(attempt.pop_all())
        logger.error("the service is degraded: voice %s speaks instead", voice.id)
        return replace(default, is_substitute=True)
    raise failure
