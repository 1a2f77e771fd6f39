"""Every way to ask wrongly, and what the service says: exact status, code and param, and then a good answer."""

import gzip
import json
import logging
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.listeners.http.unknown_paths import no_endpoint
from hailo_piper.listeners.keys import Keys
from hailo_piper.monitoring.health import Health
from tests.support.client import assert_error, wav_of
from tests.support.services import OPENAI_VOICES, QUIET
from tests.support.tone_voice import make_tone_voice

SPEECH = "/v1/audio/speech"
SYNTHESIZE = "/v1/synthesize"


def ask(client: FlaskClient, **fields: Any) -> Any:
    return client.post(SPEECH, json={"input": "Hello.", **fields})


def assert_speaks(client: FlaskClient) -> None:
    response = ask(client)
    assert response.status_code == 200
    assert wav_of(response.data)[0].nframes > 1000


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"input=Hello", "not valid JSON"),
        (b"[]", "JSON object"),
        (b'"Hello"', "JSON object"),
        (b"5", "JSON object"),
        (b"null", "JSON object"),
        (b'{"input": "\xff\xfe"}', "not UTF-8"),
        (b'{"input": ' + b"9" * 5000 + b"}", "not valid JSON"),
        (b"[" * 50000, "nested too deeply"),
        (b'{"input": ' + b'{"a":' * 20000, "nested too deeply"),
    ],
)
def test_a_body_that_is_no_json_object(client: FlaskClient, body: bytes, words: str) -> None:
    response = client.post(SPEECH, data=body, content_type="application/json")
    assert words in assert_error(response, 400, "invalid_request", None)
    assert_speaks(client)


@pytest.mark.parametrize(
    ("fields", "code", "param", "words"),
    [
        ({"input": None}, "invalid_request", "input", "Missing 'input' field"),
        ({"input": ""}, "invalid_request", "input", "letter or digit"),
        ({"input": " \n\t "}, "invalid_request", "input", "letter or digit"),
        ({"input": "?!..."}, "invalid_request", "input", "letter or digit"),
        ({"input": "^"}, "invalid_request", "input", "nothing to say"),
        ({"input": 5}, "invalid_request", "input", "5 is not a text or a list of 1 to 1000 turns"),
        ({"input": {"text": "a"}}, "invalid_request", "input", "is not a text or a list"),
        ({"input": True}, "invalid_request", "input", "is not a text or a list"),
        ({"input": []}, "invalid_request", "input", "[] is not a text or a list of 1 to 1000 turns"),
        ({"input": "<s>a & b</s>", "ssml": True}, "invalid_request", "input", "line 1, column 6"),
        ({"input": "<speak/>", "ssml": True}, "invalid_request", "input", "letter or digit"),
        ({"input": "a" * 5001}, "text_too_long", "input", "Text too long (max 5000 characters)"),
        ({"voice": "nobody"}, "voice_not_found", "voice", "default, en_US-tone-low, alloy, ash"),
        ({"voice": {"id": "nobody"}}, "voice_not_found", "voice", "Unknown voice: 'nobody'"),
        (
            {"voice": 5},
            "invalid_request",
            "voice",
            "Invalid 'voice': 5 is not a name or an object with a name as its id",
        ),
        ({"voice": []}, "invalid_request", "voice", "allowed: default, en_US-tone-low, alloy, ash"),
        ({"voice": ["alloy"]}, "invalid_request", "voice", "allowed: default, en_US-tone-low, alloy, ash"),
        ({"voice": {}}, "invalid_request", "voice", "allowed: default, en_US-tone-low, alloy, ash"),
        ({"voice": {"id": 5}}, "invalid_request", "voice", "allowed: default, en_US-tone-low, alloy, ash"),
        ({"voice": {"name": "alloy"}}, "invalid_request", "voice", "allowed: default, en_US-tone-low, alloy, ash"),
        ({"voice": False}, "invalid_request", "voice", "allowed: default"),
        ({"voise": "alloy"}, "invalid_request", "voise", "Unknown field 'voise': did you mean 'voice'?"),
        ({"respone_format": "mp3"}, "invalid_request", "respone_format", "did you mean 'response_format'?"),
        ({"responseFormat": "mp3"}, "invalid_request", "responseFormat", "did you mean 'response_format'?"),
        ({"Speed": 2}, "invalid_request", "Speed", "did you mean 'speed'?"),
        ({"sampleRate": 8000}, "invalid_request", "sampleRate", "did you mean 'sample_rate'?"),
        ({"inputs": "x", "input": None}, "invalid_request", "inputs", "did you mean 'input'?"),
        ({"voices": "alloy"}, "invalid_request", "voices", "did you mean 'voice'?"),
        ({"voise": {"id": "alloy"}}, "invalid_request", "voise", "did you mean 'voice'?"),
        ({"fromat": "mp3"}, "invalid_request", "fromat", "did you mean 'format'?"),
        ({"format": "mp4"}, "invalid_request", "format", 'Unsupported format: "mp4" is not allowed; allowed: mp3'),
        ({"format": 5}, "invalid_request", "format", "Unsupported format"),
        ({"text": 5, "input": None}, "invalid_request", "text", "Invalid 'text': 5 is not a text or a list"),
        ({"response_format": "mp4"}, "invalid_request", "response_format", "Unsupported format"),
        ({"response_format": "mp4"}, "invalid_request", "response_format", "allowed: mp3, opus, aac, flac, wav, pcm"),
        ({"response_format": 5}, "invalid_request", "response_format", "Unsupported format"),
        ({"stream_format": "sse2"}, "invalid_request", "stream_format", "allowed: audio, sse"),
        ({"speed": 0}, "invalid_request", "speed", "0 is not a number from 0.25 to 4.0"),
        ({"speed": -1}, "invalid_request", "speed", "0.25 to 4.0"),
        ({"speed": 5}, "invalid_request", "speed", "0.25 to 4.0"),
        ({"speed": "fast"}, "invalid_request", "speed", "0.25 to 4.0"),
        ({"speed": float("nan")}, "invalid_request", "speed", "0.25 to 4.0"),
        ({"speed": float("inf")}, "invalid_request", "speed", "0.25 to 4.0"),
        ({"speed": 10**400}, "invalid_request", "speed", "0.25 to 4.0"),
        ({"speed": True}, "invalid_request", "speed", "0.25 to 4.0"),
        ({"model": 5}, "invalid_request", "model", "is not a string"),
        ({"instructions": 5}, "invalid_request", "instructions", "is not a string"),
        ({"sample_rate": 7999}, "invalid_request", "sample_rate", "8000 to 48000"),
        ({"sample_rate": 22050.5}, "invalid_request", "sample_rate", "an integer"),
        ({"speaker": "nobody"}, "invalid_request", "speaker", "Voice en_US-tone-low has: 0"),
        ({"speaker": 1}, "invalid_request", "speaker", "has: 0"),
        ({"length_scale": 0}, "invalid_request", "length_scale", "0.1 to 10"),
        ({"noise_scale": -1}, "invalid_request", "noise_scale", "0 to 2"),
        ({"noise_w_scale": 3}, "invalid_request", "noise_w_scale", "0 to 2"),
        ({"volume": -1}, "invalid_request", "volume", "0 to 5"),
        ({"sentence_silence": 11}, "invalid_request", "sentence_silence", "0 to 10"),
        ({"paragraph_silence": -1}, "invalid_request", "paragraph_silence", "0 to 10"),
        ({"lead_silence": 11}, "invalid_request", "lead_silence", "0 to 10"),
        ({"tail_silence": "1"}, "invalid_request", "tail_silence", "number"),
        ({"stream": "false"}, "invalid_request", "stream", "true or false"),
        ({"stream": False, "stream_format": "sse"}, "invalid_request", "stream", "events are a stream"),
        ({"use_cache": "yes"}, "invalid_request", "use_cache", "true or false"),
        ({"speed": 9, "volume": 9}, "invalid_request", "speed", "Invalid 'volume'"),
    ],
)
def test_a_wrong_field_is_named_with_what_is_allowed(
    client: FlaskClient, fields: dict[str, Any], code: str, param: str, words: str
) -> None:
    body = json.dumps({"input": "Hello.", **fields})
    response = client.post(SPEECH, data=body, content_type="application/json")
    assert words in assert_error(response, 400, code, param)
    assert_speaks(client)


def test_the_field_is_called_what_the_caller_calls_it(client: FlaskClient) -> None:
    assert assert_error(client.post(SYNTHESIZE, json={}), 400, "invalid_request", "text") == "Missing 'text' field"
    response = client.post(SYNTHESIZE, json={"text": "Hello.", "format": "mp4"})
    assert_error(response, 400, "invalid_request", "format")
    assert_error(client.post(SYNTHESIZE, json={"text": "a" * 5001}), 400, "text_too_long", "text")


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_a_body_of_another_type_is_refused(client: FlaskClient, content_type: str | None) -> None:
    response = client.post(SPEECH, data=b'{"input": "Hello."}', content_type=content_type)
    assert "application/json" in assert_error(response, 415, "unsupported_media_type", None)
    assert_speaks(client)


@pytest.mark.parametrize(
    "path", ["/nowhere", "/v1", "/v1/audio/speech/", "/v1//audio/speech", "/%00", "/..%2f..%2fetc"]
)
def test_an_unknown_path(client: FlaskClient, path: str) -> None:
    assert_error(client.get(path), 404, "not_found", None)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", SPEECH, "POST"), ("PUT", SPEECH, "POST"), ("DELETE", SYNTHESIZE, "POST"), ("POST", "/health", "GET")],
)
def test_a_wrong_method(client: FlaskClient, method: str, path: str, allowed: str) -> None:
    response = client.open(path, method=method)
    message = assert_error(response, 405, "method_not_allowed", None)
    assert message.startswith(f"{method} is not possible here. Allowed: ")
    assert allowed in response.headers["Allow"]


def test_a_long_method_and_path_are_shortened(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        message = assert_error(client.open(SPEECH, method="M" * 10_000), 405, "method_not_allowed", None)
        client.get("/" + "p" * 10_000)
        long = json.dumps({"input": "Hello.", "speaker": 10**400})
        client.post(SPEECH, data=long, content_type="application/json")
        answer = client.post(SPEECH, data=long, content_type="application/json")
    assert len(message) < 100
    assert len(answer.get_json()["error"]["message"]) < 250
    for record in caplog.records:
        assert len(str(record.__dict__.get("fields"))) < 400


@pytest.mark.parametrize("path", [SPEECH, SYNTHESIZE, "/", "/v1/text"])
def test_the_longest_document_fits_a_body_however_it_is_escaped(client: FlaskClient, path: str) -> None:
    field = "input" if path == SPEECH else "text"
    marks = "".join(f"<mark name='{'🎉' * 1900}'/>" for _ in range(20))
    document = f"Hello.{marks}"
    document += f"<!--{'🎉' * (40_000 - len(document) - 7)}-->"
    body = json.dumps({field: document, "ssml": True})
    assert (len(document), len(body) > 470_000) == (40_000, True)
    assert client.post(path, data=body, content_type="application/json").status_code == 200
    longer = client.post(path, json={field: f"{document} ", "ssml": True})
    assert "the document has at most 40000 characters" in assert_error(longer, 400, "invalid_request", field)


def test_a_dialogue_of_the_most_turns_fits_a_body(client: FlaskClient) -> None:
    turn = {"text": "Hi. 🎉", "voice": "en_US-tone-low", "speed": 1.25, "pitch": "+0.5st", "ssml": False}
    body = json.dumps({"input": [turn] * 1000})
    assert client.post(SPEECH, data=body, content_type="application/json").status_code == 200
    body = json.dumps({"input": [{**turn, "text": "Hi, Jo"}] * 1000})
    assert_error(client.post(SPEECH, data=body, content_type="application/json"), 400, "text_too_long", "input")


def test_a_body_too_large_to_hold_an_accepted_text(client: FlaskClient) -> None:
    response = client.post(SPEECH, data=b" " * 1_000_000, content_type="application/json")
    assert_error(response, 413, "request_entity_too_large", None)
    assert_speaks(client)


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b\x1b[0m",
        "lone \ud800 surrogate",
        "zero\u200bwidth",
        "😀😀",
        "שלום עולם",
        "مرحبا بالعالم",
        "你好，世界。",
        "a" * 5000,
        "[[h@l'oU]] hello",
        "\u202eabc",
        "e\u0301" * 50,
        "\U000e0041b",
        "1" * 5000,
    ],
)
def test_any_unicode_is_spoken(client: FlaskClient, text: str) -> None:
    response = ask(client, input=text)
    assert response.status_code == 200, response.get_json()
    assert len(response.data) > 1000


def test_what_every_answer_carries(client: FlaskClient) -> None:
    response = ask(client, response_format="pcm")
    assert response.headers["Content-Type"] == "audio/pcm"
    assert response.headers["X-Audio-Sample-Rate"] == "24000"
    assert response.headers["Content-Disposition"] == 'attachment; filename="speech.pcm"'
    assert response.headers["Content-Length"] == str(len(response.data))
    assert ask(client).headers["Content-Type"] == "audio/wav"


@pytest.mark.parametrize(
    ("given", "kept"), [("abc-123", True), ("a" * 129, False), ("", False), ("in jected", False), ("é", False)]
)
def test_the_request_id_is_the_callers_if_it_is_sane(client: FlaskClient, given: str, *, kept: bool) -> None:
    for path in ("/health", "/nowhere"):
        shown = client.get(path, headers={"X-Request-Id": given}).headers["X-Request-Id"]
        assert (shown == given) is kept
        assert len(shown) >= 6


def test_null_means_absent_and_unknown_fields_are_ignored(client: FlaskClient) -> None:
    optional = dict.fromkeys(
        ["model", "voice", "response_format", "speed", "stream_format", "instructions", "speaker", "sample_rate",
         "length_scale", "noise_scale", "noise_w_scale", "volume", "sentence_silence", "paragraph_silence",
         "lead_silence", "tail_silence", "stream", "use_cache"]
    )  # fmt: skip
    assert ask(client, **optional, backend="x", extra={"a": [1]}).data == ask(client).data


REAL_FIELDS = (
    "backend", "user", "metadata", "lang_code", "language_code", "download_format", "return_download_link",
    "return_timestamps", "volume_multiplier", "output_format", "audio_format", "seed", "mode",
    "speaker_id", "voice_id", "voice_settings", "model_id", "lang", "prompt", "style", "temperature", "top_p",
    "normalization_options", "allow_voice_tags", "timeout", "extra_body", "previous_text", "next_text",
)  # fmt: skip
"""What programs send to such services, or will send to this one: none of it a slip of ours."""


@pytest.mark.parametrize("path", [SPEECH, SYNTHESIZE, "/"])
def test_what_real_programs_send_beside_is_no_slip(client: FlaskClient, path: str) -> None:
    for name in REAL_FIELDS:
        assert client.post(path, json={"input": "Hi.", "text": "Hi.", name: "x"}).status_code == 200, name


PLURALS = ("voices", "models", "formats", "languages", "speakers", "inputs", "Voices", "instruction")
"""Lists of what there is to choose from, or of texts beside this one."""


def test_a_format_beside_a_format_is_no_slip(client: FlaskClient) -> None:
    mp3 = ask(client, response_format="mp3")
    assert ask(client, response_format="mp3", formats="x", fromat="wav").data == mp3.data
    assert ask(client, format="mp3", respone_format="wav").data == mp3.data


def test_a_slip_beside_the_right_name_or_as_null_or_among_very_many_is_ignored(client: FlaskClient) -> None:
    beside: list[dict[str, Any]] = [
        {"Speed": 2, "speed": 1},
        *({name: "x"} for name in ("test", "next", "Text", "texts", "inputs")),
        *({name: ["x"]} for name in PLURALS),
        *({name: {"a": 1}} for name in PLURALS),
        {"voise": None},
        {f"voic{letter}": 1 for letter in map(chr, range(0x430, 0x460))},
    ]
    for fields in beside:
        assert ask(client, **fields).data == ask(client).data


def test_what_another_dialect_calls_a_field_is_understood(client: FlaskClient) -> None:
    mp3 = ask(client, response_format="mp3").data
    for path, body in (
        (SPEECH, {"input": "Hello.", "format": "mp3"}),
        (SPEECH, {"text": "Hello.", "format": "MP3"}),
        (SPEECH, {"input": "Hello.", "text": "Other.", "response_format": "mp3", "format": "pcm"}),
        (SYNTHESIZE, {"input": "Hello.", "response_format": "mp3"}),
        (SYNTHESIZE, {"text": "Hello.", "response_format": "mp3"}),
        (SYNTHESIZE, {"text": "Hello.", "input": "Other.", "format": "mp3", "response_format": "pcm"}),
    ):
        assert client.post(path, json=body).data == mp3, body
    response = client.post(SYNTHESIZE, json={"text": "Hello.", "response_format": "mp4"})
    assert_error(response, 400, "invalid_request", "response_format")


@pytest.mark.parametrize("spelling", ["MP3", "Mp3", "mp3"])
def test_the_case_of_formats_does_not_matter(client: FlaskClient, spelling: str) -> None:
    response = ask(client, response_format=spelling, stream_format="Audio", language="EN_us")
    assert response.headers["Content-Type"] == "audio/mpeg"
    assert ask(client, stream_format="SSE").headers["Content-Type"].startswith("text/event-stream")


BODY = b'{"input": "Hello."}'
RAW_DEFLATE = zlib.compressobj(wbits=-15)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(BODY)),
        ("GZIP", gzip.compress(BODY)),
        ("x-gzip", gzip.compress(BODY[:5]) + gzip.compress(BODY[5:])),
        ("deflate", zlib.compress(BODY)),
        ("deflate", RAW_DEFLATE.compress(BODY) + RAW_DEFLATE.flush()),
        ("identity", BODY),
        ("", BODY),
    ],
)
def test_a_compressed_body_is_read(client: FlaskClient, encoding: str, body: bytes) -> None:
    headers = {"Content-Encoding": encoding}
    response = client.post(SPEECH, data=body, content_type="application/json", headers=headers)
    assert response.data == ask(client).data


@pytest.mark.parametrize(
    ("encoding", "body", "status", "code", "words"),
    [
        ("gzip", BODY, 400, "invalid_request", "The body is not gzip"),
        ("gzip", gzip.compress(BODY)[:-4], 400, "invalid_request", "cut short"),
        ("gzip", gzip.compress(BODY) + b"more", 400, "invalid_request", "not gzip"),
        ("deflate", BODY, 400, "invalid_request", "not deflate"),
        ("deflate", zlib.compress(BODY) + b"more", 400, "invalid_request", "something follows"),
        ("gzip", b"", 400, "invalid_request", "not valid JSON"),
        ("gzip", gzip.compress(b" " * 50_000_000), 413, "request_entity_too_large", "stands for more"),
        ("gzip", gzip.compress(b" " * 100_000) * 30, 413, "request_entity_too_large", "stands for more"),
        ("deflate", zlib.compress(b" " * 50_000_000), 413, "request_entity_too_large", "stands for more"),
        ("br", BODY, 415, "unsupported_media_type", "Unsupported Content-Encoding: 'br'. Allowed: gzip, deflate"),
        ("zstd", BODY, 415, "unsupported_media_type", "gzip, deflate"),
        ("gzip, gzip", BODY, 415, "unsupported_media_type", "gzip, deflate"),
    ],
)  # fmt: skip
def test_a_body_that_is_not_encoded_as_it_says(  # noqa: PLR0917 - a table's columns
    client: FlaskClient, encoding: str, body: bytes, status: int, code: str, words: str
) -> None:
    headers = {"Content-Encoding": encoding}
    response = client.post(SPEECH, data=body, content_type="application/json", headers=headers)
    assert words in assert_error(response, status, code, None)
    assert response.headers.get("Accept-Encoding") == ("gzip, deflate" if status == 415 else None)


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/audio/speech", SPEECH),
        ("/v1/audio/speech/", SPEECH),
        ("/v1//audio/speech", SPEECH),
        ("/v1/v1/audio/speech", SPEECH),
        ("/V1/Audio/Speech", SPEECH),
        ("/v1/audio/speach", SPEECH),
        ("/v1/audio/speech/audio/speech", SPEECH),
        ("/tts/v1/audio/speech", SPEECH),
        ("/synthesize", SYNTHESIZE),
        ("/voices", "/v1/voices"),
        ("/v1/health", "/health"),
        ("/healthz", "/health"),
        ("/speech", SPEECH),
        ("/speak", "/v1/speak"),
        ("/api/v1/speak", "/v1/speak"),
        ("/v1/speech", SPEECH),
        ("/v1/audio", "/v1/audio/captions, /v1/audio/models, /v1/audio/speech, /v1/audio/voices"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_path_that_is_nearly_one_is_told_which(client: FlaskClient, method: str, path: str, meant: str) -> None:
    message = assert_error(client.open(path, method=method), 404, "not_found", None)
    assert message == f"There is no such endpoint; did you mean {meant}?"


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/voices/en_US-joe-medium", ["POST", "DELETE", "PUT", "PATCH"]),
        ("/v1/voices/en_US-joe-medium/", ["POST", "DELETE", "PUT", "PATCH"]),
        ("/v1/voices/x", ["POST", "DELETE"]),
    ],
)
def test_who_wants_to_change_a_voice_is_told_how(client: FlaskClient, methods: list[str], path: str) -> None:
    for method in methods:
        assert "Without API keys" in assert_error(client.open(path, method=method), 403, "forbidden", None)


def test_with_keys_a_voices_nearly_right_path_is_told() -> None:
    message = no_endpoint("POST", "/voices/en_US-joe-medium", (), can_change_voices=True)[0]
    assert message == "There is no such endpoint; did you mean /v1/voices/en_US-joe-medium?"


@pytest.mark.parametrize("keys", [(), ("sk-one-key",)], ids=["without keys", "with keys"])
@pytest.mark.parametrize("voice_id", ["default", "en_US-tone-low", "EN_us-Tone-LOW", "Default"])
def test_one_voice_has_its_entry_of_the_list(
    make_app: Callable[..., Flask], voice_id: str, keys: tuple[str, ...]
) -> None:
    client, headers = make_app(keys=Keys(keys)).test_client(), {"Authorization": "Bearer sk-one-key"}
    listed = {voice["id"].lower(): voice for voice in client.get("/v1/voices", headers=headers).get_json()["voices"]}
    answer = client.get(f"/v1/voices/{voice_id}", headers=headers)
    assert (answer.status_code, answer.get_json()) == (200, listed[voice_id.lower()])


@pytest.mark.parametrize("voice_id", ["alloy", "xx_XX-nobody-low", "..", "a b", "x" * 9000])
def test_an_unknown_voice_is_not_found(client: FlaskClient, voice_id: str) -> None:
    message = assert_error(client.get(f"/v1/voices/{voice_id}"), 404, "voice_not_found", "voice_id")
    assert message.endswith("GET /v1/voices lists those there are")
    assert len(message) < 200


@pytest.mark.parametrize("path", ["/nowhere", "/v1", "/v1/audio/transcriptions", "/" + "a" * 10_000, "/v1/voices/x/y"])
def test_a_path_that_is_near_none_is_told_where_all_stand(client: FlaskClient, path: str) -> None:
    message = assert_error(client.post(path), 404, "not_found", None)
    assert message == "There is no such endpoint; GET / lists those there are"


@pytest.mark.parametrize("voice", ["default", "en_US-tone-low", *OPENAI_VOICES, {"id": "alloy"}])
def test_every_listed_voice_speaks(client: FlaskClient, voice: Any) -> None:
    assert ask(client, voice=voice).data == ask(client).data


def test_a_whole_number_may_have_a_point(client: FlaskClient) -> None:
    assert ask(client, sample_rate=16000.0, speaker=0.0).data == ask(client, sample_rate=16000, speaker=0).data


def test_a_byte_order_mark_is_no_error(client: FlaskClient) -> None:
    response = client.post(
        SPEECH, data=b'\xef\xbb\xbf{"input": "Hello."}', content_type="application/json; charset=utf-8"
    )
    assert response.status_code == 200


def test_voices_are_listed_with_the_default_first(client: FlaskClient) -> None:
    voices = client.get("/v1/voices").get_json()["voices"]
    assert [voice["id"] for voice in voices] == ["default", "en_US-tone-low"]
    for voice in voices:
        assert {"id", "name", "language", "gender", "sample_rate"} <= set(voice)
        assert ask(client, voice=voice["id"]).status_code == 200


def test_models_are_listed_as_openai_lists_them(client: FlaskClient) -> None:
    answer = client.get("/v1/models").get_json()
    assert answer["object"] == "list"
    assert {model["object"] for model in answer["data"]} == {"model"}
    assert {"piper", "tts-1"} <= {model["id"] for model in answer["data"]}


@pytest.mark.parametrize("model", ["piper", "tts-1", "tts-1-hd", "gpt-4o-mini-tts", "TTS-1"])
def test_one_model_is_shown_as_openai_shows_it(client: FlaskClient, model: str) -> None:
    listed = client.get("/v1/models").get_json()["data"]
    assert client.get(f"/v1/models/{model}").get_json() == next(
        entry for entry in listed if entry["id"] == model.lower()
    )


def test_a_model_that_is_not_there(client: FlaskClient) -> None:
    message = assert_error(client.get("/v1/models/whisper-1"), 404, "model_not_found", "model")
    assert message.endswith("piper, tts-1, tts-1-hd, gpt-4o-mini-tts")


@pytest.mark.parametrize("model", ["piper", "tts-1", "tts-1-hd", "gpt-4o-mini-tts"])
def test_open_webui_finds_the_same_models(client: FlaskClient, model: str) -> None:
    assert {"id": model} in client.get("/v1/audio/models").get_json()["models"]
    assert model in [entry["id"] for entry in client.get("/v1/models").get_json()["data"]]


def test_open_webui_finds_every_voice_once_and_all_names_are_accepted(client: FlaskClient) -> None:
    voices = client.get("/v1/audio/voices").get_json()["voices"]
    assert [voice["id"] for voice in voices] == ["default", "en_US-tone-low"]
    for voice in voices:
        assert set(voice) == {"id", "name"}
        assert "en_US-tone-low" in voice["name"]
        assert ask(client, voice=voice["id"]).status_code == 200
    allowed = ask(client, voice="nobody").get_json()["error"]["message"].partition("Allowed: ")[2]
    assert allowed.split(", ") == [*(voice["id"] for voice in voices), *OPENAI_VOICES]
    for name in OPENAI_VOICES:
        assert ask(client, voice=name).status_code == 200


@pytest.mark.parametrize("name", ["#" * 1000, "a#" * 500, "default#", "x" * 100_000, "\0", "\ud800"])
def test_a_strange_name_is_refused_in_few_words(client: FlaskClient, name: str) -> None:
    response = ask(client, voice=name)
    code = "invalid_request" if name == "default#" else "voice_not_found"
    assert len(assert_error(response, 400, code, "voice")) < 1000


@pytest.mark.parametrize("name", ["Alloy", "DEFAULT", "EN_us-Tone-LOW", "default#0", "nova:0"])
def test_case_does_not_matter_in_a_name(client: FlaskClient, name: str) -> None:
    assert ask(client, voice=name).data == ask(client).data


def test_aliases_of_the_config_are_the_ones_accepted_and_listed(
    tmp_path: Path, cache_directory: Path, make_client: Callable[[Config], FlaskClient]
) -> None:
    choir = make_tone_voice(tmp_path, name="en_US-choir-low", speakers=3)
    piper = {"model_path": str(choir), "cache_directory": str(cache_directory), **QUIET}
    hall_speaker = {"voice": "en_US-choir-low", "speaker": "speaker-2"}
    aliases = {"kitchen": "default", "hall": hall_speaker, "corridor": hall_speaker}
    client = make_client(parse_config({"piper": piper, "voices": {"aliases": aliases}}))
    names = [(voice["id"], voice["name"]) for voice in client.get("/v1/audio/voices").get_json()["voices"][2:]]
    assert names == [("hall", "hall (en_US-choir-low, speaker speaker-2)")]
    assert client.get("/v1/voices").get_json()["voices"][1]["aliases"] == ["kitchen", "hall", "corridor"]
    hall = ask(client, voice="hall").data
    assert hall == ask(client, speaker=2).data != ask(client, voice="kitchen").data
    assert ask(client, voice="hall", speaker=0).data == ask(client, voice="kitchen").data
    assert_error(ask(client, voice="alloy"), 400, "voice_not_found", "voice")


def test_the_root_speaks_wav_as_pipers_own_server_does(client: FlaskClient) -> None:
    response = client.post("/", json={"text": "Hello.", "voice": None, "response_format": "WAV"})
    assert response.headers["Content-Type"] == "audio/wav"
    assert response.data == ask(client, response_format="wav").data
    assert assert_error(client.post("/", json={"input": "Hello."}), 400, "invalid_request", "text")


@pytest.mark.parametrize("name", ["format", "response_format"])
@pytest.mark.parametrize("value", ["mp3", "PCM", "", 5, ["wav"], False])
def test_pipers_own_dialect_refuses_every_other_format(client: FlaskClient, name: str, value: object) -> None:
    message = assert_error(client.post("/", json={"text": "Hello.", name: value}), 400, "invalid_request", name)
    assert message.startswith(f"Unsupported {name}: ")
    assert message.endswith("Allowed here: wav")
    assert client.post("/", json={"text": "Hello.", name: "wav"}).content_type == "audio/wav"


def test_health_tells_what_is_loaded(client: FlaskClient) -> None:
    health = client.get("/health").get_json()
    assert (health["status"], health["service"], health["model_loaded"]) == ("healthy", "hailo-piper", True)
    assert set(health["model_info"]) == {"model_path", "engine", "sample_rate", "num_speakers", "language"}


def test_the_root_says_what_this_is(client: FlaskClient) -> None:
    about = client.get("/").get_json()
    assert about["service"] == "hailo-piper"
    assert {SPEECH, SYNTHESIZE, "/health", "/v1/voices", "/v1/models", "/docs"} <= set(about["endpoints"])


@pytest.mark.parametrize(
    ("state", "level"), [("starting", logging.INFO), ("draining", logging.INFO), ("hung", logging.ERROR)]
)
def test_a_probe_that_waits_for_the_start_is_no_error(
    make_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture, state: str, level: int
) -> None:
    health = Health(stalled_seconds=lambda: 1000.0 if state == "hung" else 0.0)
    if state != "starting":
        health.started()
    if state == "draining":
        health.stopping()
    client = make_app(health=health).test_client()
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            assert_error(client.get("/ready"), 503, state, None)
    lines = [record for record in caplog.records if record.message == "refused"]
    assert [line.levelno for line in lines] == [level] * 3
