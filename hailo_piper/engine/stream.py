"""A stream carries one request through the scheduler: sentences in, chunks out, in order.

A unit (a sentence, or a part of a long one) passes through three kinds of task: `encode` once, then `flow` in blocks
and `decode` in windows. The encoding is most of what a first sound waits for, so a request that is alone encodes with
all threads; every other task runs on one thread. A task is due at the moment at which real-time playback that started
with the first byte would need its sound. The first task of a new request is due now, or later by what the machine needs
to take in one listener beside those being served: playback that has begun must not underrun for playback that has not.
"""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from hailo_piper.audio.samples import AudioChunk, Samples
from hailo_piper.engine.made_windows import MadeWindows
from hailo_piper.engine.manners import Manners
from hailo_piper.engine.model import Delivery, Durations, Model, Unit
from hailo_piper.engine.planned_unit import PlannedUnit
from hailo_piper.engine.playback import ENCODE_LEAD_SECONDS, FLOW_LEAD_SECONDS, Playback
from hailo_piper.engine.scheduler import Scheduler, Task
from hailo_piper.engine.speaking_costs import SpeakingCost
from hailo_piper.engine.windows import FIRST_WINDOW, LARGEST_WINDOW, windows
from hailo_piper.errors import BusyError, SpeechError, SynthesisError


class Stream:
    """The speech of one request. `read` from one thread; `close` from any."""

    def __init__(  # noqa: PLR0913 - each is one part that the stream is made of
        self,
        model: Model,
        scheduler: Scheduler,
        units: Iterator[tuple[int, Unit]],
        delivery: Delivery,
        *,
        sample_rate: int,
        playback: Playback | None = None,
        cost: SpeakingCost | None = None,
        starts_reply: bool = True,
        goes_on: bool = False,
        manners: Manners | None = None,
        is_alone: Callable[[], bool] = lambda: True,
        on_close: Callable[[], None] = lambda: None,
    ) -> None:
        """Plan the first unit, to be encoded at once. `units` yields (number of the sentence, phoneme ids).

        `starts_reply`: whether the reply's first sound is in this stream. `goes_on`: whether more sentences follow, so
        that nobody asks for the length together with the first sound. `is_alone`: whether no other request is served.
        """
        self._model = model
        self.knows_durations = model.knows_durations
        self._scheduler, self._cost = scheduler, cost or SpeakingCost()
        self._units = units
        self._sample_rate = sample_rate
        # All offsets are seconds of playback, so they count samples at this rate.
        self._played_rate = sample_rate * model.tempo(delivery.speed)
        self._starts_reply = starts_reply
        self._goes_on = goes_on
        self.manners = manners or Manners({}, delivery, model, sample_rate)
        self._is_alone = is_alone
        self._on_close = on_close
        self._playback = playback or Playback()
        self._changed = threading.Condition()
        self._made = MadeWindows()
        self._plan: dict[int, PlannedUnit] = {}
        """The units that are encoded and not yet read to their end, by number."""
        self._units_planned = 0
        self.num_units: Counter[int] = Counter()
        """Units encoded so far, by sentence."""
        self._durations: defaultdict[int, list[Durations]] = defaultdict(list)
        self._samples_planned = 0
        self._next = next(units, None)
        self._error: Exception | None = None
        self._closed = False
        self.synthesis_seconds = 0.0
        """Worker time spent on this request so far."""
        if self._next is not None:
            self._submit(0.0, -self._cost.start_delay(scheduler.streams - 1, scheduler.workers), self._encode)

    @property
    def num_samples(self) -> int | None:
        """Samples of the whole stream; None until every unit is encoded."""
        return None if self._next is not None else self._samples_planned

    def durations(self, sentence: int) -> Durations:
        """Return the samples of each phoneme id of a sentence, or shares, as far as it is encoded; shape (ids,)."""
        with self._changed:
            return np.concatenate([*self._durations[sentence], np.zeros(0, np.int64)])

    def read(self, sentence: int, *, deadline: float | None = None) -> Iterator[AudioChunk]:
        """Yield the chunks of one sentence as they are made; ask for the sentences in order.

        `deadline` (time.monotonic seconds) bounds the wait for the first chunk. Raises BusyError when it passes,
        SynthesisError where the voice failed, InvalidRequestError where espeak-ng cannot read the text.
        """
        while (samples := self._next_window(sentence, deadline)) is not None:
            deadline = None
            if len(samples):
                yield AudioChunk(samples, self._sample_rate)

    def close(self) -> None:
        """Drop all that is not spoken yet; no task of this stream starts after this."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
            self._playback.clear()
            self._made.clear()
            self._changed.notify_all()
        self._on_close()

    def _next_window(self, sentence: int, deadline: float | None) -> Samples | None:
        """Wait for the next window's samples; return None where the sentence is over or the stream closed."""
        with self._changed:
            while not self._is_over(sentence):
                samples = self._made.take(unit := self._plan.get(self._made.unit), self._least_first)
                if unit is not None and samples is not None:
                    self._advance(unit, samples)
                    return samples
                timeout = None if deadline is None else max(0.0, deadline - time.monotonic())
                if timeout == 0 or not self._changed.wait(timeout):
                    raise BusyError("The service is busy: the first audio did not come in time", retry_after_seconds=1)
        return None

    def _is_over(self, sentence: int) -> bool:
        """Return whether nothing of this sentence is still to come. Raises SynthesisError where the voice failed."""
        if self._closed:
            return True
        if isinstance(self._error, SpeechError):
            raise self._error
        if self._error is not None:
            raise SynthesisError("Speech synthesis failed") from self._error
        if self._made.unit in self._plan:
            return self._plan[self._made.unit].sentence > sentence
        return self._next is None or self._next[0] > sentence

    def _least_first(self) -> float:
        """Return the samples that the reply's first sound must have to last while others are served."""
        is_one_of_many = self._starts_reply and self._scheduler.streams > 1
        return self._cost.longest_task_seconds * self._played_rate if is_one_of_many else 0.0

    def _advance(self, unit: PlannedUnit, samples: Samples) -> None:
        if self._made.is_read(unit):
            # A unit's latents are 1.5 MB for 10 s of speech; those of a chapter would add up.
            del self._plan[unit.number]
        for due, task in self._playback.advance(len(samples) / self._played_rate):
            self._scheduler.submit(due, task)

    def _submit(self, offset: float, lead: float, task: Task) -> None:
        """Submit a task for sound that is `offset` seconds into the stream, to be done `lead` seconds before it."""

        def guarded() -> None:
            if self._closed or self._error is not None:
                return
            begin = time.perf_counter()
            error = None
            try:
                task()
            except Exception as raised:  # noqa: BLE001 - onnxruntime's errors share no base; `read` raises it
                error = raised
            seconds = time.perf_counter() - begin
            self._cost.note(seconds)
            with self._changed:
                self.synthesis_seconds += seconds
                self._error = self._error or error
                self._changed.notify_all()

        with self._changed:
            if self._playback.hold_back(offset, lead, guarded):
                return
        self._scheduler.submit(self._playback.deadline(offset, lead), guarded)

    def _encode(self) -> None:
        """Encode the next unit. At most one such task exists at a time."""
        if self._next is None:
            return
        sentence, ids = self._next
        starts_reply = self._starts_reply and self._units_planned == 0
        # Only a reply's first unit may use all threads; later ones share them with windows already under way.
        first = sum(map(len, self._durations[sentence]))
        encoded = self.manners.encode(ids, sentence, first, is_alone=starts_reply and self._is_alone())
        if self._closed:
            return
        with self._changed:
            unit = PlannedUnit(
                number=self._units_planned,
                sentence=sentence,
                begin_seconds=self._samples_planned / self._played_rate,
                encoded=encoded,
                windows=windows(encoded.frames, FIRST_WINDOW if starts_reply else LARGEST_WINDOW),
                starts_reply=starts_reply,
            )
            if unit.windows:
                self._plan[unit.number] = unit
                self._units_planned += 1
            self.num_units[sentence] += 1
            self._durations[sentence].append(encoded.id_samples)
            self._samples_planned += encoded.num_samples
        if starts_reply and self._goes_on:
            # Phonemizing the next sentence takes a millisecond, for which the first sound should not wait.
            self._flow(unit)
            self._fetch_unit()
        else:
            self._fetch_unit()
            self._flow(unit)

    def _fetch_unit(self) -> None:
        """Fetch the next unit's ids, and submit its encoding."""
        following = next(self._units, None)
        with self._changed:
            self._next = following
            self._changed.notify_all()
        if following is not None:
            self._submit(self._samples_planned / self._played_rate, ENCODE_LEAD_SECONDS, self._encode)

    def _flow(self, unit: PlannedUnit) -> None:
        """Run the flow's next block, submit the windows that it completes, and decode the first of them here."""
        first, is_first_sound = unit.decodable, unit.is_first_sound
        if first == len(unit.windows):
            return
        end, decodable = unit.next_block()
        unit.encoded.flow(unit.flowed, end)
        unit.flowed, unit.decodable = end, decodable
        if is_first_sound:
            # Nothing else of this request may compete with its first sound.
            self._decode(unit, first)
        for window in range(first + 1, decodable):
            self._submit(self._offset(unit, window), 0.0, partial(self._decode, unit, window))
        if decodable < len(unit.windows):
            self._submit(self._offset(unit, decodable), FLOW_LEAD_SECONDS, partial(self._flow, unit))
        if not is_first_sound:
            self._decode(unit, first)

    def _offset(self, unit: PlannedUnit, window: int) -> float:
        return unit.begin_seconds + unit.windows[window][0] * unit.encoded.samples_per_frame / self._played_rate

    def _decode(self, unit: PlannedUnit, window: int) -> None:
        if self._closed:
            return
        samples = unit.encoded.decode(*unit.windows[window])
        self._cost.note(0.0, len(samples) / self._played_rate)
        with self._changed:
            if not self._closed:
                self._made.put(unit.number, window, samples)
                self._changed.notify_all()
