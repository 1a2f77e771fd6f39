import numpy as np
import pytest
import soxr

from hailo_piper.audio.limiter import CEILING, Limiter
from hailo_piper.audio.samples import Samples
from tests.support.decoding import true_peak

RATE = 22050


def limited(samples: Samples, cut: int | None = None, rate: int = RATE) -> Samples:
    limiter = Limiter(rate)
    size = cut or max(1, len(samples))
    parts = [limiter.push(samples[start : start + size]) for start in range(0, len(samples), size)]
    return np.concatenate([*parts, limiter.flush()])


def tone(hertz: float, peak: float, seconds: float = 0.5, rate: int = RATE) -> Samples:
    return (peak * np.cos(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def faded(samples: Samples) -> Samples:
    """Without the edges, whose true peak is above that of the tone."""
    ramp = np.sin(np.linspace(0, np.pi / 2, 200, dtype=np.float32)) ** 2
    shaped: Samples = samples * np.concatenate([ramp, np.ones(len(samples) - 400, np.float32), ramp[::-1]])
    return shaped


def speechlike(seed: int, peak: float, bandwidth: int = 7000, rate: int = RATE) -> Samples:
    """Band-limited noise in syllables, scaled to a true peak."""
    noise = np.random.default_rng(seed).standard_normal(2 * bandwidth * 2).astype(np.float32)
    sound = soxr.resample(noise, 2 * bandwidth, rate, quality="VHQ")
    syllables = np.abs(np.sin(2 * np.pi * 2 * np.arange(len(sound)) / rate)) ** 2
    sound = (sound * syllables).astype(np.float32)
    samples: Samples = (sound * (peak / true_peak(sound, rate))).astype(np.float32)
    return samples


@pytest.mark.parametrize("cut", [1, 441, None])
@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(3000, np.float32),
        faded(tone(440, 0.99 * CEILING)),
        faded(tone(3000, 0.98 * CEILING, 0.1)),
        speechlike(1, 0.97 * CEILING),
        speechlike(2, 0.3),
    ],
    ids=["silence", "low tone", "high tone", "loud speech", "quiet speech"],
)
def test_what_is_under_the_ceiling_passes_untouched(samples: Samples, cut: int | None) -> None:
    assert limited(samples, cut).tobytes() == samples.tobytes()


@pytest.mark.parametrize("cut", [1, 7, 33, 1000])
@pytest.mark.parametrize("peak", [0.9, 1.5, 4.0])
def test_the_cut_does_not_matter(cut: int, peak: float) -> None:
    samples = np.concatenate([speechlike(3, peak)[: RATE // 2], tone(200, 0.2, 0.1), tone(1000, peak, 0.1)])
    assert limited(samples, cut).tobytes() == limited(samples).tobytes()


@pytest.mark.parametrize("cut", [1, 7, 33, None])
def test_the_cut_does_not_matter_where_samples_hide_a_peak(cut: int | None) -> None:
    """Quiet samples that alternate, and turn over once, have a peak between two samples that is far higher."""
    samples = np.tile(np.array([0.57, -0.57], np.float32), 400)
    samples[401:] *= -1
    assert limited(samples, cut).tobytes() != samples.tobytes()
    loud = np.concatenate([samples, np.zeros(400, np.float32), tone(500, 2.0, 0.1)])
    assert limited(loud, cut)[: len(samples)].tobytes() == limited(samples, cut).tobytes()


@pytest.mark.parametrize("length", [0, 1, 5, 32, 33, 34, 132, 165, 166, 1000])
@pytest.mark.parametrize("cut", [1, 33, 50, None])
def test_it_keeps_the_length(length: int, cut: int | None) -> None:
    out = limited(np.full(length, 2.0, np.float32), cut)
    assert len(out) == length
    assert out.dtype == np.float32


def test_it_holds_back_little() -> None:
    limiter, given, returned = Limiter(RATE), 0, 0
    for _ in range(500):
        given += 20
        returned += len(limiter.push(np.full(20, 0.1, np.float32)))
        assert given - returned < 0.009 * RATE


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 48000])
@pytest.mark.parametrize("hertz", [0, 60, 440, 1700])
@pytest.mark.parametrize("peak", [0.9, 1.0, 2.0, 10.0])
@pytest.mark.parametrize("lead_in", [0, 1, 100])
def test_no_sample_passes_the_ceiling_however_abrupt(rate: int, hertz: float, peak: float, lead_in: int) -> None:
    samples = np.concatenate([np.zeros(lead_in, np.float32), tone(hertz, peak, 0.2, rate)])
    out = np.abs(limited(samples, rate=rate))
    assert out.max() <= CEILING + 1e-6
    assert out.max() > 0.9 * CEILING


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("rate", "bandwidth"), [(16000, 6000), (22050, 4000), (22050, 8000), (48000, 12000)])
@pytest.mark.parametrize("peak", [1.0, 2.0, 4.0])
def test_the_true_peak_of_speech_stays_under_minus_one_dbtp(seed: int, rate: int, bandwidth: int, peak: float) -> None:
    out = limited(speechlike(seed, peak, bandwidth, rate), rate=rate)
    assert true_peak(out, rate) <= 10 ** (-1 / 20)


def test_the_gain_falls_ahead_of_a_peak_and_recovers_to_exactly_one() -> None:
    samples = np.full(2 * RATE, 0.25, np.float32)
    samples[RATE // 2] = 3.0
    gain = limited(samples) / samples
    assert gain.min() <= CEILING / 3.0 + 1e-6
    assert np.all(gain[: RATE // 2 - round(0.009 * RATE)] == 1.0)
    assert np.abs(np.diff(gain)).max() < 0.05
    assert np.all(np.diff(gain[RATE // 2 + 100 :]) >= -1e-6)
    assert np.all(gain[RATE // 2 + RATE :] == 1.0)
