"""A route adds words to a lexicon of the service, for clients with a key."""

from typing import Any

from flask import Flask
from werkzeug.exceptions import Forbidden

from hailo_piper.errors import InvalidRequestError
from hailo_piper.listeners.http.json_body import read_json_body
from hailo_piper.listeners.json_object import parse_object
from hailo_piper.listeners.service import Service

_NEEDS_KEYS = (
    "Without API keys nobody can change lexicons over the network: "
    "set server.api_keys_file, or write a lexicon on the machine itself"
)


def add_lexicon(app: Flask, service: Service) -> None:
    """Route the words that are to be said otherwise from now on."""

    @app.post("/v1/lexicon")
    def add_word() -> dict[str, Any]:
        if not service.callers.need_keys:
            raise Forbidden(_NEEDS_KEYS)
        fields = parse_object(read_json_body())
        # Few services are ever given a word, so the start does not wait for this import.
        from hailo_piper.text.lexicon.additions import add_word

        word, say, language = (_text(fields, name) for name in ("word", "say", "language"))
        if word is None or say is None:
            name = "word" if word is None else "say"
            raise InvalidRequestError(f"Missing '{name}': a string", param=name)
        add_word(service.lexicons.place_for_new, word, say, language)
        return {"word": word.strip(), "say": say, "language": language}


def _text(fields: Any, name: str) -> str | None:
    value = fields.get(name)
    if value is not None and (not isinstance(value, str) or any("\ud800" <= sign <= "\udfff" for sign in value)):
        raise InvalidRequestError(f"Invalid '{name}': it is no string of characters", param=name)
    return value
