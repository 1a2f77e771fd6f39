"""Deepgram's endpoint over HTTP: voices, encodings and errors."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hailo_piper.listeners.keys import Keys
from tests.support.client import wav_of
from tests.support.decoding import decode

PATH = "/v1/speak"
TEXT = "Hello there. How are you?"


def speak(client: FlaskClient, **query: Any) -> Any:
    return client.post(PATH, json={"text": TEXT}, query_string=query)


def usual(client: FlaskClient, **fields: Any) -> bytes:
    audio: bytes = client.post("/v1/audio/speech", json={"input": TEXT, **fields}).data
    return audio


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({}, {"response_format": "mp3", "sample_rate": 22050}),
        ({"encoding": "mp3"}, {"response_format": "mp3", "sample_rate": 22050}),
        ({"encoding": "linear16", "container": "none"}, {"response_format": "pcm"}),
        ({"encoding": "linear16"}, {"response_format": "wav", "sample_rate": 24000}),
        ({"encoding": "LINEAR16", "container": "wav", "sample_rate": "16000.0"},
         {"response_format": "wav", "sample_rate": 16000}),
        ({"encoding": "opus"}, {"response_format": "opus", "sample_rate": 48000}),
        ({"encoding": "opus", "container": "ogg", "sample_rate": 16000},
         {"response_format": "opus", "sample_rate": 16000}),
        ({"encoding": "flac", "sample_rate": 22050}, {"response_format": "flac", "sample_rate": 22050}),
        ({"encoding": "aac"}, {"response_format": "aac", "sample_rate": 22050}),
        ({"speed": "1.5", "mip_opt_out": "true", "bit_rate": "48000", "tag": "x"},
         {"response_format": "mp3", "sample_rate": 22050, "speed": 1.5}),
        ({"model": "alloy", "encoding": "flac"}, {"response_format": "flac", "sample_rate": 48000}),
    ],
)  # fmt: skip
def test_a_query_means_what_our_fields_do(client: FlaskClient, query: dict[str, Any], fields: dict[str, Any]) -> None:
    answer = speak(client, **query)
    assert answer.status_code == 200
    assert answer.data == usual(client, **fields)
    assert answer.headers["X-Audio-Sample-Rate"] == str(fields.get("sample_rate", 24000))


@pytest.mark.parametrize(("encoding", "content_type"), [("mulaw", "audio/basic"), ("alaw", "audio/x-alaw-basic")])
def test_telephones_get_bytes_or_a_wave(client: FlaskClient, encoding: str, content_type: str) -> None:
    pcm = usual(client, response_format="pcm", sample_rate=8000)
    bare = speak(client, encoding=encoding, container="none")
    assert (bare.content_type, len(bare.data)) == (content_type, len(pcm) // 2)
    wave = speak(client, encoding=encoding)
    assert (wave.content_type, wave.data[:4]) == ("audio/wav", b"RIFF")
    assert wave.headers["Content-Disposition"].endswith('"speech.wav"')
    samples, rate = decode(wave.data)
    assert rate == 8000
    assert len(samples) - len(bare.data) in {0, 1}
    assert len(speak(client, encoding=encoding, container="none", sample_rate=16000).data) == 2 * len(bare.data)


@pytest.mark.parametrize("model", ["aura-2-thalia-en", "Aura-asteria-en", "default", "en_US-tone-low", "echo", ""])
def test_a_model_is_a_voice_and_one_of_deepgrams_the_default(client: FlaskClient, model: str) -> None:
    answer = speak(client, model=model, encoding="linear16", container="none")
    assert answer.data == usual(client, response_format="pcm")


def test_an_alias_may_have_the_name_of_deepgrams_voice(make_app: Callable[..., Flask]) -> None:
    aliases = {"aura-2-thalia-en": {"voice": "en_US-tone-low", "speed": 2.0}}
    client = make_app({"voices": {"aliases": aliases}}).test_client()

    def frames(model: str) -> int:
        return len(speak(client, model=model, encoding="linear16", container="none").data)

    assert frames("AURA-2-thalia-en") < 0.7 * frames("aura-2-helena-en")


@pytest.mark.parametrize(
    ("query", "body", "code", "words"),
    [
        ({"model": "nobody"}, {"text": "a"}, "VOICE_NOT_FOUND", "Unknown voice: 'nobody'"),
        ({"encoding": "vorbis"}, {"text": "a"}, "INVALID_REQUEST", "Allowed: mp3, linear16, mulaw"),
        ({"container": "wav"}, {"text": "a"}, "INVALID_REQUEST", "Allowed for mp3: none"),
        ({"sample_rate": "7999"}, {"text": "a"}, "INVALID_REQUEST", "'7999' is not a number from 8000 to 48000"),
        ({"sample_rate": "9000.5"}, {"text": "a"}, "INVALID_REQUEST", "9000.5 is not an integer"),
        ({"sample_rate": "9000"}, {"text": "a"}, "INVALID_REQUEST", "mp3 has no 9000 Hz"),
        ({"speed": "nan"}, {"text": "a"}, "INVALID_REQUEST", "'nan' is not a number from 0.25 to 4.0"),
        ({"speed": "fast"}, {"text": "a"}, "INVALID_REQUEST", "'fast' is not a number"),
        ({}, {}, "INVALID_REQUEST", "Missing 'text' field"),
        ({}, {"text": None}, "INVALID_REQUEST", "Invalid 'text': null is not a string"),
        ({}, {"text": "?"}, "INVALID_REQUEST", "letter or digit"),
        ({}, {"text": "a" * 5001}, "TEXT_TOO_LONG", "max 5000"),
        ({}, [], "INVALID_REQUEST", "must be a JSON object"),
    ],
)
def test_a_refusal_has_deepgrams_shape(
    client: FlaskClient, query: dict[str, str], body: Any, code: str, words: str
) -> None:
    answer = client.post(PATH, json=body, query_string=query, headers={"X-Request-Id": "one-two-three"})
    told = answer.get_json()
    assert (answer.status_code, told["err_code"], told["request_id"]) == (400, code, "one-two-three")
    assert words in told["err_msg"]
    assert set(told) == {"err_code", "err_msg", "request_id"}


def test_a_key_may_come_as_a_token(make_app: Callable[..., Flask]) -> None:
    client = make_app(keys=Keys(("sk-hailo-0123456789",))).test_client()
    good, wrong = ({"Authorization": f"Token {key}"} for key in ("sk-hailo-0123456789", "wrong"))
    assert client.post(PATH, json={"text": TEXT}, headers=good).status_code == 200
    answer = client.post(PATH, json={"text": TEXT}, headers=wrong)
    assert (answer.status_code, answer.get_json()["err_code"]) == (401, "INVALID_AUTH")


def test_a_streamed_wave_is_readable(client: FlaskClient) -> None:
    parameters, pcm = wav_of(client.post(PATH, json={"text": "Hello."}, query_string={"encoding": "linear16"}).data)
    assert (parameters.framerate, parameters.nframes * 2) == (24000, len(pcm))
