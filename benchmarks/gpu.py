"""A GPU against the CPU: seconds of sound a second in batches of 1, 16, 64 and 128, and how far the sound is apart.

    python benchmarks/gpu.py [--provider cuda|cpu] [--tf32] [--batches 1,16,64,128] [--rounds 3]

Speaks sentences of 100 to 150 characters without noise by `batch`'s own model. The CPU's figure is the whole graph,
unit after unit, on all processors. Decibels are those of the sound over the difference to the same unit alone on the
CPU: the least of a batch's. `--provider cpu` runs the same code without a GPU. docs/batch.md says how to install it.
Exits 1 where a unit has another length, is less than 30 dB apart, or a GPU's best is not 20 times the CPU's.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import machine
import numpy as np
from texts import _SENTENCES

from hailo_piper.audio.samples import Samples
from hailo_piper.config.loading import load_config
from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.model import NOISELESS
from hailo_piper.engine.phonemes.phonemes import phonemizer_of
from hailo_piper.engine.phonemes.units import PhonemeIds
from hailo_piper.engine.piper.batched_model import CPU, CUDA, BatchedModel, Provider, check_cuda
from hailo_piper.engine.piper.whole_model import WholeModel
from hailo_piper.engine.whole_unit import WholeUnit
from hailo_piper.machine import cpus
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.places import default_voice

_LEAST_DECIBELS = 30.0
_LEAST_FACTOR = 20.0
_ON_CPU = 16
"""Units that the CPU speaks for its figure, and that are compared."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--provider", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--tf32", action="store_true", help="let the GPU round its factors, as it does by itself")
    parser.add_argument("--batches", default="1,16,64,128")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    for name, value in machine.describe().items():
        print(f"{name}: {value}")
    sizes = list(map(int, options.batches.split(",")))
    voice = default_voice(load_config(None)).voice
    units = units_of(max(*sizes, _ON_CPU))
    threads = cpus.worker_threads(cpus.usable_cpus())
    whole = WholeModel(voice, threads=threads)
    usual, cpu_rate = alone(whole, units[:_ON_CPU], voice.sample_rate)
    print(f"CPU, {threads} threads, batch 1: {cpu_rate:.1f} s of sound a second")
    model = BatchedModel(voice, provider_of(options), threads=threads, most=max(sizes))
    best, is_good = 0.0, True
    for size in sizes:
        rates = []
        for _ in range(options.rounds + 1):
            began = time.perf_counter()
            spoken = together(model, units[:size])
            rates.append(seconds_of(spoken, voice.sample_rate) / (time.perf_counter() - began))
        # The first run finds algorithms and memory.
        rate = statistics.median(rates[1:])
        apart, is_equal = distance(usual, spoken)
        best, is_good = max(best, rate), is_good and is_equal and apart >= _LEAST_DECIBELS
        print(f"{options.provider}, batch {size}: {rate:.1f} s of sound a second, {apart:.1f} dB from the CPU")
    if options.provider == "cuda":
        print(f"the best is {best / cpu_rate:.1f} times the CPU's")
        is_good = is_good and best >= _LEAST_FACTOR * cpu_rate
    return int(not is_good)


def provider_of(options: argparse.Namespace) -> Provider:
    if options.provider == "cpu":
        return CPU
    check_cuda()
    return (CUDA[0], {**CUDA[1], "use_tf32": str(int(options.tf32))})


def units_of(number: int) -> list[PhonemeIds]:
    """Return the phoneme ids of so many different sentences, one unit each."""
    voice = default_voice(load_config(None)).voice
    with closing(Espeak()) as espeak:
        phonemizer = phonemizer_of(voice, espeak)
        texts = (f"Line {at}. {_SENTENCES[at % len(_SENTENCES)]}"[:150] for at in range(number))
        return [phonemizer.phonemize(Sentence(text))[0] for text in texts]


def alone(whole: WholeModel, units: Sequence[PhonemeIds], rate: int) -> tuple[list[Samples], float]:
    """Return what the CPU says, unit after unit, and its seconds of sound a second."""
    whole.encode(units[0], NOISELESS, is_alone=True)
    began = time.perf_counter()
    spoken = [whole.encode(unit, NOISELESS, is_alone=True) for unit in units]
    return list(map(samples_of, spoken)), seconds_of(spoken, rate) / (time.perf_counter() - began)


def together(model: BatchedModel, units: Sequence[PhonemeIds]) -> list[WholeUnit]:
    """Speak units as `batch` does, each brought by a thread of its own; all wait before the device is free."""
    with ThreadPoolExecutor(len(units)) as pool:
        with model._device:  # noqa: SLF001 - all of them are to be one batch
            futures = [pool.submit(model.encode, unit, NOISELESS, is_alone=False) for unit in units]
            while len(model._waiting) < len(units):  # noqa: SLF001
                time.sleep(0.001)
        return [future.result() for future in futures]


def samples_of(unit: WholeUnit) -> Samples:
    return unit.decode(0, unit.frames)


def seconds_of(spoken: Sequence[WholeUnit], rate: int) -> float:
    return sum(unit.num_samples for unit in spoken) / rate


def distance(usual: Sequence[Samples], spoken: Sequence[WholeUnit]) -> tuple[float, bool]:
    """Return the least decibels of those that both have spoken, and whether all have equal lengths."""
    least = float("inf")
    for wanted, unit in zip(usual, spoken, strict=False):
        found = samples_of(unit)
        if found.shape != wanted.shape:
            return 0.0, False
        noise = max(float(np.square(wanted - found).mean()), 1e-20)
        least = min(least, 10 * float(np.log10(float(np.square(wanted).mean()) / noise)))
    return least, True


if __name__ == "__main__":
    sys.exit(main())
