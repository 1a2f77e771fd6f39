"""Captions of a text that is not spoken cost its encoding alone."""

import logging
from collections.abc import Callable, Sequence

from hailo_piper.audio.word import Mark, Word
from hailo_piper.engine.engine import Engine
from hailo_piper.speech.captions.formats import Captions, captions_of
from hailo_piper.speech.mastering import with_silence
from hailo_piper.speech.place import Place
from hailo_piper.speech.plan import Plan
from hailo_piper.speech.sources import Sources
from hailo_piper.speech.ticket import Ticket
from hailo_piper.speech.unspoken_text import UnspokenText

logger = logging.getLogger(__name__)


def captions(
    plan: Plan, place: Place, ticket: Ticket, sources: Callable[[Engine], Sources], has_left: Callable[[], bool]
) -> Captions:
    """Return the captions of a planned text that is whole. Raises as `UnspokenText` does."""
    words, samples = list[Word](), 0

    def note(known: Sequence[Word], _: Sequence[Mark]) -> None:
        words.extend(known)

    text = UnspokenText(plan, place, ticket, sources, has_left)
    for chunk in with_silence(text, plan.silences, note, text.tail):
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
    sent = "\n".join(turn.text.sent for turn in plan.turns)
    return captions_of(words, sent, language=plan.voice.language, duration=seconds)
