"""What the project promises, as figures that a run either reaches or does not."""

from collections.abc import Callable
from dataclasses import dataclass

from results import (
    Metric,
    Results,
    cpu_per_audio_second,
    first_byte,
    mean_first_byte,
    memory,
    playback,
    startup,
    throughput,
)

AFTER_START = "resident after start and one short answer"
AFTER_CLIENTS = "resident after 8 clients"


def nostop_peak(characters: int) -> Metric:
    return memory(f"peak over {characters} characters without a stop")


def nostop_after(characters: int) -> Metric:
    return memory(f"resident 5 s after {characters} characters without a stop")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    text: str
    figure: Callable[[Results], float | None]
    bound: float
    is_least: bool
    """The figure may be the bound or more; otherwise, or less."""
    unit: str = "x"

    def verdict(self, results: Results) -> tuple[str, str]:
        """The figure and PASS or short, or why there is neither."""
        figure = self.figure(results)
        if figure is None:
            return "-", "not measured"
        reached = figure >= self.bound if self.is_least else figure <= self.bound
        return f"{figure:.2f} {self.unit}", "PASS" if reached else "short"


def targets(ours: str, peer: str) -> list[Target]:
    """Against Piper's own HTTP server where they are ratios."""

    def times(text: str, metric: Metric, bound: float) -> Target:
        said = f"{text} >= {bound:g}x {peer}"
        return Target(text=said, figure=lambda r: r.ratio(metric, ours, peer), bound=bound, is_least=True)

    def share(text: str, over: Metric, under: Metric, other: str, bound: float) -> Target:
        figure: Callable[[Results], float | None] = lambda r: r.quotient(over, ours, under, other)  # noqa: E731
        return Target(text=f"{text} <= {bound:g}", figure=figure, bound=bound, is_least=False)

    def at_most(text: str, metric: Metric, bound: float, unit: str) -> Target:
        said = f"{text} <= {bound:g} {unit}".rstrip()
        return Target(text=said, figure=lambda r: r.figure(metric, ours), bound=bound, is_least=False, unit=unit)

    def growth(results: Results) -> float | None:
        before, after = results.figure(memory(AFTER_CLIENTS), ours), results.figure(nostop_after(5000), ours)
        return None if before is None or after is None else after - before

    cpu = cpu_per_audio_second("8 clients")
    return [
        times("first byte, 12 characters", first_byte("12"), 1.5),
        times("first byte, 130 characters", first_byte("130"), 5),
        times("first byte, 4 sentences", first_byte("para"), 12),
        share("first byte, 400 characters over our own 130", first_byte("400"), first_byte("130"), ours, 1.5),
        times("mean first byte, 8 clients", mean_first_byte(8), 40),
        times("throughput, 8 clients", throughput(8), 1.4),
        share(f"CPU per audio second, 8 clients, over {peer}", cpu, cpu, peer, 0.75),
        at_most("underruns after the first chunk, 16 clients", playback(16, "underruns", ""), 0, ""),
        at_most("resident after start and one short answer", memory(AFTER_START), 200, "MB"),
        at_most("resident after 8 clients", memory(AFTER_CLIENTS), 250, "MB"),
        at_most("peak, 5000 characters without a stop", nostop_peak(5000), 350, "MB"),
        Target(
            text="idle 5 s later, over the idle before <= 20 MB", figure=growth, bound=20, is_least=False, unit="MB"
        ),
        times("start to first answer, warm cache", startup("first answer", "warm"), 5),
        times("start to first answer, cold cache", startup("first answer", "cold"), 3),
    ]
