"""Jobs over HTTP: one long text, its progress and its sound."""

import io
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.listeners.http.kept_work import MOST_CHARACTERS
from hailo_piper.listeners.keys import Keys
from hailo_piper.schemas.checker import load_schema
from hailo_piper.server import Server
from tests.support.client import Answer, ask, assert_error, get, post, wait_until
from tests.support.services import as_values, running

KEYS = ("sk-job-owner", "sk-another-one")
OVER = {"completed", "failed", "cancelled", "expired"}


def assert_is(answer: Any, name: str) -> None:
    schemas = load_schema("answers.json")
    Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}).validate(answer)


@pytest.fixture
def server(tone_config: Config, tmp_path: Path) -> Iterator[Server]:
    values = as_values(tone_config)
    values["jobs"] = {"directory": str(tmp_path / "jobs")}
    with running(parse_config(values)) as one:
        yield one


@pytest.fixture
def port(server: Server) -> int:
    return int(server.http.port)


def begin(port: int, **fields: Any) -> dict[str, Any]:
    answer = post(port, "/v1/jobs", fields)
    assert answer.status_code == 200, answer.data
    job: dict[str, Any] = answer.get_json()
    assert_is(job, "Job")
    return job


def shown(port: int, job: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = get(port, f"/v1/jobs/{job['id']}").get_json()
    return answer


def ended(port: int, job: dict[str, Any]) -> dict[str, Any]:
    wait_until(lambda: shown(port, job)["status"] in OVER, timeout_seconds=120)
    over = shown(port, job)
    assert_is(over, "Job")
    return over


def delete(port: int, path: str) -> Answer:
    return ask(port, "DELETE", path, None, {})


def test_a_text_longer_than_any_request_is_spoken(port: int) -> None:
    text = "This is a sentence of a long text. " * 300
    assert_error(post(port, "/v1/audio/speech", {"input": text}), 400, "text_too_long", "input")
    begun = begin(port, input=text, response_format="wav", captions="srt")
    assert (begun["status"], begun["progress"], begun["result"]) == ("queued", 0, None)
    job = ended(port, begun)
    assert (job["status"], job["progress"], job["error"]) == ("completed", 1, None), job
    sound = get(port, f"/v1/jobs/{job['id']}/result")
    assert sound.headers["Content-Type"] == "audio/wav"
    assert len(sound.data) == job["result"]["bytes"]
    with wave.open(io.BytesIO(sound.data)) as read:
        assert read.getnframes() / read.getframerate() == pytest.approx(job["result"]["duration"], abs=1e-3)
    assert get(port, f"/v1/files/{job['result']['file_id']}/content").data == sound.data
    captions = get(port, f"/v1/files/{job['result']['captions_file_id']}/content").data.decode()
    assert captions.startswith("1\n00:00:00,")
    assert [entry["id"] for entry in get(port, "/v1/jobs").get_json()["data"]] == [job["id"]]
    assert_is(delete(port, f"/v1/jobs/{job['id']}").get_json(), "JobDeleted")
    assert_error(get(port, f"/v1/jobs/{job['id']}"), 404, "not_found", "job_id")
    assert_error(get(port, f"/v1/files/{job['result']['file_id']}"), 404, "not_found", "file_id")


def test_a_short_text_sounds_as_in_an_answer(port: int) -> None:
    fields = {"input": "Hello there. How are you?", "response_format": "flac", "speed": 1.5}
    job = ended(port, begin(port, **fields))
    said = post(port, "/v1/audio/speech", {**fields, "stream": False})
    assert get(port, f"/v1/jobs/{job['id']}/result").data == said.data


def test_progress_grows_while_it_is_spoken(port: int) -> None:
    begun = begin(port, input="This is a sentence of a long text. " * 9000)
    wait_until(lambda: 0 < shown(port, begun)["progress"] < 1, timeout_seconds=120)
    assert_error(get(port, f"/v1/jobs/{begun['id']}/result"), 400, "invalid_request", "job_id")
    assert_error(delete(port, f"/v1/jobs/{begun['id']}"), 400, "invalid_request", "job_id")
    assert post(port, f"/v1/jobs/{begun['id']}/cancel", {}).get_json()["status"] == "cancelling"
    assert ended(port, begun)["status"] == "cancelled"
    assert delete(port, f"/v1/jobs/{begun['id']}").status_code == 200


def test_a_document_that_is_wrong_at_its_end_fails(port: int) -> None:
    job = ended(port, begin(port, input=f"<speak>{'A word. ' * 900}<nonsense>", text_format="ssml"))
    assert (job["status"], job["result"]) == ("failed", None)
    assert job["error"]["message"]
    assert get(port, f"/v1/jobs/{job['id']}/result").status_code == 400


@pytest.fixture
def client(make_app: Callable[..., Flask], tmp_path: Path) -> FlaskClient:
    return make_app({"jobs": {"directory": str(tmp_path / "jobs")}}).test_client()


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({"input": "Hello.", "voice": "nobody"}, "voice_not_found", "voice"),
        ({"input": "Hello.", "speed": 9}, "invalid_request", "speed"),
        ({"input": "Hello.", "captions": "doc"}, "invalid_request", "captions"),
        ({"input": "..."}, "invalid_request", "input"),
        ({"input": [{"text": "Hello."}, {"text": " "}]}, "invalid_request", "input.1.text"),
        ({"input": "<speak><nonsense>", "ssml": True}, "invalid_request", "input"),
        (
            {"input": "Hello. " * 2000, "response_format": "opus", "sample_rate": 22050},
            "invalid_request",
            "sample_rate",
        ),
        ({"inptu": "Hello."}, "invalid_request", "inptu"),
        ({"input": "a" * (MOST_CHARACTERS + 1)}, "text_too_long", "input"),
    ],
)
def test_a_wrong_field_is_named(client: FlaskClient, fields: dict[str, Any], code: str, param: str) -> None:
    assert_error(client.post("/v1/jobs", json=fields), 400, code, param)


def test_each_key_sees_its_own_jobs(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    client = make_app({"jobs": {"directory": str(tmp_path / "jobs")}}, keys=Keys(KEYS)).test_client()
    mine, other = ({"Authorization": f"Bearer {key}"} for key in KEYS)
    job = client.post("/v1/jobs", json={"input": "Hello."}, headers=mine).get_json()
    assert client.get("/v1/jobs", headers=mine).get_json()["first_id"] == job["id"]
    assert client.get("/v1/jobs", headers=other).get_json()["data"] == []
    for method, path in (("GET", ""), ("GET", "/result"), ("POST", "/cancel"), ("DELETE", "")):
        answer = client.open(f"/v1/jobs/{job['id']}{path}", method=method, headers=other)
        assert_error(answer, 404, "not_found", "job_id")


def test_a_batch_and_a_job_count_as_requests(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    sections = {"jobs": {"directory": str(tmp_path / "jobs")}, "server": {"rate_limit": "2/hour"}}
    client = make_app(sections).test_client()
    assert client.post("/v1/batches", json={}).status_code == 400
    assert client.post("/v1/jobs", json={}).status_code == 400
    assert_error(client.post("/v1/jobs", json={"input": "Hello."}), 429, "rate_limit_exceeded", None)
