"""How exact SSML's pauses, rates, volumes and pitches are in the sound, and whether their joints click.

    python benchmarks/prosody.py [--clips DIRECTORY]

Ten long sentences of the real voice, without noise; exits 1 over the bounds. --clips keeps those of two semitones, with
the plain ones, as WAV files, for a judge of quality.
"""

import argparse
import sys
import wave
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import machine
import numpy as np
import report
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.hearing import RATE, VOLUME, Ear, Heard, ear_of_joe
from tests.support.pitch import cents, track

SENTENCES = (
    "The quick brown fox jumps over the lazy dog near the old river bank, and nobody there ever sees it.",
    "We were away all year, and you know our new neighbours were very nervous about the noise.",
    "When the rain had stopped at last, the children ran out into the garden and jumped into every puddle.",
    "He opened the old wooden box, looked inside, and found nothing but dust and a folded letter.",
    "The train to the coast, which usually leaves at nine, has been delayed by forty minutes today.",
    "Mary will marry Larry in the early morning, when all the mountains around the valley are in the sun.",
    "The farmer sang softly while he fed the animals, and the old woman waited for him by the wall.",
    "A new sign near the station shows the way to the museum, where my uncle has been working for years.",
    "If you would like to hear the weather, say the name of your town after the tone and wait a moment.",
    "Our engineers are learning how memory and melody are related in an ordinary human brain.",
)
PAUSES = (0.005, 0.1, 0.333, 0.7, 1.0, 2.5)
RATES = (0.5, 0.75, 0.8, 1.25, 1.5)
VOLUMES = (-12, -6, -3, 3, 6)
SEMITONES = (-4, -2, -1, 1, 2, 4)
_JOINT = round(0.02 * RATE)
_CLIP = 2
"""Semitones up and down, at which clips are kept."""
_Samples = NDArray[np.float64]


def main(clips: Path | None) -> int:
    for name, value in machine.describe().items():
        print(f"{name}: {value}")
    with TemporaryDirectory() as directory, ear_of_joe(Path(directory) / "cache", Path(directory) / "voices") as ear:
        figures = [*_pauses(ear), *_rates(ear), *_volumes(ear), *_pitches(ear), *_clicks(ear)]
        if clips is not None:
            _keep(ear, clips)
    rows = [["what", "worst", "median", "at most"]]
    rows += [[name, f"{max(values):.2f}", f"{np.median(values):.2f}", most] for name, values, most in figures]
    print("\n".join(report.aligned(rows)))
    return int(any(most and max(values) > float(most) for _, values, most in figures))


_Figure = tuple[str, list[float], str]
"""What is measured, how far each is off, and the bound of the worst; none where the text says why."""


def _run(sentence: str, attributes: str) -> str:
    """Return a document in which the middle of a sentence has a manner."""
    words, (first, last) = sentence.split(), _middle(sentence)
    middle = f"<prosody {attributes}>{' '.join(words[first : last + 1])}</prosody>"
    return " ".join([*words[:first], middle, *words[last + 1 :]])


def _middle(sentence: str) -> tuple[int, int]:
    """Return the numbers of the first and the last word of the middle."""
    count = len(sentence.split())
    return count // 3, 2 * count // 3


def _place(heard: Heard, sentence: str) -> tuple[int, int]:
    """Return the first sample of the middle, and that of the word after it: a comma belongs to the middle."""
    first, last = _middle(sentence)
    return round(heard.words[first].start * RATE), round(heard.words[last + 1].start * RATE)


def _pauses(ear: Ear) -> Iterator[_Figure]:
    off = []
    for sentence, seconds in product(SENTENCES[:3], PAUSES):
        document = f"{sentence} <break time='{1000 * seconds:g}ms'/> {sentence}"
        silent = ear.hear_ssml(document).samples == 0
        edges = np.flatnonzero(np.diff(np.pad(silent.astype(int), 1)))
        spoken = 2 * len(ear.hear(sentence).samples)
        longest = max(edges[1::2] - edges[::2], default=0) / RATE
        off += [1000 * abs(len(silent) - spoken - seconds * RATE) / RATE, 1000 * max(0.0, seconds - longest)]
    yield "pauses, ms off", off, "1"


def _rates(ear: Ear) -> Iterator[_Figure]:
    for rate in RATES:
        told, sounded = list[float](), list[float]()
        for sentence in SENTENCES:
            plain, heard = ear.hear(sentence), ear.hear_ssml(_run(sentence, f"rate='{rate}'"))
            (begin, end), (start, stop) = _place(plain, sentence), _place(heard, sentence)
            expected = (end - begin) / rate
            change = len(heard.samples) - len(plain.samples)
            told.append(100 * abs((stop - start) / expected - 1))
            sounded.append(100 * abs((end - begin + change) / expected - 1))
        yield f"rate {rate:g}, % off by times of words", told, "2"
        yield f"rate {rate:g}, % off by samples", sounded, "2"


def _volumes(ear: Ear) -> Iterator[_Figure]:
    # At the usual level peaks lie near the ceiling, so upwards the limiter takes back what goes over it.
    for decibels, volume in [*product(VOLUMES, [VOLUME]), *((decibels, 1.0) for decibels in VOLUMES if decibels > 0)]:
        off = []
        for sentence in SENTENCES:
            document = _run(sentence, f"volume='{decibels:+d}dB'")
            plain, heard = ear.hear(sentence, volume=volume), ear.hear_ssml(document, volume=volume)
            begin, end = _place(plain, sentence)
            inside = slice(begin + _JOINT, end - _JOINT)
            louder = _level(heard.samples[inside]) - _level(plain.samples[inside])
            off.append(abs(louder - decibels))
        at = "under the limiter" if volume < 1 else "at the usual level"
        yield f"volume {decibels:+d} dB, dB off, {at}", off, "0.5" if volume < 1 else ""


def _pitches(ear: Ear) -> Iterator[_Figure]:
    for semitones in SEMITONES:
        factor, off, all_plain, all_heard = 2 ** (semitones / 12), list[float](), list[_Samples](), list[_Samples]()
        for sentence in SENTENCES:
            document = f"<prosody pitch='{semitones:+d}st'>{sentence}</prosody>"
            all_plain.append(track(ear.hear(sentence).samples, RATE))
            all_heard.append(track(ear.hear_ssml(document).samples, RATE, factor))
            off.append(abs(cents(all_heard[-1], all_plain[-1]) - 100 * semitones))
        together = cents(np.concatenate(all_heard), np.concatenate(all_plain)) - 100 * semitones
        yield f"pitch {semitones:+d} st, cents off, all sentences together", [abs(together)], "10"
        yield f"pitch {semitones:+d} st, cents off, each sentence", off, ""


def _clicks(ear: Ear) -> Iterator[_Figure]:
    """Yield the largest step between samples at joints, in those around it, beside what plain speech has there."""
    for attributes in ("rate='0.75'", "rate='1.25'", "pitch='+2st'", "pitch='-2st'", "volume='-12dB'", "volume='+6dB'"):
        steps = []
        for sentence in SENTENCES:
            plain, heard = ear.hear(sentence), ear.hear_ssml(_run(sentence, attributes))
            usual = _steps(plain.samples).max()
            steps += [
                _steps(heard.samples)[max(0, place - _JOINT) : place + _JOINT].max() / usual
                for place in _place(heard, sentence)
            ]
        yield f"step at joints, {attributes}, in the largest of plain speech", steps, "1"


def _steps(samples: _Samples) -> _Samples:
    """Return each step between two samples, in the mean of the 64 around it."""
    step = np.abs(np.diff(samples))
    return step / (np.convolve(step, np.ones(64) / 64, "same") + 1e-4)


def _level(samples: _Samples) -> float:
    return float(10 * np.log10((samples**2).mean()))


def _keep(ear: Ear, directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for number, sentence in enumerate(SENTENCES):
        documents = {0: sentence, **{st: f"<prosody pitch='{st:+d}st'>{sentence}</prosody>" for st in (-_CLIP, _CLIP)}}
        for semitones, document in documents.items():
            samples = ear.hear_ssml(document, volume=1.0).samples
            with wave.open(str(directory / f"{number}{semitones:+d}.wav"), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(RATE)
                file.writeframes((samples * 32767).astype("<i2").tobytes())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, help="directory for clips of two semitones")
    sys.exit(main(parser.parse_args().clips))
