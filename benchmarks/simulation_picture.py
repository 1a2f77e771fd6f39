"""The picture of a simulated day: replicas and the 95th percentile of first audio, as SVG."""

import math

from simulation_model import Heard, percentile

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 760, 330, 56, 34, 64, 40
BIN_SECONDS = 300
MILLISECONDS = (50, 100, 200, 500, 1000, 2000, 5000, 10000)


def draw(heard: list[Heard], replicas: list[tuple[float, int]]) -> str:
    most = max(count for _, count in replicas) + 1
    bottom, wide, high = HEIGHT - BOTTOM, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(at: float) -> float:
        return LEFT + wide * at / 86_400

    def y(count: float) -> float:
        return bottom - high * count / most

    def y_of(ms: float) -> float:
        low, top = math.log(MILLISECONDS[0]), math.log(MILLISECONDS[-1])
        return bottom - high * (math.log(min(max(ms, MILLISECONDS[0]), MILLISECONDS[-1])) - low) / (top - low)

    bins: dict[int, list[float]] = {}
    for one in heard:
        bins.setdefault(int(one.at // BIN_SECONDS), []).append((one.first_audio or 30.0) * 1e3)
    late = " ".join(
        f"{x((number + 0.5) * BIN_SECONDS):.1f},{y_of(percentile(times, 95)):.1f}"
        for number, times in sorted(bins.items())
    )
    steps, before = [], replicas[0][1]
    for at, count in [*replicas, (86_400.0, replicas[-1][1])]:
        steps += [f"{x(at):.1f},{y(before):.1f}", f"{x(at):.1f},{y(count):.1f}"]
        before = count
    marks = [
        f'<text x="{x(hour * 3600):.0f}" y="{bottom + 16}" text-anchor="middle">{hour}</text>'
        for hour in range(0, 25, 3)
    ]
    marks += [f'<text x="{LEFT - 8}" y="{y(n) + 4:.0f}" text-anchor="end" fill="#1f77b4">{n}</text>'
              for n in range(0, most + 1, max(1, most // 8))]  # fmt: skip
    marks += [f'<text x="{WIDTH - RIGHT + 8}" y="{y_of(ms) + 4:.0f}" fill="#d62728">{ms}</text>' for ms in MILLISECONDS]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"',
        ' font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<rect x="{LEFT}" y="{TOP}" width="{wide}" height="{high}" fill="none" stroke="#bbb"/>',
        *marks,
        f'<text x="{LEFT}" y="20" fill="#1f77b4">replicas</text>',
        f'<text x="{WIDTH - RIGHT}" y="20" text-anchor="end" fill="#d62728">first audio, 95th percentile, ms</text>',
        f'<text x="{LEFT + wide // 2}" y="{HEIGHT - 6}" text-anchor="middle">hour of the day</text>',
        f'<polyline points="{late}" fill="none" stroke="#d62728"/>',
        f'<polyline points="{" ".join(steps)}" fill="none" stroke="#1f77b4" stroke-width="2"/>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"
