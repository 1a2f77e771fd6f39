import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from hailo_piper.cache.in_progress import SentencesInProgress


def never() -> bool:
    return False


def test_a_sentence_is_claimed_once(in_progress: SentencesInProgress) -> None:
    first = in_progress.claim(["a", "b", "a"], is_stalled=never)
    second = in_progress.claim(["b", "c"], is_stalled=never)
    assert (first.keys, second.keys) == (("a", "b"), ("c",))
    in_progress.release(first)
    assert in_progress.claim(["a", "b", "c"], is_stalled=never).keys == ("a", "b")


@pytest.fixture
def in_progress() -> SentencesInProgress:
    return SentencesInProgress()


def test_what_is_given_back_is_free_and_counts_no_more(in_progress: SentencesInProgress) -> None:
    first = in_progress.claim(["a", "b", "c"], is_stalled=never)
    in_progress.give_back(first, ["a", "unknown"])
    assert first.keys == ("b", "c")
    second = in_progress.claim(["a", "b"], is_stalled=never)
    assert second.keys == ("a",)
    in_progress.finish(first, "b")
    in_progress.release(first)
    assert in_progress.claim(["a", "b", "c"], is_stalled=never).keys == ("b", "c")


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
    in_progress: SentencesInProgress, awaited: str, finished: list[str], is_stalled: Callable[[], bool], *, waits: bool
) -> None:
    claim = in_progress.claim(["a", "b", "c"], is_stalled=is_stalled)
    for key in finished:
        in_progress.finish(claim, key)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(in_progress.wait_for, awaited, deadline=None)
        if not waits:
            assert waiting.result(10) is None
        else:
            with pytest.raises(TimeoutError):
                waiting.result(0.05)
            in_progress.release(claim)
            assert waiting.result(10) is None


def test_a_wait_ends_with_the_sentence_and_with_the_deadline(in_progress: SentencesInProgress) -> None:
    claim = in_progress.claim(["a", "b"], is_stalled=never)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(in_progress.wait_for, "a", deadline=None)
        in_progress.finish(claim, "a")
        assert waiting.result(10) is None
        assert pool.submit(in_progress.wait_for, "b", deadline=time.monotonic()).result(10) is None
