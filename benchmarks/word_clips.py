"""Words cut out of an answer by its own times, each recognised alone, against the same words cut by an aligner.

    python benchmarks/word_clips.py [FILE] [--words 150]

Speaks the lines of FILE (30 sentences by default) and cuts out each word of three letters or more whose time is not
estimated. Whisper base listens to each clip alone, which takes minutes. A click is a step between two samples that
stands out of the steps around it; a clip is faded in and out within 3 ms, as a player does. Needs what word_times.py
needs, Whisper included. Exits 1 if fewer words are recognised by our times than by the aligner's.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import machine
import numpy as np
from aligners import RATE, Found, Sound, Sphinx, Whisper, plain
from timed_speech import SENTENCES, Spoken, speaking
from word_references import Places
from word_times import ours

_LEAST_LETTERS = 3
_FADE_SECONDS = 0.003
_AROUND_SECONDS = 0.3
"""Silence before and after a clip, since Whisper hears nothing in a sound that is too short."""
_CLICK = 16
"""Times the mean step around it; speech stays below."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=SENTENCES)
    parser.add_argument("--words", type=int, default=150, help="how many words are cut out at most")
    options = parser.parse_args()
    for name, value in machine.describe().items():
        print(f"{name:14} {value}")
    lines = options.file.read_text(encoding="utf-8").splitlines()
    sphinx = Sphinx()
    with tempfile.TemporaryDirectory() as directory, speaking() as speak:
        whisper = Whisper(Path(directory))
        spoken = [speak(line) for line in lines]
        aligned = [sphinx.find(take.heard(), [word.text for word in take.words]) for take in spoken]
        # So that every way cuts the same words.
        words = [
            (number, place)
            for number, (take, found) in enumerate(zip(spoken, aligned, strict=True))
            for place, word in enumerate(take.words)
            if len(word.text) >= _LEAST_LETTERS and not word.is_estimated and found[place]
        ][: options.words]
        print(f"\n{len(words)} words\n\n| cut by | recognised | clicks | steepest step |\n|---|---|---|---|")
        shares = {}
        cuts: dict[str, Sequence[Places]] = {"ours": ours(spoken), sphinx.name: aligned}
        for name, places in cuts.items():
            clips = list(cut(spoken, places, words))
            shares[name] = recognised(whisper, clips)
            steps = [steepest(clip) for _, clip in clips]
            clicks = sum(step > _CLICK for step in steps)
            print(f"| {name} | {shares[name]} | {clicks} | {max(steps):.1f} |", flush=True)
    return 0 if shares["ours"] >= shares[sphinx.name] else 1


def cut(
    spoken: Sequence[Spoken], places: Sequence[Places], words: list[tuple[int, int]]
) -> Iterator[tuple[str, Sound]]:
    """Yield each word and its clip, at RATE."""
    heard = {number: spoken[number].heard() for number, _ in words}
    for number, place in words:
        found = places[number][place]
        assert isinstance(found, Found)
        sound = heard[number]
        clip = sound[round(found.start * RATE) : round(found.end * RATE)].copy()
        fade = min(round(_FADE_SECONDS * RATE), len(clip) // 2)
        ramp = np.linspace(0, 1, fade, dtype=np.float32)
        clip[:fade] *= ramp
        clip[len(clip) - fade :] *= ramp[::-1]
        yield spoken[number].words[place].text, clip


def recognised(whisper: Whisper, clips: Iterable[tuple[str, Sound]]) -> int:
    """Return how many clips are heard as their words."""
    around = np.zeros(round(_AROUND_SECONDS * RATE), np.float32)
    return sum(whisper.hear(np.concatenate([around, clip, around])) == plain(text) for text, clip in clips)


def steepest(clip: Sound) -> float:
    """Return the largest step between two samples, as a multiple of the mean step around it."""
    step = np.abs(np.diff(np.pad(clip.astype(np.float64), 64)))
    return float((step / (np.convolve(step, np.ones(64) / 64, "same") + 1e-4)).max())


if __name__ == "__main__":
    sys.exit(main())
