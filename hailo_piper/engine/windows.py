"""Windows divide a unit: small ones sound at once, larger ones cost less each frame.

In a reply's first unit the windows double from 8 frames to 64: 8 frames sound for 93 ms at 22 050 Hz, in which a slow
machine must have the next window. The flow, the model's part before the decoder, runs ahead of them in blocks, which
double from what the first window needs to 192 frames. All sizes are the same under any load, so that with noise at 0
equal requests get equal bits.
"""

FIRST_WINDOW, LARGEST_WINDOW = 8, 64
"""Frames; 8 are 93 ms of sound at 22 050 Hz."""

FLOW_BLOCK = 192
"""Frames in the flow's largest block; the larger a block, the less weighs what its steps compute on each side of it."""


def windows(frames: int, first: int) -> list[tuple[int, int]]:
    """Return the (start, end) of each window, in frames; their sizes double from `first` to LARGEST_WINDOW.

    No small window is left at the end, and the last two are alike: two workers finish them at the same time.
    """
    cuts, start, size = list[tuple[int, int]](), 0, first
    while start < frames:
        rest, following = frames - start, min(LARGEST_WINDOW, size * 2)
        end = start + size
        if rest < size + size // 2:
            end = frames
        elif (start or size == LARGEST_WINDOW) and rest < size + following + following // 2:
            end = start + rest // 2
        cuts.append((start, end))
        start, size = end, following
    return cuts


def next_block(  # noqa: PLR0913 - a unit's size, how far it is, and how urgent
    cuts: list[tuple[int, int]], *, frames: int, overlap: int, flowed: int, decodable: int, is_first_sound: bool
) -> tuple[int, int]:
    """Return the frame at which the flow's next block ends, and how many windows can be decoded after it.

    `cuts` are the windows of a unit of `frames` frames. So far the flow has done `flowed` frames, which are enough to
    decode the first `decodable` windows; a window needs `overlap` frames more on each side. The block that a first
    sound waits for (`is_first_sound`) holds what the first window needs and no more.
    """
    needed = min(frames, cuts[decodable][1] + overlap)
    # The windows of a reply's first unit are waited for, so its blocks double; other units begin with a full block.
    size = 0 if is_first_sound else min(flowed or FLOW_BLOCK, FLOW_BLOCK)
    end = min(frames, max(needed, flowed + size))
    if frames - end < FLOW_BLOCK // 4:
        end = frames
    return end, decodable + sum(end == frames or stop + overlap <= end for _, stop in cuts[decodable:])
