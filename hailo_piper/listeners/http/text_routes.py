"""A route explains a text: it takes the body of a speech request, and returns how that would be read."""

from dataclasses import asdict
from typing import Any

from flask import Flask, g

from hailo_piper.listeners.dialect import Dialect
from hailo_piper.listeners.http.json_body import read_json_body
from hailo_piper.speech.explanation import Explainer

PATH = "/v1/text"


def add_text(app: Flask, explainer: Explainer, dialect: Dialect) -> None:
    """Route explanations of texts."""

    @app.post(PATH)
    def explain_text() -> dict[str, Any]:
        request, _ = dialect.parse(read_json_body())
        g.dialect = dialect
        return asdict(explainer.explain(request))
