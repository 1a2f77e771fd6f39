"""The contexts of one socket are spoken side by side, up to a bound."""

from collections.abc import Iterator

from hailo_piper.errors import InvalidRequestError, NotReadyError
from hailo_piper.listeners.websocket.caller import Caller
from hailo_piper.listeners.websocket.context import Context, Listener
from hailo_piper.listeners.websocket.speakers import Speakers
from hailo_piper.speech.request import SpeechRequest

MOST_CONTEXTS = 16
"""On one socket. ElevenLabs allows 5, and voice agents run into that when people interrupt them."""
_MOST_GIVEN_UP = 256
"""Names of texts that failed; beyond them, the oldest is forgotten."""


class Contexts:
    """The contexts of one socket, by the names that its client gives them."""

    def __init__(self, speakers: Speakers, caller: Caller) -> None:
        self.speakers = speakers
        self.caller = caller
        self._open: dict[str, Context] = {}
        self._given_up: dict[str, None] = {}
        self.is_stopping = False
        """Whether the service stops: no context begins any more."""

    def __iter__(self) -> Iterator[Context]:
        return iter(tuple(self._open.values()))

    def __len__(self) -> int:
        return len(self._open)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of those that are open, the oldest first."""
        return tuple(self._open)

    def get(self, name: str) -> Context | None:
        """Return the context of a name, if it is open."""
        return self._open.get(name)

    def begin(self, name: str, request: SpeechRequest, listener: Listener, *, is_in_pieces: bool) -> Context:
        """Begin a context, whose name must be free; `is_in_pieces`: whether its text is pushed.

        Raises InvalidRequestError for one too many, NotReadyError while the service stops, and RateLimitError.
        """
        if self.is_stopping:
            raise NotReadyError("draining")
        if len(self._open) >= MOST_CONTEXTS:
            raise InvalidRequestError(
                f"This socket has {MOST_CONTEXTS} texts at once already; wait for one to end, or cancel it"
            )
        self.caller.count()
        context = self._open[name] = Context(request, self.speakers, listener, is_in_pieces=is_in_pieces)
        context.begin()
        return context

    def give_up(self, name: str) -> None:
        """Note that a text has failed while its client may still send pieces of it: they are no text of their own."""
        self._given_up[name] = None
        if len(self._given_up) > _MOST_GIVEN_UP:
            del self._given_up[next(iter(self._given_up))]

    def is_given_up(self, name: str, *, is_last: bool) -> bool:
        """Return whether a piece belongs to a text that has failed; after the last one its name is free again."""
        is_given_up = name in self._given_up
        if is_last:
            self._given_up.pop(name, None)
        return is_given_up

    def end(self, name: str) -> None:
        """Forget a context that is over; its name is free again."""
        self._open.pop(name, None)

    def end_texts(self, now: float) -> None:
        """End the texts that only wait for more, since the service stops."""
        for context in self:
            context.end_text(now)

    async def cancel(self) -> None:
        """Stop all work, and wait until it has stopped."""
        contexts = tuple(self)
        for context in contexts:
            context.cancel()
        for context in contexts:
            await context.wait()
