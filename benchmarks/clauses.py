"""How a sentence that is cut at its first comma would sound, and how much sooner its first byte would leave.

    python benchmarks/clauses.py [TEXT...]

Speaks each sentence whole and as two parts, without noise, and prints what became of the pause and of the pitch before
it. A clause that ends like a sentence has lost the tone that says "there is more".
"""

import json
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from time import perf_counter

import machine
import numpy as np

from hailo_piper.audio.samples import Samples
from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.model import Delivery
from hailo_piper.engine.phonemes.phonemes import Phonemizer
from hailo_piper.engine.phonemes.units import PhonemeIds
from hailo_piper.engine.piper.models import StagedModel
from hailo_piper.engine.piper.prepared.store import prepare
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.voice import embedded_model_path, read_voice

TEXTS = (
    "A thick fog covered the airport, so our flight was late.",
    "When the rain had stopped at last, the children ran out into the garden and jumped into every puddle.",
    "If you would like to hear the weather, say the name of your town after the tone.",
    "He opened the old wooden box, looked inside, and found nothing but dust and a folded letter.",
    "The train to the coast, which usually leaves at nine, has been delayed by forty minutes today.",
    "After a long and rather tiring day at the office, she made herself a cup of tea and sat by the window.",
)
_NOISELESS = Delivery(length_scale=1.0, noise_scale=0.0, noise_w_scale=0.0, speaker_id=0)
_QUIET = 0.02


def main(texts: list[str]) -> None:
    for name, value in machine.describe().items():
        print(f"{name:14} {value}")
    voice = read_voice(embedded_model_path())
    with tempfile.TemporaryDirectory() as directory, closing(Espeak()) as espeak:
        phonemizer = Phonemizer(json.loads(voice.config_path.read_text()), espeak)
        model = StagedModel(prepare(voice.model_path, Path(directory)), voice)

        def speak(text: str) -> Samples:
            encoded = model.encode(ids(text), _NOISELESS, is_alone=False)
            encoded.flow(0, encoded.frames)
            return encoded.decode(0, encoded.frames)

        def ids(text: str) -> PhonemeIds:
            (unit,) = phonemizer.phonemize(Sentence(text))
            return unit

        def encode_ms(text: str) -> float:
            times = []
            for _ in range(9):
                begin = perf_counter()
                model.encode(ids(text), _NOISELESS, is_alone=False)
                times.append(perf_counter() - begin)
            return 1000 * min(times)

        for text in texts or TEXTS:
            comma = text.index(",") + 1
            whole, first, second = (speak(part) for part in (text, text[:comma], text[comma:].strip()))
            loud = np.flatnonzero(np.abs(whole) > _QUIET)
            pause = int(np.diff(loud).max())
            cut_pause = len(first) - np.flatnonzero(np.abs(first) > _QUIET)[-1]
            cut_pause += np.flatnonzero(np.abs(second) > _QUIET)[0]
            rate = voice.sample_rate
            print(
                f"{text[:52]:52} pause {pause / rate:.2f} -> {cut_pause / rate:.2f} s, "
                f"pitch before it {pitch(whole[: len(first)], rate):3.0f} -> {pitch(first, rate):3.0f} Hz, "
                f"first byte {encode_ms(text) - encode_ms(text[:comma]):.0f} ms sooner"
            )


def pitch(samples: Samples, sample_rate: int) -> float:
    """Hz, the median of the last 0.1 s that is voiced."""
    found: list[float] = []
    shortest, longest = sample_rate // 300, sample_rate // 60
    for start in range(0, len(samples) - 1024, sample_rate // 100):
        part = samples[start : start + 1024] * np.hanning(1024)
        likeness = np.correlate(part, part, "full")[1023:]
        lag = shortest + int(np.argmax(likeness[shortest:longest]))
        if likeness[0] > 1024 * 1e-4 and likeness[lag] > 0.4 * likeness[0]:
            found.append(sample_rate / lag)
    return float(np.median(found[-12:]))


if __name__ == "__main__":
    main(sys.argv[1:])
