"""The pages as the service hands them out: to whom, under which policy, and what can be known without a browser."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hailo_piper import __version__
from hailo_piper.config.settings import Config
from hailo_piper.listeners.http import pages
from hailo_piper.listeners.keys import Keys
from tests.support.client import assert_error

FOLDER = Path(pages.__file__).parent / "html"
FILES = sorted(path.name for path in FOLDER.iterdir())
SCRIPTS = [name for name in FILES if name.endswith(".js")]
KEY = "sk-the-only-key"
BROWSERS = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8",
    "text/html, application/xhtml+xml, image/jxr, */*",
)
PROGRAMS = (None, "", "*/*", "application/json", "application/json, */*", "application/json, text/html", "text/plain")
PAGES = {"index.html": "/", "docs.html": "/docs"}


def read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def scripts_of(page: str) -> set[str]:
    """The scripts that a page loads, those that its scripts import included."""
    found, left = set[str](), set(re.findall(r'src="page/([\w.]+\.js)"', read(page)))
    while left:
        found |= left
        left = {name for script in left for name in re.findall(r'from "\./([\w.]+)"', read(script))} - found
    return found


@pytest.mark.parametrize("accept", BROWSERS)
def test_a_browser_gets_the_page(client: FlaskClient, accept: str) -> None:
    answer = client.get("/", headers={"Accept": accept})
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    assert answer.text == read("index.html")
    assert answer.headers["Vary"] == "Accept"


@pytest.mark.parametrize("accept", PROGRAMS)
def test_a_program_gets_json(client: FlaskClient, accept: str | None) -> None:
    answer = client.get("/", headers={} if accept is None else {"Accept": accept})
    assert answer.get_json()["version"] == __version__
    assert answer.headers["Vary"] == "Accept"


def test_a_cache_learns_of_the_origin_too(make_app: Callable[..., Flask]) -> None:
    client = make_app({"server": {"cors_origins": ["https://chat.example"]}}).test_client()
    for accept in (BROWSERS[0], "*/*"):
        answer = client.get("/", headers={"Accept": accept, "Origin": "https://chat.example"})
        assert {each.strip() for each in answer.headers["Vary"].split(",")} == {"Accept", "Origin"}
        assert answer.headers["Access-Control-Allow-Origin"] == "https://chat.example"


@pytest.mark.parametrize("name", FILES)
def test_every_file_has_its_type_and_the_policy(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/page/{name}")
    kinds = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}
    assert answer.content_type.split(";")[0] == kinds[Path(name).suffix]
    assert answer.data == (FOLDER / name).read_bytes()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert not re.search(r"unsafe|https?:|\*", answer.headers["Content-Security-Policy"])


def test_a_file_that_a_browser_has_is_not_sent_again(client: FlaskClient) -> None:
    answer = client.get("/page/main.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    again = client.get("/page/main.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/page/main.js", headers={"If-None-Match": '"another"'}).status_code == 200
    assert client.get("/page/dom.js").headers["ETag"] != answer.headers["ETag"]


@pytest.mark.parametrize("path", ["nothing.js", "..%2fapp.py", "%2e%2e", "main.js%00", "MAIN.JS"])
def test_no_other_file_is_handed_out(client: FlaskClient, path: str) -> None:
    assert_error(client.get(f"/page/{path}"), 404, "not_found", None)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_no_other_host_and_nothing_inline(page: str) -> None:
    texts = [read(page), *map(read, scripts_of(page)), *(read(name) for name in FILES if name.endswith(".css"))]
    for text in texts:
        # The name of SVG's own namespace is no address that anybody asks.
        assert re.findall(r"""\w+://(?!www\.w3\.org/2000/svg)|["'(]//\w|[\s:]url\(|@import""", text) == []
    assert re.findall(r"""<[^>]+\s(?:on\w+|style)=|<style|<script>|javascript:""", read(page)) == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_text_never_becomes_html(name: str) -> None:
    unsafe = r"innerHTML|outerHTML|insertAdjacent|document\.write|srcdoc|DOMParser|setHTML|\beval\(|new Function"
    assert re.findall(unsafe, read(name)) == []
    assert len(read(name).splitlines()) <= 250
    assert read(name).startswith("/** ")


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_is_there(page: str, client: FlaskClient) -> None:
    html = read(page)
    named = set(re.findall(r'(?:src|href)="page/([\w.]+)"', html)) | scripts_of(page)
    assert named <= set(FILES)
    ids = re.findall(r'id="([\w-]+)"', html)
    assert len(ids) == len(set(ids))
    for script in scripts_of(page) - {"speak.js", "request.js"} if page == "docs.html" else scripts_of(page):
        assert set(re.findall(r'\$\("([\w-]+)"\)', read(script))) <= set(ids), script
    served = {rule.rule for rule in client.application.url_map.iter_rules()}
    asked = {path for script in scripts_of(page) for path in re.findall(r'"(/[a-z][\w./]+)"', read(script))}
    assert asked - {"/v1"} <= served | ONLY_WITH_KEYS


ONLY_WITH_KEYS = {"/v1/catalogue", "/v1/catalogue/progress", "/v1/lexicon"}


@pytest.mark.parametrize("page", PAGES)
def test_every_field_has_a_name(page: str) -> None:
    html = read(page)
    labelled = sum(len(re.findall(r"<(?:textarea|select|input)\b", label))
                   for label in re.findall(r"<label.*?</label>", html, flags=re.DOTALL))  # fmt: skip
    named = len(re.findall(r"<(?:textarea|input)\b[^>]*aria-label=", html))
    assert labelled + named == len(re.findall(r"<(?:textarea|select|input)\b", html)) > 3


def test_every_text_of_the_page_is_there_in_both_languages() -> None:
    entries = re.findall(r"^  (\w+): \[(.*?)\],$", read("texts.js"), flags=re.MULTILINE | re.DOTALL)
    texts = {name: re.findall(r'"((?:[^"\\]|\\.)*)"', both) for name, both in entries}
    assert all(len(both) == 2 and all(both) for both in texts.values()), texts
    for english, german in texts.values():
        assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", german))
    used = set(re.findall(r'data-(?:text|label|hint)="(\w+)"', read("index.html")))
    for script in SCRIPTS:
        used |= set(re.findall(r'\bt\("(\w+)"', read(script)))
    assert used <= set(texts)
    # Some are chosen by a state or an origin.
    chosen = {"pause", "goOn", "copied", "notCopied", *(name for name in texts if name.startswith("origin_"))}
    assert set(texts) == used | chosen


def test_a_page_opens_without_a_key_and_holds_no_data(make_app: Callable[..., Flask], tone_config: Config) -> None:
    locked = make_app(keys=Keys([KEY])).test_client()
    for path in ("/", "/docs", *(f"/page/{name}" for name in FILES)):
        answer = locked.get(path, headers={"Accept": BROWSERS[0]})
        assert answer.status_code == 200
        for secret in (KEY, "en_US-tone-low", __version__, str(tone_config.piper.model_path)):
            assert secret not in answer.text
    assert_error(locked.get("/"), 401, "invalid_api_key", None)
    assert_error(
        locked.post("/", json={"text": "Hello."}, headers={"Accept": BROWSERS[0]}), 401, "invalid_api_key", None
    )
    assert_error(locked.get("/page"), 401, "invalid_api_key", None)
    assert_error(locked.get("/openapi.json", headers={"Accept": BROWSERS[0]}), 401, "invalid_api_key", None)


def test_only_one_script_knows_the_key_and_keeps_it_for_the_tab_alone() -> None:
    for name in SCRIPTS:
        assert not re.search(r"localStorage|document\.cookie|indexedDB", read(name)), name
        assert name == "service.js" or "sessionStorage" not in read(name), name
        assert name == "service.js" or "fetch(" not in re.sub(r"\w+fetch\(|: fetch\(", "", read(name)), name


def test_the_page_is_light() -> None:
    names = {"index.html", "style.css", "parts.css", "icon.svg", *scripts_of("index.html")}
    assert sum((FOLDER / name).stat().st_size for name in names) < 150_000


def test_a_start_reads_no_page(make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    pages._paths.cache_clear()
    pages._read.cache_clear()
    monkeypatch.setattr(pages, "_FOLDER", FOLDER / "nowhere")
    client = make_app().test_client()
    assert client.get("/live").status_code == 200
    pages._paths.cache_clear()
    monkeypatch.undo()
    assert client.get("/page/main.js").status_code == 200
