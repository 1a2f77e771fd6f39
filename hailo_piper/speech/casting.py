"""A cast finds the role of each sentence: the voice of the request, or one that its text asks for."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from hailo_piper.config.settings import Config
from hailo_piper.engine.model import Delivery
from hailo_piper.errors import InvalidRequestError
from hailo_piper.speech.request import SpeechRequest, given
from hailo_piper.text.lexicon.directory import Lexicons
from hailo_piper.text.lexicon.matcher import Lexicon
from hailo_piper.text.manner import FASTEST, HIGHEST, LOWEST, SLOWEST
from hailo_piper.text.normalise.verbaliser import verbalise
from hailo_piper.text.sentence import Sentence, Span
from hailo_piper.text.voice_choice import VoiceChoice
from hailo_piper.voices.languages import family
from hailo_piper.voices.names import NamedVoice, Voices
from hailo_piper.voices.voice import Voice

_LOUDEST = 5.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Role:
    """A voice, and how it speaks the sentences that are its own."""

    voice: Voice
    delivery: Delivery
    volume: float
    sentence_silence: float
    """Seconds of silence before each of its sentences that begins no paragraph."""

    lexicons: tuple[Lexicon, ...]
    """Pronounce words of the text; those of the first one count first."""

    @property
    def speaker(self) -> tuple[Voice, int, tuple[tuple[int, float], ...]]:
        """The one who is heard: a voice, and its speaker or a mix of several."""
        return self.voice, self.delivery.speaker_id, self.delivery.speaker_mix


class Cast:
    """The roles of one text. Use it from one thread."""

    def __init__(  # noqa: PLR0913, PLR0917 - each is a part that a role is made of
        self,
        request: SpeechRequest,
        named: NamedVoice,
        voices: Voices,
        lexicons: Lexicons,
        config: Config,
        detect: Callable[[str], str] | None = None,
    ) -> None:
        """`named`: the voice of the request. Raises InvalidRequestError for a speaker that it does not have.

        `detect` returns the family of a sentence's language, where sentences may be in several.
        """
        self._request = request
        self._voices = voices
        self._lexicons = lexicons
        self._config = config
        self._normalize = given(request.normalize, config.synthesis.normalize)
        if request.speaker is not None:
            named = replace(named, speaker=request.speaker)
        self._named = named
        self.main = self._role(named)
        """The role of the request's own voice."""
        self._roles: dict[VoiceChoice | None, Role] = {None: self.main}
        self._speaking: dict[str, Role | None] = {}
        """The role of a language that a text is in, without having asked for a voice; None where no voice speaks it."""
        self._detect = detect

    def spoken(self, written: Sentence) -> tuple[Role, Sentence]:
        """Return who speaks a sentence, and the sentence as it is spoken. Raises RefusedTextError."""
        role = self.main
        # Most texts ask for nothing.
        if self._request.has_one_voice:
            written = replace(written, voice=None)
        elif written.voice is not None or written.spans or self._detect is not None:
            role, language = self._role_of(written)
            if language and family(language) != family(role.voice.language):
                written = replace(written, spans=_in_language(written, language))
        return role, verbalise(written, role.voice.language, role.lexicons, normalize=self._normalize)

    def _role_of(self, sentence: Sentence) -> tuple[Role, str]:
        """Return the role of a sentence, and the language of those spans that name none."""
        choice = sentence.voice
        role = self._roles.get(choice)
        if role is None and choice is not None:
            role = self._roles[choice] = self._chosen(choice)
        role = role or self.main
        language = _language_of(sentence)
        if choice is not None:
            # The text has named its voice, so no other one takes over.
            asked = [one for one in choice.languages if family(one) == family(role.voice.language)]
            return role, language or next(iter((*asked, *choice.languages)), "")
        if not language and self._detect is not None:
            language = self._detect(sentence.text)
        if not language or family(language) == family(role.voice.language):
            return role, ""
        # A whole sentence of another language has a voice of that language, where there is one.
        if language not in self._speaking:
            found = self._voices.speaking(language) or self._voices.speaking(family(language))
            self._speaking[language] = self._role(NamedVoice(found[0])) if found else None
        return self._speaking[language] or role, language

    def _chosen(self, choice: VoiceChoice) -> Role:
        """Return the role of what a text asks for; as much of that as there is."""
        # Few texts ask for voices, so a start does not wait for this import.
        from hailo_piper.voices.fitting import fitting

        return self._role(fitting(choice, self._named, self._voices), choice.speaker)

    def _role(self, named: NamedVoice, speaker: str = "") -> Role:
        """Return the role of a voice. `speaker`: another one of it, if it has that one.

        Raises InvalidRequestError for the voice's own speaker, if it does not have that one.
        """
        request, piper, synthesis = self._request, self._config.piper, self._config.synthesis
        voice, style = named.voice, named.style
        speakers = voice.mix_of(named.speaker)
        if speaker:
            # SSML has no errors for voices that are not there.
            with suppress(InvalidRequestError):
                speakers = voice.mix_of(speaker)
        return Role(
            voice=voice,
            delivery=Delivery(
                length_scale=given(request.length_scale, piper.length_scale),
                noise_scale=given(request.noise_scale, piper.noise_scale),
                noise_w_scale=given(request.noise_w_scale, piper.noise_w_scale),
                speaker_id=speakers[0][0],
                speaker_mix=speakers if len(speakers) > 1 else (),
                speed=min(max(given(request.speed, 1.0) * style.speed, SLOWEST), FASTEST),
                pitch=min(max(given(request.pitch, 1.0) * style.pitch, LOWEST), HIGHEST),
            ),
            volume=min(given(request.volume, piper.volume) * style.volume, _LOUDEST),
            sentence_silence=given(request.sentence_silence, given(style.sentence_silence, synthesis.sentence_silence)),
            lexicons=lexicons_of(request, self._lexicons, voice, voice.language),
        )


def lexicons_of(request: SpeechRequest, lexicons: Lexicons, voice: Voice | None, language: str) -> tuple[Lexicon, ...]:
    """Return what pronounces words of a request: its own rules, then the service's lexicons."""
    own = (Lexicon(request.pronunciations),) if request.pronunciations else ()
    if voice is None:
        return (*own, *lexicons.for_voice("", language))
    return (*own, *lexicons.for_voice(voice.id, language, voice.symbols))


def _language_of(sentence: Sentence) -> str:
    """Return the language that a whole sentence is in, as its text names it; nothing where it has several or none."""
    named = {span.language for span in sentence.spans if any(map(str.isalnum, span.spoken))}
    return named.pop() if len(named) == 1 else ""


def _in_language(sentence: Sentence, language: str) -> tuple[Span, ...]:
    """Return the spans of a sentence in a language where they name none."""
    spans: Sequence[Span] = sentence.spans or (Span(sentence.text, 0, len(sentence.text)),)
    return tuple(span if span.language else span._replace(language=language) for span in spans)
