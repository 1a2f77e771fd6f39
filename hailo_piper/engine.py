"""The only module that runs Piper: phoneme ids to AudioChunks, one inference at a time.

Sole owner of onnxruntime. The voice is behind an RLock that covers one inference; requests take it in the order they
asked, so a two-word request waits for one inference of a chapter, not for the chapter.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime

from hailo_piper import cpus
from hailo_piper.audio import AudioChunk
from hailo_piper.errors import BusyError, ConfigError, SynthesisError
from hailo_piper.phonemes import PhonemeIds, Phonemizer
from hailo_piper.text import Sentence
from hailo_piper.voices import Voice

_WARM_UP = Sentence("Hello.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scales:
    """How a voice speaks; part of what makes two syntheses equal."""

    length_scale: float
    """Duration factor of every phoneme; > 1 is slower."""

    noise_scale: float
    """Variation of timbre; 0 is deterministic."""

    noise_w_scale: float
    """Variation of phoneme durations; 0 is deterministic."""

    speaker_id: int
    """Index of the speaker; 0 for a voice with one."""


class Turns:
    """A lock that is granted in the order it was asked for: threading's own may let one thread win for ever."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    @contextmanager
    def take(self, *, timeout_seconds: float | None) -> Iterator[bool]:
        """Hold the turn; yields False, without it, where it did not come in time."""
        taken = self._acquire(timeout_seconds)
        try:
            yield taken
        finally:
            if taken:
                self._release()

    def _acquire(self, timeout_seconds: float | None) -> bool:
        granted = threading.Event()
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            self._waiting.append(granted)
        if granted.wait(timeout_seconds):
            return True
        with self._lock:
            if granted.is_set():
                return True
            self._waiting.remove(granted)
        return False

    def _release(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False


class Engine:
    """One loaded voice. Every method may be called from any thread."""

    def __init__(self, voice: Voice, *, threads: int | None = None) -> None:
        """Load the voice; raises ConfigError where its files are not those of a Piper voice."""
        self.voice = voice
        self._rlock = threading.RLock()
        self._turns = Turns()
        self._phonemizer = Phonemizer(json.loads(voice.config_path.read_text(encoding="utf-8")))
        self._session = _load_session(voice, threads or cpus.worker_threads(cpus.usable_cpus()))

    def warm_up(self) -> None:
        """One short synthesis, so that the first listener does not pay for first-time allocations."""
        scales = Scales(length_scale=1.0, noise_scale=0.0, noise_w_scale=0.0, speaker_id=0)
        for unit in self.phonemize(_WARM_UP):
            self.synthesize(unit, scales)

    def phonemize(self, sentence: Sentence) -> tuple[PhonemeIds, ...]:
        """The sentence as units for `synthesize`; empty where this voice has no sound for it."""
        return self._phonemizer.phonemize(sentence)

    def synthesize(self, unit: PhonemeIds, scales: Scales, *, deadline: float | None = None) -> AudioChunk:
        """Speak one unit at the voice's own level and rate.

        `deadline` (time.monotonic seconds) bounds the wait for a turn. Raises BusyError when it passes, and
        SynthesisError when the inference fails.
        """
        timeout = None if deadline is None else max(0.0, deadline - time.monotonic())
        with self._turns.take(timeout_seconds=timeout) as taken:
            if not taken:
                raise BusyError("The service is busy: no turn to speak came in time", retry_after_seconds=1)
            with self._rlock:
                samples = self._infer(unit, scales)
        return AudioChunk(samples, self.voice.sample_rate)

    def _infer(self, unit: PhonemeIds, scales: Scales) -> Any:
        inputs: dict[str, Any] = {
            "input": np.array([unit], dtype=np.int64),
            "input_lengths": np.array([len(unit)], dtype=np.int64),
            "scales": np.array([scales.noise_scale, scales.length_scale, scales.noise_w_scale], dtype=np.float32),
        }
        if self.voice.num_speakers > 1:
            inputs["sid"] = np.array([scales.speaker_id], dtype=np.int64)
        try:
            return self._session.run(None, inputs)[0].reshape(-1)
        except Exception as error:
            raise SynthesisError("Speech synthesis failed") from error


def _load_session(voice: Voice, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Spinning threads burn the quota that working ones need: under CPUQuota=80% they are three times slower.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # The arena would keep the largest sentence's memory for ever; the planner alone takes 1 s of every start.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.enable_mem_reuse = False
    try:
        session = onnxruntime.InferenceSession(str(voice.model_path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ConfigError([f"piper.model_path: {voice.model_path} is no ONNX model: {error}"]) from error
    wanted = {"input", "input_lengths", "scales"} | ({"sid"} if voice.num_speakers > 1 else set())
    found = {entry.name for entry in session.get_inputs()}
    if found != wanted:
        problem = f"its inputs are {sorted(found)}, a Piper voice has {sorted(wanted)}"
        raise ConfigError([f"piper.model_path: {voice.model_path} is no Piper voice: {problem}"])
    return session
