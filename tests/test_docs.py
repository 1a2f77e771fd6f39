"""What can be known of the page without a browser: it needs no other host, and what its script names is there."""

import base64
import hashlib
import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


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
    form = re.findall(r"<form.*?</form>", page.text, flags=re.DOTALL)[0]
    labels = re.findall(r"<label>.*?</label>", form, flags=re.DOTALL)
    inputs = re.findall(r"<(?:textarea|select|input)\b", form)
    assert len([label for label in labels if re.search(r"<(?:textarea|select|input)\b", label)]) == len(inputs) == 4
