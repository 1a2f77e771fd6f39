from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hailo_piper.keys import Keys
from tests.conftest import assert_error

SPEECH = "/v1/audio/speech"


def speak(client: FlaskClient, key: str | None = None, address: str = "192.168.1.20", path: str = SPEECH) -> int:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    body = {"input": "Hello.", "text": "Hello."}
    return client.post(path, json=body, headers=headers, environ_overrides={"REMOTE_ADDR": address}).status_code


def test_one_more_than_the_limit_is_refused_with_the_time_to_come_back(make_app: Callable[..., Flask]) -> None:
    client = make_app({"server": {"rate_limit": "3/hour"}}).test_client()
    assert [speak(client) for _ in range(3)] == [200] * 3
    response = client.post(SPEECH, json={"input": "Hello."}, environ_overrides={"REMOTE_ADDR": "192.168.1.20"})
    assert_error(response, 429, "rate_limit_exceeded", None)
    assert 3500 < int(response.headers["Retry-After"]) <= 3601
    assert (response.headers["X-RateLimit-Limit"], response.headers["X-RateLimit-Remaining"]) == ("3", "0")
    assert client.get("/health").status_code == 200


def test_every_address_and_every_key_has_its_own(make_app: Callable[..., Flask]) -> None:
    app = make_app({"server": {"rate_limit": "1/hour"}}, keys=Keys(("a", "b")))
    client = app.test_client()
    assert [speak(client, key) for key in ("a", "b", "a", "b")] == [200, 200, 429, 429]
    assert speak(client, "a", address="192.168.1.21") == 429
    without_keys = make_app({"server": {"rate_limit": "1/hour"}}).test_client()
    addresses = ("10.0.0.1", "10.0.0.2", "10.0.0.1")
    assert [speak(without_keys, address=address) for address in addresses] == [200, 200, 429]
    assert speak(without_keys, "another key every time", address="10.0.0.1") == 429


def test_all_ways_to_speak_count_together(make_app: Callable[..., Flask]) -> None:
    client = make_app({"server": {"rate_limit": "1/hour"}}).test_client()
    assert [speak(client, path=path) for path in ("/v1/synthesize", SPEECH)] == [200, 429]


@pytest.mark.parametrize("path", ["/health", "/metrics", "/v1/voices"])
def test_reading_is_not_limited(make_app: Callable[..., Flask], path: str) -> None:
    client = make_app({"server": {"rate_limit": "1/hour"}}).test_client()
    assert [client.get(path).status_code for _ in range(5)] == [200] * 5


def test_without_a_limit_there_is_none(make_app: Callable[..., Flask]) -> None:
    client = make_app().test_client()
    assert {speak(client) for _ in range(20)} == {200}
