"""A plan is a request that is in order, with every default filled in.

Every listener and every command makes a `SpeechRequest`; `make_plan` holds all of them to the same rules.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hailo_piper.audio.encoding import ALL_ENCODERS
from hailo_piper.config.settings import Config, SynthesisConfig
from hailo_piper.errors import InvalidRequestError, SpeechError, TextTooLongError
from hailo_piper.speech.casting import Cast, Role
from hailo_piper.speech.request import SpeechRequest, given
from hailo_piper.text.language_detector import LanguageDetector
from hailo_piper.text.language_hint import likely_language
from hailo_piper.text.lexicon.directory import Lexicons
from hailo_piper.text.reading import Reading
from hailo_piper.text.stream import TextStream, whole
from hailo_piper.voices.languages import family, speaks
from hailo_piper.voices.names import NamedVoice, Voices
from hailo_piper.voices.voice import Voice

AUTO = "auto"
"""The language of a request whose sentences may be in several."""


class Silences(NamedTuple):
    """The pauses of an answer, in seconds, beside the voice's own."""

    lead: float
    """Before the first word."""
    paragraph: float
    """Between two paragraphs."""
    tail: float
    """After the last word."""


class Turn(NamedTuple):
    """A text, whole or still coming, and who speaks it. Its first sentence is there."""

    text: TextStream
    cast: Cast


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Plan:
    """A checked request, complete."""

    listener: str
    turns: tuple[Turn, ...]
    """At least one; a request with a single text has one."""

    voice: Voice
    """Of the first turn: the answer is mastered as this voice speaks."""

    volume: float
    silences: Silences
    response_format: str
    sample_rate: int
    kbps: int | None
    """The bitrate that the request asks for; None: the configured one."""

    use_cache: bool
    words: bool
    """Whether somebody wants the times of words and marks."""

    in_bulk: bool
    """Whether nobody waits for the first sound."""

    gives_way: bool
    """Whether nobody hears it before its end."""

    stands_in: bool = False
    """Whether its voice speaks instead of one that failed."""

    other_language: str | None
    """The family of the language that the whole text seems to be in, if it is not the voice's: a hint for people."""

    @property
    def characters(self) -> int:
        """Characters of the texts so far, after trimming."""
        return sum(turn.text.characters for turn in self.turns)


def make_plan(  # noqa: PLR0913 - each is a part that a plan is made of
    request: SpeechRequest,
    *,
    listener: str,
    voices: Voices,
    lexicons: Lexicons,
    detector: LanguageDetector,
    config: Config,
) -> Plan:
    """Fill the defaults, once the text has a sentence. Raises InvalidRequestError: the field, and what is allowed."""
    synthesis = config.synthesis

    def turn(one: SpeechRequest) -> Turn:
        named, detect = choose(one, voices, detector, synthesis)
        reading = reading_of(one, named.voice.language, synthesis)
        text = one.text
        # A whole text is a stream that has already ended, so that there is one path for both from here on.
        if isinstance(text, str):
            text = whole(text, reading, max_text_length=synthesis.max_text_length, keeps_places=request.words)
        if isinstance(text, tuple):
            raise TypeError("a turn has no turns")
        text.read_as(reading)
        text.wait()
        return Turn(text, Cast(one, named, voices, lexicons, config, detect))

    turns: tuple[Turn, ...]
    if isinstance(request.text, tuple):
        turns = _turns(request.text, turn, synthesis.max_text_length)
    else:
        turns = (turn(request),)
    main = turns[0].cast.main
    response_format = given(request.response_format, synthesis.format)
    encoder = ALL_ENCODERS[response_format]
    default_rate = encoder.assumed_rate or encoder.closest(synthesis.sample_rate or main.voice.sample_rate)
    sample_rate = given(request.sample_rate, default_rate)
    if not encoder.carries(sample_rate):
        allowed = ", ".join(map(str, encoder.sample_rates))
        raise InvalidRequestError(
            f"Invalid 'sample_rate': {response_format} has no {sample_rate} Hz; allowed: {allowed}", param="sample_rate"
        )
    spoken_in = likely_language(request.text) if isinstance(request.text, str) else None
    return Plan(
        listener=listener,
        turns=turns,
        voice=main.voice,
        volume=main.volume,
        silences=silences_of(request, main, synthesis),
        response_format=response_format,
        sample_rate=sample_rate,
        kbps=request.kbps,
        use_cache=given(request.use_cache, True),  # noqa: FBT003
        words=request.words,
        in_bulk=request.in_bulk,
        gives_way=request.gives_way or request.in_bulk,
        other_language=None if spoken_in is None or speaks(main.voice.language, spoken_in) else spoken_in,
    )


def choose(
    request: SpeechRequest, voices: Voices, detector: LanguageDetector, synthesis: SynthesisConfig
) -> tuple[NamedVoice, Callable[[str], str] | None]:
    """Return the voice of a request, and what tells the language of a sentence where each may have its own.

    Raises VoiceNotFoundError, and InvalidRequestError where the detector is not installed.
    """
    is_auto = request.language is not None and request.language.lower() == AUTO
    named = voices.choose(request.voice, None if is_auto else request.language, request.model)
    if not is_auto and (request.language is not None or not synthesis.detect_language):
        return named, None
    return named, detector.among(family(voice.language) for voice in voices.all())


def _turns(
    requests: Sequence[SpeechRequest], turn: Callable[[SpeechRequest], Turn], max_text_length: int
) -> tuple[Turn, ...]:
    """Return the turns of a dialogue; an error says which of them is wrong."""
    turns, characters = list[Turn](), 0
    for number, request in enumerate(requests):
        try:
            turns.append(turn(request))
        except SpeechError as error:
            error.message = f"In turn {number}, counted from 0: {error.message}"
            error.param = f"text.{number}{'.' if error.param else ''}{error.param or ''}"
            raise
        characters += turns[-1].text.characters
        if characters > max_text_length:
            raise TextTooLongError(max_text_length)
    return tuple(turns)


def reading_of(request: SpeechRequest, language: str, synthesis: SynthesisConfig) -> Reading:
    """Return how the text of a request is read in a language."""
    is_ssml = request.text_format == "ssml"
    return Reading(
        language,
        "ssml" if is_ssml else given(request.markup, synthesis.markup),
        given(request.emoji, synthesis.emoji),
        has_tags=not is_ssml and given(request.enable_ssml_parsing, synthesis.enable_ssml_parsing),
    )


def silences_of(request: SpeechRequest, role: Role, synthesis: SynthesisConfig) -> Silences:
    """Return the pauses of a request; those between paragraphs are those between sentences where nobody says."""
    return Silences(
        lead=given(request.lead_silence, synthesis.lead_silence),
        paragraph=given(request.paragraph_silence, given(synthesis.paragraph_silence, role.sentence_silence)),
        tail=given(request.tail_silence, synthesis.tail_silence),
    )
