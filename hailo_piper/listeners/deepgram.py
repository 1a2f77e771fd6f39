"""Deepgram's dialect: the query of its speak endpoint names the voice and the format."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from hailo_piper.errors import InvalidRequestError
from hailo_piper.schemas.checker import Checker, Schema, load_schema
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.voices.name_matching import same_name


class Encoding(NamedTuple):
    """An encoding of Deepgram's, in our terms."""

    containers: Mapping[str, str]
    """The response_format in each container; the first is the default."""
    sample_rate: int
    """Hz, unless the query says otherwise."""


ENCODINGS: Mapping[str, Encoding] = {
    "mp3": Encoding({"none": "mp3"}, 22050),
    "linear16": Encoding({"wav": "wav", "none": "pcm"}, 24000),
    "mulaw": Encoding({"wav": "ulaw-wav", "none": "ulaw"}, 8000),
    "alaw": Encoding({"wav": "alaw-wav", "none": "alaw"}, 8000),
    "opus": Encoding({"ogg": "opus"}, 48000),
    "flac": Encoding({"none": "flac"}, 48000),
    "aac": Encoding({"none": "aac"}, 22050),
}
"""Every encoding by its name; the first is the default."""
_BARE = {"linear16": "pcm", "mulaw": "ulaw", "alaw": "alaw"}
"""The response_format of each encoding that leaves a WebSocket: samples without a header."""
LOWEST_RATE, HIGHEST_RATE = 8000, 48000
SLOWEST, FASTEST = 0.25, 4.0
_ITS_OWN_VOICES = "aura-"
"""How the names of Deepgram's own voices begin."""
_WIRE_NAMES = {"voice": "model", "response_format": "encoding"}


class Deepgram:
    """The dialect, ready to read requests. Build it once: it holds its schema."""

    def __init__(self, voice_names: Callable[[], Iterable[str]]) -> None:
        """`voice_names`: returns the names that a request may give."""
        self._voice_names = voice_names
        self.schema: Schema = load_schema("deepgram.json")
        """The JSON Schema of a body."""
        self._checker = Checker(self.schema)

    def wire_name(self, ours: str) -> str:
        """Return this dialect's name of a field of a request."""
        return _WIRE_NAMES.get(ours, ours)

    def request(self, query: Mapping[str, str], fields: Mapping[str, Any]) -> SpeechRequest:
        """Return the request that these fields make; unknown ones have no effect.

        Raises InvalidRequestError, which names the field and the allowed values.
        """
        if "text" not in fields:
            raise InvalidRequestError("Missing 'text' field", param="text")
        if problems := self._checker.problems(dict(fields)):
            path, problem = problems[0]
            raise InvalidRequestError(f"Invalid '{path}': {problem}", param=path)
        response_format, sample_rate = audio_of(query)
        return SpeechRequest(
            text=fields["text"],
            voice=self.voice(query),
            speed=_number(query, "speed", SLOWEST, FASTEST),
            response_format=response_format,
            sample_rate=sample_rate,
        )

    def opening(self, query: Mapping[str, str]) -> SpeechRequest:
        """Return the request that a WebSocket's address makes; its text comes later, and its answers have no header.

        Raises InvalidRequestError, which names the parameter and the allowed values.
        """
        encoding = _among(query, "encoding", _BARE)
        _among(query, "container", ("none",))
        return SpeechRequest(
            text="",
            voice=self.voice(query),
            speed=_number(query, "speed", SLOWEST, FASTEST),
            response_format=_BARE[encoding],
            sample_rate=_sample_rate(query, ENCODINGS[encoding]),
        )

    def voice(self, query: Mapping[str, str]) -> str | None:
        """Return the voice that `model` names; None, the default one, for a voice of Deepgram's that no alias has."""
        model = query.get("model") or None
        if model is None or not model.lower().startswith(_ITS_OWN_VOICES):
            return model
        return same_name(model, list(self._voice_names()))


def audio_of(query: Mapping[str, str]) -> tuple[str, int]:
    """Return the response_format and the sample_rate, in Hz, that a query asks for. Raises InvalidRequestError."""
    encoding = _among(query, "encoding", ENCODINGS)
    container = _among(query, "container", ENCODINGS[encoding].containers, f"for {encoding}")
    return ENCODINGS[encoding].containers[container], _sample_rate(query, ENCODINGS[encoding])


def _sample_rate(query: Mapping[str, str], encoding: Encoding) -> int:
    sample_rate = _number(query, "sample_rate", LOWEST_RATE, HIGHEST_RATE)
    if sample_rate is not None and not sample_rate.is_integer():
        raise InvalidRequestError(f"Invalid 'sample_rate': {sample_rate} is not an integer", param="sample_rate")
    return int(sample_rate or encoding.sample_rate)


def _among(query: Mapping[str, str], name: str, allowed: Iterable[str], where: str = "") -> str:
    """Return a parameter that has one of some values; the first one where it is absent."""
    values = list(allowed)
    value = query.get(name, values[0]).lower()
    if value not in values:
        shown = f"Allowed {where}".strip()
        raise InvalidRequestError(f"Unsupported {name}: {value[:60]!r}. {shown}: {', '.join(values)}", param=name)
    return value


def _number(query: Mapping[str, str], name: str, lowest: float, highest: float) -> float | None:
    written = query.get(name)
    if written is None:
        return None
    try:
        # The query of a client in JavaScript or Python may say 24000.0.
        number = float(written)
    except ValueError:
        number = math.nan
    if not lowest <= number <= highest:
        raise InvalidRequestError(
            f"Invalid '{name}': {written[:60]!r} is not a number from {lowest} to {highest}", param=name
        )
    return number
