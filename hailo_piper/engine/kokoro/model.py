"""One graph turns the symbols of a unit, a style and a speed into samples.

It needs a unit as a whole: its norms run over all of it, so no window of it would be exact. Equal units have equal
bits.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from hailo_piper.audio.samples import Samples
from hailo_piper.engine.kokoro.levels import gain_of
from hailo_piper.engine.kokoro.reading import UnitIds
from hailo_piper.engine.kokoro.styles import ROWS, Styles
from hailo_piper.engine.kokoro.symbols import CLAUSE_MARKS, SENTENCE_MARKS
from hailo_piper.engine.model import Delivery, Durations
from hailo_piper.engine.sessions import session_options, shrinking
from hailo_piper.engine.whole_graph import load_whole
from hailo_piper.engine.whole_unit import WholeUnit
from hailo_piper.errors import ConfigError

FRAME_SAMPLES = 600
"""Samples of a frame, 25 ms; durations are whole frames."""
_SLOWEST, _FASTEST = 0.5, 1.5
"""Speeds that it reaches itself. Beyond, too many symbols have the one frame that each must have."""
_QUIET_DB = 50.0
"""What is so far below the loudest frame is silence."""
_LEAD_FRAMES, _CLAUSE_FRAMES, _SENTENCE_FRAMES = 1, 4, 10
"""Silence that a unit keeps before it, after a clause, and after a sentence: by itself, it has 0.3 s on each side."""
_DURATION = "duration"
"""The output of newer releases that has the frames of each symbol."""


class KokoroModel:
    """A `Model` of one language's speakers."""

    keeps_paces = keeps_pitch = False
    mixes_speakers = True

    def __init__(self, path: Path, styles: tuple[Styles, ...], levels: Sequence[float], *, threads: int) -> None:
        """Load the graph. `styles`, `levels`: of each speaker, the latter as `LEVELS` has them.

        Raises ConfigError where the file is no graph of Kokoro.
        """
        self._styles = styles
        self.levels = list(levels)
        options = session_options(threads)
        # Without these two, an inference takes 600 MB in place of 200.
        options.enable_mem_reuse = options.enable_mem_pattern = True
        try:
            self._session, durations, _ = load_whole(path, options, rounding="Round")
        except Exception as error:
            raise ConfigError([f"voices.directory: {path} is no ONNX model: {error}"]) from error
        inputs = {entry.name: entry.type for entry in self._session.get_inputs()}
        self._symbols = "input_ids" if "input_ids" in inputs else "tokens"
        if inputs.keys() != {self._symbols, "style", "speed"} or inputs["speed"] != "tensor(float)":
            problem = f"its inputs are {sorted(inputs)}, Kokoro has tokens, style and a speed in float"
            raise ConfigError([f"voices.directory: {path} is no Kokoro: {problem}"])
        names = [entry.name for entry in self._session.get_outputs()]
        self._outputs = [names[0], *filter(None, [_DURATION if _DURATION in names else durations])]
        self.knows_durations = len(self._outputs) > 1

    def encode(self, unit: UnitIds, delivery: Delivery, *, is_alone: bool) -> WholeUnit:  # noqa: ARG002
        """Speak a unit."""
        row = min(max(len(unit) - 2, 1), ROWS) - 1
        style = sum(weight * self._styles[speaker][row] for speaker, weight in delivery.speakers)
        own = delivery.speed / self.tempo(delivery.speed) / delivery.length_scale
        feeds: dict[str, Any] = {
            self._symbols: np.array([unit], np.int64),
            "style": np.asarray(style, np.float32)[np.newaxis],
            "speed": np.array([own], np.float32),
        }
        audio, *frames = self._session.run(self._outputs, feeds)
        samples = audio.reshape(-1) * np.float32(gain_of(self.levels, delivery.speakers))
        return _without_silence(samples, _shares(frames, len(unit), len(samples)), unit)

    def tempo(self, speed: float) -> float:
        """Return the part of a speed that is left for stretching."""
        return speed / min(max(speed, _SLOWEST), _FASTEST)

    def shrink(self, unit: UnitIds) -> None:
        """Release the memory that longer units needed, by speaking this one."""
        feeds = {
            self._symbols: np.array([unit], np.int64),
            "style": self._styles[0][:1],
            "speed": np.ones(1, np.float32),
        }
        self._session.run(self._outputs[:1], feeds, shrinking())


def _shares(frames: list[Any], symbols: int, num_samples: int) -> Durations:
    """Return the samples of each symbol, int64 (symbols,); alike where the graph does not tell."""
    if frames and frames[0].size == symbols:
        # The graph's own lengths are at least one frame.
        known: Durations = np.maximum(frames[0].reshape(-1), 1).astype(np.int64) * FRAME_SAMPLES
        if known.sum() == num_samples:
            return known
    ends = np.arange(1, symbols + 1, dtype=np.int64) * num_samples // symbols
    return np.diff(ends, prepend=0)


def _without_silence(samples: Samples, shares: Durations, unit: UnitIds) -> WholeUnit:
    """Return a unit with as much silence at its ends as its place in the text wants."""
    levels = np.square(samples[: len(samples) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)).mean(1)
    loud = np.flatnonzero(levels > levels.max(initial=0.0) * 10 ** (-_QUIET_DB / 10))
    if not len(loud):
        return WholeUnit(samples, shares)
    mark = unit[-2]
    tail = _SENTENCE_FRAMES if mark in SENTENCE_MARKS else _CLAUSE_FRAMES if mark in CLAUSE_MARKS else _LEAD_FRAMES
    begin = max(0, int(loud[0]) - _LEAD_FRAMES) * FRAME_SAMPLES
    end = min(len(samples), (int(loud[-1]) + 1 + tail) * FRAME_SAMPLES)
    ends = np.clip(np.cumsum(shares), begin, end) - begin
    return WholeUnit(samples[begin:end], np.diff(ends, prepend=0))
