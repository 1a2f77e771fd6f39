"""The bare reader finds `<break .../>` and `<phoneme ...>word</phoneme>` in ordinary text, and nothing else of SSML.

ElevenLabs' clients write these two so. All other text stands as it is, unescaped, and goes through the reader of its
Markdown and HTML: there a character that no text may have stands for each tag, so that no construct is torn apart.
"""

import html
from collections import deque
from typing import NamedTuple, NoReturn

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.markup import Markup, NoMarkup, Step
from hailo_piper.text.ssml.elements import LONGEST_PAUSE_SECONDS, LONGEST_PAUSES_SECONDS
from hailo_piper.text.ssml.events import Event, Pause, State
from hailo_piper.text.ssml.fault import SsmlError
from hailo_piper.text.ssml.measures import pause
from hailo_piper.text.ssml.replaced import Said, in_place_of

_LONGEST_HELD = 2000
"""Characters that an open tag may hold back; then it is text as it stands."""
_STANDS_FOR_A_TAG = "\ufdd0"
_NO_CHARACTER = "\ufffd"
_ATTRIBUTES = r"(?P<{0}>(?:\s++[a-z]++\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+'))*+)\s*+"
_TAG = lazily(
    rf"<break{_ATTRIBUTES.format('of_break')}/>"
    rf"|(?P<start><phoneme{_ATTRIBUTES.format('of_phoneme')}(?:/>|>(?P<content>[^<]*+)</phoneme>))"
)
_ATTRIBUTE = lazily(r"([a-z]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')")
_MAY_BECOME = lazily(r"<break\s[^<>]*+|<phoneme\s[^<]*+(?:</?[a-z]{0,7})?")
_OPENERS = ("<break ", "<phoneme ")
_CLOSER = "</phoneme>"


class _Tag(NamedTuple):
    at: int
    """Its character in the text that goes on to the other reader."""
    length: int
    """Characters of the tag, and of what it encloses."""
    seconds: float
    """Of a pause; 0 where it is none."""
    said: Said
    content: int
    """Characters from its beginning to what it encloses."""
    line: int
    column: int


class Bare:
    """The two tags of one text that may arrive in pieces."""

    def __init__(self, inner: Markup | NoMarkup) -> None:
        """`inner`: the reader of all other text."""
        self._inner = inner
        self._held = ""
        self._tags: deque[_Tag] = deque()
        self._handed = 0
        """Characters that went to the other reader."""
        self._read = 0
        """Characters that it has read."""
        self._place = 0
        """Code points of the text that have been read."""
        self._line, self._column = 1, 1
        """The place of the text that is held."""
        self._pauses = 0.0
        self._last = ""
        """The last character that is said in this line and is no blank."""
        self._is_cut_due = False
        """Whether a pause stands after a word, so far with nothing behind it."""
        self._found: list[Step] = []
        self._waiting: list[Step] = []
        """Blanks and tags after the last word: a comma may come before them."""
        self.states: list[tuple[int, State]] = [(0, State())]
        """As the SSML reader's."""
        self.events: list[tuple[int, Event]] = []
        """As the SSML reader's."""

    def push(self, piece: str) -> str:
        """Add a piece; return the text that no further piece can change. Raises SsmlError for a pause too long."""
        return "".join(said for _, said in self.steps(piece))

    def finish(self) -> str:
        """Return the rest: no more text comes."""
        return "".join(said for _, said in self.last_steps())

    def steps(self, piece: str) -> list[Step]:
        """Add a piece, as `push` does; return what it says step by step."""
        return self._follow(self._inner.steps(self._without_tags(piece, is_whole=False)))

    def last_steps(self) -> list[Step]:
        """Return the rest, as `finish` does, step by step."""
        rest = self._without_tags("", is_whole=True)
        steps = self._follow([*self._inner.steps(rest), *self._inner.last_steps()])
        self._cut(comma=False)
        ends, self._found = [*self._found, *self._waiting], []
        return [*steps, *ends]

    def flush(self) -> list[Step]:
        """Return what is held back, step by step, as if no more came; a tag that is open stays so."""
        return self._follow(self._inner.flush())

    def _without_tags(self, piece: str, *, is_whole: bool) -> str:
        """Return the text that can be handed on, with one character in place of each tag."""
        text, self._held = self._held + piece, ""
        found, at = list[str](), 0
        while True:
            begin = text.find("<", at)
            if begin < 0:
                self._hand(text[at:], found)
                break
            self._hand(text[at:begin], found)
            tag = _TAG.match(text, begin)
            if tag is not None:
                self._tags.append(self._parsed(tag[0], tag.groupdict()))
                found.append(_STANDS_FOR_A_TAG)
                self._handed += 1
                self._count(tag[0])
                at = tag.end()
                continue
            if not is_whole and len(text) - begin <= _LONGEST_HELD and _may_become_tag(text[begin:]):
                self._held = text[begin:]
                break
            self._hand("<", found)
            at = begin + 1
        return "".join(found)

    def _hand(self, text: str, found: list[str]) -> None:
        found.append(text.replace(_STANDS_FOR_A_TAG, _NO_CHARACTER))
        self._handed += len(text)
        self._count(text)

    def _count(self, text: str) -> None:
        lines = text.count("\n")
        self._line += lines
        self._column = len(text) - text.rfind("\n") if lines else self._column + len(text)

    def _parsed(self, tag: str, parts: "dict[str, str | None]") -> _Tag:
        written = _ATTRIBUTE.findall(parts["of_break"] or parts["of_phoneme"] or "")
        attributes = {name: html.unescape(double or single) for name, double, single in written}
        if parts["start"] is None:
            seconds, _ = pause(attributes.get("time", ""), attributes.get("strength", ""))
            self._pauses += seconds
            if seconds > LONGEST_PAUSE_SECONDS:
                self._fail(f"a pause has at most {LONGEST_PAUSE_SECONDS:g} s")
            if self._pauses > LONGEST_PAUSES_SECONDS:
                self._fail(f"all pauses of a text have at most {LONGEST_PAUSES_SECONDS:g} s together")
            return _Tag(self._handed, len(tag), seconds, Said(""), len(tag), self._line, self._column)
        content = parts["content"] or ""
        said = in_place_of("phoneme", content, attributes, "", None)
        begin = len(tag) - len(content) - len(_CLOSER) if content.strip() else 0
        return _Tag(self._handed, len(tag), 0, said, begin, self._line, self._column)

    def _fail(self, why: str) -> NoReturn:
        raise SsmlError(why, self._line, self._column)

    def _follow(self, steps: list[Step]) -> list[Step]:
        """Return the steps of the other reader with those of the tags among them."""
        for length, said in steps:
            end = self._read + length
            if not (self._tags and self._tags[0].at < end):
                self._say(length, said)
            elif len(said) == length:
                # The text as it stands.
                for number, part in enumerate(said.split(_STANDS_FOR_A_TAG)):
                    if number:
                        self._pass(self._tags.popleft())
                    self._say(len(part), part)
            else:
                tags = list[_Tag]()
                while self._tags and self._tags[0].at < end:
                    tags.append(self._tags.popleft())
                self._say(length - len(tags), said.replace(_STANDS_FOR_A_TAG, ""))
                for tag in tags:
                    self._pass(tag)
            self._read = end
        found, self._found = self._found, []
        return found

    def _say(self, length: int, said: str) -> None:
        body = said.rstrip(" \t") if len(said) == length else said
        if body:
            self._cut(comma=body.lstrip(" \t")[:1].isalnum())
            self._found += [*self._waiting, Step(len(body) if len(said) == length else length, body)]
            self._waiting = []
            line = body.rpartition("\n")[2].strip()
            self._last = line[-1:] if line or "\n" in body else self._last
            length -= self._found[-1].length
        if length:
            self._waiting.append(Step(length, said[len(body) :]))
        self._place += length + (self._found[-1].length if body else 0)

    def _cut(self, *, comma: bool) -> None:
        """End the sentence at the pause before, if there is one."""
        if self._is_cut_due:
            self._found.append(Step(0, ",\n\n " if comma and self._last.isalnum() else "\n\n "))
        self._is_cut_due = False

    def _pass(self, tag: _Tag) -> None:
        """Go on over a tag."""
        place = self._place
        if tag.seconds:
            self.events.append((place, Pause(tag.seconds)))
            self._is_cut_due = True
            if not self._last.isalnum():
                self._cut(comma=False)
        if tag.said.phonemes:
            if self.states[-1][0] == place:
                self.states.pop()
            self.states += [(place, State(phonemes=tag.said.phonemes)), (place + tag.length, State())]
        if tag.said.text:
            content = tag.length - tag.content - len(_CLOSER) if tag.content else tag.length
            self._leave_out(tag.content)
            self._say(content, tag.said.text)
        self._leave_out(place + tag.length - self._place)

    def _leave_out(self, length: int) -> None:
        """Say nothing for a run."""
        if length:
            self._waiting.append(Step(length, ""))
        self._place += length


def _may_become_tag(text: str) -> bool:
    """Return whether a text that begins with `<` is the beginning of one of the two."""
    return any(opener.startswith(text) for opener in (*_OPENERS, "<break/")) or bool(_MAY_BECOME.fullmatch(text))
