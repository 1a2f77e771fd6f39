"""A marked-up file becomes a flat row of tags and texts, good XML or a page from anywhere.

XHTML is read as XML, since a page may end `<script/>` or `<title/>` in a way that HTML does not know: it would take the
rest of the page for a script. What is not well-formed is read as HTML, which cannot fail. Nothing is fetched, and no
entity of a document's own is expanded.
"""

import html.entities
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple, cast
from xml.parsers import expat

from hailo_piper.text.lazy_pattern import lazily

_NAMED = lazily(r"&([A-Za-z][A-Za-z0-9]{1,31}+);")
_KEPT = {"amp", "lt", "gt", "quot", "apos"}
"""The names that XML itself has."""
_EMPTY = lazily(r"<(title|script|style|iframe|textarea|noscript|noembed|noframes|xmp)\b([^<>]*+)(?<=/)>", re.IGNORECASE)
_DECLARED = re.compile(rb"""\s*+<\?xml[^>]{0,200}?encoding=["']([A-Za-z0-9._-]{1,40})["']""")
_PIECE = 65536
"""Bytes that are parsed at once, so that its events need not all be in memory."""


class Tag(NamedTuple):
    """The beginning or the end of an element; names are in lower case, without a prefix."""

    name: str
    attributes: Mapping[str, str]
    """With their prefixes: `epub:type`. Empty at the end."""
    is_end: bool


Event = Tag | str


def events(content: bytes, *, is_xml: bool) -> Iterator[Event]:
    """Yield the tags and texts of a page. `is_xml`: whether it claims to be XML; it need not be right."""
    text = decoded(content)
    if is_xml:
        try:
            # All of it at once: a page must not begin as XML and go on as HTML.
            found = list(_xml(text))
        except expat.ExpatError:
            pass
        else:
            return iter(found)
    return _html(text)


def decoded(content: bytes) -> str:
    """Return the text of a page by its byte order mark, its XML declaration, else UTF-8, else Windows' Latin."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    declared = _DECLARED.match(content[:400])
    for encoding in (*([declared[1].decode()] if declared else []), "utf-8-sig"):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("cp1252", errors="replace")


def _xml(text: str) -> Iterator[Event]:
    """Yield the events of XML. Raises ExpatError for what is none, or declares entities of its own."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    found: list[Event] = []

    def refuse(*_: object) -> None:
        raise expat.ExpatError("an entity is declared")

    def start(name: str, attributes: Mapping[str, str]) -> None:
        found.append(Tag(_plain(name), attributes, is_end=False))

    def end(name: str) -> None:
        found.append(Tag(_plain(name), {}, is_end=True))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = found.append
    parser.EntityDeclHandler = refuse
    # The declaration's encoding was that of the bytes.
    data = _NAMED.sub(_character, text).encode(errors="replace")
    for at in range(0, len(data), _PIECE):
        parser.Parse(data[at : at + _PIECE], False)  # noqa: FBT003
        yield from found
        found.clear()
    parser.Parse(b"", True)  # noqa: FBT003
    yield from found


def _character(name: "re.Match[str]") -> str:
    return name[0] if name[1] in _KEPT else html.entities.html5.get(f"{name[1]};", name[0])


def _html(text: str) -> Iterator[Event]:
    # Only books want it.
    from justhtml import stream

    for kind, value in stream(_EMPTY.sub(r"<\1\2></\1>", text)):
        if kind == "start":
            # A document type, the other kind of several values, is another kind of event.
            name, attributes = cast("tuple[str, dict[str, str | None]]", value)
            yield Tag(_plain(name), {key.lower(): given or "" for key, given in attributes.items()}, is_end=False)
        elif kind == "end":
            yield Tag(_plain(str(value)), {}, is_end=True)
        elif kind == "text":
            yield str(value)


def _plain(name: str) -> str:
    return name.rpartition(":")[2].lower()
