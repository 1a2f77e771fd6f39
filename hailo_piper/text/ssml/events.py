"""States and events keep beside the plain text what SSML says and text cannot."""

from typing import NamedTuple

from hailo_piper.text.manner import PLAIN, Manner
from hailo_piper.text.voice_choice import VoiceChoice


class SaidRun(NamedTuple):
    """A run of the document, and what is said for it."""

    begin: int
    end: int
    """Code points of the document."""
    before: int
    after: int
    """Letters and digits that its element says before it, and up to its end."""


class State(NamedTuple):
    """How the text is spoken from some place on."""

    manner: Manner = PLAIN
    phonemes: str = ""
    """In the IPA, NFC: heard in place of the whole run up to the next state."""
    language: str = ""
    """As it was written: `fr-CA`; empty where no element names one."""
    voice: VoiceChoice | None = None
    """None: the voice of the request."""
    rule: str = ""
    """`say-as` where the text is written as it is spoken already; else empty."""
    extent: tuple["SaidRun", ...] = ()
    """All runs of the element that has a length or a contour, if one is open."""


class Pause(NamedTuple):
    """A silence of its own."""

    seconds: float


class Mark(NamedTuple):
    """A place with a name."""

    name: str


class Boundary(NamedTuple):
    """The beginning or the end of a sentence or paragraph."""

    of: str
    """The element: `s` or `p`."""


class VoiceChange(NamedTuple):
    """The place from which on another voice speaks."""

    voice: VoiceChoice | None
    """None: the voice of the request."""


Event = Pause | Mark | Boundary | VoiceChange
