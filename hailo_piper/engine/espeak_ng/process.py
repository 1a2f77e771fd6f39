"""espeak-ng's own process reads texts from a socket and answers with their phonemes.

    python -I -S process.py BRIDGE DATA_DIRECTORY

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
WORDS = "?"
"""Before the language of a request: it asks for the places of words, not for phonemes."""
SOUND = "!"
"""Before a manner and a language: a request for the sound of one text, with the samples at which its words begin."""

_WORD_BEGINS, _CLAUSE_ENDS = 1, 5
_RATE, _USUAL, _FASTEST = 1, 175, 450
"""Words a minute; the events are the same."""
_PITCH, _RANGE = 3, 4
_BY_CHARACTER, _UTF8 = 1, 1
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
    places: WordPlaces | None = None
    sound: Sound | None = None
    while (request := _receive()) is not None:
        voice, *texts = request.decode().split(FIELD)
        signal.alarm(_SECONDS + len(request) // _CHARACTERS_A_SECOND)
        if voice.startswith(SOUND):
            sound = sound or Sound(bridge, bridge_path)
            if not sound.send(voice.removeprefix(SOUND), *texts):
                return 1
            signal.alarm(0)
            continue
        bridge.set_voice(voice.removeprefix(WORDS))
        if voice.startswith(WORDS):
            places = places or WordPlaces(bridge_path)
            answer = FIELD.join(map(places.read, texts))
        else:
            answer = FIELD.join(_clauses(bridge.get_phonemes(text)) for text in texts)
        _send(answer.encode())
        signal.alarm(0)
    return 0


class Synthesis:
    """espeak-ng's own synthesis, and the events with which it tells where each word begins.

    The bridge has no such call, but its library exports the whole of espeak-ng's C API (speak_lib.h).
    """

    def __init__(self, bridge_path: str, take: "Any") -> None:
        """`take` gets the samples (int16, in bytes) and the events of each part, as they are made."""
        # Most services never ask, and importing it takes longer than all the rest of this process.
        import ctypes

        class Event(ctypes.Structure):
            _fields_ = [
                ("type", ctypes.c_int), ("identifier", ctypes.c_uint), ("position", ctypes.c_int),
                ("length", ctypes.c_int), ("audio_position", ctypes.c_int), ("sample", ctypes.c_int),
                ("user", ctypes.c_void_p), ("value", ctypes.c_int64),
            ]  # fmt: skip

        self._ctypes = ctypes
        # The same file is the same library, which the bridge has initialised.
        self._library = ctypes.CDLL(bridge_path)

        def note(samples: int | None, size: int, events: "Any") -> int:
            at = 0
            while events[at].type:
                at += 1
            take(ctypes.string_at(samples, 2 * size) if samples else b"", events[:at])
            return 0

        kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(Event))
        # The library keeps no reference to it.
        self._callback = kind(note)
        self._library.espeak_SetSynthCallback(self._callback)

    def set(self, parameter: int, value: int) -> None:
        """Set a parameter for what is spoken from now on."""
        self._library.espeak_SetParameter(parameter, value, 0)

    def speak(self, text: str) -> None:
        """Speak a text."""
        encoded = text.encode() + b"\0"
        size = self._ctypes.c_size_t(len(encoded))
        self._library.espeak_Synth(encoded, size, 0, _BY_CHARACTER, 0, _UTF8, None, None)


class WordPlaces:
    """The places at which each word that espeak-ng speaks begins in a text.

    They come only with synthesis, so espeak-ng speaks as fast as it can, to nobody.
    """

    def __init__(self, bridge_path: str) -> None:
        self._clauses: list[list[str]] = []
        self._synthesis = Synthesis(bridge_path, self._note)

    def read(self, text: str) -> str:
        """Return the indices at which words begin, clause by clause."""
        self._clauses = [[]]
        self._synthesis.set(_RATE, _FASTEST)
        self._synthesis.speak(text)
        self._synthesis.set(_RATE, _USUAL)
        return CLAUSE.join(map(PART.join, self._clauses))

    def _note(self, _: bytes, events: "Any") -> None:
        for event in events:
            if event.type == _WORD_BEGINS:
                self._clauses[-1].append(str(event.position - 1))
            elif event.type == _CLAUSE_ENDS:
                self._clauses.append([])


class Sound:
    """The sound of texts. Each is made in a fork of this process, which ends with it.

    espeak-ng goes on with the phases that the last text left, so only a process that has not spoken says equal texts
    with equal bits. This one must not be asked for the places of words.
    """

    def __init__(self, bridge: "Any", bridge_path: str) -> None:
        self._bridge = bridge
        self._words: list[str] = []
        self._synthesis = Synthesis(bridge_path, self._send)

    def send(self, manner: str, text: str) -> bool:
        """Send the samples in frames as they come, an empty frame, and the words; return whether that was done.

        `manner`: words a minute, pitch and its range from 0 to 99, and the language, between blanks.
        """
        child = posix.fork()
        if not child:
            # A fork inherits no alarm.
            signal.alarm(_SECONDS + len(text) // _CHARACTERS_A_SECOND)
            rate, pitch, pitch_range, language = manner.split(" ")
            self._bridge.set_voice(language)
            self._synthesis.set(_RATE, int(rate))
            self._synthesis.set(_PITCH, int(pitch))
            self._synthesis.set(_RANGE, int(pitch_range))
            self._synthesis.speak(text)
            _send(b"")
            _send(CLAUSE.join(self._words).encode())
            posix._exit(0)  # noqa: SLF001 - it is os._exit, whose module takes long to import
        return posix.waitpid(child, 0)[1] == 0

    def _send(self, samples: bytes, events: "Any") -> None:
        self._words += [f"{event.position - 1}{PART}{event.sample}" for event in events if event.type == _WORD_BEGINS]
        if samples:
            _send(samples)


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
