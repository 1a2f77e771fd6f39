"""What is found in the directory of voices, while files come, change and go."""

import logging
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hailo_piper.engine.voice_removal import remove_voice
from hailo_piper.voices.directory import VOICE_ID, VoiceDirectory
from hailo_piper.voices.names import Voices
from hailo_piper.voices.voice import embedded_model_path, read_voice
from tests.support.clock import FakeClock
from tests.support.tone_voice import make_tone_voice


def ids(directory: VoiceDirectory) -> list[str]:
    return sorted(directory.voices(0.0))


def test_every_pair_of_files_is_a_voice(tmp_path: Path) -> None:
    for name in ("en_US-one-low", "pt_PT-tugão-medium"):
        make_tone_voice(tmp_path, name=name)
    (tmp_path / "notes.txt").write_text("no voice")
    (tmp_path / ".fetching-x").mkdir()
    directory = VoiceDirectory(tmp_path)
    assert ids(directory) == ["en_US-one-low", "pt_PT-tugão-medium"]
    voice = directory.voices(1.0)["pt_PT-tugão-medium"]
    assert (voice.language, voice.quality) == ("pt_PT", "medium")
    assert voice.size_bytes == sum(path.stat().st_size for path in (voice.model_path, voice.config_path))


def test_a_directory_that_is_not_there_holds_no_voices(tmp_path: Path) -> None:
    assert ids(VoiceDirectory(tmp_path / "nowhere")) == []


def test_what_cannot_be_listed_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    assert ids(VoiceDirectory(tmp_path / "file")) == []
    assert f"{tmp_path}/file cannot be read: Not a directory" in caplog.text


@pytest.mark.parametrize(
    ("content", "config", "words"),
    [
        (b"", "ok", "is no ONNX model, or not all of one"),
        (b"<html>", "ok", "is no ONNX model, or not all of one"),
        ("half", "ok", "is no ONNX model, or not all of one"),
        ("whole", "{", "is no Piper voice config"),
        ("whole", None, "no such file"),
        ("whole", "directory", "no such file"),
        ("whole", "[" * 200_000, "nested too deeply"),
        ("whole", '{"audio": {"sample_rate": 1e999}, "num_speakers": 1}', "is no Piper voice config"),
        ("whole", "\udcff", "can't decode byte 0xff"),
    ],
)
def test_what_is_broken_is_told_once_and_skipped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes | str, config: str | None, words: str
) -> None:
    whole = make_tone_voice(tmp_path, name="en_US-good-low")
    broken = tmp_path / "en_US-bad-low.onnx"
    model = whole.read_bytes()
    broken.write_bytes(
        {"half": model[: len(model) // 2], "whole": model}[content] if isinstance(content, str) else content
    )
    facts = Path(f"{broken}.json")
    if config == "directory":
        facts.mkdir()
    elif config is not None:
        text = Path(f"{whole}.json").read_text() if config == "ok" else config
        facts.write_text(text, encoding="utf-8", errors="surrogateescape")
    directory = VoiceDirectory(tmp_path)
    for _ in range(3):
        assert list(directory.voices(1e-9)) == ["en_US-good-low"]
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert words in record.message
    assert "en_US-bad-low" in record.message
    # Whoever asks to look again wants to hear of it again.
    assert ids(directory) == ["en_US-good-low"]
    assert len(caplog.records) == 2


@pytest.mark.parametrize("end", ["", ".json"])
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: Path(path).symlink_to("/dev/zero")])
def test_what_is_no_file_is_skipped_and_keeps_nobody_waiting(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, make: Callable[[str], None], end: str
) -> None:
    make_tone_voice(tmp_path, name="en_US-good-low")
    odd = f"{make_tone_voice(tmp_path, name='en_US-odd-low')}{end}"
    Path(odd).unlink()
    make(odd)
    assert ids(VoiceDirectory(tmp_path)) == ["en_US-good-low"]
    assert f"no such file: {odd}: skipped" in caplog.text


@pytest.mark.parametrize("end", ["", ".json"])
def test_two_gigabytes_of_nothing_take_no_time(tmp_path: Path, end: str) -> None:
    odd = f"{make_tone_voice(tmp_path)}{end}"
    os.truncate(odd, 0)
    os.truncate(odd, 2_000_000_000)
    started = time.monotonic()
    assert ids(VoiceDirectory(tmp_path)) == []
    assert time.monotonic() - started < 5


def test_a_voice_is_there_when_the_last_byte_of_its_copy_is(tmp_path: Path) -> None:
    content = embedded_model_path().read_bytes()
    model = tmp_path / "en_US-copied-medium.onnx"
    shutil.copy(f"{embedded_model_path()}.json", f"{model}.json")
    directory = VoiceDirectory(tmp_path)
    for share in (0.0, 0.001, 0.5, 1 - 1 / len(content)):
        model.write_bytes(content[: round(share * len(content))])
        assert ids(directory) == []
    model.write_bytes(content)
    assert ids(directory) == ["en_US-copied-medium"]


def test_it_looks_once_a_second_at_most(tmp_path: Path) -> None:
    clock = FakeClock()
    directory = VoiceDirectory(tmp_path, clock=clock)
    assert not directory.voices(1.0)
    make_tone_voice(tmp_path)
    clock.now += 0.9
    assert not directory.voices(1.0)
    clock.now += 0.2
    assert directory.voices(1.0)


def test_a_changed_file_is_another_voice_and_an_unchanged_one_the_same(tmp_path: Path) -> None:
    for name in ("en_US-one-low", "en_US-two-low"):
        make_tone_voice(tmp_path, name=name)
    directory = VoiceDirectory(tmp_path)
    before = directory.voices(0.0)
    make_tone_voice(tmp_path, name="en_US-one-low", pitch=25)
    os.utime(tmp_path / "en_US-one-low.onnx", ns=(1, 1))
    after = directory.voices(0.0)
    assert before["en_US-one-low"] != after["en_US-one-low"]
    assert before["en_US-two-low"] is after["en_US-two-low"]


def test_a_removed_voice_is_gone(tmp_path: Path) -> None:
    make_tone_voice(tmp_path)
    directory = VoiceDirectory(tmp_path)
    remove_voice(directory.voices(0.0)["en_US-tone-low"].model_path, [tmp_path / "prepared"])
    assert ids(directory) == []
    assert list(tmp_path.iterdir()) == []


def test_the_default_voice_stays_and_is_listed_once_and_first(tmp_path: Path) -> None:
    default = read_voice(make_tone_voice(tmp_path, name="en_US-tone-low"))
    make_tone_voice(tmp_path, name="en_US-another-low")
    voices = Voices(default, {}, VoiceDirectory(tmp_path).voices)
    assert [voice.id for voice in voices.all()] == ["en_US-tone-low", "en_US-another-low"]
    for path in tmp_path.iterdir():
        path.unlink()
    voices.rescan()
    assert voices.all() == (default,)
    assert voices.resolve("en_US-tone-low").voice is default


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", ".hidden", "a#b", "a b", "a\0", "x" * 101, "-a", "a\n"])
def test_no_path_is_an_id(name: str) -> None:
    assert not VOICE_ID.fullmatch(name)
