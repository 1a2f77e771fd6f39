"""Faults of XML are explained with what to write instead."""

from xml.parsers.expat import ErrorString, errors

from hailo_piper.text.lazy_pattern import lazily

_UNESCAPED = lazily(r"&[\w#.:-]*+$")
_REST_OF_NAME = lazily(r"[\w#.:-]*+")
_NAMED = lazily(r"&([A-Za-z][A-Za-z0-9]*+);")
FURTHEST = 400
"""Bytes around a fault in which its reason is looked for."""
_UNKNOWN_ENTITY = errors.codes[errors.XML_ERROR_UNDEFINED_ENTITY]
_UNCLOSED = errors.codes[errors.XML_ERROR_UNCLOSED_TOKEN]
_WRONG_SIGN = errors.codes[errors.XML_ERROR_INVALID_TOKEN]
_WRONG_END = errors.codes[errors.XML_ERROR_TAG_MISMATCH]
_NO_END = errors.codes[errors.XML_ERROR_NO_ELEMENTS]


def explained(code: int, before: str, after: str, innermost: str) -> tuple[str, int]:
    """Return what is wrong, and how many code points before the place that the parser names.

    `code`: expat's. `before` and `after`: some of the document around that place. `innermost`: the name of the element
    that is open there, or empty.
    """
    found = _amount_unescaped(before, after)
    named = _NAMED.match(after)
    if code == _UNKNOWN_ENTITY and named is not None:
        why, back = _unknown_entity(named[1]), 0
    elif found is not None:
        why, back = "an & stands by itself: write &amp;", found
    elif code == _UNCLOSED:
        why, back = "what begins with this < does not end; write &lt; where it is no tag", 0
    elif code == _WRONG_SIGN and "<" in (before[-1:], after[:1]):
        why, back = "a < stands by itself: write &lt;", int(after[:1] != "<")
    elif code == _WRONG_SIGN and before.rfind("<") > before.rfind(">"):
        why, back = _wrong_tag(before[before.rfind("<") :])
    elif code == _WRONG_SIGN and before.endswith("]]") and after.startswith(">"):
        why, back = "]]> ends no CDATA section here: write ]]&gt;", 2
    elif code in {_WRONG_END, _NO_END} and innermost:
        begin = "the end tag does not fit" if code == _WRONG_END else "the text ends too early"
        why, back = f"{begin}: <{innermost[:40]}> is still open", 2 * before.endswith("</")
    else:
        why, back = ErrorString(code) or "it is no XML", 0
    return why, back


def _wrong_tag(begin: str) -> tuple[str, int]:
    """Return what is wrong in a tag or comment that begins so, and how many code points before the place."""
    if begin.startswith("<!--"):
        return "a comment has no -- inside", 2
    if begin.rstrip().endswith("="):
        return "the value of an attribute stands in straight quotation marks", 0
    return "this < begins no tag that XML knows; write &lt; where it is none", len(begin)


def _amount_unescaped(before: str, after: str) -> int | None:
    """Return how many code points before a place an & stands without its name and semicolon, or None."""
    found = _UNESCAPED.search(before, max(0, before.rfind("&")))
    if found is None and not after.startswith("&"):
        return None
    rest = _REST_OF_NAME.match(after, 0 if found else 1)
    is_whole = rest is not None and after[rest.end() : rest.end() + 1] == ";"
    return None if is_whole else len(found[0]) if found else 0


def _unknown_entity(name: str) -> str:
    # Only a mistake needs the list.
    from html.entities import name2codepoint

    number = name2codepoint.get(name)
    written = f"write &#{number};" if number else "write the character itself"
    return f"XML does not know &{name[:40]};: {written}"
