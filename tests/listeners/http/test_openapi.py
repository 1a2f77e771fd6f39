"""The document and the service, held against each other."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from hailo_piper.audio.encoding import ENCODERS
from hailo_piper.listeners.http import vendor_errors
from hailo_piper.listeners.http.vendor_errors import shape_of
from hailo_piper.listeners.keys import Keys
from hailo_piper.schemas.checker import load_schema
from hailo_piper.server import Server
from tests.support.client import events_of

ERRORS: dict[vendor_errors.Shape | None, str] = {
    None: "Error",
    vendor_errors.elevenlabs: "ElevenLabsError",
    vendor_errors.deepgram: "DeepgramError",
}
"""The schema of each shape of an error."""
SPEECH = ("/v1/audio/speech", "/v1/synthesize", "/")


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    response = client.get("/openapi.json")
    assert response.headers["Content-Type"] == "application/json"
    answer: dict[str, Any] = response.get_json()
    return answer


def validator(document: dict[str, Any], name: str) -> Any:
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": document["components"]})


def test_it_is_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document).validate()


@pytest.mark.parametrize("keys", [(), ("sk-one",)])
def test_it_names_every_endpoint_and_no_other(make_app: Callable[..., Flask], keys: tuple[str, ...]) -> None:
    app = make_app(keys=Keys(keys))
    document = app.test_client().get("/openapi.json", headers={"Authorization": "Bearer sk-one"}).get_json()
    OpenAPIV31SpecValidator(document).validate()
    served = {
        (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert served == {(path, method) for path, methods in document["paths"].items() for method in methods}


def test_every_refusal_is_the_error_object(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for operation in methods.values():
            refusals = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
            assert {"400", "500"} <= set(refusals)
            if path == "/health":  # it tells the same when it is not well
                assert refusals.pop("503") == operation["responses"]["200"]
            name = ERRORS[shape_of(path)]
            for answer in refusals.values():
                assert answer["content"] == {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def test_every_format_has_its_content_type(document: dict[str, Any]) -> None:
    encoded = {encoder.content_type for encoder in ENCODERS.values()}
    for path in SPEECH:
        content = set(document["paths"][path]["post"]["responses"]["200"]["content"])
        assert content == {"text/event-stream", *({"audio/wav"} if path == "/" else encoded)}


@pytest.mark.parametrize(
    ("name", "renamed"),
    [
        ("CreateSpeechRequest", {}),
        ("SynthesizeRequest", {"input": "text", "response_format": "format"}),
        ("PiperRequest", {"input": "text", "response_format": None}),
    ],
)
def test_a_body_is_shown_as_it_is_checked(document: dict[str, Any], name: str, renamed: dict[str, str | None]) -> None:
    checked = load_schema("speech.json")
    shown = document["components"]["schemas"][name]
    names = [renamed.get(field, field) for field in checked["properties"]]
    assert list(shown["properties"]) == [field for field in names if field]
    assert shown["required"] == [renamed.get("input", "input")]
    for field, schema in checked["properties"].items():
        wire = renamed.get(field, field)
        if wire:
            for key in set(schema) - {"type", "enum", "anyOf"}:
                assert shown["properties"][wire][key] == schema[key]


def test_null_is_shown_where_it_means_absent(client: FlaskClient, document: dict[str, Any]) -> None:
    fields = load_schema("speech.json")["properties"]
    body = {**dict.fromkeys(fields), "input": "Hello."}
    described = validator(document, "CreateSpeechRequest")
    assert described.is_valid(body)
    assert client.post("/v1/audio/speech", json=body).status_code == 200
    assert not described.is_valid({**body, "input": None})
    assert client.post("/v1/audio/speech", json={**body, "input": None}).status_code == 400


@pytest.mark.parametrize("path", SPEECH)
def test_every_example_works(client: FlaskClient, document: dict[str, Any], path: str) -> None:
    operation = document["paths"][path]["post"]
    examples = operation["requestBody"]["content"]["application/json"]["examples"]
    for example in examples.values():
        response = client.post(path, json=example["value"])
        assert response.status_code == 200
        assert response.content_type in operation["responses"]["200"]["content"]
        headers = operation["responses"]["200"]["headers"].items()
        assert {name for name, header in headers if header.get("required")} <= set(response.headers.keys())


def test_events_are_as_they_are_described(client: FlaskClient, document: dict[str, Any]) -> None:
    body = client.post("/v1/audio/speech", json={"input": "Hello. Goodbye.", "stream_format": "sse"}).data
    described = validator(document, "SpeechEvent")
    error = {"message": "Speech synthesis failed", "type": "server_error", "param": None, "code": "synthesis_failed"}
    for event in [*events_of(body), {"type": "error", "error": error}]:
        assert described.is_valid(event)
    for event in ({"type": "speech.audio.delta"}, {"type": "other", "audio": "aGk="}, {"type": "error", "error": {}}):
        assert not described.is_valid(event)


EXAMPLES = """
[[operations]]
include-method = ["GET", "DELETE"]
generation.max-examples = 25

[[operations]]
include-path-regex = "^/elevenlabs/|/(stream|with-timestamps)$"
generation.max-examples = 25
"""
"""Fewer requests where there is no body, and where the body is read as another path reads it."""


def test_the_service_does_what_the_document_says_whatever_is_asked(
    document: dict[str, Any], tone_server: Server, tmp_path: Path
) -> None:
    # That a text without a letter or a voice that is not there is refused, no schema can say.
    (tmp_path / "schemathesis.toml").write_text(EXAMPLES)
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"http://127.0.0.1:{tone_server.http.port}/openapi.json"),
        *("--seed", "1", "--max-examples", "100", "--generation-database", "none", "--no-color"),
        *("--exclude-path", "/openapi.json"),  # the document itself, which it has read already
        *("--exclude-checks", "positive_data_acceptance", "--request-timeout", "30"),
    ]
    run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=900, cwd=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"Tested: {sum(map(len, document['paths'].values())) - 1}\n" in run.stdout, run.stdout
