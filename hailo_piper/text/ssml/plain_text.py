"""Plain text is what the splitter reads of a document.

White space is one blank, and an empty line stands where a sentence must end. The text is made step by step, and the
steps cover the document without a gap. Marks and blanks wait for what follows: a `break` may take them away. A part
that a `break` cuts off inside a sentence gets a comma, so that the voice does not fall; that waits until more words
follow. Programs join elements without a blank, `Hello.</prosody><prosody>How`: that is no name with a dot in it.
"""

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.markup import Step

BLANKS = " \t\r\n\x85\u2028\u2029"
_MARKS = ".,;:!?…–—。、，！？"
_DASHES = "–—"
_RUN = lazily(rf"[{BLANKS}]++|[{_MARKS}]++|[^{BLANKS}{_MARKS}]++(?: [^{BLANKS}{_MARKS}]++)*+")
_END = "\n\n "
"""An empty line, and a blank: so the splitter need not wait to see what joins the line break."""


class PlainText:
    """The text of one document, as steps; places are code points of the document."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._tail: list[Step] = []
        """Steps that wait: marks, at most one blank after them, and tags, which say nothing."""
        self._at = 0
        """The end of the last step."""
        self._last = ""
        """The last character before the tail; none at the beginning of a sentence."""
        self._has_blank = True
        """Whether a further blank would be one too many."""
        self._is_break_due = False
        """Whether the sentence was cut after a word, with or without a comma."""
        self._is_apart = False
        """Whether the next word does not go on with the one before."""
        self._drops_marks = False
        """Whether the next marks are left out."""
        self._dropped = ""
        """Those that were, right before the place: ".5" is a number."""

    def take(self) -> list[Step]:
        """Remove and return the steps that nothing further can change."""
        steps, self._steps = self._steps, []
        return steps

    def skip_to(self, place: int) -> None:
        """Say nothing for the document up to a place."""
        if place > self._at:
            self._wait(place - self._at, "")

    def add(self, text: str, length: int) -> None:
        """Say text that stands next. `length`: its code points in the document, where a reference is many."""
        for run in _RUN.finditer(text):
            said = run[0]
            size = len(said) if length == len(text) else length
            if said[0] in BLANKS:
                self._add_blank(size)
            elif said[0] in _MARKS:
                self._add_marks(said, size)
            else:
                self._add_word(said, size)

    def replace(self, said: str, length: int) -> None:
        """Say something, without blanks at its ends, in place of what stands next."""
        if said:
            self._add_word(said, length)
        elif length:
            self._wait(length, "")

    def set_apart(self) -> None:
        """Keep the next word from going on with the one before."""
        self._is_apart = True

    def end_sentence(self) -> None:
        """End the sentence here, if it has begun."""
        self._drop_blank()
        self._flush()
        if self._last:
            self._steps.append(Step(0, _END))
        self._last, self._has_blank = "", True
        self._is_break_due = self._is_apart = self._drops_marks = False
        self._dropped = ""

    def pause(self) -> None:
        """Cut the sentence here, if it has begun; its words may go on after the pause."""
        self._is_apart = True
        if self._is_break_due:
            return
        self._drop_blank()
        self._flush()
        if self._last.isalnum():
            self._is_break_due, self._has_blank = True, True
        else:
            self.end_sentence()

    def keep_going(self) -> None:
        """Leave out the marks right before and right after this place."""
        self._is_apart = self._drops_marks = True
        if self._is_break_due:
            return
        blank = next((step for step in self._tail if step.said == " "), None)
        dropped = sum(step.length for step in self._tail) - (blank.length if blank else 0)
        self._tail = [Step(dropped, ""), *([blank] if blank else [])]
        self._has_blank = self._has_blank or blank is not None

    def finish(self) -> None:
        """End the text."""
        self.end_sentence()

    def _add_blank(self, length: int) -> None:
        self._wait(length, "" if self._has_blank else " ")
        self._has_blank, self._dropped = True, ""

    def _add_marks(self, said: str, length: int) -> None:
        if self._drops_marks:
            self._dropped += said
            self._wait(length, "")
        elif self._is_break_due:
            # They belong to the words before the pause.
            self._flush()
            self._say(said, length)
        else:
            self._wait(length, said)
            self._has_blank = False

    def _add_word(self, said: str, length: int) -> None:
        if self._is_break_due:
            if self._last.isalnum():
                self._steps.append(Step(0, ","))
            self.end_sentence()
        had_blank, is_next = self._has_blank, self._is_next_word(said)
        self._flush()
        is_apart = self._is_apart and not had_blank and self._last.isalnum() and said[0].isalnum()
        if is_apart or is_next:
            self._steps.append(Step(0, " "))
        if self._dropped == "." and said[0].isdigit():
            self._steps.append(Step(0, "."))
        self._say(said, length)
        self._has_blank = self._is_apart = self._drops_marks = False
        self._dropped = ""

    def _is_next_word(self, said: str) -> bool:
        """Return whether a word that stands next begins anew: a mark and a tag, but no blank, stand before it.

        "U.<x>S", "example.<x>com" and "1,<x>000" go on.
        """
        if len(self._tail) < 2 or self._tail[-1].said or not said[0].isalpha():
            return False
        marks = "".join(step.said for step in self._tail)
        if not self._last or not marks or " " in marks or marks[-1] in _DASHES:
            return False
        return marks != "." or (said[0].isupper() and not self._last.isupper())

    def _say(self, said: str, length: int) -> None:
        self._steps.append(Step(length, said))
        self._at += length
        self._last = said[-1]

    def _wait(self, length: int, said: str) -> None:
        self._at += length
        if not said and self._tail and not self._tail[-1].said:
            self._tail[-1] = Step(self._tail[-1].length + length, "")
        elif said or self._tail:
            self._tail.append(Step(length, said))
        else:
            self._steps.append(Step(length, said))

    def _drop_blank(self) -> None:
        """Leave out the blank at the end of the tail; a tag may follow it."""
        at = len(self._tail) - 1
        at -= at > 0 and not self._tail[at].said
        if at >= 0 and self._tail[at].said == " ":
            self._tail[at] = Step(self._tail[at].length, "")

    def _flush(self) -> None:
        """Say the tail."""
        for step in self._tail:
            self._steps.append(step)
            if step.said.strip():
                self._last = step.said[-1]
        self._tail = []
