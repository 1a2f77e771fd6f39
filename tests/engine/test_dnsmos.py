"""DNSMOS with its real weights tells speech from noise; without them it says what to install."""

import numpy as np
import pytest

from hailo_piper.audio.samples import Samples
from hailo_piper.engine import dnsmos
from hailo_piper.errors import ConfigError
from hailo_piper.server import Server
from hailo_piper.speech.quality_watch import quality_of


def test_a_voice_scores_better_than_noise_and_a_lower_voice_lower(joe_server: Server) -> None:
    pytest.importorskip("speechmos", reason="the extra quality is not installed")
    score = dnsmos.Dnsmos().score
    spoken = quality_of(joe_server.service.speech, score)
    formants = quality_of(joe_server.service.speech, score, voice="espeak:en-us")
    noise = score(np.random.default_rng(1).normal(0, 0.1, 160_000).astype(np.float32))
    assert noise.overall < formants.overall < spoken.overall < 5
    assert noise.p808 < formants.p808 < spoken.p808 < 5
    assert spoken.overall > 2.8


def test_short_sound_is_repeated_and_none_is_refused() -> None:
    pytest.importorskip("speechmos", reason="the extra quality is not installed")
    models = dnsmos.Dnsmos()
    second: Samples = np.sin(np.arange(16_000, dtype=np.float32) / 20) * np.float32(0.2)
    assert models.score(second) == models.score(np.tile(second, 10)[:144_160])
    with pytest.raises(ValueError, match="no sound"):
        models.score(second[:0])


def test_the_filters_of_the_mel_scale_are_slaneys() -> None:
    filters = dnsmos._mel_filters()
    assert filters.shape == (120, 161)
    # librosa.filters.mel(sr=16000, n_fft=321, n_mels=120): each filter has about the same area.
    areas = filters.sum(axis=1) * 16_000 / 321
    assert np.median(areas) == pytest.approx(1, rel=0.05)
    assert (np.diff(filters.argmax(axis=1)) >= 0).all()


def test_missing_weights_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dnsmos, "find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r"hailo-piper\[quality\]"):
        dnsmos.check_installed()
