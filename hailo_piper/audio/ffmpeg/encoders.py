"""FFmpeg encodes mp3, Opus, AAC and FLAC incrementally: the same bytes however the samples are cut.

FFmpeg's encoders make packets. Headers and containers are written here, not by FFmpeg's muxers, so no byte is sought
back to and each packet leaves as soon as it is made.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import ClassVar, Literal

import av
import numpy as np
from numpy.typing import NDArray

from hailo_piper.audio.ffmpeg.ogg import OpusPages
from hailo_piper.audio.samples import Samples, to_int16
from hailo_piper.errors import SynthesisError

_Name = Literal["libmp3lame", "libopus", "aac", "flac"]

_QUIET = 10 ** (-70 / 20)
"""Amplitude of -70 dBFS, 51 dB under the speech; below it is silence before the first word or after the last."""


@contextmanager
def _failures(name: str) -> Iterator[None]:
    try:
        yield
    except av.FFmpegError as error:
        raise SynthesisError(f"The encoder {name} failed") from error


class _Codec:
    """An FFmpeg encoder: samples in, packets out."""

    def __init__(self, name: _Name, sample_rate: int, *, sample_format: str, kbps: int = 0, **options: str) -> None:
        """`options`: this encoder's own, by FFmpeg's names. Raises SynthesisError."""
        self._name = name
        self._sample_rate = sample_rate
        self._time_base = Fraction(1, sample_rate)
        self._sample_format = sample_format
        self._taken = 0
        with _failures(name):
            context = av.CodecContext.create(name, "w")
            context.sample_rate = sample_rate
            context.layout = "mono"
            context.format = sample_format
            context.options = options
            if kbps:
                context.bit_rate = kbps * 1000
            context.open()
        self._context = context
        self.frame_size = context.frame_size
        """Samples in a packet."""
        self.head = context.extradata or b""
        """Extradata: the bytes that a decoder needs before the first packet."""

    def encode(self, samples: Samples | NDArray[np.int16]) -> list[bytes]:
        """Return the packets that these samples complete; shape (n,), any n, in the sample format's dtype."""
        if not len(samples):
            return []
        with _failures(self._name):
            frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format=self._sample_format, layout="mono")
            frame.sample_rate = self._sample_rate
            frame.time_base = self._time_base
            frame.pts = self._taken
            self._taken += len(samples)
            return [bytes(packet) for packet in self._context.encode(frame)]

    def flush(self) -> list[bytes]:
        """Return the last packets."""
        with _failures(self._name):
            return [bytes(packet) for packet in self._context.encode(None)]

    def close(self) -> None:
        """Release FFmpeg's memory and its encoding threads."""
        del self._context


class _CompressedEncoder:
    """The parts that all compressed encoders share; `encoding.Encoder` describes the methods."""

    def __init__(self, codec: _Codec) -> None:
        self.codec = codec
        self.num_samples = 0

    def header(self, num_samples: int | None) -> bytes:  # noqa: ARG002
        """Return no bytes: each packet describes itself."""
        return b""

    def size(self, num_samples: int) -> int | None:  # noqa: ARG002
        """Return None: only encoding shows the size."""
        return None

    def close(self) -> None:
        """Release the codec, whether it is finished or not."""
        self.codec.close()


class FlacEncoder(_CompressedEncoder):
    """An encoder of FLAC, lossless: the same 16 bit as in a WAV."""

    def __init__(self, sample_rate: int) -> None:
        super().__init__(_Codec("flac", sample_rate, sample_format="s16"))

    def header(self, num_samples: int | None) -> bytes:
        """Return the marker and STREAMINFO (RFC 9639), whose 36-bit number of samples is 0 while unknown."""
        stream_info = bytearray(self.codec.head)
        stream_info[14:18] = (num_samples or 0).to_bytes(4, "big")
        last_block_of_metadata = 0x80
        return b"fLaC" + bytes([last_block_of_metadata, 0, 0, len(stream_info)]) + bytes(stream_info)

    def encode(self, samples: Samples) -> bytes:
        """Return the frames that these samples complete."""
        self.num_samples += len(samples)
        return b"".join(self.codec.encode(to_int16(samples)))

    def flush(self) -> bytes:
        """Return the last frame, which may be short."""
        return b"".join(self.codec.flush())


class OpusEncoder(_CompressedEncoder):
    """An encoder of Opus in Ogg, whose pages say to the sample where speech begins and ends."""

    def __init__(self, sample_rate: int, *, kbps: int) -> None:
        codec = _Codec("libopus", sample_rate, sample_format="flt", kbps=kbps, application="voip")
        super().__init__(codec)
        self._pages = OpusPages(codec.head, sample_rate=sample_rate, samples_per_packet=codec.frame_size)

    def header(self, num_samples: int | None) -> bytes:  # noqa: ARG002
        """Return the OpusHead and OpusTags pages."""
        return self._pages.header

    def encode(self, samples: Samples) -> bytes:
        """Return the pages that these samples complete."""
        self.num_samples += len(samples)
        return b"".join(map(self._pages.add, self.codec.encode(samples)))

    def flush(self) -> bytes:
        """Return the last pages."""
        return b"".join(map(self._pages.add, self.codec.flush())) + self._pages.end(self.num_samples)


class _FramesEncoder(_CompressedEncoder):
    """An encoder of bare frames, which cannot say how much of the first and last frame is not speech.

    A decoder plays every frame to its end, and first the silence that the codec needs to begin (encoder delay). So as
    much of the silence around the speech is left out: the answer lasts as long as its samples, to half a frame, and
    its speech begins on time.
    """

    delay: ClassVar[int]
    """Encoder delay: samples that a decoder plays before the first."""
    superfluous: ClassVar[int] = 0
    """Samples at the beginning of `delay` that no decoder needs; whole frames of them are dropped."""

    def __init__(self, codec: _Codec) -> None:
        super().__init__(codec)
        dropped = self.superfluous // codec.frame_size
        self._delay = self.delay - dropped * codec.frame_size
        self._to_leave_out = self._delay
        self._left_out = 0
        self._quiet_at_end = 0
        self._frames = -dropped

    def encode(self, samples: Samples) -> bytes:
        """Return the frames that these samples complete."""
        self.num_samples += len(samples)
        loud = np.flatnonzero(np.abs(samples) >= _QUIET)
        quiet = int(loud[0]) if len(loud) else len(samples)
        skipped = min(quiet, self._to_leave_out)
        self._left_out += skipped
        self._to_leave_out = 0 if len(loud) else self._to_leave_out - skipped
        self._quiet_at_end = len(samples) - 1 - int(loud[-1]) if len(loud) else self._quiet_at_end + len(samples)
        return self._join(self.codec.encode(samples[skipped:]))

    def flush(self) -> bytes:
        """Return the last frames: those that hold speech, and as many more as best match the true duration."""
        size = self.codec.frame_size
        end_of_speech = self._delay + self.num_samples - self._left_out - self._quiet_at_end
        kept = max(1, -(-end_of_speech // size), round(self.num_samples / size))
        return self._join(self.codec.flush()[: kept - self._frames])

    def frame(self, packet: bytes) -> bytes:
        """Return a packet as it stands in the stream."""
        return packet

    def _join(self, packets: list[bytes]) -> bytes:
        dropped = max(0, -self._frames)
        self._frames += len(packets)
        return b"".join(map(self.frame, packets[dropped:]))


class Mp3Encoder(_FramesEncoder):
    """An encoder of mp3 at a constant bitrate. No frame borrows bits from the one before, so any may be first."""

    delay = 1105
    # The other 529 are the decoder's own delay, in which the first kept frame fades in.
    superfluous = 576

    def __init__(self, sample_rate: int, *, kbps: int) -> None:
        # On speech, quality 7 sounds like the default, 5 (both DNSMOS 3.24), for half the work.
        options = {"reservoir": "0", "compression_level": "7"}
        super().__init__(_Codec("libmp3lame", sample_rate, sample_format="fltp", kbps=kbps, **options))


class AacEncoder(_FramesEncoder):
    """An encoder of AAC-LC in ADTS."""

    delay = 1024

    def __init__(self, sample_rate: int, *, kbps: int) -> None:
        codec = _Codec("aac", sample_rate, sample_format="fltp", kbps=kbps, aac_coder="fast")
        super().__init__(codec)
        self._rate_index = int.from_bytes(codec.head[:2], "big") >> 7 & 15

    def frame(self, packet: bytes) -> bytes:
        """Return an ADTS frame: 12 bits sync, MPEG-4, no CRC, LC, rate, one channel, length, VBR, one block."""
        length = len(packet) + 7
        bits = 0xFFF1 << 40 | 1 << 38 | self._rate_index << 34 | 1 << 30 | length << 13 | 0x7FF << 2
        return bits.to_bytes(7, "big") + packet
