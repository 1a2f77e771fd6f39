"""PCM to bytes: one `Encoder` class per response_format.

Encoders are incremental: bytes leave while later text is still being spoken. Fed in any cut, an encoder gives the
same bytes.
"""

import struct
from typing import Protocol

from hailo_piper.audio import Samples, to_int16

_STREAMED = 0xFFFFFFFF
"""Size in the header of a WAV whose length is not known yet, as OpenAI streams it."""


class Encoder(Protocol):
    """Turns one answer's samples into bytes."""

    content_type: str
    extension: str

    def __init__(self, sample_rate: int) -> None: ...

    def header(self, num_samples: int | None) -> bytes:
        """What comes before the first sample; `num_samples` is None where the length is not known yet."""

    def size(self, num_samples: int) -> int:
        """Bytes that so many samples become, without the header."""

    def encode(self, samples: Samples) -> bytes:
        """The next samples, shape (n,), float32, any n."""

    def flush(self) -> bytes:
        """What is still held back; after it the encoder is done."""


class PcmEncoder:
    """16-bit little-endian mono, no header."""

    content_type = "audio/pcm"
    extension = "pcm"

    def __init__(self, sample_rate: int) -> None:
        self.sample_rate = sample_rate

    def header(self, num_samples: int | None) -> bytes:  # noqa: ARG002
        """Nothing: the caller must know the rate."""
        return b""

    def size(self, num_samples: int) -> int:
        """Two bytes a sample."""
        return num_samples * 2

    def encode(self, samples: Samples) -> bytes:
        """Two bytes a sample."""
        return to_int16(samples).tobytes()

    def flush(self) -> bytes:
        """Nothing is held back."""
        return b""


class WavEncoder(PcmEncoder):
    """RIFF WAVE around the same samples."""

    content_type = "audio/wav"
    extension = "wav"

    def header(self, num_samples: int | None) -> bytes:
        """44 bytes, exact where the length is known."""
        data_size = _STREAMED if num_samples is None else num_samples * 2
        riff_size = _STREAMED if num_samples is None else 36 + data_size
        return struct.pack(
            "<4sI4s4sIHHIIHH4sI",
            b"RIFF", riff_size, b"WAVE",
            b"fmt ", 16, 1, 1, self.sample_rate, self.sample_rate * 2, 2, 16,
            b"data", data_size,
        )  # fmt: skip


ENCODERS: dict[str, type[Encoder]] = {"wav": WavEncoder, "pcm": PcmEncoder}
"""response_format to its encoder: what is not here is not supported."""

DEFAULT_SAMPLE_RATES = {"pcm": 24000}
"""Hz, for formats whose clients assume a rate; the others take the voice's own."""
