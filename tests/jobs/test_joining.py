"""Lines that become one file: their order, their rates, and what is left out."""

import wave
from pathlib import Path

import numpy as np
import pytest

from hailo_piper.config.loading import parse_config
from hailo_piper.jobs import joining
from hailo_piper.jobs.joining import join
from hailo_piper.jobs.output_files import OutputError
from hailo_piper.jobs.results import Record

ENCODING = parse_config({}).encoding


def write(path: Path, samples: np.ndarray, rate: int = 22050) -> Record:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return {"file": path.name}


def read(path: Path) -> tuple[int, np.ndarray]:
    with wave.open(str(path), "rb") as file:
        return file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), "<i2")


def noise(number: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(-32767, 32768, number)


def test_lines_follow_each_other_to_the_bit(tmp_path: Path) -> None:
    sounds = [noise(number, number) for number in (70_000, 1, 65_536)]
    records = [write(tmp_path / f"{at}.wav", sound) for at, sound in enumerate(sounds)]
    join([records[0], {"error": {}}, *records[1:]], tmp_path, tmp_path / "all.wav", ENCODING)
    rate, samples = read(tmp_path / "all.wav")
    assert rate == 22050
    assert np.array_equal(samples, np.concatenate(sounds))


@pytest.mark.parametrize(("suffix", "rate"), [("wav", 22050), ("pcm", 24000)])
def test_lines_of_other_rates_are_brought_to_one(tmp_path: Path, suffix: str, rate: int) -> None:
    records = [write(tmp_path / "a.wav", noise(22050)), write(tmp_path / "b.wav", noise(16000), 16000)]
    path = tmp_path / f"all.{suffix}"
    join(records, tmp_path, path, ENCODING)
    num_bytes = path.stat().st_size - (44 if suffix == "wav" else 0)
    assert num_bytes == 2 * 2 * rate


def test_no_line_makes_an_empty_sound(tmp_path: Path) -> None:
    join([], tmp_path, tmp_path / "all.wav", ENCODING)
    assert len(read(tmp_path / "all.wav")[1]) == 0


def test_a_wav_that_is_too_long_for_its_header_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "_MOST_WAV_BYTES", 1000)
    with pytest.raises(OutputError, match="choose another format"):
        join([write(tmp_path / "a.wav", noise(600))], tmp_path, tmp_path / "all.wav", ENCODING)
    assert not list(tmp_path.glob("*all.wav*"))
