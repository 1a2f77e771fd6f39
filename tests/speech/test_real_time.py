import random

import pytest

from hailo_piper.speech.real_time import Demand, is_feasible


def is_feasible_step_by_step(demands: list[Demand], workers: int) -> bool:
    """Whether no demand is late at any of many moments, nor a second and a half more in two seconds."""
    if sum(each.work_until(3.5) for each in demands) > 0.85 * workers * 2.0:
        return False
    last = max(demand.end for demand in demands)
    moments = [last * step / 5000 for step in range(1, 5001)]
    return all(sum(each.work_until(at) for each in demands) <= 0.85 * workers * at * 1.000001 for at in moments)


@pytest.mark.parametrize(
    ("listeners", "work_a_second", "workers", "allowed"),
    [
        (1, 0.1, 1, True),
        (8, 0.1, 1, True),
        (9, 0.1, 1, False),
        (17, 0.1, 2, True),
        (18, 0.1, 2, False),
        (1, 1, 1, False),
    ],
)
def test_so_many_as_the_workers_can_speak_to_in_real_time(
    listeners: int, work_a_second: float, workers: int, *, allowed: bool
) -> None:
    assert is_feasible([Demand(2.0, 10_000.0, work_a_second)] * listeners, workers) is allowed


@pytest.mark.parametrize(("listeners", "allowed"), [(4, True), (5, False)])
def test_fewer_may_begin_at_one_moment(listeners: int, *, allowed: bool) -> None:
    assert is_feasible([Demand(0.0, 300.0, 0.1)] * listeners, 1) is allowed


def test_one_who_has_sound_ahead_leaves_room_for_another() -> None:
    speaking = [Demand(1.0, 20.0, 0.1)] * 8
    assert not is_feasible([*speaking, Demand(0.0, 20.0, 0.1)], 1)
    assert is_feasible([*[Demand(5.0, 15.0, 0.1)] * 8, Demand(0.0, 20.0, 0.1)], 1)


def test_a_short_text_finds_room_beside_long_ones_that_are_ahead() -> None:
    long = [Demand(3.0, 300.0, 0.1)] * 8
    assert is_feasible([*long, Demand(0.0, 2.0, 0.1)], 1)
    assert not is_feasible([*long, Demand(0.0, 300.0, 0.1)], 1)


def test_it_is_what_looking_at_each_moment_says() -> None:
    chance = random.Random(7)
    seen = set()
    for _ in range(200):
        demands = [
            Demand(chance.choice([0.0, chance.uniform(0, 10)]), chance.uniform(1, 30), chance.uniform(0.02, 0.3))
            for _ in range(chance.randrange(1, 12))
        ]
        feasible = is_feasible(demands, 1)
        assert feasible is is_feasible_step_by_step(demands, 1)
        seen.add(feasible)
    assert seen == {True, False}
