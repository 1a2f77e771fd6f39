from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.server import Server
from tests.support.client import assert_error, post
from tests.support.services import as_values, running

PAGE = "https://chat.example"
OTHER = "https://chat.example.evil"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, x-stainless-os"}


@pytest.fixture
def allowing(make_client: Callable[[Config], FlaskClient], tone_config: Config) -> Callable[..., FlaskClient]:
    def build(*origins: str) -> FlaskClient:
        values = as_values(tone_config)
        return make_client(parse_config({**values, "server": {**values["server"], "cors_origins": list(origins)}}))

    return build


def cors_headers(response: Any) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name.startswith("Access-Control-")}


def test_it_is_off_by_default(client: FlaskClient) -> None:
    response = client.get("/health", headers={"Origin": PAGE})
    assert cors_headers(response) == {}
    assert "Vary" not in response.headers
    assert cors_headers(client.options("/v1/audio/speech", headers={"Origin": PAGE, **PREFLIGHT})) == {}


@pytest.mark.parametrize("origin", [PAGE, "http://[::1]:8080", "app://obsidian.md"])
def test_a_page_of_a_named_origin_may_ask_and_read(allowing: Callable[..., FlaskClient], origin: str) -> None:
    client = allowing("http://localhost:3000", origin)
    response = client.post("/v1/audio/speech", json={"input": "Hello."}, headers={"Origin": origin})
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == origin
    assert "X-Request-Id" in response.headers["Access-Control-Expose-Headers"]
    assert "X-Audio-Sample-Rate" in response.headers["Access-Control-Expose-Headers"]
    assert response.headers["Vary"] == "Origin"


@pytest.mark.parametrize("origin", [OTHER, "null", "https://CHAT.example", "http://chat.example", "*", "", None])
def test_a_page_of_another_origin_may_not(allowing: Callable[..., FlaskClient], origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin}
    client = allowing(PAGE)
    for response in (client.get("/health", headers=headers), client.options("/", headers={**headers, **PREFLIGHT})):
        assert cors_headers(response) == {}
        assert response.headers["Vary"] == "Origin"


def test_any_origin_where_the_operator_says_so(allowing: Callable[..., FlaskClient]) -> None:
    response = allowing("*").get("/health", headers={"Origin": OTHER})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_the_question_before_the_request_is_answered(allowing: Callable[..., FlaskClient]) -> None:
    response = allowing(PAGE).options("/v1/audio/speech", headers={"Origin": PAGE, **PREFLIGHT})
    assert response.status_code == 200
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Allow-Headers"] == "authorization, x-stainless-os"
    assert int(response.headers["Access-Control-Max-Age"]) > 0


def test_an_options_request_that_is_no_such_question_gets_no_answer_to_it(allowing: Callable[..., FlaskClient]) -> None:
    response = allowing(PAGE).options("/v1/audio/speech", headers={"Origin": PAGE})
    assert set(cors_headers(response)) == {"Access-Control-Allow-Origin", "Access-Control-Expose-Headers"}


def test_header_names_that_are_none_are_not_repeated(allowing: Callable[..., FlaskClient]) -> None:
    asked = {"Origin": PAGE, **PREFLIGHT, "Access-Control-Request-Headers": "a<b>"}
    assert "Access-Control-Allow-Headers" not in allowing(PAGE).options("/", headers=asked).headers


@pytest.mark.parametrize(
    ("path", "status", "code", "param"),
    [
        ("/v1/audio/speech", 400, "invalid_request", "input"),
        ("/nowhere", 404, "not_found", None),
        ("/health", 405, "method_not_allowed", None),
    ],
)
def test_a_refusal_can_be_read_too(
    allowing: Callable[..., FlaskClient], path: str, status: int, code: str, param: str | None
) -> None:
    response = allowing(PAGE).post(path, json={}, headers={"Origin": PAGE})
    assert_error(response, status, code, param)
    assert response.headers["Access-Control-Allow-Origin"] == PAGE


def test_so_can_one_of_the_listener_itself(tone_config: Config) -> None:
    values = as_values(tone_config)
    server: Server
    with running(parse_config({**values, "server": {**values["server"], "cors_origins": [PAGE]}})) as server:
        for origin, shown in ((PAGE, PAGE), (OTHER, None)):
            answer = post(server.http.port, "/v1/audio/speech", b" " * 1_000_000, {"Origin": origin})
            assert_error(answer, 413, "request_entity_too_large", None)
            assert answer.headers["Access-Control-Allow-Origin"] == shown
