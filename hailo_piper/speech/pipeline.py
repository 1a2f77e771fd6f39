"""The pipeline turns a SpeechRequest into AudioChunks, and those into bytes.

Every listener and every command calls `Speech.speak`. What is wrong with a request is raised there, at once, and so is
a failure of the first piece of speech; from then on a `Reply` is only read.
"""

import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from hailo_piper.audio.encoding import ALL_ENCODERS, Encoder, at_bitrate
from hailo_piper.audio.resample import resample
from hailo_piper.audio.samples import AudioChunk
from hailo_piper.cache.in_progress import SentencesInProgress
from hailo_piper.cache.store import Cache, NullCache
from hailo_piper.config.settings import Config
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.loaded_voices import LoadedVoices
from hailo_piper.errors import AbandonedError, BusyError, MissingVoiceError, SynthesisError
from hailo_piper.monitoring.metrics import Metrics
from hailo_piper.monitoring.tracing import NO_SPAN, SentenceSpans, Span
from hailo_piper.speech.admission import Admission
from hailo_piper.speech.mastering import OnWords, at_level, encode, with_silence
from hailo_piper.speech.place import Place
from hailo_piper.speech.plan import Plan, make_plan
from hailo_piper.speech.reply import Reply
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.speech.sources import Sources
from hailo_piper.speech.spoken_text import SpokenText
from hailo_piper.speech.tally import Tally
from hailo_piper.speech.ticket import Ticket
from hailo_piper.text.language_detector import LanguageDetector
from hailo_piper.text.lexicon.directory import Lexicons
from hailo_piper.voices.names import Voices

if TYPE_CHECKING:
    from hailo_piper.speech.captions.formats import Captions

logger = logging.getLogger(__name__)

_T = TypeVar("_T")


class Speech:
    """The way from requests to replies. Thread-safe."""

    def __init__(  # noqa: PLR0913 - each is a part that the pipeline runs through
        self,
        *,
        loaded: LoadedVoices,
        voices: Voices,
        lexicons: Lexicons,
        detector: LanguageDetector,
        cache: Cache,
        admission: Admission,
        metrics: Metrics,
        config: Config,
    ) -> None:
        self._admission = admission
        self._metrics = metrics
        self._cache = cache
        self._loaded = loaded
        self._voices = voices
        self._lexicons = lexicons
        self._in_progress = SentencesInProgress()
        self._detector = detector
        self._config = config

    def speak(
        self,
        request: SpeechRequest,
        *,
        listener: str,
        has_left: Callable[[], bool] = lambda: False,
        span: Span = NO_SPAN,
    ) -> Reply:
        """Answer a request, as soon as its first audio exists. `has_left`: whether its client does not wait any more.

        `span`: the request's own, to which each step becomes a child.

        Raises SpeechError: everything that is wrong with the request, BusyError if no place or no turn came in time,
        AbandonedError if the client left before that, SynthesisError if the first piece of speech failed, and no
        voice of `engines.fallback` speaks.
        """
        return self._fallen_back(request, lambda plan: self._reply(plan, has_left, span), listener, span)

    def speak_whole(
        self,
        request: SpeechRequest,
        read: Callable[[Reply], _T],
        *,
        listener: str,
        has_left: Callable[[], bool] = lambda: False,
        span: Span = NO_SPAN,
    ) -> _T:
        """Have a reply read to its end, and return what `read` makes of it; raises as `speak`, and as `read` does.

        Nobody has any of it before that, so `read` is called again, with another voice's reply, where a voice of
        `engines.fallback` speaks instead of one that fails at any sentence. It gives way to those who listen.
        """

        def spoken(plan: Plan) -> _T:
            with closing(self._reply(plan, has_left, span)) as reply:
                return read(reply)

        return self._fallen_back(replace(request, gives_way=True), spoken, listener, span)

    def _fallen_back(self, request: SpeechRequest, answer: Callable[[Plan], _T], listener: str, span: Span) -> _T:
        """Return the answer to a request, by a voice of `engines.fallback` where its own fails, hangs or is missing."""
        plan: Plan | None = None
        try:
            plan = self._plan(request, listener, span)
            return answer(plan)
        except (SynthesisError, BusyError, MissingVoiceError) as error:
            if isinstance(error, BusyError) and not self._hangs():
                raise
            if plan is not None:
                self._metrics.voice_failed(plan.voice.engine)
            if not self._config.engines.fallback:
                raise
            failure = error
        # No voice fails usually, so a start does not wait for this import.
        from hailo_piper.speech.fallback import chain_of, fallen_back

        def speak(other: SpeechRequest) -> _T:
            return answer(replace(self._plan(other, listener, span), stands_in=True))

        chain = chain_of(self._config.engines.fallback, plan, failure, self._voices.all())
        done, voice = fallen_back(request, chain, failure, speak)
        self._metrics.fell_back(voice.engine)
        return done

    def _hangs(self) -> bool:
        """Return whether a voice, not the load of the machine, is why the first audio did not come in time."""
        return self._loaded.default.stalled_seconds() >= self._config.performance.request_timeout / 2

    def _reply(self, plan: Plan, has_left: Callable[[], bool], span: Span) -> Reply:
        """Return the answer to a plan, once its first audio exists. Raises as `speak` does."""
        tally = Tally()
        encoding = at_bitrate(self._config.encoding, plan.kbps)
        encoder: Encoder = ALL_ENCODERS[plan.response_format].make(plan.sample_rate, encoding)
        if span.is_recording:
            from hailo_piper.speech.timed_encoder import TimedEncoder

            encoder = TimedEncoder(encoder, span)
        body = self._body(plan, tally, encoder, self._place(has_left, span), span)
        first = next(body, b"")
        for turn in plan.turns:
            turn.text.forget()
        return Reply(plan, encoder, tally, first=first, rest=body)

    def check(self, request: SpeechRequest) -> None:
        """Raise InvalidRequestError where `speak` would do so before its first audio; speak nothing."""
        self._plan(request, "http", NO_SPAN)

    def captions(
        self, request: SpeechRequest, *, listener: str, has_left: Callable[[], bool], span: Span = NO_SPAN
    ) -> "Captions":
        """Return the captions of a whole text that is not spoken. Raises as `speak` does."""
        # Few requests want captions, so the start does not wait for this import.
        from hailo_piper.speech.captioner import captions

        def written(plan: Plan) -> "Captions":
            place = self._place(has_left, span)
            with place.taken(plan) as ticket, span.child("words"):
                sources = partial(self._sources, plan, ticket, SentenceSpans(NO_SPAN))
                return captions(plan, place, ticket, sources, has_left)

        return self._fallen_back(replace(request, words=True, gives_way=True), written, listener, span)

    def _plan(self, request: SpeechRequest, listener: str, span: Span) -> Plan:
        with span.child("plan"):
            return make_plan(
                request,
                listener=listener,
                voices=self._voices,
                lexicons=self._lexicons,
                detector=self._detector,
                config=self._config,
            )

    def _place(self, has_left: Callable[[], bool], span: Span) -> Place:
        patience = self._config.performance.request_timeout
        return Place(self._admission, self._loaded, patience_seconds=patience, has_left=has_left, span=span)

    def _sources(self, plan: Plan, ticket: Ticket, spans: SentenceSpans, engine: Engine) -> Sources:
        cache = self._cache if plan.use_cache else NullCache()
        return Sources(engine=engine, cache=cache, in_progress=self._in_progress, ticket=ticket, spans=spans)

    def _body(
        self, plan: Plan, tally: Tally, encoder: Encoder, place: Place, span: Span
    ) -> Generator[bytes, None, None]:
        """Yield the answer's bytes. Holds a place from before the first of them until after the last."""
        with closing(encoder), place.taken(plan) as ticket:
            text = SpokenText(plan, place, ticket, partial(self._sources, plan, ticket, SentenceSpans(span)))
            with closing(self._spoken(plan, tally, encoder, text, span)) as spoken:
                for data in spoken:
                    self._admission.note_sound(ticket, encoder.num_samples / plan.sample_rate)
                    with ticket.set_aside():
                        yield data
            place.synthesis_seconds = tally.synthesis_seconds

    def _spoken(
        self, plan: Plan, tally: Tally, encoder: Encoder, text: SpokenText, span: Span
    ) -> Generator[bytes, None, None]:
        """Yield the bytes, with a place in hand; log the request's line at the end."""
        tally.cached = text.cached

        outcome = "failed"
        try:
            # Not a closure over the text: a reference cycle would keep the voice until the garbage collector runs.
            for data in encode(
                self._mastered(text, plan, tally.note_words),
                encoder,
                partial(text.note_length, tally),
            ):
                if tally.first_audio_seconds is None:
                    tally.note_bytes()
                    span.event("first audio")
                yield data
            outcome = "ok"
        except (GeneratorExit, AbandonedError):
            outcome = "client_left"
            raise
        except BusyError:
            raise self._admission.busy("the first audio did not come in time") from None
        except SynthesisError:
            if tally.first_audio_seconds is not None:
                logger.exception("speech failed after its first audio")
            raise
        finally:
            text.close()
            tally.synthesis_seconds, tally.cached = text.synthesis_seconds, text.cached
            tally.audio_seconds = encoder.num_samples / plan.sample_rate
            tally.report(plan, outcome, span, self._metrics)

    def _mastered(self, text: SpokenText, plan: Plan, on_words: OnWords) -> Iterator[AudioChunk]:
        """Return the chunks with their pauses, at the level and the rate asked for."""
        piper = self._config.piper
        # One gain for all that the voice says: its volume, and its way to the target loudness.
        decibels = piper.target_lufs - text.lufs if piper.normalize_audio else 0.0
        gain = plan.volume * 10 ** (decibels / 20)
        chunks = at_level(with_silence(text, plan.silences, on_words, text.tail), gain, plan.voice.sample_rate)
        return resample(chunks, plan.sample_rate)
