"""The sounds of all lines become one file, one after the other, in the input's order."""

import errno
import wave
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from hailo_piper.audio.encoding import ENCODERS
from hailo_piper.audio.resample import resample
from hailo_piper.audio.samples import AudioChunk
from hailo_piper.config.settings import EncodingConfig
from hailo_piper.jobs.output_files import OutputError, WrittenFile
from hailo_piper.jobs.results import Record

_FRAMES = 1 << 16
"""Samples to read at once."""
_MOST_WAV_BYTES = 0xFFFFFFFF - 100
"""A WAV tells its size in 32 bits."""


def join(records: Iterable[Record], directory: Path, path: Path, encoding: EncodingConfig) -> None:
    """Write the WAV files of all records that have one into `path`, whose suffix names the format.

    The rate is that of the first, or the next higher one that the format has. The same files make the same bits.
    Raises OutputError.
    """
    paths = [directory / record["file"] for record in records if "error" not in record]
    form = ENCODERS[path.suffix.lstrip(".").lower()]
    rate = form.assumed_rate or form.closest(_rate(paths[0]) if paths else 22050)
    file = WrittenFile(path)
    try:
        with closing(form.make(rate, encoding)) as encoder:
            file.write(encoder.header(None))
            for chunk in _chunks(paths, rate):
                file.write(encoder.encode(chunk.samples))
                if path.suffix == ".wav" and file.num_bytes > _MOST_WAV_BYTES:
                    raise OutputError(path, OSError(errno.EFBIG, "a WAV holds 4 GB at most; choose another format"))
            file.write(encoder.flush())
            file.finish(encoder.header(encoder.num_samples))
    finally:
        file.close()


def _chunks(paths: Sequence[Path], rate: int) -> Iterator[AudioChunk]:
    for path in paths:
        yield from resample(_read(path), rate)


def _read(path: Path) -> Iterator[AudioChunk]:
    with wave.open(str(path), "rb") as file:
        while frames := file.readframes(_FRAMES):
            # What an encoder makes 16 bit of again is the same, to the bit.
            yield AudioChunk(np.frombuffer(frames, "<i2").astype(np.float32) / np.float32(32767), file.getframerate())


def _rate(path: Path) -> int:
    with wave.open(str(path), "rb") as file:
        return file.getframerate()
