"""A voice that is not prepared speaks each unit as a whole, by the graph as it came."""

import numpy as np
import onnxruntime

from hailo_piper.audio.samples import Samples
from hailo_piper.engine.model import Delivery, PhonemeIds
from hailo_piper.engine.piper.models import feeds_of, session_options
from hailo_piper.errors import ConfigError
from hailo_piper.voices.voice import Voice

_WHOLE_WINDOW = 256
"""Samples in a frame of a unit that is already spoken whole; any number would serve."""


class WholeModel:
    """A voice that is not prepared: one graph, one inference for each unit."""

    knows_durations = False

    def __init__(self, voice: Voice, *, threads: int) -> None:
        """Load the model. Raises ConfigError where the file is not a model, or not a Piper voice."""
        self._voice = voice
        options = session_options(threads)
        # Without optimising it loads in half the time and is no slower: optimising gains planned memory, which is off.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        # The arena would keep the largest unit's memory for ever.
        options.enable_cpu_mem_arena = False
        try:
            self._session = onnxruntime.InferenceSession(
                str(voice.model_path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise ConfigError([f"piper.model_path: {voice.model_path} is no ONNX model: {error}"]) from error
        wanted = {"input", "input_lengths", "scales"} | ({"sid"} if voice.num_speakers > 1 else set())
        found = {entry.name for entry in self._session.get_inputs()}
        if found != wanted:
            problem = f"its inputs are {sorted(found)}, a Piper voice has {sorted(wanted)}"
            raise ConfigError([f"piper.model_path: {voice.model_path} is no Piper voice: {problem}"])

    def encode(self, unit: PhonemeIds, delivery: Delivery, *, is_alone: bool) -> "WholeUnit":  # noqa: ARG002
        """Run the whole inference."""
        return WholeUnit(self._session.run(None, feeds_of(unit, delivery, self._voice))[0].reshape(-1), len(unit))

    def tempo(self, speed: float) -> float:
        """Return the whole speed: the lengths that this graph gives to phonemes are not known beforehand."""
        return speed

    def shrink(self, unit: PhonemeIds) -> None:
        """Do nothing: the whole graph runs without an arena."""


class WholeUnit:
    """A unit that is already spoken."""

    samples_per_frame = _WHOLE_WINDOW
    overlap = 0

    def __init__(self, samples: Samples, ids: int) -> None:
        """`ids`: how many phoneme ids it has; their durations are not known, so all share its samples alike."""
        self._samples = samples
        self.id_samples = np.diff(np.arange(ids + 1, dtype=np.int64) * len(samples) // ids)
        self.num_samples = len(samples)
        self.frames = -(-len(samples) // _WHOLE_WINDOW)

    def flow(self, start: int, end: int) -> None:
        """Do nothing: the samples exist already."""

    def decode(self, start: int, end: int) -> Samples:
        """Return the window's part of the samples."""
        return self._samples[start * _WHOLE_WINDOW : end * _WHOLE_WINDOW]
