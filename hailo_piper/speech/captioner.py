"""Captions of a text that is not spoken cost its encoding alone."""

import logging
from collections.abc import Callable

from hailo_piper.audio.word import Word
from hailo_piper.speech.captions.formats import Captions, captions_of
from hailo_piper.speech.mastering import with_silence
from hailo_piper.speech.plan import Plan
from hailo_piper.speech.sources import Sources
from hailo_piper.speech.unspoken_text import unspoken

logger = logging.getLogger(__name__)


def captions(plan: Plan, sent: str, sources: Sources, has_left: Callable[[], bool]) -> Captions:
    """Return the captions of a planned text, as it was sent. Raises as `unspoken` does."""
    words, samples = list[Word](), 0
    for chunk in with_silence(unspoken(plan, sources, has_left), plan.silences, words.extend):
        samples += len(chunk.samples)
    seconds = samples / plan.voice.sample_rate
    fields = {
        "listener": plan.listener,
        "voice": plan.voice.id,
        "characters": plan.characters,
        "audio_seconds": round(seconds, 3),
        "words": len(words),
    }
    logger.info("captions", extra={"fields": fields})
    return captions_of(words, sent, language=plan.voice.language, duration=seconds)
