"""Mixed speakers, heard on a voice with a table, prepared and whole, and on one whose speakers differ in pitch."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hailo_piper.audio.samples import Samples
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.model import NOISELESS, Delivery
from hailo_piper.errors import InvalidRequestError
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.voice import embedded_model_path, read_voice
from tests.support.derived_voices import LOUDNESS, make_voice_with_table
from tests.support.services import sharing
from tests.support.tone_voice import make_tone_voice

TEXT = Sentence("We were away all year, and you know our neighbours.")


@pytest.fixture(scope="module")
def table_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_voice_with_table(tmp_path_factory.mktemp("voices"))


@pytest.fixture(scope="module", params=["prepared", "whole"])
def engine(
    request: pytest.FixtureRequest, table_path: Path, espeak: Espeak, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    with (
        sharing(espeak) as shared,
        closing(Engine(read_voice(table_path), tmp_path_factory.mktemp("cache"), shared)) as engine,
    ):
        if request.param == "prepared":
            engine.prepare()
        assert engine.is_prepared == (request.param == "prepared")
        yield engine


def speak(engine: Engine, *mix: tuple[int, float], speaker_id: int = 0) -> Samples:
    delivery = replace(NOISELESS, speaker_id=speaker_id, speaker_mix=mix)
    with closing(engine.stream([TEXT], delivery)) as stream:
        return np.concatenate([chunk.samples for chunk in stream.read(0)])


def level(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))


def test_a_mix_of_one_speaker_is_that_speaker_to_the_bit(engine: Engine) -> None:
    for speaker_id in range(3):
        alone = speak(engine, speaker_id=speaker_id)
        np.testing.assert_array_equal(speak(engine, (speaker_id, 1.0)), alone)
        other = (speaker_id + 1) % 3
        np.testing.assert_array_equal(speak(engine, (speaker_id, 1.0), (other, 0.0)), alone)
        assert not np.array_equal(speak(engine, speaker_id=other), alone)


def test_a_mix_lies_between_its_speakers(engine: Engine) -> None:
    joe, soft, slow = (speak(engine, speaker_id=number) for number in range(3))
    half = speak(engine, (0, 0.5), (2, 0.5))
    # Durations are rounded up, so the middle is not exact.
    assert len(half) == pytest.approx((len(joe) + len(slow)) / 2, rel=0.03)
    assert len(joe) * 1.1 < len(half) < len(slow) / 1.1
    levels = [level(speak(engine, (0, 1 - share), (1, share))) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert levels[0] == level(joe)
    assert levels[-1] == level(soft)
    assert levels == sorted(levels, reverse=True)
    middle = (LOUDNESS[0] + LOUDNESS[1]) / 2
    assert levels[2] == pytest.approx(levels[0] * middle, rel=0.15)


def test_three_speakers_are_mixed_in_any_order(engine: Engine) -> None:
    one = speak(engine, (0, 0.5), (1, 0.3), (2, 0.2))
    other = speak(engine, (2, 0.2), (0, 0.5), (1, 0.3))
    assert len(one) == len(other)
    np.testing.assert_allclose(one, other, atol=1e-3)


def test_both_forms_sound_alike(table_path: Path, espeak: Espeak, tmp_path: Path) -> None:
    with sharing(espeak) as shared, closing(Engine(read_voice(table_path), tmp_path, shared)) as engine:
        whole = speak(engine, (0, 0.7), (2, 0.3))
        engine.prepare()
        assert engine.is_prepared
        prepared = speak(engine, (0, 0.7), (2, 0.3))
    assert len(whole) == len(prepared)
    error = np.sum((whole.astype(np.float64) - prepared) ** 2)
    assert 10 * np.log10(np.sum(whole.astype(np.float64) ** 2) / error) > 60


@pytest.mark.parametrize(
    ("path", "tries", "reason"),
    [
        (lambda _: embedded_model_path(), False, "Voice en_US-joe-medium has one speaker"),
        (lambda directory: make_tone_voice(directory, speakers=2), False, "is being prepared, .*: try again"),
        (lambda directory: make_tone_voice(directory, speakers=2), True, "has no table of its speakers"),
    ],
)  # fmt: skip
def test_a_mix_that_cannot_be_is_refused_with_the_reason(
    path: Callable[[Path], Path], *, tries: bool, reason: str, espeak: Espeak, tmp_path: Path
) -> None:
    delivery = Delivery(length_scale=1, noise_scale=0, noise_w_scale=0, speaker_id=0, speaker_mix=((0, 0.5), (1, 0.5)))
    with sharing(espeak) as shared, closing(Engine(read_voice(path(tmp_path)), tmp_path / "cache", shared)) as engine:
        if tries:
            engine.prepare()
        for ask in (
            lambda: engine.stream([TEXT], delivery),
            lambda: engine.durations(TEXT, delivery, is_alone=True),
        ):
            with pytest.raises(InvalidRequestError, match=reason) as caught:
                ask()
            assert caught.value.param == "voice"
        assert engine.scheduler.streams == 0
