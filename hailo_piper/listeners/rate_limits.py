"""Limits the requests of each client by a moving window, on the monotonic clock."""

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

_PERIODS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_SLICES = 100
"""The most moments kept for a client: under a higher limit, requests within a hundredth of the period share one."""
_MOST_CALLERS = 4096
"""The most clients remembered; beyond them, the one that has been silent for longest is forgotten."""
_CUSTOMER_BITS = 64
"""The prefix of an IPv6 network that counts as one client: a host changes its address at will, but inside its
network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The state of one client's limit after a request."""

    is_allowed: bool
    remaining: int
    """Requests that the client may make now."""
    seconds: int
    """Whole seconds until it may make one more."""


@dataclass(slots=True)
class _Moment:
    """Requests that leave the window together, when the last of them does."""

    begin: float
    end: float
    requests: int = 1


class MovingWindow:
    """A limit of requests for each client in any period. Thread-safe."""

    def __init__(self, limit: str, clock: Callable[[], float] = time.monotonic) -> None:
        """`limit`: as in `server.rate_limit`, such as 60/minute."""
        count, _, period = limit.partition("/")
        self.count = int(count)
        self.limit = f"{'once' if self.count == 1 else f'{count} times'} a{'n' if period == 'hour' else ''} {period}"
        """The limit in words: 60 times a minute."""
        self._seconds = float(_PERIODS[period])
        self._clock = clock
        self._lock = threading.Lock()
        self._callers: OrderedDict[str, deque[_Moment]] = OrderedDict()
        """The moments of each client, oldest first; the client that asked last stands last."""

    def take(self, caller: str) -> Standing:
        """Count one request of this client if it is allowed; a refused one does not count."""
        with self._lock:
            now = self._clock()
            moments = self._callers.setdefault(caller, deque())
            self._callers.move_to_end(caller)
            self._forget(now)
            while moments and moments[0].end <= now - self._seconds:
                moments.popleft()
            remaining = self.count - sum(moment.requests for moment in moments)
            is_allowed = remaining > 0
            if is_allowed:
                self._note(moments, now)
            seconds = moments[0].end + self._seconds - now
            return Standing(is_allowed=is_allowed, remaining=max(0, remaining - 1), seconds=max(1, math.ceil(seconds)))

    @property
    def callers(self) -> int:
        """The number of clients remembered."""
        return len(self._callers)

    def _note(self, moments: deque[_Moment], now: float) -> None:
        if self.count > _SLICES and moments and now - moments[-1].begin < self._seconds / _SLICES:
            moments[-1].end = now
            moments[-1].requests += 1
        else:
            moments.append(_Moment(now, now))

    def _forget(self, now: float) -> None:
        """Forget clients whose last request left the window, and those beyond the bound, but never the one that asks
        now.
        """
        while len(self._callers) > 1:
            moments = next(iter(self._callers.values()))
            if len(self._callers) <= _MOST_CALLERS and moments and moments[-1].end > now - self._seconds:
                return
            self._callers.popitem(last=False)


def caller_at(address: str) -> str:
    """Return the client that an address stands for: itself, or the network of an IPv6 host."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(ip, IPv6Address):
        return str(ip)
    return str(ip.ipv4_mapped or ip_network((ip, _CUSTOMER_BITS), strict=False))
