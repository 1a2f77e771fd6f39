"""G.711 against FFmpeg: what it decodes is what was meant, to half a step."""

import io
import struct
from typing import Literal

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from hailo_piper.audio.encoding import ALL_ENCODERS
from hailo_piper.audio.g711 import LAWS
from hailo_piper.config.settings import EncodingConfig

EVERY = np.arange(-32768, 32768).astype(np.int16)
BITRATES = EncodingConfig(mp3_kbps=64, opus_kbps=32, aac_kbps=64)
CODECS: dict[str, Literal["pcm_mulaw", "pcm_alaw"]] = {"ulaw": "pcm_mulaw", "alaw": "pcm_alaw"}


def decoded(law: str, data: bytes) -> NDArray[np.int16]:
    """What FFmpeg makes of these bytes."""
    context = av.CodecContext.create(CODECS[law], "r")
    context.sample_rate = 8000
    context.layout = "mono"
    frames = context.decode(av.Packet(data))
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


@pytest.mark.parametrize("law", LAWS)
def test_every_sample_comes_back_to_half_a_step(law: str) -> None:
    heard = decoded(law, LAWS[law](EVERY).tobytes()).astype(np.int64)
    # The finest step, and then a sixteenth of each octave; full scale is clipped.
    allowed = np.maximum({"ulaw": 4, "alaw": 8}[law], np.abs(EVERY.astype(np.int64)) / 32 + 8)
    assert (np.abs(heard - EVERY) <= allowed)[644:-644].all()
    assert np.abs(heard - EVERY).max() <= 1024
    assert (np.diff(heard) >= 0).all()


@pytest.mark.parametrize("law", LAWS)
def test_a_byte_that_was_decoded_is_the_same_again(law: str) -> None:
    every = bytes(range(256))
    again = LAWS[law](decoded(law, every)).tobytes()
    # µ-law has a zero of each sign.
    assert again.replace(b"\x7f", b"\xff") == every.replace(b"\x7f", b"\xff")


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("num_samples", [4000, 4001])
def test_a_wave_says_what_is_in_it(law: str, num_samples: int) -> None:
    samples = np.sin(np.arange(num_samples) / 10).astype(np.float32) * np.float32(0.5)
    encoder = ALL_ENCODERS[f"{law}-wav"].make(8000, BITRATES)
    data = encoder.header(num_samples) + encoder.encode(samples) + encoder.flush()
    assert len(data) == encoder.size(num_samples) == struct.unpack_from("<I", data, 4)[0] + 8
    with av.open(io.BytesIO(data), "r") as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.rate) == (CODECS[law], 8000)
        heard = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(stream)]) / 32768
    assert len(heard) == num_samples
    assert np.abs(heard - samples).max() < 0.02


def test_a_streamed_wave_has_open_sizes() -> None:
    header = ALL_ENCODERS["ulaw-wav"].make(8000, BITRATES).header(None)
    assert (header[4:8], header[-4:], len(header)) == (b"\xff" * 4, b"\xff" * 4, 58)
