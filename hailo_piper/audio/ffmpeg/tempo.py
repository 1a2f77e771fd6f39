"""FFmpeg's atempo makes finished speech faster or slower, at the same pitch.

atempo joins overlapping pieces where they fit best (WSOLA). By itself it skips a quarter of the first piece and ends
some milliseconds early or late, so silence is put on both sides, and the output is cut to the exact length.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from itertools import pairwise
from typing import Any

import av
import av.filter
import numpy as np

from hailo_piper.audio.samples import Samples, length_at_tempo
from hailo_piper.errors import SynthesisError

_PIECE_SECONDS = 0.025
"""atempo's default is twice that, for music; speech has short sounds, and a recogniser understands more at 25 ms."""
_PIECES_IN_A_SECOND = 24
"""atempo's own piece is 1/24 s of samples, rounded up to a power of two."""


class Tempo:
    """A stretch of one piece of speech: `push` samples in pieces of any size, then `flush`. Holds back about 50 ms."""

    def __init__(self, sample_rate: int, tempo: float) -> None:
        """`tempo`: 2 is twice as fast."""
        self._tempo = tempo
        piece = 2 ** round(math.log2(sample_rate * _PIECE_SECONDS))
        # atempo uses the rate only for the length of its pieces.
        self._rate = piece * _PIECES_IN_A_SECOND
        # One filter can halve or double: below half atempo refuses, above double it drops pieces.
        filters = max(1, math.ceil(abs(math.log2(tempo))))
        each = tempo ** (1 / filters)
        # Samples of the input: each filter counts in samples of the output of the one before.
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
        """Samples that do not fill a block yet."""
        self._fed = self._taken = self._made = 0

    def push(self, samples: Samples) -> Samples:
        """Take the next samples, shape (n,), float32; return those that are finished, shape (m,)."""
        self._taken += len(samples)
        with _failures():
            self._feed(samples)
            return self._drain()

    def flush(self) -> Samples:
        """Return the rest: `length_at_tempo` of all samples pushed, less those already returned."""
        missing = length_at_tempo(self._taken, self._tempo) - self._made
        with _failures():
            self._feed(np.zeros(self._after + self._block, np.float32))
            self._source.push(None)
            return self._drain()[:missing]

    def _feed(self, samples: Samples) -> None:
        """Feed atempo whole blocks only: from very short ones it would choose its pieces differently."""
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
        # FFmpeg reports EAGAIN or EOF where there is no more output yet.
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
