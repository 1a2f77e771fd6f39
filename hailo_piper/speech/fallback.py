"""A request whose voice fails before its first byte is spoken by another voice, where the operator wants that."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from hailo_piper.errors import SpeechError, SynthesisError
from hailo_piper.speech.reply import Reply
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.text.stream import TextStream
from hailo_piper.voices.substitutes import substitutes
from hailo_piper.voices.voice import Voice

logger = logging.getLogger(__name__)


def fallen_back(
    request: SpeechRequest,
    failed: Voice,
    error: SynthesisError,
    chain: Iterator[Voice],
    speak: Callable[[SpeechRequest], Reply],
) -> Reply:
    """Return the reply of the first voice of a chain that speaks. Raises `error` where none does.

    A text that is still arriving cannot be read twice, so its error stays.
    """
    if is_repeatable(request):
        for voice in chain:
            if voice == failed:
                continue
            try:
                reply = speak(_by(request, voice))
            except SpeechError as further:
                logger.warning("voice %s cannot stand in for %s: %s", voice.id, failed.id, further.message)
                continue
            logger.warning("voice %s failed: voice %s speaks instead", failed.id, voice.id, exc_info=error)
            reply.stands_in = voice.id
            return reply
    raise error


def chain_of(names: Sequence[str], failed: Voice, voices: Iterable[Voice]) -> Iterator[Voice]:
    """Return the voices that may speak for one that failed, in the operator's order."""
    return substitutes(names, failed.language, {voice.id: voice for voice in voices}.get)


def is_repeatable(request: SpeechRequest) -> bool:
    """Return whether all of a request's text is there."""
    if isinstance(request.text, tuple):
        return all(is_repeatable(turn) for turn in request.text)
    return not isinstance(request.text, TextStream)


def _by(request: SpeechRequest, voice: Voice) -> SpeechRequest:
    """Return a request as another voice gets it: what was said of the voice that failed does not hold."""
    if isinstance(request.text, tuple):
        request = replace(request, text=tuple(_by(turn, voice) for turn in request.text))
    return replace(request, voice=voice.id, speaker=None, language=None)
