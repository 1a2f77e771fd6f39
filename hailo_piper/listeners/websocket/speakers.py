"""Speakers are the threads on which contexts are spoken, at most one each; a context beyond the bound is refused."""

from concurrent.futures import ThreadPoolExecutor

from hailo_piper.listeners.service import Service
from hailo_piper.listeners.websocket.link import LISTENER

MOST_SPEAKERS = 256
"""Contexts that are spoken or wait for text at once, on all sockets; one that waits holds a thread, but no place."""


class Speakers:
    """The threads of all WebSockets, made when needed."""

    def __init__(self, service: Service, most: int = MOST_SPEAKERS) -> None:
        self.service = service
        self.threads = ThreadPoolExecutor(most, thread_name_prefix=LISTENER)
        self._most = most
        self._taken = 0

    @property
    def taken(self) -> int:
        """Contexts that have a thread; counted on the event loop alone."""
        return self._taken

    def enter(self) -> None:
        """Take a thread, until `leave`. Raises BusyError where none is left."""
        if self._taken >= self._most:
            raise self.service.admission.busy(f"{self._most} texts are being spoken, or wait for more text")
        self._taken += 1

    def leave(self) -> None:
        """Give the thread back."""
        self._taken -= 1

    def close(self) -> None:
        """Let the threads end with their work."""
        self.threads.shutdown(wait=False)
