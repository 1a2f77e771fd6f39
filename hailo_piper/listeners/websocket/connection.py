"""A connection is one client's socket: a handshake, then messages in one dialect, until either side closes."""

import asyncio
import logging
import math
import time
from contextlib import suppress
from typing import Protocol

from websockets.frames import CloseCode
from websockets.http11 import Request

from hailo_piper.errors import SpeechError
from hailo_piper.listeners.port import UNFINISHED_BODY_SECONDS, CutOff
from hailo_piper.listeners.websocket import handshake
from hailo_piper.listeners.websocket.caller import Caller
from hailo_piper.listeners.websocket.contexts import Contexts
from hailo_piper.listeners.websocket.link import Link
from hailo_piper.listeners.websocket.speakers import Speakers
from hailo_piper.monitoring import logs

logger = logging.getLogger(__name__)

_PROOF_SECONDS = 10.0
"""The time that a client without a key in a header has to send one in a message."""


class Session(Protocol):
    """A dialect on one socket."""

    idle_seconds: float
    """How long a socket may have no message and nothing to speak."""
    greeting: str | None
    """The first message to the client."""

    async def receive(self, message: str) -> None:
        """Do what a message asks for. Raises ConnectionError."""

    async def time_out(self) -> None:
        """Close the socket, since nothing came for too long. Raises ConnectionError."""


class Dialect(Protocol):
    """A protocol's way to speak over a WebSocket."""

    may_prove_later: bool
    """Whether a message may have the key."""

    def open(self, request: Request, link: Link, contexts: Contexts) -> Session:
        """Begin a session, on a thread. Raises SpeechError, which refuses the handshake."""


class Connection:
    """One client's socket, from its handshake to its end."""

    def __init__(
        self, link: Link, caller: Caller, speakers: Speakers, dialect: Dialect, origins: frozenset[str]
    ) -> None:
        self.link = link
        self._caller = caller
        self._dialect = dialect
        self._origins = origins
        self._contexts = Contexts(speakers, caller)
        self._idle_seconds = _PROOF_SECONDS
        self._quiet_since = time.monotonic()
        self._session: Session | None = None
        self._ending: asyncio.Task[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether it has a context."""
        return len(self._contexts) > 0

    @property
    def _is_at_work(self) -> bool:
        """Whether it has a context that does more than wait for text."""
        return any(not context.is_idle for context in self._contexts)

    def useless_since(self, now: float) -> float:
        """Return since when it does nothing, on the monotonic clock; infinity if it does something."""
        since = max(self.link.heard_at, self._quiet_since)
        return math.inf if self._is_at_work or now - since <= UNFINISHED_BODY_SECONDS else since

    async def run(self, refusal: SpeechError | None) -> None:
        """Answer until the socket is closed. `refusal`: why it is refused at once."""
        try:
            session = await self._open(refusal)
            if session is not None:
                await self._serve(session)
        except ConnectionError:
            logger.debug("the client has left")
        except Exception:
            # Whatever it is, this socket ends, and the others go on.
            logger.exception("a WebSocket failed")
            self.link.close(CloseCode.INTERNAL_ERROR, "internal error; the log has the details")
        finally:
            await self._contexts.cancel()
            await self.link.ended.wait()

    def sweep(self, now: float) -> None:
        """Hold the client to its time limits; call it every second."""
        self.link.sweep(now)
        if self._is_at_work:
            self._quiet_since = now
        limit = self._idle_seconds if self._caller.is_known else _PROOF_SECONDS
        if now - max(self.link.heard_at, self._quiet_since) > limit:
            self._ending = self._ending or asyncio.create_task(self._time_out())

    def stop_taking(self) -> None:
        """Begin no more contexts: the service stops."""
        self._contexts.is_stopping = True

    def end_texts(self, now: float) -> None:
        """End the texts that only wait for more, and close a socket that has none."""
        self._contexts.end_texts(now)
        if not self.is_busy:
            self.link.close(CloseCode.GOING_AWAY, CutOff.SERVICE_STOPS.value)

    async def _time_out(self) -> None:
        if self._session is not None and self._caller.is_known:
            with suppress(ConnectionError):
                await self._session.time_out()
        self.link.close(CloseCode.POLICY_VIOLATION, CutOff.IDLE.value)

    async def _open(self, refusal: SpeechError | None) -> Session | None:
        """Shake hands; return None where the request was refused."""
        request = self.link.request
        if request is None:
            return None
        logs.request_id.set(logs.choose_request_id(handshake.header(request, "X-Request-Id") or ""))
        try:
            if refusal is not None:
                raise refusal
            handshake.check(request, self._caller, self._origins, may_prove_later=self._dialect.may_prove_later)
            # A voice may have to be looked for on the disk.
            session = await asyncio.to_thread(self._dialect.open, request, self.link, self._contexts)
        except SpeechError as error:
            handshake.refuse(self.link, error)
            return None
        self._idle_seconds = session.idle_seconds
        return session if handshake.accept(self.link) else None

    async def _serve(self, session: Session) -> None:
        # Each context is a request with an id of its own.
        logs.request_id.set(None)
        self._session = session
        if session.greeting is not None:
            await self.link.send(session.greeting)
        while (message := await self.link.next_message()) is not None:
            with suppress(ConnectionError):
                await session.receive(message)
