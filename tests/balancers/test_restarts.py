"""Instances are restarted and killed under load: only what a dead instance had begun may break."""

import signal
from collections.abc import Sequence

from tests.balancers.fleet import Instance
from tests.balancers.listeners import KeptConnection, Outcomes, RetryingOnce, listening
from tests.support.client import get, wait_until

CLIENTS = 4
ENOUGH_SHORT = 20
"""Answers between two stops, so that every instance was in use before."""


def restart_each(
    instances: list[Instance], clients: Sequence[KeptConnection], expected: tuple[bytes, bytes]
) -> Outcomes:
    """Stop and start one instance after the other while these clients listen."""
    with listening(clients, expected) as outcomes:
        for number, instance in enumerate(instances, 1):
            enough = number * ENOUGH_SHORT
            wait_until(lambda enough=enough: outcomes.short >= enough, timeout_seconds=60)  # type: ignore[misc]
            assert instance.stop() == 0
            instance.start()
    return outcomes


def assert_nothing_lost(outcomes: Outcomes) -> None:
    assert (outcomes.failed, outcomes.cut, outcomes.different) == ([], [], 0)
    assert outcomes.long >= 3
    assert outcomes.short >= 3 * ENOUGH_SHORT


def test_a_rolling_restart_behind_a_balancer_loses_nothing(
    balancer: int, instances: list[Instance], expected: tuple[bytes, bytes]
) -> None:
    assert_nothing_lost(restart_each(instances, [KeptConnection(balancer) for _ in range(CLIENTS)], expected))


def test_a_rolling_restart_loses_nothing_of_clients_that_retry_once(
    instances: list[Instance], expected: tuple[bytes, bytes]
) -> None:
    ports = [instance.port for instance in instances]
    assert_nothing_lost(restart_each(instances, [RetryingOnce(ports) for _ in range(CLIENTS)], expected))


def has_a_long_answer(instance: Instance) -> bool:
    """Whether it speaks, every time of many: short answers take some milliseconds."""
    return all(get(instance.port, "/health").get_json()["speaking"] for _ in range(20))


def kill_one(instances: list[Instance], outcomes: Outcomes) -> None:
    """Kill an instance that speaks a long answer, and start it again when others had time to be whole."""
    found: list[Instance] = []

    def find() -> bool:
        found[:] = [instance for instance in instances if has_a_long_answer(instance)]
        return bool(found)

    wait_until(find, timeout_seconds=60)
    assert found[0].stop(signal.SIGKILL) == -signal.SIGKILL
    enough = outcomes.long + 2
    wait_until(lambda: outcomes.long >= enough, timeout_seconds=60)
    found[0].start()


def test_a_killed_instance_breaks_only_answers_that_had_begun(
    name: str, balancer: int, instances: list[Instance], expected: tuple[bytes, bytes]
) -> None:
    kills = 0
    with listening([KeptConnection(balancer) for _ in range(CLIENTS)], expected) as outcomes:
        # An answer may just have left the instance; then another one is killed.
        while not outcomes.cut and not outcomes.different and kills < 5:
            kill_one(instances, outcomes)
            kills += 1
    # Caddy 2.6 cannot send a request again that had reached the instance: those get 503 busy, which clients try again.
    assert len(outcomes.failed) <= (CLIENTS * kills if name == "caddy" else 0)
    assert all('"code":"busy"' in failure for failure in outcomes.failed), outcomes.failed
    # Each client has one answer at most that the dead instance had begun. Caddy 2.6 ends it as if it were whole.
    assert outcomes.different == 0 or name == "caddy"
    assert 1 <= len(outcomes.cut) + outcomes.different <= CLIENTS
