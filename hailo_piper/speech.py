"""The pipeline: SpeechRequest to AudioChunks to bytes.

Every door (HTTP, the command line) calls `Speech.speak`. What is wrong with a request is raised there, at once, and
so is a failure of the first piece of speech; from then on a `Reply` is only read.
"""

import logging
import threading
import time
from collections.abc import Callable, Generator, Hashable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain

from hailo_piper.audio import AudioChunk, length_at_tempo, resample, resampled_length, silence
from hailo_piper.cache import Cache
from hailo_piper.config import Config
from hailo_piper.encoding import ENCODERS, Encoder
from hailo_piper.engine import Engine
from hailo_piper.errors import BusyError, InvalidRequestError, SynthesisError
from hailo_piper.limiter import Limiter
from hailo_piper.plan import Plan, SpeechRequest, make_plan
from hailo_piper.stream import Stream
from hailo_piper.text import Sentence
from hailo_piper.voices import Voices

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What one request cost, for its log line."""

    started: float = field(default_factory=time.monotonic)
    audio_seconds: float = 0.0
    synthesis_seconds: float = 0.0
    first_audio_seconds: float | None = None
    cached_sentences: int = 0
    num_samples: int | None = None
    """Samples of the whole answer at its own rate, where they are known when its first audio is."""

    def take_leave(self) -> None:
        """Take note that bytes are about to leave."""
        if self.first_audio_seconds is None:
            self.first_audio_seconds = time.monotonic() - self.started


class Reply:
    """One answer: what stands above the bytes, and the bytes, never none at a time, to be read once and closed."""

    def __init__(self, plan: Plan, encoder: Encoder, *, content_length: int | None, first: bytes,
                 rest: Generator[bytes, None, None]) -> None:  # fmt: skip
        self._encoder = encoder
        self.characters = plan.characters
        """Of the text, after trimming."""
        self.content_type = ENCODERS[plan.response_format].content_type
        self.extension = plan.response_format
        self.sample_rate = plan.sample_rate
        """Hz."""
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

    def __init__(self, *, engine: Engine, voices: Voices, cache: Cache, config: Config) -> None:
        self._engine = engine
        self._voices = voices
        self._cache = cache
        self._config = config
        self._places = threading.BoundedSemaphore(config.performance.worker_threads)

    def speak(self, request: SpeechRequest, *, listener: str) -> Reply:
        """Answer a request, as soon as its first audio exists.

        Raises SpeechError: everything that is wrong with the request, BusyError where no place or no turn came in
        time, SynthesisError where the first piece of speech failed.
        """
        plan = make_plan(request, listener=listener, voices=self._voices, config=self._config)
        tally = _Tally()
        encoder = ENCODERS[plan.response_format].make(plan.sample_rate, self._config.encoding)
        body = self._body(plan, tally, encoder)
        first = next(body, b"")
        content_length = None if tally.num_samples is None else encoder.size(tally.num_samples)
        return Reply(plan, encoder, content_length=content_length, first=first, rest=body)

    def _body(self, plan: Plan, tally: _Tally, encoder: Encoder) -> Generator[bytes, None, None]:
        """The answer's bytes. Holds a place from before the first of them until after the last."""
        with closing(encoder):
            if not self._places.acquire(blocking=False):
                raise BusyError(
                    f"The service is busy: all {self._config.performance.worker_threads} places are taken",
                    retry_after_seconds=1,
                )
            try:
                yield from self._spoken(plan, tally, encoder)
            finally:
                self._places.release()

    def _spoken(self, plan: Plan, tally: _Tally, encoder: Encoder) -> Iterator[bytes]:
        """The bytes, with a place in hand; logs the request's line at the end."""
        cached = [self._cache.get(_key(plan, sentence)) for sentence in plan.sentences]
        stream = self._engine.stream(
            [sentence for sentence, chunks in zip(plan.sentences, cached, strict=True) if chunks is None], plan.scales
        )
        outcome = "failed"
        try:
            spoken = self._limited(self._sentences(plan, tally, cached, stream), plan)
            chunks = resample(spoken, plan.sample_rate)
            for data in _encode(chunks, encoder, tally, lambda: _num_samples(plan, stream, cached)):
                tally.take_leave()
                yield data
            outcome = "ok"
        except GeneratorExit:
            outcome = "client_left"
            raise
        except SynthesisError:
            if tally.first_audio_seconds is not None:
                logger.exception("speech failed after its first audio")
            raise
        finally:
            stream.close()
            tally.synthesis_seconds = stream.synthesis_seconds
            if tally.first_audio_seconds is not None:
                _log(plan, tally, outcome)

    def _sentences(
        self, plan: Plan, tally: _Tally, cached: list[tuple[AudioChunk, ...] | None], stream: Stream
    ) -> Iterator[AudioChunk]:
        """The sentences one after the other, at the voice's own level, with silence between them."""
        number = 0
        between = False
        for sentence, known in zip(plan.sentences, cached, strict=True):
            if known is None:
                deadline = tally.started + self._config.performance.request_timeout if not between else None
                chunks = self._kept(_at_tempo(stream.read(number, deadline=deadline), stream), _key(plan, sentence))
                number += 1
            else:
                chunks = iter(known)
                tally.cached_sentences += 1
            for place, chunk in enumerate(chunks):
                if place == 0 and between and plan.sentence_silence:
                    yield silence(plan.sentence_silence, chunk.sample_rate)
                between = True
                yield chunk
        if not between:
            raise InvalidRequestError("The text has nothing to say in this voice", param="text")

    def _kept(self, chunks: Iterator[AudioChunk], key: Hashable) -> Iterator[AudioChunk]:
        """The same chunks, in the cache once all of them have been spoken."""
        made = []
        for chunk in chunks:
            made.append(chunk)
            yield chunk
        self._cache.put(key, tuple(made))

    def _limited(self, chunks: Iterator[AudioChunk], plan: Plan) -> Iterator[AudioChunk]:
        """The chunks at the level asked for: one gain for all that the voice says, and no peak over the ceiling."""
        piper = self._config.piper
        decibels = piper.target_lufs - self._engine.lufs if piper.normalize_audio else 0.0
        gain = plan.volume * 10 ** (decibels / 20)
        limiter = Limiter(plan.voice.sample_rate)
        for chunk in chunks:
            samples = limiter.push(chunk.samples * gain)
            # It holds back a few milliseconds, and so perhaps the whole of a very small chunk.
            if len(samples):
                yield AudioChunk(samples, chunk.sample_rate)
        yield AudioChunk(limiter.flush(), plan.voice.sample_rate)


def _key(plan: Plan, sentence: Sentence) -> Hashable:
    return plan.voice.id, sentence, plan.scales


def _at_tempo(chunks: Iterator[AudioChunk], stream: Stream) -> Iterator[AudioChunk]:
    """One sentence as fast as it was asked for, where the voice alone does not reach that."""
    if stream.tempo == 1.0:
        return chunks
    from hailo_piper.ffmpeg.tempo import at_tempo

    return at_tempo(chunks, stream.tempo)


def _num_samples(plan: Plan, stream: Stream, cached: list[tuple[AudioChunk, ...] | None]) -> int | None:
    """Samples of the answer, where it is one sentence whose length is known before it is spoken."""
    if len(plan.sentences) > 1 or stream.num_samples is None:
        return None
    known = cached[0]
    spoken = length_at_tempo(stream.num_samples, stream.tempo) if known is None else sum(len(c.samples) for c in known)
    return resampled_length(spoken, plan.voice.sample_rate, plan.sample_rate)


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
    cached = {0: "miss", len(plan.sentences): "hit"}.get(tally.cached_sentences, "partial")
    fields = {
        "listener": plan.listener,
        "voice": plan.voice.id,
        "response_format": plan.response_format,
        "characters": plan.characters,
        "cached": cached,
        "audio_seconds": round(tally.audio_seconds, 3),
        "synthesis_seconds": round(tally.synthesis_seconds, 3),
        "first_audio_seconds": round(tally.first_audio_seconds or 0.0, 3),
        "outcome": outcome,
    }
    logger.info("speech", extra={"fields": fields})
    logger.debug("text", extra={"fields": {"sentences": [sentence.text for sentence in plan.sentences]}})
