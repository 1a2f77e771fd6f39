"""Decodes the body of a request where it is compressed, up to a bound."""

import zlib
from collections.abc import Callable

from hailo_piper.errors import BodyTooLargeError, InvalidRequestError, UnsupportedEncodingError

ENCODINGS = "gzip, deflate"
"""The encodings that a Content-Encoding may name; `identity`, or none, is the plain body."""

_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS


def decode(body: bytes, encoding: str, most: int) -> bytes:
    """Return the body, decoded from its Content-Encoding.

    Raises UnsupportedEncodingError, InvalidRequestError if the body is not encoded like that, and BodyTooLargeError if
    it decodes to more than `most` bytes.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return body
    inflate = _DECODERS.get(name)
    if inflate is None:
        raise UnsupportedEncodingError(
            f"Unsupported Content-Encoding: {encoding[:60]!r}. Allowed: {ENCODINGS}, or none", allowed=ENCODINGS
        )
    try:
        return inflate(body, most)
    except (zlib.error, EOFError) as error:
        raise InvalidRequestError(f"The body is not {name}, as its Content-Encoding says: {error}") from None


def _gunzip(body: bytes, most: int) -> bytes:
    decoded = b""
    # A gzip file may consist of several members, one after the other.
    while body:
        piece, body = _inflate(body, _GZIP, most - len(decoded))
        decoded += piece
    return decoded


def _deflate(body: bytes, most: int) -> bytes:
    # The standard wants deflate in zlib's wrapper; some clients send it bare.
    is_wrapped = len(body) >= 2 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    decoded, rest = _inflate(body, _ZLIB if is_wrapped else _RAW, most)
    if rest:
        raise EOFError("something follows its end")
    return decoded


def _inflate(body: bytes, window_bits: int, most: int) -> tuple[bytes, bytes]:
    """Decode one compressed stream; return its content and the bytes that follow it."""
    inflater = zlib.decompressobj(window_bits)
    decoded = inflater.decompress(body, most + 1)
    if len(decoded) > most:
        raise BodyTooLargeError(f"The body stands for more than the {most} bytes that any accepted text needs")
    if not inflater.eof:
        raise EOFError("it is cut short")
    return decoded, inflater.unused_data


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {"gzip": _gunzip, "x-gzip": _gunzip, "deflate": _deflate}
