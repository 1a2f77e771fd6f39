"""The words of a sentence are found among its phonemes, so that the durations of phonemes become times of words.

espeak-ng separates with blanks what it says in one breath, a run: "of the" is one, "1990" is two. Where every word is
written in small letters and there are as many runs, each word is a run. Otherwise espeak-ng is asked where its runs
begin: runs of one word are joined, and a run of several words is shared out by the phonemes that each has alone. Where
it does not tell, all phonemes are shared out by letters. What is shared out is marked as estimated.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from hailo_piper.engine.words import SpokenWord, words_of
from hailo_piper.text.lazy_pattern import lazily

_SIMPLE = lazily(r"[\"'(“‘]*[^\W\d_]?[^\W\d_A-Z]*(?:'(?:s|t|m|d|ll|re|ve))?[\"')”’.,;:!?…]*")
"""A word that espeak-ng never says in several runs."""


_STRESS = frozenset("ˈˌ")
_NO_SOUND = frozenset("ˈˌːˑ ")


class Run(NamedTuple):
    """Phonemes between two blanks: from the first until before the last."""

    first: int
    last: int


def spoken_words(
    text: str,
    phonemes: Sequence[str],
    clauses: Sequence[Sequence[Run]],
    places: Callable[[], Sequence[Sequence[int]] | None],
    alone: Callable[[str], int],
) -> tuple[SpokenWord, ...]:
    """Return the words of a sentence in order, each with its phonemes.

    `clauses`: the runs of each clause; none where nothing is known of them. `places` asks where in the text each run
    begins; `alone` returns how many sounds (see `sounds`) a word has by itself.
    """
    words = words_of(text)
    runs = [run for clause in clauses for run in clause]
    if not words or not runs:
        return _shared_out(text, words, phonemes, Run(0, len(phonemes)), len)
    if len(words) == len(runs) and all(_SIMPLE.fullmatch(text, *word) for word in words):
        return tuple(SpokenWord(*word, *run) for word, run in zip(words, runs, strict=True))
    # espeak-ng sometimes leaves out the first word when it is asked for the first time.
    asked = (places() for _ in range(2))
    begins = next((begins for found in asked if found and (begins := _begins(clauses, found)) is not None), None)
    if begins is None:
        return _shared_out(text, words, phonemes, Run(runs[0].first, runs[-1].last), len)
    return tuple(_matched(text, words, phonemes, list(zip(runs, begins, strict=True)), alone))


def _begins(clauses: Sequence[Sequence[Run]], places: Sequence[Sequence[int]]) -> list[int] | None:
    """Return where each run begins, if every clause has as many places as runs."""
    told = [clause for clause in places if clause]
    # What is a clause to one call may be two to the other, so only the sum must be right.
    if sum(map(len, clauses)) != sum(map(len, told)):
        return None
    begins, last = list[int](), 0
    for place in (place for clause in told for place in clause):
        last = max(last, place)
        begins.append(last)
    return begins


def _matched(
    text: str,
    words: Sequence[tuple[int, int]],
    phonemes: Sequence[str],
    runs: Sequence[tuple[Run, int]],
    alone: Callable[[str], int],
) -> Iterator[SpokenWord]:
    """Yield the words, by the place at which each run begins."""
    own: list[list[Run]] = [[] for _ in words]
    """The runs that begin in each word."""
    at = 0
    for run, begin in runs:
        while at + 1 < len(words) and begin >= words[at][1]:
            at += 1
        own[at].append(run)
    heads = [number for number, found in enumerate(own) if found]
    # Words before the first run, if any, are said in it.
    for begin, head, end in zip([0, *heads[1:]], heads, [*heads[1:], len(words)], strict=True):
        run = Run(own[head][0].first, own[head][-1].last)
        yield from _shared_out(text, words[begin:end], phonemes, run, alone)


def _shared_out(
    text: str,
    words: Sequence[tuple[int, int]],
    phonemes: Sequence[str],
    run: Run,
    weight: Callable[[str], int],
) -> tuple[SpokenWord, ...]:
    """Share a run out over words, by weight; a single word has it whole."""
    if len(words) == 1:
        return (SpokenWord(*words[0], *run),)
    # A stress mark belongs to the sound after it, and a length mark to the one before.
    sounding = [number for number in range(*run) if phonemes[number] not in _NO_SOUND]
    weights = [max(1, weight(text[start:end])) for start, end in words]
    cuts = [len(sounding) * part // sum(weights) for part in accumulate(weights, initial=0)]
    bounds = [run.first, *(_cut(phonemes, sounding, cut, run) for cut in cuts[1:-1]), run.last]
    return tuple(SpokenWord(*word, *own, is_estimated=True) for word, own in zip(words, pairwise(bounds), strict=True))


def _cut(phonemes: Sequence[str], sounding: Sequence[int], cut: int, run: Run) -> int:
    """Return the phoneme at which the sound of a number begins, with its stress mark."""
    at = sounding[cut] if cut < len(sounding) else run.last
    while at > run.first and phonemes[at - 1] in _STRESS:
        at -= 1
    return at


def sounds(phonemes: Iterable[str]) -> int:
    """Return how many of some phonemes have a sound of their own."""
    return sum(phoneme not in _NO_SOUND for phoneme in phonemes)


_BLANK = re.compile(" +")


def runs_of(phonemes: str, start: int = 0) -> list[Run]:
    """Return the runs of a clause's phonemes, whose first has the number `start`."""
    runs, at = list[Run](), 0
    for blank in [*_BLANK.finditer(phonemes), None]:
        end = len(phonemes) if blank is None else blank.start()
        if end > at:
            runs.append(Run(start + at, start + end))
        at = end if blank is None else blank.end()
    return runs
