"""Every error raised on purpose, drawn as a tree.

SpeechError                 a request that cannot be answered
    InvalidRequestError     the caller can mend it
        TextTooLongError
        VoiceNotFoundError
            NoSuchVoiceError    asked for by itself, not by a speech request
    AuthenticationError     no key, or none that is known
    BusyError               every place is taken; try again
    AbandonedError          the client left before its turn came
    NotReadyError           the service as a whole cannot speak now
    SynthesisError          the engine failed
    FetchError              a voice could not be fetched; nothing of it was kept
ConfigError                 the service cannot start: every problem at once

Each carries what the wire needs (message, code, param) and nothing of the wire itself: `api` alone knows statuses.
"""

from collections.abc import Sequence


class SpeechError(Exception):
    """A request that cannot be answered; `param` names the field at fault in our terms, or is None."""

    code = "speech_error"

    def __init__(self, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param


class InvalidRequestError(SpeechError):
    """The request itself is wrong: the same request will fail again."""

    code = "invalid_request"


class TextTooLongError(InvalidRequestError):
    """More characters than `synthesis.max_text_length`."""

    code = "text_too_long"

    def __init__(self, max_text_length: int) -> None:
        super().__init__(f"Text too long (max {max_text_length} characters)", param="text")


class VoiceNotFoundError(InvalidRequestError):
    """No voice has this name; the message lists the names there are."""

    code = "voice_not_found"


class NoSuchVoiceError(VoiceNotFoundError):
    """The voice that the request is about is not there."""


class AuthenticationError(SpeechError):
    """The service wants a key, and the request has none that it knows."""

    code = "invalid_api_key"


class BusyError(SpeechError):
    """Every place is taken; `retry_after_seconds` says when to ask again."""

    code = "busy"

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class AbandonedError(SpeechError):
    """The client left while its request waited: nobody reads this answer."""

    code = "client_left"


class NotReadyError(SpeechError):
    """The service cannot speak now; the state says why: starting, hung or draining."""

    def __init__(self, state: str) -> None:
        super().__init__(f"Not ready: {state}")
        self.code = state


class SynthesisError(SpeechError):
    """The engine failed on a request that was in order; the cause is chained, for the log alone."""

    code = "synthesis_failed"


class FetchError(SpeechError):
    """Something could not be fetched over the network; nothing half fetched was kept. The message is for a person."""

    code = "fetch_failed"


class ConfigError(Exception):
    """The configuration or the voice cannot be used; `problems` has one line each, with its path."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)
