"""A timed element has a length or a contour; it is read whole before any of it is said."""

from bisect import bisect_right
from collections.abc import Iterable
from operator import itemgetter

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.ssml.events import SaidRun, State

LONGEST_TIMED = 2000
"""Characters in one such element."""

_LETTERS = lazily(r"[^\W_]++")
"""Signs count for nothing: some have no place of their own."""

Extent = tuple[SaidRun, ...]


class Timed:
    """The timed element that is open, if one is. Places are code points of the document."""

    def __init__(self) -> None:
        self.depth = 0
        """Of the element; 0 where none is open."""
        self.timing = 1
        """1 and 2 in turn, so that neighbours differ."""
        self.characters = 0
        self._runs = list[SaidRun]()

    def start(self, depth: int) -> int:
        """Open it; return its `timing`."""
        self.depth, self.characters, self._runs = depth, 0, []
        self.timing = 3 - self.timing
        return self.timing

    def note(self, said: str, place: int, length: int) -> None:
        """Note what is said for a run of the document, if an element is open."""
        if not self.depth:
            return
        if length == len(said):
            for word in _LETTERS.finditer(said):
                self._add(place + word.start(), place + word.end(), len(word[0]))
        elif letters := sum(map(str.isalnum, said)):
            self._add(place, place + length, letters)

    def _add(self, begin: int, end: int, letters: int) -> None:
        before = self._runs[-1].after if self._runs else 0
        # A word may have come in pieces.
        if self._runs and self._runs[-1].end == begin and _is_exact(self._runs[-1]) and letters == end - begin:
            last = self._runs.pop()
            begin, before, letters = last.begin, last.before, letters + last.after - last.before
        self._runs.append(SaidRun(begin, end, before, before + letters))

    def end(self, states: list[tuple[int, State]]) -> None:
        """Close it: each of its states, which are the last ones, gets its extent."""
        self.depth, extent = 0, tuple(self._runs)
        for number in range(len(states) - 1, -1, -1):
            place, state = states[number]
            if state.manner.timing != self.timing:
                return
            states[number] = (place, state._replace(extent=extent))


def shares_of(letters: Iterable[tuple[Extent, int]]) -> dict[int, tuple[float, float]]:
    """Return the part of each timed element that a sentence has, 0 to 1, by the place at which the element begins.

    `letters`: of the sentence, in order, each with its element's extent and its place.
    """
    found = dict[int, tuple[Extent, int, int]]()
    for extent, place in letters:
        if extent:
            begin = extent[0].begin
            found[begin] = (extent, found[begin][1] if begin in found else place, place)
    return {
        begin: (_said_before(extent, first, 0) / extent[-1].after, _said_before(extent, last, 1) / extent[-1].after)
        for begin, (extent, first, last) in found.items()
    }


def _is_exact(run: SaidRun) -> bool:
    """Return whether the letters stand there as they are said."""
    return run.end - run.begin == run.after - run.before


def _said_before(extent: Extent, place: int, more: int) -> int:
    """Return the letters that an element says before those of a place; with `more` = 1 those at the place, too."""
    run = extent[max(0, bisect_right(extent, place, key=itemgetter(0)) - 1)]
    if _is_exact(run):
        return min(run.before + max(0, place - run.begin + more), run.after)
    return run.after if more else run.before
