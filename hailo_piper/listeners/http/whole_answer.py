"""A whole answer leaves when all of it is spoken, so that its header and Content-Length are exact.

Until then it lies in memory, and from some size on in a temporary file without a name, which no end can leave behind.
"""

import base64
import json
import os
from collections.abc import Callable, Iterator, Mapping
from tempfile import SpooledTemporaryFile
from typing import Any

from hailo_piper.errors import AbandonedError
from hailo_piper.speech.reply import Reply

MOST_IN_MEMORY = 4 * 1024 * 1024
"""Bytes: 95 s of WAV."""
_PIECE = 48 * 1024
"""Bytes; a multiple of 3, as base64 wants it."""


class WholeAnswer:
    """The bytes of a reply that is spoken to its end, to be read once and closed."""

    def __init__(self, reply: Reply, *, has_left: Callable[[], bool], most_in_memory: int = MOST_IN_MEMORY) -> None:
        """Read the reply to its end, and close it. `has_left`: whether the client does not wait any more.

        Raises SpeechError where a sentence fails, AbandonedError where the client left, OSError where the disk is full.
        """
        self._file = SpooledTemporaryFile(max_size=most_in_memory)  # noqa: SIM115 - `close` does
        try:
            # `writelines` would look at the size when all is there.
            for piece in _pieces(reply, has_left):
                self._file.write(piece)
            self._file.seek(0)
            self._file.write(reply.exact_header())
            self.num_bytes = self._file.seek(0, os.SEEK_END)
            """Of the whole answer."""
            self._file.seek(0)
        except BaseException:
            self.close()
            raise
        finally:
            reply.close()

    def __iter__(self) -> Iterator[bytes]:
        with self._file:
            while piece := self._file.read(_PIECE):
                yield piece

    def close(self) -> None:
        """Release the memory, or the file."""
        self._file.close()


class WholeInObject:
    """A JSON object with all of a reply's audio in it, to be read once and closed."""

    def __init__(
        self, reply: Reply, name: str, beside: Callable[[], Mapping[str, Any]], *, has_left: Callable[[], bool]
    ) -> None:
        """Read the reply to its end. Raises as `WholeAnswer` does.

        `name`: the field of the audio. `beside`: returns the other fields, at least one, when all is spoken.
        """
        self._answer = WholeAnswer(reply, has_left=has_left)
        self._before = b'{"%s": "' % name.encode()
        self._after = b'", ' + json.dumps(beside()).encode()[1:] + b"\n"
        self.num_bytes = len(self._before) + -(-self._answer.num_bytes // 3) * 4 + len(self._after)
        """Of the object."""

    def __iter__(self) -> Iterator[bytes]:
        yield self._before
        # Each piece but the last is a multiple of 3 bytes, so that their codes join.
        yield from map(base64.b64encode, self._answer)
        yield self._after

    def close(self) -> None:
        """Release the memory, or the file."""
        self._answer.close()


def _pieces(reply: Reply, has_left: Callable[[], bool]) -> Iterator[bytes]:
    for piece in reply:
        if has_left():
            raise AbandonedError("The client left before all was spoken")
        yield piece
