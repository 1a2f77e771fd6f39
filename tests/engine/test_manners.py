"""Runs of one sentence in manners of their own, as the real voice speaks them."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hailo_piper.audio.joining import treated
from hailo_piper.audio.samples import Samples
from hailo_piper.audio.treatment import IdSamples, treated_ends
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.manners import runs_of
from hailo_piper.engine.model import Delivery, Take
from hailo_piper.engine.phonemes.units import PhonemeIds
from hailo_piper.engine.piper.whole_model import WholeModel
from hailo_piper.text.manner import PLAIN, Manner
from hailo_piper.text.sentence import Sentence, Span
from hailo_piper.voices.voice import embedded_model_path, read_voice
from tests.support.services import sharing
from tests.support.speakers import piper

DELIVERY = Delivery(length_scale=1, noise_scale=0, noise_w_scale=0, speaker_id=0)
BEFORE, WORD, AFTER = "We will speak ", "slowly ", "and then we go on as before."


@pytest.fixture(scope="module")
def joe(cache_directory: Path, espeak: Espeak) -> Iterator[Engine]:
    with (
        sharing(espeak) as shared,
        closing(Engine(read_voice(embedded_model_path()), cache_directory, shared)) as engine,
    ):
        engine.prepare()
        yield engine


def sentence(manner: Manner, around: Manner = PLAIN) -> Sentence:
    """One sentence with a word in the middle in its own manner."""
    spans, at = list[Span](), 0
    for text, own in ((BEFORE, around), (WORD, manner), (AFTER, around)):
        spans.append(Span(text, at, at + len(text), manner=own))
        at += len(text)
    return Sentence(BEFORE + WORD + AFTER, tuple(spans))


def speak(engine: Engine, spoken: Sentence, delivery: Delivery = DELIVERY) -> tuple[Samples, IdSamples]:
    """The samples, and the ends of its phoneme ids."""
    with closing(engine.stream([spoken], delivery)) as stream:
        chunks = stream.read(0)
        if runs := stream.manners.treatments(0):
            chunks = treated(chunks, runs, partial(stream.durations, 0))
        samples = np.concatenate([chunk.samples for chunk in chunks])
        return samples, treated_ends(stream.durations(0), runs)


def parts(engine: Engine, samples: Samples, ends: IdSamples) -> list[Samples]:
    """The sound before the word, of the word, and after it."""
    runs = runs_of(sentence(Manner(volume=2)), engine.words)
    first, second = (int(ends[run.last - 1]) for run in runs[:2])
    return [samples[:first], samples[first:second], samples[second:]]


@pytest.mark.parametrize("rate", [0.5, 0.8, 1.25, 2.0])
@pytest.mark.parametrize("speed", [0.5, 1.0, 1.5])
def test_one_word_is_slower_or_faster_and_the_others_are_not(joe: Engine, rate: float, speed: float) -> None:
    delivery = Delivery(length_scale=1, noise_scale=0, noise_w_scale=0, speaker_id=0, speed=speed)
    plain = [len(part) for part in parts(joe, *speak(joe, sentence(PLAIN), delivery))]
    own = [len(part) for part in parts(joe, *speak(joe, sentence(Manner(rate=rate)), delivery))]
    # Durations are whole frames of 256 samples, and each end is rounded by itself.
    assert own[0] == pytest.approx(plain[0], abs=256 / min(speed, 1) + 1)
    assert own[1] == pytest.approx(plain[1] / rate, abs=512)
    assert own[2] == pytest.approx(plain[2], abs=512)


@pytest.mark.parametrize("semitones", [-4, -2, 2, 4])
def test_another_pitch_takes_the_same_time(joe: Engine, semitones: int) -> None:
    plain, _ = speak(joe, sentence(PLAIN))
    own, ends = speak(joe, sentence(Manner(pitch=2 ** (semitones / 12))))
    assert len(own) == ends[-1] == pytest.approx(len(plain), abs=512)


@pytest.mark.parametrize("semitones", [-2, 2])
def test_a_pitch_is_heard(joe: Engine, semitones: int) -> None:
    pitch, text = 2 ** (semitones / 12), "We were away all year, and you know our neighbours were very nervous."
    plain, _ = speak(joe, Sentence(text))
    own, _ = speak(joe, Sentence(text, (Span(text, 0, len(text), manner=Manner(pitch=pitch)),)))
    # A semitone is 6 %.
    assert _pitch(own) / _pitch(plain) == pytest.approx(pitch, rel=0.015)


@pytest.mark.parametrize("volume", [0.0, 0.5, 2.0])
def test_one_word_is_louder_or_softer_and_the_others_are_not(joe: Engine, volume: float) -> None:
    plain, _ = speak(joe, sentence(PLAIN))
    own, ends = speak(joe, sentence(Manner(volume=volume)))
    for part, before, gain in zip(parts(joe, own, ends), parts(joe, plain, ends), (1, volume, 1), strict=True):
        inside = slice(200, -200)
        np.testing.assert_allclose(part[inside], before[inside] * np.float32(gain), atol=1e-6)


def test_a_manner_of_the_whole_sentence_asks_for_no_words() -> None:
    def never(_: Sentence) -> tuple[()]:
        raise AssertionError("espeak-ng takes milliseconds for that")

    assert [run.manner for run in runs_of(sentence(Manner(rate=2), Manner(rate=2)), never)] == [Manner(rate=2)]
    assert runs_of(sentence(PLAIN), never) == ()


def test_a_voice_that_is_spoken_whole_is_stretched(joe: Engine, tmp_path: Path, espeak: Espeak) -> None:
    with sharing(espeak) as shared, closing(Engine(joe.voice, tmp_path, shared)) as whole:
        assert isinstance(piper(whole)._model, WholeModel)
        plain = [len(part) for part in parts(whole, *speak(whole, sentence(PLAIN)))]
        for manner in (Manner(rate=0.8), Manner(rate=1.25, pitch=1.12), Manner(pitch=0.9)):
            own = [len(part) for part in parts(whole, *speak(whole, sentence(manner)))]
            assert own == pytest.approx([plain[0], plain[1] / manner.rate, plain[2]], abs=1)


def timed(seconds: float, **more: Any) -> Manner:
    return Manner(seconds=seconds, timing=1, **more)


@pytest.fixture(params=["prepared", "whole"])
def engine(request: pytest.FixtureRequest, joe: Engine, whole: Engine) -> Engine:
    return joe if request.param == "prepared" else whole


@pytest.fixture(scope="module")
def whole(espeak: Espeak, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The same voice, not prepared."""
    with (
        sharing(espeak) as shared,
        closing(Engine(read_voice(embedded_model_path()), tmp_path_factory.mktemp("empty"), shared)) as engine,
    ):
        yield engine


@pytest.mark.parametrize("speed", [0.6, 1.0, 1.5])
@pytest.mark.parametrize("factor", [0.4, 0.7, 1.0, 1.3, 3.0])
def test_a_run_with_a_length_lasts_so_long_and_the_others_as_ever(engine: Engine, factor: float, speed: float) -> None:
    delivery = Delivery(length_scale=1, noise_scale=0.667, noise_w_scale=0.8, speaker_id=0, speed=speed)
    noiseless = replace(delivery, noise_scale=0, noise_w_scale=0)
    usual = [len(part) for part in parts(engine, *speak(engine, sentence(PLAIN), replace(noiseless, speed=1.0)))]
    seconds = usual[1] / 22050 / factor
    for own_delivery in (noiseless, delivery):
        own = [len(part) for part in parts(engine, *speak(engine, sentence(timed(seconds)), own_delivery))]
        assert own[1] == pytest.approx(seconds * 22050, abs=2)
    own = [len(part) for part in parts(engine, *speak(engine, sentence(timed(seconds)), noiseless))]
    plain = [len(part) for part in parts(engine, *speak(engine, sentence(PLAIN), noiseless))]
    assert own[::2] == pytest.approx(plain[::2], abs=512)


@pytest.mark.parametrize("seconds", [1.5, 4.0])
def test_a_whole_sentence_of_several_units_lasts_as_long_as_is_asked(engine: Engine, seconds: float) -> None:
    text = "and we go on " * (1 if seconds < 2 else 20)
    usual, _ = speak(engine, Sentence(text))
    wanted = len(usual) / 22050 * seconds / 2
    own, ends = speak(engine, Sentence(text, (Span(text, 0, len(text), manner=timed(wanted)),)))
    assert len(own) == ends[-1] == pytest.approx(wanted * 22050, abs=2)


@pytest.mark.parametrize(("factor", "bound"), [(0.01, 0.25), (100.0, 4.0)])
def test_a_length_is_bounded_by_the_voices_own_pace(engine: Engine, factor: float, bound: float) -> None:
    usual = parts(engine, *speak(engine, sentence(PLAIN)))
    asked = sentence(timed(len(usual[1]) / 22050 / factor))
    own = parts(engine, *speak(engine, asked, replace(DELIVERY, speed=1.2)))
    assert len(own[1]) == pytest.approx(len(usual[1]) / bound, rel=0.05)


def test_rates_in_a_run_with_a_length_are_relative_and_gain_and_pitch_hold(engine: Engine) -> None:
    slow = sentence(timed(4.0, rate=0.5, pitch=1.12), timed(4.0))
    own = parts(engine, *speak(engine, slow))
    usual = parts(engine, *speak(engine, sentence(timed(4.0), timed(4.0, volume=0.5))))
    assert sum(map(len, own)) == pytest.approx(4 * 22050, abs=2) == sum(map(len, usual))
    shares = [len(part) / sum(map(len, own)) for part in own]
    even = [len(part) / sum(map(len, usual)) for part in usual]
    doubled = 2 * even[1] / (1 + even[1])
    assert shares[1] == pytest.approx(doubled, abs=0.02)


def test_neighbours_with_lengths_of_their_own_have_both(engine: Engine) -> None:
    first, second = timed(1.4), Manner(seconds=0.9, timing=2)
    spoken = sentence(second, first)
    samples, ends = speak(engine, spoken)
    own = parts(engine, samples, ends)
    assert len(own[1]) == pytest.approx(0.9 * 22050, abs=2)
    assert len(own[0]) == pytest.approx(1.4 * 22050, abs=2)
    assert len(own[2]) == pytest.approx(1.4 * 22050, abs=2)


def test_durations_alone_tell_the_same_ends(engine: Engine) -> None:
    spoken = sentence(timed(1.1))
    _, ends = speak(engine, spoken)
    told = engine.durations(spoken, DELIVERY, is_alone=True).result()
    np.testing.assert_array_equal(treated_ends(told.id_samples, told.runs), ends)


def test_a_plain_sentence_is_encoded_once(joe: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    units = list[int]()
    encode = piper(joe)._model.encode

    def counting(unit: PhonemeIds, delivery: Delivery, *, is_alone: bool) -> Take:
        units.append(len(unit))
        return encode(unit, delivery, is_alone=is_alone)

    monkeypatch.setattr(piper(joe)._model, "encode", counting)
    for manner, times in ((PLAIN, 1), (Manner(rate=0.8), 1), (timed(0.1), 1), (timed(3.0), 2)):
        units.clear()
        speak(joe, sentence(manner))
        assert len(units) == times


def test_a_contour_is_heard_word_by_word_without_a_click(engine: Engine) -> None:
    text = "We were away all year, and you know our neighbours were very nervous."
    plain, usual = speak(engine, Sentence(text))
    rising = Manner(contour=((0.0, 0.84), (1.0, 1.19)), timing=1)
    own, ends = speak(engine, Sentence(text, (Span(text, 0, len(text), manner=rising),)))
    assert len(own) == ends[-1] == pytest.approx(len(plain), abs=512)
    before, after = _pitches(plain), _pitches(own)
    for third, change in enumerate((0.9, 1.015, 1.13)):
        here = [start for start in before.keys() & after if 3 * start // usual[-1] == third]
        assert np.median([after[start] / before[start] for start in here]) == pytest.approx(change, rel=0.04)
    assert np.abs(np.diff(own)).max() < 1.3 * np.abs(np.diff(plain)).max()


def test_a_contour_moves_in_steps_over_words(joe: Engine) -> None:
    text = "One two three four."
    contour = ((0.0, 0.5), (0.5, 1.0), (1.0, 1.5))
    found = runs_of(Sentence(text, (Span(text, 0, len(text), manner=Manner(contour=contour, timing=1)),)), joe.words)
    pitches = [run.manner.pitch for run in found]
    assert len(pitches) == 4
    assert pitches == sorted(pitches)
    assert 0.5 < pitches[0] < 0.8 < pitches[1] < pitches[2] < 1.3 < pitches[3] < 1.5
    assert not any(run.manner.contour for run in found)


def _pitch(samples: Samples) -> float:
    """The middle of the frequencies of voiced pieces, in Hz."""
    return float(np.median(list(_pitches(samples).values())))


def _pitches(samples: Samples) -> dict[int, float]:
    """The frequencies of voiced pieces, in Hz, by the first deep valley of the difference function; by their places."""
    found = dict[int, float]()
    for start in range(0, len(samples) - 2048, 256):
        piece = samples[start : start + 2048].astype(np.float64)
        if np.sqrt(np.mean(piece**2)) < 0.02:
            continue
        lags = np.arange(1, 442)
        difference = np.array([np.sum((piece[:1024] - piece[lag : lag + 1024]) ** 2) for lag in lags])
        normed = difference * lags / np.cumsum(difference)
        valleys = [i for i in range(73, 440) if normed[i] < 0.15 and normed[i - 1] >= normed[i] <= normed[i + 1]]
        if valleys:
            found[start] = 22050 / lags[valleys[0]]
    return found
