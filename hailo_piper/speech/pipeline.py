"""The pipeline: SpeechRequest to AudioChunks to bytes.

Every door (HTTP, the command line) calls `Speech.speak`. What is wrong with a request is raised there, at once, and
so is a failure of the first piece of speech; from then on a `Reply` is only read.
"""

import logging
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain

from hailo_piper.audio.encoding import ENCODERS, Encoder
from hailo_piper.audio.limiter import Limiter
from hailo_piper.audio.samples import AudioChunk, resample, resampled_length, silence
from hailo_piper.cache.in_progress import Flights
from hailo_piper.cache.store import Cache
from hailo_piper.config.settings import Config
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.loaded_voices import LoadedVoices
from hailo_piper.errors import AbandonedError, BusyError, InvalidRequestError, SynthesisError
from hailo_piper.monitoring.metrics import Metrics
from hailo_piper.speech.admission import Admission, Ticket
from hailo_piper.speech.plan import Plan, SpeechRequest, make_plan
from hailo_piper.speech.spoken_text import SpokenText
from hailo_piper.voices.names import Voices

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What one request cost, for its log line."""

    started: float = field(default_factory=time.monotonic)
    audio_seconds: float = 0.0
    synthesis_seconds: float = 0.0
    first_audio_seconds: float | None = None
    cached: str = "miss"
    """How much of it was in the cache: hit, miss or partial."""
    num_samples: int | None = None
    """Samples of the whole answer at its own rate, where they are known when its first audio is."""

    def take_leave(self) -> None:
        """Take note that bytes are about to leave."""
        if self.first_audio_seconds is None:
            self.first_audio_seconds = time.monotonic() - self.started


class Reply:
    """One answer: what stands above the bytes, and the bytes, never none at a time, to be read once and closed."""

    def __init__(self, plan: Plan, encoder: Encoder, *, cached: str, content_length: int | None,  # noqa: PLR0913
                 first: bytes, rest: Generator[bytes, None, None]) -> None:  # fmt: skip
        self._encoder = encoder
        self.characters = plan.characters
        """Of the text, after trimming."""
        self.content_type = ENCODERS[plan.response_format].content_type
        self.extension = plan.response_format
        self.sample_rate = plan.sample_rate
        """Hz."""
        self.cached = cached
        """How much of it came out of the cache: hit, miss or partial."""
        self.content_length = content_length
        """Bytes; None where the end is not known yet."""
        self._first = first
        self._rest = rest

    def __iter__(self) -> Iterator[bytes]:
        first, self._first = self._first, b""
        return chain(filter(None, [first]), self._rest)

    @property
    def audio_seconds(self) -> float:
        """How much sound has been encoded so far."""
        return self._encoder.num_samples / self.sample_rate

    def exact_header(self) -> bytes:
        """What the first bytes should have been, now that all have been read."""
        return self._encoder.header(self._encoder.num_samples)

    def close(self) -> None:
        """Stop the work, at the latest after the inference under way, and free its place."""
        self._first = b""
        self._rest.close()


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
        self.admission = admission
        self.metrics = metrics
        self.cache = cache
        self.loaded = loaded
        self.voices = voices
        self._flights = Flights()
        self._config = config

    def speak(self, request: SpeechRequest, *, listener: str, has_left: Callable[[], bool] = lambda: False) -> Reply:
        """Answer a request, as soon as its first audio exists. `has_left`: whether nobody waits for it any more.

        Raises SpeechError: everything that is wrong with the request, BusyError where no place or no turn came in
        time, AbandonedError where the client left before that, SynthesisError where the first piece of speech failed.
        """
        plan = make_plan(request, listener=listener, voices=self.voices, config=self._config)
        tally = _Tally()
        encoder = ENCODERS[plan.response_format].make(plan.sample_rate, self._config.encoding)
        body = self._body(plan, tally, encoder, has_left)
        first = next(body, b"")
        content_length = None if tally.num_samples is None else encoder.size(tally.num_samples)
        return Reply(plan, encoder, cached=tally.cached, content_length=content_length, first=first, rest=body)

    def _body(
        self, plan: Plan, tally: _Tally, encoder: Encoder, has_left: Callable[[], bool]
    ) -> Generator[bytes, None, None]:
        """The answer's bytes. Holds a place from before the first of them until after the last."""
        with closing(encoder):
            deadline = tally.started + self._config.performance.request_timeout
            ticket = self.admission.enter(plan.characters, deadline=deadline, has_left=has_left)
            cost = None
            # Who waits for a voice to be loaded gives up his place, as one who takes nothing does.
            ticket.handed_over = self.admission.clock()
            try:
                with (
                    self.loaded.borrow(plan.voice, deadline=deadline, has_left=has_left) as engine,
                    closing(self._spoken(plan, tally, encoder, engine, ticket)) as spoken,
                ):
                    ticket.handed_over = None
                    for data in spoken:
                        ticket.handed_over = self.admission.clock()
                        yield data
                        ticket.handed_over = None
                cost = tally.synthesis_seconds
            finally:
                self.admission.leave(ticket, synthesis_seconds=cost)

    def _spoken(
        self, plan: Plan, tally: _Tally, encoder: Encoder, engine: Engine, ticket: Ticket
    ) -> Generator[bytes, None, None]:
        """The bytes, with a place in hand; logs the request's line at the end."""
        sentences = SpokenText(
            plan, engine=engine, cache=self.cache, flights=self._flights, admission=self.admission, ticket=ticket
        )
        tally.cached = sentences.cached
        outcome = "failed"
        try:
            chunks = resample(self._limited(self._with_silence(plan, tally, sentences), plan, engine), plan.sample_rate)
            for data in _encode(chunks, encoder, tally, lambda: _num_samples(plan, sentences)):
                tally.take_leave()
                yield data
            outcome = "ok"
        except (GeneratorExit, AbandonedError):
            outcome = "client_left"
            raise
        except BusyError:
            raise self.admission.busy("the first audio did not come in time") from None
        except SynthesisError:
            if tally.first_audio_seconds is not None:
                logger.exception("speech failed after its first audio")
            raise
        finally:
            sentences.close()
            tally.synthesis_seconds, tally.cached = sentences.synthesis_seconds, sentences.cached
            if tally.first_audio_seconds is not None:
                _log(sentences.plan, tally, outcome)
                self.metrics.spoken(
                    plan.listener,
                    plan.response_format,
                    outcome,
                    first_audio_seconds=tally.first_audio_seconds,
                    synthesis_seconds=tally.synthesis_seconds,
                    audio_seconds=tally.audio_seconds,
                )

    def _with_silence(self, plan: Plan, tally: _Tally, sentences: SpokenText) -> Iterator[AudioChunk]:
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


def _encode(
    chunks: Iterator[AudioChunk], encoder: Encoder, tally: _Tally, num_samples: Callable[[], int | None]
) -> Iterator[bytes]:
    """Bytes as soon as there are any; `num_samples` is asked when the first chunk is there."""
    data = b""
    for chunk in chunks:
        if not tally.audio_seconds:
            tally.num_samples = num_samples()
            data = encoder.header(tally.num_samples)
        data += encoder.encode(chunk.samples)
        tally.audio_seconds += chunk.seconds
        if data:
            yield data
            data = b""
    if data := data + encoder.flush():
        yield data


def _log(plan: Plan, tally: _Tally, outcome: str) -> None:
    fields = {
        "listener": plan.listener,
        "voice": plan.voice.id,
        "response_format": plan.response_format,
        "characters": plan.characters,
        "cached": tally.cached,
        "audio_seconds": round(tally.audio_seconds, 3),
        "synthesis_seconds": round(tally.synthesis_seconds, 3),
        "first_audio_seconds": round(tally.first_audio_seconds or 0.0, 3),
        "outcome": outcome,
    }
    logger.info("speech", extra={"fields": fields})
    logger.debug("text", extra={"fields": {"sentences": [sentence.text for sentence in plan.sentences]}})
