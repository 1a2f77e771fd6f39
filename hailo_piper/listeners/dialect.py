"""A dialect turns a request's JSON fields into a SpeechRequest.

Dialects name the same fields differently: OpenAI's (`input`, `response_format`), our own `/v1/synthesize` (`text`,
`format`), Piper's, and the command line's, which uses the service's own names. All are checked by one schema, and no
other module knows their names. `stream_format` is not a part of a SpeechRequest, since how bytes travel only concerns
the wire; `Dialect.parse` returns it beside the request.
"""

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from hailo_piper.errors import InvalidRequestError
from hailo_piper.schemas.checker import Checker, Schema, as_declared, load_schema
from hailo_piper.speech.request import SpeechRequest

if TYPE_CHECKING:
    from hailo_piper.text.lexicon.pronunciation import Pronunciation

_NO_SLIPS = {"mode", "seed"}
"""Fields of other services that differ from one of ours by a letter, and are no mistakes."""
_RULES, _TIMESTAMPS = "pronunciations", "timestamps"
_FIELDS = sorted(SpeechRequest.__dataclass_fields__.keys() - {"words"})
"""Fields of a request that are one field of a body."""
WHOLE = "whole"
"""The stream_format of an answer that leaves when all is spoken."""
_MOST_SLIPS = 32
"""The most unknown fields of a body that is searched for mistyped names; more are not typing mistakes."""


class Dialect:
    """A way to name the fields of a request. Build it once: it holds its schema, ready to check."""

    def __init__(
        self,
        *,
        fixed: Mapping[str, Any] | None = None,
        synonyms: Mapping[str, str] | None = None,
        voice_names: Callable[[], Iterable[str]] = tuple,
        more: Schema | None = None,
        without: Iterable[str] = (),
        **wire_names: str,
    ) -> None:
        """`wire_names`: the name on the wire of each field that has another one than ours.

        `more`: the schemas of fields that only this dialect has, by name; `without`: those that it has not.

        `fixed`: fields, by our names, that a request cannot choose, with their values; None stands for our default.
        `synonyms`: another dialect's name of a field to this one's; used if this one's is absent.
        `voice_names`: returns the names that a request may give, which a refusal lists.
        """
        self._wire_names = wire_names
        self._fixed = fixed or {}
        self._synonyms = synonyms or {}
        self._voice_names = voice_names
        # The schema file speaks OpenAI's dialect.
        rename = {"input": self.wire_name("text"), "response_format": self.wire_name("response_format")}
        schema = load_schema("speech.json")
        schema["properties"] = {
            rename.get(name, name): value
            for name, value in schema["properties"].items()
            if name not in self._fixed and name not in without
        } | (more or {})
        schema["required"] = [rename.get(name, name) for name in schema["required"]]
        self.schema = schema
        """The JSON Schema of a body, with this dialect's names."""
        self._checker = Checker(schema)

    @property
    def formats(self) -> list[str]:
        """The response formats that a request can choose."""
        chosen: list[str] = self.schema["properties"].get(self.wire_name("response_format"), {}).get("enum")
        return chosen or [self._fixed["response_format"]]

    def wire_name(self, ours: str) -> str:
        """Return this dialect's name of a field."""
        return self._wire_names.get(ours, ours)

    def parse(self, body: bytes) -> tuple[SpeechRequest, str]:
        """Return the request in a JSON body, and its stream_format; WHOLE where `stream` is false.

        Raises InvalidRequestError, which names the field as the client does, and the allowed values.
        """
        fields = parse_object(body)
        request = self.request(fields)
        stream_format = (fields.get("stream_format") or self.schema["properties"]["stream_format"]["default"]).lower()
        if request.words and stream_format != "sse":
            raise InvalidRequestError(
                "Invalid 'timestamps': bare audio has no place for them; ask for stream_format sse", param=_TIMESTAMPS
            )
        if fields.get("stream") is False:
            if stream_format == "sse":
                raise InvalidRequestError(
                    "Invalid 'stream': events are a stream; leave out stream_format or stream", param="stream"
                )
            return request, WHOLE
        return request, stream_format

    def request(self, fields: Mapping[str, Any]) -> SpeechRequest:
        """Return the request of these fields; None means absent. Raises InvalidRequestError, as `parse` does."""
        named, called = self._in_own_words(fields)
        properties = self.schema["properties"]
        given = {name: _normal(value, properties.get(name, {})) for name, value in named.items()}
        self._refuse_other_values(given, called)
        text_field = self.wire_name("text")
        if text_field not in given:
            raise InvalidRequestError(f"Missing '{text_field}' field", param=text_field)
        problems = self._checker.problems(given)
        if problems:
            found = [(path.partition(".")[0], path, problem) for path, problem in problems]
            explained = "; ".join(self._explain(field, called.get(field, path), why) for field, path, why in found)
            raise InvalidRequestError(explained, param=called.get(found[0][0], found[0][0]))
        known = {ours: given[wire] for ours in _FIELDS if (wire := self.wire_name(ours)) in given}
        known["words"] = bool(given.get(_TIMESTAMPS))
        if isinstance(known.get("voice"), dict):
            known["voice"] = known["voice"]["id"]
        if "pronunciations" in known:
            known["pronunciations"] = tuple(map(_pronunciation, known["pronunciations"]))
        return SpeechRequest(**{**known, **self._fixed})

    def _refuse_other_values(self, given: Mapping[str, Any], called: Mapping[str, str]) -> None:
        """Refuse another value of a fixed field. Raises InvalidRequestError."""
        for ours, value in self._fixed.items():
            wire = self.wire_name(ours)
            other = given.get(wire, value)
            if value is None or other == value or (isinstance(other, str) and other.lower() == value):
                continue
            name = called.get(wire, wire)
            shown = repr(other[:60]) if isinstance(other, str) else "not a string"
            raise InvalidRequestError(f"Unsupported {name}: {shown}. Allowed here: {value}", param=name)

    def _in_own_words(self, fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the fields that are present by this dialect's names, and the client's names of those it names
        otherwise.

        Raises InvalidRequestError for a mistyped name.
        """
        named = {name: value for name, value in fields.items() if value is not None}
        known = {*self.schema["properties"], *self._synonyms, *map(self.wire_name, self._fixed)}
        unknown = [name for name in named if name not in known and name not in _NO_SLIPS]
        if unknown and len(unknown) <= _MOST_SLIPS:
            self._refuse_slips(unknown, known, named)
        called = {own: name for name, own in self._synonyms.items() if name in named and own not in named}
        return {**named, **{own: named[name] for own, name in called.items()}}, called

    def _refuse_slips(self, unknown: Iterable[str], known: Iterable[str], named: Mapping[str, Any]) -> None:
        # Few requests have unknown fields, so a start does not wait for this import.
        from hailo_piper.listeners.near_names import is_plural, near_name

        given = {self._synonyms.get(name, name) for name in named}
        for name in unknown:
            meant = near_name(name, sorted(known))
            if meant is None or self._synonyms.get(meant, meant) in given:
                continue
            # `voices` with a list is a field of other services, not a mistyped `voice`.
            if not (isinstance(named[name], list | dict) and is_plural(name, meant)):
                raise InvalidRequestError(f"Unknown field {name[:60]!r}: did you mean '{meant}'?", param=name[:60])

    def _explain(self, field: str, path: str, problem: str) -> str:
        if field == self.wire_name("response_format"):
            return f"Unsupported format: {problem}"
        names = ", ".join(self._voice_names()) if field == "voice" else ""
        return f"Invalid '{path}': {problem}{f'; allowed: {names}' if names else ''}"


def speech_dialects(voice_names: Callable[[], Iterable[str]]) -> dict[str, Dialect]:
    """Return the dialect of each endpoint that speaks, by its path."""
    return {
        "/v1/audio/speech": Dialect(
            text="input", synonyms={"text": "input", "format": "response_format"}, voice_names=voice_names
        ),
        "/v1/synthesize": Dialect(
            response_format="format", synonyms={"input": "text", "response_format": "format"}, voice_names=voice_names
        ),
        # Piper's own HTTP server answers there, always with WAV.
        "/": Dialect(fixed={"response_format": "wav"}, synonyms={"format": "response_format"}, voice_names=voice_names),
    }


def _normal(value: Any, schema: Schema) -> Any:
    """Return a value as the schema spells it: 8000.0 as 8000, and MP3 as mp3."""
    return value.lower() if isinstance(value, str) and "enum" in schema else as_declared(value, schema)


def _pronunciation(rule: Mapping[str, Any]) -> "Pronunciation":
    """Return the pronunciation of a rule as ElevenLabs writes it. Raises InvalidRequestError."""
    # Few requests have rules, so a start does not wait for this import.
    from hailo_piper.text.lexicon.alphabets import AlphabetError, to_ipa
    from hailo_piper.text.lexicon.pronunciation import Pronunciation

    kind = "phoneme" if rule.get("type", "phoneme" if "phoneme" in rule else "alias") == "phoneme" else "alias"
    word = " ".join(unicodedata.normalize("NFC", rule["string_to_replace"]).split())
    if not word or kind not in rule:
        missing = kind if word else "string_to_replace"
        raise InvalidRequestError(f"Invalid 'pronunciations': a rule of type {kind} needs {missing}", param=_RULES)
    try:
        said = rule[kind] if kind == "alias" else to_ipa(rule[kind], rule.get("alphabet", "ipa"), "")
    except AlphabetError as error:
        raise InvalidRequestError(f"Invalid 'pronunciations': {word[:60]!r}: {error}", param=_RULES) from None
    return Pronunciation(
        word=word,
        spoken="" if kind == "phoneme" else " ".join(said.split()),
        phonemes=said if kind == "phoneme" else "",
        match_case=rule.get("case_sensitive", True),
        whole_word=rule.get("word_boundaries", True),
    )


def parse_object(body: bytes) -> Mapping[str, Any]:
    """Return the fields of a JSON body. Raises InvalidRequestError."""
    try:
        # A byte order mark does not belong to JSON, but PowerShell sends one.
        value = json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InvalidRequestError("The body is not UTF-8") from error
    except RecursionError as error:
        raise InvalidRequestError("The body is nested too deeply") from error
    except ValueError as error:
        raise InvalidRequestError(f"The body is not valid JSON: {error}") from error
    if not isinstance(value, dict):
        raise InvalidRequestError("The body must be a JSON object")
    return value
