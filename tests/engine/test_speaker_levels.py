"""The level of each speaker is that of its sound, is measured once, and makes nobody wait who listens."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hailo_piper.audio.loudness import loudness_lufs
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.model import NOISELESS, Delivery
from hailo_piper.engine.piper.calibration import SENTENCES
from hailo_piper.engine.scheduler import Scheduler
from hailo_piper.engine.speaker_levels import SENTENCES_MEASURED, SpeakerLevels
from hailo_piper.errors import BusyError, InvalidRequestError, SynthesisError
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.voice import embedded_model_path, read_voice
from tests.support.client import wait_until
from tests.support.derived_voices import LOUDNESS, make_voice_with_table
from tests.support.services import sharing
from tests.support.speakers import piper


@pytest.fixture(scope="module", params=["prepared", "whole"])
def engine(
    request: pytest.FixtureRequest, espeak: Espeak, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    voice = read_voice(make_voice_with_table(tmp_path_factory.mktemp("voices")))
    with sharing(espeak) as shared, closing(Engine(voice, tmp_path_factory.mktemp("cache"), shared)) as engine:
        if request.param == "prepared":
            engine.prepare()
            assert engine.is_prepared
        yield engine


def heard(engine: Engine, delivery: Delivery) -> float:
    """The level of the same sentences, as a request speaks them."""
    said = SENTENCES[:SENTENCES_MEASURED]
    with closing(engine.stream(said, delivery)) as stream:
        chunks = [chunk.samples for number in range(len(said)) for chunk in stream.read(number)]
    return loudness_lufs(np.concatenate(chunks), engine.voice.sample_rate)


def test_each_speaker_has_the_level_that_is_heard(engine: Engine) -> None:
    first = heard(engine, NOISELESS)
    for speaker_id in (1, 2):
        softer = engine.speaker_lufs(speaker_id) - engine.lufs
        assert softer == pytest.approx(heard(engine, replace(NOISELESS, speaker_id=speaker_id)) - first, abs=0.05)
    assert engine.speaker_lufs(1) - engine.lufs == pytest.approx(20 * np.log10(LOUDNESS[1]), abs=2)
    mix = ((0, 0.5), (1, 0.5))
    level = engine.speaker_lufs(0, mix) - engine.lufs
    assert level == pytest.approx(heard(engine, replace(NOISELESS, speaker_mix=mix)) - first, abs=0.05)
    assert engine.speaker_lufs(1) < engine.lufs + level < engine.lufs + 1


def test_the_first_speaker_is_not_measured_and_others_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.speaker_lufs(2)

    def never(*_: object, **__: object) -> None:
        raise AssertionError("nothing is to be spoken")

    monkeypatch.setattr(piper(engine)._model, "encode", never)
    assert engine.speaker_lufs(0) == engine.speaker_lufs(0, ((0, 1.0),)) == engine.lufs
    assert engine.speaker_lufs(2) == engine.speaker_lufs(0, ((2, 1.0),))


def test_a_mix_that_cannot_be_is_refused(espeak: Espeak, cache_directory: Path) -> None:
    voice = read_voice(embedded_model_path())
    with (
        sharing(espeak) as shared,
        closing(Engine(voice, cache_directory, shared)) as engine,
        pytest.raises(InvalidRequestError, match="has one speaker"),
    ):
        engine.speaker_lufs(0, ((0, 0.5), (1, 0.5)))


@dataclass
class FakeUnit:
    """A second of a sine."""

    gain: float = 1.0
    frames: int = 100
    samples_per_frame: int = 220
    num_samples: int = 22_000
    overlap: int = 3
    id_samples: Any = None
    flowed: list[tuple[int, int]] = field(default_factory=list)

    def flow(self, start: int, end: int) -> None:
        assert start == (self.flowed[-1][1] if self.flowed else 0)
        self.flowed.append((start, end))

    def decode(self, start: int, end: int) -> Any:
        assert min(end + self.overlap, self.frames) <= self.flowed[-1][1]
        times = np.arange(start * 220, end * 220) / 22_000
        return (self.gain * 0.1 * np.sin(2 * np.pi * 1000 * times)).astype(np.float32)


@dataclass
class FakeModel:
    """A model that counts its units, and fails as often as it is told. All speakers but the first are 6 dB softer."""

    failures: int = 0
    units: int = 0

    def encode(self, _: object, delivery: Delivery, **__: object) -> FakeUnit:
        self.units += 1
        if self.failures:
            self.failures -= 1
            raise RuntimeError("no memory")
        return FakeUnit(gain=1.0 if delivery == NOISELESS else 0.5)


class FakePhonemizer:
    """One unit for each sentence."""

    silent = False

    def phonemize(self, _: Sentence) -> tuple[tuple[int, ...], ...]:
        return () if self.silent else ((1, 2, 3),)


def levels(model: FakeModel, scheduler: Scheduler, phonemizer: FakePhonemizer | None = None) -> SpeakerLevels:
    given = (phonemizer or FakePhonemizer()).phonemize
    model_for: Callable[[Delivery], Any] = lambda _: model  # noqa: E731
    return SpeakerLevels(model_for, given, scheduler, 22_000, lambda: -20.0)


def test_all_who_ask_at_once_share_one_measurement() -> None:
    model = FakeModel()
    with closing(Scheduler(0)) as scheduler:
        one, found = levels(model, scheduler), list[float]()
        threads = [threading.Thread(target=lambda: found.append(one.lufs(3))) for _ in range(5)]
        for thread in threads:
            thread.start()
        steps = 0
        while any(thread.is_alive() for thread in threads):
            steps += scheduler.run_next()
        assert found == [pytest.approx(-26.0, abs=0.1)] * 5
        assert model.units == 2 * SENTENCES_MEASURED
        assert steps > 6 * SENTENCES_MEASURED, "it was spoken window by window"


def test_speech_that_is_heard_comes_before_each_step() -> None:
    heard, found, steps = list[int](), list[float](), 0
    with closing(Scheduler(0)) as scheduler:
        one = levels(FakeModel(), scheduler)
        asking = threading.Thread(target=lambda: found.append(one.lufs(3)))
        asking.start()
        wait_until(lambda: bool(scheduler._heap))
        while asking.is_alive():
            if not scheduler._heap:
                continue
            scheduler.submit(time.monotonic(), lambda: heard.append(1))
            scheduler.run_next()
            assert len(heard) == steps + 1, "the step came first"
            scheduler.run_next()
            steps += 1
    assert found == [pytest.approx(-26.0, abs=0.1)]
    assert steps > 6 * SENTENCES_MEASURED


def test_a_failure_is_the_askers_error_and_not_kept() -> None:
    with closing(Scheduler(1)) as scheduler:
        one = levels(FakeModel(failures=1), scheduler)
        with pytest.raises(SynthesisError):
            one.lufs(3)
        assert one.lufs(3) == pytest.approx(-26.0, abs=0.1)


def test_a_voice_that_cannot_say_the_sentences_has_its_own_level() -> None:
    phonemizer = FakePhonemizer()
    phonemizer.silent = True
    with closing(Scheduler(1)) as scheduler:
        assert levels(FakeModel(), scheduler, phonemizer).lufs(3) == -20.0


def test_a_service_that_stops_lets_nobody_wait() -> None:
    scheduler = Scheduler(0)
    one, found = levels(FakeModel(), scheduler), list[BaseException]()

    def ask() -> None:
        try:
            one.lufs(3)
        except BusyError as error:
            found.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    wait_until(lambda: bool(scheduler._heap))
    scheduler.close()
    asking.join(30)
    assert len(found) == 1


def test_levels_that_are_kept_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hailo_piper.engine.speaker_levels._MOST_KEPT", 2)
    model = FakeModel()
    with closing(Scheduler(1)) as scheduler:
        one = levels(model, scheduler)
        for speaker_id in (1, 2, 2, 1):
            one.lufs(speaker_id)
        # The first speaker's is among them; the oldest is measured again.
        assert model.units == 5 * SENTENCES_MEASURED
