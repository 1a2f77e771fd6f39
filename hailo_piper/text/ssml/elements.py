"""Elements are what SSML means: each becomes text, a state of the voice, or an event.

Elements of others (`amazon:effect`, `mstts:express-as`, `par`, `media`) say what is in them, and so do unknown ones.
Nothing is fetched: of `audio` the content is said, of `lexicon` nothing.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from hailo_piper.text.ssml.events import Boundary, Event, Mark, Pause, State, VoiceChange
from hailo_piper.text.ssml.measures import emphasis, pause, prosody, seconds
from hailo_piper.text.ssml.plain_text import PlainText
from hailo_piper.text.ssml.replaced import REPLACED, WORDS, SayAs, in_place_of
from hailo_piper.text.ssml.timed import LONGEST_TIMED, Timed
from hailo_piper.text.ssml.wishes import wishes
from hailo_piper.text.voice_choice import VoiceChoice

Attributes = Mapping[str, str]

LONGEST_PAUSE_SECONDS = 60.0
LONGEST_PAUSES_SECONDS = 600.0
"""Of all pauses of a document together."""
LONGEST_REPLACED = 2000
"""Characters inside one `sub`, `phoneme` or `say-as`."""
_SILENT = frozenset(["desc", "meta", "metadata", "lexicon"])

_SENTENCES = frozenset(["speak", "p", "s"])
_WORDS = frozenset(["w", "token"])
_MARKS = frozenset(["mark", "bookmark"])


class LimitError(ValueError):
    """A document that goes over a bound; the message names it."""


class _Frame(NamedTuple):
    """An element that is open."""

    name: str
    attributes: Attributes
    place: int
    """Of its start tag."""
    around: State


class Elements:
    """The elements of one document. Places are code points of the document as it was sent."""

    def __init__(self, say_as: SayAs | None) -> None:
        self.plain = PlainText()
        self.states: list[tuple[int, State]] = [(0, State())]
        self.events: list[tuple[int, Event]] = []
        self._say_as = say_as
        self._state = State()
        self._open: list[_Frame] = []
        self._silent = 0
        """The depth of the silent element that is open."""
        self._replaced = 0
        """The depth of the element that is open and may have something else said in its place."""
        self._texts: list[str] = []
        """Its text."""
        self._characters = 0
        self._begin, self._end = -1, -1
        """The places at which its text begins and ends."""
        self._pauses = 0.0
        self._timed = Timed()
        self._openers: Mapping[str, Callable[[Attributes, int], None]] = {
            **dict.fromkeys(_SENTENCES, self._start_sentence),
            **dict.fromkeys(_WORDS, self._start_word),
            **dict.fromkeys(_MARKS, self._start_mark),
            "lang": self._start_language,
            "voice": self._start_voice,
            "prosody": self._start_prosody,
            "emphasis": self._start_emphasis,
            "break": self._start_break,
            "mstts:silence": self._start_silence,
        }

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return len(self._open)

    @property
    def may_change(self) -> bool:
        """Whether more of the document may still change the states of what was read."""
        return self._timed.depth > 0

    @property
    def innermost(self) -> str:
        """The name of the last element that was opened."""
        return self._open[-1].name if self._open else ""

    def start(self, name: str, attributes: Attributes, place: int) -> None:
        """Open an element. Raises LimitError."""
        name = name.removeprefix("ssml:")
        self._open.append(_Frame(name, attributes, place, self._state))
        if self._silent or (self._replaced and name not in _MARKS):
            return
        if not self._replaced:
            self.plain.skip_to(place)
        if name in _SILENT:
            self._silent = self.depth
        elif name in REPLACED:
            self._replaced, self._texts, self._characters = self.depth, [], 0
            self._begin = self._end = -1
        elif name in self._openers:
            self._openers[name](attributes, place)

    def add(self, text: str, place: int, length: int) -> None:
        """Add text that stands at a place. `length`: its code points there. Raises LimitError."""
        if self._silent:
            return
        if self._timed.depth:
            self._timed.characters += length
            if self._timed.characters > LONGEST_TIMED:
                raise LimitError(f"<prosody> with a duration or contour has at most {LONGEST_TIMED} characters")
        if not self._replaced:
            self._timed.note(text, place, length)
            self.plain.skip_to(place)
            self.plain.add(text, length)
            return
        self._characters += length
        if self._characters > LONGEST_REPLACED:
            name = self._open[self._replaced - 1].name
            raise LimitError(f"the text in <{name}> has at most {LONGEST_REPLACED} characters")
        self._texts.append(text)
        if not text.isspace():
            self._begin = place + len(text) - len(text.lstrip()) if self._begin < 0 else self._begin
            self._end = place + length - (len(text) - len(text.rstrip()))

    def end(self, place: int) -> None:
        """Close the innermost element; `place` is that of its end tag, or where the tag of an empty one ends."""
        depth, frame = self.depth, self._open.pop()
        if self._silent:
            self._silent = 0 if self._silent == depth else self._silent
        elif self._replaced == depth:
            self._replaced = 0
            self._say(frame, place)
        elif not self._replaced:
            self.plain.skip_to(place)
            if frame.name in _SENTENCES:
                self._bound(frame.name, place)
            elif frame.name in _WORDS:
                self.plain.set_apart()
            if frame.around.voice != self._state.voice:
                self._change_voice(frame.around.voice, place)
            if self._timed.depth == depth:
                self._timed.end(self.states)
            self._become(frame.around, place)

    def _say(self, frame: _Frame, place: int) -> None:
        """Say what stands for an element's text; an empty element's own tag is its place."""
        around = self._state
        said = in_place_of(frame.name, "".join(self._texts), frame.attributes, around.language, self._say_as)
        begin, end = (frame.place, place) if self._begin < 0 else (self._begin, self._end)
        if frame.name in WORDS:
            self.plain.set_apart()
        self._become(around._replace(phonemes=said.phonemes, rule=said.rule), frame.place)
        self.plain.skip_to(begin)
        self.plain.replace(said.text, end - begin)
        self._timed.note(said.text, begin, end - begin)
        self.plain.skip_to(place)
        self._become(around, place)
        if frame.name in WORDS:
            self.plain.set_apart()

    def _become(self, state: State, place: int) -> None:
        """Take on a state from a place on."""
        self._state = state
        if self.states[-1][0] == place:
            self.states.pop()
        # Phonemes stand for one element each, so the same ones twice are heard twice.
        if not self.states or self.states[-1][1] != state or state.phonemes:
            self.states.append((place, state))

    def _bound(self, name: str, place: int) -> None:
        self.plain.end_sentence()
        if name != "speak":
            self.events.append((place, Boundary(name)))

    def _change_voice(self, voice: VoiceChoice | None, place: int) -> None:
        self.plain.end_sentence()
        self.events.append((place, VoiceChange(voice)))

    def _pause(self, length: float, place: int) -> None:
        if length > LONGEST_PAUSE_SECONDS:
            raise LimitError(f"a pause has at most {LONGEST_PAUSE_SECONDS:g} s")
        self._pauses += length
        if self._pauses > LONGEST_PAUSES_SECONDS:
            raise LimitError(f"all pauses of a text have at most {LONGEST_PAUSES_SECONDS:g} s together")
        self.events.append((place, Pause(length)))
        self.plain.pause()

    def _start_sentence(self, attributes: Attributes, place: int) -> None:
        self._bound(self.innermost, place)
        self._start_language(attributes, place)

    def _start_word(self, attributes: Attributes, place: int) -> None:
        self.plain.set_apart()
        self._start_language(attributes, place)

    def _start_language(self, attributes: Attributes, place: int) -> None:
        language = attributes.get("xml:lang", "").strip()
        self._become(self._state._replace(language=language or self._state.language), place)

    def _start_voice(self, attributes: Attributes, place: int) -> None:
        choice = wishes(attributes) or self._state.voice
        if choice != self._state.voice:
            self._change_voice(choice, place)
        named = attributes.get("xml:lang", "").strip() or attributes.get("language", "").strip()
        self._become(self._state._replace(voice=choice, language=named or self._state.language), place)

    def _start_prosody(self, attributes: Attributes, place: int) -> None:
        gender = self._state.voice.gender if self._state.voice else ""
        manner = prosody(self._state.manner, attributes, gender)
        if manner.timing and not self._timed.depth:
            manner = manner._replace(timing=self._timed.start(self.depth))
        self._become(self._state._replace(manner=manner), place)

    def _start_emphasis(self, attributes: Attributes, place: int) -> None:
        manner = emphasis(self._state.manner, attributes.get("level", ""))
        self._become(self._state._replace(manner=manner), place)

    def _start_break(self, attributes: Attributes, place: int) -> None:
        length, takes_away = pause(attributes.get("time", ""), attributes.get("strength", ""))
        if takes_away:
            self.plain.keep_going()
        elif length:
            self._pause(length, place)
        else:
            self.plain.set_apart()

    def _start_silence(self, attributes: Attributes, place: int) -> None:
        """Make Azure's pause at the beginning; those of other types hold for places elsewhere in the text."""
        length = seconds(attributes.get("value", ""))
        if length and attributes.get("type", "").strip().lower().startswith("leading"):
            self._pause(length, place)

    def _start_mark(self, attributes: Attributes, place: int) -> None:
        name = attributes.get("name", attributes.get("mark", ""))
        if name:
            self.events.append((place, Mark(name)))
