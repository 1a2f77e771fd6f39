"""A language of Kokoro as a voice: a tiny graph with silences stands in for the release's."""

import weakref
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hailo_piper.audio.loudness import loudness_lufs
from hailo_piper.audio.samples import Samples
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.kokoro.levels import LEVEL, LEVELS, gain_of
from hailo_piper.engine.model import NOISELESS, Delivery
from hailo_piper.engine.shared_parts import SharedParts
from hailo_piper.errors import ConfigError, SynthesisError
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.engine_voice import read_engine_voice
from hailo_piper.voices.kokoro_voices import LANGUAGES
from tests.support.services import sharing
from tests.support.tiny_kokoro import AMPLITUDES, FRAME, FRAMES, PITCHES, RATE, make_tiny_kokoro

TEXT = "Hello there."
LEAD = FRAME
"""The silence that is left before a sentence."""
TONE = (AMPLITUDES[0] * np.sin(2 * np.pi * PITCHES[0] / RATE * np.arange(RATE))).astype(np.float32)
"""A second of the first speaker as the graph makes it."""


@pytest.fixture(scope="module")
def parts(espeak: Espeak) -> Iterator[SharedParts]:
    with sharing(espeak) as shared:
        yield shared


@pytest.fixture(scope="module")
def engine(parts: SharedParts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with closing(load(make_tiny_kokoro(tmp_path_factory.mktemp("voices")), parts)) as engine:
        yield engine


def load(folder: Path, parts: SharedParts) -> Engine:
    return Engine(read_engine_voice(folder), folder, parts)


def speak(engine: Engine, text: str = TEXT, **delivery: object) -> Samples:
    wanted: Delivery = replace(NOISELESS, **delivery)  # type: ignore[arg-type]
    with closing(engine.stream([Sentence(text)], wanted)) as stream:
        return np.concatenate([chunk.samples for chunk in stream.read(0)])


def pitch(samples: Samples) -> float:
    """The strongest frequency, in Hz."""
    return float(np.fft.rfftfreq(len(samples), 1 / RATE)[np.abs(np.fft.rfft(samples)).argmax()])


def test_a_unit_has_its_own_durations_without_the_silence_around_it(engine: Engine) -> None:
    (unit,) = engine.speaker.units(Sentence(TEXT))
    take = engine.speaker.model(NOISELESS).encode(unit, NOISELESS, is_alone=True)
    sounding = FRAME * FRAMES * (len(unit) - 2)
    assert take.num_samples == LEAD + sounding + FRAMES * FRAME
    assert take.id_samples.tolist() == [LEAD, *[FRAME * FRAMES] * (len(unit) - 1)]
    assert engine.speaker.model(NOISELESS).knows_durations
    samples = take.decode(0, take.frames)
    assert not samples[:LEAD].any()
    assert np.abs(samples[LEAD : LEAD + sounding]).max() == pytest.approx(
        0.2 * gain_of(list(LEVELS.values()), [(0, 1.0)]), rel=0.05
    )


def test_a_speaker_has_its_own_style_by_the_length_of_the_unit(engine: Engine) -> None:
    for number in range(3):
        assert pitch(speak(engine, speaker_id=number)) == pytest.approx(PITCHES[number], abs=5)


def test_a_mix_is_between_its_speakers_and_of_one_it_is_that_one(engine: Engine) -> None:
    mixed = speak(engine, speaker_mix=((0, 2 / 3), (1, 1 / 3)))
    assert pitch(mixed) == pytest.approx(2 / 3 * PITCHES[0] + 1 / 3 * PITCHES[1], abs=5)
    np.testing.assert_array_equal(speak(engine, speaker_mix=((1, 1.0),)), speak(engine, speaker_id=1))


def test_speed_is_its_own_as_far_as_that_sounds_right(engine: Engine) -> None:
    usual, slow = speak(engine), speak(engine, speed=0.5)
    assert (len(slow) - LEAD) / (len(usual) - LEAD) == pytest.approx(2, rel=0.05)
    model = engine.speaker.model(NOISELESS)
    assert [model.tempo(speed) for speed in (0.25, 0.5, 1.0, 1.5)] == [0.5, 1, 1, 1]
    assert model.tempo(3.0) == pytest.approx(2)
    np.testing.assert_array_equal(speak(engine, length_scale=2.0), slow)


def test_equal_sentences_have_equal_bits(engine: Engine) -> None:
    once = speak(engine)
    speak(engine, "Something else, that is longer.")
    np.testing.assert_array_equal(speak(engine), once)


def test_a_long_sentence_sounds_clause_by_clause(engine: Engine) -> None:
    text = "The river was wide and cold that morning, but the boat was already on the other side."
    with closing(engine.stream([Sentence(text)], NOISELESS)) as stream:
        for _ in stream.read(0):
            pass
        assert stream.num_units[0] == 2
        assert sum(stream.durations(0)) == stream.num_samples
        assert len(stream.durations(0)) == sum(map(len, engine.speaker.units(Sentence(text))))


def test_known_speakers_have_their_level_and_others_are_measured(tmp_path: Path, parts: SharedParts) -> None:
    folder = make_tiny_kokoro(tmp_path)
    (folder / "voice.json").write_text(
        '{"engine": "kokoro", "language": "en_US", "sample_rate": 24000, "speakers": ["af_heart", "own"]}'
    )
    with np.load(folder / "voices-v1.0.bin") as tables:
        kept = {"af_heart": tables["af_heart"], "own": tables["af_bella"]}
    with (folder / "voices-v1.0.bin").open("wb") as file:
        np.savez(file, **kept)
    with closing(load(folder, parts)) as engine:
        assert engine.lufs == engine.speaker_lufs(0) == engine.speaker_lufs(1, ((0, 0.5), (1, 0.5))) == LEVEL
        # A tone and what is silent around it: the sentence that is measured is not the one that is heard.
        assert loudness_lufs(speak(engine, speaker_id=1), RATE) == pytest.approx(LEVEL, abs=1)
        known = loudness_lufs(speak(engine), RATE)
        assert known == pytest.approx(loudness_lufs(TONE, RATE) + LEVEL - LEVELS["af_heart"], abs=1)


def test_every_speaker_of_the_release_has_a_level() -> None:
    assert LEVELS.keys() == {name for language in LANGUAGES.values() for name in language.speakers}
    assert all(-40 < level < -10 for level in LEVELS.values())


@pytest.mark.parametrize("graph", [{"symbols": "input_ids"}, {"knows_durations": False}])
def test_other_exports_and_single_files_of_styles_speak(
    graph: dict[str, bool | str], tmp_path: Path, parts: SharedParts
) -> None:
    with closing(load(make_tiny_kokoro(tmp_path, "kokoro-es", in_one_file=False, **graph), parts)) as engine:
        samples = speak(engine, "Hola a todos.")
        assert pitch(samples) == pytest.approx(PITCHES[0], abs=5)
        model = engine.speaker.model(NOISELESS)
        assert model.knows_durations == ("symbols" in graph)
        (unit,) = engine.speaker.units(Sentence("Hola a todos."))
        take = model.encode(unit, NOISELESS, is_alone=True)
        assert take.id_samples.sum() == take.num_samples


def test_memory_is_released_and_a_closed_voice_says_nothing(parts: SharedParts, tmp_path: Path) -> None:
    engine = load(make_tiny_kokoro(tmp_path), parts)
    speaker = engine.speaker
    graph = weakref.ref(speaker.model(NOISELESS))
    speaker.shrink()
    assert not speaker.mend()
    engine.close()
    assert graph() is None
    speaker.shrink()
    with pytest.raises(SynthesisError):
        speaker.model(NOISELESS)


def change_facts(folder: Path, **facts: str) -> None:
    text = (folder / "voice.json").read_text()
    for old, new in facts.items():
        text = text.replace(old, new)
    (folder / "voice.json").write_text(text)


def test_a_language_that_does_not_come_out_right_is_refused_with_those_that_do(
    tmp_path: Path, parts: SharedParts
) -> None:
    folder = make_tiny_kokoro(tmp_path)
    change_facts(folder, en_US="ja_JP")
    with pytest.raises(ConfigError, match=r"does not speak ja_JP well.*Allowed: en_US, en_GB"):
        load(folder, parts)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (lambda folder: (folder / "kokoro-v1.0.int8.onnx").unlink(), "has one .onnx file, and here are: none"),
        (lambda folder: (folder / "other.onnx").write_bytes(b"x"), "here are: kokoro-v1.0.int8.onnx, other.onnx"),
        (lambda folder: (folder / "kokoro-v1.0.int8.onnx").write_bytes(b"x"), "is no ONNX model"),
        (lambda folder: (folder / "voices-v1.0.bin").unlink(), "cannot be read"),
        (lambda folder: (folder / "voices-v1.0.bin").write_bytes(b"PK"), "af_heart.bin cannot be read"),
        (lambda folder: (folder / "voice.json").write_text(
            '{"engine": "kokoro", "language": "en_US", "sample_rate": 24000}'), "it has no speakers"),
        (lambda folder: change_facts(folder, af_bella="zz_nobody"), "has no table"),
    ],
)  # fmt: skip
def test_wrong_files_are_told(wrong: object, problem: str, tmp_path: Path, parts: SharedParts) -> None:
    folder = make_tiny_kokoro(tmp_path)
    wrong(folder)  # type: ignore[operator]
    with pytest.raises(ConfigError, match=problem):
        load(folder, parts)


def test_a_style_with_other_content_is_told(tmp_path: Path, parts: SharedParts) -> None:
    folder = make_tiny_kokoro(tmp_path, "kokoro-es", in_one_file=False)
    np.full((510, 256), np.nan, np.float32).tofile(folder / "ef_dora.bin")
    with pytest.raises(ConfigError, match=r"ef_dora.bin has no table of 510 styles"):
        load(folder, parts)
    (folder / "ef_dora.bin").write_bytes(b"short")
    with pytest.raises(ConfigError, match=r"ef_dora.bin has no table"):
        load(folder, parts)
    with (folder / "a.bin").open("wb") as file:
        np.savez(file, ef_dora=np.array([object()]))
    with pytest.raises(ConfigError, match=r"a.bin has no styles"):
        load(folder, parts)


def test_a_graph_of_another_kind_is_told(tmp_path: Path, parts: SharedParts, tone_path: Path) -> None:
    folder = make_tiny_kokoro(tmp_path)
    (folder / "kokoro-v1.0.int8.onnx").write_bytes(tone_path.read_bytes())
    with pytest.raises(ConfigError, match="is no Kokoro: its inputs are"):
        load(folder, parts)
