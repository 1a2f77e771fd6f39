"""The engine over real voices: the tone voice, spoken whole, and joe, prepared and streamed."""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from hailo_piper.audio.samples import Samples
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.model import Delivery, Take
from hailo_piper.engine.phonemes.phonemes import Phonemizer
from hailo_piper.engine.phonemes.units import PhonemeIds
from hailo_piper.engine.piper.whole_model import WholeModel
from hailo_piper.engine.shared_parts import SharedParts
from hailo_piper.engine.stream import Stream
from hailo_piper.errors import ConfigError, InvalidRequestError, SynthesisError
from hailo_piper.machine.heap import _own_bytes, return_freed_memory
from hailo_piper.text.sentence import Sentence
from hailo_piper.text.splitter import split
from hailo_piper.voices.voice import embedded_model_path, read_voice
from tests.support.client import wait_until
from tests.support.services import sharing
from tests.support.speakers import piper
from tests.support.tone_voice import make_tone_voice

DELIVERY = Delivery(length_scale=1, noise_scale=0, noise_w_scale=0, speaker_id=0)
HELLO = Sentence("Hello world.")
STORY = "Really? Yes! It's 12 o'clock; she paid five dollars: done. " + "One long sentence, with commas, goes on. " * 4


@pytest.fixture(scope="module")
def tone(tone_path: Path, cache_directory: Path, espeak: Espeak) -> Iterator[Engine]:
    with sharing(espeak) as shared, closing(Engine(read_voice(tone_path), cache_directory, shared)) as engine:
        yield engine


@pytest.fixture(scope="module")
def joe(cache_directory: Path, espeak: Espeak) -> Iterator[Engine]:
    with (
        sharing(espeak) as shared,
        closing(Engine(read_voice(embedded_model_path()), cache_directory, shared)) as engine,
    ):
        engine.prepare()
        assert engine.is_prepared
        yield engine


def speak(engine: Engine, text: str, delivery: Delivery = DELIVERY) -> Samples:
    sentences = split(text)
    stream = engine.stream(sentences, delivery)
    chunks = [chunk for number in range(len(sentences)) for chunk in stream.read(number)]
    stream.close()
    assert {chunk.sample_rate for chunk in chunks} == {engine.voice.sample_rate}
    return np.concatenate([chunk.samples for chunk in chunks])


def speak_whole(engine: Engine, text: str) -> Samples:
    model = WholeModel(engine.voice, threads=1)
    encoded = [
        model.encode(unit, DELIVERY, is_alone=True)
        for sentence in split(text)
        for unit in piper(engine).phonemizer.phonemize(sentence)
    ]
    return np.concatenate([each.decode(0, each.frames) for each in encoded])


def test_length_scale_stretches(tone: Engine) -> None:
    slow = Delivery(length_scale=2, noise_scale=0, noise_w_scale=0, speaker_id=0)
    assert len(speak(tone, "Hello world.", slow)) == 2 * len(speak(tone, "Hello world."))


def test_speakers_differ(tmp_path: Path, shared: SharedParts) -> None:
    engine = Engine(read_voice(make_tone_voice(tmp_path, speakers=2)), tmp_path / "cache", shared)
    first, second = (
        speak(engine, "Hello.", Delivery(length_scale=1, noise_scale=0, noise_w_scale=0, speaker_id=number))
        for number in (0, 1)
    )
    engine.close()
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("text", ["Hello world.", STORY, "word " * 300])
def test_streamed_sound_is_the_whole_graphs_sound(joe: Engine, text: str) -> None:
    streamed, whole = speak(joe, text), speak_whole(joe, text)
    assert len(streamed) == len(whole)
    error = np.sum((streamed.astype(np.float64) - whole) ** 2)
    assert 10 * np.log10(np.sum(whole.astype(np.float64) ** 2) / error) > 60


def test_fifty_at_once_say_what_each_said_alone_bit_by_bit(joe: Engine) -> None:
    texts = [f"Number {number} of many. {'It goes on and on. ' * (number % 5)}" for number in range(50)]
    alone = [speak(joe, text) for text in texts]
    together: dict[int, Samples] = {}
    threads = [
        threading.Thread(target=lambda number=number, text=text: together.update({number: speak(joe, text)}))
        for number, text in enumerate(texts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, samples in enumerate(alone):
        np.testing.assert_array_equal(together[number], samples)


def test_a_voice_that_cannot_be_cut_is_spoken_whole_with_a_warning(
    tone_path: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, shared: SharedParts
) -> None:
    engine = Engine(read_voice(tone_path), tmp_path, shared)
    before = speak(engine, "Hello world.")
    engine.prepare()
    assert not engine.is_prepared
    assert "cannot be streamed in windows" in caplog.text
    np.testing.assert_array_equal(speak(engine, "Hello world."), before)
    engine.close()


def test_a_stream_goes_on_while_the_prepared_voice_is_taken_into_use(tmp_path: Path, shared: SharedParts) -> None:
    engine = Engine(read_voice(embedded_model_path()), tmp_path, shared)
    stream = engine.stream(split(STORY), DELIVERY)
    first = next(stream.read(0))
    engine.prepare()
    assert engine.is_prepared
    rest = [chunk.samples for number in range(len(split(STORY))) for chunk in stream.read(number)]
    stream.close()
    assert len(first.samples) + sum(map(len, rest)) == len(speak(engine, STORY))
    engine.close()


def test_a_damaged_cache_is_noticed_and_made_anew(
    tmp_path: Path, cache_directory: Path, joe: Engine, shared: SharedParts
) -> None:
    assert joe.is_prepared
    shutil.copytree(cache_directory, tmp_path / "cache")
    (weights,) = (tmp_path / "cache").glob("*/decoder.bin")
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 0xFF
    weights.chmod(0o644)
    weights.write_bytes(content)
    engine = Engine(read_voice(embedded_model_path()), tmp_path / "cache", shared)
    assert not engine.is_prepared
    engine.prepare()
    assert engine.is_prepared
    np.testing.assert_allclose(speak(engine, "Hello world."), speak(joe, "Hello world."), atol=1e-4)
    engine.close()


def test_an_unwritable_cache_directory_is_no_obstacle(tmp_path: Path, shared: SharedParts) -> None:
    (tmp_path / "file").write_text("")
    engine = Engine(read_voice(embedded_model_path()), tmp_path / "file" / "cache", shared)
    engine.prepare()
    assert engine.is_prepared
    staged = piper(engine).preparation.staged
    assert staged is not None
    temporary = staged.encoder_path.parents[1]
    assert len(speak(engine, "Hello world."))
    engine.close()
    assert not temporary.exists()


def test_closing_stops_a_preparation_and_every_thread(tmp_path: Path, shared: SharedParts) -> None:
    before = threading.active_count()
    engine = Engine(read_voice(embedded_model_path()), tmp_path, shared)
    preparation = threading.Thread(target=engine.prepare)
    preparation.start()
    engine.close()
    preparation.join(timeout=30)
    wait_until(lambda: threading.active_count() <= before)
    assert not list(tmp_path.glob(".making-*"))


def test_the_level_is_about_the_same_whole_and_prepared(joe: Engine, tmp_path: Path, shared: SharedParts) -> None:
    engine = Engine(read_voice(embedded_model_path()), tmp_path, shared)
    assert engine.lufs == pytest.approx(joe.lufs, abs=2)
    engine.close()


def test_a_failing_inference_reaches_its_own_stream_only(tone: Engine) -> None:
    failing = tone.stream([Sentence("a")], DELIVERY)
    # The tone voice fails at more than 1000 ids, which no sentence can have: the model is asked directly.
    failing._model.encode((1,) * 10, DELIVERY, is_alone=True)
    with pytest.raises(Exception, match="indices"):
        failing._model.encode((1,) * 1001, DELIVERY, is_alone=True)
    failing.close()
    assert len(speak(tone, "Hello."))


def test_the_stream_tells_a_synthesis_error(tone: Engine) -> None:
    bad = Delivery(length_scale=float("nan"), noise_scale=0, noise_w_scale=0, speaker_id=0)
    stream = tone.stream([HELLO], bad)
    with pytest.raises(SynthesisError):
        list(stream.read(0))
    stream.close()
    assert len(speak(tone, "Hello."))


@pytest.mark.parametrize("content", [b"", b"no model", b"\x08\x07"])
def test_a_file_that_is_no_model_is_a_config_error(
    tmp_path: Path, tone_path: Path, content: bytes, shared: SharedParts
) -> None:
    (tmp_path / "x.onnx").write_bytes(content)
    shutil.copy(f"{tone_path}.json", tmp_path / "x.onnx.json")
    with pytest.raises(ConfigError, match=r"piper.model_path: .*x\.onnx is no"):
        Engine(read_voice(tmp_path / "x.onnx"), tmp_path, shared)


def test_a_model_with_other_inputs_is_a_config_error(tmp_path: Path, tone_path: Path, shared: SharedParts) -> None:
    shutil.copy(make_tone_voice(tmp_path / "two", speakers=2), tmp_path / "x.onnx")
    shutil.copy(f"{tone_path}.json", tmp_path / "x.onnx.json")
    with pytest.raises(ConfigError, match=r"no Piper voice: its inputs are .*sid"):
        Engine(read_voice(tmp_path / "x.onnx"), tmp_path, shared)


def test_an_idle_engine_proves_that_it_lives_by_a_word(tone: Engine) -> None:
    assert tone.scheduler.stalled_seconds() is None
    assert tone.is_alive(10)


def test_an_engine_lives_while_its_inference_is_within_patience(tone: Engine) -> None:
    begun, end = threading.Event(), threading.Event()

    def hang() -> None:
        begun.set()
        end.wait(10)

    tone.scheduler.submit(0, hang)
    assert begun.wait(10)
    assert tone.is_alive(10)
    wait_until(lambda: not tone.is_alive(0.05))
    end.set()
    wait_until(lambda: tone.scheduler.stalled_seconds() is None)
    assert tone.is_alive(10)


def test_an_engine_that_fails_at_a_word_does_not_live(
    tone_path: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, shared: SharedParts
) -> None:
    class BrokenModel:
        knows_durations = True
        keeps_paces = True
        keeps_pitch = False
        mixes_speakers = False

        def encode(self, *_: object, **__: object) -> Take:
            raise ValueError("broken")

        def tempo(self, speed: float) -> float:
            return speed

        def shrink(self, unit: PhonemeIds) -> None:
            pass

    engine = Engine(read_voice(tone_path), tmp_path, shared)
    piper(engine)._model = BrokenModel()
    assert not engine.is_alive(10)
    assert "the voice cannot say a word" in caplog.text
    engine.close()


def test_what_many_requests_needed_at_once_is_given_back(joe: Engine) -> None:
    def read(stream: Stream) -> None:
        for number in range(len(sentences)):
            for _ in stream.read(number):
                pass
        stream.close()

    sentences = split(STORY * 2)
    threads = [threading.Thread(target=read, args=(joe.stream(sentences, DELIVERY),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return_freed_memory()
    kept = _own_bytes()
    piper(joe)._model.shrink(piper(joe).phonemizer.phonemize(HELLO)[0])
    return_freed_memory()
    assert _own_bytes() < kept - (8 << 20)


def test_a_text_that_espeak_cannot_read_is_refused_and_counts_for_nothing(joe: Engine, espeak: Espeak) -> None:
    config = json.loads(joe.voice.config_path.read_text())
    before, phonemizer = joe.scheduler.streams, piper(joe).phonemizer
    piper(joe).phonemizer = Phonemizer({**config, "espeak": {"voice": "ne"}}, espeak)
    try:
        with pytest.raises(InvalidRequestError):
            joe.stream([Sentence("🔟🗆📩।")], DELIVERY)
        with closing(joe.stream([HELLO, Sentence("🔟🗆📩।")], DELIVERY)) as stream, pytest.raises(InvalidRequestError):
            list(stream.read(0))
    finally:
        piper(joe).phonemizer = phonemizer
    assert joe.scheduler.streams == before
    assert len(speak(joe, "Hello."))
