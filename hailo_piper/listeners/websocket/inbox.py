"""An inbox joins the frames of one client to messages, and keeps them until they are read."""

import asyncio
from collections import deque

from websockets.frames import CloseCode, Frame, Opcode

_MOST_QUEUED = 64
"""Messages that wait to be read."""
_MOST_QUEUED_BYTES = 1 << 18
_DATA = {Opcode.TEXT, Opcode.BINARY, Opcode.CONT}


class WireError(Exception):
    """Frames that break a rule; nothing after them is read."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Inbox:
    """Messages that came and were not read. Only text is read here."""

    def __init__(self) -> None:
        self._opcode = Opcode.TEXT
        self._begun = bytearray()
        """What came of a message in fragments."""
        self._messages: deque[str] = deque()
        self._characters = 0
        self._changed = asyncio.Event()
        self._is_closed = False

    @property
    def is_full(self) -> bool:
        """Whether no more should be read from the socket; a message that came anyway is kept."""
        return len(self._messages) > _MOST_QUEUED or self._characters > _MOST_QUEUED_BYTES

    def take(self, frame: Frame) -> bool:
        """Take a frame that the protocol has checked; return whether it ends a message. Raises WireError."""
        if frame.opcode not in _DATA or self._is_closed:
            return False
        if frame.opcode is not Opcode.CONT:
            self._opcode = frame.opcode
            self._begun.clear()
        if self._opcode is Opcode.BINARY:
            raise WireError(CloseCode.UNSUPPORTED_DATA, "only messages of text are read here")
        self._begun += frame.data
        if not frame.fin:
            return False
        try:
            message = self._begun.decode()
        except UnicodeDecodeError:
            raise WireError(CloseCode.INVALID_DATA, "a message is not UTF-8") from None
        self._begun.clear()
        self._messages.append(message)
        self._characters += len(message)
        self._changed.set()
        return True

    def close(self) -> None:
        """Take no more; what came before is still read."""
        self._is_closed = True
        self._changed.set()

    def drop(self) -> None:
        """Take no more, and forget what came: nobody waits for an answer."""
        self._messages.clear()
        self.close()

    async def next(self) -> str | None:
        """Return the next message; None after the last one."""
        while not self._messages:
            if self._is_closed:
                return None
            self._changed.clear()
            await self._changed.wait()
        message = self._messages.popleft()
        self._characters -= len(message)
        return message
