"""A voice choice is how a text asks for another voice: by name, language, gender or speaker."""

from typing import NamedTuple


class VoiceChoice(NamedTuple):
    """The wishes of one `voice` element; a field that is empty leaves the choice free."""

    names: tuple[str, ...] = ()
    """Voices, aliases or `ID#speaker`, the first that is there counts."""
    languages: tuple[str, ...] = ()
    """As they were written, without accents: `fr-CA`, `de`; the voice should speak the first."""
    gender: str = ""
    """`male`, `female` or `neutral`."""
    age: str = ""
    """In years, as it was written."""
    variant: int = 0
    """Which of the voices that fit otherwise, counted from 1; 0 leaves it open."""
    speaker: str = ""
    """A speaker of the voice, by name or number."""
    required: tuple[str, ...] = ()
    """Names of those fields without which the choice fails, as SSML 1.1 calls them: `name`, `languages`, `gender`."""
