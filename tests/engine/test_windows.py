import pytest

from hailo_piper.engine.windows import FIRST_WINDOW, LARGEST_WINDOW, next_block, windows


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


OPENING = [(0, 8), (8, 24), (24, 56), (56, 120), (120, 184), (184, 242), (242, 300)]
"""The windows of a reply's first unit, of 300 frames."""
LATER = [(0, 64), (64, 128), (128, 192), (192, 246), (246, 300)]


@pytest.mark.parametrize(
    ("cuts", "is_first_sound", "flowed", "decodable", "expected"),
    [
        pytest.param(OPENING, True, 0, 0, (13, 1), id="a first sound waits for its window and the overlap"),
        pytest.param(OPENING, False, 13, 1, (29, 2), id="then for the next window"),
        pytest.param(OPENING, False, 29, 2, (61, 3), id="the block is at least what a window needs"),
        pytest.param(OPENING, False, 61, 3, (125, 4), id="and as large as all before it, together"),
        pytest.param(OPENING, False, 125, 4, (250, 6), id="a block may complete several windows"),
        pytest.param(OPENING, False, 250, 6, (300, 7), id="the last block completes all windows"),
        pytest.param(LATER, False, 0, 0, (192, 2), id="a later unit begins with a full block; overlaps are needed too"),
        pytest.param(LATER, False, 192, 2, (300, 5), id="the last block ends with the unit"),
        pytest.param(windows(900, 64), False, 192, 2, (384, 5), id="a full block follows"),
        pytest.param([(0, 8), (8, 30)], True, 0, 0, (30, 2), id="no small rest is left for a block of its own"),
        pytest.param([(0, 8)], True, 0, 0, (8, 1), id="a unit of one window is one block"),
    ],
)
def test_the_next_block(
    cuts: list[tuple[int, int]],
    is_first_sound: bool,  # noqa: FBT001
    flowed: int,
    decodable: int,
    expected: tuple[int, int],
) -> None:
    frames = cuts[-1][1]
    block = next_block(
        cuts, frames=frames, overlap=5, flowed=flowed, decodable=decodable, is_first_sound=is_first_sound
    )
    assert block == expected


@pytest.mark.parametrize("first", [FIRST_WINDOW, LARGEST_WINDOW])
@pytest.mark.parametrize("overlap", [0, 11])
def test_blocks_come_to_the_end_and_complete_a_window_each(first: int, overlap: int) -> None:
    for frames in range(1, 1200):
        cuts = windows(frames, first)
        flowed, decodable = 0, 0
        while decodable < len(cuts):
            is_first_sound = first == FIRST_WINDOW and flowed == 0
            end, more = next_block(
                cuts,
                frames=frames,
                overlap=overlap,
                flowed=flowed,
                decodable=decodable,
                is_first_sound=is_first_sound,
            )
            assert end > flowed
            assert more > decodable
            assert end == frames or cuts[more - 1][1] + overlap <= end
            assert end != frames or more == len(cuts)
            flowed, decodable = end, more
        assert flowed == frames
