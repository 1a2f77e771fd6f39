"""What was measured, by metric, server and round, and the ratios that follow from it."""

from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    topic: str
    name: str
    unit: str
    better: str = "lower"
    """lower, higher, or nothing where a figure is told but not compared"""

    @property
    def title(self) -> str:
        return f"{self.name}, {self.unit}" if self.unit else self.name


def first_byte(text: str) -> Metric:
    return Metric(topic="latency", name=f"first audio byte, {text}", unit="ms")


def last_byte(text: str) -> Metric:
    return Metric(topic="latency", name=f"last audio byte, {text}", unit="ms")


def audio_length(text: str) -> Metric:
    """Told so that everybody can see that everybody spoke the same."""
    return Metric(topic="latency", name=f"audio, {text}", unit="s", better="")


def mean_first_byte(clients: int) -> Metric:
    return Metric(topic="concurrency", name=f"first audio byte mean, {_clients(clients)}", unit="ms")


def worst_first_byte(clients: int) -> Metric:
    return Metric(topic="concurrency", name=f"first audio byte max, {_clients(clients)}", unit="ms")


def throughput(clients: int) -> Metric:
    return Metric(topic="concurrency", name=f"throughput, {_clients(clients)}", unit="audio s/s", better="higher")


def cpu_per_audio_second(load: str) -> Metric:
    return Metric(topic="cpu", name=f"CPU per audio second, {load}", unit="ms")


def playback(clients: int, what: str, unit: str) -> Metric:
    return Metric(topic="playback", name=f"{what}, {_clients(clients)}", unit=unit)


def memory(moment: str) -> Metric:
    return Metric(topic="memory", name=moment, unit="MB")


def startup(moment: str, cache: str) -> Metric:
    return Metric(topic="startup", name=f"start to {moment}, {cache} cache", unit="ms")


def long_text(what: str, unit: str, better: str = "lower") -> Metric:
    return Metric(topic="long", name=f"article, {what}", unit=unit, better=better)


def _clients(count: int) -> str:
    return "1 client" if count == 1 else f"{count} clients"


@dataclass(slots=True)
class Results:
    values: dict[Metric, dict[str, dict[int, float]]] = field(default_factory=dict)
    """metric -> server -> round -> figure"""
    failures: dict[str, dict[str, str]] = field(default_factory=dict)
    """topic -> server -> why there is no figure, or not one of every round"""
    notes: dict[str, list[str]] = field(default_factory=dict)
    """topic -> what a reader of its table must know"""

    def add(self, metric: Metric, server: str, number: int, value: float) -> None:
        self.values.setdefault(metric, {}).setdefault(server, {})[number] = value

    def fail(self, topic: str, server: str, reason: str) -> None:
        self.failures.setdefault(topic, {}).setdefault(server, reason)

    def note(self, topic: str, line: str) -> None:
        self.notes.setdefault(topic, []).append(line)

    def rounds(self, metric: Metric, server: str) -> dict[int, float]:
        return self.values.get(metric, {}).get(server, {})

    def figure(self, metric: Metric, server: str) -> float | None:
        rounds = self.rounds(metric, server)
        return median(rounds.values()) if rounds else None

    def quotient(self, metric: Metric, server: str, other_metric: Metric, other: str) -> float | None:
        """The median of what each round's two figures give, since both met the same noise."""
        over, under = self.rounds(metric, server), self.rounds(other_metric, other)
        quotients = [over[number] / under[number] for number in over if under.get(number)]
        return median(quotients) if quotients else None

    def ratio(self, metric: Metric, ours: str, peer: str) -> float | None:
        """How many times better ours is."""
        if metric.better == "higher":
            return self.quotient(metric, ours, metric, peer)
        return self.quotient(metric, peer, metric, ours) if metric.better == "lower" else None
