"""Reads API keys from a file, and compares a client's key with them in constant time."""

import codecs
import hashlib
import hmac
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from ipaddress import IPv6Address, ip_address
from pathlib import Path

from hailo_piper.errors import AuthenticationError, ConfigError

_OTHERS = 0o037
"""The permission bits that a key file must not have: any for others, writing or executing for the group."""
_SCHEMES = {"bearer", "token"}
_OF_OTHERS = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via", "Origin")
"""Headers that proxies add, and the one with which a browser names a page of another site."""
_SHORTEST = 8
_MOST_BYTES = 1 << 20
_WHERE = "server.api_keys_file"


class Keys:
    """The keys of one service; without any, every client may ask."""

    def __init__(self, keys: Iterable[str]) -> None:
        # All digests have one length, so a comparison does not leak a key's length.
        self._digests = [_digest(key) for key in keys]

    @property
    def are_required(self) -> bool:
        """Whether a request needs a key."""
        return bool(self._digests)

    def check(self, authorization: str | None) -> None:
        """Check the Authorization header of a request. Raises AuthenticationError."""
        if not self.are_required:
            return
        key = bearer(authorization)
        if not key:
            raise AuthenticationError("An API key is needed: Authorization: Bearer KEY")
        digest = _digest(key)
        # Compare every key, so that the time does not show which one matched.
        if not sum(hmac.compare_digest(digest, known) for known in self._digests):
            raise AuthenticationError("This API key is not known here")


def authorization_of(asked: Callable[[str], str | None]) -> str | None:
    """Return the Authorization of a request; `asked` returns a header. ElevenLabs' own header stands for one."""
    authorization, key = asked("Authorization"), asked("xi-api-key")
    return f"Bearer {key}" if key and not authorization else authorization


def bearer(authorization: str | None) -> str:
    """Return the key in an Authorization header; empty if there is none, or another scheme than Bearer and Token."""
    scheme, _, key = (authorization or "").strip().partition(" ")
    return key.strip() if scheme.lower() in _SCHEMES else ""


def is_loopback(address: str) -> bool:
    """Return whether a client's address is this machine's own."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    return (mapped or ip).is_loopback


def is_from_machine(address: str, asked: Callable[[str], str | None]) -> bool:
    """Return whether a request comes from this machine, and neither through a proxy nor from another site's page.

    `address`: the client's; `asked` returns a header. A proxy on the machine would make everybody look local, and
    another site could have its own name lead here.
    """
    if not is_loopback(address) or any(asked(name) is not None for name in _OF_OTHERS):
        return False
    host = (asked("Host") or "").lower()
    name = host[1:].partition("]")[0] if host.startswith("[") else host.rpartition(":")[0] or host
    return name == "localhost" or is_loopback(name)


def load_keys(path: Path | None) -> Keys:
    """Load the keys of a file; None means no keys. Raises ConfigError, as `read_keys` does."""
    return Keys(()) if path is None else Keys(read_keys(path))


def read_keys(path: Path) -> list[str]:
    """Return the keys themselves, at least one: the lines that are not blank and do not begin with #.

    Raises ConfigError for a file that cannot be read, that others can read, or that holds no usable key.
    """
    mode, content = _read(path)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ConfigError([f"{_WHERE}: {path}: is UTF-16; save it as UTF-8 or ASCII"])
    if mode & _OTHERS:
        raise ConfigError([f"{_WHERE}: {path}: others than owner and group may use it; run: chmod 640 {path}"])
    # Only a line feed ends a line; str.splitlines() also splits at six control characters, making two keys of one.
    lines = content.removeprefix(codecs.BOM_UTF8).decode("latin-1").split("\n")
    keys = [
        (number, key) for number, line in enumerate(lines, start=1) if (key := line.strip(" \t\r"))[:1] not in ("", "#")
    ]
    problems = [f"{_WHERE}: {path}: line {number}: {wrong}" for number, key in keys for wrong in _wrong_with(key)]
    if not keys:
        problems.append(f"{_WHERE}: {path}: holds no key")
    if problems:
        raise ConfigError(problems)
    return [key for _, key in keys]


def _read(path: Path) -> tuple[int, bytes]:
    """Return mode and content of a file, without ever blocking. Raises ConfigError."""
    try:
        # Opening a named pipe would block until somebody writes into it.
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise ConfigError([f"{_WHERE}: {path}: is no regular file"])
            content = file.read(_MOST_BYTES + 1)
    except IsADirectoryError:
        raise ConfigError([f"{_WHERE}: {path}: is a directory; name the file in it"]) from None
    except OSError as error:
        raise ConfigError([f"{_WHERE}: {path}: cannot be read: {error.strerror}"]) from error
    if len(content) > _MOST_BYTES:
        raise ConfigError([f"{_WHERE}: {path}: is larger than {_MOST_BYTES} bytes"])
    return mode, content


def _wrong_with(key: str) -> Iterator[str]:
    if not key.isascii():
        yield "a key may only have ASCII characters"
    elif len(key) > 1 and key[0] == key[-1] and key[0] in "\"'":
        yield "a key stands without quotes: they would be a part of it"
    elif " " in key or not key.isprintable():
        yield "a key has no spaces and no control characters"
    elif len(key) < _SHORTEST:
        yield f"a key has at least {_SHORTEST} characters, since a short one can be guessed"


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode(errors="surrogateescape")).digest()
