"""Files, batches and webhooks as the openai packages from npm and PyPI, and standardwebhooks, know them."""

import base64
import io
import json
import shutil
import subprocess
import sys
import wave
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import openai
import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.support.client import wait_until
from tests.support.raw_http import AT_ONCE, serving
from tests.support.services import QUIET
from tests.support.webhook_receiver import OTHER, SECRET, Receiver

SCRIPTS = Path(__file__).parent / "node"
INSTALLED = Path(sys.prefix) / "node"
"""Where `make test-clients` has npm install the packages."""


class Kept(NamedTuple):
    """A service that keeps work, and whom it tells of its end."""

    url: str
    receiver: Receiver


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    directory = tmp_path_factory.mktemp("kept")
    secret = directory / "secret"
    secret.write_text(f"{OTHER}\n{SECRET}\n")
    secret.chmod(0o600)
    receiver = Receiver()
    target = {"url": receiver.url, "secret_file": str(secret), "allow_private": True}
    values = {
        "piper": {**QUIET, "cache_directory": str(directory / "cache")},
        "jobs": {"directory": str(directory / "jobs"), "webhooks": [target]},
        "logging": {"level": "ERROR"},
    }
    config = directory / "config.json"
    config.write_text(json.dumps(values), encoding="utf-8")
    with serving("--config", str(config), program=AT_ONCE) as (_, port):
        yield Kept(f"http://127.0.0.1:{port}/v1", receiver)
    receiver.close()


def run_node(script: str, *arguments: str, standard_input: str = "") -> dict[str, Any]:
    """What a script prints. A module looks for its packages beside itself."""
    path = shutil.copy(SCRIPTS / script, INSTALLED)
    node = shutil.which("node")
    assert node, "node is missing: apt-get install nodejs npm"
    command = [node, str(path), *arguments]
    run = subprocess.run(command, check=False, capture_output=True, text=True, input=standard_input, timeout=600)
    assert run.returncode == 0, run.stderr
    seen: dict[str, Any] = json.loads(run.stdout)
    return seen


@pytest.fixture(scope="module")
def seen(kept: Kept) -> dict[str, Any]:
    return run_node("batches.mjs", kept.url)


@pytest.fixture(scope="module")
def sent(kept: Kept, seen: dict[str, Any]) -> tuple[str, Mapping[str, str]]:
    """The webhook of the batch that openai-node has had spoken."""
    wait_until(lambda: len(kept.receiver.got) >= 2)
    ((body, headers),) = [got for got in kept.receiver.got if json.loads(got[0])["data"]["id"] == seen["batch"]["id"]]
    return body.decode(), headers


def test_openai_node_sends_and_deletes_a_file(seen: dict[str, Any]) -> None:
    assert (seen["file"]["object"], seen["file"]["filename"], seen["file"]["purpose"]) == (
        "file", "lines.jsonl", "batch",
    )  # fmt: skip
    assert [json.loads(line)["custom_id"] for line in seen["sent"].splitlines()] == ["line-0", "line-1", "line-2"]
    assert seen["deleted"] == {"id": seen["file"]["id"], "object": "file", "deleted": True}
    assert seen["missing"] == {"name": "NotFoundError", "status": 404, "code": "not_found"}


def test_openai_node_has_a_batch_spoken(seen: dict[str, Any]) -> None:
    batch = seen["batch"]
    assert (batch["status"], batch["metadata"]) == ("completed", {"name": "night"})
    assert batch["request_counts"] == {"total": 3, "completed": 2, "failed": 1}
    told = {answer["custom_id"]: answer["response"]["body"] for answer in seen["answers"]}
    sounds = {name: base64.b64decode(sound) for name, sound in seen["sounds"].items()}
    assert {name: len(sound) for name, sound in sounds.items()} == {name: body["bytes"] for name, body in told.items()}
    with wave.open(io.BytesIO(sounds["line-0"])) as sound:
        assert sound.getnframes() / sound.getframerate() == pytest.approx(told["line-0"]["duration"], abs=1e-3)
    assert sounds["line-1"].startswith(b"fLaC")
    (wrong,) = seen["errors"]
    assert wrong["response"]["body"]["error"]["code"] == "voice_not_found"
    assert batch["id"] in seen["listed"]


def test_openai_node_cancels_a_batch(seen: dict[str, Any]) -> None:
    assert seen["cancelling"] == "cancelling"
    assert seen["cancelled"]["status"] == "cancelled"
    assert 0 < seen["cancelled"]["request_counts"]["completed"] < 400


def test_openai_node_unwraps_a_webhook(seen: dict[str, Any], sent: tuple[str, Mapping[str, str]]) -> None:
    body, headers = sent
    told = json.dumps({"body": body, "headers": dict(headers)})
    for secret in (SECRET, OTHER):
        event = run_node("unwrap.mjs", secret, standard_input=told)
        assert (event["type"], event["data"]["id"]) == ("batch.completed", seen["batch"]["id"])
    told = json.dumps({"body": body + " ", "headers": dict(headers)})
    assert run_node("unwrap.mjs", SECRET, standard_input=told) == {"error": "InvalidWebhookSignatureError"}


def test_openai_python_unwraps_it(seen: dict[str, Any], sent: tuple[str, Mapping[str, str]]) -> None:
    body, headers = sent
    event: Any = openai.OpenAI(api_key="none").webhooks.unwrap(body, headers, secret=SECRET)
    assert (event.type, event.data.id) == ("batch.completed", seen["batch"]["id"])
    with pytest.raises(openai.InvalidWebhookSignatureError):
        openai.OpenAI(api_key="none").webhooks.unwrap(body + " ", headers, secret=SECRET)


def test_standardwebhooks_verifies_it(seen: dict[str, Any], sent: tuple[str, Mapping[str, str]]) -> None:
    body, headers = sent
    for secret in (SECRET, OTHER):
        assert Webhook(secret).verify(body, dict(headers))["data"] == {"id": seen["batch"]["id"]}
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body + " ", dict(headers))


@pytest.mark.usefixtures("sent")
def test_the_cancelled_batch_is_told_too(kept: Kept, seen: dict[str, Any]) -> None:
    types = {json.loads(body)["data"]["id"]: json.loads(body)["type"] for body, _ in kept.receiver.got}
    assert types == {seen["batch"]["id"]: "batch.completed", seen["cancelled"]["id"]: "batch.cancelled"}
