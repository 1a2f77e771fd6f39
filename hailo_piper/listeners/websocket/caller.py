"""A caller is the client of one socket: it shows its key in a header or in a message."""

from hailo_piper.listeners.callers import Callers


class Caller:
    """The client of one socket."""

    def __init__(self, callers: Callers, address: str) -> None:
        self._callers = callers
        self._address = address
        self._authorization: str | None = None
        self.is_known = not callers.need_keys
        """Whether it needs no key, or has given a right one."""

    def prove(self, authorization: str | None) -> None:
        """Take an Authorization, None where there is none. Raises AuthenticationError and RateLimitError."""
        if not self.is_known:
            self._callers.check(authorization, self._address)
            self._authorization, self.is_known = authorization, True

    def count(self) -> None:
        """Count a text against the rate limit. Raises RateLimitError."""
        counted = self._callers.count(self._authorization, self._address)
        if counted is not None and counted.refusal is not None:
            raise counted.refusal
