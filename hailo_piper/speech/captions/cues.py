"""Cues are what a caption shows at a time: two lines at most, which end where a reader would pause.

Of all ways to share out a text, the cheapest is taken: a cue costs by where it ends, by what it joins, and by how short
or fast it is. Only so many words fit, so the search is linear.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from hailo_piper.audio.word import Word
from hailo_piper.speech.captions.tokens import LONGEST_LINE, Token, columns, tokens_of
from hailo_piper.text.abbreviations import abbreviations_of
from hailo_piper.text.boundaries import BOUNDARY, ends_sentence, last_word

_FASTEST = 20
"""Columns a second that most people can read."""
_SHORTEST_SECONDS = 1.0
_CLOSERS = "\"'”’»›)]}」』）】》〉 "
_CLAUSE_ENDS = ",;:…—–،؛、，；："

_PARAGRAPH, _SENTENCE, _CLAUSE, _BLANK, _INSIDE = range(5)
"""The places at which a cue or a line may end, from best to worst."""
_CUE_END_COSTS = (0.0, 0.0, 2.0, 12.0, 40.0)
_LINE_END_COSTS = (0.0, 0.0, 0.0, 8.0, 25.0)
_CUE_COST = 10.0
_JOINED_SENTENCE_COST = 25.0
_JOINED_PARAGRAPH_COST = 1000.0
_EMPTY_COST = 6.0
_BRIEF_COST = 12.0
_FAST_COST = 12.0


class Cue(NamedTuple):
    """What is shown from one time to another."""

    start: float
    """Seconds, whole milliseconds: a cue begins when its first word does."""
    end: float
    """Seconds, whole milliseconds; after `start`, and never after the next cue's."""
    rows: tuple[tuple[Token, ...], ...]
    """The words of each line."""

    @property
    def lines(self) -> tuple[str, ...]:
        """One or two lines of at most 42 columns."""
        return tuple(map(_shown, self.rows))

    @property
    def words(self) -> tuple[Word, ...]:
        """The words, in order. Of one that is longer than a line each part is a word."""
        return tuple(token.word for row in self.rows for token in row)


def cues(words: Sequence[Word], text: str, language: str = "") -> tuple[Cue, ...]:
    """Return the cues of a text, of whose words each is in exactly one.

    `words`: in order. `language`: whose abbreviations end no sentence (`en_US`, `de`).
    """
    tokens = tokens_of(words, text)
    layout = _Layout(tokens, language)
    ends = layout.cue_ends()
    rows = [layout.rows(first, last) for first, last in pairwise([0, *ends])]
    return tuple(_timed(rows))


class _Layout:
    """The ways to share out tokens."""

    def __init__(self, tokens: Sequence[Token], language: str) -> None:
        self._tokens = tokens
        sentence_ends = _sentence_ends(tokens, language)
        following: list[Token | None] = [*tokens[1:], None]
        self._ranks = [
            _rank(token, after, is_end=is_end)
            for token, after, is_end in zip(tokens, following, sentence_ends, strict=False)
        ]
        self._begins: list[int] = []
        """Columns before each token, if all stood in one line."""
        self._stops: list[int] = []
        at = 0
        for token in tokens:
            at += token.is_apart
            self._begins.append(at)
            at += columns(token.text)
            self._stops.append(at)
        self._sentences = [0, *accumulate(rank <= _SENTENCE for rank in self._ranks)]
        self._paragraphs = [0, *accumulate(rank == _PARAGRAPH for rank in self._ranks)]

    def cue_ends(self) -> list[int]:
        """Return the number of tokens up to the end of each cue."""
        costs, firsts = [0.0], list[int]()
        second_line = 0
        for last in range(len(self._tokens)):
            while self._width(second_line, last) > LONGEST_LINE:
                second_line += 1
            best, best_first = float("inf"), last
            first = last
            while first >= 0 and self._fits(first, second_line):
                cost = costs[first] + self._cost(first, last)
                if cost < best:
                    best, best_first = cost, first
                first -= 1
            costs.append(best)
            firsts.append(best_first)
        ends, at = list[int](), len(self._tokens)
        while at:
            ends.append(at)
            at = firsts[at - 1]
        return ends[::-1]

    def rows(self, first: int, end: int) -> tuple[tuple[Token, ...], ...]:
        """Return the lines of a cue, as even as its pauses let them be."""
        last = end - 1
        if self._width(first, last) <= LONGEST_LINE:
            return (tuple(self._tokens[first:end]),)
        ways = []
        for cut in range(first, last):
            upper, lower = self._width(first, cut), self._width(cut + 1, last)
            if max(upper, lower) <= LONGEST_LINE:
                ways.append((abs(upper - lower) + _LINE_END_COSTS[self._ranks[cut]], cut + 1))
        cut = min(ways)[1]
        return tuple(self._tokens[first:cut]), tuple(self._tokens[cut:end])

    def _width(self, first: int, last: int) -> int:
        return self._stops[last] - self._begins[first]

    def _fits(self, first: int, second_line: int) -> bool:
        """Return whether two lines hold the tokens from a first one on, of which the second holds at most the last."""
        return first >= second_line or self._width(first, second_line - 1) <= LONGEST_LINE

    def _cost(self, first: int, last: int) -> float:
        width = self._width(first, last)
        joined = self._sentences[last] - self._sentences[first]
        joined_paragraphs = self._paragraphs[last] - self._paragraphs[first]
        cost = _CUE_COST + _CUE_END_COSTS[self._ranks[last]] + _EMPTY_COST * (1 - width / LONGEST_LINE / 2) ** 2
        cost += joined * _JOINED_SENTENCE_COST + joined_paragraphs * _JOINED_PARAGRAPH_COST
        if last + 1 < len(self._tokens):
            seconds = max(0.0, self._tokens[last + 1].word.start - self._tokens[first].word.start)
            cost += _BRIEF_COST * max(0.0, 1 - seconds / _SHORTEST_SECONDS)
            cost += _FAST_COST * max(0.0, width - seconds * _FASTEST) / LONGEST_LINE / 2
        return cost


def _sentence_ends(tokens: Sequence[Token], language: str) -> list[bool]:
    """Return whether each token ends a sentence."""
    known, found, first = abbreviations_of(language), [False] * len(tokens), 0
    for number, token in enumerate(tokens):
        if not token.ends_paragraph and number + 1 < len(tokens):
            continue
        part = tokens[first : number + 1]
        text = _shown(part)
        stops = list(accumulate(token.is_apart * (at > 0) + len(token.text) for at, token in enumerate(part)))
        searched = 0
        for mark in BOUNDARY.finditer(text):
            last = last_word(text, searched, mark.start())
            words = text[last_word(text, searched, last) : last], text[last : mark.start()]
            searched = mark.end()
            if ends_sentence(text, mark, words, known):
                found[first + min(bisect_left(stops, mark.start() + 1), len(part) - 1)] = True
        found[number] = True
        first = number + 1
    return found


def _rank(token: Token, after: Token | None, *, is_end: bool) -> int:
    if token.ends_paragraph or after is None:
        return _PARAGRAPH
    if is_end:
        return _SENTENCE
    if token.text.rstrip(_CLOSERS)[-1:] in _CLAUSE_ENDS and token.text.rstrip(_CLOSERS):
        return _CLAUSE
    return _BLANK if after.is_apart or _needs_no_blank(token.text[-1]) or _needs_no_blank(after.text[0]) else _INSIDE


def _needs_no_blank(character: str) -> bool:
    """Return whether words of a script stand side by side: Thai to Khmer, and all whose letters are wide."""
    return "\u0e00" <= character <= "\u109f" or "\u1780" <= character <= "\u17ff" or columns(character) > 1


def _shown(tokens: Sequence[Token]) -> str:
    return "".join(f" {token.text}" if token.is_apart and at else token.text for at, token in enumerate(tokens))


def _timed(rows: Sequence[tuple[tuple[Token, ...], ...]]) -> list[Cue]:
    """Give each cue its time: until its last word ends, and longer where that helps to read it, but not into the next.

    Only words without any time of their own push what follows them, by a millisecond each.
    """
    found: list[Cue] = []
    at = 0
    for number, lines in enumerate(rows):
        start = lines[0][0].word.start
        needed = max(_SHORTEST_SECONDS, sum(columns(_shown(line)) for line in lines) / _FASTEST)
        end = max(lines[-1][-1].word.end, start + needed)
        if number + 1 < len(rows):
            end = min(end, rows[number + 1][0][0].word.start)
        begin = max(round(start * 1000), at)
        at = max(round(end * 1000), begin + 1)
        found.append(Cue(begin / 1000, at / 1000, lines))
    return found
