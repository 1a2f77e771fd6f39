"""FFmpeg's muxers write an audiobook: one sound, chapter marks where players find them, tags and a cover.

Chapters are QuickTime's and Nero's in M4B, ID3's in MP3, and comments in Opus.
"""

import base64
import struct
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

from hailo_piper.errors import SynthesisError

_PICTURE_OF_FRONT = 3


class Kind(NamedTuple):
    """A kind of audiobook."""

    container: str
    codec: str
    sample_format: str
    options: Mapping[str, str]
    sample_rates: tuple[int, ...]
    """Hz, ascending."""

    def rate(self, wanted: int) -> int:
        """Return the lowest rate that loses nothing of sound at this one, in Hz."""
        return next((rate for rate in self.sample_rates if rate >= wanted), self.sample_rates[-1])


_MPEG_RATES = (16000, 22050, 24000, 32000, 44100, 48000)
KINDS = {
    "m4b": Kind("mp4", "aac", "fltp", {"movflags": "+faststart", "brand": "M4B "}, _MPEG_RATES),
    "mp3": Kind("mp3", "libmp3lame", "s16p", {"id3v2_version": "3"}, _MPEG_RATES),
    "opus": Kind("opus", "libopus", "s16", {}, (16000, 24000, 48000)),
}
"""Each kind, by the end of its file's name. FFmpeg's `ipod` would refuse a cover that is a JPEG."""


class Mark(NamedTuple):
    """A chapter of the sound."""

    title: str
    start: int
    """Samples."""
    end: int


def write_audiobook(  # noqa: PLR0913 - each is a part of the file
    path: Path,
    kind: Kind,
    pieces: Iterable[NDArray[np.int16]],
    *,
    sample_rate: int,
    kbps: int,
    marks: Sequence[Mark],
    tags: Mapping[str, str],
    cover: bytes | None,
) -> None:
    """Write the pieces (shape (n,), any n) as one file. `tags`: by FFmpeg's names. `cover`: a JPEG or PNG.

    Equal pieces give equal bytes, however they are cut. Raises SynthesisError and OSError.
    """
    try:
        with av.open(str(path), "w", format=kind.container, options=dict(kind.options)) as file:
            sound: Any = file.add_stream(kind.codec, rate=sample_rate, layout="mono", format=kind.sample_format)
            sound.bit_rate = kbps * 1000
            file.metadata.update(tags)
            picture = _add_cover(file, kind, cover)
            file.set_chapters([_chapter(number, mark, sample_rate) for number, mark in enumerate(marks)])
            if picture is not None:
                file.mux(picture)
            _encode(file, sound, pieces, kind, sample_rate)
    except OSError:
        # av.FFmpegError is one, too, where the system has a number for it.
        raise
    except (av.FFmpegError, ValueError) as error:
        raise SynthesisError(f"The audiobook cannot be written: {error}") from error


def _chapter(number: int, mark: Mark, sample_rate: int) -> Any:
    return {
        "id": number,
        "start": mark.start,
        "end": mark.end,
        "time_base": Fraction(1, sample_rate),
        "metadata": {"title": mark.title},
    }


def _encode(file: Any, sound: Any, pieces: Iterable[NDArray[np.int16]], kind: Kind, sample_rate: int) -> None:
    resampler = av.AudioResampler(kind.sample_format, "mono", sample_rate)
    taken = 0
    for piece in pieces:
        frame = av.AudioFrame.from_ndarray(piece[np.newaxis], format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = sample_rate, taken, Fraction(1, sample_rate)
        taken += len(piece)
        for converted in resampler.resample(frame):
            file.mux(sound.encode(converted))
    file.mux(sound.encode(None))


def _add_cover(file: Any, kind: Kind, cover: bytes | None) -> Any:
    """Add a cover; return the packet to write first, or None where comments hold it, or none is there."""
    size = None if cover is None else size_of(cover)
    if cover is None or size is None:
        return None
    codec, mime = ("png", "image/png") if cover.startswith(b"\x89PNG") else ("mjpeg", "image/jpeg")
    if kind.container == "opus":
        file.metadata["METADATA_BLOCK_PICTURE"] = base64.b64encode(_flac_picture(cover, mime, *size)).decode()
        return None
    stream = file.add_mux_stream(codec, width=size[0], height=size[1])
    stream.disposition = av.stream.Disposition.attached_pic
    packet = av.Packet(cover)
    packet.stream, packet.pts, packet.dts, packet.time_base = stream, 0, 0, Fraction(1, 90000)
    return packet


def _flac_picture(cover: bytes, mime: str, width: int, height: int) -> bytes:
    """Return a picture as comments of Ogg have it. Source: RFC 9639, section 8.8."""
    kind = mime.encode()
    head = struct.pack(f">II{len(kind)}sIIIII", _PICTURE_OF_FRONT, len(kind), kind, 0, width, height, 24, 0)
    return head + struct.pack(">I", len(cover)) + cover


def size_of(picture: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG or JPEG, from its header alone; None where it is neither."""
    if picture.startswith(b"\x89PNG\r\n\x1a\n") and len(picture) > 24:
        width, height = struct.unpack(">II", picture[16:24])
        return width, height
    at = 2
    while picture.startswith(b"\xff\xd8") and at + 9 < len(picture) and picture[at] == 0xFF:
        marker, length = picture[at + 1], int.from_bytes(picture[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", picture[at + 5 : at + 9])
            return width, height
        at += 2 + max(2, length)
    return None
