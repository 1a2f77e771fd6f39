"""The self-check measures how far each stage looks, and compares windowed synthesis with the whole graph."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from math import floor

import numpy as np
import onnxruntime as ort

from hailo_piper.engine.piper.prepared.carry import Carrier, Step, nothing_carried
from hailo_piper.engine.piper.prepared.errors import CannotCut
from hailo_piper.engine.piper.prepared.window import Array, Trim, run_window
from hailo_piper.engine.piper.preparing.mixing import SPEAKER_INPUT, WEIGHTS_INPUT
from hailo_piper.engine.piper.preparing.pace import FRAMES_OUTPUT, PACES_INPUT, SPEED_INPUT

Whole = tuple[dict[str, Array], Array]
"""The feeds of the whole graph, and its audio."""
LEAST_SNR_DB = 60.0
"""An exact cut gives more than 100 dB."""
WINDOWS_FRAMES = (11, 40, 128)
PROBE_PHONEMES = (3, 120)
"""One text shorter than any attention band, one of several windows."""
FIRST_SYMBOL = 3
"""0 to 2 are padding, start and end in every Piper voice."""
FIRST_PROBE_FRAMES, MOST_PROBE_FRAMES = 128, 2048
PROBE_SPEEDS = (0.5, 2.0)
NOISELESS = np.array([0.0, 1.0, 0.0], np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """The three stages, loaded."""

    encoder: ort.InferenceSession
    flow: ort.InferenceSession
    decoder: ort.InferenceSession
    conditions: tuple[str, ...]
    samples_per_frame: int
    features_per_frame: int
    decoder_trims: tuple[Trim, ...] = ()

    def encode(self, feeds: dict[str, Array], speed: float = 1.0) -> tuple[Array, dict[str, Array]]:
        """Return z_p, float32 (1, channels, frames), and the conditions by name."""
        z_p, *values = self.encoder.run(
            ["z_p", *self.conditions], _read_by(self.encoder, feeds | added_to(feeds, speed))
        )
        return z_p, dict(zip(self.conditions, values, strict=True))

    def flowed(self, feeds: dict[str, Array], *, conditions: dict[str, Array]) -> list[Array]:
        """Return the features, float32 (1, channels, columns), and what is carried over."""
        return self.flow.run(None, _read_by(self.flow, feeds | conditions))  # type: ignore[no-any-return]

    def decode(self, features: Array, trims: dict[str, Array], *, conditions: dict[str, Array]) -> Array:
        """Return the audio of features, float32 (1, 1, samples)."""
        (audio,) = self.decoder.run(["audio"], _read_by(self.decoder, {"features": features, **trims, **conditions}))
        return np.asarray(audio).reshape(1, 1, -1)


def added_to(feeds: dict[str, Array], speed: float, pace: float = 1.0) -> dict[str, Array]:
    """Return the inputs that the whole graph lacks: a unit's speed, the pace of each id, the speakers' weights."""
    speakers = feeds.get(SPEAKER_INPUT)
    weights = {} if speakers is None else {WEIGHTS_INPUT: np.ones((1, len(speakers)), np.float32)}
    return weights | {
        SPEED_INPUT: np.array([speed], np.float32),
        PACES_INPUT: np.full((1, 1, feeds["input"].shape[1]), pace, np.float32),
    }


def probes(symbols: int, speakers: int) -> list[dict[str, Array]]:
    """Return feeds of a short and a long random text, by the first and the last speaker, without noise."""
    chance = np.random.default_rng(0)
    feeds = []
    for speaker_id, phonemes in zip((0, speakers - 1), PROBE_PHONEMES, strict=True):
        ids = chance.integers(min(FIRST_SYMBOL, symbols - 1), symbols, (1, phonemes))
        feeds.append({"input": ids, "input_lengths": np.array([phonemes]), "scales": NOISELESS})
        if speakers > 1:
            feeds[-1]["sid"] = np.array([speaker_id])
    return feeds


def reach(stage: Callable[[Array], Array], channels: int, scale: int = 1) -> int:
    """Return the frames on each side that depend on one frame, by disturbing it. Raises CannotCut."""
    chance = np.random.default_rng(0)
    frames = FIRST_PROBE_FRAMES
    while frames <= MOST_PROBE_FRAMES:
        calm = chance.standard_normal((1, channels, frames), np.float32)
        before = stage(calm)
        if before.shape[2] != frames * scale:
            raise CannotCut(f"{frames} frames give {before.shape[2]} samples, expected {frames * scale}")
        middle, felt = frames // 2, set[int]()
        for strength in (1.0, 100.0):  # a small change may be lost in rounding, a big one in a tanh
            disturbed = calm.copy()
            disturbed[:, :, middle] += strength * chance.standard_normal((1, channels), np.float32)
            felt.update((np.nonzero(np.any(stage(disturbed) != before, axis=(0, 1)))[0] // scale).tolist())
        if not felt:
            raise CannotCut("a stage does not depend on what it reads")
        if min(felt) > 0 and max(felt) < frames - 1:
            return max(middle - min(felt), max(felt) - middle)
        frames *= 2
    raise CannotCut(f"one frame is felt more than {MOST_PROBE_FRAMES // 2} frames away")


def worst_snr_db(
    sessions: Sessions, wholes: Iterable[Whole], flow_steps: Sequence[Step], decoder_overlap: int
) -> float:
    """Return the worst signal-to-noise ratio of the stages, in windows and not, to the whole graph, in dB."""
    worst, columns = float("inf"), sessions.features_per_frame
    for feeds, whole in wholes:
        z_p, conditions = sessions.encode(feeds)
        frames, expected = z_p.shape[2], whole.size
        if frames * sessions.samples_per_frame != expected:
            raise CannotCut(f"{frames} frames of {sessions.samples_per_frame} samples give {expected} samples")
        decode = partial(
            run_window,
            partial(sessions.decode, conditions=conditions),
            overlap=decoder_overlap,
            trims=sessions.decoder_trims,
            scale=sessions.samples_per_frame // columns,
        )
        for window in (*WINDOWS_FRAMES, frames):
            carrier = Carrier(z_p, "z_p", flow_steps, nothing_carried(sessions.flow))
            flowed = partial(sessions.flowed, conditions=conditions)
            cuts = [(start * columns, min(frames, start + window) * columns) for start in range(0, frames, window)]
            features = np.concatenate([carrier.advance(flowed, end) for _, end in cuts], axis=2)
            audio = np.concatenate([decode(features, *cut) for cut in cuts], axis=2)
            worst = min(worst, snr_db(audio.ravel(), whole.ravel()))
    return worst


def keeps_pace(sessions: Sessions, feeds: dict[str, Array]) -> bool:
    """Return whether a slower speed makes as many frames more as it should, and a faster one none.

    The frames of all phonemes must be those of the whole, too, since they tell when each sounds. Each obeys its pace.
    """
    frames = sessions.encode(feeds)[0].shape[2]
    told, slow = (
        sessions.encoder.run([FRAMES_OUTPUT], _read_by(sessions.encoder, feeds | added_to(feeds, 1.0, pace)))[0]
        for pace in (1.0, 0.5)
    )
    return (
        int(told.sum()) == frames
        and np.array_equal(slow, 2 * told)
        and all(
            sessions.encode(feeds, speed)[0].shape[2] == floor(frames / min(speed, 1.0) + 0.5) for speed in PROBE_SPEEDS
        )
    )


def snr_db(audio: Array, reference: Array) -> float:
    """Return the ratio of signal to error, in dB; -inf where a length differs or a value is not a number."""
    if audio.shape != reference.shape or not np.isfinite(audio).all():
        return float("-inf")
    error = np.sum((audio.astype(np.float64) - reference) ** 2)
    power = np.sum(reference.astype(np.float64) ** 2)
    if not error:
        return float("inf")
    return float(10 * np.log10(power / error)) if power else float("-inf")


def _read_by(session: ort.InferenceSession, feeds: dict[str, Array]) -> dict[str, Array]:
    return {value.name: feeds[value.name] for value in session.get_inputs()}
