import time
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hailo_piper.listeners.keys import Keys
from hailo_piper.listeners.rate_limits import MovingWindow
from tests.support.client import assert_error
from tests.support.clock import FakeClock

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


def test_a_refusal_says_the_limit_and_when(make_app: Callable[..., Flask]) -> None:
    client = make_app({"server": {"rate_limit": "1/minute"}}).test_client()
    speak(client)
    response = client.post(SPEECH, json={"input": "Hello."}, environ_overrides={"REMOTE_ADDR": "192.168.1.20"})
    message = assert_error(response, 429, "rate_limit_exceeded", None)
    assert message == "Too many requests: one address may ask for speech once a minute; try again in 60 s"


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("", "unix:", False),
    ],
)
def test_an_ipv6_host_is_its_network(make_app: Callable[..., Flask], one: str, other: str, *, is_same: bool) -> None:
    client = make_app({"server": {"rate_limit": "1/hour"}}).test_client()
    assert [speak(client, address=address) for address in (one, other)] == [200, 429 if is_same else 200]


def test_fetching_a_voice_is_no_speech(make_app: Callable[..., Flask]) -> None:
    client = make_app({"server": {"rate_limit": "1/hour"}}, keys=Keys(("sk-one-key",))).test_client()
    for _ in range(3):
        response = client.post("/v1/voices/en_US-tone-low", headers={"Authorization": "Bearer sk-one-key"})
        assert response.status_code == 200
    assert [speak(client, "sk-one-key") for _ in range(2)] == [200, 429]


def test_wrong_keys_are_limited_by_address_and_a_right_one_always_passes(make_app: Callable[..., Flask]) -> None:
    client = make_app(keys=Keys(("sk-right-key",))).test_client()
    assert [speak(client, f"sk-guess-{number}") for number in range(40)] == [401] * 30 + [429] * 10
    headers = {"Authorization": "Bearer sk-guess"}
    response = client.get("/metrics", headers=headers, environ_overrides={"REMOTE_ADDR": "192.168.1.20"})
    assert "wrong API keys" in assert_error(response, 429, "rate_limit_exceeded", None)
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert speak(client, "sk-right-key") == 200
    assert speak(client, "sk-guess", address="192.168.1.21") == 401


def test_asking_without_a_key_is_no_guess(make_app: Callable[..., Flask]) -> None:
    client = make_app(keys=Keys(("sk-right-key",))).test_client()
    assert {speak(client) for _ in range(40)} == {401}


@pytest.mark.parametrize("limit", ["1/second", "3/minute", "100/minute", "101/hour", "5000/day"])
def test_never_more_than_the_limit_in_any_period(limit: str) -> None:
    clock = FakeClock()
    window = MovingWindow(limit, clock)
    period = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}[limit.partition("/")[2]]
    allowed: list[float] = []
    for step in range(3 * window.count):
        clock.now = step * period / window.count / 1.4
        if window.take("me").is_allowed:
            allowed.append(clock.now)
    # What is allowed after the first period came as fast as it may: no more, and hardly less.
    for number, moment in enumerate(allowed[window.count :]):
        assert moment - allowed[number] >= period
    assert len(allowed) >= 2 * window.count * 0.98
    assert len(window._callers["me"]) <= 101


def test_what_is_refused_does_not_count_and_the_time_told_is_right() -> None:
    clock = FakeClock()
    window = MovingWindow("2/minute", clock)
    standings = [window.take("me") for _ in range(5)]
    assert [(standing.is_allowed, standing.remaining) for standing in standings[:3]] == [
        (True, 1),
        (True, 0),
        (False, 0),
    ]
    clock.now = standings[-1].seconds - 0.5
    assert not window.take("me").is_allowed
    clock.now = standings[-1].seconds
    assert window.take("me").is_allowed


def test_many_callers_take_bounded_memory_and_those_long_gone_none() -> None:
    clock = FakeClock()
    window = MovingWindow("5/minute", clock)
    for number in range(10_000):
        window.take(str(number))
    assert window.callers == 4096
    clock.now = 61
    window.take("me")
    assert window.callers == 1


def test_it_takes_its_time_from_the_monotonic_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    window = MovingWindow("1/minute")
    window.take("me")
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert 59 <= window.take("me").seconds <= 60
