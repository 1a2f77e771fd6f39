"""A voice that is not prepared speaks each unit as a whole, by the graph as it came."""

from dataclasses import replace

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from hailo_piper.engine.model import NOISELESS, Delivery
from hailo_piper.engine.phonemes.units import PhonemeIds
from hailo_piper.engine.piper.models import feeds_of
from hailo_piper.engine.sessions import session_options
from hailo_piper.engine.whole_graph import load_whole
from hailo_piper.engine.whole_unit import WholeUnit
from hailo_piper.errors import ConfigError
from hailo_piper.voices.voice import Voice

_FEW_IDS = 3


class WholeModel:
    """A voice that is not prepared: one graph, one inference for each unit."""

    keeps_paces = keeps_pitch = False

    def __init__(self, voice: Voice, *, threads: int) -> None:
        """Load the model. Raises ConfigError where the file is not a model, or not a Piper voice."""
        self._voice = voice
        options = session_options(threads)
        # Without optimising it loads in half the time and is no slower: optimising gains planned memory, which is off.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        # The arena would keep the largest unit's memory for ever.
        options.enable_cpu_mem_arena = False
        try:
            self._session, self._durations, self._speakers = load_whole(
                voice.model_path, options, has_speakers=voice.num_speakers > 1
            )
        except Exception as error:
            raise ConfigError([f"piper.model_path: {voice.model_path} is no ONNX model: {error}"]) from error
        wanted = {"input", "input_lengths", "scales"} | ({"sid"} if voice.num_speakers > 1 else set())
        found = {entry.name for entry in self._session.get_inputs()}
        if found != wanted:
            problem = f"its inputs are {sorted(found)}, a Piper voice has {sorted(wanted)}"
            raise ConfigError([f"piper.model_path: {voice.model_path} is no Piper voice: {problem}"])
        self.knows_durations = self._durations is not None
        self.mixes_speakers = self._speakers is not None
        self._rows: dict[int, NDArray[np.float32]] = {}
        """Rows of the table, by speaker."""

    def encode(self, unit: PhonemeIds, delivery: Delivery, *, is_alone: bool) -> WholeUnit:  # noqa: ARG002
        """Run the whole inference."""
        names = [self._session.get_outputs()[0].name, *filter(None, [self._durations])]
        feeds = feeds_of(unit, delivery, self._voice)
        if self._speakers is not None and delivery.speaker_mix:
            mixed = sum(weight * self._row(speaker, unit) for speaker, weight in delivery.speaker_mix)
            feeds |= {"sid": np.zeros(1, np.int64), self._speakers.table: np.asarray(mixed, np.float32)}
        audio, *frames = self._session.run(names, feeds)
        # Without durations, all phonemes share the samples alike.
        shares = frames[0].reshape(-1).astype(np.int64) if frames else np.ones(len(unit), np.int64)
        return WholeUnit(audio.reshape(-1), shares)

    def _row(self, speaker: int, unit: PhonemeIds) -> NDArray[np.float32]:
        """Return a speaker's row of the table, as the graph looks it up; it runs as a whole, so the unit is cut."""
        if speaker not in self._rows and self._speakers is not None:
            delivery = replace(NOISELESS, speaker_id=speaker)
            feeds = feeds_of(unit[:_FEW_IDS], delivery, self._voice)
            (self._rows[speaker],) = self._session.run([self._speakers.rows], feeds)
        return self._rows[speaker]

    def tempo(self, speed: float) -> float:
        """Return the whole speed: the lengths that this graph gives to phonemes are not known beforehand."""
        return speed

    def shrink(self, unit: PhonemeIds) -> None:
        """Do nothing: the whole graph runs without an arena."""
