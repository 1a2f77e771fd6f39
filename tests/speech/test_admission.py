import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from hailo_piper.engine.playback import LOOK_AHEAD_SECONDS
from hailo_piper.engine.speaking_costs import SpeakingCosts
from hailo_piper.errors import AbandonedError, BusyError
from hailo_piper.speech.admission import Admission
from hailo_piper.speech.ticket import STALLED_SECONDS, Ticket
from tests.support.client import wait_until
from tests.support.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def admission(clock: FakeClock, *, places: int = 1, max_queue: int = 1, workers: int = 1) -> Admission:
    return Admission(places=places, max_queue=max_queue, workers=workers, clock=clock)


def test_so_many_speak_so_many_wait_and_one_more_is_refused(clock: FakeClock) -> None:
    places = admission(clock, places=2, max_queue=2)
    speaking = [places.enter(10, deadline=1) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(places.enter, 10, deadline=1) for _ in range(2)]
        wait_until(lambda: places.waiting == 2)
        with pytest.raises(BusyError, match="all 2 places and 2 in the queue are taken"):
            places.enter(10, deadline=1)
        assert (places.speaking, places.waiting) == (2, 2)
        for ticket in speaking:
            places.leave(ticket)
        for ticket in [future.result(10) for future in waiting]:
            places.leave(ticket)
    assert (places.speaking, places.waiting) == (0, 0)


def test_those_who_wait_come_in_the_order_they_came(clock: FakeClock) -> None:
    places = admission(clock, max_queue=3)
    order: list[int] = []
    first = places.enter(10, deadline=1)

    def come(number: int) -> None:
        ticket = places.enter(10, deadline=1)
        order.append(number)
        places.leave(ticket)

    threads = [threading.Thread(target=come, args=(number,)) for number in range(3)]
    for number, thread in enumerate(threads):
        thread.start()
        wait_until(lambda number=number: places.waiting == number + 1)  # type: ignore[misc]
    places.leave(first)
    for thread in threads:
        thread.join(10)
    assert order == [0, 1, 2]


def test_who_has_waited_too_long_is_refused_and_leaves_the_queue(clock: FakeClock) -> None:
    places = admission(clock)
    first = places.enter(10, deadline=1)
    with ThreadPoolExecutor(1) as pool:
        second: Future[Ticket] = pool.submit(places.enter, 10, deadline=1)
        wait_until(lambda: places.waiting == 1)
        clock.now = 1
        with pytest.raises(BusyError, match="no place became free in time"):
            second.result(10)
    assert (places.speaking, places.waiting) == (1, 0)
    places.leave(first)
    assert places.enter(10, deadline=2)


def test_who_has_left_does_not_wait_any_longer(clock: FakeClock) -> None:
    places = admission(clock)
    places.enter(10, deadline=1)
    gone = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(places.enter, 10, deadline=1, has_left=gone.is_set)
        wait_until(lambda: places.waiting == 1)
        gone.set()
        with pytest.raises(AbandonedError):
            second.result(10)
    assert places.waiting == 0


def test_who_left_while_waiting_does_not_take_the_place(clock: FakeClock) -> None:
    places = admission(clock)
    with pytest.raises(AbandonedError):
        places.enter(10, deadline=1, has_left=lambda: True)
    assert (places.speaking, places.waiting) == (0, 0)


def test_a_stalled_reader_gives_way_until_it_reads_again(clock: FakeClock) -> None:
    places = admission(clock, max_queue=5)
    stalled = places.enter(10, deadline=100)
    with stalled.set_aside():
        clock.now += STALLED_SECONDS + 0.1
        second = places.enter(10, deadline=100)
        assert (places.speaking, places.waiting) == (2, 0)
    with ThreadPoolExecutor(1) as pool:
        third = pool.submit(places.enter, 10, deadline=100)
        wait_until(lambda: places.waiting == 1)
        places.leave(second)
        assert places.waiting == 1, "two would speak in one place"
        places.leave(stalled)
        places.leave(third.result(10))


@pytest.mark.parametrize(
    ("spoken", "ahead", "workers", "seconds"),
    [
        ([], [10], 1, 1),  # the first guess
        ([(100, 10.0)], [100], 1, 5),  # one who speaks is half done
        ([(100, 10.0)], [100, 100], 1, 15),
        ([(100, 10.0)], [100, 100], 3, 5),
        ([(100, 10.0)] * 30 + [(100, 20.0)] * 30, [100], 1, 10),  # what it has cost lately counts
        ([(1000, 0.0)] * 30, [1000, 1000], 1, 1),  # from the cache
        ([(100, 100.0)], [5000], 1, 60),
    ],
)
def test_retry_after_is_the_work_ahead(
    clock: FakeClock, spoken: list[tuple[int, float]], ahead: list[int], workers: int, seconds: int
) -> None:
    places = admission(clock, max_queue=5, workers=workers)
    for characters, cost in spoken:
        places.leave(places.enter(characters, deadline=1), synthesis_seconds=cost)
    with ThreadPoolExecutor(5) as pool:
        tickets = [pool.submit(places.enter, each, deadline=1) for each in ahead]
        wait_until(lambda: places.waiting == len(ahead) - 1)
        assert places.busy("reason").retry_after_seconds == seconds
        for ticket in tickets:
            places.leave(ticket.result(10))


TEXT = 300
"""Characters of 20 s of sound."""


def of_voice(clock: FakeClock, work_a_second: float, *, places: int = 32) -> Admission:
    """Return an admission for one worker whose only voice costs so much."""
    costs = SpeakingCosts()
    for _ in range(100):
        costs.of("voice").note(work_a_second, 1.0)
    return Admission(places=places, max_queue=32, workers=1, costs=costs, clock=clock)


def enters(places: Admission, *, characters: int = TEXT, gives_way: bool = False) -> Ticket | None:
    """Return the ticket of one who finds room at once; None for one who would wait."""
    try:
        return places.enter(characters, deadline=0.0, voice_id="voice", gives_way=gives_way)
    except BusyError:
        return None


def test_no_more_listen_than_can_be_spoken_to_in_real_time(clock: FakeClock) -> None:
    places = of_voice(clock, 0.2)
    tickets = [enters(places) for _ in range(6)]
    assert [ticket is not None for ticket in tickets] == [True] * 2 + [False] * 4
    for ticket in tickets[:2]:
        assert ticket
        places.note_sound(ticket, 3.0)
    assert [enters(places) is not None for _ in range(6)] == [True] * 2 + [False] * 4
    assert places.speaking == 4


def test_the_number_of_places_bounds_them_too(clock: FakeClock) -> None:
    places = of_voice(clock, 0.01, places=2)
    assert [enters(places) is not None for _ in range(3)] == [True, True, False]


def test_one_alone_is_let_in_however_slow_the_machine_is(clock: FakeClock) -> None:
    places = of_voice(clock, 3.0)
    first = enters(places)
    assert first
    assert enters(places) is None
    places.leave(first)
    assert enters(places)


def test_one_who_is_ahead_of_playback_lets_another_in(clock: FakeClock) -> None:
    places = of_voice(clock, 0.2)
    tickets = [enters(places) for _ in range(4)]
    assert enters(places) is None
    for ticket in filter(None, tickets):
        places.note_sound(ticket, 19.0)
    assert enters(places)


def test_one_whose_playback_waits_is_not_taken_for_ahead(clock: FakeClock) -> None:
    places = of_voice(clock, 0.4)
    ticket, _ = enters(places), enters(places)
    assert ticket
    places.note_sound(ticket, 1.0)
    clock.now += 5
    places.note_sound(ticket, 2.0)
    assert ticket.demand(1 / 15).ahead == pytest.approx(1.0)
    assert enters(places) is None


def test_sound_that_is_made_lets_in_who_waits(clock: FakeClock) -> None:
    places = of_voice(clock, 0.4)
    tickets = [enters(places), enters(places)]
    with ThreadPoolExecutor(1) as pool:
        third = pool.submit(places.enter, TEXT, deadline=1e9, voice_id="voice")
        wait_until(lambda: places.waiting == 1)
        clock.now += 1
        for ticket in filter(None, tickets):
            places.note_sound(ticket, 20.0)
            clock.now += 1
        assert third.result(10)


def test_one_whose_client_hears_nothing_before_the_end_delays_no_listener(clock: FakeClock) -> None:
    places = of_voice(clock, 0.2)
    assert all(enters(places, gives_way=True) for _ in range(10))
    assert [enters(places) is not None for _ in range(3)] == [True] * 2 + [False]


def test_it_passes_a_listener_who_waits(clock: FakeClock) -> None:
    places = of_voice(clock, 0.4)
    tickets = [enters(places), enters(places)]
    with ThreadPoolExecutor(2) as pool:
        listener = pool.submit(places.enter, TEXT, deadline=1e9, voice_id="voice")
        wait_until(lambda: places.waiting == 1)
        assert enters(places, gives_way=True)
        assert enters(places, characters=1) is None, "listeners come in the order in which they came"
        for ticket in filter(None, tickets):
            places.leave(ticket)
        assert listener.result(10)


def test_it_takes_no_place_that_a_listener_needs(clock: FakeClock) -> None:
    places = of_voice(clock, 0.01, places=2)
    assert [enters(places, gives_way=True) is not None for _ in range(3)] == [True, True, False]
    assert enters(places)


def test_a_reader_that_stalls_has_its_sound_made_ahead(clock: FakeClock) -> None:
    places = of_voice(clock, 0.4)
    ticket = enters(places)
    assert ticket
    with ticket.set_aside():
        clock.now += STALLED_SECONDS + 0.1
        assert ticket.demand(1 / 15).ahead == LOOK_AHEAD_SECONDS


def test_a_text_that_is_still_to_come_needs_nothing_yet(clock: FakeClock) -> None:
    places = of_voice(clock, 0.4)
    ticket = enters(places)
    assert ticket
    ticket.awaits_text = True
    assert ticket.demand(1 / 15).remaining == 0.0
