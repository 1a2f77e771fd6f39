import numpy as np
import pytest

from hailo_piper.encoding import ENCODERS
from hailo_piper.schemas import load_schema
from tests.conftest import wav_of

SAMPLES = np.sin(np.arange(5000) / 10).astype(np.float32)


@pytest.mark.parametrize("response_format", ENCODERS)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_bytes_are_the_same_however_the_pcm_is_cut(response_format: str, size: int) -> None:
    def encode(cut: int) -> bytes:
        encoder = ENCODERS[response_format](22050)
        pieces = [SAMPLES[start : start + cut] for start in range(0, len(SAMPLES), cut)]
        return encoder.header(None) + b"".join(map(encoder.encode, pieces)) + encoder.flush()

    assert encode(size) == encode(len(SAMPLES))


def test_a_wav_of_known_length_has_exact_sizes() -> None:
    encoder = ENCODERS["wav"](16000)
    data = encoder.header(len(SAMPLES)) + encoder.encode(SAMPLES)
    assert int.from_bytes(data[4:8], "little") == len(data) - 8
    parameters, pcm = wav_of(data)
    assert parameters[:4] == (1, 2, 16000, len(SAMPLES))
    assert pcm == ENCODERS["pcm"](16000).encode(SAMPLES)


def test_a_wav_of_unknown_length_says_so_as_openai_does() -> None:
    header = ENCODERS["wav"](22050).header(None)
    assert (header[4:8], header[40:44], len(header)) == (b"\xff" * 4, b"\xff" * 4, 44)


def test_both_schemas_offer_exactly_the_formats_there_are() -> None:
    config = load_schema("config.schema.json")["properties"]["synthesis"]["properties"]["format"]["enum"]
    request = load_schema("speech.schema.json")["properties"]["response_format"]["enum"]
    assert config == request == list(ENCODERS)
