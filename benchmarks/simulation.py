"""A day of a cluster, and machines for so many listeners, in simulated time.

    python benchmarks/simulation.py day [--peak 3] [--picture docs/scaling-day.svg]
    python benchmarks/simulation.py machines

Needs simpy. Costs come from `simulation_costs.json`, which `simulation_costs.py` measures; `replicas.py` holds the
model against real instances. The autoscaler's settings are read from deploy/kubernetes/base/autoscaler.yaml. Assumed,
not measured: the day's curve, 2 s from a pod's creation to its first process, and 120 s for a new machine.
"""

import argparse
import math
import multiprocessing
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

import simpy
import yaml
from simulation_model import (
    Balancer,
    Costs,
    Heard,
    Instance,
    Processors,
    Steps,
    arrivals,
    percentile,
    play,
)

AUTOSCALER = Path(__file__).parents[1] / "deploy/kubernetes/base/autoscaler.yaml"
DAY = 86_400.0
HOURS = (8, 5, 4, 3, 3, 5, 12, 25, 35, 38, 40, 42, 45, 42, 40, 42, 48, 60, 75, 92, 100, 85, 50, 20)
"""Arrivals in each hour, in percent of the evening's peak; straight lines between."""
BURST_AT, BURST_SECONDS, BURST = 14.0 * 3600, 600.0, 4.0
"""Ten minutes, from one second to the next, with four times as many."""
POD_THREADS = 2
"""Processors of a pod, as the manifest requests them."""
SYNC_SECONDS, SCRAPE_SECONDS, TOLERANCE = 15.0, 15.0, 0.1
"""Of the autoscaler and of the metrics server: their defaults."""
CREATION_SECONDS, MACHINE_SECONDS, ENDING_SECONDS = 2.0, 120.0, 13.0
LATE_SECONDS = 0.5


def rate_at(at: float, peak: float) -> float:
    """Arrivals a second."""
    hour = at / 3600
    low = int(hour)
    share = HOURS[low % 24] + (HOURS[(low + 1) % 24] - HOURS[low % 24]) * (hour - low)
    return peak * share / 100 * (BURST if BURST_AT <= at < BURST_AT + BURST_SECONDS else 1.0)


def desired_replicas(ready: list[float], unready: int, target: float) -> int:
    """Kubernetes' formula: ceil(replicas * use / target), unless within the tolerance of a tenth.

    `ready`: the use of each ready pod. A pod that is not ready counts as idle where the others ask for more, and then
    the replicas are all of them; a result that would turn the direction is dropped.
    """
    if not ready:
        return unready
    ratio = sum(ready) / len(ready) / target
    if abs(ratio - 1) <= TOLERANCE:
        return len(ready) + unready
    if not unready or ratio < 1:
        return math.ceil(ratio * len(ready)) if not unready else len(ready) + unready
    ratio = sum(ready) / (len(ready) + unready) / target
    if ratio <= 1 + TOLERANCE:
        return len(ready) + unready
    return math.ceil(ratio * (len(ready) + unready))


@dataclass(slots=True)
class Behavior:
    """The manifest's settings: the least and most replicas, the target, and how fast they may change."""

    least: int
    most: int
    target: float
    up_percent: float
    up_period: float
    down_pods: int
    down_period: float
    down_window: float

    @classmethod
    def load(cls) -> "Behavior":
        spec = yaml.safe_load(AUTOSCALER.read_text(encoding="utf-8"))["spec"]
        up, down = spec["behavior"]["scaleUp"], spec["behavior"]["scaleDown"]
        return cls(
            spec["minReplicas"],
            spec["maxReplicas"],
            spec["metrics"][0]["containerResource"]["target"]["averageUtilization"] / 100,
            up["policies"][0]["value"],
            up["policies"][0]["periodSeconds"],
            down["policies"][0]["value"],
            down["policies"][0]["periodSeconds"],
            down["stabilizationWindowSeconds"],
        )


@dataclass(slots=True)
class Limits:
    """The replicas that a recommendation leads to: stabilization first, then policies, then the bounds."""

    behavior: Behavior
    _recommended: deque[tuple[float, int]] = field(default_factory=deque)
    _changes: deque[tuple[float, int]] = field(default_factory=deque)

    def allow(self, now: float, replicas: int, recommended: int) -> int:
        rules = self.behavior
        self._recommended.append((now, recommended))
        while self._recommended[0][0] < now - rules.down_window:
            self._recommended.popleft()
        if recommended < replicas:
            recommended = min(replicas, max(count for _, count in self._recommended))
        added = sum(count for when, count in self._changes if count > 0 and when > now - rules.up_period)
        taken = sum(-count for when, count in self._changes if count < 0 and when > now - rules.down_period)
        highest = math.ceil((replicas - added) * (1 + rules.up_percent / 100))
        lowest = replicas + taken - rules.down_pods
        allowed = max(rules.least, min(rules.most, max(replicas, highest), max(recommended, min(replicas, lowest))))
        if allowed != replicas:
            self._changes.append((now, allowed - replicas))
        return allowed


@dataclass(slots=True)
class Pod:
    instance: Instance
    processors: Processors
    is_ready: bool = False
    use: float = 0.0
    """Of its requested processors, in the metrics server's last window."""
    busy_before: float = 0.0


class Cluster:
    """Pods that come and go, behind a balancer."""

    def __init__(self, env: simpy.Environment, costs: Costs, start_seconds: float) -> None:
        self.env, self._costs, self._start_seconds = env, costs, start_seconds
        self.balancer = Balancer()
        self.pods: list[Pod] = []
        self.pod_seconds = 0.0
        self.replicas: list[tuple[float, int]] = []

    def resize(self, replicas: int, *, at_once: bool = False) -> None:
        while len(self.pods) < replicas:
            processors = Processors(self.env, POD_THREADS)
            pod = Pod(Instance(self.env, self._costs, processors, threads=POD_THREADS), processors)
            self.pods.append(pod)
            self.env.process(self._start(pod, 0.0 if at_once else self._start_seconds))
        while len(self.pods) > replicas:
            # Those that are not ready go first.
            pod = next((pod for pod in reversed(self.pods) if not pod.is_ready), self.pods[-1])
            self.pods.remove(pod)
            if pod.is_ready:
                self.balancer.instances.remove(pod.instance)
            self.pod_seconds += ENDING_SECONDS
        self.replicas.append((self.env.now, replicas))

    def _start(self, pod: Pod, seconds: float) -> Steps:
        yield self.env.timeout(seconds)
        if pod in self.pods:
            pod.is_ready = True
            self.balancer.instances.append(pod.instance)

    def measure(self, period: float) -> Steps:
        """The metrics server: each pod's use since it last looked."""
        while True:
            yield self.env.timeout(period)
            self.pod_seconds += period * len(self.pods)
            for pod in self.pods:
                busy = pod.processors.busy_until_now()
                pod.use, pod.busy_before = (busy - pod.busy_before) / period / POD_THREADS, busy

    def scale(self, period: float, behavior: Behavior, lag: float) -> Steps:
        """The autoscaler's loop; it looks `lag` seconds after the metrics server did."""
        limits = Limits(behavior)
        yield self.env.timeout(lag)
        while True:
            yield self.env.timeout(period)
            ready = [pod.use for pod in self.pods if pod.is_ready]
            wanted = desired_replicas(ready, len(self.pods) - len(ready), behavior.target)
            allowed = limits.allow(self.env.now, len(self.pods), wanted)
            if allowed != len(self.pods):
                self.resize(allowed)


@dataclass(slots=True)
class Played:
    name: str
    heard: list[Heard]
    replicas: list[tuple[float, int]]
    pod_hours: float
    seconds: float

    def row(self) -> str:
        first = [one.first_audio * 1e3 for one in self.heard if one.first_audio is not None]
        gaps = [one for one in self.heard if one.gap_seconds > 0.02]
        refused = len(self.heard) - len(first)
        middle, most, worst = (percentile(first, rank) for rank in (50, 95, 99))
        counts = [count for _, count in self.replicas]
        return (
            f"| {self.name} | {len(self.heard)} | {middle:.0f} | {most:.0f} | {worst:.0f} | {refused}"
            f" | {len(gaps)} | {min(counts)} to {max(counts)} | {self.pod_hours:.1f} |"
        )


VARIANTS = (
    "autoscaler as shipped",
    "and each pod waits for a machine",
    "pods ready at once, figures fresh",
    "always 2",
)


def play_day(name: str, peak: float, seconds: float = DAY, seed: int = 22050) -> Played:
    """One variant of the day."""
    env, costs, behavior = simpy.Environment(), Costs.load(), Behavior.load()
    start = CREATION_SECONDS + costs.measured["prepare_seconds"] + costs.measured["serve_seconds"]
    lag = SYNC_SECONDS / 2
    if name == VARIANTS[1]:
        start += MACHINE_SECONDS
    if name == VARIANTS[2]:
        start, lag = 0.0, 0.001
    cluster = Cluster(env, costs, start)
    cluster.resize(behavior.least, at_once=True)
    env.process(cluster.measure(SCRAPE_SECONDS))
    if name != VARIANTS[3]:
        env.process(cluster.scale(SYNC_SECONDS, behavior, lag))
    most = max(rate_at(float(at), peak) for at in range(0, int(DAY), 60))
    coming = arrivals(seed, seconds, lambda at: rate_at(at, peak), most, len(costs.measured["sentences"]))
    heard = play(env, cluster.balancer, coming)
    env.run(until=seconds + 60)
    return Played(name, heard, cluster.replicas, cluster.pod_seconds / 3600, seconds)


def day(peak: float, picture: str | None) -> None:
    with multiprocessing.Pool(len(VARIANTS)) as pool:
        results = [pool.apply_async(play_day, (name, peak)) for name in VARIANTS]
        print("| variant | requests | median ms | p95 ms | p99 ms | refused | with gaps | replicas | instance-hours |")
        print("|---|---|---|---|---|---|---|---|---|", flush=True)
        played = []
        for result in results:
            played.append(result.get())
            print(played[-1].row(), flush=True)
    burst = [
        Played(
            one.name,
            [heard for heard in one.heard if BURST_AT <= heard.at < BURST_AT + BURST_SECONDS],
            one.replicas,
            one.pod_hours,
            DAY,
        )
        for one in played
    ]
    print("\nonly the burst")
    for one in burst:
        print(one.row())
    if picture:
        from simulation_picture import draw

        Path(picture).write_text(draw(played[0].heard, played[0].replicas), encoding="utf-8")


def listen_on(env: simpy.Environment, balancer: Balancer, heard: list[Heard], seconds: float, number: int) -> Steps:
    """Ask for a text, hear it to its end, and ask for the next."""
    yield env.timeout(0.37 * number % 8)
    while env.now < seconds:
        heard.append(Heard(env.now))
        one = heard[-1]
        number += 1
        yield from balancer.ask((number % 20, (number * 7 + 1) % 20), one)
        yield env.timeout(max(0.1, one.at + (one.first_audio or 0.0) + one.audio_seconds + one.gap_seconds - env.now))


def listeners_of(threads: int, slower: float, seconds: float = 120.0) -> tuple[int, float]:
    """Most listeners at once for an instance whose first audio is not late and that has no gaps; its load then."""
    costs, low, high, load = Costs.load(slower), 1, 40 * threads, 0.0
    while low < high:
        count = (low + high + 1) // 2
        env, balancer, heard = simpy.Environment(), Balancer(), list[Heard]()
        processors = Processors(env, threads)
        balancer.instances = [Instance(env, costs, processors, threads=threads, places=256, max_queue=0)]
        for number in range(count):
            env.process(listen_on(env, balancer, heard, seconds, number))
        env.run(until=seconds)
        settled = [one for one in heard if one.at > seconds / 4]
        first = [math.inf if one.first_audio is None else one.first_audio for one in settled]
        gaps = sum(one.gap_seconds > 0.02 for one in settled)
        if percentile(first, 95) <= LATE_SECONDS and gaps <= len(settled) / 100:
            low, load = count, processors.busy_until_now() / seconds / threads
        else:
            high = count - 1
    return low, load


def machines() -> None:
    kinds = [
        ("Raspberry Pi 5, a core a third of this", 4, 3.0),
        ("Raspberry Pi 5, a core a fifth of this", 4, 5.0),
        ("2 cores", 2, 1.0),
        ("4 cores", 4, 1.0),
        ("8 cores of 64", 8, 1.0),
    ]
    print("| instance | listeners, first audio in time | load | listeners at 60 % | 10 | 1,000 | 100,000 |")
    print("|---|---|---|---|---|---|---|")
    for name, threads, slower in kinds:
        most, load = listeners_of(threads, slower)
        kept = max(1, int(most * min(1.0, 0.6 / load)))
        counts = " | ".join(f"{math.ceil(people / kept):,}" for people in (10, 1_000, 100_000))
        print(f"| {name} | {most} | {load:.2f} | {kept} | {counts} |", flush=True)
    costs = Costs.load()
    everything = tuple(range(len(costs.measured["sentences"])))
    audio = sum(frames for _, frames in costs.units(everything)) * costs.measured["seconds_a_frame"]
    request, second = costs.around()
    work = costs.speaking(everything) + request + second * audio
    print(f"\nan hour of speech: {work / audio * 3600:.0f} s of processor time")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["day", "machines"])
    parser.add_argument("--peak", type=float, default=3.0, help="arrivals a second in the evening")
    parser.add_argument("--picture")
    options = parser.parse_args()
    if options.what == "day":
        day(options.peak, options.picture)
    else:
        machines()


if __name__ == "__main__":
    main()
