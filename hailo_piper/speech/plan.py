"""A plan is a request that is in order, with every default filled in.

Every listener and every command makes a `SpeechRequest`; `make_plan` holds all of them to the same rules.
"""

from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from hailo_piper.audio.encoding import ENCODERS
from hailo_piper.config.settings import Config, SynthesisConfig
from hailo_piper.engine.model import Delivery
from hailo_piper.errors import InvalidRequestError
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.text.language_hint import likely_language
from hailo_piper.text.lexicon.directory import Lexicons
from hailo_piper.text.lexicon.matcher import Lexicon
from hailo_piper.text.normalise.verbaliser import verbalise
from hailo_piper.text.reading import Reading
from hailo_piper.text.sentence import Sentence
from hailo_piper.text.stream import TextStream, whole
from hailo_piper.voices.languages import speaks
from hailo_piper.voices.names import Voices
from hailo_piper.voices.voice import Voice

_T = TypeVar("_T")


class Silences(NamedTuple):
    """The pauses of an answer, in seconds, beside the voice's own."""

    lead: float
    """Before the first word."""
    sentence: float
    """Between two sentences of a paragraph."""
    paragraph: float
    """Between two paragraphs."""
    tail: float
    """After the last word."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Plan:
    """A checked request, complete."""

    listener: str
    text: TextStream
    """The text, whole or still coming: its first sentence is there."""

    voice: Voice
    delivery: Delivery
    volume: float
    silences: Silences
    response_format: str
    sample_rate: int
    use_cache: bool
    normalize: bool
    words: bool
    """Whether somebody wants the times of words."""

    other_language: str | None
    """The family of the language that the whole text seems to be in, if it is not the voice's: a hint for people."""

    lexicons: tuple[Lexicon, ...]
    """Pronounce words of the text; those of the first one count first."""

    def verbalise(self, sentence: Sentence) -> Sentence:
        """Return a sentence as it is spoken. Raises RefusedTextError for a word that a lexicon refuses."""
        return verbalise(sentence, self.voice.language, self.lexicons, normalize=self.normalize)

    @property
    def characters(self) -> int:
        """Characters of the text so far, after trimming."""
        return self.text.characters


def make_plan(request: SpeechRequest, *, listener: str, voices: Voices, lexicons: Lexicons, config: Config) -> Plan:
    """Fill the defaults, once the text has a sentence. Raises InvalidRequestError: the field, and what is allowed."""
    piper, synthesis = config.piper, config.synthesis
    named = voices.choose(request.voice, request.language)
    voice = named.voice
    reading = reading_of(request, voice.language, synthesis)
    text = request.text
    spoken_in = likely_language(text) if isinstance(text, str) else None
    # A whole text is a stream that has already ended, so that there is one path for both from here on.
    if isinstance(text, str):
        text = whole(text, reading, max_text_length=synthesis.max_text_length, keeps_places=request.words)
    text.read_as(reading)
    text.wait()
    response_format = given(request.response_format, synthesis.format)
    encoder = ENCODERS[response_format]
    default_rate = encoder.assumed_rate or encoder.closest(synthesis.sample_rate or voice.sample_rate)
    sample_rate = given(request.sample_rate, default_rate)
    if not encoder.carries(sample_rate):
        allowed = ", ".join(map(str, encoder.sample_rates))
        raise InvalidRequestError(
            f"Invalid 'sample_rate': {response_format} has no {sample_rate} Hz; allowed: {allowed}", param="sample_rate"
        )
    return Plan(
        listener=listener,
        text=text,
        voice=voice,
        delivery=Delivery(
            length_scale=given(request.length_scale, piper.length_scale),
            noise_scale=given(request.noise_scale, piper.noise_scale),
            noise_w_scale=given(request.noise_w_scale, piper.noise_w_scale),
            speaker_id=voice.speaker_id(named.speaker if request.speaker is None else request.speaker),
            speed=given(request.speed, 1.0),
        ),
        volume=given(request.volume, piper.volume),
        silences=silences_of(request, synthesis),
        response_format=response_format,
        sample_rate=sample_rate,
        use_cache=given(request.use_cache, True),  # noqa: FBT003
        normalize=given(request.normalize, synthesis.normalize),
        words=request.words,
        other_language=None if spoken_in is None or speaks(voice.language, spoken_in) else spoken_in,
        lexicons=lexicons_of(request, lexicons, voice, voice.language),
    )


def reading_of(request: SpeechRequest, language: str, synthesis: SynthesisConfig) -> Reading:
    """Return how the text of a request is read in a language."""
    is_ssml = request.text_format == "ssml"
    return Reading(
        language,
        "ssml" if is_ssml else given(request.markup, synthesis.markup),
        given(request.emoji, synthesis.emoji),
        has_tags=not is_ssml and given(request.enable_ssml_parsing, synthesis.enable_ssml_parsing),
    )


def silences_of(request: SpeechRequest, synthesis: SynthesisConfig) -> Silences:
    """Return the pauses of a request; those between paragraphs are those between sentences where nobody says."""
    sentence = given(request.sentence_silence, synthesis.sentence_silence)
    return Silences(
        lead=given(request.lead_silence, synthesis.lead_silence),
        sentence=sentence,
        paragraph=given(request.paragraph_silence, given(synthesis.paragraph_silence, sentence)),
        tail=given(request.tail_silence, synthesis.tail_silence),
    )


def lexicons_of(request: SpeechRequest, lexicons: Lexicons, voice: Voice | None, language: str) -> tuple[Lexicon, ...]:
    """Return what pronounces words of a request: its own rules, then the service's lexicons."""
    own = (Lexicon(request.pronunciations),) if request.pronunciations else ()
    if voice is None:
        return (*own, *lexicons.for_voice("", language))
    return (*own, *lexicons.for_voice(voice.id, language, voice.symbols))


def given(value: _T | None, default: _T) -> _T:
    """Return what a request says, else the default."""
    return default if value is None else value
