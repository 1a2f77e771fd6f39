"""A reply is one answer: its headers' facts, and its bytes as they are made."""

from collections.abc import Generator, Iterator
from itertools import chain

from hailo_piper.audio.encoding import ENCODERS, Encoder
from hailo_piper.speech.plan import Plan


class Reply:
    """One answer: what stands above the bytes, and the bytes, never none at a time, to be read once and closed."""

    def __init__(self, plan: Plan, encoder: Encoder, *, cached: str, content_length: int | None,  # noqa: PLR0913
                 first: bytes, rest: Generator[bytes, None, None]) -> None:  # fmt: skip
        self._encoder = encoder
        self.characters = plan.characters
        """Of the text, after trimming."""
        self.content_type = ENCODERS[plan.response_format].content_type
        self.extension = plan.response_format
        self.sample_rate = plan.sample_rate
        """Hz."""
        self.cached = cached
        """How much of it came out of the cache: hit, miss or partial."""
        self.content_length = content_length
        """Bytes; None where the end is not known yet."""
        self._first = first
        self._rest = rest

    def __iter__(self) -> Iterator[bytes]:
        first, self._first = self._first, b""
        return chain(filter(None, [first]), self._rest)

    @property
    def audio_seconds(self) -> float:
        """How much sound has been encoded so far."""
        return self._encoder.num_samples / self.sample_rate

    def exact_header(self) -> bytes:
        """What the first bytes should have been, now that all have been read."""
        return self._encoder.header(self._encoder.num_samples)

    def close(self) -> None:
        """Stop the work, at the latest after the inference under way, and free its place."""
        self._first = b""
        self._rest.close()
