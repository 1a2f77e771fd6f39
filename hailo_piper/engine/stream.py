"""One request's speech on its way through the scheduler: sentences in, chunks out, in order.

A unit (a sentence, or a part of a long one) passes through three kinds of task: `encode` once, then `flow` in blocks
and `decode` in windows. Each task is due at the moment a listener who started with the first byte would need its
sound. Tasks further ahead of the reader than LOOK_AHEAD_SECONDS are held back, so that one who reads slowly, or not
at all, costs neither processor nor memory.
"""

import heapq
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

from hailo_piper.audio.samples import AudioChunk, Samples
from hailo_piper.engine.model import Delivery, Model, PhonemeIds
from hailo_piper.engine.planned_unit import PlannedUnit
from hailo_piper.engine.scheduler import Scheduler, Task
from hailo_piper.engine.windows import FIRST_WINDOW, LARGEST_WINDOW, windows
from hailo_piper.errors import BusyError, SpeechError, SynthesisError

LOOK_AHEAD_SECONDS = 10.0
FLOW_BLOCK = 128
"""Frames that the flow takes at once, where it can: their overlaps weigh less, the more there are."""
_PATIENCE_SECONDS = 0.05
"""A new request is due so much later for each that is served: none who listens is to run dry for those who wait."""
_ENCODE_LEAD_SECONDS, _FLOW_LEAD_SECONDS = 0.25, 0.1


class Stream:
    """The speech of one request. `read` from one thread; `close` from any."""

    def __init__(  # noqa: PLR0913 - each is one part that the stream is made of
        self,
        model: Model,
        scheduler: Scheduler,
        units: Iterator[tuple[int, PhonemeIds]],
        delivery: Delivery,
        *,
        sample_rate: int,
        starts_reply: bool = True,
        goes_on: bool = False,
        is_alone: Callable[[], bool] = lambda: True,
        on_close: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`units`: (number of the sentence, its ids), drawn one by one. `starts_reply`: whether a reply begins here.

        `goes_on`: whether there are further sentences, so that the length is not asked for with the first sound.
        """
        self._model = model
        self._scheduler = scheduler
        self._units = units
        self._delivery = delivery
        self.tempo = model.tempo(delivery.speed)
        """How much faster than made the chunks are to be played, for the speed asked for."""
        self._sample_rate = sample_rate
        # All offsets count by what a listener hears in a second.
        self._played_rate = sample_rate * self.tempo
        self._starts_reply = starts_reply
        self._goes_on = goes_on
        self._is_alone = is_alone
        self._on_close = on_close
        self._clock = clock
        self._started = clock()
        self._changed = threading.Condition()
        self._made: dict[tuple[int, int], Samples] = {}
        self._plan: dict[int, PlannedUnit] = {}
        """The units that are encoded and not yet read to their end, by number."""
        self._units_planned = 0
        self.num_units: Counter[int] = Counter()
        """Of each sentence, so far as they are encoded."""
        self._samples_planned = 0
        self._next = next(units, None)
        self._held: list[tuple[float, int, float, Task]] = []
        self._numbers = itertools.count()
        self._seconds_read = 0.0
        self._position = (0, 0)
        self._error: Exception | None = None
        self._closed = False
        self.synthesis_seconds = 0.0
        """Worker time spent on this request so far."""
        if self._next is not None:
            self._submit(0.0, -_PATIENCE_SECONDS * max(0, scheduler.streams - 1), self._encode)

    @property
    def num_samples(self) -> int | None:
        """Samples of the whole stream, once every unit is encoded; before that None."""
        return None if self._next is not None else self._samples_planned

    def read(self, sentence: int, *, deadline: float | None = None) -> Iterator[AudioChunk]:
        """The chunks of one sentence, as they come; ask for the sentences in order.

        `deadline` (time.monotonic seconds) bounds the wait for the first of them. Raises BusyError when it passes and
        SynthesisError where the voice failed, InvalidRequestError where espeak-ng cannot read the text.
        """
        while (samples := self._take(sentence, deadline)) is not None:
            deadline = None
            if len(samples):
                yield AudioChunk(samples, self._sample_rate)

    def close(self) -> None:
        """Drop what is not spoken yet: no task of this stream starts any more."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
            self._held.clear()
            self._made.clear()
            self._changed.notify_all()
        self._on_close()

    def _take(self, sentence: int, deadline: float | None) -> Samples | None:
        """The next window's samples; None where the sentence is over or the stream closed."""
        with self._changed:
            while not self._is_over(sentence):
                samples = self._made.pop(self._position, None)
                if samples is not None:
                    self._advance(self._plan[self._position[0]], samples)
                    return samples
                timeout = None if deadline is None else max(0.0, deadline - time.monotonic())
                if timeout == 0 or not self._changed.wait(timeout):
                    raise BusyError("The service is busy: the first audio did not come in time", retry_after_seconds=1)
        return None

    def _is_over(self, sentence: int) -> bool:
        """Whether nothing of this sentence is still to come. Raises SynthesisError where the voice failed."""
        if self._closed:
            return True
        if isinstance(self._error, SpeechError):
            raise self._error
        if self._error is not None:
            raise SynthesisError("Speech synthesis failed") from self._error
        if self._position[0] in self._plan:
            return self._plan[self._position[0]].sentence > sentence
        return self._next is None or self._next[0] > sentence

    def _advance(self, unit: PlannedUnit, samples: Samples) -> None:
        number, window = self._position
        last = window + 1 == len(unit.windows)
        self._position = (number + 1, 0) if last else (number, window + 1)
        if last:
            # Its latents are 1.5 MB for 10 s: a chapter's would add up.
            del self._plan[number]
        self._seconds_read += len(samples) / self._played_rate
        # A reader who paused has moved his whole playback: what he needs next is not overdue by that pause.
        self._started = max(self._started, self._clock() - self._seconds_read)
        while self._held and self._held[0][0] <= self._seconds_read + LOOK_AHEAD_SECONDS:
            offset, _, lead, task = heapq.heappop(self._held)
            self._scheduler.submit(self._started + offset - lead, task)

    def _submit(self, offset: float, lead: float, task: Task) -> None:
        """Have a task run for sound that is `offset` seconds into the stream."""

        def guarded() -> None:
            if self._closed or self._error is not None:
                return
            begin = time.perf_counter()
            error = None
            try:
                task()
            except Exception as raised:  # noqa: BLE001 - onnxruntime's errors share no base; `read` raises it
                error = raised
            with self._changed:
                self.synthesis_seconds += time.perf_counter() - begin
                self._error = self._error or error
                self._changed.notify_all()

        with self._changed:
            if offset > self._seconds_read + LOOK_AHEAD_SECONDS:
                heapq.heappush(self._held, (offset, next(self._numbers), lead, guarded))
                return
        self._scheduler.submit(self._started + offset - lead, guarded)

    def _encode(self) -> None:
        """Begin the next unit. There is at most one of these tasks at a time."""
        if self._next is None:
            return
        sentence, ids = self._next
        number = self._units_planned
        opening = self._starts_reply and number == 0
        # Beside a later unit, what was begun of this request goes on.
        encoded = self._model.encode(ids, self._delivery, is_alone=opening and self._is_alone())
        if self._closed:
            return
        with self._changed:
            unit = PlannedUnit(
                sentence=sentence,
                begin=self._samples_planned / self._played_rate,
                encoded=encoded,
                windows=windows(encoded.frames, FIRST_WINDOW if opening else LARGEST_WINDOW),
            )
            if unit.windows:
                self._plan[number] = unit
                self._units_planned += 1
            self.num_units[sentence] += 1
            self._samples_planned += encoded.num_samples
        if opening and self._goes_on:
            # To read the next sentence takes a millisecond, for which no first sound is to wait.
            self._flow(unit, number)
            self._draw()
        else:
            self._draw()
            self._flow(unit, number)

    def _draw(self) -> None:
        """Have the next unit, and begin it when it is due."""
        following = next(self._units, None)
        with self._changed:
            self._next = following
            self._changed.notify_all()
        if following is not None:
            self._submit(self._samples_planned / self._played_rate, _ENCODE_LEAD_SECONDS, self._encode)

    def _flow(self, unit: PlannedUnit, number: int) -> None:
        """Prepare the frames of the next windows, hand those to the scheduler, and decode the first of them here."""
        encoded, opening = unit.encoded, self._starts_reply and number == 0 and unit.flowed == 0
        if unit.decoding == len(unit.windows):
            return
        first = unit.decoding
        needed = min(encoded.frames, unit.windows[first][1] + encoded.overlap)
        # A reply's first windows are waited for, so their blocks double; a large block's overlaps weigh less.
        block = min(unit.flowed or FLOW_BLOCK, FLOW_BLOCK)
        end = needed if opening else min(encoded.frames, max(needed, unit.flowed + block))
        if encoded.frames - end < FLOW_BLOCK // 4:
            end = encoded.frames
        encoded.flow(unit.flowed, end)
        unit.flowed = end
        if opening:
            # Nothing else of this request may compete with its first sound.
            self._decode(unit, number, first)
        while unit.decoding < len(unit.windows) and (
            end == encoded.frames or unit.windows[unit.decoding][1] + encoded.overlap <= end
        ):
            unit.decoding += 1
        for window in range(first + 1, unit.decoding):
            self._submit(self._offset(unit, window), 0.0, partial(self._decode, unit, number, window))
        if unit.decoding < len(unit.windows):
            self._submit(self._offset(unit, unit.decoding), _FLOW_LEAD_SECONDS, lambda: self._flow(unit, number))
        if not opening:
            self._decode(unit, number, first)

    def _offset(self, unit: PlannedUnit, window: int) -> float:
        return unit.begin + unit.windows[window][0] * unit.encoded.samples_per_frame / self._played_rate

    def _decode(self, unit: PlannedUnit, number: int, window: int) -> None:
        if self._closed:
            return
        samples = unit.encoded.decode(*unit.windows[window])
        with self._changed:
            if not self._closed:
                self._made[number, window] = samples
                self._changed.notify_all()
