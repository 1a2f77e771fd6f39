"""What can be known of the page without a browser: it needs no other host, and what its script names is there."""

import base64
import hashlib
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hailo_piper import __version__
from hailo_piper.config.settings import Config
from hailo_piper.listeners.keys import Keys


@pytest.fixture
def page(client: FlaskClient) -> TestResponse:
    return client.get("/docs")


def content_of(tag: str, html: str) -> str:
    (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, flags=re.DOTALL)
    return str(content)


def test_it_names_no_other_host(page: TestResponse) -> None:
    assert page.content_type == "text/html; charset=utf-8"
    assert re.findall(r"""\w+://|["'(]//\w|[\s:]url\(|@import""", page.text) == []
    assert set(re.findall(r"""(?:src|href)="([^"]*)""", page.text)) == {"data:,", "openapi.json"}


def test_the_policy_allows_its_own_script_and_style_and_no_other(page: TestResponse) -> None:
    policy = dict(part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == "'self'"
    for tag in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(content_of(tag, page.text).encode()).digest()).decode()
        assert policy[f"{tag}-src"] == f"'sha256-{digest}'"
    # What an inline handler or style would need, the policy does not give.
    assert re.findall(r"""<[^>]+\s(?:on\w+|style)=""", page.text) == []


def test_what_the_script_asks_for_is_there(client: FlaskClient, page: TestResponse) -> None:
    script = content_of("script", page.text)
    paths = set(re.findall(r'"(/[\w./]+)"', script)) - {"./"}
    assert {"/openapi.json", "/v1/audio/speech", "/v1/audio/voices"} == paths
    served = {rule.rule for rule in client.application.url_map.iter_rules()}
    assert paths <= served
    ids = set(re.findall(r'id="([\w-]+)"', page.text))
    assert set(re.findall(r'\$\("([\w-]+)"\)', script)) <= ids


def test_every_part_of_the_form_has_a_label(page: TestResponse) -> None:
    forms = "".join(re.findall(r"<form.*?</form>", page.text, flags=re.DOTALL))
    labels = re.findall(r"<label>.*?</label>", forms, flags=re.DOTALL)
    inputs = re.findall(r"<(?:textarea|select|input)\b", forms)
    assert len([label for label in labels if re.search(r"<(?:textarea|select|input)\b", label)]) == len(inputs) == 5


def test_the_page_opens_without_a_key_and_holds_no_data(
    make_app: Callable[..., Flask], page: TestResponse, tone_config: Config
) -> None:
    locked = make_app(keys=Keys(["sk-the-only-key"])).test_client()
    assert (locked.get("/docs").status_code, locked.get("/openapi.json").status_code) == (200, 401)
    assert locked.get("/docs").data == page.data
    for secret in ("sk-the-only-key", "en_US-tone-low", __version__, str(tone_config.piper.model_path)):
        assert secret not in page.text


def test_every_request_of_the_page_carries_the_key_that_is_entered(page: TestResponse) -> None:
    script = content_of("script", page.text)
    assert "Authorization: `Bearer ${" in script
    requests = re.findall(r"\bfetch\(.*?\)\)?[;)]", script, flags=re.DOTALL)
    assert len(requests) == 2
    assert all("authorization()" in request for request in requests)
    assert not re.search(r"\w+Storage|cookie|location", script)
