"""Serves the page at /docs, whose policy keeps it from reaching any other host.

The page is one file. Its script reads /openapi.json, and asks for a key if the service needs one.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask, Response

from hailo_piper.listeners.dialect import Dialect


class Page(NamedTuple):
    """A page and the headers that go with it."""

    html: bytes
    headers: dict[str, str]


def load_page() -> Page:
    """Read the page from the package; the policy names the digests of its script and style, so they may run."""
    html = (Path(__file__).parent / "html/docs.html").read_bytes()
    policy = [
        "default-src 'none'",
        "script-src " + " ".join(_digests(html, b"script")),
        "style-src " + " ".join(_digests(html, b"style")),
        "connect-src 'self'",
        "media-src blob:",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
    headers = {
        "Content-Security-Policy": "; ".join(policy),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
    }
    return Page(html, headers)


def _digests(html: bytes, tag: bytes) -> Iterator[str]:
    for content in re.findall(b"<%s>(.*?)</%s>" % (tag, tag), html, flags=re.DOTALL):
        yield f"'sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode('ascii')}'"


def add_description(app: Flask, dialects: Mapping[str, Dialect]) -> None:
    """Route the OpenAPI document and the page that shows it. Both are made when they are first asked for."""

    @cache
    def document() -> Mapping[str, Any]:
        # A start need not wait for what few requests want.
        from hailo_piper.listeners.http.openapi import build_document

        return build_document(dialects)

    page = cache(load_page)

    @app.get("/openapi.json")
    def describe() -> Mapping[str, Any]:
        return document()

    @app.get("/docs")
    def show_docs() -> Response:
        return Response(page().html, mimetype="text/html", headers=page().headers)
