"""What the benchmarks of word times take for true: borders seen in a sound, the sign of an error, and chance."""

import sys
from collections.abc import Iterator

import numpy as np
import pytest

from tests.support import ROOT

RATE = 22050
BORDER = 0.3
"""Seconds until the sound below changes."""


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    yield
    for name in (
        "aligners", "machine", "servers", "contestants", "timed_speech", "word_clips", "word_references", "word_times",
    ):  # fmt: skip
        sys.modules.pop(name, None)


def hum_then_hiss() -> np.ndarray:
    time = np.arange(round(0.6 * RATE)) / RATE
    hum = 0.2 * np.sin(2 * np.pi * 150 * time)
    hiss = np.diff(np.random.default_rng(1).standard_normal(len(time) + 1)) * 0.05
    return np.where(time < BORDER, hum, hiss).astype(np.float32)


@pytest.mark.parametrize("begins", [True, False])
@pytest.mark.parametrize("off", [-0.04, 0.0, 0.05])
def test_the_border_of_a_hiss_is_seen(begins: bool, off: float) -> None:  # noqa: FBT001 - a parameter of the test
    from aligners import sibilant_border

    sound = hum_then_hiss() if begins else hum_then_hiss()[::-1].copy()
    near = BORDER + off
    assert sibilant_border(sound, RATE, near - 0.02, near + 0.02, begins=begins) == pytest.approx(BORDER, abs=0.004)


def test_no_border_is_seen_where_there_is_none() -> None:
    from aligners import sibilant_border

    hum = hum_then_hiss()[: round(BORDER * RATE)]
    assert sibilant_border(hum, RATE, 0.1, 0.2, begins=True) is None


def test_the_loud_part_is_where_the_sound_is() -> None:
    from aligners import loud_part

    sound = np.zeros(RATE, np.float32)
    sound[round(0.25 * RATE) : round(0.7 * RATE)] = 0.1
    assert loud_part(sound, RATE) == pytest.approx((0.25, 0.7), abs=0.004)
    assert loud_part(np.zeros(RATE, np.float32), RATE) is None


def test_an_aligners_own_error_is_taken_off() -> None:
    """Who is 18 ms early himself sees a word that is right 18 ms late."""
    from aligners import Found
    from word_references import against
    from word_times import moved

    seen = against([[Found(1.0, 1.5), None]], [[Found(0.982, 1.51), Found(2, 3)]])
    assert seen.starts == pytest.approx([0.018])
    corrected = moved(seen, -0.018, 0.01)
    assert corrected.starts + corrected.ends == pytest.approx([0, 0])


@pytest.mark.parametrize(
    ("won", "lost", "chance"), [(0, 5, 1 / 32), (5, 0, 1.0), (1, 3, 5 / 16), (50, 50, 0.5398), (0, 0, 1.0)]
)
def test_a_word_less_is_chance_and_many_less_are_not(won: int, lost: int, chance: float) -> None:
    from word_clips import chance_of_so_few

    assert chance_of_so_few(won, lost) == pytest.approx(chance, abs=1e-4)
