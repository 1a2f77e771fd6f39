from collections.abc import Callable

import pytest
from flask import Flask

from hailo_piper.engine.engine import Engine
from hailo_piper.engine.scheduler import Scheduler
from hailo_piper.monitoring.health import HUNG_SECONDS, Health
from tests.support.client import assert_error
from tests.support.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def started(health: Health) -> None:
    health.started()


def stopping(health: Health) -> None:
    health.started()
    health.stopping()


@pytest.mark.parametrize(
    ("change", "stalled", "state"),
    [
        (lambda _: None, 0.0, "starting"),
        (started, 0.0, "ready"),
        (started, HUNG_SECONDS - 1, "ready"),
        (started, HUNG_SECONDS + 1, "hung"),
        (stopping, 0.0, "draining"),
        (stopping, HUNG_SECONDS + 1, "draining"),
    ],
)
def test_the_state_and_what_the_endpoints_say_of_it(
    make_app: Callable[..., Flask], change: Callable[[Health], None], stalled: float, state: str
) -> None:
    health = Health(stalled_seconds=lambda: stalled)
    change(health)
    client = make_app(health=health).test_client()
    assert client.get("/live").get_json() == {"status": "alive"}
    shown = client.get("/health")
    if state == "ready":
        assert client.get("/ready").get_json() == {"status": "ready"}
        assert (shown.status_code, shown.get_json()["status"]) == (200, "healthy")
    else:
        assert state in assert_error(client.get("/ready"), 503, state, None)
        assert (shown.status_code, shown.get_json()["status"]) == (503, state)


def test_uptime_counts_from_the_start(clock: FakeClock) -> None:
    health = Health(stalled_seconds=lambda: 0.0, clock=clock)
    clock.now += 90
    assert health.uptime_seconds == 90


def test_health_tells_version_and_load(make_app: Callable[..., Flask]) -> None:
    facts = make_app().test_client().get("/health").get_json()
    assert (facts["speaking"], facts["queue_depth"]) == (0, 0)
    assert facts["uptime_seconds"] >= 0
    assert facts["version"]


def test_a_task_that_does_not_end_stalls_the_scheduler(clock: FakeClock) -> None:
    scheduler, seen = Scheduler(0, clock=clock), list[float | None]()

    def long_task() -> None:
        clock.now += 31
        seen.append(scheduler.stalled_seconds())

    scheduler.submit(0.0, long_task)
    clock.now += 5
    assert scheduler.stalled_seconds() is None
    assert scheduler.run_next()
    assert seen == [31.0]
    assert scheduler.stalled_seconds() is None


def test_an_idle_engine_is_not_stalled(engine: Engine) -> None:
    engine.warm_up()
    assert engine.stalled_seconds() == 0.0
