"""How the cost of finding sentences grows with the text: 74 patterns, whole and in pieces, by processor time.

    python benchmarks/growth.py

Each pattern at 1250, 2500, 5000 and 20 000 characters; the exponent is fitted over the four. Exits 1 where one grows
faster than n log n would (exponent 1.3, for patterns that cost 1 ms at all), or where 5000 characters as a whole take
more than 20 ms.
"""

import math
import sys
from collections.abc import Callable
from pathlib import Path

import machine
import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from hailo_piper.engine.piper.pieces import pieces_of
from hailo_piper.text.clean import clean
from hailo_piper.text.splitter import Splitter
from tests.support.growth import PATTERNS, _seconds, text_of

SIZES = (1250, 2500, 5000, 20_000)
MOST_EXPONENT, MOST_MS = 1.3, 20


def in_pieces(length: int | None) -> Callable[[str], object]:
    def read(text: str) -> None:
        splitter = Splitter()
        for start in range(0, len(text), length or len(text)):
            splitter.push(text[start : start + (length or len(text))])
        splitter.finish()

    return read


WORKS: dict[str, Callable[[str], object]] = {
    "whole": in_pieces(None),
    "pieces of 1": in_pieces(1),
    "pieces of 3": in_pieces(3),
    "for espeak-ng": lambda text: list(pieces_of(clean(text))),
}


def main() -> int:
    for name, value in machine.describe().items():
        print(f"{name:14} {value}")
    held = True
    for name, work in WORKS.items():
        found = []
        for pattern in PATTERNS:
            seconds = [_seconds(work, text_of(pattern, size)) for size in SIZES]
            exponent = float(np.polyfit([math.log(size) for size in SIZES], [math.log(one) for one in seconds], 1)[0])
            found.append((exponent if seconds[-1] > 1e-3 else 0.0, seconds[2] * 1e3, pattern))
        steepest, dearest = max(found), max(found, key=lambda one: one[1])
        print(f"{name:14} steepest {steepest[0]:.2f} {steepest[2]!a}")
        print(f"{'':14} 5000 characters take {dearest[1]:.1f} ms at most, {dearest[2]!a}")
        held = held and steepest[0] < MOST_EXPONENT and (name != "whole" or dearest[1] < MOST_MS)
    print("holds" if held else "does not hold; see the top of benchmarks/growth.py")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
