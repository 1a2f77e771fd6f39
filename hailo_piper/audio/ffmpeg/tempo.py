"""A tempo of its own for speech that is already made: faster or slower, at the same pitch.

FFmpeg's atempo joins overlapping pieces where they fit best. Left alone it skips a quarter of the first piece and ends
some milliseconds early or late, so it is given silence on both sides, and what comes out is cut to the exact length.
"""

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from itertools import pairwise
from typing import Any

import av
import av.filter
import numpy as np

from hailo_piper.audio.samples import AudioChunk, Samples, length_at_tempo
from hailo_piper.errors import SynthesisError

_PIECE_SECONDS = 0.025
"""atempo takes twice that, for music. Of speech, whose sounds are short, a recogniser understands more like this."""
_PIECES_IN_A_SECOND = 24
"""By its own reckoning: its piece is what lasts a 24th of a second, taken up to a power of two."""


def at_tempo(chunks: Iterable[AudioChunk], tempo: float) -> Iterator[AudioChunk]:
    """The same speech that much faster: `length_at_tempo` of its samples, whatever chunks it comes in."""
    stretch: Tempo | None = None
    rate = 0
    for chunk in chunks:
        if stretch is None:
            rate = chunk.sample_rate
            stretch = Tempo(rate, tempo)
        if len(samples := stretch.push(chunk.samples)):
            yield AudioChunk(samples, rate)
    if stretch is not None and len(samples := stretch.flush()):
        yield AudioChunk(samples, rate)


class Tempo:
    """One piece of speech at another tempo; `push` samples of any cut, then `flush`. Holds back about 50 ms."""

    def __init__(self, sample_rate: int, tempo: float) -> None:
        """`tempo`: 2 is twice as fast."""
        self._tempo = tempo
        piece = 2 ** round(math.log2(sample_rate * _PIECE_SECONDS))
        # To atempo the rate only says how long a piece is.
        self._rate = piece * _PIECES_IN_A_SECOND
        # From half to double is what one filter does: slower it refuses, and faster it drops pieces for good.
        filters = max(1, math.ceil(abs(math.log2(tempo))))
        each = tempo ** (1 / filters)
        # As samples of the input: each filter counts in those that the one before it has left.
        pieces = piece * sum(each**number for number in range(filters))
        self._after = math.ceil(4 * pieces)
        with _failures():
            self._graph = av.filter.Graph()
            self._graph.threads = 1
            time_base = Fraction(1, self._rate)
            chain = [self._graph.add_abuffer(sample_rate=self._rate, format="flt", layout="mono", time_base=time_base)]
            chain += [self._graph.add("atempo", f"{each:.9f}") for _ in range(filters)]
            chain.append(self._graph.add("abuffersink"))
            for filled, filler in pairwise(chain):
                filled.link_to(filler)
            self._graph.configure()
        self._source, self._sink = chain[0], chain[-1]
        self._block = piece
        self._waiting = np.zeros(round(pieces / 4), np.float32)
        """Samples that are no whole block yet."""
        self._fed = self._taken = self._made = 0

    def push(self, samples: Samples) -> Samples:
        """The next samples, shape (n,); returns those that are done."""
        self._taken += len(samples)
        with _failures():
            self._feed(samples)
            return self._drain()

    def flush(self) -> Samples:
        """What is still held back: `length_at_tempo` of all that was pushed, less what has been returned."""
        missing = length_at_tempo(self._taken, self._tempo) - self._made
        with _failures():
            self._feed(np.zeros(self._after + self._block, np.float32))
            self._source.push(None)
            return self._drain()[:missing]

    def _feed(self, samples: Samples) -> None:
        """Hand on what makes whole blocks: from very short ones atempo would choose its pieces differently."""
        self._waiting = np.concatenate([self._waiting, samples])
        while len(self._waiting) >= self._block:
            block, self._waiting = np.split(self._waiting, [self._block])
            frame = av.AudioFrame.from_ndarray(block[np.newaxis], format="flt", layout="mono")
            frame.sample_rate = self._rate
            frame.time_base = Fraction(1, self._rate)
            frame.pts = self._fed
            self._fed += len(block)
            self._source.push(frame)

    def _drain(self) -> Samples:
        made = [np.zeros(0, np.float32)]
        # FFmpeg says "again" or "end" where nothing more has come out yet.
        with suppress(BlockingIOError, EOFError):
            while True:
                frame: Any = self._sink.pull()
                made.append(frame.to_ndarray().reshape(-1))
        samples: Samples = np.concatenate(made)
        self._made += len(samples)
        return samples


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except av.FFmpegError as error:
        raise SynthesisError("The tempo could not be changed") from error
