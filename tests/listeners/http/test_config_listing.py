"""The configuration in force, as those see it who may."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from hailo_piper.__main__ import main
from hailo_piper.cli.configuration import load
from hailo_piper.cli.program import build_parser
from hailo_piper.config.loading import parse_config
from hailo_piper.listeners.http.config_listing import settings_in_force
from hailo_piper.listeners.keys import Keys
from hailo_piper.schemas.checker import load_schema
from tests.support.client import assert_error

KEY = "sk-operator"


@pytest.fixture
def client(make_app: Callable[..., Flask]) -> FlaskClient:
    return make_app().test_client()


def test_every_setting_is_listed_as_it_is_described(client: FlaskClient) -> None:
    answer = client.get("/v1/config").get_json()
    described = load_schema("answers.json")["Settings"]
    Draft202012Validator(described).validate(answer)
    schema = load_schema("config.json")["properties"]
    assert list(answer["settings"]) == [
        f"{name}.{key}" for name, section in schema.items() for key in section["properties"]
    ]


def test_a_value_is_shown_with_what_decided_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("server: {port: 6000, host: 127.0.0.1}\nlogging: {format: json}")
    monkeypatch.setenv("HAILO_PIPER__SYNTHESIS__FORMAT", "mp3")
    options = build_parser().parse_args(["serve", "--config", str(path), "--port", "6001", "--log-format", "text"])
    options.environment = {"HAILO_PIPER__SYNTHESIS__FORMAT": "mp3"}
    shown = settings_in_force(load(options))

    def seen(name: str) -> tuple[object, ...]:
        return tuple(shown[name][field] for field in ("value", "default", "changed", "origin", "source"))

    assert seen("server.port") == (6001, 5003, True, "option", "--port")
    assert seen("logging.format") == ("text", "json", True, "option", "--log-format")
    assert seen("synthesis.format") == ("mp3", "wav", True, "environment", "HAILO_PIPER__SYNTHESIS__FORMAT")
    assert seen("server.host") == ("127.0.0.1", "0.0.0.0", True, "file", str(path))
    assert seen("server.debug") == (False, False, False, "default", None)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://hub.example/voices", "https://hub.example/voices"),
        ("https://me:secret@hub.example/voices", "https://***@hub.example/voices"),
        ("https://secret@hub.example", "https://***@hub.example"),
        ("https://hub.example/voices?token=secret", "https://hub.example/voices?***"),
        ("https://hub.example/a@b", "https://hub.example/a@b"),
    ],
)
def test_secrets_of_a_url_are_hidden(url: str, shown: str) -> None:
    settings = settings_in_force(parse_config({"voices": {"catalogue_url": url}}))
    assert settings["voices.catalogue_url"]["value"] == shown
    assert "secret" not in str(settings)


def test_a_key_is_never_shown(make_app: Callable[..., Flask]) -> None:
    client = make_app(keys=Keys([KEY])).test_client()
    assert_error(client.get("/v1/config"), 401, "invalid_api_key", None)
    answer = client.get(
        "/v1/config", headers={"Authorization": f"Bearer {KEY}"}, environ_base={"REMOTE_ADDR": "192.0.2.7"}
    )
    assert answer.status_code == 200
    assert KEY not in answer.text


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("192.0.2.7", {}),
        ("::ffff:192.0.2.7", {}),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.7"}),
        ("127.0.0.1", {"Via": "1.1 proxy"}),
        ("127.0.0.1", {"Host": "rebound.example:5003"}),
        ("127.0.0.1", {"Host": "localhost.example"}),
        ("127.0.0.1", {"Host": "127.0.0.1.example"}),
        ("127.0.0.1", {"Origin": "https://other.example"}),
        ("127.0.0.1", {"Origin": "null"}),
    ],
)
def test_without_keys_nobody_else_sees_it(client: FlaskClient, address: str, headers: dict[str, str]) -> None:
    answer = client.get("/v1/config", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert_error(answer, 403, "forbidden", None)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost", "localhost:5003", "127.0.0.1:5003", "[::1]:5003", "LOCALHOST"])
def test_without_keys_the_machine_itself_sees_it(client: FlaskClient, address: str, host: str) -> None:
    answer = client.get("/v1/config", headers={"Host": host}, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == 200


def test_check_config_still_prints_what_a_file_may_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("server: {port: 6000}")
    assert main(["check-config", "--config", str(path)]) == 0
    printed = tmp_path / "printed.json"
    printed.write_text(capsys.readouterr().out)
    assert main(["check-config", "--config", str(printed)]) == 0
