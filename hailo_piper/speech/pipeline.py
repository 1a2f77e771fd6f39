"""The pipeline turns a SpeechRequest into AudioChunks, and those into bytes.

Every listener and every command calls `Speech.speak`. What is wrong with a request is raised there, at once, and so is
a failure of the first piece of speech; from then on a `Reply` is only read.
"""

import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing
from functools import partial

from hailo_piper.audio.encoding import ENCODERS, Encoder
from hailo_piper.audio.resample import resample, resampled_length
from hailo_piper.audio.samples import AudioChunk, silence
from hailo_piper.audio.word import Word
from hailo_piper.cache.in_progress import SentencesInProgress
from hailo_piper.cache.store import Cache
from hailo_piper.config.settings import Config
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.loaded_voices import LoadedVoices
from hailo_piper.errors import AbandonedError, BusyError, SynthesisError
from hailo_piper.monitoring.metrics import Metrics
from hailo_piper.monitoring.tracing import NO_SPAN, Span
from hailo_piper.speech.admission import Admission, Ticket
from hailo_piper.speech.mastering import at_level, encode, with_silence
from hailo_piper.speech.plan import Plan, make_plan
from hailo_piper.speech.reply import Reply
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.speech.sources import Sources
from hailo_piper.speech.spoken_text import SpokenText
from hailo_piper.speech.tally import Tally
from hailo_piper.text.lexicon.directory import Lexicons
from hailo_piper.voices.names import Voices

logger = logging.getLogger(__name__)


class Speech:
    """The way from requests to replies. Thread-safe."""

    def __init__(  # noqa: PLR0913 - each is a part that the pipeline runs through
        self,
        *,
        loaded: LoadedVoices,
        voices: Voices,
        lexicons: Lexicons,
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
        AbandonedError if the client left before that, SynthesisError if the first piece of speech failed.
        """
        with span.child("plan"):
            plan = make_plan(
                request, listener=listener, voices=self._voices, lexicons=self._lexicons, config=self._config
            )
        tally = Tally()
        encoder: Encoder = ENCODERS[plan.response_format].make(plan.sample_rate, self._config.encoding)
        if span.is_recording:
            from hailo_piper.speech.timed_encoder import TimedEncoder

            encoder = TimedEncoder(encoder, span)
        body = self._body(plan, tally, encoder, has_left, span)
        first = next(body, b"")
        content_length = None if tally.num_samples is None else encoder.size(tally.num_samples)
        return Reply(
            plan, encoder, cached=tally.cached, content_length=content_length, words=tally.words, first=first, rest=body
        )

    def _body(
        self, plan: Plan, tally: Tally, encoder: Encoder, has_left: Callable[[], bool], span: Span
    ) -> Generator[bytes, None, None]:
        """Yield the answer's bytes. Holds a place from before the first of them until after the last."""
        with closing(encoder):
            deadline = tally.started + self._config.performance.request_timeout
            with span.child("wait"):
                ticket = self._admission.enter(plan.characters, deadline=deadline, has_left=has_left)
            cost = None
            try:
                with ExitStack() as stack:
                    # Loading a voice takes a while, in which another request may have the place.
                    with ticket.set_aside(), span.child("voice"):
                        borrowed = self._loaded.borrow(plan.voice, deadline=deadline, has_left=has_left)
                        engine = stack.enter_context(borrowed)
                    spoken = self._spoken(plan, tally, encoder, engine, ticket, deadline, span)
                    for data in stack.enter_context(closing(spoken)):
                        with ticket.set_aside():
                            yield data
                cost = tally.synthesis_seconds
            finally:
                self._admission.leave(ticket, synthesis_seconds=cost)

    def _spoken(  # noqa: PLR0913, PLR0917 - each is one part of the request that is under way
        self, plan: Plan, tally: Tally, encoder: Encoder, engine: Engine, ticket: Ticket, deadline: float, span: Span
    ) -> Generator[bytes, None, None]:
        """Yield the bytes, with a place in hand; log the request's line at the end."""
        # Not a closure over the text: a reference cycle would keep the voice until the garbage collector runs.
        sources = Sources(
            engine=engine,
            cache=self._cache,
            in_progress=self._in_progress,
            is_stalled=ticket.is_stalled,
            span=span,
        )
        text = SpokenText(plan, sources, ticket=ticket, deadline=deadline)
        tally.cached = text.cached

        outcome = "failed"
        try:
            for data in encode(
                self._mastered(text, plan, engine, tally.words.extend),
                encoder,
                partial(_note_length, text, plan, tally),
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
            self._report(plan, tally, outcome, span)

    def _report(self, plan: Plan, tally: Tally, outcome: str, span: Span) -> None:
        """Tell the log, the metrics and a trace what a request cost."""
        fields = tally.fields(plan, outcome)
        if span.is_recording:
            span.note({f"speech.{name}": value for name, value in fields.items()})
        if tally.first_audio_seconds is None:
            return
        if outcome == "failed":
            span.fail("synthesis_failed")
        logger.info("speech", extra={"fields": fields})
        self._metrics.spoken(
            plan.listener,
            plan.response_format,
            outcome,
            first_audio_seconds=tally.first_audio_seconds,
            synthesis_seconds=tally.synthesis_seconds,
            audio_seconds=tally.audio_seconds,
        )

    def _mastered(
        self, text: SpokenText, plan: Plan, engine: Engine, on_words: Callable[[Sequence[Word]], None]
    ) -> Iterator[AudioChunk]:
        """Return the chunks with their pauses, at the level and the rate asked for."""
        piper = self._config.piper
        # One gain for all that the voice says: its volume, and its way to the target loudness.
        decibels = piper.target_lufs - engine.lufs if piper.normalize_audio else 0.0
        gain = plan.volume * 10 ** (decibels / 20)
        chunks = at_level(with_silence(text, plan.silences, on_words), gain, plan.voice.sample_rate)
        return resample(chunks, plan.sample_rate)


def _note_length(text: SpokenText, plan: Plan, tally: Tally) -> int | None:
    """Return the samples of the answer, if it is one sentence whose length is known before it is spoken."""
    if text.num_samples is not None:
        rate = plan.voice.sample_rate
        around = sum(len(silence(seconds, rate).samples) for seconds in (plan.silences.lead, plan.silences.tail))
        tally.num_samples = resampled_length(text.num_samples + around, rate, plan.sample_rate)
    return tally.num_samples
