"""The real voice speaks in this process, and tells when its words sound."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soxr
from aligners import RATE, Sound

from hailo_piper.assembly import build_service
from hailo_piper.audio.word import Word
from hailo_piper.config.loading import parse_config
from hailo_piper.default_voice import load_default_voice
from hailo_piper.speech.request import SpeechRequest

SENTENCES = Path(__file__).parent / "sentences.txt"


class Spoken(NamedTuple):
    """A text as it was spoken."""

    sound: Sound
    rate: int
    """Hz."""
    words: list[Word]

    def heard(self) -> Sound:
        """The sound at the rate of the recognisers."""
        return at_listening_rate(self.sound, self.rate)


@contextmanager
def speaking() -> Iterator[Callable[[str], Spoken]]:
    """Yield what speaks a text with the default voice, prepared, and with the noise that it has by default."""
    with ExitStack() as stack:
        config = parse_config({"logging": {"level": "WARNING"}})
        default = load_default_voice(config, stack)
        default.engine.prepare()
        service = build_service(default, config, stack)
        rate = default.engine.voice.sample_rate

        def speak(text: str) -> Spoken:
            request = SpeechRequest(text=text, words=True, response_format="pcm", sample_rate=rate)
            with closing(service.speech.speak(request, listener="benchmark")) as reply:
                pcm, words = b"", list[Word]()
                for piece in reply:
                    pcm += piece
                    words += reply.take_words()
            return Spoken((np.frombuffer(pcm, "<i2") / np.float32(32768)).astype(np.float32), rate, words)

        yield speak


def at_listening_rate(sound: Sound, rate: int) -> Sound:
    resampled: Sound = soxr.resample(sound, rate, RATE).astype(np.float32)
    return resampled
