"""A route explains a text: it takes the body of a speech request, and returns how that would be read."""

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Flask, g

from hailo_piper.listeners.dialect import Dialect
from hailo_piper.listeners.http.json_body import read_json_body

if TYPE_CHECKING:
    from hailo_piper.speech.explanation import Explanation
    from hailo_piper.speech.request import SpeechRequest

PATH = "/v1/text"


def add_text(app: Flask, explain: "Callable[[SpeechRequest], Explanation]", dialect: Dialect) -> None:
    """Route explanations of texts; `explain` returns how that of a request would be read."""

    @app.post(PATH)
    def explain_text() -> dict[str, Any]:
        request = dialect.parse(read_json_body()).request
        g.dialect = dialect
        return asdict(explain(request))
