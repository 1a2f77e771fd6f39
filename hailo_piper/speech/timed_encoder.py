"""A timed encoder shows how long an answer's format took, to those who trace the request."""

import time
from collections.abc import Callable

from hailo_piper.audio.encoding import Encoder
from hailo_piper.audio.samples import Samples
from hailo_piper.monitoring.tracing import Span


class TimedEncoder:
    """An encoder with a span from its first sample to its last byte, and the seconds in between that it worked."""

    def __init__(self, encoder: Encoder, parent: Span) -> None:
        self._encoder = encoder
        self._parent = parent
        self._span: Span | None = None
        self._busy_seconds = 0.0

    @property
    def num_samples(self) -> int:
        """Samples encoded so far."""
        return self._encoder.num_samples

    def header(self, num_samples: int | None) -> bytes:
        """Return the encoder's."""
        return self._encoder.header(num_samples)

    def size(self, num_samples: int) -> int | None:
        """Return the encoder's."""
        return self._encoder.size(num_samples)

    def encode(self, samples: Samples) -> bytes:
        """Encode, and note the time."""
        if self._span is None:
            self._span = self._parent.child("encode")
        return self._timed(lambda: self._encoder.encode(samples))

    def flush(self) -> bytes:
        """Flush, and note the time."""
        return self._timed(self._encoder.flush)

    def close(self) -> None:
        """Release the codec, and end the span."""
        self._encoder.close()
        if self._span is not None:
            self._span.note({"speech.busy_seconds": round(self._busy_seconds, 6)})
            self._span.end()

    def _timed(self, work: Callable[[], bytes]) -> bytes:
        started = time.monotonic()
        try:
            return work()
        finally:
            self._busy_seconds += time.monotonic() - started
