"""A dialect turns a request's JSON fields into a SpeechRequest.

Dialects name the same fields differently: OpenAI's (`input`, `response_format`), our own `/v1/synthesize` (`text`,
`format`), Piper's, and the command line's, which uses the service's own names. All are checked by one schema, and no
other module knows their names. A turn of a dialogue has a dialect of its own, with the fields that may differ from turn
to turn. How bytes travel only concerns the wire; `Dialect.parse` returns that beside the request.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from hailo_piper.errors import InvalidRequestError
from hailo_piper.listeners import fields as own_fields
from hailo_piper.listeners.json_object import parse_object
from hailo_piper.listeners.turns import OF_A_TURN, WITHOUT_EFFECT, turns
from hailo_piper.schemas.checker import Checker, Schema, load_schema
from hailo_piper.speech.request import SpeechRequest

_NO_SLIPS = {"mode", "seed"}
"""Fields of other services that differ from one of ours by a letter, and are no mistakes."""
_TIMESTAMPS = "timestamps"
_FIELDS = sorted(SpeechRequest.__dataclass_fields__.keys() - {"words", "kbps", "in_bulk", "gives_way", "has_one_voice"})
"""Fields of a request that are one field of a body."""
WHOLE = "whole"
"""The stream_format of an answer that leaves when all is spoken."""
_MOST_SLIPS = 32
"""The most unknown fields of a body that is searched for mistyped names; more are not typing mistakes."""


class Asked(NamedTuple):
    """A body as it was understood."""

    request: SpeechRequest
    stream_format: str
    """`audio`, `sse` or WHOLE."""

    timestamps: tuple[str, ...]
    """What is to be told beside the sound: `word`, `mark`."""


class Dialect:
    """A way to name the fields of a request. Build it once: it holds its schema, ready to check."""

    def __init__(  # noqa: PLR0913 - each is a way in which dialects differ
        self,
        *,
        fixed: Mapping[str, Any] | None = None,
        synonyms: Mapping[str, str] | None = None,
        voice_names: Callable[[], Iterable[str]] = tuple,
        more: Schema | None = None,
        without: Iterable[str] = (),
        is_of_turns: bool = False,
        **wire_names: str,
    ) -> None:
        """`wire_names`: the name on the wire of each field that has another one than ours.

        `more`: the schemas of fields that only this dialect has, by name; `without`: those that it has not.

        `fixed`: fields, by our names, that a request cannot choose, with their values; None stands for our default.
        `synonyms`: another dialect's name of a field to this one's; used if this one's is absent.
        `voice_names`: returns the names that a request may give, which a refusal lists.
        `is_of_turns`: whether it names the fields of one turn of a dialogue.
        """
        self._wire_names = wire_names
        self._fixed = fixed or {}
        self._synonyms = synonyms or {}
        self._voice_names = voice_names
        # The schema file speaks OpenAI's dialect.
        rename = {"input": self.wire_name("text"), "response_format": self.wire_name("response_format")}
        schema = load_schema("speech.json")
        properties = {rename.get(name, name): value for name, value in schema["properties"].items()}
        text = properties[self.wire_name("text")]
        self._beside = set(properties) - {*OF_A_TURN, *WITHOUT_EFFECT} if is_of_turns else set[str]()
        """Fields of a request that no turn has."""
        without = {*without, *self._fixed, *self._beside}
        schema["properties"] = {name: value for name, value in properties.items() if name not in without} | (more or {})
        schema["required"] = [rename.get(name, name) for name in schema["required"]]
        self._turns: Dialect | None = None
        self.schema: Schema = schema
        """The JSON Schema of a body, with this dialect's names."""
        if is_of_turns:
            schema["properties"]["text"] = {"description": "The text of this turn.", "type": "string"}
            schema |= {"title": "Turn", "description": "an object with a text"}
            self._checker = Checker(schema)
        else:
            # Turns are judged one by one, so the checker sees a list and no more.
            self._checker = Checker({**schema, "properties": dict(schema["properties"])})
            self._turns = Dialect(synonyms={"input": "text"}, voice_names=voice_names, is_of_turns=True)
            plain, several = text["anyOf"]
            described = {**text, "anyOf": [plain, {**several, "items": {"anyOf": [plain, self._turns.schema]}}]}
            schema["properties"][self.wire_name("text")] = described

    @property
    def formats(self) -> list[str]:
        """The response formats that a request can choose."""
        chosen: list[str] = self.schema["properties"].get(self.wire_name("response_format"), {}).get("enum")
        return chosen or [self._fixed["response_format"]]

    def wire_name(self, ours: str) -> str:
        """Return this dialect's name of a field, which may be one of a turn: `text.3.voice`."""
        name, dot, inside = ours.partition(".")
        return f"{self._wire_names.get(name, name)}{dot}{inside}"

    def parse(self, body: bytes) -> Asked:
        """Return what a JSON body asks for; the stream_format is WHOLE where `stream` is false.

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
            stream_format = WHOLE
        return Asked(request, stream_format, tuple(fields.get(_TIMESTAMPS) or ()))

    def request(self, fields: Mapping[str, Any]) -> SpeechRequest:
        """Return the request of these fields; None means absent. Raises InvalidRequestError, as `parse` does."""
        known, name = self.read(fields, "", {})
        text = known["text"]
        request = SpeechRequest(**{**known, "text": "" if isinstance(text, list) else text, **self._fixed})
        if self._turns is None or not isinstance(text, list):
            return request
        return replace(request, text=tuple(turns(text, request, name, self._turns.read)))

    def read(
        self, fields: Mapping[str, Any], where: str, meanings: dict[str, str | None]
    ) -> tuple[dict[str, Any], str]:
        """Return the fields of a request that are present, by our names, and the client's name of the text.

        `where`: before the name of a field, in errors. `meanings`: what mistyped names may mean, as far as searched.
        Raises InvalidRequestError.
        """
        named, called = self._in_own_words(fields, where, meanings)
        properties = self.schema["properties"]
        given = {name: own_fields.normal(value, properties.get(name, {})) for name, value in named.items()}
        self._refuse_other_values(given, called)
        text_field = self.wire_name("text")
        if text_field not in given:
            raise InvalidRequestError(f"Missing '{where}{text_field}' field", param=f"{where}{text_field}")
        problems = self._checker.problems(given)
        if problems:
            found = [(path.partition(".")[0], path, problem) for path, problem in problems]
            explained = "; ".join(
                self._explain(field, where + called.get(field, path), why) for field, path, why in found
            )
            raise InvalidRequestError(explained, param=where + called.get(found[0][0], found[0][0]))
        known = {ours: given[wire] for ours in _FIELDS if (wire := self.wire_name(ours)) in given}
        if given.get(_TIMESTAMPS):
            known["words"] = True
        if isinstance(known.get("voice"), dict):
            known["voice"] = known["voice"]["id"]
        for name, read in _READ_MORE.items():
            if name in known:
                known[name] = read(known[name], where)
        if "ssml" in given:
            known["text_format"] = own_fields.text_format(given, where)
        return known, called.get(text_field, text_field)

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

    def _in_own_words(
        self, fields: Mapping[str, Any], where: str, meanings: dict[str, str | None]
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the fields that are present by this dialect's names, and the client's names of those it names
        otherwise.

        Raises InvalidRequestError for a mistyped name, and for one that stands in a turn and belongs beside it.
        """
        named = {name: value for name, value in fields.items() if value is not None}
        known = {*self.schema["properties"], *self._synonyms, *map(self.wire_name, self._fixed)}
        unknown = [name for name in named if name not in known and name not in _NO_SLIPS]
        if not self._beside.isdisjoint(unknown):
            name = next(name for name in unknown if name in self._beside)
            raise InvalidRequestError(
                f"Invalid '{where}{name}': it holds for all turns, so it stands beside them", param=where + name
            )
        if unknown and len({*meanings, *unknown}) <= _MOST_SLIPS:
            self._refuse_slips(unknown, known, named, where, meanings)
        called = {own: name for name, own in self._synonyms.items() if name in named and own not in named}
        return {**named, **{own: named[name] for own, name in called.items()}}, called

    def _refuse_slips(
        self,
        unknown: Iterable[str],
        known: Iterable[str],
        named: Mapping[str, Any],
        where: str,
        meanings: dict[str, str | None],
    ) -> None:
        # Few requests have unknown fields, so a start does not wait for this import.
        from hailo_piper.listeners.near_names import is_plural, near_name

        given = {self._synonyms.get(name, name) for name in named}
        for name in unknown:
            if name not in meanings:
                meanings[name] = near_name(name, sorted(known))
            meant = meanings[name]
            if meant is None or self._synonyms.get(meant, meant) in given:
                continue
            # `voices` with a list is a field of other services, not a mistyped `voice`.
            if not (isinstance(named[name], list | dict) and is_plural(name, meant)):
                shown = where + name[:60]
                raise InvalidRequestError(f"Unknown field {shown!r}: did you mean '{meant}'?", param=shown)

    def _explain(self, field: str, path: str, problem: str) -> str:
        if field == self.wire_name("response_format"):
            return f"Unsupported format: {problem}"
        names = ", ".join(self._voice_names()) if field == "voice" else ""
        return f"Invalid '{path}': {problem}{f'; allowed: {names}' if names else ''}"


_READ_MORE: Mapping[str, Callable[[Any, str], Any]] = {
    "pitch": own_fields.pitch,
    "pronunciations": own_fields.pronunciations,
}
"""What the schema leaves open of some fields."""
