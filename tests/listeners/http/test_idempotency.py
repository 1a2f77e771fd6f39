"""Idempotency-Key: the same request twice is one, and a key stands for one request alone."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hailo_piper.errors import StillRunningError
from hailo_piper.jobs.queue.store import Store
from hailo_piper.listeners.keys import Keys
from tests.support.client import assert_error

KEYS = ("sk-first-caller", "sk-second-caller")
FIRST, SECOND = ({"Authorization": f"Bearer {key}"} for key in KEYS)


@pytest.fixture
def client(make_app: Callable[..., Flask], tmp_path: Path) -> FlaskClient:
    return make_app({"jobs": {"directory": str(tmp_path / "jobs")}}, keys=Keys(KEYS)).test_client()


def file_body(content: bytes = b"nonsense\n") -> dict[str, Any]:
    return {"data": {"file": (io.BytesIO(content), "lines.jsonl"), "purpose": "batch"}}


def post(client: FlaskClient, path: str, key: str | None, body: dict[str, Any], headers: dict[str, str]) -> Any:
    return client.post(path, headers={**headers, **({"Idempotency-Key": key} if key else {})}, **body)


def bodies(client: FlaskClient, path: str) -> tuple[Callable[[], dict[str, Any]], Callable[[], dict[str, Any]]]:
    """Two requests at a path, each to be made again and again."""
    if path == "/v1/files":
        return file_body, lambda: file_body(b"other\n")
    if path == "/v1/jobs":
        return lambda: {"json": {"input": "One."}}, lambda: {"json": {"input": "Two."}}
    file = post(client, "/v1/files", None, file_body(), FIRST).get_json()["id"]
    asked = {"input_file_id": file, "endpoint": "/v1/audio/speech", "completion_window": "24h"}
    return lambda: {"json": asked}, lambda: {"json": {**asked, "completion_window": "48h"}}


@pytest.mark.parametrize("path", ["/v1/files", "/v1/batches", "/v1/jobs"])
def test_a_key_stands_for_one_request(client: FlaskClient, path: str) -> None:
    one, other = bodies(client, path)
    first = post(client, path, "key-1", one(), FIRST)
    assert first.status_code == 200
    again = post(client, path, "key-1", one(), FIRST)
    assert (again.status_code, again.get_json()) == (200, first.get_json())
    refused = post(client, path, "key-1", other(), FIRST)
    assert_error(refused, 422, "idempotency_key_reused", "Idempotency-Key")
    ids = {first.get_json()["id"]}
    for key in ("key-2", None, None):
        ids.add(post(client, path, key, one(), FIRST).get_json()["id"])
    assert len(ids) == 4


def test_what_is_deleted_can_be_made_again_with_its_key(client: FlaskClient) -> None:
    ids = set()
    for _ in range(2):
        identifier = post(client, "/v1/files", "key-1", file_body(), FIRST).get_json()["id"]
        assert client.delete(f"/v1/files/{identifier}", headers=FIRST).status_code == 200
        ids.add(identifier)
    assert len(ids) == 2


def test_a_key_is_of_its_caller(client: FlaskClient) -> None:
    mine, other = (post(client, "/v1/jobs", "key-1", {"json": {"input": "One."}}, who) for who in (FIRST, SECOND))
    assert mine.get_json()["id"] != other.get_json()["id"]


def test_a_key_stands_for_its_path_too(client: FlaskClient) -> None:
    assert post(client, "/v1/files", "key-1", file_body(), FIRST).status_code == 200
    other = post(client, "/v1/jobs", "key-1", {"json": {"input": "One."}}, FIRST)
    assert_error(other, 422, "idempotency_key_reused", "Idempotency-Key")


def test_a_request_that_was_refused_may_be_mended(client: FlaskClient) -> None:
    assert post(client, "/v1/jobs", "key-1", {"json": {"input": "One.", "speed": 9}}, FIRST).status_code == 400
    missing = {"input_file_id": "file-0", "endpoint": "/v1/audio/speech", "completion_window": "24h"}
    assert post(client, "/v1/batches", "key-1", {"json": missing}, FIRST).status_code == 404
    assert post(client, "/v1/jobs", "key-1", {"json": {"input": "One."}}, FIRST).status_code == 200


@pytest.mark.parametrize("key", ["", "a b", "a" * 256, "schlüssel"])
def test_a_key_that_is_none_is_named(client: FlaskClient, key: str) -> None:
    headers = {**FIRST, "Idempotency-Key": key}
    answer = client.post("/v1/jobs", json={"input": "One."}, headers=headers)
    assert_error(answer, 400, "invalid_request", "Idempotency-Key")


def test_a_request_that_is_being_answered_is_told(tmp_path: Path) -> None:
    store = Store(tmp_path / "jobs", max_bytes=10**6, max_age_seconds=10**5)
    with store.once("", "key-1", lambda: "a") as first:
        assert first.answer is None
        with pytest.raises(StillRunningError), store.once("", "key-1", lambda: "a"):
            pass
        with store.once("", "key-2", lambda: "a") as other:
            assert other.answer is None
        first.note({"id": 1})
    with store.once("", "key-1", lambda: "a") as again:
        assert again.answer == {"id": 1}
    store.close()


def test_the_answer_outlives_the_process_and_ends_after_a_day(tmp_path: Path) -> None:
    now = [1_800_000_000.0]

    def opened() -> Store:
        return Store(tmp_path / "jobs", max_bytes=10**6, max_age_seconds=10**6, clock=lambda: now[0])

    store = opened()
    with store.once("", "key-1", lambda: "a") as first:
        first.note({"id": 1})
    store.close()
    store = opened()
    for seconds, answer in ((0, {"id": 1}), (86_399, {"id": 1}), (86_400, None)):
        now[0] = 1_800_000_000.0 + seconds
        with store.once("", "key-1", lambda: "b" if answer is None else "a") as again:  # noqa: B023
            assert again.answer == answer
    store.close()
