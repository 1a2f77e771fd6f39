"""espeak-ng runs in a process of its own, so a text that crashes it costs one request.

espeak-ng is C code that reads strangers' text, and some texts make it write over its memory: a row of single letters
with full stops, more than 300 words in a clause, a switch of language within a clause. So it runs in `process`,
which is asked over a socket, one text at a time; `pieces` cuts the text so that its buffers hold each piece. A process
that dies or hangs is replaced at once: its text is tried again, then word by word, then refused (400).
benchmarks/hostile.py sends such texts to a service while another client listens. The bridge leaks 0.7 kB a clause, so
after 10 000 clauses another process takes over.
"""

import logging
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

from hailo_piper.engine.espeak_ng.child import Child, EndedError, NotStartedError
from hailo_piper.engine.espeak_ng.pieces import pieces_of
from hailo_piper.engine.espeak_ng.process import CLAUSE, FIELD, PART, SOUND, WORDS
from hailo_piper.errors import InvalidRequestError, SynthesisError

logger = logging.getLogger(__name__)

_T = TypeVar("_T")

_PATIENCE_SECONDS, _CHARACTERS_A_SECOND = 3.0, 2000
"""The time limit of an answer: 130 characters take 1 ms, and twenty times that on a busy Raspberry Pi."""
_CLAUSES_A_PROCESS = 10_000
_SEPARATORS = re.compile(f"[{PART}-{FIELD}\0]")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as espeak-ng reads it aloud."""

    phonemes: str
    """In IPA; `(en)` marks a switch to another language."""

    mark: str
    """The mark that ends it: one of `.,:;?!`, or nothing."""

    ends_sentence: bool


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Sound:
    """A text as espeak-ng's own formants sound it."""

    pcm: bytes
    """int16 of this machine's order, mono, at 22 050 Hz."""

    words: tuple[tuple[int, int], ...]
    """The index in the text at which each word begins, and the number of its first sample."""


class Espeak:
    """The espeak-ng of all voices. Thread-safe: it reads one text at a time, since espeak-ng's state is global."""

    def __init__(self, *, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        """Start nothing yet. An answer may take `patience_seconds`, and 1 s more for each 2000 characters."""
        self._patience_seconds = patience_seconds
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._next: Child | None = None
        """The process that takes over once it has started."""
        self._clauses = 0
        """Clauses that the present process has read."""
        self._closed = False

    def start(self) -> None:
        """Start the process now, so that the first text need not wait for it; return at once."""
        with self._lock:
            if self._child is None and not self._closed:
                self._child = Child()

    @property
    def process_id(self) -> int | None:
        """The id of the process that answers now; None where none has been started."""
        child = self._child
        return None if child is None else child.process_id

    def clauses(self, language: str, text: str) -> list[Clause]:
        """Return the clauses of a text. `language` is a voice of espeak-ng (`en-us`).

        Raises InvalidRequestError where the text ends every process that reads it, SynthesisError where none starts.
        """
        text = _SEPARATORS.sub(" ", text)
        ends: list[EndedError] = []
        with self._lock:
            # Twice as it came, since the process may have ended for another reason; then each word by itself.
            for cut in (pieces_of, pieces_of, str.split):
                try:
                    return [clause for found in self._ask(language, cut(text), text, _parse) for clause in found]
                except EndedError as error:
                    ends.append(error)
                    if self._closed or [type(end) for end in ends[-2:]] == [NotStartedError] * 2:
                        break
                    logger.warning("espeak-ng %s on a text of %d characters; it starts anew", error, len(text))
        if self._closed:
            raise SynthesisError("The voice is being put away")
        if isinstance(ends[-1], NotStartedError) or all(end.is_killed for end in ends):
            raise SynthesisError(f"Speech synthesis failed: espeak-ng {ends[-1]}")
        raise InvalidRequestError("The text cannot be read aloud: espeak-ng crashes on a part of it", param="text")

    def word_places(self, language: str, text: str) -> list[list[int]] | None:
        """Return the index at which each word of each clause begins, as `clauses` has them; a clause may have none.

        espeak-ng counts as a word what it says in one breath: "of the". Returns None where it does not tell.
        """
        pieces = tuple(pieces_of(_SEPARATORS.sub(" ", text)))
        starts = accumulate(map(len, pieces), initial=0)
        with self._lock:
            for _ in range(2):
                try:
                    found = self._ask(WORDS + language, pieces, text, _parse_places)
                except SynthesisError:
                    return None
                except EndedError as error:
                    logger.warning("espeak-ng %s when asked for the words of %d characters", error, len(text))
                    continue
                return [
                    [start + place for place in clause]
                    for start, clauses in zip(starts, found, strict=False)
                    for clause in clauses
                ]
        return None

    def sound(self, language: str, text: str, *, words_a_minute: int, pitch: int, pitch_range: int) -> Sound:
        """Return the sound of a text, one of `pieces_of`: the same bits each time.

        `words_a_minute`: 80 to 450, usually 175; `pitch` and `pitch_range`: 0 to 99, usually 50. Raises as
        `clauses` does. Use an Espeak that is asked for nothing else.
        """
        request = FIELD.join((f"{SOUND}{words_a_minute} {pitch} {pitch_range} {language}", _SEPARATORS.sub(" ", text)))
        encoded = request.encode(errors="replace")
        ends: list[EndedError] = []
        with self._lock:
            for _ in range(2):
                try:
                    return self._sound(encoded)
                except EndedError as error:
                    ends.append(error)
                    logger.warning("espeak-ng %s on the sound of %d characters; it starts anew", error, len(text))
        if isinstance(ends[-1], NotStartedError) or all(end.is_killed for end in ends):
            raise SynthesisError(f"Speech synthesis failed: espeak-ng {ends[-1]}")
        raise InvalidRequestError("The text cannot be read aloud: espeak-ng crashes on a part of it", param="text")

    def _sound(self, request: bytes) -> Sound:
        child = self._present()
        deadline = time.monotonic() + self._patience_seconds + len(request) / _CHARACTERS_A_SECOND
        try:
            child.wait_until_started(deadline)
            parts, words = child.ask_for_many(request, deadline)
            found = [word.split(PART) for word in words.decode().split(CLAUSE) if word]
            return Sound(b"".join(parts), tuple((int(place), int(sample)) for place, sample in found))
        except ValueError:
            raise EndedError("answers nonsense") from None
        except EndedError:
            child.end()
            self._child = None
            raise

    def close(self) -> None:
        """End the process, whatever it is reading."""
        self._closed = True
        if (present := self._child) is not None:
            # A thread that waits for its answer holds the lock.
            present.kill()
        with self._lock:
            for child in (self._child, self._next):
                if child is not None:
                    child.end()
            self._child = self._next = None

    def _ask(
        self, language: str, cut: Iterable[str], text: str, parse: Callable[[str], Iterable[_T]]
    ) -> list[list[_T]]:
        """Return what the process answers for each piece of a text."""
        pieces = tuple(cut) or (text,)
        child = self._present()
        request = FIELD.join((language, *pieces)).encode(errors="replace")
        deadline = time.monotonic() + self._patience_seconds + len(request) / _CHARACTERS_A_SECOND
        try:
            child.wait_until_started(deadline)
            found = list(_fields(child.ask(request, deadline), len(pieces), parse))
        except EndedError:
            child.end()
            self._child = None
            raise
        self._clauses += sum(map(len, found))
        return found

    def _present(self) -> "Child":
        """Return the process to ask; start another where the last one is gone or has leaked enough."""
        is_gone = self._child is not None and not self._child.is_running()
        # Asked after `is_running`, since `close` kills the process only once it has set this.
        if self._closed:
            raise SynthesisError("The voice is being put away")
        if self._child is not None and is_gone:
            logger.warning("espeak-ng %s while nothing was asked of it; it starts anew", self._child.fate())
            self._child.end()
            self._child = None
        if self._clauses >= _CLAUSES_A_PROCESS and self._child is not None:
            self._next = self._next or Child()
            if self._next.has_started():
                self._child.end()
                self._child = None
        if self._child is None:
            self._child, self._next, self._clauses = self._next or Child(), None, 0
        return self._child


def _fields(answer: bytes, texts: int, parse: Callable[[str], Iterable[_T]]) -> Iterator[list[_T]]:
    """Yield an answer text by text. Raises EndedError where a process with damaged memory has garbled it."""
    try:
        fields = answer.decode().split(FIELD)
        if len(fields) != texts:
            raise EndedError("answers nonsense")
        for field in fields:
            yield list(parse(field))
    except ValueError:
        raise EndedError("answers nonsense") from None


def _parse(field: str) -> Iterator[Clause]:
    for clause in field.split(CLAUSE):
        phonemes, mark, ends = clause.split(PART)
        yield Clause(phonemes, mark, ends == "1")


def _parse_places(field: str) -> Iterator[list[int]]:
    for clause in field.split(CLAUSE):
        yield [int(place) for place in clause.split(PART) if place]
