"""Judges compare what is heard of a document with what it should be: samples, times, levels and pitch."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pytest

from hailo_piper.errors import SpeechError
from hailo_piper.text.lexicon.pronunciation import Pronunciation
from tests.support.hearing import RATE, Ear, Heard
from tests.support.pitch import cents, track

_LEAST_BIT = 1 / 32768
_JOINT = round(0.012 * RATE)
"""Samples on each side of a joint that belong to both runs, and some more."""
_FASTEST_TRACKED = 2.0


class Judge(Protocol):
    """Asserts that a document sounds as it should."""

    @property
    def by(self) -> str:
        """What is measured, for the table."""

    def judge(self, ear: Ear, document: str) -> None: ...


@dataclass(frozen=True)
class Plain:
    """A plain text, which another request speaks."""

    text: str
    fields: dict[str, Any] = field(default_factory=dict)


Piece = str | float | Plain
"""A plain text, or seconds of exact silence."""


@dataclass(frozen=True)
class Sounds:
    """The samples of plain texts and silences, one after the other.

    A sentence that begins no answer has other windows, and another rate is resampled: the last bit may differ.
    """

    pieces: tuple[Piece, ...]

    @property
    def by(self) -> str:
        return "pauses" if any(isinstance(piece, float) for piece in self.pieces) else "samples"

    def judge(self, ear: Ear, document: str) -> None:
        heard = ear.hear_ssml(document).samples
        expected = [_samples(ear, piece) for piece in self.pieces]
        assert len(heard) == sum(map(len, expected))
        at, bits = 0, 0.0 if len(expected) == 1 else 1.01
        for piece, own in zip(self.pieces, expected, strict=True):
            part, at = heard[at : at + len(own)], at + len(own)
            if isinstance(piece, Plain) and "voice" in piece.fields:
                # Beside another one, a speaker is brought to its level.
                gain = float(part @ own / (own @ own))
                assert abs(20 * np.log10(gain)) <= 0.5
                assert np.abs(part - gain * own).max() <= 2.5 * _LEAST_BIT
            else:
                assert np.abs(part - own).max(initial=0.0) <= bits * _LEAST_BIT


@dataclass(frozen=True)
class Reads:
    """The phonemes of a plain text, but for stress and blanks: espeak-ng joins numbers to one word, and words not."""

    plain: str
    by = "phonemes"

    def judge(self, ear: Ear, document: str) -> None:
        assert ear.phonemes(document, "ssml") == ear.phonemes(self.plain, "none")


@dataclass(frozen=True)
class Manner:
    """A run of a sentence with another rate, pitch and level than in the plain text, and all else as it is there."""

    plain: str
    first: str
    last: str
    rate: float = 1.0
    semitones: float = 0.0
    decibels: float = 0.0

    @property
    def by(self) -> str:
        names = {"durations": self.rate != 1.0, "pitch": self.semitones != 0.0, "level": self.decibels != 0.0}
        return ", ".join(name for name, is_so in names.items() if is_so)

    def judge(self, ear: Ear, document: str) -> None:
        plain, heard = ear.hear(self.plain), ear.hear_ssml(document)
        (begin, end), (start, stop) = plain.run(self.first, self.last), heard.run(self.first, self.last)
        expected = (end - begin) / self.rate
        assert stop - start == pytest.approx(expected, rel=0.02)
        assert len(heard.samples) - len(plain.samples) == pytest.approx(expected - (end - begin), abs=0.02 * expected)
        if self.rate == 1.0 and self.semitones == 0.0:
            _assert_gain(plain, heard, (begin, end), self.decibels)
            return
        louder = _level(heard.samples[start:stop]) - _level(plain.samples[begin:end])
        assert louder == pytest.approx(self.decibels, abs=1.0)
        factor = 2 ** (self.semitones / 12)
        tracks = track(heard.samples[start:stop], RATE, factor), track(plain.samples[begin:end], RATE)
        if self.rate <= _FASTEST_TRACKED:
            # A stretch leaves the tracker fewer periods to compare.
            near = 35 if self.rate <= 1.1 else 70
            assert cents(*tracks) == pytest.approx(100 * self.semitones, abs=near)


@dataclass(frozen=True)
class Lasting:
    """A run that lasts so long."""

    first: str
    last: str
    seconds: float
    by = "durations"

    def judge(self, ear: Ear, document: str) -> None:
        start, stop = ear.hear_ssml(document).run(self.first, self.last)
        assert (stop - start) / RATE == pytest.approx(self.seconds, rel=0.01)


@dataclass(frozen=True)
class Contoured:
    """Runs of a sentence, from word to word, that are so many semitones higher than in the plain text."""

    plain: str
    runs: tuple[tuple[str, str, float], ...]
    by = "pitch"

    def judge(self, ear: Ear, document: str) -> None:
        plain, heard = ear.hear(self.plain), ear.hear_ssml(document)
        assert len(heard.samples) == pytest.approx(len(plain.samples), rel=0.02)
        for first, last, semitones in self.runs:
            (begin, end), (start, stop) = plain.run(first, last), heard.run(first, last)
            shifted = track(heard.samples[start:stop], RATE, 2 ** (semitones / 12))
            own = track(plain.samples[begin:end], RATE)
            assert cents(shifted, own) == pytest.approx(100 * semitones, abs=60)


@dataclass(frozen=True)
class Silenced:
    """A run of a sentence that is as long as ever, and has no sound."""

    plain: str
    first: str
    last: str
    by = "level"

    def judge(self, ear: Ear, document: str) -> None:
        plain, heard = ear.hear(self.plain), ear.hear_ssml(document)
        begin, end = plain.run(self.first, self.last)
        assert len(heard.samples) == len(plain.samples)
        assert not heard.samples[begin + _JOINT : end - _JOINT].any()
        assert (heard.samples[: begin - _JOINT] == plain.samples[: begin - _JOINT]).all()


@dataclass(frozen=True)
class Higher:
    """A whole text that is so much higher than the plain one in the voice of the request."""

    plain: str
    semitones: float
    by = "pitch"

    def judge(self, ear: Ear, document: str) -> None:
        plain, heard = ear.hear(self.plain).samples, ear.hear_ssml(document).samples
        shifted = track(heard, RATE, 2 ** (self.semitones / 12))
        assert cents(shifted, track(plain, RATE)) == pytest.approx(100 * self.semitones, abs=50)


@dataclass(frozen=True)
class Marked:
    """A plain text whose samples are the same, and marks where words begin; an empty word is the end of the sound."""

    plain: str
    marks: tuple[tuple[str, str], ...]
    by = "times"

    def judge(self, ear: Ear, document: str) -> None:
        plain, heard = ear.hear(self.plain), ear.hear_ssml(document)
        assert np.array_equal(heard.samples, plain.samples)
        starts = {**{word.text: word.start for word in reversed(plain.words)}, "": plain.seconds}
        assert [mark.name for mark in heard.marks] == [name for name, _ in self.marks]
        for mark, (_, word) in zip(heard.marks, self.marks, strict=True):
            assert mark.start == pytest.approx(starts[word], abs=1 / RATE)


@dataclass(frozen=True)
class Written:
    """Words that are told by what stands for them in the document."""

    words: tuple[str, ...]
    by = "times"

    def judge(self, ear: Ear, document: str) -> None:
        words = ear.hear_ssml(document).words
        assert [document[word.start_char : word.end_char] for word in words] == list(self.words)
        assert all(word.start < word.end for word in words)


@dataclass(frozen=True)
class Refused:
    """A document that is not spoken; the message says why."""

    why: str
    by = "the error"

    def judge(self, ear: Ear, document: str) -> None:
        with pytest.raises(SpeechError) as caught:
            ear.hear_ssml(document)
        assert self.why in caught.value.message
        assert caught.value.code == "invalid_request"


def sounds(*pieces: Piece) -> Sounds:
    """Judge by the samples of these."""
    return Sounds(pieces)


def pronounced(text: str, **phonemes: str) -> Sounds:
    """Judge by the samples of a plain text whose request pronounces some words itself."""
    own = tuple(Pronunciation(word=word, phonemes=said) for word, said in phonemes.items())
    return Sounds((Plain(text, {"pronunciations": own}),))


def _samples(ear: Ear, piece: Piece) -> Any:
    if isinstance(piece, float):
        return np.zeros(round(piece * RATE))
    return ear.hear(piece.text, **piece.fields).samples if isinstance(piece, Plain) else ear.hear(piece).samples


def _assert_gain(plain: Heard, heard: Heard, run: tuple[int, int], decibels: float) -> None:
    """Assert that a run is louder by so much, sample by sample, and that all around it is as it was."""
    begin, end = run
    inside = slice(begin + _JOINT, end - _JOINT)
    assert np.array_equal(heard.samples[: begin - _JOINT], plain.samples[: begin - _JOINT])
    assert np.array_equal(heard.samples[end + _JOINT :], plain.samples[end + _JOINT :])
    assert _level(heard.samples[inside]) - _level(plain.samples[inside]) == pytest.approx(decibels, abs=0.1)


def _level(samples: Any) -> float:
    return float(10 * np.log10((samples**2).mean()))
