import itertools
import logging
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hailo_piper.text.lexicon import directory
from hailo_piper.text.lexicon.directory import Lexicons, files_in, problems_of, read_lexicon
from hailo_piper.text.lexicon.plain_file import Words
from hailo_piper.text.normalise.verbaliser import rules_for
from tests.support.clock import FakeClock

_WRITES = itertools.count(1)


def said(lexicons: Lexicons, text: str, *, voice: str = "v", language: str = "en_US") -> list[str]:
    return [span.spoken for lexicon in lexicons.for_voice(voice, language) for span in lexicon.find(text)]


def write(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    # A clock of the disk may be too coarse to tell two writes apart.
    os.utime(path, ns=(0, next(_WRITES)))


def test_files_are_read_again_when_they_change(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock()
    lexicons = Lexicons([tmp_path / "none", tmp_path], clock=clock)
    assert lexicons.for_voice("v", "en") == ()
    write(tmp_path / "a.yaml", "words: {x: one}")
    assert said(lexicons, "x") == []
    clock.now += 1
    assert said(lexicons, "x") == ["one"]
    write(tmp_path / "a.yaml", "words: {x: two}")
    clock.now += 1
    assert said(lexicons, "x") == ["two"]
    with caplog.at_level(logging.WARNING):
        write(tmp_path / "a.yaml", "words: [")
        for _ in range(3):
            clock.now += 1
            assert said(lexicons, "x") == ["two"]
    assert len(caplog.records) == 1
    assert "its words stay as they were" in caplog.text
    (tmp_path / "a.yaml").unlink()
    clock.now += 1
    assert said(lexicons, "x") == []


def test_the_more_special_words_come_first(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", "words: {x: any, y: any, z: any, w: any}")
    write(tmp_path / "b.yaml", "language: en\nwords: {x: family, y: family, z: family}")
    write(tmp_path / "c.yaml", "language: en_US\nwords: {x: region, y: region}")
    write(tmp_path / "d.yaml", "voice: v\nwords: {x: voice}")
    write(tmp_path / ".e.yaml", "words: {x: hidden}")
    write(tmp_path / "readme.txt", "words")
    lexicons = Lexicons([tmp_path])
    assert said(lexicons, "x y z w") == ["voice", "region", "family", "any"]
    assert said(lexicons, "x y z w", voice="other", language="en_GB") == ["family", "family", "family", "any"]
    assert said(lexicons, "x y z w", voice="other", language="de_DE") == ["any"] * 4


def test_the_words_of_a_later_directory_come_first(tmp_path: Path) -> None:
    for name in ("system", "own"):
        (tmp_path / name).mkdir()
        write(tmp_path / name / "a.yaml", f"words: {{x: {name}}}")
    assert said(Lexicons([tmp_path / "system", tmp_path / "own"]), "x") == ["own"]


def test_phonemes_that_the_voice_lacks_are_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write(tmp_path / "a.yaml", "words: {x: /aʘb/, y: /ab/, z: ʘ}")
    with caplog.at_level(logging.WARNING):
        Lexicons([tmp_path]).for_voice("v", "en", frozenset("ab"))
    (record,) = caplog.records
    assert record.getMessage().endswith("a.yaml: x: voice v has no sound for ʘ")


def test_what_cannot_be_read_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "a.yaml"
    write(file, "words: {x: 1}")
    assert files_in([tmp_path, tmp_path / "none"]) == [file]
    # A pipe would keep every request waiting.
    os.mkfifo(tmp_path / "pipe")
    assert problems_of(tmp_path / "pipe") == (f"{tmp_path}/pipe: cannot be read: it is no file",)
    assert len(problems_of(file)) == 1
    with caplog.at_level(logging.WARNING):
        assert Lexicons([file]).for_voice("v", "en") == ()
        assert Lexicons([tmp_path]).for_voice("v", "en") == ()
    assert ["cannot be read" in caplog.messages[0], "skipped" in caplog.messages[1]] == [True, True]


def test_while_a_long_file_is_read_others_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, is_reading, may_end = FakeClock(), threading.Event(), threading.Event()
    lexicons = Lexicons([tmp_path], clock=clock)
    write(tmp_path / "a.yaml", "words: {x: one}")
    assert said(lexicons, "x") == ["one"]

    def read_slowly(path: Path) -> Words:
        is_reading.set()
        assert may_end.wait(30)
        return read_lexicon(path)

    monkeypatch.setattr(directory, "read_lexicon", read_slowly)
    write(tmp_path / "a.yaml", "words: {x: two}")
    clock.now += 1
    with ThreadPoolExecutor(1) as other:
        reading = other.submit(said, lexicons, "x")
        assert is_reading.wait(30)
        assert said(lexicons, "x") == ["one"]
        may_end.set()
        assert reading.result(30) == ["two"]
    assert said(lexicons, "x") == ["two"]


def test_languages_that_clients_name_take_no_memory_for_ever(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", "words: {x: one}")
    lexicons = Lexicons([tmp_path])
    for number in range(200):
        assert said(lexicons, "x", voice="", language=f"de-{number}") == ["one"]
        rules_for(f"de-{number}")
    assert len(lexicons._made) <= 64
    assert rules_for.cache_info().currsize <= 64
