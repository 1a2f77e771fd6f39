"""A text may be a list of turns, which take from their request what they do not say themselves."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from hailo_piper.errors import InvalidRequestError
from hailo_piper.speech.request import SpeechRequest

OF_A_TURN = (
    "text", "text_format", "ssml", "enable_ssml_parsing", "voice", "language", "speaker", "speed", "pitch", "volume",
    "length_scale", "noise_scale", "noise_w_scale", "normalize", "markup", "emoji", "pronunciations",
)  # fmt: skip
"""Fields that a turn may have; all others hold for the whole."""
WITHOUT_EFFECT = {"model", "instructions"}
"""Those that are accepted in a turn as well."""
_OF_A_VOICE = ("voice", "language", "speaker")

Read = Callable[[dict[str, Any], str, dict[str, str | None]], tuple[dict[str, Any], str]]
"""As `Dialect.read`."""


def turns(given: Sequence[Any], request: SpeechRequest, name: str, read: Read) -> Iterator[SpeechRequest]:
    """Yield the turns of a list. `request`: what holds for each that says nothing else. `read` reads a turn's fields.

    `name`: the client's, of the list. Raises InvalidRequestError, which names the turn by its number, from 0 on.
    """
    meanings: dict[str, str | None] = {}
    for number, turn in enumerate(given):
        if not isinstance(turn, str | dict):
            raise InvalidRequestError(
                f"Invalid '{name}.{number}': a turn is a text, or an object with a text", param=f"{name}.{number}"
            )
        own, _ = read({"text": turn} if isinstance(turn, str) else turn, f"{name}.{number}.", meanings)
        for without in WITHOUT_EFFECT & own.keys():
            # It holds for the whole.
            del own[without]
        # A speaker belongs to a voice, and a language chooses one: neither holds for a voice of the turn's own.
        chosen = {"voice", "language"} & own.keys()
        yield replace(request, **{**(dict.fromkeys(_OF_A_VOICE) if chosen else {}), **own})
