"""An explanation shows how a text would be read: its sentences, what is spoken for each, why, and the phonemes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import chain

from hailo_piper.config.settings import Config
from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.phonemes.phonemes import PhonemeReader, Phonemizer, phonemizer_of
from hailo_piper.errors import TextTooLongError, VoiceNotFoundError
from hailo_piper.speech.casting import Cast, Role, lexicons_of
from hailo_piper.speech.plan import choose, reading_of
from hailo_piper.speech.request import SpeechRequest, given
from hailo_piper.text.language_detector import LanguageDetector
from hailo_piper.text.lexicon.directory import Lexicons
from hailo_piper.text.normalise.verbaliser import verbalise
from hailo_piper.text.sentence import Sentence
from hailo_piper.text.stream import whole
from hailo_piper.voices.espeak_data import is_language
from hailo_piper.voices.names import NamedVoice, Voices

_CALLED = {"no": "nb", "zh": "cmn", "iw": "he", "in": "id"}
"""Families to espeak-ng's names for them, where they differ."""
_ANY_LANGUAGE = "en-us"
"""The reader of a voice of another engine, whose language espeak-ng does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A run of a sentence that is spoken otherwise than it is written."""

    written: str
    spoken: str
    start: int
    """Code points from the beginning of the sentence, without its markup."""

    end: int
    rule: str
    """The kind of hard text; `lexicon`; or an element of SSML: `say-as`, `phoneme`, `lang`."""

    phonemes: str
    """In the IPA, where a lexicon or the text gives them; else empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSentence:
    """One sentence of the text."""

    voice: str | None
    """The id of the voice that speaks it; None where none of its language is installed."""

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
    """The id of the request's voice, or its first turn's; None where none of this language is installed."""

    language: str
    sentences: tuple[ReadSentence, ...]


class Explainer:
    """The way from requests to explanations. Thread-safe; no voice is loaded for it."""

    def __init__(
        self, *, voices: Voices, lexicons: Lexicons, detector: LanguageDetector, espeak: Espeak, config: Config
    ) -> None:
        self._voices = voices
        self._detector = detector
        self._lexicons = lexicons
        self._espeak = espeak
        self._config = config
        self._phonemizers: dict[str, Phonemizer] = {}

    def explain(self, request: SpeechRequest) -> Explanation:
        """Return how the text of a request, or of each of its turns, would be read. A language need not have a voice.

        Raises InvalidRequestError for what is wrong with the request, RefusedTextError among them, and SynthesisError
        where espeak-ng does not start.
        """
        turns = request.text if isinstance(request.text, tuple) else (request,)
        explained, left = list[Explanation](), self._config.synthesis.max_text_length
        for turn in turns:
            explanation, characters = self._turn(turn)
            explained.append(explanation)
            left -= characters
            if left < 0:
                raise TextTooLongError(self._config.synthesis.max_text_length)
        return replace(explained[0], sentences=tuple(chain.from_iterable(one.sentences for one in explained)))

    def _turn(self, request: SpeechRequest) -> tuple[Explanation, int]:
        """Return how one text would be read, and its characters."""
        if not isinstance(request.text, str):
            raise TypeError("only a whole text can be explained")
        named, detect = self._named(request)
        language = named.voice.language if named else request.language or ""
        synthesis = self._config.synthesis
        text = whole(request.text, reading_of(request, language, synthesis), max_text_length=synthesis.max_text_length)
        sentences = text.take()
        if named is not None:
            cast = Cast(request, named, self._voices, self._lexicons, self._config, detect)
            read = tuple(self._spoken(sentence, *cast.spoken(sentence)) for sentence in sentences)
            return Explanation(voice=named.voice.id, language=language, sentences=read), text.characters
        lexicons = lexicons_of(request, self._lexicons, None, language)
        normalize = given(request.normalize, synthesis.normalize)
        reader = PhonemeReader(_espeak_voice(language) or language, self._espeak)
        written = ((sentence, verbalise(sentence, language, lexicons, normalize=normalize)) for sentence in sentences)
        read = tuple(_read(sentence, spoken, spoken, reader, None) for sentence, spoken in written)
        return Explanation(voice=None, language=language, sentences=read), text.characters

    def _spoken(self, written: Sentence, role: Role, spoken: Sentence) -> ReadSentence:
        if role.voice.engine != "piper":
            reader = PhonemeReader(_espeak_voice(role.voice.language) or _ANY_LANGUAGE, self._espeak)
            return _read(written, spoken, spoken, reader, role.voice.id)
        phonemizer = self._phonemizers.get(role.voice.id)
        if phonemizer is None:
            phonemizer = self._phonemizers[role.voice.id] = phonemizer_of(role.voice, self._espeak)
        return _read(written, spoken, phonemizer.in_own_sounds(spoken), phonemizer.reader, role.voice.id)

    def _named(self, request: SpeechRequest) -> tuple[NamedVoice | None, Callable[[str], str] | None]:
        """Return what `plan.choose` does; no voice where a request only names a language that espeak-ng alone has."""
        try:
            return choose(request, self._voices, self._detector, self._config.synthesis)
        except VoiceNotFoundError:
            if request.voice is not None or _espeak_voice(request.language or "") is None:
                raise
            return None, None


def _espeak_voice(language: str) -> str | None:
    """Return espeak-ng's name of a language: that of its region, else of its family; None where it has neither."""
    code = language.replace("_", "-").lower()
    family = code.partition("-")[0]
    return next((name for name in (code, family, _CALLED.get(family)) if name and is_language(name)), None)


def _read(
    written: Sentence, spoken: Sentence, heard: Sentence, reader: PhonemeReader, voice: str | None
) -> ReadSentence:
    """Return a sentence as it is read. `heard`: as it is spoken, its foreign words in the sounds of the voice."""
    changes = [
        Change(
            written=written.text[span.start : span.end],
            spoken=span.spoken,
            start=span.start,
            end=span.end,
            rule=rule,
            phonemes=span.phonemes,
        )
        for span in spoken.spans
        if (rule := span.rule or ("phoneme" if span.phonemes else "lang" if span.language else ""))
    ]
    return ReadSentence(
        voice=voice,
        text=written.text,
        spoken=spoken.text,
        changes=tuple(changes),
        phonemes="".join(reader.phonemes(heard)).strip(),
    )
