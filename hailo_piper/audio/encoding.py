"""Encoders turn PCM into bytes, one `Encoder` class for each response_format.

Encoders are incremental: bytes leave while later text is still being spoken. However the samples are cut, an encoder
gives the same bytes. `ENCODERS` describes each format without the codec library, which is imported with the first
encoder that needs it.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from hailo_piper.audio.samples import Samples, to_int16
from hailo_piper.config.settings import EncodingConfig

if TYPE_CHECKING:
    from hailo_piper.audio.g711 import Law

_STREAMED = 0xFFFFFFFF
"""The size in a WAV header while the length is unknown; OpenAI streams the same."""


class Encoder(Protocol):
    """An encoder of one answer's samples. Close it, whether it is finished or not."""

    @property
    def num_samples(self) -> int:
        """Samples encoded so far."""

    def header(self, num_samples: int | None) -> bytes:
        """Return the bytes before the first sample; `num_samples` is None while the length is unknown."""

    def size(self, num_samples: int) -> int | None:
        """Return the bytes of an answer of this many samples, header included; None if only encoding shows it."""

    def encode(self, samples: Samples) -> bytes:
        """Encode the next samples, shape (n,), float32, any n; may return no bytes yet. Raises SynthesisError."""

    def flush(self) -> bytes:
        """Return the bytes still held back; afterwards the encoder is done. Raises SynthesisError."""

    def close(self) -> None:
        """Release the codec."""


class PcmEncoder:
    """An encoder of 16-bit little-endian mono without a header."""

    width = 2
    """Bytes of a sample."""

    def __init__(self, sample_rate: int) -> None:
        self.sample_rate = sample_rate
        self.num_samples = 0

    def header(self, num_samples: int | None) -> bytes:  # noqa: ARG002
        """Return no bytes: the client must know the rate."""
        return b""

    def size(self, num_samples: int) -> int | None:
        """Return the bytes of all samples, plus the header."""
        return len(self.header(num_samples)) + num_samples * self.width

    def encode(self, samples: Samples) -> bytes:
        """Return two bytes a sample."""
        self.num_samples += len(samples)
        return to_int16(samples).tobytes()

    def flush(self) -> bytes:
        """Return no bytes: none is held back."""
        return b""

    def close(self) -> None:
        """Do nothing: there is no codec."""


class WavEncoder(PcmEncoder):
    """An encoder of RIFF WAVE around the same samples."""

    def header(self, num_samples: int | None) -> bytes:
        """Return 44 bytes, whose sizes are exact where the length is known."""
        data_size = _STREAMED if num_samples is None else num_samples * 2
        riff_size = _STREAMED if num_samples is None else 36 + data_size
        return struct.pack(
            "<4sI4s4sIHHIIHH4sI",
            b"RIFF", riff_size, b"WAVE",
            b"fmt ", 16, 1, 1, self.sample_rate, self.sample_rate * 2, 2, 16,
            b"data", data_size,
        )  # fmt: skip


class G711Encoder(PcmEncoder):
    """An encoder of G.711 without a header: one byte a sample."""

    width = 1

    def __init__(self, sample_rate: int, law: "Law") -> None:
        super().__init__(sample_rate)
        # Few answers are for telephones, so a start does not wait for this import.
        from hailo_piper.audio.g711 import LAWS, WAVE_TAGS

        self._write = LAWS[law]
        self.tag = WAVE_TAGS[law]
        """The number of the law in a WAVE."""

    def encode(self, samples: Samples) -> bytes:
        """Return one byte a sample."""
        self.num_samples += len(samples)
        return self._write(to_int16(samples)).tobytes()


class G711WavEncoder(G711Encoder):
    """An encoder of RIFF WAVE around G.711."""

    def header(self, num_samples: int | None) -> bytes:
        """Return 58 bytes, whose sizes are exact where the length is known."""
        data_size = _STREAMED if num_samples is None else num_samples
        riff_size = _STREAMED if num_samples is None else 50 + data_size + data_size % 2
        return struct.pack(
            "<4sI4s4sIHHIIHHH4sII4sI",
            b"RIFF", riff_size, b"WAVE",
            b"fmt ", 18, self.tag, 1, self.sample_rate, self.sample_rate, 1, 8, 0,
            b"fact", 4, data_size,
            b"data", data_size,
        )  # fmt: skip

    def size(self, num_samples: int) -> int | None:
        """Return the bytes of header and samples, an even number: RIFF's chunks are padded."""
        return len(self.header(num_samples)) + num_samples + num_samples % 2

    def flush(self) -> bytes:
        """Return the byte that makes the chunk's length even."""
        return bytes(self.num_samples % 2)


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
    """The properties of a response_format that are known before encoding."""

    content_type: str
    make: Callable[[int, EncodingConfig], Encoder]
    """A function that makes an encoder for a sample_rate in Hz; it may raise SynthesisError."""

    sample_rates: tuple[int, ...] = ()
    """The rates that it can carry, in Hz, ascending; empty where it carries any."""

    assumed_rate: int | None = None
    """The rate that its clients assume, in Hz, since the format does not say it."""

    def carries(self, sample_rate: int) -> bool:
        """Return whether the format can carry this rate, in Hz."""
        return not self.sample_rates or sample_rate in self.sample_rates

    def closest(self, sample_rate: int) -> int:
        """Return the lowest rate that loses nothing of sound at this one, else the highest; Hz."""
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
"""Every response_format that all endpoints offer, by its name, which is also the extension of its files."""


def _telephone(law: "Law", content_type: str, encoder: "type[G711Encoder]") -> Format:
    return Format(content_type=content_type, make=lambda rate, _: encoder(rate, law), assumed_rate=8000)


_TELEPHONE = {
    "ulaw": _telephone("ulaw", "audio/basic", G711Encoder),
    "alaw": _telephone("alaw", "audio/x-alaw-basic", G711Encoder),
    "ulaw-wav": _telephone("ulaw", "audio/wav", G711WavEncoder),
    "alaw-wav": _telephone("alaw", "audio/wav", G711WavEncoder),
}
"""Formats that only the protocols of telephones' clients offer."""

ALL_ENCODERS = {**ENCODERS, **_TELEPHONE}
"""Every format that an answer can have."""


def at_bitrate(config: EncodingConfig, kbps: int | None) -> EncodingConfig:
    """Return the bitrates for a request: the one that it asks for, in kbit/s, else the configured ones."""
    return config if kbps is None else EncodingConfig(mp3_kbps=kbps, opus_kbps=kbps, aac_kbps=kbps)
