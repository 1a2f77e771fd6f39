"""Voices in memory: loaded once, as many as the budget allows, never put away while they speak."""

import logging
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hailo_piper.audio.samples import Samples
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.loaded_voices import LoadedVoices
from hailo_piper.engine.memory_budget import WHOLE_FACTOR, MemoryBudget
from hailo_piper.engine.model import Delivery
from hailo_piper.engine.shared_parts import SharedParts
from hailo_piper.errors import AbandonedError, BusyError, NotReadyError, SynthesisError
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.voice import Voice, read_voice
from tests.support.client import wait_until
from tests.support.clock import FakeClock
from tests.support.speakers import piper
from tests.support.tone_voice import make_tone_voice

DELIVERY = Delivery(length_scale=1, noise_scale=0, noise_w_scale=0, speaker_id=0)
NAMES = ("one", "two", "three", "four", "five")


@pytest.fixture(scope="module")
def choir(tmp_path_factory: pytest.TempPathFactory) -> list[Voice]:
    directory = tmp_path_factory.mktemp("choir")
    return [
        read_voice(make_tone_voice(directory, name=f"en_US-{name}-low", pitch=15 + 5 * number))
        for number, name in enumerate(NAMES)
    ]


class Shelf:
    """LoadedVoices over real engines, and what it loaded."""

    def __init__(self, choir: list[Voice], cache_directory: Path, shared: SharedParts, room: int) -> None:
        self.shared = shared
        self.default = Engine(choir[0], cache_directory, shared)
        self.cache_directory = cache_directory
        self.loads: list[str] = []
        self.gate: dict[str, threading.Event] = {}
        """Voices that are not loaded before this is set."""
        self.broken: set[str] = set()
        self.clock: Callable[[], float] = time.monotonic
        budget = room * WHOLE_FACTOR * max(voice.size_bytes for voice in choir)
        self.loaded = LoadedVoices(self.default, self.load, budget_bytes=budget, clock=self.now)

    def now(self) -> float:
        return self.clock()

    def load(self, voice: Voice) -> Engine:
        self.loads.append(voice.id)
        if voice.id in self.gate:
            assert self.gate[voice.id].wait(30)
        if voice.id in self.broken:
            raise KeyError("phoneme_id_map")
        return Engine(voice, self.cache_directory, self.shared)

    def ids(self) -> list[str]:
        return sorted(voice.id for voice in self.loaded.voices)

    def say(self, voice: Voice, text: str = "Hello.", *, seconds: float = 30) -> Samples:
        with (
            self.loaded.borrow(voice, deadline=self.clock() + seconds) as engine,
            closing(engine.stream([Sentence(text)], DELIVERY)) as stream,
        ):
            return np.concatenate([chunk.samples for chunk in stream.read(0)])


@pytest.fixture
def shelf(choir: list[Voice], tmp_path: Path, shared: SharedParts) -> Iterator[Shelf]:
    """With room for the default voice and one more."""
    shelf = Shelf(choir, tmp_path, shared, room=2)
    yield shelf
    for gate in shelf.gate.values():
        gate.set()
    shelf.loaded.close()


def test_a_voice_is_loaded_on_its_first_use_and_kept(shelf: Shelf, choir: list[Voice]) -> None:
    assert (shelf.ids(), shelf.loads) == ([choir[0].id], [])
    for _ in range(3):
        shelf.say(choir[1])
    assert shelf.loads == [choir[1].id]
    assert set(shelf.loaded.load_seconds) == {choir[0].id, choir[1].id}


def test_the_least_recently_used_makes_room(choir: list[Voice], tmp_path: Path, shared: SharedParts) -> None:
    shelf = Shelf(choir, tmp_path, shared, room=3)
    for number in (1, 2, 1, 3):
        shelf.say(choir[number])
    assert shelf.ids() == sorted(choir[number].id for number in (0, 1, 3))
    shelf.say(choir[2])
    assert shelf.ids() == sorted(choir[number].id for number in (0, 2, 3))
    shelf.loaded.close()


@pytest.mark.parametrize("room", [0, 1, 2])
def test_the_default_voice_stays_and_one_more_always_fits(
    choir: list[Voice], tmp_path: Path, shared: SharedParts, room: int
) -> None:
    shelf = Shelf(choir, tmp_path, shared, room=room)
    for voice in choir:
        shelf.say(voice)
        assert shelf.ids() == sorted({choir[0].id, voice.id})
    shelf.loaded.close()


def test_two_requests_for_a_voice_load_it_once(shelf: Shelf, choir: list[Voice]) -> None:
    shelf.gate[choir[1].id] = threading.Event()
    with ThreadPoolExecutor(4) as pool:
        said = [pool.submit(shelf.say, choir[1]) for _ in range(4)]
        wait_until(lambda: shelf.loads == [choir[1].id])
        shelf.gate[choir[1].id].set()
        assert len({done.result().tobytes() for done in said}) == 1
    assert shelf.loads == [choir[1].id]


def test_loading_a_voice_holds_up_no_other(choir: list[Voice], tmp_path: Path, shared: SharedParts) -> None:
    shelf = Shelf(choir, tmp_path, shared, room=3)
    shelf.say(choir[2])
    shelf.gate[choir[1].id] = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        said = pool.submit(shelf.say, choir[1])
        wait_until(lambda: choir[1].id in shelf.loads)
        for number in (0, 2):
            assert len(shelf.say(choir[number]))
        assert not said.done()
        assert choir[1].id not in shelf.ids(), "it is not loaded yet"
        shelf.gate[choir[1].id].set()
        assert len(said.result())
    shelf.loaded.close()


def test_a_voice_that_speaks_is_not_put_away(shelf: Shelf, choir: list[Voice]) -> None:
    with ThreadPoolExecutor(1) as pool:
        with shelf.loaded.borrow(choir[1], deadline=time.monotonic() + 30) as engine:
            said = pool.submit(shelf.say, choir[2])
            with pytest.raises(BusyError, match="no room came free"):
                shelf.say(choir[3], seconds=0.1)
            assert shelf.ids() == sorted([choir[0].id, choir[1].id])
            with closing(engine.stream([Sentence("Still here.")], DELIVERY)) as stream:
                assert list(stream.read(0))
            assert not said.done()
        assert len(said.result())
    assert shelf.ids() == sorted([choir[0].id, choir[2].id])


def test_whoever_waits_for_room_is_not_overtaken_for_ever(shelf: Shelf, choir: list[Voice]) -> None:
    shelf.clock = clock = FakeClock()
    with ThreadPoolExecutor(2) as pool:
        with shelf.loaded.borrow(choir[1], deadline=30):
            first = pool.submit(shelf.say, choir[2])
            wait_until(lambda: bool(shelf.loaded._waiting))
            assert len(shelf.say(choir[1])), "for a moment others go on"
            clock.now += 2
            second = pool.submit(shelf.say, choir[1])
            with pytest.raises(BusyError):
                shelf.say(choir[1], seconds=0)
        assert len(first.result())
        assert len(second.result())
    assert shelf.loads == [choir[number].id for number in (1, 2, 1)]


def test_a_client_that_leaves_waits_no_more(shelf: Shelf, choir: list[Voice]) -> None:
    with (
        shelf.loaded.borrow(choir[1], deadline=time.monotonic() + 30),
        pytest.raises(AbandonedError),
        shelf.loaded.borrow(choir[2], deadline=time.monotonic() + 30, has_left=lambda: True),
    ):
        pass


def test_a_voice_that_does_not_load_fails_alone_and_is_tried_again_later(shelf: Shelf, choir: list[Voice]) -> None:
    clock = FakeClock()
    shelf.clock = clock
    shelf.broken.add(choir[1].id)
    for _ in range(3):
        with pytest.raises(SynthesisError, match="en_US-two-low cannot be loaded") as failure:
            shelf.say(choir[1])
        assert isinstance(failure.value.__cause__, KeyError)
    assert shelf.loads == [choir[1].id], "whoever asks at once does not make it try again"
    assert len(shelf.say(choir[2]))
    shelf.broken.clear()
    clock.now += 6
    assert len(shelf.say(choir[1]))


def test_whoever_waits_for_a_voice_that_does_not_load_is_told(shelf: Shelf, choir: list[Voice]) -> None:
    shelf.gate[choir[1].id] = threading.Event()
    shelf.broken.add(choir[1].id)
    with ThreadPoolExecutor(2) as pool:
        said = [pool.submit(shelf.say, choir[1]) for _ in range(2)]
        wait_until(lambda: shelf.loads == [choir[1].id])
        shelf.gate[choir[1].id].set()
        for done in said:
            with pytest.raises(SynthesisError):
                done.result()
    assert shelf.loads == [choir[1].id]


def test_what_is_no_voice_any_more_is_put_away_and_a_changed_one_is_another(
    shelf: Shelf, choir: list[Voice], tmp_path: Path
) -> None:
    path = make_tone_voice(tmp_path / "changing", name="en_US-changing-low", pitch=20)
    before = read_voice(path)
    first = shelf.say(before)
    make_tone_voice(tmp_path / "changing", name="en_US-changing-low", pitch=40)
    after = replace(read_voice(path), stamp=(1,))
    with shelf.loaded.borrow(before, deadline=time.monotonic() + 30):
        shelf.loaded.keep_only([choir[0], after])
        assert shelf.ids() == sorted([choir[0].id, before.id])
    assert shelf.ids() == [choir[0].id]
    assert not np.array_equal(shelf.say(after), first)


def test_the_memory_of_a_voice_goes_with_it(shelf: Shelf, choir: list[Voice]) -> None:
    with shelf.loaded.borrow(choir[1], deadline=time.monotonic() + 30) as engine:
        stream = engine.stream([Sentence("Hello.")], DELIVERY)
        list(stream.read(0))
        stream.close()
        model = weakref.ref(piper(engine)._model)
        del stream
    shelf.say(choir[2])
    # By reference counts alone: the collector of a running service is not in a hurry.
    wait_until(lambda: model() is None)
    with pytest.raises(SynthesisError):
        engine.stream([Sentence("Hello.")], DELIVERY)


def test_mixed_requests_on_many_threads_are_all_right(choir: list[Voice], tmp_path: Path, shared: SharedParts) -> None:
    shelf = Shelf(choir, tmp_path, shared, room=2)
    texts = ["Hello.", "A longer sentence, with a comma.", "Three words more."]
    alone = {(voice.id, text): shelf.say(voice, text) for voice in choir for text in texts}
    assert len({samples.tobytes() for samples in alone.values()}) == len(alone)
    wanted = [(choir[number % 5], texts[number % 3]) for number in range(120)]
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda pair: shelf.say(*pair, seconds=120), wanted))
    for (voice, text), samples in zip(wanted, said, strict=True):
        np.testing.assert_array_equal(samples, alone[voice.id, text])
    assert len(shelf.ids()) <= 2
    assert shelf.default.scheduler.streams == 0
    shelf.loaded.close()


def test_loaded_voices_are_prepared_one_after_the_other(
    choir: list[Voice], tmp_path: Path, shared: SharedParts, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    shelf = Shelf(choir, tmp_path, shared, room=3)
    preparation = threading.Thread(target=shelf.loaded.preparations.run)
    preparation.start()
    with ExitStack() as stack:
        stack.callback(preparation.join)
        stack.callback(shelf.loaded.close)
        for voice in choir[1:3]:
            shelf.say(voice)
        # Tone voices cannot be cut, which only shows when it is tried.
        wait_until(lambda: caplog.text.count("cannot be streamed in windows") == 2, timeout_seconds=60)


def test_a_voice_that_cannot_be_prepared_is_told_once_and_not_tried_each_time(
    choir: list[Voice], tmp_path: Path, shared: SharedParts, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    shelf = Shelf(choir, tmp_path, shared, room=2)
    preparation = threading.Thread(target=shelf.loaded.preparations.run)
    preparation.start()
    with ExitStack() as stack:
        stack.callback(preparation.join)
        stack.callback(shelf.loaded.close)

        def told(words: str) -> int:
            return sum(words in record.message for record in caplog.records)

        for round_ in range(4):
            for voice in choir[1:3]:
                shelf.say(voice)
                wait_until(lambda: told("cannot be streamed in windows") >= min(2, len(shelf.loads)), 60)
            assert len(shelf.loads) == 2 * round_ + 2
        assert told("cannot be streamed in windows") == 2
        assert told("preparing the voice for streaming") == 2
        for voice in choir[1:3]:
            assert told(f"voice {voice.id} cannot be streamed") == 1


def test_voices_that_come_and_go_all_the_time_are_told_with_the_memory_they_need(
    shelf: Shelf, choir: list[Voice], caplog: pytest.LogCaptureFixture
) -> None:
    clock = FakeClock()
    shelf.clock = clock
    for _ in range(10):
        for voice in choir[1:4]:
            clock.now += 1
            shelf.say(voice)
    (warning,) = [record.message for record in caplog.records if "loaded again all the time" in record.message]
    assert "need voices.memory_mb: 100, and it is 0" in warning
    clock.now += 700
    for _ in range(3):
        for voice in choir[1:4]:
            clock.now += 1
            shelf.say(voice)
    assert sum("loaded again all the time" in record.message for record in caplog.records) == 2


def test_voices_that_are_asked_for_now_and_then_are_no_cause_for_a_warning(
    shelf: Shelf, choir: list[Voice], caplog: pytest.LogCaptureFixture
) -> None:
    clock = FakeClock()
    shelf.clock = clock
    for _ in range(5):
        for voice in choir[1:4]:
            clock.now += 61
            shelf.say(voice)
    for _ in range(20):
        clock.now += 1
        shelf.say(choir[3])
    assert not caplog.records


@pytest.mark.parametrize(("sizes", "memory_mb"), [((63, 3), 1600), ((63, 1), 800), ((20, 3), 500)])
def test_the_memory_that_is_named_would_do(
    *,
    choir: list[Voice],
    tmp_path: Path,
    shared: SharedParts,
    caplog: pytest.LogCaptureFixture,
    sizes: tuple[int, int],
    memory_mb: int,
) -> None:
    size_mb, count = sizes
    voices = [replace(voice, size_bytes=size_mb * 10**6) for voice in choir]
    clock = FakeClock()
    budget = MemoryBudget(1e6, clock=clock)
    with closing(Engine(voices[0], tmp_path, shared)) as engine:
        present = budget.bytes_of(voices[0], engine)
        for _ in range(5):
            for voice in voices[1 : 1 + count]:
                clock.now += 1
                budget.loaded(voice, present + budget.bytes_of(voice, None))
                budget.evicted(voice, engine)
    (warning,) = [record.message for record in caplog.records if "memory_mb" in record.message]
    assert f"voices.memory_mb: {memory_mb}," in warning


def test_closing_ends_every_wait(shelf: Shelf, choir: list[Voice]) -> None:
    shelf.gate[choir[1].id] = threading.Event()
    with ThreadPoolExecutor(2) as pool:
        loading = pool.submit(shelf.say, choir[1])
        wait_until(lambda: shelf.loads == [choir[1].id])
        waiting = pool.submit(shelf.say, choir[2])
        shelf.loaded.close()
        shelf.gate[choir[1].id].set()
        for request in (loading, waiting):
            with pytest.raises(NotReadyError):
                request.result()
