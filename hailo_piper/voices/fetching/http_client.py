"""The HTTP client fetches files, and follows no redirect further into a private network (SSRF).

A redirect may not lead from the internet to a private network's hosts, nor from those to this machine. The client
connects by itself, so that every address is known before a packet leaves.

A proxy that the environment names (https_proxy, no_proxy) is used. The proxy then resolves hosts, so only addresses
that are written as numbers can be checked here.
"""

import contextlib
import http.client
import ipaddress
import socket
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import partial
from http.client import HTTPMessage
from typing import IO, Any
from urllib.parse import urlsplit

from hailo_piper import __version__
from hailo_piper.errors import FetchError
from hailo_piper.voices.fetching.limits import FetchLimits

_MAX_REDIRECTS = 5
_SCHEMES = ("http", "https")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def depth(address: str) -> int:
    """Return how far inside an address is: 0 on the internet, 1 in a private network, 2 on this machine or link."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        # NAT64, IPv4-mapped and 6to4 addresses reach the IPv4 address inside them.
        inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else ip.ipv4_mapped or ip.sixtofour
        ip = inner or ip
    if ip.is_loopback or ip.is_link_local or ip.is_unspecified or ip.is_multicast:
        return 2
    return 0 if ip.is_global else 1


class HttpClient:
    """A client whose connections stay within the limits of one fetch. Thread-safe."""

    def __init__(self, limits: FetchLimits, *, depth: Callable[[str], int] = depth) -> None:
        self._limits = limits
        self._depth = depth

    def open(self, url: str, *, start: int = 0) -> Any:
        """Return the response, from byte `start` on if the server supports ranges; close it.

        Raises FetchError and OSError.
        """
        if urlsplit(url).scheme not in _SCHEMES:
            raise FetchError(f"{url}: not an http or https address")
        headers = {"User-Agent": f"hailo-piper/{__version__}", **({"Range": f"bytes={start}-"} if start else {})}
        route = _Route(self._limits, self._depth)
        opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(), urllib.request.HTTPDefaultErrorHandler(), _Redirects(route),
            urllib.request.HTTPErrorProcessor(), urllib.request.UnknownHandler(), _Http(route), _Https(route),
        ):  # fmt: skip
            opener.add_handler(handler)
        return opener.open(urllib.request.Request(url, headers=headers))  # noqa: S310 - the scheme is checked above


class _Route:
    """The redirects of one request, and how far inside they have led."""

    def __init__(self, limits: FetchLimits, depth: Callable[[str], int]) -> None:
        self.limits = limits
        self._depth = depth
        self._deepest: int | None = None

    def allow(self, address: str) -> None:
        """Accept an address as the next hop. Raises FetchError if it is further inside than the one before."""
        self._allow_after(self._deepest, address)

    def _allow_after(self, before: int | None, address: str) -> None:
        depth = self._depth(address)
        if before is not None and depth > before:
            raise FetchError(f"it redirects into a private network ({address}): not followed")
        self._deepest = depth

    def allow_named(self, url: str) -> None:
        """Accept a URL reached through a proxy; a host that is not a number counts as one on the internet."""
        host = urlsplit(url).hostname or ""
        try:
            ipaddress.ip_address(host)
        except ValueError:
            self._deepest = 0
        else:
            self.allow(host)

    def connection(self, kind: Callable[..., Any], host: str, *, proxied: str | None, **options: Any) -> Any:
        """Make a connection that checks each address before it connects; `proxied`: the URL behind the proxy."""
        if proxied is not None:
            self.allow_named(proxied)
        # One host may have addresses of both kinds, so each is compared with the host before.
        allow = partial(self._allow_after, self._deepest) if proxied is None else lambda _: None
        connection = kind(host, **options)

        def connect(address: tuple[str, int], *_: object) -> socket.socket:
            try:
                return self.limits.connect(*address, allow)
            except socket.gaierror as error:
                raise OSError(f"the host {address[0]} cannot be found") from error
            except OSError as error:
                # Its text would begin with "[Errno", and urllib quotes the text.
                raise OSError(error.strerror or str(error)) from error

        # http.client makes its sockets with this function.
        connection._create_connection = connect  # noqa: SLF001
        return connection


class _Http(urllib.request.AbstractHTTPHandler):
    def __init__(self, route: _Route) -> None:
        super().__init__()
        self._route = route

    def http_open(self, request: urllib.request.Request) -> Any:
        proxied = request.full_url if request.has_proxy() else None
        kind = partial(self._route.connection, http.client.HTTPConnection, proxied=proxied)
        return self.do_open(kind, request)

    http_request = urllib.request.AbstractHTTPHandler.do_request_


class _Https(_Http):
    def https_open(self, request: urllib.request.Request) -> Any:
        # Through a proxy, the request's address is the proxy's by now.
        proxied = request.full_url if getattr(request, "_tunnel_host", None) else None
        kind = partial(self._route.connection, http.client.HTTPSConnection, proxied=proxied)
        return self.do_open(kind, request)

    http_open = None  # type: ignore[assignment]
    https_request = urllib.request.AbstractHTTPHandler.do_request_


class _Redirects(urllib.request.HTTPRedirectHandler):
    max_redirections = _MAX_REDIRECTS
    max_repeats = 2

    def __init__(self, route: _Route) -> None:
        self._route = route

    def redirect_request(  # noqa: PLR0913, PLR0917 - urllib's signature
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        parts = urlsplit(newurl)
        if parts.scheme not in _SCHEMES or (req.type == "https" and parts.scheme != "https"):
            raise FetchError(f"{req.full_url} redirects to {newurl[:200]}, which is no https address: not followed")
        self._route.limits.check()
        with contextlib.suppress(ValueError):  # a name is resolved and checked when it is connected to
            if parts.hostname and ipaddress.ip_address(parts.hostname):
                self._route.allow(parts.hostname)
        return super().redirect_request(req, fp, code, msg, headers, newurl)
