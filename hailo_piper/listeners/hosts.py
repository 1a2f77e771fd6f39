"""The hosts and ports of a configuration are checked before any listener takes them."""

import contextlib
import ipaddress
from collections.abc import Iterator

from hailo_piper.config.settings import Config
from hailo_piper.listeners.port import address_of

_ANY = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound


def problems(config: Config) -> Iterator[str]:
    """Yield a line for each host or port that no listener could take, with its key; asks nothing of the network."""
    for key, host in _hosts(config).items():
        if not _may_be(host):
            yield f"{key}: {ascii(host)[:60]} is neither an address nor a name of a host, without port and brackets"
    server, wyoming = config.server, config.wyoming
    if wyoming.enabled and server.port == wyoming.port != 0 and _meet(server.host, wyoming.host):
        yield f"wyoming.port: {wyoming.port} is server.port, too; each listener needs its own"


def warnings(config: Config) -> Iterator[str]:
    """Yield a line for each host that this machine does not know, with its key; resolves as `listen` would."""
    for key, host in _hosts(config).items():
        if _may_be(host):
            try:
                address_of(host, 0)
            except OSError as error:
                yield f"{key}: {host}: {error.strerror}; serve could not listen there now"


def _hosts(config: Config) -> dict[str, str]:
    return {
        "server.host": config.server.host,
        **({"wyoming.host": config.wyoming.host} if config.wyoming.enabled else {}),
    }


def _may_be(host: str) -> bool:
    if _is_address(host):
        return True
    if any(character.isspace() or character in ":[]/@" or not character.isprintable() for character in host):
        return False
    try:
        return len(host.encode("idna")) <= 253
    except UnicodeError:
        return False


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _meet(one: str, other: str) -> bool:
    """Return whether two hosts are the same, or one is every address and covers the other."""
    one, other = _as_address(one), _as_address(other)
    if one == other or "::" in (one, other):
        return True
    return any(host in _ANY for host in (one, other)) and ":" not in one + other


def _as_address(host: str) -> str:
    """Return a host's address in its short form, or its name; only localhost is resolved, which needs no network."""
    name = host.lower()
    if name == "localhost":
        with contextlib.suppress(OSError):
            name = address_of(name, 0)[1][0]
    return str(ipaddress.ip_address(name)) if _is_address(name) else name
