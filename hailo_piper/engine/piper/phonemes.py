"""A Phonemizer turns Sentences into phoneme ids, in units that bound the encoder's memory.

An encoder's memory grows with the square of its unit, so a sentence of more than MAX_PHONEMES is cut at a clause, else
at a word, else between phonemes. It is cut as phonemes and not as text: ten characters can be two phonemes or sixty,
and so the pronunciation stays that of the whole sentence. How phonemes become ids (padding, begin, end) is piper's
convention; this module alone imports piper.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from piper.config import PhonemeType, PiperConfig
from piper.phoneme_ids import phonemes_to_ids

from hailo_piper.engine.model import PhonemeIds
from hailo_piper.engine.piper.espeak import Clause, Espeak
from hailo_piper.engine.piper.given_phonemes import GivenPhonemes
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.voice import Voice

MAX_PHONEMES = 150
"""Most phonemes in one unit: about 300 ids, 130 characters or 7 s of speech."""

_CLAUSE_MARKS = frozenset(",;:")
_SILENT = frozenset(" .,;:!?'\"()-—…¿¡ˈˌ")
_ATTACHED = frozenset("ːˑʲʰˤ˞ʷ")
"""Marks that belong to the phoneme before them: a unit never begins with one."""
_LANGUAGE_SWITCH = re.compile(r"\([^)]+\)")
_DIACRITICS_THRESHOLD = 0.8
"""The probability from which Piper takes over a vowel of its model of Arabic; the value is Piper's own."""


class PhonemeReader:
    """The reader of one language, or of a voice that takes letters for phonemes. Thread-safe."""

    def __init__(self, language: str, espeak: Espeak, *, takes_letters: bool = False) -> None:
        """`language`: a voice of espeak-ng (`en-us`), which must exist."""
        self._language = language
        self._espeak = espeak
        self._takes_letters = takes_letters
        self._given = GivenPhonemes()

    def phonemes(self, sentence: Sentence) -> list[str]:
        """Return the sentence's phonemes, code point by code point, with its punctuation.

        Where espeak-ng ends a sentence inside (after "Dr."), its parts are joined again, since `text` has decided.
        Raises InvalidRequestError where espeak-ng cannot read the text, SynthesisError where it does not start.
        """
        if self._takes_letters:
            return list(unicodedata.normalize("NFD", sentence.text))
        if not sentence.pronounced:
            return self._read(sentence.text)
        return self._given.put_in(sentence, self._read)

    def _read(self, text: str) -> list[str]:
        """Return the phonemes of a text, as `PiperVoice.phonemize` does."""
        if self._language == "ar":
            text = _diacritizer()(text, taskeen_threshold=_DIACRITICS_THRESHOLD)
        return join(by_sentence(self._espeak.clauses(self._language, text)))


class Phonemizer:
    """A phonemizer of one voice. Thread-safe."""

    def __init__(self, voice_config: Mapping[str, Any], espeak: Espeak) -> None:
        """Read `voice_config`, the voice's .onnx.json."""
        config = PiperConfig.from_dict(dict(voice_config))
        self._id_map = config.phoneme_id_map
        self.reader = PhonemeReader(config.espeak_voice, espeak, takes_letters=config.phoneme_type == PhonemeType.TEXT)

    def phonemize(self, sentence: Sentence) -> tuple[PhonemeIds, ...]:
        """Return the sentence's units for synthesis, in order; none where the voice has no sound for it.

        Raises as `PhonemeReader.phonemes` does.
        """
        phonemes = self.reader.phonemes(sentence)
        if all(phoneme in _SILENT for phoneme in phonemes):
            return ()
        return tuple(tuple(phonemes_to_ids(unit, self._id_map)) for unit in units(phonemes, MAX_PHONEMES))


def phonemizer_of(voice: Voice, espeak: Espeak) -> Phonemizer:
    """Return the phonemizer of a voice, by its files. Raises OSError."""
    return Phonemizer(json.loads(voice.config_path.read_text(encoding="utf-8")), espeak)


def by_sentence(clauses: Iterable[Clause]) -> list[list[str]]:
    """Return the phonemes of each sentence, code point by code point, with the marks that end its clauses."""
    sentences: list[list[str]] = [[]]
    for clause in clauses:
        phonemes = _LANGUAGE_SWITCH.sub("", clause.phonemes) + clause.mark
        if clause.mark in _CLAUSE_MARKS:
            phonemes += " "
        sentences[-1] += unicodedata.normalize("NFD", phonemes)
        if clause.ends_sentence:
            sentences.append([])
    return sentences


@cache
def _diacritizer() -> Any:
    from piper.tashkeel import TashkeelDiacritizer

    return TashkeelDiacritizer()


def join(clauses: list[list[str]]) -> list[str]:
    """Join espeak-ng's sentences into one, without the full stops between them."""
    joined: list[str] = []
    for clause in filter(None, clauses):
        if joined:
            if joined[-1] == ".":
                joined.pop()
            joined.append(" ")
        joined += clause
    return joined


def units(phonemes: list[str], limit: int) -> Iterator[list[str]]:
    """Yield runs of at most `limit` phonemes, cut after a clause mark, else at a blank, else between phonemes."""
    start = 0
    while len(phonemes) - start > limit:
        end = _cut(phonemes, start, limit)
        yield phonemes[start:end]
        start = end
    yield phonemes[start:]


def _cut(phonemes: list[str], start: int, limit: int) -> int:
    # Never cut in the first third: a tiny unit is all lead-in and tail.
    candidates = range(start + limit, start + limit // 3, -1)
    for end in candidates:
        if phonemes[end - 1] == " " and phonemes[end - 2] in _CLAUSE_MARKS:
            return end
    for end in candidates:
        if phonemes[end - 1] == " ":
            return end
    return next((end for end in candidates if not _is_attached(phonemes[end])), start + limit)


def _is_attached(phoneme: str) -> bool:
    return phoneme in _ATTACHED or unicodedata.combining(phoneme) != 0
