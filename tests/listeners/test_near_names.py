import pytest

from hailo_piper.listeners.near_names import near_name, near_path

FIELDS = ("input", "voice", "speed", "response_format", "sample_rate", "noise_scale", "noise_w_scale", "use_cache")
PATHS = ("/", "/health", "/v1/audio/speech", "/v1/voices", "/v1/audio/voices", "/v1/files", "/v1/batches", "/v1/jobs")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("voise", "voice"),
        ("vocie", "voice"),
        ("voic", "voice"),
        ("voices", "voice"),
        ("VOICE", "voice"),
        ("responseFormat", "response_format"),
        ("response-format", "response_format"),
        ("respone_fromat", "response_format"),
        ("samplerate", "sample_rate"),
        ("noise_scale_w", "noise_w_scale"),
        ("noise_scle", "noise_scale"),
        ("voice", "voice"),
        ("voice_id", None),
        ("speech", None),
        ("use_case", None),
        ("stream", None),
        ("", None),
        ("_", None),
        ("v", None),
        ("声", None),
        ("x" * 100_000, None),
        ("voice" * 10_000, None),
    ],
)
def test_a_slip_is_known_and_another_word_is_none(name: str, meant: str | None) -> None:
    assert near_name(name, FIELDS) == meant


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/audio/speech", "/v1/audio/speech"),
        ("/v1/audio/speech/", "/v1/audio/speech"),
        ("/v1/v1/audio/speech", "/v1/audio/speech"),
        ("/v2/audio/speech", "/v1/audio/speech"),
        ("//v1///Audio/SPEECH//", "/v1/audio/speech"),
        ("/v1/audio/speach", "/v1/audio/speech"),
        ("/v1/audio/speech/v1/audio/speech", "/v1/audio/speech"),
        ("/v1/audio/voice", "/v1/audio/voices"),
        ("/v1/health", "/health"),
        ("/helth", "/health"),
        ("/files", "/v1/files"),
        ("/v1/batchs", "/v1/batches"),
        ("/v1/job", "/v1/jobs"),
        ("", "/"),
        ("/v1", None),
        ("/nowhere", None),
        ("/v1/audio", "/v1/audio/speech, /v1/audio/voices"),
        ("/v1/speech", "/v1/audio/speech"),
        ("/" + "a" * 100_000, None),
    ],
)
def test_an_endpoint_that_was_meant(path: str, meant: str | None) -> None:
    assert near_path(path, PATHS) == meant
