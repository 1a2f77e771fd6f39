"""DNSMOS predicts how people would rate the sound of speech, without a reference.

Its two models lie in the package `speechmos`, of which nothing is imported. The steps around them are those of
Microsoft's dnsmos_local.py: https://github.com/microsoft/DNS-Challenge/tree/master/DNSMOS
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from hailo_piper.audio.samples import Samples
from hailo_piper.errors import ConfigError

SAMPLE_RATE = 16_000
_WINDOW = 144_160
"""Samples that both models take at once: 9.01 s."""
_FFT, _HOP, _MELS = 321, 160, 120
_SIGNAL = (-0.08397278, 1.22083953, 0.0052439)
_BACKGROUND = (-0.13166888, 1.60915514, -0.39604546)
_OVERALL = (-0.06766283, 1.11546468, 0.04602535)
"""Polynomials from the models' figures to opinions, the highest power first."""
_SILENCE = 1e-10


class Quality(NamedTuple):
    """Mean opinion scores, 1 (bad) to 5 (excellent)."""

    signal: float
    """Of the speech."""
    background: float
    """Of what is not speech; 5 is silence."""
    overall: float
    p808: float
    """Overall, as people rate by ITU-T P.808."""


class Dnsmos:
    """Both models, loaded. Use it from one thread."""

    def __init__(self) -> None:
        """Load the models. Raises ConfigError where their package is not installed."""
        directory = _directory()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._scores: Any = onnxruntime.InferenceSession(directory / "sig_bak_ovr.onnx", options)
        self._p808: Any = onnxruntime.InferenceSession(directory / "model_v8.onnx", options)
        self._filters = _mel_filters()

    def score(self, samples: Samples) -> Quality:
        """Return the mean over windows of 9 s, one a second; speech that is shorter is repeated.

        `samples`: float32, shape (n,), -1 to 1, at 16 kHz. Raises ValueError where there are none.
        """
        if not len(samples):
            raise ValueError("there is no sound to score")
        speech = np.tile(samples, -(-_WINDOW // len(samples)))
        starts = range(0, len(speech) - _WINDOW + 1, SAMPLE_RATE)
        return Quality(*np.mean([self._window(speech[start : start + _WINDOW]) for start in starts], axis=0).tolist())

    def _window(self, window: Samples) -> tuple[float, float, float, float]:
        signal, background, overall = self._scores.run(None, {"input_1": window[None]})[0][0]
        features = _log_mel(window[:-_HOP], self._filters)
        p808 = self._p808.run(None, {"input_1": features[None]})[0][0][0]
        return (
            float(np.polyval(_SIGNAL, signal)),
            float(np.polyval(_BACKGROUND, background)),
            float(np.polyval(_OVERALL, overall)),
            float(p808),
        )


def check_installed() -> None:
    """Raise ConfigError where the models' package is not installed."""
    _directory()


def _directory() -> Path:
    package = find_spec("speechmos")
    if package is None or not package.submodule_search_locations:
        problem = "the models that score quality are not installed: pip install 'hailo-piper[quality]'"
        raise ConfigError([problem])
    return Path(package.submodule_search_locations[0]) / "dnsmos_models"


def _log_mel(samples: Samples, filters: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mel spectrogram in dB, scaled as the P.808 model wants it; shape (frames, 120)."""
    hann = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_FFT) / _FFT)).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(samples, _FFT // 2), _FFT)[::_HOP]
    power = filters @ (np.abs(np.fft.rfft(frames * hann, axis=1)) ** 2).T
    decibels = 10 * np.log10(np.maximum(power, _SILENCE) / max(float(power.max()), _SILENCE))
    features: NDArray[np.float32] = ((np.maximum(decibels, decibels.max() - 80) + 40) / 40).T.astype(np.float32)
    return features


def _mel_filters() -> NDArray[np.float32]:
    """Return Slaney's mel filters with his norm, shape (120, 161), as librosa.filters.mel makes them."""
    step, knee = 200 / 3, 1000.0
    log_step = np.log(6.4) / 27
    highest = knee / step + np.log(SAMPLE_RATE / 2 / knee) / log_step
    mels = np.linspace(0, highest, _MELS + 2)
    edges = np.where(mels >= knee / step, knee * np.exp(log_step * (mels - knee / step)), mels * step)
    widths = np.diff(edges)
    ramps = edges[:, None] - np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE)[None]
    weights = np.maximum(0, np.minimum(-ramps[:-2] / widths[:-1, None], ramps[2:] / widths[1:, None]))
    filters: NDArray[np.float32] = (weights * (2 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)
    return filters
