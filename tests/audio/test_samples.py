import numpy as np
import pytest

from hailo_piper.audio.resample import resample, resampled_length
from hailo_piper.audio.samples import AudioChunk, Samples, silence, to_int16


def tone(seconds: float = 1.0, rate: int = 22050, hertz: float = 440) -> Samples:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def test_a_chunk_knows_how_long_it_plays() -> None:
    assert AudioChunk(tone(0.5), 22050).seconds == pytest.approx(0.5)
    assert silence(0.25, 16000).seconds == pytest.approx(0.25)


def test_full_scale_and_beyond_become_16_bit_without_wrapping() -> None:
    samples = np.array([-2, -1, -0.5, 0, 0.5, 1, 2], np.float32)
    assert to_int16(samples).tolist() == [-32767, -32767, -16384, 0, 16384, 32767, 32767]


@pytest.mark.parametrize("rate", [8000, 16000, 24000, 44100, 48000])
@pytest.mark.parametrize("size", [1, 7, 1000, 22050])
def test_resampling_is_the_same_however_it_is_cut(rate: int, size: int) -> None:
    samples = tone(0.3)
    whole = np.concatenate([chunk.samples for chunk in resample([AudioChunk(samples, 22050)], rate)])
    cut = [AudioChunk(samples[start : start + size], 22050) for start in range(0, len(samples), size)]
    pieces = np.concatenate([chunk.samples for chunk in resample(cut, rate)])
    assert len(whole) == resampled_length(len(samples), 22050, rate)
    assert len(pieces) == len(whole)
    np.testing.assert_allclose(pieces, whole, atol=1e-5)


@pytest.mark.parametrize("rate", [16000, 48000])
def test_resampling_keeps_the_pitch(rate: int) -> None:
    made = np.concatenate([chunk.samples for chunk in resample([AudioChunk(tone(), 22050)], rate)])
    spectrum = np.abs(np.fft.rfft(made * np.hanning(len(made))))
    assert spectrum.argmax() * rate / len(made) == pytest.approx(440, abs=2)


def test_the_voices_own_rate_passes_untouched() -> None:
    chunk = AudioChunk(tone(0.1), 22050)
    assert list(resample([chunk], 22050)) == [chunk]
