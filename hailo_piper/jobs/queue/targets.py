"""Webhooks go to the operator's targets alone, signed as standard-webhooks 1.0.0 has it.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hashlib
import hmac
import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from hailo_piper.errors import ConfigError

_PREFIX = "whsec_"
_FEWEST, _MOST = 24, 64
"""Bytes of a secret, by the specification."""
_OTHERS = 0o037
"""Permission bits that the file must not have: any for others, writing or executing for the group."""
_MOST_FILE_BYTES = 4096


class Target(NamedTuple):
    """An address that is told of events."""

    url: str
    secrets: tuple[bytes, ...]
    """Several while one replaces another: the client needs to know one of them."""
    allow_private: bool
    """Whether it may be an address of this machine or of a private network."""

    @property
    def name(self) -> str:
        """Its scheme and host: the rest may hold a token, and belongs into no log."""
        scheme, _, rest = self.url.partition("://")
        return f"{scheme}://{rest.partition('/')[0]}"


def load_targets(webhooks: Iterable[Mapping[str, Any]]) -> tuple[Target, ...]:
    """Read the secrets of the configured webhooks. Raises ConfigError with every problem."""
    targets, problems = [], []
    for number, webhook in enumerate(webhooks):
        path = Path(webhook["secret_file"]).expanduser()
        try:
            secrets = _secrets(path)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            problems.append(f"jobs.webhooks.{number}.secret_file: {path}: {why}")
        else:
            targets.append(Target(webhook["url"], secrets, webhook.get("allow_private", False)))
    if problems:
        raise ConfigError(problems)
    return tuple(targets)


def _secrets(path: Path) -> tuple[bytes, ...]:
    """Return the secrets of a file, one a line. Raises OSError and ValueError."""
    # Opening a named pipe would block until somebody writes into it.
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        mode = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(mode):
            raise ValueError("is no regular file")
        if mode & _OTHERS:
            raise ValueError(f"others than owner and group may use it; run: chmod 640 {path}")
        lines = file.read(_MOST_FILE_BYTES).decode("latin-1").split()
    if not lines:
        raise ValueError("holds no secret")
    return tuple(map(_secret, lines))


def _secret(line: str) -> bytes:
    try:
        secret = base64.b64decode(line.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        secret = b""
    if not line.startswith(_PREFIX) or not _FEWEST <= len(secret) <= _MOST:
        raise ValueError(f"a secret is {_PREFIX} and {_FEWEST} to {_MOST} bytes in base64")
    return secret


def headers(target: Target, event: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers that sign a body. `timestamp`: seconds since 1970, of this attempt."""
    signed = f"{event}.{timestamp}.".encode() + body
    signatures = (hmac.new(secret, signed, hashlib.sha256).digest() for secret in target.secrets)
    return {
        "webhook-id": event,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{base64.b64encode(one).decode()}" for one in signatures),
    }
