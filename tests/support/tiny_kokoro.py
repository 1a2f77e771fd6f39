"""A graph of a few kilobytes with Kokoro's inputs and output: a tone for speech, between silences.

Each symbol lasts four frames at speed 1, by a Round as the release has it. The first and last are silent. The first
number of a style row is the pitch in Hz, the second the amplitude.
"""

import json
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper, parser

from hailo_piper.voices.kokoro_voices import LANGUAGES

FRAME, FRAMES, RATE = 600, 4, 24_000
PITCHES, AMPLITUDES = (100.0, 200.0, 400.0), (0.2, 0.2, 0.1)
"""Of the speakers, in order, again and again."""

_GRAPH = """
<ir_version: 8, opset_import: ["": 15]>
kokoro (int64[1, symbols] SYMBOLS, float[1, 256] style, float[1] speed) => (float[samples] audio)
{
    ones = ConstantOfShape <value = float[1] {4.0}> (sizes)
    quotient = Div (ones, speed)
    /encoder/Round_output_0 = Round (quotient)
    frames = Max (/encoder/Round_output_0, least)
    each = Mul (frames, frame)
    total = ReduceSum <keepdims = 0> (each)
    first = ReduceMax <keepdims = 0> (each)
    end = Sub (total, first)
    places = Range (zero, total, one)
    after = GreaterOrEqual (places, first)
    before = Less (places, end)
    inside = And (after, before)
    heard = Cast <to = 1> (inside)
    pitch = Gather <axis = 1> (style, zeroth)
    loudness = Gather <axis = 1> (style, next)
    turns = Mul (places, step)
    phase = Mul (turns, pitch)
    sine = Sin (phase)
    tone = Mul (sine, loudness)
    audio = Mul (tone, heard)
}
"""


def save_tiny_kokoro(path: Path, *, symbols: str = "tokens", knows_durations: bool = True) -> Path:
    """Write the graph. Without durations, they are rounded by another operation, which nobody looks for."""
    text = _GRAPH.replace("SYMBOLS", symbols).replace("    ones =", f"    sizes = Shape ({symbols})\n    ones =")
    text = text.replace("/encoder/Round_output_0", "rounded")
    if not knows_durations:
        text = text.replace("Round (", "Ceil (")
    model = parser.parse_model(text)
    constants = {
        "least": np.array([1.0], np.float32), "frame": np.array([FRAME], np.float32),
        "zero": np.float32(0), "one": np.float32(1), "zeroth": np.array(0), "next": np.array(1),
        "step": np.array([2 * np.pi / RATE], np.float32),
    }  # fmt: skip
    for name, value in constants.items():
        model.graph.initializer.append(numpy_helper.from_array(np.asarray(value), name))
    onnx.save(model, path)
    return path


def styles(number: int) -> NDArray[np.float32]:
    """The table of a speaker; the third number of a row tells the row."""
    table = np.zeros((510, 256), np.float32)
    table[:, 0], table[:, 1] = PITCHES[number % 3], AMPLITUDES[number % 3]
    table[:, 2] = np.arange(510)
    return table


def make_tiny_kokoro(directory: Path, name: str = "kokoro", *, in_one_file: bool = True, **graph: bool | str) -> Path:
    """Write the folder of a language, as the release lays its files out, or as single files; return it."""
    folder = directory / name
    folder.mkdir(parents=True)
    language = LANGUAGES[name]
    save_tiny_kokoro(folder / "kokoro-v1.0.int8.onnx", **graph)  # type: ignore[arg-type]
    tables = {speaker: styles(number) for number, speaker in enumerate(language.speakers)}
    if in_one_file:
        with (folder / "voices-v1.0.bin").open("wb") as file:
            np.savez(file, **{speaker: table[:, np.newaxis] for speaker, table in tables.items()})  # type: ignore[arg-type]
    else:
        for speaker, table in tables.items():
            table.tofile(folder / f"{speaker}.bin")
    facts = {"engine": "kokoro", "language": language.code, "sample_rate": RATE, "speakers": language.speakers}
    (folder / "voice.json").write_text(json.dumps(facts))
    return folder
