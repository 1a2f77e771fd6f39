"""The SSML reader takes a document piece by piece, as Markdown is read, and hands on plain text.

Documents are strangers' XML. A doctype is refused before anything in it is read, so no entity can be declared; nothing
is fetched; and depth, elements, attributes, tags and pauses have bounds. Namespaces are not read: documents leave out
the declarations of their vendors' prefixes.
"""

from typing import NoReturn
from xml.parsers import expat

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.markup import Step
from hailo_piper.text.ssml.elements import Attributes, Elements, LimitError
from hailo_piper.text.ssml.events import Event, State
from hailo_piper.text.ssml.fault import SsmlError
from hailo_piper.text.ssml.faults_of_xml import FURTHEST, explained
from hailo_piper.text.ssml.gate import LONGEST_CONSTRUCT, Gate
from hailo_piper.text.ssml.replaced import SayAs

DEEPEST = 32
MOST_ELEMENTS = 20_000
"""Of a document; one that may be very long may have more."""
_CHARACTERS_PER_ELEMENT = 8
MOST_ATTRIBUTES = 32
"""Of one element."""
LONGEST_ATTRIBUTE = 2000
"""Characters of one attribute's value."""

_ROOT = "<speak>"
_DECLARATION = lazily(r"\s*+<\?xml[\s?]")
_DOCUMENT = lazily(r"\s*+<(?:\?xml[\s?]|speak[\s/>]|!D)")
_BLANKS = "\ufeff \t\r\n"
"""They may stand before a document."""
_LONGEST_OPENING = 8
"""Characters, from the first that is no blank, that show whether a text is a whole document."""
_SURROGATE = lazily("[\ud800-\udfff]")


class Ssml:
    """The SSML of one text that may arrive in pieces: a document, or a fragment without its `speak`."""

    def __init__(self, *, max_characters: int, say_as: SayAs | None = None) -> None:
        """`max_characters`: of the document. `say_as`: writes the content of `say-as`; None leaves it as it stands."""
        self._max_characters = max_characters
        self._characters = 0
        self._elements = Elements(say_as)
        self._element_count = 0
        self._most_elements = max(MOST_ELEMENTS, max_characters // _CHARACTERS_PER_ELEMENT)
        self._gate = Gate()
        self._opening: str | None = ""
        """The beginning of the text, until it shows whether that is a whole document."""
        self._root = ""
        """The start tag that was put before the text."""
        self._bytes = bytearray()
        """What the parser was given, from `_byte` on, as UTF-8."""
        self._byte = 0
        """Bytes of the text before those."""
        self._place = 0
        """Code points of the text before them."""
        self._is_literal = False
        """Whether a CDATA section is being read."""
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = False
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._add
        self._parser.StartCdataSectionHandler = self._start_literal
        self._parser.EndCdataSectionHandler = self._end_literal

    @property
    def states(self) -> list[tuple[int, State]]:
        """Each state with the code point of the document from which on it holds, in order; the first is at 0."""
        return self._elements.states

    @property
    def events(self) -> list[tuple[int, Event]]:
        """Each event with its code point in the document, in order."""
        return self._elements.events

    def push(self, piece: str) -> str:
        """Add a piece; return the text that no further piece can change. Raises SsmlError."""
        return "".join(said for _, said in self.steps(piece))

    def finish(self) -> str:
        """Return the rest: no more text comes. Raises SsmlError."""
        return "".join(said for _, said in self.last_steps())

    def steps(self, piece: str) -> list[Step]:
        """Add a piece, as `push` does; return what it says step by step, without a gap in the document."""
        self._characters += len(piece)
        if self._characters > self._max_characters:
            self._fail(f"the document has at most {self._max_characters} characters")
        if self._opening is not None:
            self._opening += piece
            if len(self._opening.lstrip(_BLANKS)) < _LONGEST_OPENING:
                return []
            piece = self._begin()
        self._feed(self._gate.push(piece))
        return [] if self._elements.may_change else self._elements.plain.take()

    def last_steps(self) -> list[Step]:
        """Return the rest, as `finish` does, step by step."""
        if self._opening is not None:
            self._feed(self._gate.push(self._begin()))
        self._feed(self._gate.finish())
        self._parse(_ROOT.replace("<", "</").encode() if self._root else b"", is_last=True)
        plain = self._elements.plain
        plain.skip_to(self._characters)
        plain.finish()
        return plain.take()

    def flush(self) -> list[Step]:
        """Return what is held back, step by step, as if no more came; a tag that is open stays so."""
        if self._opening is not None:
            opening = self._opening.lstrip(_BLANKS)
            if not opening or opening.startswith("<"):
                return []
            self._feed(self._gate.push(self._begin()))
        if self._elements.may_change:
            return []
        self._elements.plain.end_sentence()
        return self._elements.plain.take()

    def _begin(self) -> str:
        """Return the beginning of the text as the parser can read it; every character keeps its place."""
        opening, self._opening = self._opening or "", None
        if opening.startswith("\ufeff"):
            opening = f" {opening[1:]}"
        if _DOCUMENT.match(opening) is None:
            self._root = _ROOT
            self._parse(_ROOT.encode())
        # The encoding that a declaration tells was that of bytes; and it may stand after blanks here.
        return opening.replace("<?xml", "<?xm-", 1) if _DECLARATION.match(opening) else opening

    def _feed(self, text: str) -> None:
        # Half a character has no bytes; no voice says it either.
        encoded = _SURROGATE.sub("\ufffd", text).encode()
        self._bytes += encoded
        self._parse(encoded)
        if self._gate.is_too_long:
            self._fail(f"a tag or a comment has at most {LONGEST_CONSTRUCT} characters")

    def _parse(self, encoded: bytes, *, is_last: bool = False) -> None:
        try:
            self._parser.Parse(encoded, is_last)
        except expat.ExpatError as error:
            at = max(0, self._parser.ErrorByteIndex - len(self._root) - self._byte)
            before = self._bytes[max(0, at - FURTHEST) : at].decode(errors="ignore")
            after = self._bytes[at : at + FURTHEST].decode(errors="ignore")
            why, back = explained(error.code, before, after, self._elements.innermost)
            self._fail(why, error.lineno, error.offset - back)

    def _fail(self, why: str, line: int | None = None, column: int | None = None) -> NoReturn:
        """Raise the error at a place, or where the parser is: in a handler, where its tag begins. `column`: from 0."""
        line = self._parser.CurrentLineNumber if line is None else line
        column = self._parser.CurrentColumnNumber if column is None else column
        raise SsmlError(why, line, max(1, column + 1 - (len(self._root) if line == 1 else 0))) from None

    def _reach(self) -> int:
        """Return the code point at which the parser is, and forget what lies before."""
        size = self._parser.CurrentByteIndex - len(self._root) - self._byte
        if size > 0:
            self._move(size)
        return self._place

    def _move(self, size: int) -> None:
        """Go on by some bytes."""
        self._place += len(self._bytes[:size].decode())
        self._byte += size
        del self._bytes[:size]

    def _refuse_doctype(self, *_: object) -> None:
        self._fail("a document type is not allowed: leave <!DOCTYPE ...> out")

    def _start(self, name: str, attributes: Attributes) -> None:
        place = self._reach()
        self._element_count += 1
        if self._element_count > self._most_elements:
            self._fail(f"a document has at most {self._most_elements} elements")
        if self._elements.depth >= DEEPEST:
            self._fail(f"elements stand at most {DEEPEST} deep")
        if len(attributes) > MOST_ATTRIBUTES:
            self._fail(f"<{name[:40]}> has at most {MOST_ATTRIBUTES} attributes")
        for attribute, value in attributes.items():
            if len(value) > LONGEST_ATTRIBUTE:
                self._fail(f"the attribute {attribute[:40]!r} has at most {LONGEST_ATTRIBUTE} characters")
        try:
            self._elements.start(name, attributes, place)
        except LimitError as error:
            self._fail(str(error))

    def _end(self, name: str) -> None:  # noqa: ARG002 - expat checks that it fits
        self._elements.end(self._reach())

    def _add(self, text: str) -> None:
        place = self._reach()
        size = self._size_of(text)
        self._move(size)
        try:
            self._elements.add(text, place, self._place - place)
        except LimitError as error:
            self._fail(str(error))

    def _size_of(self, text: str) -> int:
        """Return the bytes that a run of text has in the document, where a reference or a line break has others."""
        first = self._bytes[:1]
        if first == b"&" and not self._is_literal:
            return self._bytes.index(b";") + 1
        if first == b"\r":
            return 2 if self._bytes[1:2] == b"\n" else 1
        return len(text.encode())

    def _start_literal(self) -> None:
        self._is_literal = True

    def _end_literal(self) -> None:
        self._is_literal = False
