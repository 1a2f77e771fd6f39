"""A captioner times a text without speaking it, for who wants captions alone."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace

from hailo_piper.audio.word import Word
from hailo_piper.cache.in_progress import SentencesInProgress
from hailo_piper.cache.store import Cache
from hailo_piper.config.settings import Config
from hailo_piper.engine.loaded_voices import LoadedVoices
from hailo_piper.monitoring.tracing import Span
from hailo_piper.speech.admission import Admission
from hailo_piper.speech.captions.formats import Captions, captions_of
from hailo_piper.speech.mastering import with_silence
from hailo_piper.speech.plan import make_plan
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.speech.sources import Sources
from hailo_piper.speech.unspoken_text import unspoken
from hailo_piper.text.lexicon.directory import Lexicons
from hailo_piper.voices.names import Voices

logger = logging.getLogger(__name__)


class Captioner:
    """The way from requests to captions. Thread-safe."""

    def __init__(  # noqa: PLR0913 - each is a part that the text runs through
        self,
        *,
        loaded: LoadedVoices,
        voices: Voices,
        lexicons: Lexicons,
        cache: Cache,
        admission: Admission,
        config: Config,
    ) -> None:
        self._loaded = loaded
        self._voices = voices
        self._lexicons = lexicons
        self._cache = cache
        self._admission = admission
        self._config = config

    def captions(self, request: SpeechRequest, *, listener: str, has_left: Callable[[], bool], span: Span) -> Captions:
        """Return the captions of a whole text. Raises as `Speech.speak` does."""
        if not isinstance(request.text, str):
            raise TypeError("only a whole text can be captioned")
        text, request = request.text, replace(request, words=True)
        with span.child("plan"):
            plan = make_plan(
                request, listener=listener, voices=self._voices, lexicons=self._lexicons, config=self._config
            )
        deadline = time.monotonic() + self._config.performance.request_timeout
        with span.child("wait"):
            ticket = self._admission.enter(plan.characters, deadline=deadline, has_left=has_left)
        words, samples = list[Word](), 0
        try:
            with self._loaded.borrow(plan.voice, deadline=deadline, has_left=has_left) as engine, span.child("words"):
                sources = Sources(
                    engine=engine,
                    cache=self._cache,
                    in_progress=SentencesInProgress(),
                    is_stalled=ticket.is_stalled,
                )
                sentences = unspoken(plan, sources, has_left)
                for chunk in with_silence(sentences, plan.silences, words.extend):
                    samples += len(chunk.samples)
        finally:
            self._admission.leave(ticket, synthesis_seconds=None)
        seconds = samples / plan.voice.sample_rate
        fields = {
            "listener": listener,
            "voice": plan.voice.id,
            "characters": plan.characters,
            "audio_seconds": round(seconds, 3),
            "words": len(words),
        }
        logger.info("captions", extra={"fields": fields})
        return captions_of(words, text, language=plan.voice.language, duration=seconds)
