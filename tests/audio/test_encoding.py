import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from hailo_piper.audio.encoding import ALL_ENCODERS, ENCODERS, at_bitrate
from hailo_piper.config.settings import EncodingConfig
from hailo_piper.schemas.checker import load_schema
from tests.support import ROOT
from tests.support.client import wav_of

SAMPLES = np.sin(np.arange(5000) / 10).astype(np.float32)
BITRATES = EncodingConfig(mp3_kbps=64, opus_kbps=32, aac_kbps=64)


@pytest.mark.parametrize("response_format", ALL_ENCODERS)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_bytes_are_the_same_however_the_pcm_is_cut(response_format: str, size: int) -> None:
    def encode(cut: int) -> bytes:
        encoder = ALL_ENCODERS[response_format].make(24000, BITRATES)
        pieces = [SAMPLES[start : start + cut] for start in range(0, len(SAMPLES), cut)]
        data = encoder.header(None) + b"".join(map(encoder.encode, pieces)) + encoder.flush()
        assert encoder.num_samples == len(SAMPLES)
        encoder.close()
        return data

    assert encode(size) == encode(len(SAMPLES))


def test_a_wav_of_known_length_has_exact_sizes() -> None:
    encoder = ENCODERS["wav"].make(16000, BITRATES)
    data = encoder.header(len(SAMPLES)) + encoder.encode(SAMPLES)
    assert int.from_bytes(data[4:8], "little") == len(data) - 8
    assert encoder.size(len(SAMPLES)) == len(data)
    parameters, pcm = wav_of(data)
    assert parameters[:4] == (1, 2, 16000, len(SAMPLES))
    assert pcm == ENCODERS["pcm"].make(16000, BITRATES).encode(SAMPLES)


def test_a_wav_of_unknown_length_says_so_as_openai_does() -> None:
    header = ENCODERS["wav"].make(22050, BITRATES).header(None)
    assert (header[4:8], header[40:44], len(header)) == (b"\xff" * 4, b"\xff" * 4, 44)


@pytest.mark.parametrize("response_format", ["mp3", "opus", "aac", "flac"])
def test_what_a_codec_will_make_of_it_is_not_promised(response_format: str) -> None:
    assert ENCODERS[response_format].make(24000, BITRATES).size(5000) is None


def test_both_schemas_offer_exactly_the_formats_there_are() -> None:
    config = load_schema("config.json")["properties"]["synthesis"]["properties"]["format"]["enum"]
    request = load_schema("speech.json")["properties"]["response_format"]["enum"]
    assert config == request == list(ENCODERS)


@pytest.mark.parametrize(
    ("response_format", "sample_rate", "closest"),
    [
        ("wav", 22050, 22050),
        ("flac", 9999, 9999),
        ("mp3", 22050, 22050),
        ("mp3", 8001, 11025),
        ("aac", 20000, 22050),
        ("opus", 16000, 16000),
        ("opus", 22050, 24000),
        ("opus", 44100, 48000),
        ("opus", 96000, 48000),
    ],
)
def test_a_rate_that_a_format_lacks_becomes_its_next_higher(
    response_format: str, sample_rate: int, closest: int
) -> None:
    assert ENCODERS[response_format].closest(sample_rate) == closest
    assert ENCODERS[response_format].carries(sample_rate) == (sample_rate == closest)


@pytest.mark.parametrize("response_format", ENCODERS)
def test_the_schema_names_every_rate_that_is_not_free(response_format: str) -> None:
    description = load_schema("speech.json")["properties"]["sample_rate"]["description"]
    assert all(str(rate) in description for rate in ENCODERS[response_format].sample_rates)


def test_the_codec_library_is_imported_only_for_a_compressed_format(tone_path: Path, cache_directory: Path) -> None:
    script = f"""
import sys
from hailo_piper.config.loading import parse_config
from hailo_piper.server import Server
from tests.support.client import post

piper = {{"model_path": {str(tone_path)!r}, "cache_directory": {str(cache_directory)!r}}}
server = Server(parse_config({{"piper": piper, "server": {{"host": "127.0.0.1", "port": 0}}}}))
server.start()
for response_format in ("wav", "pcm", "mp3"):
    body = {{"input": "Hello.", "response_format": response_format}}
    print(post(server.http.port, "/v1/audio/speech", body).status_code, "av" in sys.modules)
server.stop()
"""
    root = ROOT
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root)
    assert run.stdout.splitlines() == ["200 False", "200 False", "200 True"]


@pytest.mark.parametrize("response_format", ["mp3", "opus", "aac"])
def test_a_request_may_have_a_bitrate_of_its_own(response_format: str) -> None:
    def size(kbps: int | None) -> int:
        encoder = ENCODERS[response_format].make(48000, at_bitrate(BITRATES, kbps))
        samples = np.random.default_rng(1).normal(0, 0.2, 96000).astype(np.float32)
        return len(encoder.encode(samples) + encoder.flush())

    assert size(96) > 1.3 * size(None)
    assert size(BITRATES.opus_kbps if response_format == "opus" else BITRATES.mp3_kbps) == size(None)
