"""Runs of one sentence, each with its own treatment, are joined without a click.

A run is treated with some of the sound on both sides of it, and the two versions of that sound are faded into each
other over 10 ms where two runs meet. So every sample of the result has its place: a run of n samples has n / factor of
them, counted from the sentence's first, and no rounding adds up.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from hailo_piper.audio.samples import AudioChunk, Samples
from hailo_piper.audio.treatment import IdSamples, TreatedRun, Treatment, TreatmentFilter, in_time, timed_runs

_HALF_JOINT_SECONDS = 0.005
_EDGE_SECONDS = 0.02
"""What a filter needs beside a joint before its output is its own."""
_LARGEST_FACTOR = 8


def treated(
    chunks: Iterable[AudioChunk], runs: Sequence[TreatedRun], id_samples: Callable[[], IdSamples]
) -> Iterator[AudioChunk]:
    """Yield the chunks of a sentence with each run treated, as they come.

    `id_samples` returns the durations that are known: those of all samples that have come, or more. Runs that have a
    length wait until theirs are.
    """
    source = _Source(iter(chunks), id_samples)
    if source.is_over:
        return
    joined = _Joined(source)
    known_from = {timed.first: timed.last_id for timed in timed_runs(runs)}
    exact = runs
    for number in range(len(runs)):
        is_last = number + 1 == len(runs)
        if number in known_from:
            source.wait_for(known_from[number])
            exact = in_time(runs, id_samples())
        run = exact[number]
        for samples in joined.add(run.treatment, None if is_last else run.last):
            yield AudioChunk(samples, source.sample_rate)


class _Source:
    """The samples of a sentence, of which the last ones are kept for the run that begins in them."""

    def __init__(self, chunks: Iterator[AudioChunk], id_samples: Callable[[], IdSamples]) -> None:
        self._chunks = chunks
        self._id_samples = id_samples
        self._kept: Samples = np.zeros(0, np.float32)
        self._start = 0
        """Samples before those that are kept."""
        self.is_over = False
        self.sample_rate = 0
        self.more()

    @property
    def end(self) -> int:
        """Samples that have come."""
        return self._start + len(self._kept)

    def more(self) -> None:
        """Wait for more samples, or for the end."""
        chunk = next(self._chunks, None)
        if chunk is None:
            self.is_over = True
        else:
            self._kept = np.concatenate([self._kept, chunk.samples])
            self.sample_rate = chunk.sample_rate

    def place(self, ids: int | None) -> int | None:
        """Return how many samples so many phoneme ids have (None: all); None while that is not known."""
        if ids is not None and len(durations := self._id_samples()) >= ids:
            return int(durations[:ids].sum())
        return self.end if self.is_over else None

    def wait_for(self, ids: int) -> None:
        """Wait until the durations of so many phoneme ids are known, or for the end."""
        while len(self._id_samples()) < ids and not self.is_over:
            self.more()

    def read(self, start: int, end: int) -> Samples:
        """Return samples that are kept."""
        return self._kept[start - self._start : end - self._start]

    def forget(self, before: int) -> None:
        """Keep nothing before a sample."""
        if before > self._start:
            self._kept = self._kept[before - self._start :]
            self._start = before


class _Joined:
    """Treated runs, one after the other."""

    def __init__(self, source: _Source) -> None:
        self._source = source
        rate = source.sample_rate
        self._half = round(_HALF_JOINT_SECONDS * rate)
        self._edge = self._half + round(_EDGE_SECONDS * rate)
        self._farthest = _LARGEST_FACTOR * self._edge
        """Samples before its own with which a run may begin."""
        self._begin = 0
        """Samples of the source before the run."""
        self._at = 0.0
        """Samples of the result before the run, exactly."""
        self._tail: Samples = np.zeros(0, np.float32)
        """The end of the run before, as long before the joint as behind it."""

    def add(self, treatment: Treatment, last: int | None) -> Iterator[Samples]:
        """Yield the samples that are certain. `last`: phoneme ids up to the end of the run; None: it is the last."""
        source, factor, begin = self._source, treatment.factor, self._begin
        edge = min(self._farthest, math.ceil(self._edge * factor))
        position = max(0, begin - edge)
        lead = round((begin - position) / factor)
        made = _Made(TreatmentFilter(treatment, source.sample_rate), lead)
        while True:
            bound = source.place(last)
            stop = source.end if bound is None else min(bound + edge, source.end)
            if stop > position:
                made.push(source.read(position, stop))
                position = stop
                source.forget(position - self._farthest if bound is None else min(position, bound) - self._farthest)
                # The end of the run may still be as near as the samples that were read.
                if bound is None:
                    yield from self._out(made, made.ready, hold=0 if last is None else 3 * self._half)
            elif source.is_over or (bound is not None and position >= bound + edge):
                break
            else:
                source.more()
        bound = source.end if bound is None else min(bound, source.end)
        made.finish()
        exact = self._at + max(0, bound - begin) / factor
        length = round(exact) - round(self._at)
        self._begin, self._at = max(begin, bound), exact
        if not length:
            # The run before is joined with the next one, if there is one.
            if last is None and len(self._tail):
                yield self._tail[: len(self._tail) // 2]
            return
        yield from self._out(made, length)
        half = 0 if last is None else max(0, min(self._half, length - made.taken, made.ready - length))
        made.pad(length + half)
        if len(rest := made.take(length - half)):
            yield rest
        self._tail = made.peek(length - half, length + half)

    def _out(self, made: "_Made", ready: int, hold: int | None = None) -> Iterator[Samples]:
        """Yield the joint with the run before, of a run of which so many samples are ready.

        `hold`: yield what follows, too, but so many of the last samples; None: the run is over, and only the joint is.
        """
        if not made.is_joined:
            half = len(self._tail) // 2
            if hold is not None and ready < 2 * half:
                return
            own = max(0, min(half, made.lead, ready // 2))
            made.is_joined = True
            if half:
                fade = ((np.arange(2 * own, dtype=np.float32) + 0.5) / max(1, 2 * own)).astype(np.float32)
                before = self._tail[half - own : half + own]
                mixed = before + (made.peek(-own, own) - before) * fade
                made.taken = own
                if len(joint := np.concatenate([self._tail[: half - own], mixed])):
                    yield joint
        if hold is not None and len(samples := made.take(ready - hold)):
            yield samples


class _Made:
    """What a filter has made of a run, and of the sound on both sides of it."""

    def __init__(self, passing: TreatmentFilter, lead: int) -> None:
        """`lead`: samples before the run's first."""
        self._filter = passing
        self.lead = lead
        self._samples: Samples = np.zeros(0, np.float32)
        self._dropped = -lead
        """The place in the run of the first sample that is kept."""
        self.taken = 0
        """Samples of the run that have left."""
        self.is_joined = False

    @property
    def ready(self) -> int:
        """The place in the run after the last sample that is made."""
        return self._dropped + len(self._samples)

    def push(self, samples: Samples) -> None:
        """Filter more samples."""
        self._samples = np.concatenate([self._samples, self._filter.push(samples)])

    def finish(self) -> None:
        """Add what the filter holds back."""
        self._samples = np.concatenate([self._samples, self._filter.flush()])

    def pad(self, end: int) -> None:
        """Add zeros up to a place: a filter may round the other way."""
        self._samples = np.concatenate([self._samples, np.zeros(max(0, end - self.ready), np.float32)])

    def peek(self, start: int, end: int) -> Samples:
        """Return samples by their places in the run."""
        return self._samples[start - self._dropped : end - self._dropped]

    def take(self, end: int) -> Samples:
        """Return what has not left yet, up to a place."""
        samples = self.peek(self.taken, end) if end > self.taken else self._samples[:0]
        self.taken = max(self.taken, end)
        kept = self.taken - self._dropped
        if self.is_joined and kept > 0:
            self._samples, self._dropped = self._samples[kept:], self.taken
        return samples
