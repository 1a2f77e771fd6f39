"""Units that are spoken together, on the CPU's provider: the code path of a GPU."""

import threading
import wave
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import pytest

from hailo_piper.audio.samples import Samples
from hailo_piper.cli.bulk import without_bounds
from hailo_piper.cli.line_speaker import Wanted, load_batched, load_speaker
from hailo_piper.config.settings import Config
from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.model import NOISELESS, Delivery
from hailo_piper.engine.phonemes.phonemes import phonemizer_of
from hailo_piper.engine.phonemes.units import PhonemeIds
from hailo_piper.engine.piper.batched_model import CPU, BatchedModel, NoDeviceError
from hailo_piper.engine.piper.whole_model import WholeModel
from hailo_piper.engine.whole_unit import WholeUnit
from hailo_piper.jobs.lines import Line
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.places import default_voice
from hailo_piper.voices.voice import Voice
from tests.support.client import wait_until

TEXTS = (
    "Hello.",
    "This is a sentence of some length.",
    "The birch canoe slid on the smooth planks.",
    "Glue the sheet to the dark blue background, and then let it dry in the sun for a day.",
)
LEAST_DECIBELS = 50
"""Of a unit in a batch against the same unit alone: the sum of many numbers depends on their order."""


@pytest.fixture(scope="module")
def voice(joe_config: Config) -> Voice:
    return default_voice(joe_config).voice


@pytest.fixture(scope="module")
def model(voice: Voice) -> BatchedModel:
    return BatchedModel(voice, CPU, threads=2)


@pytest.fixture(scope="module")
def units(voice: Voice, espeak: Espeak) -> list[PhonemeIds]:
    phonemizer = phonemizer_of(voice, espeak)
    return [phonemizer.phonemize(Sentence(text))[0] for text in TEXTS]


class Recorded(BatchedModel):
    """The real model, whose batches are noted."""

    def __init__(self, voice: Voice, **settings: Any) -> None:
        super().__init__(voice, CPU, threads=2, **settings)
        self.batches: list[int] = []
        self.lengths: list[list[int]] = []
        self.fits = 1000
        self.broken: PhonemeIds | None = None

    def _run(self, batch: Sequence[Any]) -> Any:
        self.batches.append(len(batch))
        self.lengths.append([len(job.unit) for job in batch])
        if len(batch) > self.fits or any(job.unit == self.broken for job in batch):
            raise RuntimeError("no memory")
        return super()._run(batch)


@pytest.fixture(scope="module")
def shared_recorded(voice: Voice) -> Recorded:
    return Recorded(voice)


@pytest.fixture
def recorded(shared_recorded: Recorded) -> Iterator[Recorded]:
    shared_recorded.batches, shared_recorded.lengths = [], []
    shared_recorded.fits, shared_recorded.broken = 1000, None
    yield shared_recorded
    shared_recorded._most = 128


def at_once(
    model: BatchedModel, units: Sequence[PhonemeIds], deliveries: Sequence[Delivery] | None = None
) -> list[WholeUnit | Exception]:
    """Units that all wait for the device before it is free."""

    def encode(number: int) -> WholeUnit | Exception:
        delivery = NOISELESS if deliveries is None else deliveries[number]
        try:
            return model.encode(units[number], delivery, is_alone=False)
        except RuntimeError as error:
            return error

    with ThreadPoolExecutor(len(units)) as pool:
        with model._device:
            futures = [pool.submit(encode, number) for number in range(len(units))]
            wait_until(lambda: len(model._waiting) == len(units))
        return [future.result() for future in futures]


def samples_of(unit: WholeUnit | Exception) -> Samples:
    assert isinstance(unit, WholeUnit), unit
    return unit.decode(0, unit.frames)


def decibels(wanted: Samples, found: Samples) -> float:
    """How far the difference is below the sound."""
    assert wanted.shape == found.shape
    noise = float(np.square(wanted - found).mean())
    return 10 * float(np.log10(np.square(wanted).mean() / max(noise, 1e-20)))


def test_a_unit_in_a_batch_is_the_unit_alone(voice: Voice, recorded: Recorded, units: list[PhonemeIds]) -> None:
    whole = WholeModel(voice, threads=2)
    together = at_once(recorded, units)
    assert recorded.batches == [len(units)]
    for unit, spoken in zip(units, together, strict=True):
        alone = whole.encode(unit, NOISELESS, is_alone=True)
        assert isinstance(spoken, WholeUnit)
        assert spoken.id_samples.tolist() == alone.id_samples.tolist()
        assert decibels(samples_of(alone), samples_of(spoken)) > LEAST_DECIBELS


def test_units_of_like_length_go_together(recorded: Recorded, units: list[PhonemeIds]) -> None:
    recorded._most = 2
    at_once(recorded, [units[0], units[3], units[0], units[3]])
    assert sorted(recorded.lengths) == [[len(units[0])] * 2, [len(units[3])] * 2]


def test_units_that_are_spoken_in_another_way_are_another_batch(recorded: Recorded, units: list[PhonemeIds]) -> None:
    slow = replace(NOISELESS, length_scale=2.0)
    quick, other = at_once(recorded, [units[1], units[1]], [NOISELESS, slow])
    assert recorded.batches == [1, 1]
    assert len(samples_of(other)) > 1.7 * len(samples_of(quick))


def test_a_device_without_memory_for_all_speaks_fewer_at_once(recorded: Recorded, units: list[PhonemeIds]) -> None:
    wanted = [samples_of(one) for one in at_once(recorded, units)]
    recorded.fits, recorded.batches = 1, []
    found = [samples_of(one) for one in at_once(recorded, units)]
    assert sorted(recorded.batches) == [1, 1, 1, 1, 2, 2, 4]
    assert all(decibels(*pair) > LEAST_DECIBELS for pair in zip(wanted, found, strict=True))


def test_a_unit_that_fails_fails_alone(recorded: Recorded, units: list[PhonemeIds]) -> None:
    recorded.broken = units[2]
    spoken = at_once(recorded, units)
    assert [isinstance(one, WholeUnit) for one in spoken] == [True, True, False, True]


def test_a_provider_that_does_not_start_is_told(voice: Voice) -> None:
    with pytest.raises(NoDeviceError):
        BatchedModel(voice, ("NoSuchExecutionProvider", {}))
    with pytest.raises(NoDeviceError, match="is no voice of Piper"):
        BatchedModel(replace(voice, engine="espeak"), CPU)


def test_without_a_gpu_the_cpu_speaks_and_says_so(joe_config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    assert load_batched("cpu", joe_config) is None
    assert capsys.readouterr().err == ""
    for device in ("cuda", "auto"):
        assert load_batched(device, joe_config) is None
        assert "no GPU is used" in capsys.readouterr().err


def spoken_by(config: Config, batched: BatchedModel | None) -> tuple[list[Samples], str]:
    """Lines through the whole pipeline, and the digest of what one of them was asked for."""
    lines = [Line(number=at, identifier=str(at), fields={"input": text * 2}) for at, text in enumerate(TEXTS)]

    def sound(line: Line) -> Samples:
        with closing(speaker.speech.speak(replace(speaker.request(line), in_bulk=True), listener="batch")) as reply:
            data = b"".join(reply)
        with wave.open(BytesIO(data[: -(len(data) % 2) or None])) as file:
            return np.frombuffer(file.readframes(1 << 30), np.int16).astype(np.float32)

    with ExitStack() as stack:
        speaker = load_speaker(Wanted(None, "wav", None, batched), without_bounds(config, synthesis_threads=8), stack)
        with ThreadPoolExecutor(len(lines)) as pool:
            return list(pool.map(sound, lines)), speaker.digest(lines[0])


def test_lines_have_the_level_and_the_limiter_of_always(joe_config: Config, model: BatchedModel) -> None:
    usual, digest = spoken_by(joe_config, None)
    batched, other_digest = spoken_by(joe_config, model)
    assert digest != other_digest
    for wanted, found in zip(usual, batched, strict=True):
        assert decibels(wanted, found) > 45
    assert threading.active_count() < 100
