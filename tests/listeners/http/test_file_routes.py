"""Files over HTTP: their shapes, their bounds, and who sees them."""

import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import openai
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.jobs.queue.database import Database
from hailo_piper.jobs.queue.directory import Directory, Upload
from hailo_piper.listeners.http.kept_work import MOST_FILE_BYTES
from hailo_piper.listeners.http.server.long_bodies import _FileBuffer
from hailo_piper.listeners.keys import Keys
from hailo_piper.schemas.checker import load_schema
from hailo_piper.server import Server
from tests.support.client import ask, assert_error, get
from tests.support.raw_http import parse_raw, raw
from tests.support.services import as_values, running

KEYS = ("sk-file-owner", "sk-another-one")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "jobs"


@pytest.fixture
def client(make_app: Callable[..., Flask], directory: Path) -> FlaskClient:
    return make_app({"jobs": {"directory": str(directory)}}).test_client()


def send(client: FlaskClient, content: bytes = b"{}\n", name: str = "lines.jsonl", **fields: Any) -> Any:
    data = {"file": (io.BytesIO(content), name), "purpose": "batch", **fields.pop("form", {})}
    return client.post("/v1/files", data=data, content_type="multipart/form-data", **fields)


def assert_is(answer: Any, name: str) -> None:
    schemas = load_schema("answers.json")
    Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}).validate(answer)


def test_a_file_is_sent_listed_read_and_deleted(client: FlaskClient) -> None:
    sent = send(client, b'{"custom_id": "1"}\n', "texts/my lines.jsonl").get_json()
    assert_is(sent, "File")
    assert (sent["filename"], sent["bytes"], sent["purpose"]) == ("my lines.jsonl", 19, "batch")
    assert sent["expires_at"] == sent["created_at"] + 2592000
    assert client.get(f"/v1/files/{sent['id']}").get_json() == sent
    listed = client.get("/v1/files?purpose=batch&limit=5&order=asc").get_json()
    assert_is(listed, "Files")
    assert (listed["data"], listed["has_more"], listed["first_id"]) == ([sent], False, sent["id"])
    content = client.get(f"/v1/files/{sent['id']}/content", buffered=True)
    assert content.data == b'{"custom_id": "1"}\n'
    assert content.headers["Content-Type"] == "application/octet-stream"
    assert content.headers["X-Content-Type-Options"] == "nosniff"
    assert content.headers["Content-Disposition"].startswith("attachment")
    part = client.get(f"/v1/files/{sent['id']}/content", headers={"Range": "bytes=2-10"}, buffered=True)
    assert (part.status_code, part.data) == (206, b"custom_id")
    assert client.delete(f"/v1/files/{sent['id']}").get_json() == {"id": sent["id"], "object": "file", "deleted": True}
    assert_error(client.get(f"/v1/files/{sent['id']}"), 404, "not_found", "file_id")
    assert_is(client.get("/v1/files").get_json(), "Files")


def test_a_file_expires_as_it_was_asked(client: FlaskClient) -> None:
    form = {"expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"}
    sent = send(client, form=form).get_json()
    assert sent["expires_at"] == sent["created_at"] + 3600


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ({"purpose": "assistants"}, "purpose"),
        ({"expires_after[anchor]": "created_at"}, "expires_after"),
        ({"expires_after[anchor]": "now", "expires_after[seconds]": "3600"}, "expires_after"),
        ({"expires_after[anchor]": "created_at", "expires_after[seconds]": "60"}, "expires_after"),
        ({"prupose": "batch"}, "prupose"),
    ],
)
def test_a_wrong_field_is_named(client: FlaskClient, directory: Path, form: dict[str, str], param: str) -> None:
    assert_error(send(client, form=form), 400, "invalid_request", param)
    assert not list((directory / "incoming").iterdir())
    assert not list((directory / "files").iterdir())


def test_a_form_without_a_file_is_refused(client: FlaskClient) -> None:
    assert_error(client.post("/v1/files", json={}), 415, "unsupported_media_type", None)
    kind = "multipart/form-data"
    assert_error(client.post("/v1/files", data={"purpose": "batch"}, content_type=kind), 400, "invalid_request", "file")
    assert_error(client.post("/v1/files", data=b"x", content_type=kind), 400, "invalid_request", None)
    assert_error(send(client, b""), 400, "invalid_request", "file")


@pytest.mark.parametrize("query", ["limit=0", "limit=10001", "limit=x", "order=up", "purpose=vision", "after=file-0"])
def test_a_wrong_query_is_named(client: FlaskClient, query: str) -> None:
    assert_error(client.get(f"/v1/files?{query}"), 400, "invalid_request", query.partition("=")[0])


def test_each_key_sees_its_own_files(make_app: Callable[..., Flask], directory: Path) -> None:
    client = make_app({"jobs": {"directory": str(directory)}}, keys=Keys(KEYS)).test_client()
    mine, other = ({"Authorization": f"Bearer {key}"} for key in KEYS)
    sent = send(client, headers=mine).get_json()
    assert client.get("/v1/files", headers=mine).get_json()["data"] == [sent]
    assert client.get("/v1/files", headers=other).get_json()["data"] == []
    for method, path in (("GET", ""), ("GET", "/content"), ("DELETE", "")):
        answer = client.open(f"/v1/files/{sent['id']}{path}", method=method, headers=other)
        assert_error(answer, 404, "not_found", "file_id")


def test_a_directory_that_cannot_be_used_is_named(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    client = make_app({"jobs": {"directory": str(tmp_path / "file" / "jobs")}}).test_client()
    for answer in (send(client), client.get("/v1/files")):
        assert "jobs.directory" in assert_error(answer, 503, "jobs_off", None)


def test_a_service_that_is_never_asked_makes_nothing(client: FlaskClient, directory: Path) -> None:
    assert client.get("/v1/models").status_code == 200
    assert not directory.exists()


@pytest.fixture
def keyed_server(tone_config: Config, tmp_path: Path) -> Any:
    (tmp_path / "keys").write_text(f"{KEYS[0]}\n")
    (tmp_path / "keys").chmod(0o600)
    values = as_values(tone_config)
    values["server"]["api_keys_file"] = str(tmp_path / "keys")
    values["jobs"] = {"directory": str(tmp_path / "jobs")}
    with running(parse_config(values)) as server:
        yield server


def test_openai_python_sends_a_file_larger_than_any_text(keyed_server: Server, tmp_path: Path) -> None:
    client = openai.OpenAI(base_url=f"http://127.0.0.1:{keyed_server.http.port}/v1", api_key=KEYS[0])
    content = b'{"custom_id": "a"}\n' * 100_000
    (tmp_path / "lines.jsonl").write_bytes(content)
    expiry: Any = {"anchor": "created_at", "seconds": 7200}
    with (tmp_path / "lines.jsonl").open("rb") as file:
        sent = client.files.create(file=file, purpose="batch", expires_after=expiry)
    assert (sent.bytes, sent.filename, sent.status) == (len(content), "lines.jsonl", "processed")
    assert [entry.id for entry in client.files.list(purpose="batch")] == [sent.id]
    assert client.files.content(sent.id).read() == content
    assert client.files.delete(sent.id).deleted


@pytest.mark.parametrize("key", [None, "sk-wrong-guess"])
def test_a_body_without_a_right_key_is_not_kept(keyed_server: Server, tmp_path: Path, key: str | None) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"} | ({"Authorization": f"Bearer {key}"} if key else {})
    answer = ask(keyed_server.http.port, "POST", "/v1/files", b"x" * 5_000_000, headers)
    assert_error(answer, 401, "invalid_api_key", None)
    assert answer.headers["Connection"] == "close"
    assert not (tmp_path / "jobs").exists()


def test_a_body_over_its_bound_is_refused_before_it_is_read(keyed_server: Server) -> None:
    head = (
        "POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        f"Authorization: Bearer {KEYS[0]}\r\nExpect: 100-continue\r\nContent-Length: {2 * MOST_FILE_BYTES}\r\n\r\n"
    )
    answer = parse_raw(raw(keyed_server.http.port, head.encode()))
    assert "any accepted file" in assert_error(answer, 413, "request_entity_too_large", None)
    assert get(keyed_server.http.port, "/live").status_code == 200


def full_disk() -> io.FileIO:
    """A file that takes nothing, as on a full disk."""
    return Path("/dev/full").open("w+b", buffering=0)


@pytest.mark.parametrize("size", [600_000, 5_000_000])
def test_a_body_for_which_the_disk_has_no_room_is_refused(
    keyed_server: Server, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(_FileBuffer, "newfile", lambda _: full_disk())
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Authorization": f"Bearer {KEYS[0]}"}
    answer = ask(keyed_server.http.port, "POST", "/v1/files", b"x" * size, headers)
    assert_error(answer, 507, "insufficient_storage", None)
    assert get(keyed_server.http.port, "/live").status_code == 200


def test_a_file_for_which_the_disk_has_no_room_is_not_kept(
    client: FlaskClient, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = Directory.begin_upload

    def begun(self: Directory) -> Upload:
        upload = begin(self)
        upload.file.close()
        upload.file = full_disk()
        return upload

    monkeypatch.setattr(Directory, "begin_upload", begun)
    assert_error(send(client), 507, "insufficient_storage", None)
    assert list((directory / "incoming").iterdir()) == []
    monkeypatch.undo()
    monkeypatch.setattr(Database, "insert", lambda *_: fill_up())
    assert_error(send(client), 507, "insufficient_storage", None)


def fill_up() -> None:
    """SQLite's own error of a database that may not grow."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("PRAGMA max_page_count = 1")
        database.execute("CREATE TABLE full (one)")
