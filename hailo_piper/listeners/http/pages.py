"""Serves the page at / and the one at /docs with their files; their policy keeps them from any other host.

A file is read when it is first asked for, so no start waits for it. The pages hold no data: their scripts ask the
service for it, with the key that a person enters where the service needs one.
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask, Request, Response, jsonify, request
from werkzeug.exceptions import NotFound

from hailo_piper import __version__
from hailo_piper.listeners.dialect import Dialect

PREFIX = "/page/"
"""Where the files of the pages are."""

_FOLDER = Path(__file__).parent / "html"
_CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""The files that are handed out, by their ending."""
_HEADERS = {
    # A download that the page makes is a blob of its own; nothing inline runs.
    "Content-Security-Policy": "default-src 'self'; media-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # A browser asks each time, and after an upgrade gets the new files; the ETag spares it those it has.
    "Cache-Control": "no-cache",
}


class _File(NamedTuple):
    content: bytes
    content_type: str
    etag: str


@cache
def _paths() -> Mapping[str, Path]:
    """Return the files there are by name, so that no name of a request becomes a part of a path."""
    return {path.name: path for path in _FOLDER.iterdir() if path.suffix in _CONTENT_TYPES}


@cache
def _read(path: Path) -> _File:
    content = path.read_bytes()
    return _File(content, _CONTENT_TYPES[path.suffix], hashlib.sha256(content).hexdigest()[:32])


def _answer(name: str) -> Response:
    path = _paths().get(name)
    if path is None:
        raise NotFound
    file = _read(path)
    response = Response(file.content, content_type=file.content_type, headers=_HEADERS)
    response.set_etag(file.etag)
    response.make_conditional(request)
    return response


def needs_no_key(asked: Request) -> bool:
    """Return whether a request asks for a page or one of its files, which everybody may have."""
    return asked.method in {"GET", "HEAD"} and (
        asked.path.startswith(PREFIX) or (asked.path == "/" and _is_browser(asked))
    )


def _is_browser(asked: Request) -> bool:
    """Return whether a page is wanted rather than JSON; programs ask for anything, or for JSON."""
    return asked.accept_mimetypes.best_match(("application/json", "text/html")) == "text/html"


def add_pages(app: Flask) -> None:
    """Route the pages and their files, and the facts that a program gets in place of the page at /."""

    @app.get("/")
    def about() -> Response:
        facts = {
            "service": "hailo-piper",
            "version": __version__,
            "description": "A private speech server: Piper voices over OpenAI's text-to-speech API.",
            "endpoints": sorted({rule.rule for rule in app.url_map.iter_rules()}),
        }
        response = _answer("index.html") if _is_browser(request) else jsonify(facts)
        # A cache must not give a program the page.
        response.vary.add("Accept")
        return response

    @app.get(f"{PREFIX}<name>")
    def show_file(name: str) -> Response:
        return _answer(name)

    @app.get("/docs")
    def show_docs() -> Response:
        return _answer("docs.html")


def add_description(app: Flask, dialects: Mapping[str, Dialect], jobs: Callable[[], Dialect]) -> None:
    """Route the OpenAPI document, made when it is first asked for. `jobs` returns the dialect of jobs."""

    @cache
    def document() -> Mapping[str, Any]:
        # A start need not wait for what few requests want.
        from hailo_piper.listeners.http.openapi import build_document

        return build_document(dialects, jobs())

    @app.get("/openapi.json")
    def describe() -> Mapping[str, Any]:
        return document()
