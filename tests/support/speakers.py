"""What a test changes inside a loaded Piper voice."""

from hailo_piper.engine.engine import Engine
from hailo_piper.engine.piper.speaker import PiperSpeaker


def piper(engine: Engine) -> PiperSpeaker:
    """The speaker of an engine whose voice is Piper's."""
    assert isinstance(engine.speaker, PiperSpeaker)
    return engine.speaker
