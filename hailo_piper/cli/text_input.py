"""The text of `say`, of any length: an argument or standard input, spoken while more of it is being read."""

import codecs
import re
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator

from hailo_piper.errors import InvalidRequestError
from hailo_piper.text.sentence import Sentence
from hailo_piper.text.stream import TextStream

_READ = 4096
"""Characters or bytes at once."""
_PART = 600
"""Characters handed out at once: so fine is the progress, and so little is prepared ahead."""
_NO_UTF8 = re.compile("[\udc80-\udcff]")
_WIDE = {
    codecs.BOM_UTF32_LE: "UTF-32", codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16",
}  # fmt: skip
"""How texts of other encodings begin; UTF-32 first, since it begins as UTF-16 does."""


class TextInput(TextStream):
    """A text that is read when its next sentences are wanted, so that no more of it is in memory than that."""

    def __init__(self, pieces: Iterator[str], *, size: int | None = None) -> None:
        """`size`: bytes of the whole text as UTF-8, where that is known."""
        super().__init__(max_text_length=sys.maxsize, patience_seconds=threading.TIMEOUT_MAX)
        self._pieces = pieces
        self._size = size
        self._waiting: deque[Sentence] = deque()
        self._taken_bytes = 0
        self._spoken_bytes = 0

    @property
    def share_spoken(self) -> float | None:
        """How much of the text has been spoken, 0 to 1; None where its size is not known."""
        return None if not self._size else min(1.0, self._spoken_bytes / self._size)

    @property
    def is_spent(self) -> bool:
        """Whether every sentence was taken."""
        return not self._waiting and super().is_spent

    def wait(self) -> None:
        """Read until there is a sentence, or the text ends."""
        while not self._waiting and not self.is_ready:
            piece = next(self._pieces, None)
            if piece is None:
                self.finish()
            else:
                self.push(piece)
        if not self._waiting:
            super().wait()

    def take(self) -> tuple[Sentence, ...]:
        """Return the next few sentences, read by the thread that wants them."""
        if not self._waiting:
            self._waiting += super().take()
        self._spoken_bytes = self._taken_bytes
        part: list[Sentence] = []
        while self._waiting and sum(len(sentence.text) for sentence in part) < _PART:
            part.append(self._waiting.popleft())
        self._taken_bytes += sum(len(sentence.text.encode(errors="replace")) + 1 for sentence in part)
        return tuple(part)


def of_argument(text: str, tell: Callable[[str], None]) -> TextInput:
    """The text of an argument; `tell` takes a line for a person."""
    encoded = text.encode(errors="surrogateescape")
    read = (encoded[start : start + _READ] for start in range(0, len(encoded), _READ))
    return TextInput(_decode(lambda: next(read, b""), "the text", tell), size=len(encoded))


def of_stream(read: Callable[[int], bytes], tell: Callable[[str], None], *, size: int | None = None) -> TextInput:
    """The text of standard input. `read` returns so many bytes at most, none at the end."""
    return TextInput(_decode(lambda: read(_READ), "standard input", tell), size=size)


def _decode(read: Callable[[], bytes], name: str, tell: Callable[[str], None]) -> Iterator[str]:
    """The text in pieces. Raises InvalidRequestError where this is no text; single bytes that are none are left out."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    offset, is_told = 0, False
    data = read()
    # A line of three letters is not to wait for the next one.
    while data and (len(data) < 2 or (len(data) < 4 and data[0] in (0, 0xFF))) and (more := read()):
        data += more
    wide = next((kind for mark, kind in _WIDE.items() if data.startswith(mark)), None)
    if wide or b"\0" in data:
        raise InvalidRequestError(
            f"{name} is {wide or 'no text: it has NUL bytes'}; "
            f"as UTF-8 it can be spoken: iconv -f {wide or 'UTF-16'} -t UTF-8",
            param="text",
        )
    while True:
        piece = decoder.decode(data, final=not data)
        wrong = _NO_UTF8.search(piece)
        if wrong and not is_told:
            is_told = True
            byte = offset + len(piece[: wrong.start()].encode(errors="surrogateescape"))
            tell(
                f"{name} is not UTF-8 at byte {byte} (0x{ord(wrong[0]) - 0xDC00:02x}): what is not is left out; "
                "if it is another encoding: iconv -f LATIN1 -t UTF-8"
            )
        offset += len(piece.encode(errors="surrogateescape"))
        if piece:
            yield _NO_UTF8.sub("\ufffd", piece)
        if not data:
            return
        data = read()
