"""A prepared voice turns phoneme ids into samples in windows, by three models.

A Piper voice (VITS) is three models in one file:

    phoneme ids, scales -> ENCODER -> z_p -> FLOW -> features -> DECODER -> samples (256 a frame at 22 050 Hz)
                           all noise is      in order,           in any order,
                           drawn here        42 frames           1 frame
                                             each side           each side

The encoder needs the whole unit and is quick; flow and decoder look only so many frames to each side, so the first
window can leave when 8 frames are done. The flow, which has the decoder's first layers too, runs from left to right and
carries over what its next block needs (`prepared.carry`). A window of the decoder is run with its overlap on both sides
(`prepared.window`), and so on any worker. Both equal the same frames of the whole run: there is no seam.

`StagedModel`, a voice that `preparing` has cut into these stages, makes any window of a unit for what that window
costs; see `whole_model` for one that is not (or not yet) cut.

An encoder's memory grows with the square of its unit, so it runs without onnxruntime's arena (its memory pool), which
would keep its largest block for ever. Flow and decoder see windows of bounded size and have arenas. The encoder is
mapped twice, for one thread and for all, so resident memory counts 26 MB of shared pages twice.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from hailo_piper.audio.samples import Samples
from hailo_piper.engine.model import NOISELESS, Delivery, Durations
from hailo_piper.engine.phonemes.units import PhonemeIds
from hailo_piper.engine.piper.prepared.blocks import Blocks
from hailo_piper.engine.piper.prepared.carry import Carrier, nothing_carried
from hailo_piper.engine.piper.prepared.store import StagedGraph
from hailo_piper.engine.piper.prepared.window import run_window
from hailo_piper.engine.sessions import session_options, shrinking
from hailo_piper.voices.voice import Voice

_SLOWEST = 0.5
"""A voice itself gives speeds from this to 1, by its durations. For all others, a stretch is understood better."""

_WEIGHTS = "sid_weights"
"""The encoder's input for the weights of the speakers in `sid`, float32 (1, speakers)."""

Feeds = dict[str, NDArray[Any]]


class DamagedStagesError(Exception):
    """Files of a prepared voice that do not load, so that it must be prepared again."""


class StagedModel:
    """A prepared voice: encoder, flow and decoder, whose weights are memory-mapped."""

    knows_durations = True
    keeps_paces = True
    keeps_pitch = False

    def __init__(self, staged: StagedGraph, voice: Voice) -> None:
        """Load the stages. Raises DamagedStagesError."""
        self._staged = staged
        self._voice = voice
        self._encoder = _load_stage(staged.encoder_path, threads=1, arena=False)
        self.mixes_speakers = _WEIGHTS in {entry.name for entry in self._encoder.get_inputs()}
        self._wide_encoder = self._encoder
        self._flow = _load_stage(staged.flow_path, threads=1, arena=True)
        self._decoder = _load_stage(staged.decoder_path, threads=1, arena=True)

    def widen(self, threads: int) -> None:
        """Load the encoder once more, for all threads. Raises DamagedStagesError.

        The encoding is most of what a first sound waits for, so all threads work on it where a request is alone, and
        spin between its 600 steps rather than be woken for each. Where other work waits, the encoder of one thread
        costs less processor time. Both map the same pages of weights.
        """
        if threads > 1:
            path = self._staged.encoder_path
            self._wide_encoder = _load_stage(path, threads=threads, arena=False, spins=True)

    def encode(self, unit: PhonemeIds, delivery: Delivery, *, is_alone: bool) -> "StagedUnit":
        """Run the encoder on a unit, which fixes its durations and draws all of its noise."""
        encoder = self._wide_encoder if is_alone else self._encoder
        feeds = feeds_of(unit, delivery, self._voice) | {
            "speed": np.array([max(delivery.speed, _SLOWEST)], np.float32),
            "paces": np.full((1, 1, len(unit)), delivery.paces or 1.0, np.float32),
        }
        if self.mixes_speakers:
            ids, weights = zip(*delivery.speakers, strict=True)
            feeds |= {"sid": np.array(ids, np.int64), _WEIGHTS: np.array([weights], np.float32)}
        z_p, frames, *conditions = encoder.run(["z_p", "paced_frames", *self._staged.conditions], feeds)
        id_samples = frames.reshape(-1).astype(np.int64) * self._staged.samples_per_frame
        return StagedUnit(
            self._staged,
            (self._flow, self._decoder),
            z_p,
            id_samples,
            dict(zip(self._staged.conditions, conditions, strict=True)),
        )

    def tempo(self, speed: float) -> float:
        """Return the part of the speed that the durations cannot give, since they would not sound like speech."""
        return speed / min(max(speed, _SLOWEST), 1.0)

    def shrink(self, unit: PhonemeIds) -> None:
        """Run a short unit, after which both arenas release what it did not need: 30 MB after eight clients."""
        encoded = self.encode(unit, NOISELESS, is_alone=False)
        encoded.run_options = shrinking()
        encoded.flow(0, encoded.frames)
        encoded.decode(0, encoded.frames)


class StagedUnit:
    """The latents of a unit, and the two stages that turn any window of them into samples, without a seam."""

    def __init__(
        self,
        staged: StagedGraph,
        stages: tuple[Any, Any],
        z_p: NDArray[np.float32],
        id_samples: Durations,
        conditions: Feeds,
    ) -> None:
        self._flow, self._decoder = stages
        self._staged = staged
        self.id_samples = id_samples
        self.frames = z_p.shape[2]
        self.samples_per_frame = staged.samples_per_frame
        self.num_samples = self.frames * self.samples_per_frame
        self._columns = staged.features_per_frame
        self.overlap = -(-staged.decoder_overlap // self._columns)
        self.run_options: onnxruntime.RunOptions | None = None
        self._flow_feeds = _known(self._flow, conditions)
        self._carrier = Carrier(z_p, "z_p", staged.flow_steps, nothing_carried(self._flow))
        self._features = Blocks(staged.decoder_overlap)
        self._decoder_feeds = _known(self._decoder, conditions)

    def flow(self, start: int, end: int) -> None:  # noqa: ARG002 - it goes on where it left off
        """Compute the features of the frames, which follow those of the call before."""
        # The carrier is given what it runs at each call: if it kept that, it would keep this unit, and both would wait
        # for the garbage collector, with megabytes of an arena.
        features = self._carrier.advance(
            lambda feeds: self._flow.run(None, feeds | self._flow_feeds, self.run_options), end * self._columns
        )
        self._features.append(features)

    def decode(self, start: int, end: int) -> Samples:
        """Return samples (float32, mono), from the features of the window and its overlap on each side."""
        features, first = self._features.read(start * self._columns, end * self._columns)
        samples: Samples = run_window(
            lambda columns, trims: self._decoder.run(
                ["audio"], {"features": columns, **trims, **self._decoder_feeds}, self.run_options
            )[0].reshape(-1),
            features,
            first,
            first + (end - start) * self._columns,
            overlap=self._staged.decoder_overlap,
            trims=self._staged.decoder_trims,
            scale=self.samples_per_frame // self._columns,
        )
        return samples


def feeds_of(unit: PhonemeIds, delivery: Delivery, voice: Voice) -> Feeds:
    """Return a unit and its delivery as the inputs of a Piper graph."""
    feeds: Feeds = {
        "input": np.array([unit], dtype=np.int64),
        "input_lengths": np.array([len(unit)], dtype=np.int64),
        "scales": np.array([delivery.noise_scale, delivery.length_scale, delivery.noise_w_scale], dtype=np.float32),
    }
    if voice.num_speakers > 1:
        feeds["sid"] = np.array([delivery.speaker_id], dtype=np.int64)
    return feeds


def _known(session: Any, feeds: Mapping[str, NDArray[Any]]) -> Feeds:
    return {entry.name: feeds[entry.name] for entry in session.get_inputs() if entry.name in feeds}


def _load_stage(path: Path, *, threads: int, arena: bool, spins: bool = False) -> Any:
    options = session_options(threads, spins=spins)
    # The files were saved optimised for this CPU; to do it again would cost time, and the weights would not be shared.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.enable_cpu_mem_arena = arena
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise DamagedStagesError(f"{path}: {error}") from error
