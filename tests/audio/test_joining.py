import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hailo_piper.audio.joining import treated
from hailo_piper.audio.samples import AudioChunk, Samples, length_at_tempo
from hailo_piper.audio.treatment import TreatedRun, Treatment, treated_ends

RATE = 22050
IDS = 30
ID_SAMPLES = np.full(IDS, 2048, np.int64)


def sine(frequency: float = 150.0, samples: int = 2048 * IDS) -> Samples:
    return (0.3 * np.sin(2 * np.pi * frequency * np.arange(samples) / RATE)).astype(np.float32)


def join(samples: Samples, runs: Sequence[TreatedRun], sizes: Sequence[int], ids: np.ndarray = ID_SAMPLES) -> Samples:
    """The treated samples, which come in chunks of these sizes, each with the durations of what has come."""
    come = 0

    def chunks() -> Iterator[AudioChunk]:
        nonlocal come
        for size in itertools.cycle(sizes):
            if come >= len(samples):
                return
            begin, come = come, min(len(samples), come + size)
            yield AudioChunk(samples[begin:come], RATE)

    def known() -> np.ndarray:
        return ids[: np.searchsorted(np.cumsum(ids), come) + 1]

    made = [chunk.samples for chunk in treated(chunks(), runs, known)]
    assert all(map(len, made))
    return np.concatenate([*made, np.zeros(0, np.float32)])


treatments = st.builds(
    Treatment,
    pitch=st.sampled_from([1.0, 0.5, 0.89, 1.12, 2.0]),
    tempo=st.sampled_from([1.0, 0.5, 1.3, 4.0]),
    gain=st.sampled_from([1.0, 0.0, 0.5]),
)


@settings(max_examples=60, deadline=None)
@given(
    runs=st.lists(st.tuples(st.integers(0, IDS), treatments), min_size=1, max_size=6),
    sizes=st.lists(st.sampled_from([1, 64, 700, 2048, 30000]), min_size=2, max_size=4).filter(lambda it: max(it) > 500),
)
def test_every_run_has_its_length_however_the_chunks_are_cut(
    runs: list[tuple[int, Treatment]], sizes: list[int]
) -> None:
    ordered = [
        TreatedRun(last, treatment) for last, (_, treatment) in zip(sorted(last for last, _ in runs), runs, strict=True)
    ]
    # Speech begins and ends in silence.
    samples = sine() * np.hanning(2048 * IDS).astype(np.float32)
    made = join(samples, ordered, sizes)
    assert len(made) == treated_ends(ID_SAMPLES, ordered)[-1]
    np.testing.assert_array_equal(made, join(samples, ordered, [len(samples)]))
    # The sine, an octave higher, rises by so much from one sample to the next; a click would rise by more.
    assert np.abs(np.diff(made)).max() < 1.3 * 0.3 * 2 * np.pi * 300 / RATE


def test_plain_runs_change_nothing() -> None:
    samples = sine()
    runs = [TreatedRun(9, Treatment()), TreatedRun(20, Treatment()), TreatedRun(IDS, Treatment())]
    np.testing.assert_array_equal(join(samples, runs, [2048]), samples)


def test_a_gain_is_reached_within_ten_milliseconds() -> None:
    samples = sine()
    made = join(samples, [TreatedRun(10, Treatment()), TreatedRun(IDS, Treatment(gain=0.5))], [2048])
    joint, half = 10 * 2048, round(0.005 * RATE)
    np.testing.assert_array_equal(made[: joint - half], samples[: joint - half])
    np.testing.assert_array_equal(made[joint + half :], samples[joint + half :] * np.float32(0.5))


@pytest.mark.parametrize("pitch", [0.5, 0.8, 1.12, 2.0])
def test_a_pitch_moves_the_frequency_of_its_run_alone(pitch: float) -> None:
    runs = [TreatedRun(10, Treatment()), TreatedRun(20, Treatment(pitch=pitch)), TreatedRun(IDS, Treatment())]
    made = join(sine(200), runs, [2048, 500])
    ends = treated_ends(ID_SAMPLES, runs)
    for begin, end, frequency in ((0, 10, 200), (10, 20, 200 * pitch), (20, 30, 200)):
        part = made[(ends[begin - 1] if begin else 0) + 300 : ends[end - 1] - 300]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 20))
        assert np.argmax(spectrum) * RATE / (1 << 20) == pytest.approx(frequency, rel=0.001)


def test_a_sentence_shorter_than_its_runs_ends_where_it_ends() -> None:
    runs = [TreatedRun(10, Treatment(gain=0.5)), TreatedRun(20, Treatment())]
    assert len(join(sine(samples=100), runs, [60], np.array([100]))) == 100
    assert len(join(sine(samples=0), runs, [60], np.array([0]))) == 0


@pytest.mark.parametrize("tempo", [0.25, 0.6, 1.3, 3.2])
def test_a_stretch_is_the_same_however_it_is_cut(tempo: float) -> None:
    chance = np.random.default_rng(1)
    samples = np.cumsum(chance.normal(0, 0.02, 11_025)).astype(np.float32)
    samples -= samples.mean()
    whole = join(samples, [TreatedRun(0, Treatment(tempo=tempo))], [len(samples)])
    assert len(whole) == length_at_tempo(len(samples), tempo)
    for size in (7, 1000, 4096):
        np.testing.assert_array_equal(join(samples, [TreatedRun(0, Treatment(tempo=tempo))], [size]), whole)


@pytest.mark.parametrize("length", [0, 1, 100])
def test_the_shortest_speech_can_be_stretched(length: int) -> None:
    made = join(np.full(length, 0.5, np.float32), [TreatedRun(0, Treatment(tempo=2.0))], [1000])
    assert len(made) == length_at_tempo(length, 2.0)


@pytest.mark.parametrize("sizes", [[700], [2048, 30000], [2048 * IDS]])
def test_runs_with_a_length_last_so_long_together_whenever_their_durations_come(sizes: list[int]) -> None:
    samples = sine() * np.hanning(2048 * IDS).astype(np.float32)
    slow, fast = Treatment(tempo=0.8), Treatment(pitch=1.12, tempo=1.5)
    timed = [TreatedRun(14, slow, 20_000.5, 1, (0.25, 4)), TreatedRun(20, fast, 20_000.5, 1, (0.25, 4))]
    other = TreatedRun(26, fast, 9000.0, 2, (0.25, 4))
    runs = [TreatedRun(8, Treatment()), *timed, other, TreatedRun(IDS, Treatment())]
    made, ends = join(samples, runs, sizes), treated_ends(ID_SAMPLES, runs)
    assert len(made) == ends[-1]
    assert [ends[19] - ends[7], ends[25] - ends[19]] == pytest.approx([20_000.5, 9000], abs=1)
    np.testing.assert_array_equal(made, join(samples, runs, [len(samples)]))


def test_ends_that_depend_on_what_is_not_known_are_left_out() -> None:
    runs = [TreatedRun(8, Treatment()), TreatedRun(20, Treatment(), 5000.0, 1, (0.25, 4)), TreatedRun(30, Treatment())]
    for known, told in ((5, 5), (8, 8), (19, 8), (20, 20), (25, 25)):
        ends = treated_ends(ID_SAMPLES[:known], runs)
        np.testing.assert_array_equal(ends, treated_ends(ID_SAMPLES, runs)[:told])


@pytest.mark.parametrize(("lasts", "length"), [(1.0, 2048 * IDS / 4), (1e9, 2048 * IDS * 2)])
def test_a_length_is_held_to_its_bounds(lasts: float, length: float) -> None:
    runs = [TreatedRun(IDS, Treatment(), lasts, 1, (0.5, 4.0))]
    assert len(join(sine(), runs, [3000])) == pytest.approx(length, abs=1) == treated_ends(ID_SAMPLES, runs)[-1]
