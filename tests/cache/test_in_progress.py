import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from hailo_piper.cache.in_progress import Flights


def never() -> bool:
    return False


def test_a_sentence_is_claimed_once(flights: Flights) -> None:
    first = flights.claim(["a", "b", "a"], is_stalled=never)
    second = flights.claim(["b", "c"], is_stalled=never)
    assert (first.keys, second.keys) == (("a", "b"), ("c",))
    flights.release(first)
    assert flights.claim(["a", "b", "c"], is_stalled=never).keys == ("a", "b")


@pytest.fixture
def flights() -> Flights:
    return Flights()


def test_what_is_given_back_is_free_and_counts_no_more(flights: Flights) -> None:
    first = flights.claim(["a", "b", "c"], is_stalled=never)
    flights.give_back(first, ["a", "unknown"])
    assert first.keys == ("b", "c")
    second = flights.claim(["a", "b"], is_stalled=never)
    assert second.keys == ("a",)
    flights.finish(first, "b")
    flights.release(first)
    assert flights.claim(["a", "b", "c"], is_stalled=never).keys == ("b", "c")


@pytest.mark.parametrize(
    ("awaited", "finished", "is_stalled", "waits"),
    [
        ("a", [], never, True),
        ("b", [], never, True),
        ("c", [], never, False),
        ("c", ["a"], never, True),
        ("a", ["a"], never, False),
        ("unknown", [], never, False),
        ("a", [], lambda: True, False),
    ],
)
def test_only_what_comes_soon_is_waited_for(
    flights: Flights, awaited: str, finished: list[str], is_stalled: Callable[[], bool], *, waits: bool
) -> None:
    claim = flights.claim(["a", "b", "c"], is_stalled=is_stalled)
    for key in finished:
        flights.finish(claim, key)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(flights.wait_for, awaited, deadline=None)
        if not waits:
            assert waiting.result(10) is None
        else:
            with pytest.raises(TimeoutError):
                waiting.result(0.05)
            flights.release(claim)
            assert waiting.result(10) is None


def test_a_wait_ends_with_the_sentence_and_with_the_deadline(flights: Flights) -> None:
    claim = flights.claim(["a", "b"], is_stalled=never)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(flights.wait_for, "a", deadline=None)
        flights.finish(claim, "a")
        assert waiting.result(10) is None
        assert pool.submit(flights.wait_for, "b", deadline=time.monotonic()).result(10) is None
