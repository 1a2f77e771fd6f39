"""A voice speaks many units at once by its whole graph, on a GPU, each cut by its own durations.

Threads bring one unit each. One of them takes the device, runs what has come meanwhile with its own unit, and hands the
others their parts: while the device works, the next batch gathers by itself. A graph pads its batch to the longest
unit, so the units of one batch are those of like length.
"""

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import onnxruntime

from hailo_piper.audio.samples import Samples
from hailo_piper.engine.model import Delivery, Durations
from hailo_piper.engine.phonemes.units import PhonemeIds
from hailo_piper.engine.sessions import session_options
from hailo_piper.engine.whole_graph import load_whole
from hailo_piper.engine.whole_unit import WholeUnit
from hailo_piper.voices.voice import Voice

MOST_UNITS = 128
"""Of one batch: beyond, a GPU gained nothing more."""
CUDA = ("CUDAExecutionProvider", {"cudnn_conv_algo_search": "HEURISTIC", "use_tf32": "0"})
"""onnxruntime's provider for NVIDIA's GPUs. TF32 would be 36 to 43 dB away from what the CPU says."""
CPU = ("CPUExecutionProvider", dict[str, str]())
Provider = tuple[str, dict[str, str]]


class NoDeviceError(Exception):
    """A device that is not there, or a voice that it cannot speak; the message says why."""


def check_cuda() -> None:
    """Raise NoDeviceError where onnxruntime cannot use a GPU; find the libraries that CUDA's packages brought."""
    if CUDA[0] not in onnxruntime.get_available_providers():
        raise NoDeviceError("this onnxruntime has no CUDA (docs/batch.md tells how to install it)")
    if hasattr(onnxruntime, "preload_dlls"):
        onnxruntime.preload_dlls()


class _Job:
    """A unit that waits to be spoken."""

    def __init__(self, unit: PhonemeIds, delivery: Delivery) -> None:
        self.unit = unit
        self.speaker = delivery.speaker_id
        self.scales = (delivery.noise_scale, delivery.length_scale, delivery.noise_w_scale)
        self.spoken: WholeUnit | None = None
        self.error: Exception | None = None

    @property
    def is_done(self) -> bool:
        return self.spoken is not None or self.error is not None


class BatchedModel:
    """A `Model` whose units are spoken together. Thread-safe."""

    knows_durations = True
    keeps_paces = keeps_pitch = mixes_speakers = False

    def __init__(self, voice: Voice, provider: Provider = CUDA, *, threads: int = 1, most: int = MOST_UNITS) -> None:
        """Load the voice. `threads`: for what the CPU does. `most`: units of one batch.

        Raises NoDeviceError where the provider does not start, or the graph does not tell its durations.
        """
        if voice.engine != "piper":
            raise NoDeviceError(f"{voice.id} is no voice of Piper")
        self._voice = voice
        self._most = most
        try:
            options = session_options(threads)
            # A device's memory is what bounds a batch.
            options.enable_mem_reuse = True
            # What a device lacks, the CPU does.
            providers = [provider, CPU] if provider[0] != CPU[0] else [CPU]
            self._session, self._durations, _ = load_whole(voice.model_path, options, providers=providers)
        except Exception as error:
            raise NoDeviceError(f"the voice {voice.id} does not load there: {error}") from error
        if self._session.get_providers()[0] != provider[0]:
            raise NoDeviceError(f"{provider[0]} does not start: is there a GPU, and do its libraries fit?")
        if self._durations is None:
            raise NoDeviceError(f"the voice {voice.id} does not tell its durations")
        self._device = threading.Lock()
        self._lock = threading.Lock()
        self._waiting: list[_Job] = []

    def encode(self, unit: PhonemeIds, delivery: Delivery, *, is_alone: bool) -> WholeUnit:  # noqa: ARG002
        """Speak a unit together with others. Raises onnxruntime's errors."""
        job = _Job(unit, delivery)
        with self._lock:
            self._waiting.append(job)
        with self._device:
            # Whoever had the device before may have spoken it.
            if not job.is_done:
                self._speak(self._batch_with(job))
        if job.spoken is None:
            raise job.error or AssertionError("a unit is spoken or has an error")
        return job.spoken

    def tempo(self, speed: float) -> float:
        """Return the whole speed, as `WholeModel.tempo`."""
        return speed

    def shrink(self, unit: PhonemeIds) -> None:
        """Do nothing: bulk work uses the device again at once."""

    def _batch_with(self, job: _Job) -> list[_Job]:
        """Take the job, and those beside it that are most alike in length."""
        with self._lock:
            alike = sorted((one for one in self._waiting if one.scales == job.scales), key=lambda one: len(one.unit))
            start = max(0, min(alike.index(job) - self._most // 2, len(alike) - self._most))
            batch = alike[start : start + self._most]
            taken = set(map(id, batch))
            self._waiting = [one for one in self._waiting if id(one) not in taken]
        return batch

    def _speak(self, batch: Sequence[_Job]) -> None:
        try:
            spoken = self._run(batch)
        except Exception as error:  # noqa: BLE001 - onnxruntime's errors share no base
            if len(batch) == 1:
                batch[0].error = error
                return
            # A device without memory for all of them may have enough for half of them.
            self._speak(batch[: len(batch) // 2])
            self._speak(batch[len(batch) // 2 :])
            return
        for job, (samples, frames) in zip(batch, spoken, strict=True):
            job.spoken = WholeUnit(samples, frames)

    def _run(self, batch: Sequence[_Job]) -> list[tuple[Samples, Durations]]:
        """Return the samples of each unit, and the frames of each of its phoneme ids."""
        lengths = [len(job.unit) for job in batch]
        ids = np.zeros((len(batch), max(lengths)), np.int64)
        for row, job in zip(ids, batch, strict=True):
            row[: len(job.unit)] = job.unit
        feeds: dict[str, Any] = {
            "input": ids,
            "input_lengths": np.array(lengths, np.int64),
            "scales": np.array(batch[0].scales, np.float32),
        }
        if self._voice.num_speakers > 1:
            feeds["sid"] = np.array([job.speaker for job in batch], np.int64)
        audio, durations = self._session.run([self._session.get_outputs()[0].name, self._durations], feeds)
        samples = audio.reshape(len(batch), -1)
        frames = durations.reshape(len(batch), -1).astype(np.int64)
        hop = samples.shape[1] // max(1, int(frames.sum(axis=1).max()))
        return [
            # A copy, so that one line does not keep the sound of all.
            (samples[at, : int(frames[at, :length].sum()) * hop].copy(), frames[at, :length])
            for at, length in enumerate(lengths)
        ]
