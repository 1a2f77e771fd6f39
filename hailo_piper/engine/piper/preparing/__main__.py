"""The preparing process makes three optimised models of one voice, and reports in lines of JSON.

    python -m hailo_piper.engine.piper.preparing MODEL DIRECTORY

It cuts the voice into encoder, flow and decoder (`cut`), rewrites what has the same result but is faster (`encoder`; on
x86 also `nchwc` and `nchwc_encoder`, for the layout that onnxruntime's best convolutions want), and saves each stage as
onnxruntime optimises it for this CPU, with its weights in a file that is memory-mapped. Then it measures the overlap
and compares the stages with the whole graph: below 60 dB, or where the graph is not what is expected, the voice cannot
be cut and is spoken whole. Finally it measures the voice's level.

It is a process of its own, so that the service never holds the memory that onnx and the optimiser leave behind.
"""

import contextlib
import json
import os
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import onnx
from google.protobuf.message import DecodeError  # type: ignore[import-untyped,unused-ignore]

from hailo_piper.engine.piper.prepared.carry import Step
from hailo_piper.engine.piper.prepared.errors import CannotCut, NotAVoice
from hailo_piper.engine.piper.prepared.window import Array, untrimmed
from hailo_piper.engine.piper.preparing import check
from hailo_piper.engine.piper.preparing.cut import Stages, check_voice, cut
from hailo_piper.engine.piper.preparing.encoder import rewritten
from hailo_piper.engine.piper.preparing.nchwc import blocked
from hailo_piper.engine.piper.preparing.nchwc_encoder import with_rows
from hailo_piper.engine.piper.preparing.optimise import SESSION_ERRORS, load_optimised, load_whole, save_optimised

PROBLEMS: tuple[type[Exception], ...] = (CannotCut, *SESSION_ERRORS)
Rewrite = Callable[[onnx.ModelProto], onnx.ModelProto | None]
Calibrate = Callable[[Path], Mapping[str, float]]


def measured_level(model_path: Path) -> Mapping[str, float]:
    """Return the level that the calibration measures.

    It is imported here, since with piper in memory before the optimiser runs, the process grows by 50 MB more.
    """
    from hailo_piper.engine.piper.calibration import calibrate

    return calibrate(model_path)


def main(arguments: list[str], *, calibrate: Calibrate = measured_level) -> int:
    """Prepare one voice; return the exit code, which is 0 also where the voice cannot be prepared."""
    model_path, directory = map(Path, arguments)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # A service that speaks meanwhile needs the processor first.
    with contextlib.suppress(PermissionError):  # the service's sandbox forbids changing priorities
        os.nice(10)
    try:
        staged = prepare_stages(model_path, directory)
        report(progress="measuring its level")
        report(staged=staged | {"level": calibrate(model_path)})
    except CannotCut as error:
        for path in directory.glob("*.*"):
            path.unlink()
        report(cannot_cut=str(error))
    except NotAVoice as error:
        report(not_a_voice=str(error))
    return 0


def _end_with_parent() -> None:
    """Wait for the end of standard input, to which nobody writes: it closes when the service ends, however it ends."""
    if os.read(0, 1) == b"":
        os._exit(1)


def report(**fields: Any) -> None:
    """Write one line to the parent: a JSON object with one of progress, staged, cannot_cut, not_a_voice."""
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


def faster_encoder(encoder: onnx.ModelProto) -> onnx.ModelProto | None:
    """Return the encoder with all rewrites that make it faster, or None where none applies."""
    faster = rewritten(encoder)
    return with_rows(faster or encoder) or faster


def prepare_stages(
    model_path: Path,
    directory: Path,
    *,
    faster_encoder: Rewrite = faster_encoder,
    faster_sound: Rewrite = blocked,
) -> dict[str, Any]:
    """Write encoder, flow and decoder into the directory; return what the manifest says about them.

    `faster_sound` rewrites the flow and the decoder. Raises NotAVoice, CannotCut, or an error of onnxruntime.
    """
    report(progress="reading the voice")
    model = _read(model_path)
    check_voice(model)
    try:
        whole = load_whole(model_path)
    except SESSION_ERRORS as error:
        raise NotAVoice(f"onnxruntime cannot load it: {error}") from error
    report(progress="cutting it into stages")
    stages = cut(model)
    report(progress="optimising")
    feeds = check.probes(stages.symbols, stages.speakers)
    wholes = [(feed, whole.run(None, feed)[0]) for feed in feeds]
    problem: Exception = CannotCut("nothing was tried")
    # The fastest is tried first; where a rewrite fails the check, the stage is tried as it was.
    sounds = [
        replace(tried, flow=rewrite(tried.flow) or tried.flow, decoder=rewrite(tried.decoder) or tried.decoder)
        for tried in (stages.trimmed(), stages)
        for rewrite in (faster_sound, lambda _: None)
    ]
    for encoder, tried in product(filter(None, (faster_encoder(stages.encoder), stages.encoder)), sounds):
        try:
            save_optimised(encoder, directory / "encoder.onnx")
            save_optimised(tried.flow, directory / "flow.onnx")
            save_optimised(tried.decoder, directory / "decoder.onnx")
            report(progress="checking against the whole")
            return _measured(tried, directory, wholes)
        except PROBLEMS as error:
            problem = error
    # Only CannotCut is kept in the cache: an error of onnxruntime may come from a full disk, and pass.
    raise problem


def _read(path: Path) -> onnx.ModelProto:
    try:
        return onnx.load(path)
    except (DecodeError, OSError, ValueError, onnx.checker.ValidationError) as error:
        raise NotAVoice(f"not a readable ONNX file: {error}") from error


def _measured(stages: Stages, directory: Path, wholes: list[check.Whole]) -> dict[str, Any]:
    """Load the stages as the engine will, measure their reach, and compare them with the whole. Raises CannotCut."""
    encoder, flow, decoder = (load_optimised(directory / f"{name}.onnx") for name in ("encoder", "flow", "decoder"))
    columns = stages.features_per_frame
    sessions = check.Sessions(
        encoder=encoder, flow=flow, decoder=decoder,
        conditions=stages.conditions, samples_per_frame=stages.samples_per_frame, features_per_frame=columns,
        decoder_trims=stages.decoder_trims,
    )  # fmt: skip
    _, conditions = sessions.encode(wholes[0][0])
    steps = stages.flow_steps
    if not steps:
        steps = (Step(columns, check.reach(partial(_features, sessions, conditions), stages.channels, columns)),)
    decode = partial(sessions.decode, trims=untrimmed(stages.decoder_trims), conditions=conditions)
    decoder_overlap = check.reach(decode, stages.feature_channels, stages.samples_per_frame // columns)
    snr_db = check.worst_snr_db(sessions, wholes, steps, decoder_overlap)
    if snr_db < check.LEAST_SNR_DB:
        raise CannotCut(f"the stages differ from the whole: {snr_db:.0f} dB, needs {check.LEAST_SNR_DB:.0f}")
    if not all(check.keeps_pace(sessions, feeds) for feeds, _ in wholes):
        raise CannotCut("its durations do not follow the speed")
    report(progress=f"the stages agree with the whole to {snr_db:.0f} dB")
    return {
        "conditions": stages.conditions,
        "samples_per_frame": stages.samples_per_frame,
        "features_per_frame": columns,
        "flow_steps": steps,
        "decoder_overlap": decoder_overlap,
        "decoder_trims": stages.decoder_trims,
    }


def _features(sessions: check.Sessions, conditions: dict[str, Array], z_p: Array) -> Array:
    return sessions.flowed({"z_p": z_p}, conditions=conditions)[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
