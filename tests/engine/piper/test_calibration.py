import json
import math

import numpy as np
import pytest

from hailo_piper.audio.loudness import loudness_lufs
from hailo_piper.audio.samples import Samples
from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.phonemes.phonemes import Phonemizer
from hailo_piper.engine.piper.calibration import QUICK, calibrate, measure_lufs
from hailo_piper.engine.piper.whole_model import WholeModel
from hailo_piper.voices.voice import embedded_model_path, read_voice


def sine(rate: int, seconds: float = 5.0, peak: float = 1.0) -> Samples:
    return (peak * np.sin(2 * np.pi * 997 * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


@pytest.mark.parametrize("rate", [16000, 22050, 44100, 48000])
@pytest.mark.parametrize(("peak", "lufs"), [(1.0, -3.01), (0.5, -9.03), (0.1, -23.01)])
def test_the_sine_of_the_standard_has_its_level(rate: int, peak: float, lufs: float) -> None:
    assert loudness_lufs(sine(rate, peak=peak), rate) == pytest.approx(lufs, abs=0.1)


def test_half_the_amplitude_is_six_decibels_less() -> None:
    samples: Samples = np.random.default_rng(1).uniform(-0.5, 0.5, 3 * 22050).astype(np.float32)
    assert loudness_lufs(samples, 22050) - loudness_lufs(samples * np.float32(0.5), 22050) == pytest.approx(
        6.0206, abs=1e-3
    )


@pytest.mark.parametrize(
    "samples",
    [np.zeros(0, np.float32), np.zeros(48000, np.float32), sine(22050, 0.39), sine(22050, peak=1e-4)],
    ids=["nothing", "silence", "too short", "under -70 LUFS"],
)
def test_what_cannot_be_heard_has_no_level(samples: Samples) -> None:
    assert loudness_lufs(samples, 22050) == -math.inf


def test_four_tenths_of_a_second_are_enough() -> None:
    assert loudness_lufs(sine(22050, 0.4), 22050) == pytest.approx(-3.01, abs=0.2)


@pytest.mark.parametrize("quiet", [0.0, 0.001, 0.05])
def test_quiet_stretches_do_not_count(quiet: float) -> None:
    samples = np.concatenate([sine(22050, 20, quiet), sine(22050, 20, 0.5), sine(22050, 20, quiet)])
    assert loudness_lufs(samples, 22050) == pytest.approx(-9.03, abs=0.1)


def test_stretches_less_than_ten_decibels_down_do_count() -> None:
    samples = np.concatenate([sine(22050, 20, 0.5), sine(22050, 20, 0.25)])
    assert loudness_lufs(samples, 22050) == pytest.approx(-9.03 + 10 * math.log10((1 + 0.25) / 2), abs=0.1)


def test_the_embedded_voice_has_the_level_it_always_had() -> None:
    level = calibrate(embedded_model_path())
    assert set(level) == {"lufs"}
    assert -27 < level["lufs"] < -24


def test_one_quick_sentence_says_nearly_as_much_of_it(espeak: Espeak) -> None:
    voice = read_voice(embedded_model_path())
    phonemizer = Phonemizer(json.loads(voice.config_path.read_text(encoding="utf-8")), espeak)
    quick = measure_lufs(WholeModel(voice, threads=1), phonemizer, voice, QUICK)
    assert quick == pytest.approx(calibrate(embedded_model_path())["lufs"], abs=1)
