"""Durations of phonemes become times of the words that were written.

What is spoken differs from what was sent: "$5" is "5 dollars", "Dr." is "Doctor", markup is gone. So spoken words and
written ones that share a part of the sentence are joined to groups, and each group has its time. A group of several
written words shares it out by their letters, and says so.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from hailo_piper.audio.treatment import IdSamples
from hailo_piper.audio.word import Mark, Word
from hailo_piper.engine.words import SpokenWord, words_of
from hailo_piper.text.places import Located
from hailo_piper.text.sentence import Sentence, Span

_LEADING = "\"'“”‘’«»‹›„‚([{<¿¡*_~|…—–,;:"
_TRAILING = "\"'“”‘’«»‹›„‚)]}>.,;:!?…—–*_~|。！？、，；：」』）؟،؛।"


class _Written(NamedTuple):
    """A word as it was written."""

    start: int
    end: int
    """Code points of the sentence."""

    start_char: int
    end_char: int
    """Code points of the text that was sent."""


class _Group(NamedTuple):
    """Written words that sound together."""

    written: tuple[_Written, ...]
    first: int
    last: int
    """Phoneme ids, from the first until before the last."""

    is_estimated: bool


class WordTimes:
    """The words of one sentence, which become due as its phonemes get their durations."""

    def __init__(self, located: Located, sentence: Sentence, spoken: Sequence[SpokenWord], sample_rate: int) -> None:
        """`located`: the sentence as it was written. `sentence`: as it is spoken, with the `spoken` words."""
        self._text = located.text
        self._sample_rate = sample_rate
        self._marks = _marks(sentence, spoken)
        self._groups = _groups(_written(located), _origins(sentence, spoken), spoken)
        self._given = 0
        """Groups whose words were returned."""
        self._marks_given = 0

    def due(self, ends: IdSamples, *, is_estimated: bool) -> tuple[Word, ...]:
        """Return the words that `ends` reaches and that were not returned yet. Seconds count from the sentence's first.

        `is_estimated`: whether the durations are not the voice's own.
        """
        words: list[Word] = []
        for group in self._groups[self._given :]:
            if group.last > len(ends):
                break
            self._given += 1
            start, end = (float(ends[number - 1]) / self._sample_rate if number else 0.0 for number in group[1:3])
            letters = [word.end - word.start for word in group.written]
            times = [start + (end - start) * part / sum(letters) for part in accumulate(letters, initial=0)]
            words += [
                Word(
                    text=self._text[word.start_char : word.end_char],
                    start=begin,
                    end=stop,
                    start_char=word.start_char,
                    end_char=word.end_char,
                    is_estimated=is_estimated or group.is_estimated,
                )
                for word, (begin, stop) in zip(group.written, pairwise(times), strict=True)
            ]
        return tuple(words)

    def due_marks(self, ends: IdSamples) -> tuple[Mark, ...]:
        """Return the marks that `ends` reaches and that were not returned yet. Seconds count as those of words do."""
        marks = list[Mark]()
        for first, name in self._marks[self._marks_given :]:
            if first > len(ends):
                break
            marks.append(Mark(name, float(ends[first - 1]) / self._sample_rate if first else 0.0))
        self._marks_given += len(marks)
        return tuple(marks)


def _marks(sentence: Sentence, spoken: Sequence[SpokenWord]) -> list[tuple[int, str]]:
    """Return the marks of a sentence, each with the phoneme ids before it."""
    ends = [word.end for word in spoken]
    firsts = [*(word.first for word in spoken), spoken[-1].last if spoken else 0]
    return [(firsts[bisect_right(ends, place)], name) for place, name in sentence.marks]


def _written(located: Located) -> list[_Written]:
    """Return the words of a sentence that have a place in the text, none of them over another."""
    words: list[_Written] = []
    following = _following(located)
    for start, end in words_of(located.sentence):
        begin, stop = _trimmed(located.sentence, start, end)
        places = [place for place in located.places[begin:stop] if place is not None]
        at = words[-1].end_char if words else 0
        if places:
            first, last = places[0].start, places[-1].end
        else:
            # A sign without a letter beside it.
            first = located.text.find(located.sentence[begin:stop], at, following[stop])
            last = first + stop - begin
            if first < 0:
                continue
        if words and first < at:
            before = words.pop()
            words.append(_Written(before.start, stop, before.start_char, max(at, last)))
        else:
            words.append(_Written(begin, stop, first, last))
    return words


def _following(located: Located) -> list[int]:
    """Return where in the text the next letter at or after each character of the sentence stands."""
    following = [len(located.text)]
    for place in reversed(located.places):
        following.append(following[-1] if place is None else place.start)
    return following[::-1]


def _trimmed(sentence: str, start: int, end: int) -> tuple[int, int]:
    """Return a word without the punctuation around it; a full stop stays after "U.S" and "e.g"."""
    first, last = start, end
    while first < last and sentence[first] in _LEADING:
        first += 1
    while last > first and sentence[last - 1] in _TRAILING:
        if sentence[last - 1] == "." and "." in sentence[first : last - 1]:
            break
        last -= 1
    return (first, last) if first < last else (start, end)


def _origins(sentence: Sentence, words: Sequence[SpokenWord]) -> list[tuple[int, int]]:
    """Return the run of the written sentence that each spoken word came from; an empty one if from none."""
    spans = sentence.spans or (Span(sentence.text, 0, len(sentence.text)),)
    starts = list(accumulate((len(span.spoken) for span in spans), initial=0))
    origins = []
    for word in words:
        runs = []
        for place in range(bisect_right(starts, word.start) - 1, bisect_left(starts, word.end)):
            span, at = spans[place], starts[place]
            low, high = max(word.start - at, 0), min(word.end - at, len(span.spoken))
            is_same = not span.rule and not span.phonemes
            runs.append((span.start + low, span.start + high) if is_same else (span.start, span.end))
        origins.append((min(start for start, _ in runs), max(end for _, end in runs)))
    return origins


def _groups(
    written: Sequence[_Written], origins: Sequence[tuple[int, int]], spoken: Sequence[SpokenWord]
) -> list[_Group]:
    """Join written and spoken words that share a part of the sentence; a word that shares none joins the one before."""
    starts, stops = [word.start for word in written], [word.end for word in written]
    ends: list[int] = []
    """Of each group: how many written words there are up to its end."""
    ids: list[tuple[int, int]] = []
    estimated: list[bool] = []
    for (start, end), word in zip(origins, spoken, strict=True):
        first, last = bisect_right(stops, start), bisect_left(starts, end)
        if first < last and (not ends or first >= ends[-1]):
            ends.append(last)
            ids.append((word.first, word.last))
            estimated.append(word.is_estimated)
        elif ends:
            ends[-1] = max(ends[-1], last if first < last else 0)
            ids[-1] = (ids[-1][0], word.last)
            estimated[-1] = estimated[-1] or word.is_estimated
    groups, begin = list[_Group](), 0
    for place, ((first, last), is_estimated) in enumerate(zip(ids, estimated, strict=True)):
        # Words that are not heard are shown with the group before them.
        stop = len(written) if place + 1 == len(ends) else ends[place]
        own = tuple(written[begin:stop])
        groups.append(_Group(own, first, last, is_estimated or len(own) > 1))
        begin = stop
    return groups
