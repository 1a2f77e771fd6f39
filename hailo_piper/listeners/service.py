"""A frozen dataclass hands a listener the parts of the service."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hailo_piper.cache.store import Cache
from hailo_piper.config.settings import Config
from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.loaded_voices import LoadedVoices
from hailo_piper.engine.scheduler import Scheduler
from hailo_piper.jobs.queue.long_work import LongWork
from hailo_piper.listeners.callers import Callers
from hailo_piper.monitoring.health import Health
from hailo_piper.monitoring.metrics import Metrics
from hailo_piper.monitoring.tracing import Tracer
from hailo_piper.speech.admission import Admission
from hailo_piper.speech.pipeline import Speech
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.text.language_detector import LanguageDetector
from hailo_piper.text.lexicon.directory import Lexicons
from hailo_piper.voices.names import Voices

if TYPE_CHECKING:
    from hailo_piper.monitoring.state import ServiceState
    from hailo_piper.speech.explanation import Explanation


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Service:
    """The parts of one service, each built once."""

    speech: Speech
    voices: Voices
    lexicons: Lexicons
    detector: LanguageDetector
    espeak: Espeak
    loaded: LoadedVoices
    cache: Cache
    admission: Admission
    scheduler: Scheduler
    metrics: Metrics
    tracer: Tracer
    health: Health
    callers: Callers
    long_work: LongWork
    config: Config

    def explain(self, request: SpeechRequest) -> "Explanation":
        """Return how the text of a request would be read. Raises as `Explainer.explain` does."""
        # No speech needs this import, so the start does not wait for it.
        from hailo_piper.speech.explanation import Explainer

        explainer = Explainer(
            voices=self.voices,
            lexicons=self.lexicons,
            detector=self.detector,
            espeak=self.espeak,
            config=self.config,
        )
        return explainer.explain(request)

    def state(self) -> "ServiceState":
        """Return what the gauges show now."""
        from hailo_piper.monitoring.state import ServiceState

        admission, cache = self.admission, self.cache.statistics
        return ServiceState(
            is_ready=self.health.is_ready(),
            speaking=admission.speaking,
            waiting=admission.waiting,
            queue_limit=admission.places + admission.max_queue,
            utilization=self.scheduler.utilization(),
            lateness_seconds=self.scheduler.lateness_seconds(),
            busy_seconds=self.scheduler.busy_seconds(),
            cache_entries=cache.entries,
            cache_bytes=cache.size_bytes,
            cache_hits=cache.hits,
            cache_misses=cache.misses,
            voice_load_seconds=self.loaded.load_seconds,
            works=self.long_work.states(),
        )
