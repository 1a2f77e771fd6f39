"""Lines are spoken by the configured voice, in whichever process of a batch loads it."""

from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

from hailo_piper.cli.aliases import alias_of
from hailo_piper.cli.bulk import settings_digest

if TYPE_CHECKING:
    from hailo_piper.config.settings import Config
    from hailo_piper.jobs.spoken_line import Speaker


class Wanted(NamedTuple):
    """The options that lines are spoken by."""

    voice: str | None
    format: str | None
    captions: str | None


def load_speaker(wants: Wanted, config: "Config", stack: ExitStack) -> "Speaker":
    """Load the voice in this process, prepared. Raises ConfigError."""
    from hailo_piper.assembly import build_service
    from hailo_piper.default_voice import load_default_voice
    from hailo_piper.jobs.spoken_line import Speaker
    from hailo_piper.listeners.dialect import Dialect

    default = load_default_voice(config, stack)
    # A voice that became prepared among the lines would have two sounds.
    default.engine.prepare()
    dialect = Dialect(text="input", synonyms={"text": "input", "format": "response_format"})
    defaults = {"voice": alias_of(wants.voice, config), "response_format": wants.format}
    return Speaker(
        speech=build_service(default, config, stack).speech,
        parse=dialect.request,
        defaults={name: value for name, value in defaults.items() if value is not None},
        captions=wants.captions,
        language=default.engine.voice.language,
        settings=settings_digest(default.engine, config, config.encoding),
    )
