import pytest

from hailo_piper.engine.windows import FIRST_WINDOW, LARGEST_WINDOW, windows


@pytest.mark.parametrize("first", [FIRST_WINDOW, 12, LARGEST_WINDOW])
def test_windows_cover_every_frame_once_and_double(first: int) -> None:
    for frames in range(1, 1200):
        cuts = windows(frames, first)
        assert [frame for start, end in cuts for frame in range(start, end)] == list(range(frames))
        sizes = [end - start for start, end in cuts]
        planned = [min(LARGEST_WINDOW, first * 2**number) for number in range(len(sizes))]
        assert sizes[:-2] == planned[:-2]
        assert sizes[-1] < 1.5 * planned[-1]
        assert len(sizes) == 1 or sizes[-1] >= planned[-2] // 2
        assert max(sizes) < 1.5 * LARGEST_WINDOW


@pytest.mark.parametrize("first", [FIRST_WINDOW, LARGEST_WINDOW])
def test_the_last_two_are_alike_and_the_first_is_what_it_should_be(first: int) -> None:
    for frames in range(first * 3, 1200):
        sizes = [end - start for start, end in windows(frames, first)]
        assert first == LARGEST_WINDOW or sizes[0] == first
        if len(sizes) > 2 or first == LARGEST_WINDOW:
            assert sizes[-2] - sizes[-1] in {0, -1}


def test_a_unit_shorter_than_the_first_window_is_one_window() -> None:
    assert windows(FIRST_WINDOW - 3, FIRST_WINDOW) == [(0, FIRST_WINDOW - 3)]


def test_no_frames_are_no_windows() -> None:
    assert windows(0, FIRST_WINDOW) == []
