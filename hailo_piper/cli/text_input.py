"""`say` reads a text of any length, an argument or standard input, while it is being spoken."""

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
"""Bytes to read at once."""
_PART = 600
"""Characters handed out at once: a small number keeps progress fine and little text prepared ahead."""
_NO_UTF8 = re.compile("[\udc80-\udcff]")
_WIDE = {
    codecs.BOM_UTF32_LE: "UTF-32", codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16",
}  # fmt: skip
"""Byte order marks of other encodings; UTF-32 first, since its mark begins with UTF-16's."""


class TextInput(TextStream):
    """A text that is read only as its next sentences are taken, so that little of it is in memory."""

    def __init__(self, pieces: Iterator[str], *, size: int | None = None, keeps_places: bool = False) -> None:
        """`size`: bytes of the whole text as UTF-8, or None if that is unknown. `keeps_places`: as in a TextStream."""
        super().__init__(max_text_length=sys.maxsize, patience_seconds=threading.TIMEOUT_MAX, keeps_places=keeps_places)
        self._pieces = pieces
        self._size = size
        self._waiting: deque[Sentence] = deque()
        self._taken_bytes = 0
        self._spoken_bytes = 0

    @property
    def share_spoken(self) -> float | None:
        """Fraction of the text that has been spoken, 0 to 1; None if its size is unknown."""
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
        """Return the next few sentences; the calling thread reads them."""
        if not self._waiting:
            self._waiting += super().take()
        self._spoken_bytes = self._taken_bytes
        part: list[Sentence] = []
        while self._waiting and sum(len(sentence.text) for sentence in part) < _PART:
            part.append(self._waiting.popleft())
        self._taken_bytes += sum(len(sentence.text.encode(errors="replace")) + 1 for sentence in part)
        return tuple(part)


def of_argument(text: str, warn: Callable[[str], None], *, keeps_places: bool = False) -> TextInput:
    """Return the text of an argument; `warn` takes a line for a person."""
    encoded = text.encode(errors="surrogateescape")
    read = (encoded[start : start + _READ] for start in range(0, len(encoded), _READ))
    return TextInput(decode(lambda: next(read, b""), "the text", warn), size=len(encoded), keeps_places=keeps_places)


def of_stream(
    read: Callable[[int], bytes], warn: Callable[[str], None], *, size: int | None = None, keeps_places: bool = False
) -> TextInput:
    """Return the text of standard input. `read` returns at most as many bytes as asked for, none at the end."""
    return TextInput(decode(lambda: read(_READ), "standard input", warn), size=size, keeps_places=keeps_places)


def decode(read: Callable[[], bytes], name: str, warn: Callable[[str], None]) -> Iterator[str]:
    """Yield the text in pieces. Single wrong bytes are left out; raises InvalidRequestError if it is not UTF-8 text.

    `read` returns no bytes at the end; `name` and `warn` tell of wrong bytes.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    offset, has_warned = 0, False
    data = read()
    # Up to four bytes show the encoding; a short line in UTF-8 must not wait for the next one.
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
        if wrong and not has_warned:
            has_warned = True
            byte = offset + len(piece[: wrong.start()].encode(errors="surrogateescape"))
            warn(
                f"{name} is not UTF-8 at byte {byte} (0x{ord(wrong[0]) - 0xDC00:02x}): what is not is left out; "
                "if it is another encoding: iconv -f LATIN1 -t UTF-8"
            )
        offset += len(piece.encode(errors="surrogateescape"))
        if piece:
            yield _NO_UTF8.sub("\ufffd", piece)
        if not data:
            return
        data = read()
