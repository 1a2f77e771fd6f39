import logging
import threading
from collections.abc import Iterator

import pytest

from hailo_piper.engine.scheduler import Scheduler
from tests.support.client import wait_until
from tests.support.clock import FakeClock


@pytest.fixture
def scheduler() -> Iterator[Scheduler]:
    scheduler = Scheduler(1)
    yield scheduler
    scheduler.close()


def fail() -> None:
    raise ValueError("broken")


@pytest.mark.parametrize(
    ("dues", "order"),
    [
        ([], []),
        ([3.0, 1.0, 2.0], [1, 2, 0]),
        ([1.0, 1.0, 1.0, 1.0], [0, 1, 2, 3]),
        ([2.0, 1.0, 2.0, 1.0, 2.0], [1, 3, 0, 2, 4]),
        ([0.0, -1.0, 5.5, -1.0], [1, 3, 0, 2]),
    ],
)
def test_tasks_run_by_due_and_ties_as_they_came(dues: list[float], order: list[int]) -> None:
    scheduler, ran = Scheduler(0), list[int]()
    for number, due in enumerate(dues):
        scheduler.submit(due, lambda number=number: ran.append(number))  # type: ignore[misc]
    while scheduler.run_next():
        pass
    assert ran == order
    assert not scheduler.run_next()


def test_a_worker_takes_what_is_due_first(scheduler: Scheduler) -> None:
    busy, release, ran = threading.Event(), threading.Event(), list[str]()

    def occupy() -> None:
        busy.set()
        assert release.wait(10)

    scheduler.submit(9.0, occupy)
    assert busy.wait(10)
    for due in (3.0, 1.0, 2.0):
        scheduler.submit(due, lambda due=due: ran.append(str(due)))  # type: ignore[misc]
    release.set()
    wait_until(lambda: len(ran) == 3)
    assert ran == ["1.0", "2.0", "3.0"]


def test_workers_run_at_the_same_time() -> None:
    scheduler, together, met = Scheduler(3), threading.Barrier(3, timeout=10), list[int]()
    for _ in range(3):
        scheduler.submit(0.0, lambda: met.append(together.wait()))
    wait_until(lambda: len(met) == 3)
    scheduler.close()


def test_a_failing_task_is_logged_and_its_worker_goes_on(
    scheduler: Scheduler, caplog: pytest.LogCaptureFixture
) -> None:
    done = threading.Event()
    with caplog.at_level(logging.ERROR, "hailo_piper.engine.scheduler"):
        scheduler.submit(0.0, fail)
        scheduler.submit(1.0, done.set)
        assert done.wait(10)
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ValueError)


def test_closing_ends_the_task_under_way_and_drops_the_rest() -> None:
    scheduler = Scheduler(1)
    busy, release, ended, ran = threading.Event(), threading.Event(), threading.Event(), list[int]()

    def occupy() -> None:
        busy.set()
        assert release.wait(10)
        ended.set()

    scheduler.submit(0.0, occupy)
    assert busy.wait(10)
    scheduler.submit(1.0, lambda: ran.append(1))
    closer = threading.Thread(target=scheduler.close)
    closer.start()
    wait_until(lambda: scheduler._closed)
    assert closer.is_alive()
    release.set()
    closer.join(10)
    assert ended.is_set()
    assert not closer.is_alive()
    assert ran == []


@pytest.mark.parametrize("workers", [0, 1, 4])
def test_closing_leaves_no_thread(workers: int) -> None:
    before = set(threading.enumerate())
    scheduler = Scheduler(workers)
    assert len(set(threading.enumerate()) - before) == workers
    scheduler.close()
    assert set(threading.enumerate()) <= before


def test_a_task_that_does_not_end_is_seen_and_none_is_seen_when_idle() -> None:
    scheduler = Scheduler(2)
    assert scheduler.stalled_seconds() is None
    begun, end = threading.Event(), threading.Event()

    def hang() -> None:
        begun.set()
        end.wait(10)

    scheduler.submit(0, hang)
    assert begun.wait(10)
    before = scheduler.stalled_seconds()
    scheduler.submit(0, lambda: None)
    wait_until(lambda: (scheduler.stalled_seconds() or 0) > (before or 0) + 0.05)
    end.set()
    wait_until(lambda: scheduler.stalled_seconds() is None)
    scheduler.close()


def test_utilization_is_the_busy_share_of_the_last_seconds() -> None:
    clock = FakeClock()
    scheduler = Scheduler(0, clock=clock)
    assert scheduler.utilization() == 0

    def work(seconds: float) -> None:
        clock.now += seconds

    for _ in range(20):
        scheduler.submit(0, lambda: work(0.5))
        scheduler.run_next()
        clock.now += 0.5
    assert scheduler.utilization() == pytest.approx(0.5, abs=0.05)
    assert scheduler.busy_seconds() == pytest.approx(10)
    clock.now += 100
    assert scheduler.utilization() == 0
    shares = []

    def measure() -> None:
        work(5)
        shares.append(scheduler.utilization())

    scheduler.submit(0, measure)
    scheduler.run_next()
    # A task that is still under way counts.
    assert shares == [pytest.approx(0.5)]


def test_lateness_is_that_of_the_most_urgent_task() -> None:
    clock = FakeClock()
    scheduler = Scheduler(0, clock=clock)
    assert scheduler.lateness_seconds() == 0
    scheduler.submit(5.0, lambda: None)
    assert scheduler.lateness_seconds() == 0
    scheduler.submit(1.0, lambda: None)
    clock.now = 3.0
    assert scheduler.lateness_seconds() == 2.0
    scheduler.run_next()
    assert scheduler.lateness_seconds() == 0
