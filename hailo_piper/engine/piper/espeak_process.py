"""espeak-ng's own process reads texts from a socket and answers with their phonemes.

    python -I -S espeak_process.py BRIDGE DATA_DIRECTORY

It is run by its path and imports nothing but piper's bridge, so that it starts in 20 ms and holds 10 MB: importing
`os`, `signal` and `typing` would take as long again, on a processor that the service's start needs. A frame is its
length in four bytes, big-endian, then fields of UTF-8, which `espeak` writes and reads.
"""

import _signal as signal  # type: ignore[import-not-found]
import posix
import resource
import sys
from importlib.machinery import ExtensionFileLoader, ModuleSpec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FIELD, CLAUSE, PART = "\x1f", "\x1e", "\x1d"
"""Separators of texts, of the clauses of a text, and of the parts of a clause; no text contains them."""

_SOCKET = 0
_LENGTH_BYTES = 4
_MOST_BYTES = 512 << 20
"""Bytes of address space: a text that makes espeak-ng ask for more ends this process, not the machine."""
_SECONDS, _CHARACTERS_A_SECOND = 30, 1000
"""The time limit of a request, after which the process ends itself: once its parent is gone, nobody else would."""


def main(bridge_path: str, data_directory: str) -> int:
    """Answer until the other side closes; return the exit code."""
    # A core dump would write a stranger's text to disk, and Ctrl-C is for the parent.
    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_AS, _MOST_BYTES)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    bridge = _load(bridge_path)
    bridge.initialize(data_directory)
    # Before a voice is set, espeak-ng follows a null pointer.
    bridge.set_voice("en")
    _send(b"")
    while (request := _receive()) is not None:
        voice, *texts = request.decode().split(FIELD)
        signal.alarm(_SECONDS + len(request) // _CHARACTERS_A_SECOND)
        bridge.set_voice(voice)
        _send(FIELD.join(_clauses(bridge.get_phonemes(text)) for text in texts).encode())
        signal.alarm(0)
    return 0


def _bound(limit: int, most: int) -> None:
    try:
        resource.setrlimit(limit, (most, most))
    except (OSError, ValueError):
        # The service's sandbox forbids changing limits, and sets its own; a narrower limit stays.
        return


def _clauses(clauses: list[tuple[str, str, bool]]) -> str:
    return CLAUSE.join(PART.join((phonemes, mark, "1" if ends else "")) for phonemes, mark, ends in clauses)


def _load(path: str) -> "Any":
    loader = ExtensionFileLoader("espeakbridge", path)
    bridge = loader.create_module(ModuleSpec("espeakbridge", loader, origin=path))
    loader.exec_module(bridge)
    return bridge


def _receive() -> bytes | None:
    """Return the next frame; None at the end."""
    length = _read(_LENGTH_BYTES)
    return None if length is None else _read(int.from_bytes(length))


def _read(size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        try:
            more = posix.read(_SOCKET, size - len(data))
        except ConnectionError:
            # The other side is gone, and left bytes unread.
            return None
        if not more:
            return None
        data += more
    return bytes(data)


def _send(frame: bytes) -> None:
    data = len(frame).to_bytes(_LENGTH_BYTES) + frame
    while data:
        try:
            data = data[posix.write(_SOCKET, data) :]
        except ConnectionError:
            return


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
