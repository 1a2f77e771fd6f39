"""The encoders by themselves: what two decoders hear of what went in."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from hailo_piper.audio.encoding import ENCODERS, Encoder
from hailo_piper.audio.ffmpeg.encoders import AacEncoder, Mp3Encoder, OpusEncoder
from hailo_piper.audio.samples import Samples, to_int16
from hailo_piper.errors import SynthesisError
from tests.audio.test_encoding import BITRATES
from tests.support.decoding import MAGIC, decode, decode_with_ffmpeg

COMPRESSED = ["mp3", "opus", "aac", "flac"]
FRAME = {"mp3": 576, "aac": 1024}
DELAY = {"mp3": 529, "aac": 1024}
RATES = [
    (response_format, rate)
    for response_format in COMPRESSED
    for rate in ENCODERS[response_format].sample_rates or (8000, 9999, 22050, 48000)
]


def make(response_format: str, sample_rate: int) -> Encoder:
    return ENCODERS[response_format].make(sample_rate, BITRATES)


def encode(encoder: Encoder, samples: Samples) -> bytes:
    data = encoder.header(None) + encoder.encode(samples) + encoder.flush()
    encoder.close()
    return data


def sound(seconds: float, sample_rate: int) -> Samples:
    """A voice of a few harmonics, from its first sample to its last."""
    time = np.arange(round(seconds * sample_rate)) / sample_rate
    harmonics = [np.cos(2 * np.pi * 150 * number * time + number) for number in range(1, 9)]
    voice: Samples = (0.1 * np.sum(harmonics, axis=0)).astype(np.float32)
    return voice


def silence(seconds: float, sample_rate: int) -> Samples:
    return np.zeros(round(seconds * sample_rate), np.float32)


def speech(sample_rate: int, lead: float = 0.15, tail: float = 0.2) -> Samples:
    return np.concatenate([silence(lead, sample_rate), sound(0.5, sample_rate), silence(tail, sample_rate)])


def at_rate(samples: Samples, rate: int, wanted: int) -> Samples:
    """Opus decodes to 48 kHz; every n-th sample is enough to compare with."""
    return samples[:: rate // wanted]


@pytest.mark.parametrize(("response_format", "sample_rate"), RATES)
def test_the_sound_lasts_as_long_as_its_samples(response_format: str, sample_rate: int) -> None:
    samples = speech(sample_rate)
    data = encode(make(response_format, sample_rate), samples)
    decoded, rate = decode(data, response_format)
    # Half a frame of 576 or 1024 samples, where there are only whole frames; exact where the end can be told.
    off = abs(len(decoded) / rate - len(samples) / sample_rate) * sample_rate
    most = {"mp3": 576 if sample_rate >= 32000 else 288, "aac": 512, "opus": 0.5, "flac": 0}[response_format]
    assert off <= most
    assert response_format == "opus" or rate == sample_rate


@pytest.mark.parametrize("response_format", COMPRESSED)
def test_pyav_and_ffmpeg_hear_the_same(response_format: str) -> None:
    data = encode(make(response_format, 24000), speech(24000))
    assert data.startswith(MAGIC[response_format])
    decoded, rate = decode(data)
    ours, theirs = at_rate(decoded, rate, 24000), decode_with_ffmpeg(data, response_format, 24000)
    assert abs(len(ours) - len(theirs)) <= 1
    middle = slice(6000, 12000)
    assert np.abs(ours[middle] - theirs[middle]).max() < 0.02


@pytest.mark.parametrize("response_format", COMPRESSED)
def test_it_begins_when_it_should_and_nothing_of_it_is_lost(response_format: str) -> None:
    samples = speech(24000)
    decoded, rate = decode(encode(make(response_format, 24000), samples))
    decoded = at_rate(decoded, rate, 24000)
    length = min(len(samples), len(decoded))
    lag = np.argmax(np.correlate(decoded[:length], samples[:length], "full")) - (length - 1)
    assert abs(lag) <= 2
    loud = samples != 0
    for edge in (np.flatnonzero(loud)[:480], np.flatnonzero(loud)[-480:]):
        heard = decoded[edge + lag]
        assert np.corrcoef(heard, samples[edge])[0, 1] > 0.9
        assert np.sqrt(np.mean(heard**2)) == pytest.approx(np.sqrt(np.mean(samples[edge] ** 2)), rel=0.15)


@pytest.mark.parametrize("response_format", ["mp3", "aac"])
@pytest.mark.parametrize("seconds", [0.2, 0.21, 0.22, 0.23, 0.24, 0.25])
def test_without_silence_around_it_the_sound_is_late_rather_than_cut(response_format: str, seconds: float) -> None:
    samples = sound(seconds, 24000)
    decoded, _ = decode(encode(make(response_format, 24000), samples), response_format)
    assert 0 <= len(decoded) - len(samples) - DELAY[response_format] < FRAME[response_format]
    heard = decoded[DELAY[response_format] :][: len(samples)]
    assert np.corrcoef(heard[-480:], samples[-480:])[0, 1] > 0.9


@pytest.mark.parametrize("response_format", ["mp3", "aac"])
def test_a_quiet_answer_is_not_cut_further_than_the_codec_adds(response_format: str) -> None:
    samples = speech(24000) * np.float32(1e-4)
    decoded, _ = decode(encode(make(response_format, 24000), samples), response_format)
    assert abs(len(decoded) - len(samples)) <= FRAME[response_format] // 2


@pytest.mark.parametrize("response_format", COMPRESSED)
@pytest.mark.parametrize("length", [100, 479, 480, 481, 576, 1023, 1024, 1025, 2304, 2305])
def test_a_very_short_answer_has_all_of_its_samples(response_format: str, length: int) -> None:
    samples = sound(0.2, 24000)[:length]
    decoded, rate = decode(encode(make(response_format, 24000), samples), response_format)
    extra = len(at_rate(decoded, rate, 24000)) - length
    assert 0 <= extra <= DELAY.get(response_format, 0) + FRAME.get(response_format, 1)


@pytest.mark.parametrize(
    ("response_format", "within_seconds"), [("mp3", 0.075), ("opus", 0.045), ("aac", 0.09), ("flac", 0.1)]
)
def test_bytes_leave_long_before_the_end(response_format: str, within_seconds: float) -> None:
    encoder = make(response_format, 24000)
    assert encoder.encode(sound(within_seconds, 24000)), "no sound left in time"
    encoder.close()


def test_flac_loses_nothing() -> None:
    samples = speech(22050)
    encoder = make("flac", 22050)
    data = encode(encoder, samples)
    decoded, _ = decode(data)
    assert (np.rint(decoded * 32768).astype(np.int16) == to_int16(samples)).all()
    # STREAMINFO: 36 bits for the number of samples, 0 where it is not known.
    assert int.from_bytes(data[21:26], "big") & 0xFFFFFFFFF == 0
    exact = encoder.header(encoder.num_samples) + data[len(encoder.header(None)) :]
    assert int.from_bytes(exact[21:26], "big") & 0xFFFFFFFFF == len(samples)
    assert len(decode_with_ffmpeg(exact, "flac", 22050)) == len(samples)


@pytest.mark.parametrize(("kbps", "sample_rate"), [(32, 22050), (64, 24000), (160, 44100)])
def test_mp3_has_its_bitrate_and_nothing_but_frames(kbps: int, sample_rate: int) -> None:
    samples = sound(2.0, sample_rate)
    data = encode(Mp3Encoder(sample_rate, kbps=kbps), samples)
    assert len(data) * 8 / 2.0 == pytest.approx(kbps * 1000, rel=0.05)
    assert b"Xing" not in data
    assert b"Info" not in data
    assert b"LAME3" not in data[:200]
    assert not data.startswith(b"ID3")


@pytest.mark.parametrize(("kbps", "least", "most"), [(16, 14, 30), (32, 26, 45), (64, 45, 80)])
def test_opus_and_aac_keep_near_their_bitrate(kbps: int, least: int, most: int) -> None:
    noise = np.random.default_rng(1).standard_normal(48000).astype(np.float32) * 0.05
    for encoder in (OpusEncoder(24000, kbps=kbps), AacEncoder(24000, kbps=kbps)):
        assert least < len(encode(encoder, noise)) * 8 / 2.0 / 1000 < most


def tasks() -> int:
    """Threads of this process, FFmpeg's own included."""
    return len(list(Path("/proc/self/task").iterdir()))


def pages(data: bytes) -> list[tuple[int, int, int, bytes]]:
    """(kind, position, number, content) of every Ogg page, with its checksum done the slow way."""
    found = []
    while data:
        assert data[:5] == b"OggS\0"
        lacing = data[27 : 27 + data[26]]
        size = 27 + len(lacing) + sum(lacing)
        checksum = 0
        for byte in data[:22] + bytes(4) + data[26:size]:
            checksum ^= byte << 24
            for _ in range(8):
                checksum = (checksum << 1 ^ (0x104C11DB7 if checksum & 0x80000000 else 0)) & 0xFFFFFFFF
        assert data[22:26] == checksum.to_bytes(4, "little")
        position, number = int.from_bytes(data[6:14], "little"), int.from_bytes(data[18:22], "little")
        found.append((data[5], position, number, data[27 + len(lacing) : size]))
        data = data[size:]
    return found


def test_ogg_pages_are_in_order_and_tell_where_the_sound_ends() -> None:
    samples = speech(24000)
    kinds, positions, numbers, contents = zip(*pages(encode(make("opus", 24000), samples)), strict=True)
    assert numbers == tuple(range(len(numbers)))
    assert kinds == (2, *[0] * (len(kinds) - 2), 4)
    assert contents[0].startswith(b"OpusHead")
    assert contents[1].startswith(b"OpusTags")
    before_speech = int.from_bytes(contents[0][10:12], "little")
    assert positions[:5] == (0, 0, 960, 3 * 960, 7 * 960), "the first pages are short"
    assert list(positions) == sorted(positions)
    assert positions[-1] == before_speech + 2 * len(samples)
    assert len(positions) < 12, "later pages are long"


def test_opus_packets_longer_than_a_segment_survive() -> None:
    samples = sound(1.0, 48000)
    data = encode(OpusEncoder(48000, kbps=256), samples)
    assert max(len(content) for _, _, _, content in pages(data)) > 255 * 10
    decoded, _ = decode(data)
    assert len(decoded) == len(samples)
    assert np.corrcoef(decoded[960:], samples[960:])[0, 1] > 0.95


def test_a_codec_that_cannot_begin_says_so() -> None:
    with pytest.raises(SynthesisError, match="libopus"):
        OpusEncoder(22050, kbps=32)
    with pytest.raises(SynthesisError, match="libmp3lame"):
        Mp3Encoder(22051, kbps=64)


def test_a_codec_that_fails_on_its_way_says_so() -> None:
    encoder = make("aac", 24000)
    with pytest.raises(SynthesisError, match="aac"):
        encoder.encode(np.full(24000, np.nan, np.float32))
    encoder.close()


def test_ffmpeg_says_nothing_on_standard_error() -> None:
    script = """
import numpy as np
from hailo_piper.errors import SynthesisError
from hailo_piper.audio.ffmpeg.encoders import AacEncoder
encoder = AacEncoder(8000, kbps=256)  # "Too many bits", says FFmpeg
encoder.encode(np.zeros(8000, np.float32))
try:
    encoder.encode(np.full(8000, np.nan, np.float32))
except SynthesisError:
    print("failed")
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("failed\n", "")


def test_bitrates_reach_their_encoders() -> None:
    samples = np.random.default_rng(2).standard_normal(24000).astype(np.float32) * 0.05
    config = BITRATES._replace(mp3_kbps=160, opus_kbps=96, aac_kbps=128)
    for response_format in ("mp3", "opus", "aac"):
        small = encode(make(response_format, 24000), samples)
        large = encode(ENCODERS[response_format].make(24000, config), samples)
        assert len(large) > 1.4 * len(small)


def test_an_encoder_that_is_let_go_half_way_leaves_no_thread() -> None:
    before = tasks()
    encoders = [make(response_format, 24000) for response_format in COMPRESSED]
    for encoder in encoders:
        encoder.encode(sound(0.3, 24000))
    for encoder in encoders:
        encoder.close()
    assert tasks() == before
