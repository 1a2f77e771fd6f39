"""The model of benchmarks/simulation.py: what it must do whatever the measured costs are."""

import sys
from collections.abc import Generator, Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.support import ROOT

pytest.importorskip("simpy", reason="the simulation needs simpy")


@pytest.fixture(name="model", scope="module")
def imported_model() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "benchmarks"))
        import simulation_model

        yield simulation_model
        for name in ("simulation", "simulation_model"):
            sys.modules.pop(name, None)


@pytest.fixture(name="cluster", scope="module")
def imported_cluster(model: ModuleType) -> ModuleType:  # noqa: ARG001 - it makes the folder importable
    import simulation

    return simulation


def play(model: ModuleType, rate: float, *, seconds: float = 120.0, seed: int = 1, places: int = 16) -> list[Any]:
    """One instance of two threads on two processors; what its listeners heard."""
    import simpy

    env, costs = simpy.Environment(), model.Costs.load()
    balancer = model.Balancer()
    processors = model.Processors(env, 2)
    balancer.instances = [
        model.Instance(env, costs, processors, threads=2, places=places, max_queue=places) for _ in range(1)
    ]
    pool = len(costs.measured["sentences"])
    heard: list[Any] = model.play(env, balancer, model.arrivals(seed, seconds, lambda _: rate, rate, pool))
    env.run()
    return heard


def test_a_listener_alone_never_waits(model: ModuleType) -> None:
    import simpy

    env, costs = simpy.Environment(), model.Costs.load()
    balancer = model.Balancer()
    balancer.instances = [model.Instance(env, costs, model.Processors(env, 2), threads=2)]
    coming = [model.Arrival(60.0 * number, (number, number + 1)) for number in range(5)]
    heard = model.play(env, balancer, coming)
    env.run()
    for number, one in enumerate(heard):
        ids, _ = costs.units((number,))[0]
        request, _ = costs.around()
        least = request + costs.phonemize + costs.of("encode_ms", ids)
        assert least < one.first_audio < least + 0.1
        assert one.gap_seconds == 0


def test_all_sound_of_a_text_is_heard(model: ModuleType) -> None:
    costs = model.Costs.load()
    frame = costs.measured["seconds_a_frame"]
    pool = len(costs.measured["sentences"])
    coming = model.arrivals(1, 120.0, lambda _: 0.5, 0.5, pool)
    expected = [sum(frames for _, frames in costs.units(arrival.sentences)) * frame for arrival in coming]
    assert [one.audio_seconds for one in play(model, 0.5)] == pytest.approx(expected)


def test_more_than_it_can_speak_is_refused(model: ModuleType) -> None:
    assert all(one.first_audio is not None for one in play(model, 0.5))
    refused = [one for one in play(model, 10.0) if one.first_audio is None]
    assert len(refused) > 100


def test_a_seed_always_plays_the_same(model: ModuleType) -> None:
    assert play(model, 2.0) == play(model, 2.0)
    assert play(model, 2.0) != play(model, 2.0, seed=2)


def test_processors_are_shared_evenly(model: ModuleType) -> None:
    import simpy

    env = simpy.Environment()
    processors = model.Processors(env, 2)
    ends: list[float] = []

    def work(seconds: float) -> Generator[Any, Any, None]:
        yield processors.run(seconds)
        ends.append(env.now)

    for seconds in (1.0, 2.0, 2.0, 2.0):
        env.process(work(seconds))
    env.run()
    assert ends == pytest.approx([2.0, 3.5, 3.5, 3.5])
    assert processors.busy_until_now() == pytest.approx(7.0)


@pytest.mark.parametrize(
    ("ready", "unready", "replicas"),
    [
        ([0.6, 0.6], 0, 2),
        ([0.65, 0.65], 0, 2),
        ([0.9, 0.9], 0, 3),
        ([1.0, 1.0], 0, 4),
        ([0.3, 0.3, 0.3, 0.3], 0, 2),
        ([1.0, 1.0], 2, 4),
        ([1.0, 1.0, 1.0, 1.0], 1, 7),
        ([0.1, 0.1], 1, 3),
    ],
)
def test_replicas_follow_the_published_formula(
    cluster: ModuleType, ready: list[float], unready: int, replicas: int
) -> None:
    assert cluster.desired_replicas(ready, unready, 0.6) == replicas


def behavior(cluster: ModuleType) -> Any:
    return cluster.Behavior(2, 20, 0.6, up_percent=100, up_period=30, down_pods=1, down_period=120, down_window=600)


def test_replicas_at_most_double_in_a_period(cluster: ModuleType) -> None:
    limits = cluster.Limits(behavior(cluster))
    assert limits.allow(0.0, 2, 20) == 4
    assert limits.allow(15.0, 4, 20) == 4
    assert limits.allow(30.0, 4, 20) == 8
    assert limits.allow(60.0, 8, 50) == 16
    assert limits.allow(90.0, 16, 50) == 20


def test_replicas_fall_one_by_one_after_the_quiet_minutes(cluster: ModuleType) -> None:
    limits = cluster.Limits(behavior(cluster))
    assert limits.allow(0.0, 6, 6) == 6
    assert limits.allow(599.0, 6, 2) == 6
    assert limits.allow(601.0, 6, 2) == 5
    assert limits.allow(700.0, 5, 2) == 5
    assert limits.allow(721.0, 5, 2) == 4


def test_the_manifest_is_read(cluster: ModuleType) -> None:
    assert cluster.Behavior.load() == behavior(cluster)
