"""An ear hears what a service says: its samples, words and marks, each request once."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailo_piper.assembly import build_service
from hailo_piper.audio.word import Mark, Word
from hailo_piper.config.loading import parse_config
from hailo_piper.default_voice import load_default_voice
from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.phonemes.phonemes import PhonemeReader
from hailo_piper.listeners.service import Service
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.text.normalise.verbaliser import verbalise
from hailo_piper.text.reading import Reading
from hailo_piper.text.stream import whole
from tests.support.derived_voices import make_derived_voices
from tests.support.services import QUIET

RATE = 22050
"""Hz, of every answer that is heard: the real voice's own."""
SENTENCE_SILENCE, PARAGRAPH_SILENCE = 0.25, 0.625
"""Seconds; so the end of a sentence and that of a paragraph are told apart."""
VOLUME = 0.2
"""Of every answer: no peak reaches the limiter, which would treat a sentence by what stands before it."""
ALIASES = {"narrator": {"voice": "default", "speed": 0.8}, "deep": "en_US-joe_multi-medium#low"}
"""Names that a document may use, beside those of the voices."""

_NO_SOUND = re.compile(r"[\W_ˈˌʲ]")
_ALIKE = str.maketrans("ɾɐᵻ", "təɪ")
"""Sounds that espeak-ng changes by the words around them."""


class Heard(NamedTuple):
    """One answer."""

    samples: NDArray[np.float64]
    """Shape (n,), between -1 and 1."""
    words: tuple[Word, ...]
    marks: tuple[Mark, ...]

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE

    def run(self, first: str, last: str) -> tuple[int, int]:
        """The samples from the beginning of one word to the end of another, as the times of words tell them."""
        begin = next(number for number, word in enumerate(self.words) if word.text == first)
        end = next(word.end for word in self.words[begin:] if word.text == last)
        return round(self.words[begin].start * RATE), round(end * RATE)


class Ear:
    """Asks a service, and remembers what it heard: many cases are compared with the same plain text."""

    def __init__(self, service: Service, espeak: Espeak) -> None:
        self.service = service
        self._reader = PhonemeReader("en-us", espeak)
        self._heard: dict[str, Heard] = {}

    def hear(self, text: str, **fields: Any) -> Heard:
        """Return what is heard of a plain text."""
        key = repr((text, sorted(fields.items())))
        if key not in self._heard:
            self._heard[key] = self._ask(text, fields)
        return self._heard[key]

    def hear_ssml(self, document: str, **fields: Any) -> Heard:
        """Return what is heard of a document."""
        return self.hear(document, text_format="ssml", **fields)

    def phonemes(self, text: str, markup: str) -> str:
        """Return the sounds of a text by espeak-ng, without stress, blanks and marks. `markup`: as `Reading` has it."""
        sentences = whole(text, Reading("en_US", markup), max_text_length=5000).take()
        said = [self._reader.phonemes(verbalise(sentence, "en_US")) for sentence in sentences]
        return _NO_SOUND.sub("", "".join(phoneme for sentence in said for phoneme in sentence).translate(_ALIKE))

    def _ask(self, text: str, fields: dict[str, Any]) -> Heard:
        usual = {
            "sentence_silence": SENTENCE_SILENCE,
            "paragraph_silence": PARAGRAPH_SILENCE,
            "words": True,
            "volume": VOLUME,
        }
        sound: dict[str, Any] = {"response_format": "pcm", "sample_rate": RATE}
        request = SpeechRequest(text=text, **{**usual, **sound, **fields})
        words, marks, data = list[Word](), list[Mark](), list[bytes]()
        with closing(self.service.speech.speak(request, listener="test")) as reply:
            for piece in reply:
                words += reply.take_words()
                marks += reply.take_marks()
                data.append(piece)
        samples = np.frombuffer(b"".join(data), "<i2") / 32768
        return Heard(samples, tuple(words), tuple(marks))


@contextmanager
def ear_of_joe(cache_directory: Path, voices_directory: Path, **synthesis: Any) -> Iterator[Ear]:
    """An ear at a service of the real voice, prepared, without noise, and three voices that are derived from it."""
    make_derived_voices(voices_directory)
    config = parse_config(
        {
            "piper": {"cache_directory": str(cache_directory), **QUIET},
            "voices": {"directory": str(voices_directory), "aliases": ALIASES, "memory_mb": 3000},
            "synthesis": synthesis,
        }
    )
    with ExitStack() as stack:
        default = load_default_voice(config, stack)
        default.engine.prepare()
        assert default.engine.is_prepared
        yield Ear(build_service(default, config, stack), stack.enter_context(closing(Espeak())))
