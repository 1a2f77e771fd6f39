"""A request says what its caller wants, in our terms, whatever the protocol."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from hailo_piper.text.stream import TextStream

if TYPE_CHECKING:
    from hailo_piper.text.lexicon.pronunciation import Pronunciation


_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechRequest:
    """One request for speech; None means what the configuration says."""

    text: "str | TextStream | tuple[SpeechRequest, ...]"
    """Several requests are the turns of a dialogue: of each only what concerns the text and its voice counts."""

    voice: str | None = None
    model: str | None = None
    """What chooses the voice where `voice` is None and the configuration has a strategy."""

    language: str | None = None
    """A family or a full code (`en`, `en_US`): chooses the voice if `voice` is None. `auto`: that of each sentence."""

    speaker: str | int | None = None
    speed: float | None = None
    """2 is twice as fast."""

    pitch: float | None = None
    """2 is an octave higher."""

    length_scale: float | None = None
    noise_scale: float | None = None
    noise_w_scale: float | None = None
    volume: float | None = None
    sentence_silence: float | None = None
    """Seconds."""

    paragraph_silence: float | None = None
    """Seconds."""

    lead_silence: float | None = None
    """Seconds."""

    tail_silence: float | None = None
    """Seconds."""

    response_format: str | None = None
    sample_rate: int | None = None
    """Hz."""

    kbps: int | None = None
    """The bitrate of mp3, opus and aac, in kbit/s."""

    use_cache: bool | None = None
    """False: neither read the cache of spoken sentences nor add to it."""

    normalize: bool | None = None
    """Whether hard text (numbers, dates, units, abbreviations) is written as it is spoken."""

    markup: str | None = None
    """`auto`, `markdown` or `none`, as `text.reading.Reading` has it."""

    emoji: str | None = None
    """`skip` or `say`."""

    text_format: str | None = None
    """`text` or `ssml`."""

    enable_ssml_parsing: bool | None = None
    """Whether a text that is not SSML may have `<break .../>` and `<phoneme ...>`."""

    words: bool = False
    """Whether the reply tells when each word and mark sounds. A TextStream must keep its places for that."""

    in_bulk: bool = False
    """Whether nobody listens while it is spoken: it is made in large windows from the beginning, which cost less."""

    gives_way: bool = False
    """Whether nobody hears it before its end, so that it gives way to those who listen."""

    has_one_voice: bool = False
    """Whether one voice speaks all of it, whatever its text wishes."""

    pronunciations: "tuple[Pronunciation, ...] | None" = None
    """For this text; they come before those of lexicons."""


def given(value: _T | None, default: _T) -> _T:
    """Return what a request says, else the default."""
    return default if value is None else value
