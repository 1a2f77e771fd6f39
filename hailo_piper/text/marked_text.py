"""Marked text is SSML on its way to Sentences, each with its voice, manner, pause and marks.

The splitter reads the plain text alone. So each sentence that it releases is found again in the document, letter by
letter, and what was said about those places goes with it.
"""

from bisect import bisect_right
from collections import deque
from functools import partial
from typing import NamedTuple

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.manner import PLAIN
from hailo_piper.text.markup import Markup, NoMarkup
from hailo_piper.text.normalise.say_as import say_as
from hailo_piper.text.places import Located, Place, Places
from hailo_piper.text.reading import DOCUMENT_PER_CHARACTER, Reading
from hailo_piper.text.recorded import Again, Recorded
from hailo_piper.text.sentence import Sentence, Span
from hailo_piper.text.splitter import Splitter
from hailo_piper.text.ssml.bare import Bare
from hailo_piper.text.ssml.events import Boundary, Mark, Pause, State
from hailo_piper.text.ssml.reader import Ssml
from hailo_piper.text.ssml.timed import shares_of

_LANGUAGE = lazily(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}")


def _place(state: tuple[int, State]) -> int:
    return state[0]


def _said_as(own: str, text: str, kind: str, form: str, detail: str, language: str) -> str | None:  # noqa: PLR0913, PLR0917
    """Say a text as SSML's `say-as` wants it; `own` is the language where it names none."""
    return say_as(text, kind, form, detail, language or own)


class _Between(NamedTuple):
    """What stands between two sentences, or at the ends of the text."""

    pause: float | None
    marks: tuple[tuple[float, str], ...]
    """Each with the seconds of the pause before it."""
    has_paragraph: bool


class MarkedText:
    """A splitter of one text of SSML, or one with its two bare tags, that may arrive in pieces."""

    def __init__(self, reading: Reading, *, max_text_length: int, keeps_places: bool) -> None:
        """`max_text_length`: characters that may be said."""
        if reading.markup == "ssml":
            most = DOCUMENT_PER_CHARACTER * max_text_length
            self._reader: Ssml | Bare = Ssml(max_characters=most, say_as=partial(_said_as, reading.language))
        else:
            self._reader = Bare(NoMarkup() if reading.markup == "none" else Markup(reading))
        self._recorded = Recorded(self._reader)
        self._splitter = Splitter(reading, self._recorded)
        self._places = Places(reading, Again(self._recorded))
        self._is_ssml = reading.markup == "ssml"
        self._language = reading.language
        self._located: deque[Located] | None = deque() if keeps_places else None
        self._end = 0
        """The place at which the last sentence ended."""
        self._next_event = 0
        self._has_sentence = False
        self.tail_pause: float | None = None
        """Seconds of silence after the last sentence, in place of the usual ones; None: the usual ones."""
        self.tail_marks: tuple[tuple[float, str], ...] = ()
        """Names of places after the last sentence, each with the seconds of the pause before it."""

    @property
    def characters(self) -> int:
        """Characters that are said so far."""
        return self._recorded.characters

    @property
    def text(self) -> str:
        """The text so far, as it was sent."""
        return self._places.text

    def push(self, piece: str) -> tuple[Sentence, ...]:
        """Add a piece; return the sentences that certainly end now. Raises SsmlError."""
        self._places.push(piece)
        return tuple(map(self._dressed, self._splitter.push(piece)))

    def flush(self) -> tuple[Sentence, ...]:
        """Return the sentences of what came, as if no more came; a tag that is open stays so. Raises SsmlError."""
        rest = self._splitter.flush()
        self._places.flush()
        return tuple(map(self._dressed, rest))

    def finish(self) -> tuple[Sentence, ...]:
        """Return the remaining sentences: no more text comes. Raises SsmlError."""
        rest = self._splitter.finish()
        self._places.finish()
        sentences = tuple(map(self._dressed, rest))
        self.tail_pause, self.tail_marks, _ = self._before(None)
        return sentences

    def locate(self, sentence: str) -> Located:
        """Return the places of the next sentence, which was located when it was released."""
        if not self._located:
            raise ValueError("no sentence is left to be located")
        located = self._located.popleft()
        return located._replace(sentence=sentence, text=self.text)

    def _dressed(self, sentence: Sentence) -> Sentence:
        """Return a sentence with what the document says about it."""
        located = self._places.locate(sentence.text)
        if self._located is not None:
            self._located.append(located)
        placed = [place for place in located.places if place is not None]
        start = placed[0].start if placed else self._end
        self._end = max(self._end, placed[-1].end if placed else 0)
        between = self._before(start)
        numbers = self._states_at(located.places, start)
        pause = between.pause or 0.0
        marks = tuple((0, name) for at, name in between.marks if at == pause) + self._marks_inside(located.places)
        first = self._reader.states[self._state_at(start)][1]
        is_paragraph = between.has_paragraph if self._is_ssml else sentence.begins_paragraph and between.pause is None
        self._has_sentence, had_sentence = True, self._has_sentence
        return Sentence(
            text=sentence.text,
            spans=self._spans(sentence.text, numbers, located.places),
            begins_paragraph=is_paragraph and had_sentence,
            voice=first.voice,
            pause=between.pause,
            marks=marks,
            marks_before=tuple((pause - at, name) for at, name in between.marks if at < pause),
        )

    def _before(self, place: int | None) -> _Between:
        """Take the events before a place, or all that are left."""
        events, pause, marks, has_paragraph = self._reader.events, None, list[tuple[float, str]](), False
        while self._next_event < len(events) and (place is None or events[self._next_event][0] <= place):
            event = events[self._next_event][1]
            if isinstance(event, Pause):
                pause = (pause or 0.0) + event.seconds
            elif isinstance(event, Mark):
                marks.append((pause or 0.0, event.name))
            elif isinstance(event, Boundary):
                has_paragraph = has_paragraph or event.of == "p"
            self._next_event += 1
        return _Between(pause, tuple(marks), has_paragraph)

    def _marks_inside(self, places: tuple[Place | None, ...]) -> tuple[tuple[int, str], ...]:
        """Take the marks before the last letter of a sentence, each with its first character after them."""
        found, events = list[tuple[int, str]](), self._reader.events
        for at, place in enumerate(places):
            while place and self._next_event < len(events) and events[self._next_event][0] <= place.start:
                event = events[self._next_event][1]
                if not isinstance(event, Mark):
                    # A pause or boundary ends a sentence, so it counts before the next one.
                    return tuple(found)
                found.append((at, event.name))
                self._next_event += 1
        return tuple(found)

    def _states_at(self, places: tuple[Place | None, ...], start: int) -> list[int]:
        """Return the number of the state of each character; -1 for a sign without a place that no state reaches."""
        numbers = [-1 if place is None else self._state_at(place.start) for place in places]
        if max(numbers) < 0:
            return [self._state_at(start)] * len(numbers)
        following, before = list(numbers), -1
        for at in range(len(numbers) - 2, -1, -1):
            following[at] = following[at + 1] if numbers[at] < 0 else numbers[at]
        for at, number in enumerate(numbers):
            if number >= 0:
                before = number
            elif before == following[at] or (before >= 0 and self._is_open(before)):
                numbers[at] = before
            elif before < 0 and self._is_open(following[at]):
                numbers[at] = following[at]
        return numbers

    def _state_at(self, place: int) -> int:
        return bisect_right(self._reader.states, place, key=_place) - 1

    def _is_open(self, number: int) -> bool:
        """Return whether a state holds for signs beside its letters: phonemes stand for those alone."""
        state = self._reader.states[number][1]
        return not state.phonemes and not state.rule

    def _spans(self, text: str, numbers: list[int], places: tuple[Place | None, ...]) -> tuple[Span, ...]:
        """Return the runs of a sentence, cut where its state changes; none where all of it is plain."""
        states = self._reader.states
        extents = {number: states[number][1].extent for number in set(numbers) if states[number][1].manner.timing}
        letters = zip(numbers, places, strict=True) if extents else ()
        shares = shares_of((extents[number], place.start) for number, place in letters if place and number in extents)
        spans, begin, is_plain, state = list[Span](), 0, True, State()
        for at in range(1, len(text) + 1):
            if at < len(text) and self._is_same(numbers[begin], numbers[at]):
                continue
            number = numbers[begin]
            # A sign between two runs with phonemes is as the text around them.
            state = self._reader.states[number][1] if number >= 0 else state._replace(phonemes="", rule="")
            language, manner = self._foreign(state), state.manner
            if state.extent:
                manner = manner.part(*shares.get(state.extent[0].begin, (0.0, 1.0)))
            is_plain = is_plain and manner == PLAIN and not (state.phonemes or state.rule or language)
            spans.append(Span(text[begin:at], begin, at, state.rule, state.phonemes, manner, language))
            begin = at
        return () if is_plain else tuple(spans)

    def _is_same(self, one: int, other: int) -> bool:
        if one == other or one < 0 or other < 0:
            return one == other
        first, second = self._reader.states[one][1], self._reader.states[other][1]
        return (
            first.manner == second.manner
            and (first.language, first.extent) == (second.language, second.extent)
            and not (first.phonemes or first.rule or second.phonemes or second.rule)
        )

    def _foreign(self, state: State) -> str:
        """Return the language of a state, if it is not that of the request's own voice."""
        language = state.language
        if not language or not _LANGUAGE.fullmatch(language):
            return ""
        own, named = (name.replace("_", "-").lower() for name in (self._language, language))
        is_own = own == named or (own and own.partition("-")[0] == named)
        return "" if is_own and state.voice is None else language
