"""ElevenLabs' endpoints: its fields, formats, times of characters and errors."""

import base64
import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from hailo_piper.errors import BusyError
from hailo_piper.listeners.elevenlabs import OUTPUT_FORMATS
from hailo_piper.schemas.checker import load_schema
from tests.support.client import wav_of
from tests.support.decoding import decode

PATH = "/v1/text-to-speech/default"
TEXT = "Hello there, you. It is **three** o'clock!"
PREFIXES = ["", "/elevenlabs"]


def lines_of(client: FlaskClient, text: str, **query: Any) -> list[dict[str, Any]]:
    answer = client.post(f"{PATH}/stream/with-timestamps", json={"text": text}, query_string=query)
    assert answer.status_code == 200
    assert answer.content_type == "application/x-ndjson"
    lines = answer.data.splitlines()
    assert all(len(line) < 128 * 1024 for line in lines)
    return list(map(json.loads, lines))


def assert_is(name: str, value: Any) -> None:
    schemas = load_schema("answers.json")
    assert Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}).is_valid(
        value
    ), value


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("end", ["", "/stream"])
def test_it_speaks_as_every_endpoint_does(client: FlaskClient, prefix: str, end: str) -> None:
    answer = client.post(f"{prefix}{PATH}{end}", json={"text": TEXT}, query_string={"output_format": "pcm_24000"})
    assert (answer.status_code, answer.content_type) == (200, "audio/pcm")
    assert answer.data == client.post("/v1/audio/speech", json={"input": TEXT, "response_format": "pcm"}).data
    assert answer.headers["X-Audio-Sample-Rate"] == "24000"
    assert answer.headers["X-Cache"] == "miss"


@pytest.mark.parametrize("name", OUTPUT_FORMATS)
def test_every_output_format_is_what_it_says(client: FlaskClient, name: str) -> None:
    speech = {"input": TEXT, "response_format": "wav", "stream": False}
    usual, _ = wav_of(client.post("/v1/audio/speech", json=speech).data)
    seconds = usual.nframes / usual.framerate
    answer = client.post(PATH, json={"text": TEXT}, query_string={"output_format": name.upper()})
    response_format, rate, kbps = OUTPUT_FORMATS[name]
    assert answer.content_type.startswith("audio/")
    assert int(answer.headers["X-Audio-Sample-Rate"]) == rate
    if response_format in {"pcm", "ulaw", "alaw"}:
        width = 2 if response_format == "pcm" else 1
        assert len(answer.data) / width / rate == pytest.approx(seconds, abs=0.001)
    elif response_format == "wav":
        parameters, pcm = wav_of(answer.data)
        assert (parameters.framerate, len(pcm)) == (rate, parameters.nframes * 2)
    else:
        samples, decoded_rate = decode(answer.data)
        assert len(samples) / decoded_rate == pytest.approx(seconds, abs=0.06)
        if response_format == "mp3":
            assert len(answer.data) * 8 / seconds / 1000 == pytest.approx(kbps, rel=0.15)


def test_without_an_output_format_it_is_elevenlabs_own(client: FlaskClient) -> None:
    answer = client.post(PATH, json={"text": TEXT})
    assert (answer.content_type, answer.headers["X-Audio-Sample-Rate"]) == ("audio/mpeg", "44100")


@pytest.mark.parametrize(
    ("fields", "ours"),
    [
        ({"voice_settings": {"speed": 2, "stability": 0.5, "use_speaker_boost": True}}, {"speed": 2}),
        ({"voice_settings": {"speed": None}}, {}),
        ({"voice_settings": {}, "model_id": "eleven_turbo_v2_5", "seed": 5, "previous_text": "So."}, {}),
        ({"voice_settings": None, "model_id": None, "next_text": None, "language_code": None}, {}),
        ({"apply_text_normalization": "on"}, {"normalize": True}),
        ({"apply_text_normalization": "off"}, {"normalize": False}),
        ({"apply_text_normalization": "auto"}, {}),
        ({"enable_ssml_parsing": True}, {"enable_ssml_parsing": True}),
        ({"language_code": "en"}, {"language": "en"}),
        ({"pronunciation_dictionary_locators": [{"pronunciation_dictionary_id": "x", "version_id": "y"}]}, {}),
    ],
)
def test_fields_mean_what_ours_do(client: FlaskClient, fields: dict[str, Any], ours: dict[str, Any]) -> None:
    text = 'It is 12:30. <break time="0.5s"/> Go.'
    query = {"output_format": "pcm_24000", "enable_logging": "false", "optimize_streaming_latency": "3"}
    answer = client.post(PATH, json={"text": text, **fields}, query_string=query)
    same = client.post("/v1/audio/speech", json={"input": text, "response_format": "pcm", **ours})
    assert (answer.status_code, same.status_code) == (200, 200)
    assert answer.data == same.data


def test_the_query_may_say_what_a_websocket_says_there(client: FlaskClient) -> None:
    text = 'Go. <break time="0.5s"/> Go.'
    plain = client.post(PATH, json={"text": text}, query_string={"output_format": "pcm_8000"})
    query = {"output_format": "pcm_8000", "enable_ssml_parsing": "true"}
    assert len(client.post(PATH, json={"text": text}, query_string=query).data) > len(plain.data) + 6000


@pytest.mark.parametrize("voice", ["default", "en_US-tone-low", "EN_us-tone-LOW", "alloy", "default%230", "default:0"])
def test_the_path_names_voice_and_speaker(client: FlaskClient, voice: str) -> None:
    assert client.post(f"/v1/text-to-speech/{voice}", json={"text": "Hello."}).status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "status", "detail"),
    [
        ("/nobody", {"text": "a"}, 404, ("voice_not_found", "Allowed: default, en_US-tone-low")),
        ("/default", {"text": "a" * 5001}, 400, ("text_too_long", "Text too long (max 5000 characters)")),
        ("/default/nowhere", {"text": "a"}, 404, ("not_found", "There is no such endpoint")),
        ("/default", {}, 422, (["body", "text"], "Missing 'text' field")),
        ("/default", {"text": None}, 422, (["body", "text"], "Missing 'text' field")),
        ("/default", {"text": 5}, 422, (["body", "text"], "Invalid 'text': 5 is not a string")),
        ("/default", {"text": " "}, 422, (["body", "text"], "letter or digit")),
        ("/default:9", {"text": "a"}, 422, (["path", "voice_id"], "has: 0")),
        ("/default", [], 422, (["body"], "The body must be a JSON object")),
        ("/default", {"text": "a", "voice_settings": {"speed": 9}}, 422, (["body", "voice_settings", "speed"], "0.25")),
        ("/default", {"text": "a", "voice_settings": 5}, 422, (["body", "voice_settings"], "a mapping")),
        ("/default", {"text": "a", "apply_text_normalization": "no"}, 422,
         (["body", "apply_text_normalization"], "allowed: auto, on, off")),
        ("/default", {"text": "a", "enable_ssml_parsing": "yes"}, 422,
         (["body", "enable_ssml_parsing"], "true or false")),
        ("/default?output_format=mp4", {"text": "a"}, 422,
         (["query", "output_format"], "Allowed: mp3_22050_32, mp3_24000")),
    ],
)  # fmt: skip
def test_a_refusal_has_elevenlabs_shape(
    client: FlaskClient, path: str, body: Any, status: int, detail: tuple[Any, str]
) -> None:
    answer = client.post(f"/v1/text-to-speech{path}", json=body)
    assert answer.status_code == status
    assert_is("ElevenLabsError", answer.get_json())
    assert client.post(f"/elevenlabs/v1/text-to-speech{path}", json=body).get_json() == answer.get_json()
    told = answer.get_json()["detail"]
    name, words = (told["status"], told["message"]) if isinstance(told, dict) else (told[0]["loc"], told[0]["msg"])
    assert name == detail[0]
    assert detail[1] in words


def test_other_methods_and_bodies_are_refused_in_the_same_shape(client: FlaskClient) -> None:
    assert client.get(PATH).get_json()["detail"]["status"] == "method_not_allowed"
    answer = client.post(PATH, data=b"text=Hello")
    assert (answer.status_code, answer.get_json()["detail"]["status"]) == (415, "unsupported_media_type")


def test_a_nearly_right_path_is_told_which(client: FlaskClient) -> None:
    detail = {"status": "not_found", "message": "There is no such endpoint; did you mean /v1/voices?"}
    answer = client.get("/elevenlabs/voices")
    assert (answer.status_code, answer.get_json()) == (404, {"detail": detail})


def test_a_busy_service_says_when_to_come_again(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()

    def refuse(*_: Any, **__: Any) -> None:
        raise BusyError("every place is taken", retry_after_seconds=3)

    monkeypatch.setattr("hailo_piper.speech.admission.Admission.enter", refuse)
    answer = app.test_client().post(PATH, json={"text": "Hello."})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
    assert answer.get_json() == {"detail": {"status": "busy", "message": "every place is taken"}}


def test_a_rate_limit_counts_these_requests(make_app: Callable[..., Flask]) -> None:
    client = make_app({"server": {"rate_limit": "2/hour"}}).test_client()
    for path in (PATH, f"/elevenlabs{PATH}/stream"):
        assert client.post(path, json={"text": "Hello."}).status_code == 200
    answer = client.post(PATH, json={"text": "Hello."})
    assert (answer.status_code, answer.get_json()["detail"]["status"]) == (429, "rate_limit_exceeded")


@pytest.mark.parametrize("name", ["pcm_24000", "mp3_44100_128", "opus_48000_32", "ulaw_8000"])
@pytest.mark.parametrize(
    "text", [TEXT, "Hi", " One two  ", "I", "One.\n\nTwo!\n", "So <!-- " + "x" * 3000 + " --> it goes. On."]
)
def test_alignments_cover_text_and_sound(client: FlaskClient, text: str, name: str) -> None:
    form = OUTPUT_FORMATS[name]
    speech = {"input": text, "response_format": "pcm", "sample_rate": form.sample_rate}
    seconds = len(client.post("/v1/audio/speech", json=speech).data) / 2 / form.sample_rate
    whole = client.post(f"{PATH}/with-timestamps", json={"text": text}, query_string={"output_format": name})
    lines = lines_of(client, text, output_format=name)
    audio = client.post(f"{PATH}/stream", json={"text": text}, query_string={"output_format": name}).data
    assert b"".join(base64.b64decode(line["audio_base64"]) for line in lines) == audio
    reached = heard = 0.0
    for line in lines:
        assert line["alignment"] == line["normalized_alignment"]
        heard += len(base64.b64decode(line["audio_base64"])) / 2 / form.sample_rate
        reached = line["alignment"]["character_end_times_seconds"][-1] if line["alignment"] else reached
        assert name != "pcm_24000" or heard <= reached + 1e-5
    assert base64.b64decode(whole.get_json()["audio_base64"]) == audio
    for answers in ([whole.get_json()], lines):
        parts = [answer["alignment"] for answer in answers if answer["alignment"]]
        characters, starts, ends = (
            [value for part in parts for value in part[field]]
            for field in ("characters", "character_start_times_seconds", "character_end_times_seconds")
        )
        assert "".join(characters) == text
        assert ends[-1] == pytest.approx(seconds, abs=1e-4)
        assert ends[:-1] == starts[1:]
        assert all(start <= end for start, end in zip(starts, ends, strict=True))
    for answer in (whole.get_json(), *lines):
        assert_is("AlignedAudio", answer)


def test_words_begin_when_the_service_says(client: FlaskClient) -> None:
    body = {"input": TEXT, "response_format": "pcm", "stream": False, "return_timestamps": True}
    words = client.post("/dev/captioned_speech", json=body).get_json()["timestamps"]
    found = client.post(f"{PATH}/with-timestamps", json={"text": TEXT}).get_json()["alignment"]
    at = 0
    for word in words:
        at = TEXT.index(word["word"], at)
        assert found["character_start_times_seconds"][at] == pytest.approx(word["start_time"], abs=0.001)
        at += len(word["word"])
        assert found["character_end_times_seconds"][at - 1] >= word["end_time"] - 0.001
    assert len(words) > 5
    assert all(before["start_time"] < after["start_time"] for before, after in pairwise(words))


def test_a_pause_of_a_minute_stays_in_short_lines(client: FlaskClient) -> None:
    body = {"text": 'One. <break time="10s"/> Two.', "enable_ssml_parsing": True}
    answer = client.post(f"{PATH}/stream/with-timestamps", json=body, query_string={"output_format": "pcm_48000"})
    lines = answer.data.splitlines()
    assert sum(map(len, lines)) > 1_280_000
    assert max(map(len, lines)) < 128 * 1024


def test_its_lists_are_in_its_shapes(client: FlaskClient) -> None:
    voices = client.get("/elevenlabs/v1/voices").get_json()
    assert_is("ElevenLabsVoices", voices)
    assert voices["voices"][0]["voice_id"] == "en_US-tone-low"
    assert voices["voices"][0]["labels"]["language"] == "en_US"
    models = client.get("/elevenlabs/v1/models").get_json()
    assert_is("ElevenLabsModels", models)
    assert models[0]["languages"] == [{"language_id": "en_US", "name": "en_US"}]
    assert {"data", "object"} == set(client.get("/v1/models").get_json())
