import shutil
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from hailo_piper.engine import Engine, Scales, Turns
from hailo_piper.errors import BusyError, ConfigError, SynthesisError
from hailo_piper.text import Sentence
from hailo_piper.voices import read_voice
from tests.conftest import wait_until
from tests.tone_voice import make_tone_voice

SCALES = Scales(length_scale=1, noise_scale=0, noise_w_scale=0, speaker_id=0)


@pytest.fixture(scope="module")
def engine(tone_path: Path) -> Engine:
    return Engine(read_voice(tone_path))


def waiting(turns: Turns) -> int:
    return len(turns._waiting)


def test_a_unit_becomes_audio_at_the_voices_rate(engine: Engine) -> None:
    (unit,) = engine.phonemize(Sentence("Hello world."))
    chunk = engine.synthesize(unit, SCALES)
    assert chunk.sample_rate == 22050
    assert chunk.samples.dtype == np.float32
    assert chunk.samples.shape == (220 * len(unit),)


def test_length_scale_stretches(engine: Engine) -> None:
    (unit,) = engine.phonemize(Sentence("Hello world."))
    slow = engine.synthesize(unit, Scales(length_scale=2, noise_scale=0, noise_w_scale=0, speaker_id=0))
    assert len(slow.samples) == 2 * len(engine.synthesize(unit, SCALES).samples)


def test_speakers_differ(tmp_path: Path) -> None:
    engine = Engine(read_voice(make_tone_voice(tmp_path, speakers=2)))
    (unit,) = engine.phonemize(Sentence("Hello."))
    first, second = (
        engine.synthesize(unit, Scales(length_scale=1, noise_scale=0, noise_w_scale=0, speaker_id=number)).samples
        for number in (0, 1)
    )
    assert not np.array_equal(first, second)


def test_a_failing_inference_is_a_synthesis_error_and_frees_the_turn(engine: Engine) -> None:
    with pytest.raises(SynthesisError):
        engine.synthesize((1,) * 1001, SCALES)
    (unit,) = engine.phonemize(Sentence("Hello."))
    assert len(engine.synthesize(unit, SCALES, deadline=time.monotonic() + 5).samples)


def test_a_turn_that_does_not_come_in_time_is_busy(engine: Engine) -> None:
    (unit,) = engine.phonemize(Sentence("Hello."))
    with engine._turns.take(timeout_seconds=None), pytest.raises(BusyError):
        engine.synthesize(unit, SCALES, deadline=time.monotonic())
    assert len(engine.synthesize(unit, SCALES).samples)


def test_turns_are_granted_in_the_order_asked() -> None:
    turns, order = Turns(), []

    def take(name: int) -> None:
        with turns.take(timeout_seconds=None):
            order.append(name)

    threads = [threading.Thread(target=take, args=(name,)) for name in range(8)]
    with turns.take(timeout_seconds=None):
        for number, thread in enumerate(threads):
            thread.start()
            wait_until(lambda number=number: waiting(turns) == number + 1)  # type: ignore[misc]
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_one_that_asks_again_and_again_does_not_pass_those_who_wait() -> None:
    turns, order = Turns(), []

    def chapter() -> None:
        for _ in range(3):
            with turns.take(timeout_seconds=None):
                order.append("chapter")
                if len(order) == 1:
                    wait_until(lambda: waiting(turns) == 1)

    def word() -> None:
        with turns.take(timeout_seconds=None):
            order.append("word")

    first = threading.Thread(target=chapter)
    first.start()
    wait_until(lambda: bool(order))
    second = threading.Thread(target=word)
    second.start()
    first.join()
    second.join()
    assert order == ["chapter", "word", "chapter", "chapter"]


def test_who_gives_up_leaves_the_queue() -> None:
    turns = Turns()
    with turns.take(timeout_seconds=None):
        with turns.take(timeout_seconds=0.01) as taken:
            assert not taken
        assert waiting(turns) == 0
    with turns.take(timeout_seconds=0) as taken:
        assert taken


@pytest.mark.parametrize("content", [b"", b"no model", b"\x08\x07"])
def test_a_file_that_is_no_model_is_a_config_error(tmp_path: Path, tone_path: Path, content: bytes) -> None:
    (tmp_path / "x.onnx").write_bytes(content)
    shutil.copy(f"{tone_path}.json", tmp_path / "x.onnx.json")
    with pytest.raises(ConfigError, match=r"piper.model_path: .*x\.onnx is no"):
        Engine(read_voice(tmp_path / "x.onnx"))


def test_a_model_with_other_inputs_is_a_config_error(tmp_path: Path, tone_path: Path) -> None:
    shutil.copy(make_tone_voice(tmp_path / "two", speakers=2), tmp_path / "x.onnx")
    shutil.copy(f"{tone_path}.json", tmp_path / "x.onnx.json")
    with pytest.raises(ConfigError, match=r"no Piper voice: its inputs are .*sid"):
        Engine(read_voice(tmp_path / "x.onnx"))
