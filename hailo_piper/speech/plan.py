"""What a request asks for, and the same with every default filled in.

Every door makes a `SpeechRequest`; `make_plan` is where all of them are held to the same rules.
"""

from dataclasses import dataclass
from typing import TypeVar

from hailo_piper.audio.encoding import ENCODERS
from hailo_piper.config.settings import Config
from hailo_piper.engine.model import Delivery
from hailo_piper.errors import InvalidRequestError, TextTooLongError
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.text.clean import is_speakable
from hailo_piper.text.sentence import Sentence
from hailo_piper.text.splitter import split
from hailo_piper.text.stream import TextStream
from hailo_piper.voices.names import Voices
from hailo_piper.voices.voice import Voice

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A request that is in order, with every default filled in."""

    listener: str
    characters: int
    sentences: tuple[Sentence, ...]
    more: TextStream | None = None
    """Where further sentences come from."""

    voice: Voice
    delivery: Delivery
    volume: float
    sentence_silence: float
    response_format: str
    sample_rate: int
    use_cache: bool


def make_plan(request: SpeechRequest, *, listener: str, voices: Voices, config: Config) -> Plan:
    """Fill the defaults, or raise InvalidRequestError naming the field and what is allowed."""
    piper, synthesis = config.piper, config.synthesis
    characters, sentences, more = _read(request.text, synthesis.max_text_length)
    named = voices.choose(request.voice, request.language)
    voice = named.voice
    response_format = _given(request.response_format, synthesis.format)
    encoder = ENCODERS[response_format]
    default_rate = encoder.assumed_rate or encoder.closest(synthesis.sample_rate or voice.sample_rate)
    sample_rate = _given(request.sample_rate, default_rate)
    if not encoder.carries(sample_rate):
        allowed = ", ".join(map(str, encoder.sample_rates))
        raise InvalidRequestError(
            f"Invalid 'sample_rate': {response_format} has no {sample_rate} Hz; allowed: {allowed}", param="sample_rate"
        )
    return Plan(
        listener=listener,
        characters=characters,
        sentences=sentences,
        more=more,
        voice=voice,
        delivery=Delivery(
            length_scale=_given(request.length_scale, piper.length_scale),
            noise_scale=_given(request.noise_scale, piper.noise_scale),
            noise_w_scale=_given(request.noise_w_scale, piper.noise_w_scale),
            speaker_id=voice.speaker_id(named.speaker if request.speaker is None else request.speaker),
            speed=_given(request.speed, 1.0),
        ),
        volume=_given(request.volume, piper.volume),
        sentence_silence=_given(request.sentence_silence, synthesis.sentence_silence),
        response_format=response_format,
        sample_rate=sample_rate,
        use_cache=_given(request.use_cache, True),  # noqa: FBT003
    )


def _read(text: str | TextStream, max_text_length: int) -> tuple[int, tuple[Sentence, ...], TextStream | None]:
    """Characters and sentences, and where more of them come from. Raises InvalidRequestError."""
    if isinstance(text, TextStream):
        sentences = text.take()
        # What has ended is whole: an answer of one sentence may tell its length.
        return text.characters, sentences, None if text.is_spent else text
    text = text.strip()
    if not is_speakable(text):
        raise InvalidRequestError("The text is empty: it needs at least one letter or digit", param="text")
    if len(text) > max_text_length:
        raise TextTooLongError(max_text_length)
    return len(text), split(text), None


def _given(value: _T | None, default: _T) -> _T:
    return default if value is None else value
