"""A block is one paragraph or list item, in which sentences are found as soon as they end.

The sentence that is still open lies in three parts, from old to new:

    searched                  | open                       | added
    no mark in it can end the | from the word before the   | not searched yet: searched once
    sentence any more         | first mark that still may  | something in it may end a sentence

Text moves from right to left, and each part is searched about once, so the cost stays linear.
"""

from collections.abc import Iterator

from hailo_piper.text.abbreviations import Abbreviations
from hailo_piper.text.boundaries import BOUNDARY, ends_sentence, is_settled, last_word
from hailo_piper.text.lazy_pattern import lazily

BLANKS = lazily(r"\s+")
# Ellipses inside a sentence: the phonemizer would glue the words around them together.
_ELLIPSIS_INSIDE = lazily(r"\s?+(?:(?<!\.)\.{2,}+|…)(?:\s*+(?=[^\W_])|(?=[\"'”’»)\]]{1,3} ?[^\W_]))")
_SPACED_ELLIPSIS = lazily(r" ?\.(?: \.)++(?: …)?")
# It makes no pause at a dash without blanks, a hyphen that is a dash, and parentheses.
_DASH_INSIDE = lazily(
    r"(?<=[^\W\d_])—(?=[^\W\d_])|(?<=[^\W\d_]{2}) -{1,2} (?=[^\W\d_]{2})|(?<=[^\W\d_]{2})--(?=[^\W\d_]{2})"
)
_ASIDE = lazily(r"(?<=[^\W_]) (\([^\W_][^()]{3,300}\))(?=( [^\W\d_])?)")
_MAY_END = lazily(r"[\s。！？｡]")
"""Without one of these no mark becomes the end of a sentence."""
_SMALL = 512
"""Characters that may be searched again with every piece."""


class Block:
    """The open paragraph or list item of a `Splitter`."""

    def __init__(self, known: Abbreviations) -> None:
        """`known`: the abbreviations of the text's language."""
        self._known = known
        self._searched: list[str] = []
        self._open = ""
        self._added: list[str] = []
        self._added_characters = 0
        self._may_end = False
        """Whether something in the added part may make a mark an end."""
        self.is_pending = False
        """Whether a mark in the open part waits for the text after it."""

    @property
    def is_open(self) -> bool:
        """Whether it has any text."""
        return bool(self._added or self._open or self._searched)

    def add(self, text: str) -> None:
        """Append text, without searching it. A block never begins with a blank."""
        if text and (self.is_open or text != " "):
            self._added.append(text)
            self._added_characters += len(text)
            self._may_end = self._may_end or _MAY_END.search(text) is not None

    def settled(self) -> Iterator[str]:
        """Remove and yield the sentences that no further text can change."""
        # A long word, or a page of marks, is searched again only when it has grown by an eighth.
        is_worth_it = len(self._open) <= _SMALL or self._added_characters >= len(self._open) // 8
        if is_worth_it and (self.is_pending or self._may_end):
            yield from self._find(self._take_added(), is_whole=False)

    def end(self) -> Iterator[str]:
        """Remove and yield all sentences, since the block ends here."""
        if self.is_open:
            yield from self._find(self._take_added().rstrip(), is_whole=True)
            yield _with_pauses("".join([*self._searched, self._open]).strip())
            self._searched, self._open = [], ""

    def _take_added(self) -> str:
        """Return the open and the added part as one text with single blanks."""
        more = BLANKS.sub(" ", "".join(self._added))
        is_after_blank = self._open.endswith(" ") or not (self._open or self._searched)
        self._added, self._added_characters, self._may_end = [], 0, False
        return self._open + (more.lstrip() if is_after_blank else more)

    def _find(self, text: str, *, is_whole: bool) -> Iterator[str]:
        """Yield the sentences that end in a text; the rest becomes the searched and the open part.

        `is_whole`: no further text comes, so every mark can be decided.
        """
        start, searched, pending = 0, 0, len(text)
        self.is_pending = False
        for mark in BOUNDARY.finditer(text):
            last = last_word(text, searched, mark.start())
            words = text[last_word(text, searched, last) : last], text[last : mark.start()]
            if not is_whole and not is_settled(text, mark, words, self._known):
                pending, self.is_pending = mark.start(), True
                break
            searched = mark.end()
            if ends_sentence(text, mark, words, self._known):
                yield _with_pauses("".join([*self._searched, text[start:searched]]).strip())
                self._searched, start = [], searched
        # The word before a mark helps to decide about it, and a mark may stand apart from its word and go on.
        searched = last_word(text, searched, last_word(text, searched, pending))
        if start < searched:
            self._searched.append(text[start:searched])
        self._open = text[searched:]


def _with_pauses(sentence: str) -> str:
    """Return a sentence with marks that espeak-ng hears where a reader pauses."""
    lead = len(sentence) - len(sentence.lstrip(".… "))
    body = sentence[lead:]
    if ". ." in body:
        body = _SPACED_ELLIPSIS.sub("…", body)
    if "…" in body or ".." in body:
        body = _ELLIPSIS_INSIDE.sub(lambda match: ";" if body[match.end()] in "\"'”’»)]" else "; ", body)
    if "—" in body or "-" in body:
        body = _DASH_INSIDE.sub(" – ", body)
    if " (" in body:
        body = _ASIDE.sub(lambda match: f", {match[1]}{',' if match[2] else ''}", body)
    return sentence[:lead] + body
