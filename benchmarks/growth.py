"""How the cost of finding sentences, and of writing them as they are spoken, grows with the text.

    python benchmarks/growth.py

Each of some hundred patterns at 1250, 2500, 5000 and 20 000 characters, whole and in pieces, by processor time; the
exponent is fitted over the four, and the dearest ten of each work are listed with their times. Exits 1 where one grows
faster than n log n would (exponent 1.3, for patterns that cost 1 ms at all), or where 5000 characters, split whole,
take more than 20 ms.
"""

import math
import sys
from collections.abc import Callable
from pathlib import Path

import machine
import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from hailo_piper.engine.espeak_ng.pieces import pieces_of
from hailo_piper.text.clean import clean
from hailo_piper.text.normalise.verbaliser import verbalise
from hailo_piper.text.reading import Reading
from hailo_piper.text.splitter import Splitter
from tests.support.growth import PATTERNS, _seconds, text_of
from tests.support.hard_figures import FIGURES

SIZES = (1250, 2500, 5000, 20_000)
MOST_EXPONENT, MOST_MS = 1.3, 20


def in_pieces(length: int | None) -> Callable[[str], object]:
    def read(text: str) -> None:
        splitter = Splitter()
        for start in range(0, len(text), length or len(text)):
            splitter.push(text[start : start + (length or len(text))])
        splitter.finish()

    return read


def as_spoken(language: str) -> Callable[[str], object]:
    def write(text: str) -> None:
        splitter = Splitter(Reading(language))
        for sentence in (*splitter.push(text), *splitter.finish()):
            verbalise(sentence, language)

    return write


WORKS: dict[str, Callable[[str], object]] = {
    "whole": in_pieces(None),
    "pieces of 1": in_pieces(1),
    "pieces of 3": in_pieces(3),
    **{f"spoken in {language}": as_spoken(language) for language in ("en_US", "de_DE", "fr_FR", "es_ES", "pl_PL")},
    "for espeak-ng": lambda text: list(pieces_of(clean(text))),
}


def main() -> int:
    for name, value in machine.describe().items():
        print(f"{name:14} {value}")
    held = True
    for name, work in WORKS.items():
        found = []
        for pattern in dict.fromkeys((*PATTERNS, *FIGURES)):
            work(text_of(pattern, SIZES[0]))
            seconds = [_seconds(work, text_of(pattern, size)) for size in SIZES]
            exponent = float(np.polyfit([math.log(size) for size in SIZES], [math.log(one) for one in seconds], 1)[0])
            found.append((exponent if seconds[-1] > 1e-3 else 0.0, seconds[2] * 1e3, pattern, seconds))
        steepest, dearest = max(found), max(found, key=lambda one: one[1])
        print(f"{name:14} steepest {steepest[0]:.2f} {steepest[2]!a}")
        print(f"{'':14} 5000 characters take {dearest[1]:.1f} ms at most, {dearest[2]!a}")
        for _, _, pattern, seconds in sorted(found, key=lambda one: -one[1])[:10]:
            print(f"{'':14} {pattern!a:>24} " + "".join(f"{one * 1e3:8.2f}" for one in seconds) + " ms")
        held = held and steepest[0] < MOST_EXPONENT and (name != "whole" or dearest[1] < MOST_MS)
    print("holds" if held else "does not hold; see the top of benchmarks/growth.py")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
