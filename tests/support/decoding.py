"""Two decoders that are not ours: PyAV, which finds the format out by itself, and an ffmpeg command out of a wheel."""

import io
import subprocess

import av
import imageio_ffmpeg
import numpy as np

from hailo_piper.audio.samples import Samples

MAGIC = {"mp3": b"\xff\xf3", "opus": b"OggS", "aac": b"\xff\xf1", "flac": b"fLaC", "wav": b"RIFF", "pcm": b""}
"""How an answer begins, at the rates that tests use: bare frames of MPEG-2 layer III, ADTS without a checksum, ..."""
_CONTAINERS = {"opus": "ogg", "pcm": "s16le"}
_PCM_RATE = 24000


def decode(data: bytes, response_format: str | None = None) -> tuple[Samples, int]:
    """All the sound there is, and its rate. Without `response_format` the bytes must say what they are."""
    container = None if response_format is None else _CONTAINERS.get(response_format, response_format)
    options = {"sample_rate": str(_PCM_RATE), "ch_layout": "mono"} if container == "s16le" else {}
    resampler = av.AudioResampler(format="fltp", layout="mono")
    with av.open(io.BytesIO(data), "r", format=container, options=options) as file:
        assert [stream.type for stream in file.streams] == ["audio"]
        frames = [whole for frame in file.decode(audio=0) for whole in resampler.resample(frame)]
        channels = file.streams.audio[0].channels
    assert channels == 1
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(np.float32), frames[0].sample_rate


def decode_with_ffmpeg(data: bytes, response_format: str, sample_rate: int) -> Samples:
    """What the ffmpeg command makes of it, at `sample_rate`; it must have nothing to complain about."""
    command = imageio_ffmpeg.get_ffmpeg_exe()
    given = ["-f", "s16le", "-ar", str(_PCM_RATE), "-ac", "1"] if response_format == "pcm" else []
    wanted = ["-f", "f32le", "-ac", "1", "-ar", str(sample_rate)]
    arguments = [command, "-v", "error", *given, "-i", "pipe:0", *wanted, "pipe:1"]
    run = subprocess.run(arguments, input=data, capture_output=True, check=True)
    assert run.stderr == b""
    return np.frombuffer(run.stdout, "<f4")


def true_peak(samples: Samples, rate: int) -> float:
    """The highest value of the sound between the samples, too."""
    import soxr

    return float(np.abs(soxr.resample(samples, rate, 8 * rate, quality="VHQ")).max())
