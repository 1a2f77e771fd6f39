"""The gate hands an XML parser whole tags and comments only, however the text was cut.

So nothing that is left open is read twice, and a tag that does not end is refused while it arrives.
"""

from hailo_piper.text.lazy_pattern import lazily

LONGEST_CONSTRUCT = 65_536
"""Characters of a tag, a comment or a processing instruction."""

_SPECIAL = lazily("[<&]")
_REFERENCE = lazily(r"[\w#.:-]*+")
_TAG = ">"
_DECLARATION = "[>"
_ENDS = {_TAG: lazily("[\"'>]"), _DECLARATION: lazily("[\"'>[]")}
_CHARACTER_REFERENCE = ";"
_CDATA = "]]>"
_OPENERS = {"<!--": "-->", "<![CDATA[": _CDATA}
_LONGEST_OPENER = max(map(len, _OPENERS))


class Gate:
    """The text of one document on its way to the parser."""

    def __init__(self) -> None:
        self._start = ""
        """Characters that are looked at again with the next piece."""
        self._kind = ""
        """How the open construct ends; empty in text."""
        self._quote = ""
        """The quote that ends the open attribute value."""
        self._held: list[str] = []
        self._length = 0
        """Characters of the open construct so far."""
        self.is_too_long = False
        """Whether a construct went over the bound; it is never handed on."""

    def push(self, piece: str) -> str:
        """Add a piece; return what the parser can read now."""
        text, self._start = self._start + piece, ""
        ready, at = list[str](), 0
        while at < len(text) and not self.is_too_long:
            if self._kind:
                at = self._go_on(text, at, ready)
                continue
            special = _SPECIAL.search(text, at)
            if special is None:
                ready.append(text[at:])
                break
            ready.append(text[at : special.start()])
            at = self._open(text, special.start(), ready)
        return "".join(ready)

    def finish(self) -> str:
        """Return the rest, which may be the beginning of a construct that never ends."""
        rest = "".join([*self._held, self._start])
        self._held, self._start = [], ""
        return rest

    def _open(self, text: str, at: int, ready: list[str]) -> int:
        """Begin the construct at an index; return the index to go on at."""
        opener, self._kind = _opening(text[at : at + _LONGEST_OPENER])
        if not opener:
            self._start = text[at:]
            return len(text)
        if self._kind in {"", _CDATA}:
            ready.append(opener)
        else:
            self._hold(opener)
        return at + len(opener)

    def _go_on(self, text: str, at: int, ready: list[str]) -> int:
        """Read on in the open construct; return the index to go on at."""
        if self._kind == _CHARACTER_REFERENCE:
            name = _REFERENCE.match(text, at)
            end = name.end() if name else at
            is_whole = end < len(text)
            end += text[end : end + 1] == ";"
        elif self._kind in _ENDS:
            end, is_whole = self._end_of_tag(text, at)
        else:
            found = text.find(self._kind, at)
            is_whole = found >= 0
            # The closing marks themselves may be cut.
            end = found + len(self._kind) if is_whole else max(at, len(text) - len(self._kind) + 1)
            self._start = "" if is_whole else text[end:]
        if self._kind == _CDATA:
            ready.append(text[at:end])
        else:
            self._hold(text[at:end])
        if is_whole:
            if not self.is_too_long:
                ready += self._held
            self._held, self._length, self._kind = [], 0, ""
        return end if is_whole else len(text)

    def _end_of_tag(self, text: str, at: int) -> tuple[int, bool]:
        """Return the index after the open tag, and whether it ends there."""
        while at < len(text):
            if self._quote:
                end = text.find(self._quote, at)
                if end < 0:
                    break
                self._quote, at = "", end + 1
                continue
            found = _ENDS[self._kind].search(text, at)
            if found is None:
                break
            at = found.end()
            if found[0] in "\"'":
                self._quote = found[0]
            else:
                return at, True
        return len(text), False

    def _hold(self, text: str) -> None:
        self._held.append(text)
        self._length += len(text)
        self.is_too_long = self.is_too_long or self._length > LONGEST_CONSTRUCT


def _opening(text: str) -> tuple[str, str]:
    """Return the marks that open a construct, and its kind.

    No marks where more text must come; no kind where it is no construct, which the parser refuses.
    """
    if text[0] == "&":
        return "&", _CHARACTER_REFERENCE
    for opener, kind in _OPENERS.items():
        if text.startswith(opener):
            return opener, kind
        if opener.startswith(text):
            return "", ""
    second = text[1]
    if second == "!":
        return "<!", _DECLARATION
    if second == "?":
        return "<?", "?>"
    return "<", _TAG if second.isalpha() or second in "/_:" else ""
