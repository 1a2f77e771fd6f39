"""Another voice speaks a request whose own voice fails while nothing of the answer is out.

`engines.fallback` has the voices; without it, such a request gets an error.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from hailo_piper.errors import AbandonedError, MissingVoiceError, SpeechError
from hailo_piper.speech.plan import Plan
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.text.stream import TextStream
from hailo_piper.voices.substitutes import language_in, substitutes
from hailo_piper.voices.voice import Voice

logger = logging.getLogger(__name__)

_T = TypeVar("_T")


class Chain(NamedTuple):
    """The voices that may speak instead of one, and its id."""

    failed: str
    voices: Iterator[Voice]
    """In the operator's order, without the one that failed."""


def chain_of(names: Sequence[str], plan: Plan | None, error: SpeechError, voices: Iterable[Voice]) -> Chain:
    """Return the chain for a plan whose voice failed; for one that has no voice, since an alias's is missing."""
    if plan is not None:
        failed, language = plan.voice.id, plan.voice.language
    elif isinstance(error, MissingVoiceError):
        failed, language = error.voice_id, language_in(error.voice_id)
    else:
        raise error
    found = substitutes(names, language, {voice.id: voice for voice in voices}.get)
    return Chain(failed, (voice for voice in found if voice.id != failed))


def fallen_back(
    request: SpeechRequest, chain: Chain, error: SpeechError, speak: Callable[[SpeechRequest], _T]
) -> tuple[_T, Voice]:
    """Return the answer of the first voice of a chain that speaks, and that voice. Raises `error` where none does.

    `speak` answers a request, as if it were the only one.
    """
    for voice in chain.voices:
        try:
            done = speak(_by(request, voice))
        except AbandonedError:
            raise
        except SpeechError as further:
            logger.warning("voice %s cannot stand in for %s: %s", voice.id, chain.failed, further.message)
            continue
        logger.warning("voice %s failed: voice %s speaks instead", chain.failed, voice.id, exc_info=error)
        return done, voice
    raise error


def _by(request: SpeechRequest, voice: Voice) -> SpeechRequest:
    """Return a request as another voice gets it: what was said of the voice that failed does not hold.

    The voice that failed may be one that the text asks for, so the other one speaks all of it.
    """
    if isinstance(request.text, tuple):
        request = replace(request, text=tuple(_by(turn, voice) for turn in request.text))
    elif isinstance(request.text, TextStream):
        request.text.rewind()
    return replace(request, voice=voice.id, speaker=None, language=None, has_one_voice=True)
