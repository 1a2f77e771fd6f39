"""A Phonemizer turns Sentences into phoneme ids, in units that bound the encoder's memory.

How phonemes become ids (padding, begin, end) is piper's convention; this module alone imports piper.
"""

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cache, partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from piper.config import PhonemeType, PiperConfig
from piper.const import BOS, EOS, PAD
from piper.phoneme_ids import phonemes_to_ids

from hailo_piper.engine.espeak_ng.espeak import Clause, Espeak
from hailo_piper.engine.phonemes.given_phonemes import GivenPhonemes
from hailo_piper.engine.phonemes.units import CLAUSE_MARKS, MAX_PHONEMES, PhonemeIds, units
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.voice import Voice

if TYPE_CHECKING:
    from hailo_piper.engine.words import SpokenWord

_SILENT = frozenset(" .,;:!?'\"()-—…¿¡ˈˌ")
_LANGUAGE_SWITCH = re.compile(r"\([^)]+\)")
_MOST_LENGTHS = 4096
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
        self._lengths: dict[str, int] = {}
        """Sounds of words that espeak-ng says in one breath with others."""

    @property
    def family(self) -> str:
        """The family of its language: `en`."""
        return self._language.partition("-")[0]

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

    def words(self, sentence: Sentence) -> "tuple[list[str], tuple[SpokenWord, ...]]":
        """Return the phonemes, as `phonemes` does, and the words of the sentence, each with its own of them.

        Raises as `phonemes` does.
        """
        # Few requests want them, so a start does not wait for this import.
        from hailo_piper.engine.phonemes.spoken_words import runs_of, spoken_words
        from hailo_piper.engine.words import SpokenWord, words_of

        text = sentence.text
        if self._takes_letters:
            letters = list(accumulate((len(unicodedata.normalize("NFD", sign)) for sign in text), initial=0))
            return self.phonemes(sentence), tuple(
                SpokenWord(start, end, letters[start], letters[end]) for start, end in words_of(text)
            )
        if not sentence.pronounced:
            clauses = list[tuple[int, str]]()
            phonemes = joined(self._espeak.clauses(self._language, self._written(text)), clauses)
            runs = [runs_of(spoken, first) for first, spoken in clauses]
            return phonemes, spoken_words(text, phonemes, runs, partial(self._places, text), self._alone)
        stood_in = self._given.stand_in(sentence)
        phonemes, words = self.words(Sentence(stood_in.text))
        replaced = self._given.replace(phonemes, stood_in, self._read)
        if replaced is None:
            phonemes = self.phonemes(sentence)
            return phonemes, spoken_words(text, phonemes, (), lambda: None, len)
        return replaced.phonemes, tuple(
            SpokenWord(
                *stood_in.place(word.start, word.end),
                first=replaced.number(word.first),
                last=replaced.number(word.last),
                is_estimated=word.is_estimated,
            )
            for word in words
        )

    def read_foreign(self, text: str, language: str) -> list[str] | None:
        """Return a text of another language (`fr-FR`) in this one's phonemes, or None; raises as `phonemes` does."""
        # Few texts have foreign words, so a start does not wait for this import.
        from hailo_piper.engine.phonemes.foreign import read_foreign

        written = self._written(text, language.partition("-")[0].lower())
        clauses = None if self._takes_letters else read_foreign(written, language, self._language, self._espeak)
        return None if clauses is None else joined(clauses)

    def _read(self, text: str) -> list[str]:
        """Return the phonemes of a text, as `PiperVoice.phonemize` does."""
        return joined(self._espeak.clauses(self._language, self._written(text)))

    def _written(self, text: str, language: str = "") -> str:
        """Return a text as espeak-ng is to read it."""
        is_arabic = (language or self._language) == "ar"
        return _diacritizer()(text, taskeen_threshold=_DIACRITICS_THRESHOLD) if is_arabic else text

    def _places(self, text: str) -> list[list[int]] | None:
        """Return where in a text each run of phonemes begins, clause by clause; None where espeak-ng does not tell."""
        from hailo_piper.engine.words import words_of

        written = self._written(text)
        places = self._espeak.word_places(self._language, written)
        if places is None or written == text:
            return places
        ours, theirs = words_of(text), words_of(written)
        if len(ours) != len(theirs):
            return None
        ends = [end for _, end in theirs]
        return [[ours[min(bisect_right(ends, place), len(ours) - 1)][0] for place in clause] for clause in places]

    def _alone(self, word: str) -> int:
        """Return how many sounds a word has by itself."""
        if word not in self._lengths:
            if len(self._lengths) == _MOST_LENGTHS:
                self._lengths.clear()
            from hailo_piper.engine.phonemes.spoken_words import sounds

            self._lengths[word] = sounds(self._read(word))
        return self._lengths[word]


class Phonemizer:
    """A phonemizer of one voice. Thread-safe."""

    def __init__(self, voice_config: Mapping[str, Any], espeak: Espeak) -> None:
        """Read `voice_config`, the voice's .onnx.json."""
        config = PiperConfig.from_dict(dict(voice_config))
        self._id_map = config.phoneme_id_map
        self.reader = PhonemeReader(config.espeak_voice, espeak, takes_letters=config.phoneme_type == PhonemeType.TEXT)

    def in_own_sounds(self, sentence: Sentence) -> Sentence:
        """Return a sentence whose runs in other languages have phonemes of this voice; raises as `phonemes` does."""
        if not any(span.language for span in sentence.spans):
            return sentence
        # Few texts have foreign words, so a start does not wait for this import.
        from hailo_piper.engine.phonemes.foreign_spans import in_own_sounds

        return in_own_sounds(sentence, self.reader.family, self.reader.read_foreign)

    def phonemize(self, sentence: Sentence) -> tuple[PhonemeIds, ...]:
        """Return the sentence's units for synthesis, in order; none where the voice has no sound for it.

        Raises as `PhonemeReader.phonemes` does.
        """
        phonemes = self.reader.phonemes(sentence)
        if all(phoneme in _SILENT for phoneme in phonemes):
            return ()
        return tuple(tuple(phonemes_to_ids(unit, self._id_map)) for unit in units(phonemes, MAX_PHONEMES))

    def words(self, sentence: Sentence) -> "tuple[SpokenWord, ...]":
        """Return the words of a sentence, each with its ids: as many as all units together have, from 0.

        Raises as `PhonemeReader.phonemes` does.
        """
        phonemes, words = self.reader.words(sentence)
        begins, ends = list[int](), list[int]()
        at = 0
        for unit in units(phonemes, MAX_PHONEMES):
            at += len(self._id_map[BOS]) + len(self._id_map[PAD])
            for phoneme in unit:
                begins.append(at)
                if phoneme in self._id_map:
                    at += len(self._id_map[phoneme]) + len(self._id_map[PAD])
                ends.append(at)
            at += len(self._id_map[EOS])
        # A word whose phonemes were too few to share out begins and ends at once.
        begins.append(at)
        found: list[SpokenWord] = []
        before = 0
        for word in words:
            first = begins[word.first]
            last = ends[word.last - 1] if word.first < word.last else first
            # Between two words, the voice begins the second in the frames of the blank: they are no pause.
            if found and set(phonemes[before : word.first]) == {" "}:
                first = found[-1].last
            found.append(word._replace(first=first, last=max(first, last)))
            before = word.last
        return tuple(found)


def phonemizer_of(voice: Voice, espeak: Espeak) -> Phonemizer:
    """Return the phonemizer of a voice, by its files. Raises OSError."""
    return Phonemizer(json.loads(voice.config_path.read_text(encoding="utf-8")), espeak)


def joined(clauses: Iterable[Clause], places: list[tuple[int, str]] | None = None) -> list[str]:
    """Return the phonemes of clauses, code point by code point, with the marks between.

    Sentences are joined to one, without the full stops between them. `places` gets, for each clause, the number of its
    first phoneme, and its phonemes without its mark.
    """
    phonemes: list[str] = []
    is_new = False
    """Whether espeak-ng has ended a sentence before this clause."""
    for clause in clauses:
        spoken = unicodedata.normalize("NFD", _LANGUAGE_SWITCH.sub("", clause.phonemes))
        said = spoken + clause.mark + " " * (clause.mark in CLAUSE_MARKS)
        if is_new and phonemes and said:
            if phonemes[-1] == ".":
                phonemes.pop()
            phonemes.append(" ")
            is_new = False
        if places is not None:
            places.append((len(phonemes), spoken))
        phonemes += said
        is_new = is_new or clause.ends_sentence
    return phonemes


@cache
def _diacritizer() -> Any:
    from piper.tashkeel import TashkeelDiacritizer

    return TashkeelDiacritizer()
