"""Words that clients with a key add: they hold for the next request, and nothing that cannot be is ever kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hailo_piper.listeners.keys import Keys
from hailo_piper.text.lexicon.directory import Lexicons, problems_of
from tests.support.client import assert_error

KEY = "sk-lexicon"
HEADERS = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "lexicons"


@pytest.fixture
def client(make_app: Callable[..., Flask], directory: Path) -> FlaskClient:
    # Each question finds the files as they are: the service itself looks once a second.
    ticks = iter(range(10**6))
    lexicons = Lexicons([directory], clock=lambda: float(2 * next(ticks)))
    return make_app(keys=Keys([KEY]), lexicons=lexicons).test_client()


def add(client: FlaskClient, **fields: Any) -> Any:
    return client.post("/v1/lexicon", json=fields, headers=HEADERS)


def spoken(client: FlaskClient, text: str) -> str:
    answer = client.post("/v1/text", json={"text": text}, headers=HEADERS).get_json()
    return " ".join(sentence["spoken"] for sentence in answer["sentences"])


def test_a_word_is_said_so_from_then_on(client: FlaskClient, directory: Path) -> None:
    assert spoken(client, "Ask the zorblax.") == "Ask the zorblax."
    answer = add(client, word=" zorblax ", say="zor blacks", language="en")
    assert answer.get_json() == {"word": "zorblax", "say": "zor blacks", "language": "en"}
    assert spoken(client, "Ask the zorblax.") == "Ask the zor blacks."
    assert add(client, word="zorblax", say="zor blax", language="en").status_code == 200
    assert add(client, word="no", say="nay", language="en").status_code == 200
    assert spoken(client, "Ask the zorblax. Not no.") == "Ask the zor blax. Not nay."
    assert [path.name for path in directory.iterdir()] == ["added-en.json"]


def test_a_word_of_another_language_is_kept_apart(client: FlaskClient, directory: Path) -> None:
    assert add(client, word="zorblax", say="zorblacks", language="de-DE").status_code == 200
    assert spoken(client, "Ask the zorblax.") == "Ask the zorblax."
    assert add(client, word="zorblax", say="").status_code == 200
    assert "zorblax" not in spoken(client, "Ask the zorblax.")
    assert sorted(path.name for path in directory.iterdir()) == ["added-de_de.json", "added.json"]
    assert not any(problems_of(path) for path in directory.iterdir())


def test_phonemes_are_said_as_phonemes(client: FlaskClient) -> None:
    assert add(client, word="zorblax", say="/zˈɔːblæks/").status_code == 200
    (sentence,) = client.post("/v1/text", json={"text": "A zorblax."}, headers=HEADERS).get_json()["sentences"]
    assert [(change["rule"], change["phonemes"]) for change in sentence["changes"]] == [("lexicon", "zˈɔːblæks")]


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({}, "word"),
        ({"word": "one"}, "say"),
        ({"word": None, "say": "x"}, "word"),
        ({"word": 7, "say": "x"}, "word"),
        ({"word": "one", "say": ["x"]}, "say"),
        ({"word": "  ", "say": "x"}, "word"),
        ({"word": "w" * 201, "say": "x"}, "word"),
        ({"word": "one", "say": "x" * 501}, "say"),
        ({"word": "one", "say": "\ud800"}, "say"),
        ({"word": "one", "say": "x", "language": "../en"}, "language"),
        ({"word": "one", "say": "x", "language": "english!"}, "language"),
        ({"word": "one", "say": "x", "language": "e\x00"}, "language"),
        ({"word": "one", "say": "//"}, "say"),
    ],
)
def test_what_a_lexicon_cannot_have_is_refused(
    client: FlaskClient, directory: Path, fields: dict[str, Any], param: str
) -> None:
    assert_error(add(client, **fields), 400, "invalid_request", param)
    assert not directory.exists() or list(directory.iterdir()) == []


def test_a_directory_that_cannot_be_written_is_told(client: FlaskClient, directory: Path) -> None:
    directory.write_text("a file")
    message = assert_error(add(client, word="one", say="won"), 400, "invalid_request", "word")
    assert "cannot be kept" in message


def test_a_file_that_somebody_has_broken_is_told_and_stays(client: FlaskClient, directory: Path) -> None:
    directory.mkdir()
    broken = directory / "added.json"
    broken.write_text("{")
    assert_error(add(client, word="one", say="won"), 400, "invalid_request", "word")
    assert broken.read_text() == "{"


def test_without_keys_nobody_adds_a_word(make_app: Callable[..., Flask], directory: Path) -> None:
    answer = make_app().test_client().post("/v1/lexicon", json={"word": "one", "say": "won"})
    assert "server.api_keys_file" in assert_error(answer, 403, "forbidden", None)
    assert not directory.exists()
