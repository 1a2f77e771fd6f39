"""An explanation shows how a text would be read: its sentences, what is spoken for each, why, and the phonemes."""

from dataclasses import dataclass

from hailo_piper.config.settings import Config
from hailo_piper.engine.piper.espeak import Espeak
from hailo_piper.engine.piper.phonemes import PhonemeReader, phonemizer_of
from hailo_piper.errors import VoiceNotFoundError
from hailo_piper.speech.casting import lexicons_of
from hailo_piper.speech.plan import reading_of
from hailo_piper.speech.request import SpeechRequest, given
from hailo_piper.text.lexicon.directory import Lexicons
from hailo_piper.text.normalise.verbaliser import verbalise
from hailo_piper.text.sentence import Sentence
from hailo_piper.text.stream import whole
from hailo_piper.voices.espeak_data import is_language
from hailo_piper.voices.names import Voices
from hailo_piper.voices.voice import Voice

_CALLED = {"no": "nb", "zh": "cmn", "iw": "he", "in": "id"}
"""Families to espeak-ng's names for them, where they differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A run of a sentence that is spoken otherwise than it is written."""

    written: str
    spoken: str
    start: int
    """Code points from the beginning of the sentence, without its markup."""

    end: int
    rule: str
    phonemes: str
    """In the IPA, where a lexicon gives them; else empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSentence:
    """One sentence of the text."""

    text: str
    """As it was written, without its markup."""

    spoken: str
    changes: tuple[Change, ...]
    phonemes: str
    """As the voice gets them, in the IPA, with their punctuation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A whole text."""

    voice: str | None
    """The voice's id; None where none of this language is installed."""

    language: str
    sentences: tuple[ReadSentence, ...]


class Explainer:
    """The way from requests to explanations. Thread-safe; no voice is loaded for it."""

    def __init__(self, *, voices: Voices, lexicons: Lexicons, espeak: Espeak, config: Config) -> None:
        self._voices = voices
        self._lexicons = lexicons
        self._espeak = espeak
        self._config = config

    def explain(self, request: SpeechRequest) -> Explanation:
        """Return how the text of a request would be read. A language need not have a voice.

        Raises InvalidRequestError for what is wrong with the request, RefusedTextError among them, and SynthesisError
        where espeak-ng does not start.
        """
        if not isinstance(request.text, str):
            raise TypeError("only a whole text can be explained")
        voice = self._voice(request)
        language = voice.language if voice else request.language or ""
        synthesis = self._config.synthesis
        reading = reading_of(request, language, synthesis)
        lexicons = lexicons_of(request, self._lexicons, voice, language)
        normalize = given(request.normalize, synthesis.normalize)
        reader = self._reader(voice, language)
        sentences = whole(request.text, reading, max_text_length=synthesis.max_text_length).take()
        return Explanation(
            voice=voice.id if voice else None,
            language=language,
            sentences=tuple(
                _read(sentence, verbalise(sentence, language, lexicons, normalize=normalize), reader)
                for sentence in sentences
            ),
        )

    def _voice(self, request: SpeechRequest) -> Voice | None:
        """Return the request's voice; None where it only names a language, of which there is none but espeak-ng's."""
        try:
            return self._voices.choose(request.voice, request.language).voice
        except VoiceNotFoundError:
            if request.voice is not None or _espeak_voice(request.language or "") is None:
                raise
            return None

    def _reader(self, voice: Voice | None, language: str) -> PhonemeReader:
        if voice is None:
            return PhonemeReader(_espeak_voice(language) or language, self._espeak)
        return phonemizer_of(voice, self._espeak).reader


def _espeak_voice(language: str) -> str | None:
    """Return espeak-ng's name of a language: that of its region, else of its family; None where it has neither."""
    code = language.replace("_", "-").lower()
    family = code.partition("-")[0]
    return next((name for name in (code, family, _CALLED.get(family)) if name and is_language(name)), None)


def _read(written: Sentence, spoken: Sentence, reader: PhonemeReader) -> ReadSentence:
    changes = [
        Change(
            written=written.text[span.start : span.end],
            spoken=span.spoken,
            start=span.start,
            end=span.end,
            rule=span.rule,
            phonemes=span.phonemes,
        )
        for span in spoken.spans
        if span.rule
    ]
    return ReadSentence(
        text=written.text, spoken=spoken.text, changes=tuple(changes), phonemes="".join(reader.phonemes(spoken)).strip()
    )
