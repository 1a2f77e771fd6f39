"""Every error raised on purpose, drawn as a tree.

SpeechError                 a request that cannot be answered
    InvalidRequestError     the caller can mend it
        TextTooLongError
        BodyTooLargeError
        UnsupportedEncodingError
        VoiceNotFoundError
            NoSuchVoiceError    asked for by itself, not by a speech request
    ModelNotFoundError      no model has this name
    AuthenticationError     no key, or none that is known
    RateLimitError          more requests than one caller may make
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


class BodyTooLargeError(InvalidRequestError):
    """A body that stands for more bytes than any accepted text needs."""

    code = "request_entity_too_large"


class UnsupportedEncodingError(InvalidRequestError):
    """A body that is encoded in a way that nobody here reads; `allowed` names the ways."""

    code = "unsupported_media_type"

    def __init__(self, message: str, *, allowed: str) -> None:
        super().__init__(message)
        self.allowed = allowed


class VoiceNotFoundError(InvalidRequestError):
    """No voice has this name; the message lists the names there are."""

    code = "voice_not_found"


class NoSuchVoiceError(VoiceNotFoundError):
    """The voice that the request is about is not there."""


class ModelNotFoundError(SpeechError):
    """The model that the request is about is not there."""

    code = "model_not_found"


class AuthenticationError(SpeechError):
    """The service wants a key, and the request has none that it knows."""

    code = "invalid_api_key"


class BusyError(SpeechError):
    """Every place is taken; `retry_after_seconds` says when to ask again."""

    code = "busy"

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class RateLimitError(SpeechError):
    """More requests than one caller may make; `retry_after_seconds` says when one more is allowed."""

    code = "rate_limit_exceeded"

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(f"{message}; try again in {retry_after_seconds} s")
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
