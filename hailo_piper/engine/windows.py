"""Where a unit is cut into windows: a small one that sounds at once, then larger ones that cost less each frame."""

FIRST_WINDOW, LARGEST_WINDOW = 8, 64
"""Frames; 8 are 90 ms of sound. The same under any load: with noise at 0, equal requests get equal bits."""


def windows(frames: int, first: int) -> list[tuple[int, int]]:
    """Frames cut into windows that double from `first` to LARGEST_WINDOW.

    There is no small one at the end, and the last two are alike: two workers that make them are done at once.
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
