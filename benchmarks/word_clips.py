"""Words cut out of an answer by its own times, each recognised alone, against the same words cut by an aligner.

    python benchmarks/word_clips.py [FILE] [--words 150]

Speaks the lines of FILE (30 sentences by default) and cuts out each word of three letters or more whose time is not
estimated. Whisper base listens to each clip alone, which takes minutes. A click is a step between two samples that
stands out of the steps around it; a clip is faded in and out within 3 ms, as a player does. Needs what word_times.py
needs, Whisper included. Both ways cut the same words, so what tells them apart is the words that only one way has
recognised: a one-sided sign test on those. Exits 1 if chance gives ours so few of them in less than 5 of 100 runs.
"""

import argparse
import math
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
_LEAST_CHANCE = 0.05


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
        heard = dict[str, list[bool]]()
        cuts: dict[str, Sequence[Places]] = {"ours": ours(spoken), sphinx.name: aligned}
        for name, places in cuts.items():
            clips = list(cut(spoken, places, words))
            heard[name] = recognised(whisper, clips)
            steps = [steepest(clip) for _, clip in clips]
            clicks = sum(step > _CLICK for step in steps)
            print(f"| {name} | {sum(heard[name])} | {clicks} | {max(steps):.1f} |", flush=True)
    pairs = list(zip(heard["ours"], heard[sphinx.name], strict=True))
    won, lost = pairs.count((True, False)), pairs.count((False, True))
    chance = chance_of_so_few(won, lost)
    print(f"\nonly by ours: {won}, only by {sphinx.name}: {lost}; chance of so few of ours or fewer: {chance:.3f}")
    return int(chance < _LEAST_CHANCE)


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


def recognised(whisper: Whisper, clips: Iterable[tuple[str, Sound]]) -> list[bool]:
    """Return of each clip whether it is heard as its word."""
    around = np.zeros(round(_AROUND_SECONDS * RATE), np.float32)
    return [whisper.hear(np.concatenate([around, clip, around])) == plain(text) for text, clip in clips]


def chance_of_so_few(won: int, lost: int) -> float:
    """Return how likely `won` or fewer of both together are, where each is won or lost by a coin: the sign test."""
    return sum(math.comb(won + lost, count) for count in range(won + 1)) / (1 << (won + lost))


def steepest(clip: Sound) -> float:
    """Return the largest step between two samples, as a multiple of the mean step around it."""
    step = np.abs(np.diff(np.pad(clip.astype(np.float64), 64)))
    return float((step / (np.convolve(step, np.ones(64) / 64, "same") + 1e-4)).max())


if __name__ == "__main__":
    sys.exit(main())
