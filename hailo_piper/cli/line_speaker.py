"""Lines are spoken by the configured voice, in whichever process of a batch loads it."""

from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

from hailo_piper.cli.aliases import alias_of
from hailo_piper.cli.bulk import settings_digest
from hailo_piper.cli.configuration import print_line

if TYPE_CHECKING:
    from hailo_piper.config.settings import Config
    from hailo_piper.engine.piper.batched_model import BatchedModel
    from hailo_piper.jobs.spoken_line import Speaker


class Wanted(NamedTuple):
    """The options that lines are spoken by."""

    voice: str | None
    format: str | None
    captions: str | None
    batched: "BatchedModel | None" = None
    """What speaks in place of the CPU; None where that does."""


def load_speaker(wants: Wanted, config: "Config", stack: ExitStack) -> "Speaker":
    """Load the voice in this process, prepared. Raises ConfigError."""
    from hailo_piper.assembly import build_service
    from hailo_piper.default_voice import load_default_voice
    from hailo_piper.engine.piper.speaker import PiperSpeaker
    from hailo_piper.jobs.spoken_line import Speaker
    from hailo_piper.listeners.dialect import Dialect

    default = load_default_voice(config, stack)
    device = []
    if wants.batched is not None and isinstance(default.engine.speaker, PiperSpeaker):
        default.engine.speaker.speak_by(wants.batched)
        # Another device has other last bits.
        device = ["batched"]
    else:
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
        settings=settings_digest(default.engine, config, config.encoding, *device),
    )


def load_batched(device: str, config: "Config") -> "BatchedModel | None":
    """Load the configured voice on a device; None where the CPU speaks, and why, if another one was asked for.

    `device`: `cpu`, `cuda`, or `auto`, which is a GPU where there is one. Raises ConfigError.
    """
    if device == "cpu":
        return None
    from hailo_piper.engine.piper.batched_model import BatchedModel, NoDeviceError, check_cuda
    from hailo_piper.voices.places import default_voice

    voice = default_voice(config).voice
    try:
        check_cuda()
        return BatchedModel(voice)
    except NoDeviceError as error:
        print_line(f"hailo-piper: no GPU is used: {error}; the CPU speaks")
        return None
