"""A tree shows every error that the service raises on purpose.

SpeechError                 a request that cannot be answered
    InvalidRequestError     the caller can correct it
        TextTooLongError
        EmptyTextError      nothing in the text has a sound
        RefusedTextError    a lexicon forbids a word of it
        SsmlError           a document is wrong (`text.ssml.fault`)
        BodyTooLargeError
        UnsupportedEncodingError
        VoiceNotFoundError
            NoSuchVoiceError    asked for by itself, not by a speech request
            MissingVoiceError   an alias stands for it, but it is not installed
        StorageFullError    there is no room for another file
        KeyReusedError      an Idempotency-Key that stands for another request
    ModelNotFoundError      no model has this name
    NotFoundError           no file, batch or job has this id
    StillRunningError       the same request is being answered
    JobsOffError            long work cannot be kept here
    DiskFullError           there is no room now; somebody may make some
    AuthenticationError     no key, or an unknown one
    OriginError             a web page of another host asks
    RateLimitError          more requests than one caller may make
    BusyError               every place is taken; try again
    AbandonedError          the client left before its turn came
    NotReadyError           the service as a whole cannot speak now
    SynthesisError          the engine failed
    FetchError              a download failed; no part of it was kept
ConfigError                 the service cannot start: every problem at once

Each carries what the wire needs (message, code, param) and nothing of the wire itself: only
`listeners.error_object` knows HTTP statuses.
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
    """A request that is itself wrong: sent again, it fails again."""

    code = "invalid_request"


class TextTooLongError(InvalidRequestError):
    """A text of more characters than `synthesis.max_text_length`."""

    code = "text_too_long"

    def __init__(self, max_text_length: int) -> None:
        super().__init__(f"Text too long (max {max_text_length} characters)", param="text")


class EmptyTextError(InvalidRequestError):
    """A text with nothing to say: no letter, no digit, no symbol."""

    def __init__(self, message: str = "The text is empty: it needs at least one letter or digit") -> None:
        super().__init__(message, param="text")


class RefusedTextError(InvalidRequestError):
    """A text with a word that a lexicon of this service refuses."""

    code = "text_refused"

    def __init__(self, word: str) -> None:
        super().__init__(f"The text has a word that this service does not say: {word!r}", param="text")


class BodyTooLargeError(InvalidRequestError):
    """A body of more bytes, once decompressed, than any accepted text needs."""

    code = "request_entity_too_large"


class UnsupportedEncodingError(InvalidRequestError):
    """A body in a content encoding that the service does not read; `allowed` names those it does."""

    code = "unsupported_media_type"

    def __init__(self, message: str, *, allowed: str) -> None:
        super().__init__(message)
        self.allowed = allowed


class VoiceNotFoundError(InvalidRequestError):
    """An unknown voice name in a request; the message lists the known names."""

    code = "voice_not_found"


class NoSuchVoiceError(VoiceNotFoundError):
    """An unknown voice that the request itself is about."""


class MissingVoiceError(VoiceNotFoundError):
    """A voice that an alias stands for, but that is not installed; `voice_id` names it."""

    def __init__(self, message: str, *, voice_id: str) -> None:
        super().__init__(message, param="voice")
        self.voice_id = voice_id


class ModelNotFoundError(SpeechError):
    """An unknown model that the request itself is about."""

    code = "model_not_found"


class StorageFullError(InvalidRequestError):
    """A file for which `jobs.max_bytes` leaves no room."""

    code = "storage_full"


class KeyReusedError(InvalidRequestError):
    """An Idempotency-Key that was sent before, with another request."""

    code = "idempotency_key_reused"


class NotFoundError(SpeechError):
    """An id that no file, batch or job of this caller has."""

    code = "not_found"


class StillRunningError(SpeechError):
    """A request whose Idempotency-Key is that of one under way: asked again later, it has that one's answer."""

    code = "request_in_progress"


class DiskFullError(SpeechError):
    """A request for which the disk has no room."""

    code = "insufficient_storage"


class JobsOffError(SpeechError):
    """A service that cannot keep long work; the message names the setting."""

    code = "jobs_off"


class AuthenticationError(SpeechError):
    """A missing or unknown API key."""

    code = "invalid_api_key"


class OriginError(SpeechError):
    """A web page of a host that may not use this service."""

    code = "origin_not_allowed"


class BusyError(SpeechError):
    """A service whose every place is taken; `retry_after_seconds` becomes Retry-After."""

    code = "busy"

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class RateLimitError(SpeechError):
    """More requests than one caller may make; after `retry_after_seconds` one more is allowed."""

    code = "rate_limit_exceeded"

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(f"{message}; try again in {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds


class AbandonedError(SpeechError):
    """A client that left while its request waited, so nobody reads this answer."""

    code = "client_left"


class NotReadyError(SpeechError):
    """A service that cannot speak now; the state says why: starting, degraded, hung or draining."""

    def __init__(self, state: str) -> None:
        super().__init__(f"Not ready: {state}")
        self.code = state


class SynthesisError(SpeechError):
    """A failure of the engine on a valid request; the cause is chained, for the log alone."""

    code = "synthesis_failed"


class FetchError(SpeechError):
    """A failed download; no partial file was kept. The message is for a person."""

    code = "fetch_failed"


class ConfigError(Exception):
    """A configuration or default voice that cannot be used; `problems` has one line each, with its path."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)
