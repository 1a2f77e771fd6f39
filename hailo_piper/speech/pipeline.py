"""The pipeline: SpeechRequest to AudioChunks to bytes.

Every door (HTTP, the command line) calls `Speech.speak`. What is wrong with a request is raised there, at once, and
so is a failure of the first piece of speech; from then on a `Reply` is only read.
"""

import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import closing

from hailo_piper.audio.encoding import ENCODERS, Encoder
from hailo_piper.audio.limiter import Limiter
from hailo_piper.audio.resample import resample, resampled_length
from hailo_piper.audio.samples import AudioChunk, silence
from hailo_piper.cache.in_progress import Flights
from hailo_piper.cache.store import Cache
from hailo_piper.config.settings import Config
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.loaded_voices import LoadedVoices
from hailo_piper.errors import AbandonedError, BusyError, InvalidRequestError, SynthesisError
from hailo_piper.monitoring.metrics import Metrics
from hailo_piper.speech.admission import Admission, Ticket
from hailo_piper.speech.mastering import encode
from hailo_piper.speech.plan import Plan, make_plan
from hailo_piper.speech.reply import Reply
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.speech.spoken_text import SpokenText
from hailo_piper.speech.tally import Tally, log_spoken
from hailo_piper.voices.names import Voices

logger = logging.getLogger(__name__)


class Speech:
    """Turns requests into replies; any number of threads may ask at once."""

    def __init__(  # noqa: PLR0913 - each is a part that the pipeline runs through
        self,
        *,
        loaded: LoadedVoices,
        voices: Voices,
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
        self._flights = Flights()
        self._config = config

    def speak(self, request: SpeechRequest, *, listener: str, has_left: Callable[[], bool] = lambda: False) -> Reply:
        """Answer a request, as soon as its first audio exists. `has_left`: whether nobody waits for it any more.

        Raises SpeechError: everything that is wrong with the request, BusyError where no place or no turn came in
        time, AbandonedError where the client left before that, SynthesisError where the first piece of speech failed.
        """
        plan = make_plan(request, listener=listener, voices=self._voices, config=self._config)
        tally = Tally()
        encoder = ENCODERS[plan.response_format].make(plan.sample_rate, self._config.encoding)
        body = self._body(plan, tally, encoder, has_left)
        first = next(body, b"")
        content_length = None if tally.num_samples is None else encoder.size(tally.num_samples)
        return Reply(plan, encoder, cached=tally.cached, content_length=content_length, first=first, rest=body)

    def _body(
        self, plan: Plan, tally: Tally, encoder: Encoder, has_left: Callable[[], bool]
    ) -> Generator[bytes, None, None]:
        """The answer's bytes. Holds a place from before the first of them until after the last."""
        with closing(encoder):
            deadline = tally.started + self._config.performance.request_timeout
            ticket = self._admission.enter(plan.characters, deadline=deadline, has_left=has_left)
            cost = None
            # Who waits for a voice to be loaded gives up his place, as one who takes nothing does.
            ticket.handed_over = self._admission.clock()
            try:
                with (
                    self._loaded.borrow(plan.voice, deadline=deadline, has_left=has_left) as engine,
                    closing(self._spoken(plan, tally, encoder, engine, ticket)) as spoken,
                ):
                    ticket.handed_over = None
                    for data in spoken:
                        ticket.handed_over = self._admission.clock()
                        yield data
                        ticket.handed_over = None
                cost = tally.synthesis_seconds
            finally:
                self._admission.leave(ticket, synthesis_seconds=cost)

    def _spoken(
        self, plan: Plan, tally: Tally, encoder: Encoder, engine: Engine, ticket: Ticket
    ) -> Generator[bytes, None, None]:
        """The bytes, with a place in hand; logs the request's line at the end."""
        sentences = SpokenText(
            plan, engine=engine, cache=self._cache, flights=self._flights, admission=self._admission, ticket=ticket
        )
        tally.cached = sentences.cached
        outcome = "failed"
        try:
            chunks = resample(self._limited(self._with_silence(plan, tally, sentences), plan, engine), plan.sample_rate)
            for data in encode(chunks, encoder, tally, lambda: _num_samples(plan, sentences)):
                tally.take_leave()
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
            sentences.close()
            tally.synthesis_seconds, tally.cached = sentences.synthesis_seconds, sentences.cached
            if tally.first_audio_seconds is not None:
                log_spoken(sentences.plan, tally, outcome)
                self._metrics.spoken(
                    plan.listener,
                    plan.response_format,
                    outcome,
                    first_audio_seconds=tally.first_audio_seconds,
                    synthesis_seconds=tally.synthesis_seconds,
                    audio_seconds=tally.audio_seconds,
                )

    def _with_silence(self, plan: Plan, tally: Tally, sentences: SpokenText) -> Iterator[AudioChunk]:
        """The sentences one after the other, at the voice's own level, with silence between them."""
        between = False
        for sentence in sentences:
            deadline = None if between else tally.started + self._config.performance.request_timeout
            for place, chunk in enumerate(sentences.read(sentence, deadline=deadline)):
                if place == 0 and between and plan.sentence_silence:
                    yield silence(plan.sentence_silence, chunk.sample_rate)
                between = True
                yield chunk
        if not between:
            raise InvalidRequestError("The text has nothing to say in this voice", param="text")

    def _limited(self, chunks: Iterator[AudioChunk], plan: Plan, engine: Engine) -> Iterator[AudioChunk]:
        """The chunks at the level asked for: one gain for all that the voice says, and no peak over the ceiling."""
        piper = self._config.piper
        decibels = piper.target_lufs - engine.lufs if piper.normalize_audio else 0.0
        gain = plan.volume * 10 ** (decibels / 20)
        limiter = Limiter(plan.voice.sample_rate)
        for chunk in chunks:
            samples = limiter.push(chunk.samples * gain)
            # It holds back a few milliseconds, and so perhaps the whole of a very small chunk.
            if len(samples):
                yield AudioChunk(samples, chunk.sample_rate)
        yield AudioChunk(limiter.flush(), plan.voice.sample_rate)


def _num_samples(plan: Plan, sentences: SpokenText) -> int | None:
    """Samples of the answer, where it is one sentence whose length is known before it is spoken."""
    if sentences.num_samples is None:
        return None
    return resampled_length(sentences.num_samples, plan.voice.sample_rate, plan.sample_rate)
