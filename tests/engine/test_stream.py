import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest

from hailo_piper.audio.samples import Samples
from hailo_piper.engine.model import Delivery
from hailo_piper.engine.phonemes.units import PhonemeIds
from hailo_piper.engine.playback import LOOK_AHEAD_SECONDS, Playback
from hailo_piper.engine.scheduler import Scheduler, Task
from hailo_piper.engine.speaking_costs import SpeakingCost
from hailo_piper.engine.stream import Stream
from hailo_piper.engine.windows import FIRST_WINDOW, FLOW_BLOCK, LARGEST_WINDOW
from hailo_piper.errors import BusyError, SynthesisError
from tests.support.client import wait_until

RATE = 1000
FRAME = 10
"""Samples in a frame of the fake: 100 frames are a second."""
OVERLAP = 5
DELIVERY = Delivery(length_scale=1.0, noise_scale=0.0, noise_w_scale=0.0, speaker_id=0)

Event = tuple[str, int, int]


@dataclass
class FakeUnit:
    """A unit whose samples are their own positions in the stream; asserts what an Take may rely on."""

    model: "FakeModel"
    frames: int
    begin: int
    num_samples: int
    samples_per_frame: int = FRAME
    overlap: int = OVERLAP
    flowed: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.flowed = [0] * self.frames
        self.id_samples = np.array([self.num_samples], np.int64)

    def flow(self, start: int, end: int) -> None:
        self.model.happen("flow", start, end)
        assert 0 <= start < end <= self.frames
        for frame in range(start, end):
            self.flowed[frame] += 1

    def decode(self, start: int, end: int) -> Samples:
        assert 0 <= start < end <= self.frames
        read = self.flowed[max(0, start - OVERLAP) : end + OVERLAP]
        assert read == [1] * len(read), "each frame that a window reads was prepared, once"
        self.model.happen("decode", start, end)
        return np.arange(start * FRAME, min(end * FRAME, self.num_samples), dtype=np.float32) + self.begin


@dataclass
class FakeModel:
    """Ids are (frames, samples before, samples that the last frame lacks); `hook` may block, close or fail."""

    hook: Callable[[str, int], None] = lambda _stage, _count: None
    knows_durations: bool = True
    keeps_paces: bool = True
    keeps_pitch: bool = False
    mixes_speakers: bool = False
    events: list[Event] = field(default_factory=list)
    encoded: list[FakeUnit] = field(default_factory=list)
    were_alone: list[bool] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def encode(self, unit: PhonemeIds, delivery: Delivery, *, is_alone: bool) -> FakeUnit:
        assert delivery is DELIVERY
        frames, begin, lacking = unit
        self.happen("encode", begin, frames)
        encoded = FakeUnit(self, frames, begin, frames * FRAME - lacking)
        self.encoded.append(encoded)
        self.were_alone.append(is_alone)
        return encoded

    def tempo(self, speed: float) -> float:
        return speed

    def shrink(self, unit: PhonemeIds) -> None:  # noqa: ARG002
        raise AssertionError("the engine asks for that")

    def happen(self, stage: str, start: int, end: int) -> None:
        with self.lock:
            self.events.append((stage, start, end))
            count = self.count(stage)
        self.hook(stage, count)

    def count(self, stage: str) -> int:
        return sum(event[0] == stage for event in self.events)

    @property
    def decoded_seconds(self) -> float:
        return sum(end - start for stage, start, end in self.events if stage == "decode") * FRAME / RATE


class Eager(Scheduler):
    """As if other workers always were faster: whatever is submitted is done when `submit` returns."""

    def submit(self, due: float, task: Task) -> None:
        super().submit(due, task)
        thread = threading.Thread(target=self.run_next)
        thread.start()
        thread.join(10)


class Clock:
    """Seconds, as a test sets them."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def units_of(sentences: list[list[int]], lacking: int = 0) -> Iterator[tuple[int, PhonemeIds]]:
    """Each sentence's units, given by their frames."""
    begin = 0
    for number, frames_of_units in enumerate(sentences):
        for frames in frames_of_units:
            yield number, (frames, begin, lacking)
            begin += frames * FRAME - lacking


def stream_of(
    scheduler: Scheduler,
    model: FakeModel,
    sentences: list[list[int]],
    *,
    lacking: int = 0,
    is_alone: bool = True,
    clock: Callable[[], float] = time.monotonic,
    cost: SpeakingCost | None = None,
    gives_way: bool = False,
    on_close: Callable[[], None] = lambda: None,
) -> Stream:
    return Stream(
        model,
        scheduler,
        units_of(sentences, lacking),
        DELIVERY,
        sample_rate=RATE,
        is_alone=lambda: is_alone,
        playback=Playback(clock, gives_way=gives_way),
        cost=cost,
        on_close=on_close,
    )


def drain(scheduler: Scheduler) -> None:
    while scheduler.run_next():
        pass


def spoken(stream: Stream, sentence: int = 0) -> Samples:
    return np.concatenate([np.zeros(0, np.float32), *(chunk.samples for chunk in stream.read(sentence))])


@pytest.fixture
def by_hand() -> Scheduler:
    return Scheduler(0)


@pytest.fixture
def worker() -> Iterator[Scheduler]:
    scheduler = Scheduler(1)
    yield scheduler
    scheduler.close()


@pytest.mark.parametrize("workers", [0, 1, 3])
@pytest.mark.parametrize("lacking", [0, 3])
@pytest.mark.parametrize(
    "sentences",
    [
        [[1]],
        [[7]],
        [[8]],
        [[9]],
        [[20]],
        [[192]],
        [[239]],
        [[900]],
        [[1], [1], [1]],
        [[50, 60], [3], [200]],
        [[11, 193, 97], [300]],
        [[5] * 40, [5] * 40],
    ],
)
def test_the_windows_join_to_the_whole_in_order(workers: int, lacking: int, sentences: list[list[int]]) -> None:
    scheduler, model = Scheduler(workers), FakeModel()
    stream = stream_of(scheduler, model, sentences, lacking=lacking)
    drain(scheduler)
    position = 0
    for number, frames_of_units in enumerate(sentences):
        length = sum(frames * FRAME - lacking for frames in frames_of_units)
        np.testing.assert_array_equal(spoken(stream, number), np.arange(position, position + length))
        position += length
    assert stream.num_samples == position
    assert spoken(stream, len(sentences)).size == 0
    stream.close()
    scheduler.close()
    assert [unit.flowed for unit in model.encoded] == [[1] * unit.frames for unit in model.encoded]
    assert model.count("encode") == sum(map(len, sentences))


def test_workers_that_overtake_do_not_mix_the_units() -> None:
    scheduler, model = Eager(0), FakeModel()
    stream = stream_of(scheduler, model, [[20, 30], [300]])
    chunks = [chunk for number in range(2) for chunk in stream.read(number, deadline=0.0)]
    np.testing.assert_array_equal(np.concatenate([chunk.samples for chunk in chunks]), np.arange(3500))


def test_the_flow_works_in_small_blocks_where_a_reply_begins_and_in_large_ones_after_that(by_hand: Scheduler) -> None:
    model = FakeModel()
    stream = stream_of(by_hand, model, [[600, 600]])
    drain(by_hand)
    blocks = [(start, end - start) for stage, start, end in model.events if stage == "flow"]
    places = [place for place, (start, _) in enumerate(blocks) if start == 0]
    opening, later = ([size for _, size in blocks[begin:end]] for begin, end in (places, (places[1], None)))
    # What the first two windows read, and not much more than those after them do.
    assert opening[:2] == [FIRST_WINDOW + OVERLAP, 2 * FIRST_WINDOW]
    assert opening[:-1] == sorted(opening[:-1])
    assert opening[4] < FLOW_BLOCK == opening[5]
    # The last takes in a rest too small for a block of its own.
    assert later == [FLOW_BLOCK, FLOW_BLOCK, 600 - 2 * FLOW_BLOCK]
    stream.close()


@pytest.mark.parametrize("is_alone", [True, False])
def test_the_first_task_brings_the_first_sound(by_hand: Scheduler, is_alone: bool) -> None:  # noqa: FBT001
    model = FakeModel()
    stream = stream_of(by_hand, model, [[300]], is_alone=is_alone)
    assert by_hand.run_next()
    assert model.events == [("encode", 0, 300), ("flow", 0, FIRST_WINDOW + OVERLAP), ("decode", 0, FIRST_WINDOW)]
    assert model.were_alone == [is_alone]
    chunk = next(stream.read(0))
    assert (chunk.sample_rate, len(chunk.samples)) == (RATE, FIRST_WINDOW * FRAME)


def test_the_length_is_known_once_the_last_unit_is_encoded(by_hand: Scheduler) -> None:
    model = FakeModel()
    stream = stream_of(by_hand, model, [[100], [50, 120]], lacking=4)
    assert stream.num_samples is None
    while by_hand.run_next():
        known = model.count("encode") == 3
        assert stream.num_samples == (270 * FRAME - 12 if known else None)
    assert stream.num_samples is not None


def test_nothing_to_say_is_silence_of_known_length(by_hand: Scheduler) -> None:
    stream = stream_of(by_hand, FakeModel(), [])
    assert stream.num_samples == 0
    assert not by_hand.run_next()
    assert list(stream.read(0)) == []


def test_a_sentence_without_units_yields_nothing(worker: Scheduler) -> None:
    stream = stream_of(worker, FakeModel(), [[], [30], [], [], [40], []])
    assert [spoken(stream, number).size for number in range(6)] == [0, 300, 0, 0, 400, 0]


def test_an_empty_sentence_does_not_wait_for_the_next(by_hand: Scheduler) -> None:
    stream = stream_of(by_hand, FakeModel(), [[], [30]])
    assert list(stream.read(0)) == []
    assert not stream.num_samples


def test_worker_time_is_counted(by_hand: Scheduler) -> None:
    stream = stream_of(by_hand, FakeModel(), [[100]])
    assert stream.synthesis_seconds == 0
    drain(by_hand)
    assert 0 < stream.synthesis_seconds < 10


@pytest.mark.parametrize("tasks", [2, 3, 5])
def test_a_word_does_not_wait_for_a_chapter(by_hand: Scheduler, tasks: int) -> None:
    clock, chapter, word = Clock(), FakeModel(), FakeModel()
    stream_of(by_hand, chapter, [[400], [400]], clock=clock)
    for _ in range(tasks):
        assert by_hand.run_next()
    clock.now = 0.05
    before = len(chapter.events)
    stream_of(by_hand, word, [[20]], clock=clock)
    assert by_hand.run_next()
    assert word.events[-1] == ("decode", 0, FIRST_WINDOW)
    assert len(chapter.events) == before
    drain(by_hand)
    assert (chapter.decoded_seconds, word.decoded_seconds) == (8.0, 0.2)


def test_a_chapter_whose_reader_paused_does_not_go_before_a_word(by_hand: Scheduler) -> None:
    clock, chapter, word = Clock(), FakeModel(), FakeModel()
    reading = stream_of(by_hand, chapter, [[4000]], clock=clock)
    drain(by_hand)
    clock.now = 100.0
    chunks, read = reading.read(0), 0.0
    while read < LOOK_AHEAD_SECONDS:
        read += next(chunks).seconds
    before = len(chapter.events)
    stream_of(by_hand, word, [[20]], clock=clock)
    assert by_hand.run_next()
    assert word.events[-1] == ("decode", 0, FIRST_WINDOW)
    assert len(chapter.events) == before


def test_where_many_come_at_once_who_listens_goes_before_who_waits(by_hand: Scheduler) -> None:
    clock, models = Clock(), [FakeModel() for _ in range(16)]
    for model in models:
        by_hand.count_streams(1)
        stream_of(by_hand, model, [[100]], clock=clock)
    while not models[-1].events:
        assert by_hand.run_next()
    assert models[0].decoded_seconds > 0.5
    assert [model.decoded_seconds for model in models] == sorted((m.decoded_seconds for m in models), reverse=True)


def test_sound_that_nobody_hears_before_its_end_comes_after_a_listeners(by_hand: Scheduler) -> None:
    clock, fetched, heard = Clock(), FakeModel(), FakeModel()
    stream_of(by_hand, fetched, [[400]], clock=clock, gives_way=True)
    stream_of(by_hand, heard, [[400], [400]], clock=clock)
    while heard.decoded_seconds < 8.0:
        assert by_hand.run_next()
    assert not fetched.events
    drain(by_hand)
    assert fetched.decoded_seconds == 4.0


def test_sound_that_nobody_hears_before_its_end_does_not_wait_for_one_far_ahead(by_hand: Scheduler) -> None:
    clock, fetched, heard = Clock(), FakeModel(), FakeModel()
    chapter = stream_of(by_hand, heard, [[20_000]], clock=clock)
    stream_of(by_hand, fetched, [[400]], clock=clock, gives_way=True)
    chunks, read = chapter.read(0), 0.0
    while not fetched.events:
        while by_hand.run_next() and not fetched.events:
            pass
        read += next(chunks).seconds
    assert read < 40


def test_two_chapters_advance_together(by_hand: Scheduler) -> None:
    clock, models = Clock(), [FakeModel(), FakeModel()]
    for model in models:
        stream_of(by_hand, model, [[700]], clock=clock)
    largest = (LARGEST_WINDOW * 1.5) * FRAME / RATE
    while by_hand.run_next():
        one, other = (model.decoded_seconds for model in models)
        assert abs(one - other) <= largest


@pytest.mark.parametrize(
    "sentences",
    [[[round(3.5 * LOOK_AHEAD_SECONDS * RATE / FRAME)]], [[150] * 20], [[2500, 40, 40], [1300]], [[40] * 60, [1500]]],
    ids=["one long unit", "many", "mixed", "many, then a long one"],
)
def test_what_is_made_stays_little_ahead_of_the_reader(by_hand: Scheduler, sentences: list[list[int]]) -> None:
    model = FakeModel()
    stream = stream_of(by_hand, model, sentences)
    total = sum(map(sum, sentences)) * FRAME / RATE
    parts, read = [], 0.0
    drain(by_hand)
    assert model.decoded_seconds < total
    for number in range(len(sentences)):
        for chunk in stream.read(number):
            parts.append(chunk.samples)
            read += chunk.seconds
            drain(by_hand)
            ahead = model.decoded_seconds - read
            assert ahead <= LOOK_AHEAD_SECONDS + 1.5 * LARGEST_WINDOW * FRAME / RATE
            assert ahead >= min(LOOK_AHEAD_SECONDS, total - read) - 0.01
            flowed = sum(end - start for stage, start, end in model.events if stage == "flow") * FRAME / RATE
            assert flowed - read <= LOOK_AHEAD_SECONDS + (1.5 * LARGEST_WINDOW + 2 * FLOW_BLOCK) * FRAME / RATE
    np.testing.assert_array_equal(np.concatenate(parts), np.arange(round(total * RATE)))


@pytest.mark.parametrize("workers", [1, 3])
def test_a_unit_longer_than_the_look_ahead_comes_out_whole(workers: int) -> None:
    scheduler, model = Scheduler(workers), FakeModel()
    stream = stream_of(scheduler, model, [[3500], [2500, 10]])
    np.testing.assert_array_equal(spoken(stream, 0), np.arange(35000))
    np.testing.assert_array_equal(spoken(stream, 1), np.arange(35000, 60100))
    scheduler.close()


@pytest.mark.parametrize(("stage", "count"), [("encode", 1), ("encode", 2), ("flow", 1), ("flow", 2), ("decode", 3)])
def test_nothing_more_is_decoded_after_a_close(by_hand: Scheduler, stage: str, count: int) -> None:
    decoded: list[int] = []

    def hook(happening: str, number: int) -> None:
        if (happening, number) == (stage, count):
            stream.close()
            decoded.append(model.count("decode"))

    model, closed = FakeModel(hook), list[int]()
    stream = stream_of(by_hand, model, [[200], [200]], on_close=lambda: closed.append(1))
    drain(by_hand)
    assert decoded == [model.count("decode")]
    assert list(stream.read(0)) == []
    stream.close()
    assert closed == [1]


def test_a_close_drops_all_but_the_window_under_way(worker: Scheduler) -> None:
    busy, release, done, closed = threading.Event(), threading.Event(), threading.Event(), list[int]()

    def hook(stage: str, count: int) -> None:
        if (stage, count) == ("decode", 2):
            busy.set()
            assert release.wait(10)

    model = FakeModel(hook)
    stream = stream_of(worker, model, [[900]] * 3, on_close=lambda: closed.append(1))
    assert busy.wait(10)
    closers = [threading.Thread(target=stream.close) for _ in range(4)]
    for closer in closers:
        closer.start()
    for closer in closers:
        closer.join(10)
    worker.submit(float("inf"), done.set)
    release.set()
    assert done.wait(10)
    assert model.count("decode") == 2
    assert closed == [1]


def test_a_close_wakes_the_reader(by_hand: Scheduler) -> None:
    stream, read = stream_of(by_hand, FakeModel(), [[100]]), list[Samples]()
    reader = threading.Thread(target=lambda: read.append(spoken(stream)))
    reader.start()
    assert reader.is_alive()
    stream.close()
    reader.join(10)
    assert [samples.size for samples in read] == [0]


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize(
    ("stage", "count"),
    [("encode", 1), ("encode", 2), ("flow", 1), ("flow", 2), ("flow", 3), ("decode", 1), ("decode", 2), ("decode", 9)],
)
def test_a_failure_is_its_own_streams_only(workers: int, stage: str, count: int) -> None:
    def hook(happening: str, number: int) -> None:
        if (happening, number) == (stage, count):
            raise RuntimeError("broken")

    scheduler = Scheduler(workers)
    sentences = [[500], [400]]
    sound = stream_of(scheduler, FakeModel(), sentences)
    broken = stream_of(scheduler, FakeModel(hook), sentences)
    with pytest.raises(SynthesisError) as failure:
        [spoken(broken, number) for number in range(2)]
    assert isinstance(failure.value.__cause__, RuntimeError)
    np.testing.assert_array_equal(spoken(sound, 0), np.arange(5000))
    np.testing.assert_array_equal(spoken(sound, 1), np.arange(5000, 9000))
    with pytest.raises(SynthesisError):
        spoken(broken, 1)
    scheduler.close()


def test_text_that_fails_later_fails_the_stream(worker: Scheduler) -> None:
    def units() -> Iterator[tuple[int, PhonemeIds]]:
        yield 0, (50, 0, 0)
        raise RuntimeError("no phonemes")

    stream = Stream(FakeModel(), worker, units(), DELIVERY, sample_rate=RATE)
    with pytest.raises(SynthesisError):
        spoken(stream)


@pytest.mark.parametrize("seconds", [-1.0, 0.0, 0.05])
def test_no_sound_by_the_deadline_is_busy(by_hand: Scheduler, seconds: float) -> None:
    stream = stream_of(by_hand, FakeModel(), [[50]])
    with pytest.raises(BusyError):
        next(stream.read(0, deadline=time.monotonic() + seconds))


def test_the_deadline_is_for_the_first_sound_only(worker: Scheduler) -> None:
    release, deadline = threading.Event(), time.monotonic() + 0.1

    def hook(stage: str, count: int) -> None:
        if (stage, count) == ("decode", 2):
            assert release.wait(10)

    stream = stream_of(worker, FakeModel(hook), [[50]])
    wait_until(lambda: stream.synthesis_seconds > 0)
    chunks = stream.read(0, deadline=deadline)
    first = next(chunks)
    wait_until(lambda: time.monotonic() > deadline)
    release.set()
    np.testing.assert_array_equal(np.concatenate([first.samples, *(c.samples for c in chunks)]), np.arange(500))


def test_sound_that_is_there_beats_a_deadline_that_passed(by_hand: Scheduler) -> None:
    stream = stream_of(by_hand, FakeModel(), [[50]])
    drain(by_hand)
    chunks = stream.read(0, deadline=time.monotonic() - 1)
    np.testing.assert_array_equal(np.concatenate([chunk.samples for chunk in chunks]), np.arange(500))


@pytest.mark.parametrize(("others", "windows"), [(0, 1), (1, 3)])
def test_beside_others_the_first_sound_leaves_once_it_lasts_until_the_next(
    by_hand: Scheduler, others: int, windows: int
) -> None:
    model, cost = FakeModel(), SpeakingCost()
    cost.note(0.3, 0.0)  # about a second of work for a second of sound: two windows of 0.08 and 0.16 s are too little
    by_hand.count_streams(1 + others)
    stream = stream_of(by_hand, model, [[400]], cost=cost)
    chunks = stream.read(0)
    while model.count("decode") < windows:
        with pytest.raises(BusyError):
            next(stream.read(0, deadline=0.0))
        assert by_hand.run_next()
    assert next(chunks).seconds == FIRST_WINDOW * FRAME / RATE


def test_a_word_leaves_at_once_beside_others(by_hand: Scheduler) -> None:
    by_hand.count_streams(2)
    stream = stream_of(by_hand, FakeModel(), [[8]])
    assert by_hand.run_next()
    assert next(stream.read(0)).seconds == 0.08


def test_the_cost_of_its_sound_is_noted(by_hand: Scheduler) -> None:
    cost = SpeakingCost()
    stream_of(by_hand, FakeModel(), [[400]], cost=cost)
    drain(by_hand)
    assert 0.3 * 0.2 / 4.2 < cost.work_a_second < 0.2
