"""How many requests one caller may make: a moving window for each, on the monotonic clock."""

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

_PERIODS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_SLICES = 100
"""Where a limit is higher, requests within a hundredth of its period are one moment, which bounds the memory."""
_MOST_CALLERS = 4096
"""Beyond this the caller that has been quiet for longest begins anew."""
_CUSTOMER_BITS = 64
"""An IPv6 host takes a new address whenever it likes, but all of them in the network that it was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one caller stands after one request."""

    is_allowed: bool
    remaining: int
    """Requests that it may make now."""
    seconds: int
    """Whole seconds after which it may make one more than now."""


@dataclass(slots=True)
class _Moment:
    """Requests that leave the window together, when its end does."""

    begin: float
    end: float
    requests: int = 1


class MovingWindow:
    """At most so many requests of one caller in any period. Thread-safe."""

    def __init__(self, limit: str, clock: Callable[[], float] = time.monotonic) -> None:
        """`limit` as in `server.rate_limit`: 60/minute."""
        count, _, period = limit.partition("/")
        self.count = int(count)
        self.limit = f"{'once' if self.count == 1 else f'{count} times'} a{'n' if period == 'hour' else ''} {period}"
        """For people."""
        self._seconds = float(_PERIODS[period])
        self._clock = clock
        self._lock = threading.Lock()
        self._callers: OrderedDict[str, deque[_Moment]] = OrderedDict()
        """The last to ask is the last; of each the oldest moment first."""

    def take(self, caller: str) -> Standing:
        """Count one request of this caller, where it may make one; one that is refused does not count."""
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
        """How many are remembered."""
        return len(self._callers)

    def _note(self, moments: deque[_Moment], now: float) -> None:
        if self.count > _SLICES and moments and now - moments[-1].begin < self._seconds / _SLICES:
            moments[-1].end = now
            moments[-1].requests += 1
        else:
            moments.append(_Moment(now, now))

    def _forget(self, now: float) -> None:
        """Those whose last request is out of the window, and those that are too many; never who asks now."""
        while len(self._callers) > 1:
            moments = next(iter(self._callers.values()))
            if len(self._callers) <= _MOST_CALLERS and moments and moments[-1].end > now - self._seconds:
                return
            self._callers.popitem(last=False)


def caller_at(address: str) -> str:
    """Whom an address stands for: itself, or the network of an IPv6 host."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(ip, IPv6Address):
        return str(ip)
    return str(ip.ipv4_mapped or ip_network((ip, _CUSTOMER_BITS), strict=False))
