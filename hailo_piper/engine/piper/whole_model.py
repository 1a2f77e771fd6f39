"""A voice that is not prepared speaks each unit as a whole, by the graph as it came."""

import numpy as np
import onnxruntime

from hailo_piper.audio.samples import Samples
from hailo_piper.engine.model import Delivery, Durations, PhonemeIds
from hailo_piper.engine.piper.models import feeds_of, session_options
from hailo_piper.engine.piper.whole_graph import load_whole
from hailo_piper.errors import ConfigError
from hailo_piper.voices.voice import Voice

_WHOLE_WINDOW = 256
"""Samples in a frame of a unit that is already spoken whole; any number would serve."""


class WholeModel:
    """A voice that is not prepared: one graph, one inference for each unit."""

    keeps_paces = False

    def __init__(self, voice: Voice, *, threads: int) -> None:
        """Load the model. Raises ConfigError where the file is not a model, or not a Piper voice."""
        self._voice = voice
        options = session_options(threads)
        # Without optimising it loads in half the time and is no slower: optimising gains planned memory, which is off.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        # The arena would keep the largest unit's memory for ever.
        options.enable_cpu_mem_arena = False
        try:
            self._session, self._durations = load_whole(voice.model_path, options)
        except Exception as error:
            raise ConfigError([f"piper.model_path: {voice.model_path} is no ONNX model: {error}"]) from error
        wanted = {"input", "input_lengths", "scales"} | ({"sid"} if voice.num_speakers > 1 else set())
        found = {entry.name for entry in self._session.get_inputs()}
        if found != wanted:
            problem = f"its inputs are {sorted(found)}, a Piper voice has {sorted(wanted)}"
            raise ConfigError([f"piper.model_path: {voice.model_path} is no Piper voice: {problem}"])
        self.knows_durations = self._durations is not None

    def encode(self, unit: PhonemeIds, delivery: Delivery, *, is_alone: bool) -> "WholeUnit":  # noqa: ARG002
        """Run the whole inference."""
        names = [self._session.get_outputs()[0].name, *filter(None, [self._durations])]
        audio, *frames = self._session.run(names, feeds_of(unit, delivery, self._voice))
        # Without durations, all phonemes share the samples alike.
        shares = frames[0].reshape(-1).astype(np.int64) if frames else np.ones(len(unit), np.int64)
        return WholeUnit(audio.reshape(-1), shares)

    def tempo(self, speed: float) -> float:
        """Return the whole speed: the lengths that this graph gives to phonemes are not known beforehand."""
        return speed

    def shrink(self, unit: PhonemeIds) -> None:
        """Do nothing: the whole graph runs without an arena."""


class WholeUnit:
    """A unit that is already spoken."""

    samples_per_frame = _WHOLE_WINDOW
    overlap = 0

    def __init__(self, samples: Samples, shares: Durations) -> None:
        """`shares`: what each phoneme id has of the samples, in any unit."""
        self._samples = samples
        ends = np.cumsum(shares) * len(samples) // max(1, shares.sum())
        self.id_samples = np.diff(ends, prepend=0)
        self.num_samples = len(samples)
        self.frames = -(-len(samples) // _WHOLE_WINDOW)

    def flow(self, start: int, end: int) -> None:
        """Do nothing: the samples exist already."""

    def decode(self, start: int, end: int) -> Samples:
        """Return the window's part of the samples."""
        return self._samples[start * _WHOLE_WINDOW : end * _WHOLE_WINDOW]
