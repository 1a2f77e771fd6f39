"""A text that arrives in pieces goes from its listener's thread to the thread that speaks it.

One thread pushes pieces, another takes sentences. Errors in the text are raised to the thread that takes them, as they
would be for a whole text.
"""

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from hailo_piper.errors import AbandonedError, EmptyTextError, InvalidRequestError, SpeechError, TextTooLongError
from hailo_piper.text.reading import Reading
from hailo_piper.text.sentence import Sentence
from hailo_piper.text.splitter import Splitter
from hailo_piper.text.taken import Taken

if TYPE_CHECKING:
    from hailo_piper.text.marked_text import MarkedText
    from hailo_piper.text.places import Located, Places


class TextStream:
    """A queue between two threads: pieces in, sentences out. Only `wait` and `take` block."""

    def __init__(
        self,
        *,
        max_text_length: int,
        patience_seconds: float,
        reading: Reading | None = None,
        keeps_places: bool = False,
    ) -> None:
        """`max_text_length`: in characters; of SSML, those that are said. `patience_seconds`: how long `wait` waits.
        `keeps_places`: whether somebody will ask where each sentence came from.
        """
        self._max_text_length = max_text_length
        self._patience_seconds = patience_seconds
        self._keeps_places = keeps_places
        self._settle(reading or Reading())
        self._is_begun = reading is not None
        """Whether it is settled how the text is read."""
        self._changed = threading.Condition()
        self._sentences: list[Sentence] = []
        self._taken = Taken()
        self._is_over = False
        self._error: SpeechError | None = None
        self._rest: SpeechError | None = None
        """The error that cut the text short; raised after the last sentence."""
        self.waits_since: float | None = None
        """Time at which `wait` began to wait for text, in time.monotonic seconds; None while it does not wait."""
        self._blanks = 0
        """Trailing blanks, which only count once more text follows."""
        self.characters = 0
        """Characters of the text so far, after trimming."""

    @property
    def is_marked(self) -> bool:
        """Whether the text is SSML, or may have tags of it; reading it takes longer then."""
        return self._marked is not None

    @property
    def is_ready(self) -> bool:
        """Whether `take` returns or raises at once: sentences, the end or an error are there."""
        return bool(self._sentences) or self._is_over or self._error is not None

    @property
    def is_spent(self) -> bool:
        """Whether the text has ended, every sentence was taken and no error remains to be raised."""
        return self._is_over and not self._sentences and self._rest is None and self._error is None

    def read_as(self, reading: Reading) -> None:
        """Settle how the text is read, if that is not settled yet and no piece of it has come."""
        with self._changed:
            if not self._is_begun:
                self._settle(reading)
                self._is_begun = True

    def push(self, piece: str) -> None:
        """Add text; without effect after the end or an error."""
        with self._changed:
            if self._is_over or self._error is not None:
                return
            self._is_begun = True
            if self._marked is not None:
                self._read_marked(partial(self._marked.push, piece))
                self._changed.notify_all()
                return
            self._count(piece)
            if self.characters > self._max_text_length:
                self._error = TextTooLongError(self._max_text_length)
            else:
                self._sentences += self._splitter.push(piece)
                if self._places is not None:
                    self._places.push(piece)
            self._changed.notify_all()

    def flush(self) -> None:
        """Release what came, without waiting for the end of its sentence; a tag of SSML that is open stays so."""
        with self._changed:
            if self._is_over or self._error is not None:
                return
            if self._marked is not None:
                self._read_marked(self._marked.flush)
            else:
                self._sentences += self._splitter.flush()
            if self._places is not None:
                self._places.flush()
            self._changed.notify_all()

    def finish(self) -> None:
        """End the text: no more of it comes."""
        with self._changed:
            if not self._is_over:
                if self._marked is not None:
                    self._read_marked(self._marked.finish)
                else:
                    self._sentences += self._splitter.finish()
                if self._places is not None:
                    self._places.finish()
                self._is_over = True
                self._changed.notify_all()

    def cut_short(self, error: SpeechError) -> None:
        """End the text early: what came is spoken, then the error is raised."""
        with self._changed:
            if not self._is_over:
                self._rest = error
                self.finish()

    def abandon(self) -> None:
        """End the text at once: its client has left."""
        with self._changed:
            self._error = AbandonedError("The client left before its text ended")
            self._changed.notify_all()

    def wait(self) -> None:
        """Wait until `take` returns at once.

        Raises InvalidRequestError for a text that is empty, too long or stalled for too long, AbandonedError after
        `abandon`, and the error given to `cut_short`.
        """
        with self._changed:
            self.waits_since = time.monotonic()
            is_there = self._changed.wait_for(lambda: self.is_ready, self._patience_seconds)
            self.waits_since = None
            if not is_there:
                raise InvalidRequestError(f"No more text came for {self._patience_seconds:g} seconds", param="text")
            if self._error is not None:
                raise self._error
            if not self._sentences and self._rest is not None:
                raise self._rest
            if not self._sentences and not self._taken.has_begun:
                raise EmptyTextError

    def take(self) -> tuple[Sentence, ...]:
        """Return all sentences that have ended and were not taken; none after the last. Waits and raises as `wait`."""
        with self._changed:
            self.wait()
            sentences, self._sentences = tuple(self._sentences), []
            self._taken.note(sentences)
            return sentences

    def rewind(self) -> None:
        """Have all sentences taken again, and located again, by another voice. Raises ValueError after `forget`."""
        with self._changed:
            self._sentences[:0] = self._taken.rewind()

    def forget(self) -> None:
        """Keep no sentence that was taken: its sound is out, so nobody will want it again."""
        with self._changed:
            self._taken.forget()

    @property
    def tail_pause(self) -> float | None:
        """Seconds of silence that a text which has ended wants after its last sentence; None: the usual ones."""
        return None if self._marked is None else self._marked.tail_pause

    @property
    def tail_marks(self) -> tuple[tuple[float, str], ...]:
        """The names of the places after the last sentence of a text which has ended, with the pause before each."""
        return () if self._marked is None else self._marked.tail_marks

    def _settle(self, reading: Reading) -> None:
        """Make what reads the text."""
        is_marked = reading.markup == "ssml" or reading.has_tags
        self._marked = self._new_marked(reading) if is_marked else None
        self._places = self._new_places(reading) if self._keeps_places and not is_marked else None
        self._splitter = Splitter(reading)

    def _new_marked(self, reading: Reading) -> "MarkedText":
        # Few requests want it, so a start does not wait for this import.
        from hailo_piper.text.marked_text import MarkedText

        return MarkedText(reading, max_text_length=self._max_text_length, keeps_places=self._keeps_places)

    def _new_places(self, reading: Reading) -> "Places":
        from hailo_piper.text.places import Places

        return Places(reading)

    def _read_marked(self, read: Callable[[], tuple[Sentence, ...]]) -> None:
        """Read some of a text that is marked up; errors are raised to the thread that takes sentences."""
        if self._error is not None or self._marked is None:
            return
        try:
            self._sentences += read()
        except SpeechError as error:
            self._error = error
        self.characters = self._marked.characters
        if self.characters > self._max_text_length:
            self._error = TextTooLongError(self._max_text_length)

    def locate(self, sentence: Sentence) -> "Located":
        """Return where the next sentence came from; ask for each one that was taken, once and in order.

        Raises ValueError where the stream keeps no places.
        """
        with self._changed:
            return self._taken.locate(partial(self._kept_places.locate, sentence.text))

    @property
    def sent(self) -> str:
        """The text so far, as it was sent. Raises ValueError where the stream keeps no places."""
        with self._changed:
            return self._kept_places.text

    @property
    def _kept_places(self) -> "Places | MarkedText":
        places = self._places or self._marked
        if places is None or not self._keeps_places:
            raise ValueError("the stream keeps no places")
        return places

    def _count(self, piece: str) -> None:
        text = piece if self.characters else piece.lstrip()
        inside = len(text.rstrip())
        if inside:
            self.characters += self._blanks + inside
            self._blanks = 0
        self._blanks += len(text) - inside


def whole(text: str, reading: Reading, *, max_text_length: int, keeps_places: bool = False) -> TextStream:
    """Return a text that is all here as a stream that has already ended."""
    stream = TextStream(max_text_length=max_text_length, patience_seconds=0, reading=reading, keeps_places=keeps_places)
    stream.push(text)
    stream.finish()
    return stream
