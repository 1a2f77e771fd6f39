"""Speed: the answer is as much shorter as was asked for, by the voice's own durations and by a stretch beyond them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
import pytest

from hailo_piper.assembly import build_service
from hailo_piper.audio.samples import Samples
from hailo_piper.config.loading import parse_config
from hailo_piper.default_voice import load_default_voice
from hailo_piper.server import Server
from hailo_piper.speech.request import SpeechRequest
from tests.support.client import post, wav_of
from tests.support.services import QUIET

TEXT = "The train to the coast has been delayed by forty minutes today."
SPEEDS = (0.25, 0.5, 0.8, 1.25, 1.5, 2.0, 3.0, 4.0)
Speak = Callable[..., Samples]


@pytest.fixture(scope="module")
def speak(cache_directory: Path) -> Iterator[Speak]:
    config = parse_config({"piper": {**QUIET, "cache_directory": str(cache_directory)}})
    with ExitStack() as stack:
        default = load_default_voice(config, stack)
        default.engine.prepare()
        assert default.engine.is_prepared
        speech = build_service(default, config, stack).speech

        def speak(**fields: object) -> Samples:
            request = SpeechRequest(text=TEXT, response_format="pcm", sample_rate=22050, **fields)  # type: ignore[arg-type]
            with closing(speech.speak(request, listener="test")) as reply:
                answer = b"".join(reply)
            assert reply.content_length == len(answer)
            return (np.frombuffer(answer, "<i2") / 32768).astype(np.float32)

        yield speak


@pytest.mark.parametrize("speed", SPEEDS)
def test_an_answer_is_as_fast_as_was_asked(speak: Speak, speed: float) -> None:
    ratio = len(speak(speed=1.0)) / len(speak(speed=speed))
    assert ratio == pytest.approx(speed, rel=0.01)


@pytest.mark.parametrize("speed", SPEEDS)
def test_the_last_word_is_still_there(speak: Speak, speed: float) -> None:
    samples = speak(speed=speed)
    loud = np.flatnonzero(np.abs(samples) > 0.05)
    # Before the first word and after the last the voice itself is silent for 0.04 to 0.16 s.
    assert loud[0] < 0.12 / min(speed, 1) * 22050
    assert len(samples) - loud[-1] < 0.3 / min(speed, 1) * 22050
    assert len(samples) - loud[-1] > 100


def test_length_scale_is_pipers_own_and_speed_comes_on_top(speak: Speak) -> None:
    slow = len(speak(length_scale=1.5))
    assert slow > 1.2 * len(speak())
    assert slow / len(speak(length_scale=1.5, speed=2.0)) == pytest.approx(2, rel=0.01)


def test_speed_is_that_over_http_too(joe_server: Server) -> None:
    def seconds(speed: float) -> float:
        body = {"input": TEXT, "speed": speed, **QUIET}
        format_, pcm = wav_of(post(joe_server.http.port, "/v1/audio/speech", body).data)
        return len(pcm) / 2 / format_.framerate

    assert seconds(1.0) / seconds(3.0) == pytest.approx(3, rel=0.01)
