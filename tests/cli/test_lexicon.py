"""`explain` and `lexicon check` tell how words are read, without a server."""

import io
import json
import sys
from pathlib import Path

import pytest

from hailo_piper.__main__ import main
from tests.support.client import wav_of


@pytest.fixture
def config_path(tone_path: Path, tmp_path: Path, cache_directory: Path) -> Path:
    (tmp_path / "words.yaml").write_text("words: {Bob: /bɑb/, odd: /ʘa/}", encoding="utf-8")
    path = tmp_path / "config" / "config.yaml"
    path.parent.mkdir()
    path.write_text(
        f"piper: {{model_path: {tone_path}, cache_directory: {cache_directory}}}\nlexicons: {{directory: {tmp_path}}}\n"
    )
    return path


def test_explain_shows_what_is_spoken_and_why(config_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "Bob paid $5.", "--config", str(config_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2:] == [
        "Bob paid $5.",
        "  spoken        Bob paid 5 dollars.",
        "  lexicon       Bob -> /bɑb/",
        "  money         $5 -> 5 dollars",
        "  phonemes      bɑb pˈeɪd fˈaɪv dˈɑːlɚz.",
    ]


def test_explain_shows_ssml_where_it_is_told_that_it_is(config_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = 'Dial <say-as interpret-as="digits">42</say-as>.<s>I &amp; <phoneme ph="wɪn">Nguyen</phoneme></s>'
    assert main(["explain", "--ssml", text, "--config", str(config_path)]) == 0
    assert capsys.readouterr().out.splitlines()[2:] == [
        "Dial 4 2.",
        "  say-as        4 2 -> 4 2",
        "  phonemes      dˈaɪəl fˈɔːɹ tˈuː.",
        "",
        "I & Nguyen",
        "  phoneme       Nguyen -> /wɪn/",
        "  phonemes      aɪ ænd wɪn",
    ]


def test_explain_answers_programs_in_json(config_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "5 km", "--language", "de", "--json", "--config", str(config_path)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["voice"], answer["language"], answer["sentences"][0]["spoken"]) == (None, "de", "5 Kilometer")


@pytest.mark.parametrize(
    ("arguments", "words"), [(["--language", "xx", "Hi"], "No voice for language"), (["..."], "The text is empty")]
)
def test_explain_refuses_as_a_request_is_refused(
    config_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(["explain", *arguments, "--config", str(config_path)]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (b"\xef\xbb\xbfCaf\xc3\xa9.", (0, "")),
        (b"Caf\xe9", (0, "not UTF-8 at byte 3")),
        ("Hi".encode("utf-16"), (2, "UTF-16")),
        (None, (2, "There is no text")),
    ],
)
def test_explain_reads_standard_input_as_say_does(
    config_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    content: bytes | None,
    outcome: tuple[int, str],
) -> None:
    # As the encoding of a C locale: it does not matter.
    stream = None if content is None else io.TextIOWrapper(io.BytesIO(content), encoding="ascii")
    monkeypatch.setattr(sys, "stdin", stream)
    code = main(["explain", "--config", str(config_path)])
    assert code == outcome[0]
    assert outcome[1] in capsys.readouterr().err


@pytest.mark.parametrize(("word", "spoken"), [("um", "nothing"), ("bad", "nothing: a text with it is refused")])
def test_a_word_that_is_not_heard_is_shown_without_speech(
    config_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], word: str, spoken: str
) -> None:
    (tmp_path / "more.yaml").write_text("words: {um: '', bad: {refuse: true}}", encoding="utf-8")
    output = tmp_path / "word.wav"
    assert main(["lexicon", "check", word, "-o", str(output), "--config", str(config_path)]) == 0
    assert capsys.readouterr().out.splitlines()[2] == f"spoken    {spoken}"
    assert not output.exists()


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("bob", "entry     {directory}/words.yaml\nalone     bˈɑːb\nspoken    bɑb\n"),
        ("quinoa", "entry     the list of hailo-piper\nalone     kwɪnˈoʊə\nspoken    ˈkiːnwɑː\n"),
        ("cat", "entry     none is this word\nalone     kˈæt\nspoken    kˈæt\n"),
    ],
)
def test_a_word_is_shown_and_spoken(
    config_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], word: str, shown: str
) -> None:
    output = tmp_path / "word.wav"
    assert main(["lexicon", "check", word, "-o", str(output), "--config", str(config_path)]) == 0
    captured = capsys.readouterr()
    assert captured.out == shown.format(directory=tmp_path)
    assert captured.err.startswith("1 file(s) in order")
    assert len(wav_of(output.read_bytes())[1]) > 1000


def test_a_mistake_in_a_file_is_told(config_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.yaml").write_text("words: {x: 5}", encoding="utf-8")
    assert main(["lexicon", "check", "--config", str(config_path)]) == 78
    assert f"{tmp_path}/bad.yaml: words.x: 5 is not" in capsys.readouterr().err
    assert main(["check-config", "--config", str(config_path)]) == 0
    assert "warning: lexicons.directory: " in capsys.readouterr().err
