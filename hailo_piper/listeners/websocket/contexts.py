"""The contexts of one socket are spoken side by side, up to a bound."""

from collections.abc import Iterator

from hailo_piper.errors import InvalidRequestError, NotReadyError
from hailo_piper.listeners.websocket.caller import Caller
from hailo_piper.listeners.websocket.context import Context, Listener
from hailo_piper.listeners.websocket.speakers import Speakers
from hailo_piper.speech.request import SpeechRequest

MOST_CONTEXTS = 16
"""On one socket. ElevenLabs allows 5, and voice agents run into that when people interrupt them."""


class Contexts:
    """The contexts of one socket, by the names that its client gives them."""

    def __init__(self, speakers: Speakers, caller: Caller) -> None:
        self.speakers = speakers
        self.caller = caller
        self._open: dict[str, Context] = {}
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
