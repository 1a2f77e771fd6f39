"""Batches over HTTP: their states, their outputs, and what is refused."""

import io
import json
import wave
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import openai
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.listeners.keys import Keys
from hailo_piper.schemas.checker import load_schema
from hailo_piper.server import Server
from tests.support.client import assert_error, get, wait_until
from tests.support.services import as_values, running
from tests.support.webhook_receiver import SECRET, Receiver

KEYS = ("sk-batch-owner", "sk-another-one")


def line(identifier: str, **body: Any) -> dict[str, Any]:
    return {"custom_id": identifier, "method": "POST", "url": "/v1/audio/speech", "body": body}


def as_file(lines: Sequence[Any]) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in lines)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    one = Receiver()
    yield one
    one.close()


@pytest.fixture
def server(tone_config: Config, tmp_path: Path, receiver: Receiver) -> Iterator[Server]:
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "secret").chmod(0o600)
    values = as_values(tone_config)
    target = {"url": receiver.url, "secret_file": str(tmp_path / "secret"), "allow_private": True}
    values["jobs"] = {"directory": str(tmp_path / "jobs"), "webhooks": [target]}
    with running(parse_config(values)) as one:
        yield one


@pytest.fixture
def client(server: Server) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"http://127.0.0.1:{server.http.port}/v1", api_key="none") as one:
        yield one


def begin(client: openai.OpenAI, content: bytes, **more: Any) -> Any:
    sent = client.files.create(file=("lines.jsonl", content), purpose="batch")
    endpoint: Any = "/v1/audio/speech"
    return client.batches.create(
        input_file_id=sent.id, endpoint=endpoint, completion_window="24h", metadata={"name": "night"}, extra_body=more
    )


def completed(client: openai.OpenAI, batch: Any) -> int:
    counts = client.batches.retrieve(batch.id).request_counts
    assert counts
    return counts.completed


def ended(client: openai.OpenAI, batch: Any) -> Any:
    last = {"completed", "failed", "cancelled", "expired"}
    wait_until(lambda: client.batches.retrieve(batch.id).status in last, timeout_seconds=120)
    return client.batches.retrieve(batch.id)


def test_openai_python_has_lines_spoken_into_files(client: openai.OpenAI, server: Server, receiver: Receiver) -> None:
    lines = [
        line("one", input="Hello."),
        line("two", input="Good morning.", response_format="flac", timestamps=["word"], stream_format="sse"),
        line("none", input="Hello.", voice="nobody"),
    ]
    begun = begin(client, as_file(lines))
    assert (begun.status, begun.object, begun.metadata) == ("validating", "batch", {"name": "night"})
    batch = ended(client, begun)
    assert batch.status == "completed", batch.errors
    assert batch.request_counts.model_dump() == {"total": 3, "completed": 2, "failed": 1}
    assert begun.created_at <= batch.in_progress_at <= batch.finalizing_at <= batch.completed_at < batch.expires_at
    told = {
        entry["custom_id"]: entry
        for entry in map(json.loads, client.files.content(batch.output_file_id).text.splitlines())
    }
    assert set(told) == {"one", "two"}
    body = told["one"]["response"]["body"]
    assert (told["one"]["response"]["status_code"], told["one"]["error"]) == (200, None)
    assert (body["object"], body["filename"], body["content_type"]) == ("audio.speech", "one.wav", "audio/wav")
    spoken = client.files.content(body["file_id"])
    assert len(spoken.content) == body["bytes"]
    with wave.open(io.BytesIO(spoken.content)) as sound:
        assert sound.getnframes() / sound.getframerate() == pytest.approx(body["duration"], abs=1e-3)
    assert [word["word"] for word in told["two"]["response"]["body"]["timestamps"]] == ["Good", "morning"]
    (wrong,) = map(json.loads, client.files.content(batch.error_file_id).text.splitlines())
    assert (wrong["custom_id"], wrong["response"]["status_code"]) == ("none", 400)
    assert wrong["response"]["body"]["error"]["code"] == "voice_not_found"
    assert [entry.id for entry in client.batches.list(limit=1)] == [batch.id]
    wait_until(lambda: bool(receiver.got))
    event: Any = client.webhooks.unwrap(*receiver.got[0], secret=SECRET)
    assert (event.type, event.data.id) == ("batch.completed", batch.id)
    assert server.service.long_work.states() == {("batch", "completed"): 1}
    metrics = get(server.http.port, "/metrics").data.decode()
    assert 'hailo_piper_works{kind="batch",status="completed"} 1.0' in metrics


def test_the_sound_is_that_of_an_answer(client: openai.OpenAI) -> None:
    said = client.audio.speech.create(input="Hello there.", model="piper", voice="alloy", response_format="wav").read()
    batch = ended(client, begin(client, as_file([line("a", input="Hello there.", response_format="wav")])))
    (told,) = map(json.loads, client.files.content(batch.output_file_id).text.splitlines())
    assert client.files.content(told["response"]["body"]["file_id"]).content[44:] == said[44:]


def test_an_archive_has_all_sounds(client: openai.OpenAI) -> None:
    batch = ended(client, begin(client, as_file([line(f"n/{at}", input="Hello.") for at in range(3)]), output="zip"))
    told = [json.loads(one) for one in client.files.content(batch.output_file_id).text.splitlines()]
    (identifier,) = {one["response"]["body"]["file_id"] for one in told}
    with zipfile.ZipFile(io.BytesIO(client.files.content(identifier).content)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == [f"n/{at}.wav" for at in range(3)]
    assert {one["response"]["body"]["filename"] for one in told} == {f"n/{at}.wav" for at in range(3)}


@pytest.mark.parametrize("form", ["wav", "mp3", "pcm"])
def test_a_joined_sound_has_all_lines_in_order(client: openai.OpenAI, form: str) -> None:
    texts = ["Hello.", "...", "Good morning to you.", "Bye."]
    lines = [line(str(at), input=text, response_format="flac") for at, text in enumerate(texts)]
    batch = ended(client, begin(client, as_file(lines), output="joined", response_format=form))
    assert batch.request_counts.model_dump() == {"total": 4, "completed": 3, "failed": 1}
    told = [json.loads(one)["response"]["body"] for one in client.files.content(batch.output_file_id).text.splitlines()]
    (identifier,) = {one["file_id"] for one in told}
    content = client.files.content(identifier).content
    ends = [0.0]
    for one in told:
        assert one["start"] == pytest.approx(ends[-1], abs=1e-3)
        ends.append(one["start"] + one["duration"])
    assert [entry.purpose for entry in client.files.list(purpose="batch_output")] == ["batch_output"] * 3
    if form == "wav":
        said = [
            client.audio.speech.create(input=text, model="piper", voice="alloy", response_format="wav").read()[44:]
            for at, text in enumerate(texts) if at != 1
        ]  # fmt: skip
        assert content[44:] == b"".join(said)
        with wave.open(io.BytesIO(content)) as sound:
            assert sound.getnframes() / sound.getframerate() == pytest.approx(ends[-1], abs=1e-3)
    if form == "pcm":
        assert len(content) / 2 / 24_000 == pytest.approx(ends[-1], abs=0.01)


def test_a_batch_that_is_cancelled_has_what_was_spoken(client: openai.OpenAI) -> None:
    begun = begin(client, as_file([line(str(at), input="This is a long line. " * 40) for at in range(400)]))
    wait_until(lambda: completed(client, begun) > 1, timeout_seconds=120)
    assert client.batches.cancel(begun.id).status == "cancelling"
    batch = ended(client, begun)
    assert batch.status == "cancelled"
    told = client.files.content(batch.output_file_id).text.splitlines()
    assert 1 < len(told) == batch.request_counts.completed < 400
    assert client.batches.cancel(begun.id).status == "cancelled"


@pytest.mark.parametrize(
    ("content", "code", "number"),
    [
        (b"nonsense\n", "invalid_request", 1),
        (as_file([line("a", input="One."), line("a", input="Two.")]), "duplicate_custom_id", 2),
        (as_file([{**line("a", input="One."), "url": "/v1/embeddings"}]), "invalid_request", 1),
        (b"\n", "empty_file", None),
        (as_file([{"id": str(at), "input": "."} for at in range(50_001)]), "too_many_lines", None),
    ],
)
def test_lines_of_a_wrong_shape_fail_the_batch(
    client: openai.OpenAI, content: bytes, code: str, number: int | None
) -> None:
    batch = ended(client, begin(client, content))
    assert (batch.status, batch.output_file_id) == ("failed", None)
    assert batch.failed_at
    (problem,) = batch.errors.data
    assert (problem.code, problem.line) == (code, number)


@pytest.fixture
def app_client(make_app: Callable[..., Flask], tmp_path: Path) -> FlaskClient:
    return make_app({"jobs": {"directory": str(tmp_path / "jobs")}}).test_client()


def send(client: FlaskClient, content: bytes = b"{}\n", **more: Any) -> str:
    data = {"file": (io.BytesIO(content), "lines.jsonl"), "purpose": "batch"}
    identifier: str = client.post("/v1/files", data=data, **more).get_json()["id"]
    return identifier


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"endpoint": None}, "endpoint"),
        ({"endpoint": "/v1/chat/completions"}, "endpoint"),
        ({"completion_window": "1 day"}, "completion_window"),
        ({"completion_window": "0h"}, "completion_window"),
        ({"metadata": {"a": 1}}, "metadata"),
        ({"output": "tar"}, "output"),
        ({"output_expires_after": {"anchor": "created_at", "seconds": 1}}, "output_expires_after"),
        ({"outptu": "zip"}, None),
        ({"response_format": "mp3"}, "response_format"),
        ({"output": "joined", "response_format": "mp4"}, "response_format"),
    ],
)
def test_a_wrong_field_is_named(app_client: FlaskClient, fields: dict[str, Any], param: str | None) -> None:
    body = {"input_file_id": send(app_client), "endpoint": "/v1/audio/speech", "completion_window": "24h"}
    assert_error(app_client.post("/v1/batches", json={**body, **fields}), 400, "invalid_request", param)


def test_an_input_that_is_not_there_is_told(app_client: FlaskClient) -> None:
    body = {"input_file_id": "file-0", "endpoint": "/v1/audio/speech", "completion_window": "24h"}
    assert_error(app_client.post("/v1/batches", json=body), 404, "not_found", "file_id")
    for method, path in (("GET", ""), ("POST", "/cancel")):
        answer = app_client.open(f"/v1/batches/batch_0{path}", method=method)
        assert_error(answer, 404, "not_found", "batch_id")


def test_each_key_sees_its_own_batches(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    client = make_app({"jobs": {"directory": str(tmp_path / "jobs")}}, keys=Keys(KEYS)).test_client()
    mine, other = ({"Authorization": f"Bearer {key}"} for key in KEYS)
    file = send(client, b"nonsense\n", headers=mine)
    body = {"input_file_id": file, "endpoint": "/v1/audio/speech", "completion_window": "24h"}
    assert_error(client.post("/v1/batches", json=body, headers=other), 404, "not_found", "file_id")
    made = client.post("/v1/batches", json=body, headers=mine).get_json()
    schemas = load_schema("answers.json")
    Draft202012Validator({"$ref": "#/components/schemas/Batch", "components": {"schemas": schemas}}).validate(made)
    assert client.get("/v1/batches", headers=mine).get_json()["first_id"] == made["id"]
    assert client.get("/v1/batches", headers=other).get_json()["data"] == []
    assert_error(client.get(f"/v1/batches/{made['id']}", headers=other), 404, "not_found", "batch_id")
    assert_error(client.post(f"/v1/batches/{made['id']}/cancel", headers=other), 404, "not_found", "batch_id")
    wait_until(lambda: client.get(f"/v1/batches/{made['id']}", headers=mine).get_json()["status"] == "failed")
    assert_error(client.post(f"/v1/batches/{made['id']}/cancel", headers=mine), 400, "invalid_request", "batch_id")
