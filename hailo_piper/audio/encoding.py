"""PCM to bytes: one `Encoder` class per response_format.

Encoders are incremental: bytes leave while later text is still being spoken. Fed in any cut, an encoder gives the
same bytes. `ENCODERS` tells what each format is without the codec library, which is imported when the first encoder
that needs it is made.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hailo_piper.audio.samples import Samples, to_int16
from hailo_piper.config.settings import EncodingConfig

_STREAMED = 0xFFFFFFFF
"""Size in the header of a WAV whose length is not known yet, as OpenAI streams it."""


class Encoder(Protocol):
    """Turns one answer's samples into bytes. Close it, whether it is finished or not."""

    num_samples: int
    """Taken so far."""

    def header(self, num_samples: int | None) -> bytes:
        """What comes before the first sample; `num_samples` is None where the length is not known yet."""

    def size(self, num_samples: int) -> int | None:
        """Bytes that an answer of so many samples has, header and all; None where only encoding tells."""

    def encode(self, samples: Samples) -> bytes:
        """The next samples, shape (n,), float32, any n; perhaps no bytes yet. Raises SynthesisError."""

    def flush(self) -> bytes:
        """What is still held back; after it the encoder is done. Raises SynthesisError."""

    def close(self) -> None:
        """Let go of everything."""


class PcmEncoder:
    """16-bit little-endian mono, no header."""

    def __init__(self, sample_rate: int) -> None:
        self.sample_rate = sample_rate
        self.num_samples = 0

    def header(self, num_samples: int | None) -> bytes:  # noqa: ARG002
        """Nothing: the caller must know the rate."""
        return b""

    def size(self, num_samples: int) -> int | None:
        """Two bytes a sample."""
        return len(self.header(num_samples)) + num_samples * 2

    def encode(self, samples: Samples) -> bytes:
        """Two bytes a sample."""
        self.num_samples += len(samples)
        return to_int16(samples).tobytes()

    def flush(self) -> bytes:
        """Nothing is held back."""
        return b""

    def close(self) -> None:
        """Nothing is held."""


class WavEncoder(PcmEncoder):
    """RIFF WAVE around the same samples."""

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


def _make_mp3(sample_rate: int, config: EncodingConfig) -> Encoder:
    from hailo_piper.audio.ffmpeg.encoders import Mp3Encoder

    return Mp3Encoder(sample_rate, kbps=config.mp3_kbps)


def _make_opus(sample_rate: int, config: EncodingConfig) -> Encoder:
    from hailo_piper.audio.ffmpeg.encoders import OpusEncoder

    return OpusEncoder(sample_rate, kbps=config.opus_kbps)


def _make_aac(sample_rate: int, config: EncodingConfig) -> Encoder:
    from hailo_piper.audio.ffmpeg.encoders import AacEncoder

    return AacEncoder(sample_rate, kbps=config.aac_kbps)


def _make_flac(sample_rate: int, _: EncodingConfig) -> Encoder:
    from hailo_piper.audio.ffmpeg.encoders import FlacEncoder

    return FlacEncoder(sample_rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """What is known of a response_format before anything is encoded."""

    content_type: str
    make: Callable[[int, EncodingConfig], Encoder]
    """An encoder for a sample_rate in Hz. Raises SynthesisError."""

    sample_rates: tuple[int, ...] = ()
    """All that it can carry, in Hz, ascending; empty where it carries any."""

    assumed_rate: int | None = None
    """Hz that its clients take for granted."""

    def carries(self, sample_rate: int) -> bool:
        """Whether it has this rate."""
        return not self.sample_rates or sample_rate in self.sample_rates

    def closest(self, sample_rate: int) -> int:
        """The lowest rate that loses nothing of what is at this one; Hz."""
        if self.carries(sample_rate):
            return sample_rate
        return next((rate for rate in self.sample_rates if rate >= sample_rate), self.sample_rates[-1])


_MPEG_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_OPUS_RATES = (8000, 12000, 16000, 24000, 48000)

ENCODERS = {
    "mp3": Format(content_type="audio/mpeg", make=_make_mp3, sample_rates=_MPEG_RATES),
    "opus": Format(content_type="audio/ogg", make=_make_opus, sample_rates=_OPUS_RATES),
    "aac": Format(content_type="audio/aac", make=_make_aac, sample_rates=_MPEG_RATES),
    "flac": Format(content_type="audio/flac", make=_make_flac),
    "wav": Format(content_type="audio/wav", make=lambda sample_rate, _: WavEncoder(sample_rate)),
    "pcm": Format(content_type="audio/pcm", make=lambda sample_rate, _: PcmEncoder(sample_rate), assumed_rate=24000),
}
"""response_format, which is the extension of its files too, to its encoder: what is not here is not supported."""
