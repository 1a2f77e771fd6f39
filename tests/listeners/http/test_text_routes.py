"""How a text would be read is told before it is spoken, and is what is spoken."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.client import assert_error

RULE = {"string_to_replace": "Ångström", "type": "alias", "alias": "ohng strum"}


def explain(client: FlaskClient, text: str, **fields: Any) -> Any:
    response = client.post("/v1/text", json={"text": text, **fields})
    assert response.status_code == 200, response.get_json()
    return response.get_json()


def test_each_sentence_is_shown_with_what_changed_and_why(client: FlaskClient) -> None:
    answer = explain(client, "**Hi.** It costs $5!")
    assert answer["language"] == "en_US"
    assert [sentence["text"] for sentence in answer["sentences"]] == ["Hi.", "It costs $5!"]
    last = answer["sentences"][1]
    assert last["spoken"] == "It costs 5 dollars!"
    assert last["changes"] == [
        {"written": "$5", "spoken": "5 dollars", "start": 9, "end": 11, "rule": "money", "phonemes": ""}
    ]
    assert last["phonemes"] == "ɪt kˈɔsts fˈaɪv dˈɑːlɚz!"


def test_ssml_is_shown_with_what_its_elements_make_of_it(client: FlaskClient) -> None:
    text = (
        "<speak>Dial <say-as interpret-as='digits'>47</say-as>, <sub alias='number three'>no. 3</sub>, on 5/6.<p>"
        "Say <phoneme ph='təˈmɑːtəʊ'>tomato</phoneme> and <lang xml:lang='fr'>bonjour</lang>"
        "<break time='1s'/>&amp; more.</p></speak>"
    )
    answer = explain(client, text, ssml=True)
    first, second, third = answer["sentences"]
    assert first["text"] == "Dial 4 7, number three, on 5/6."
    assert [change["rule"] for change in first["changes"]] == ["say-as", "date"]
    assert first["phonemes"].startswith("dˈaɪəl fˈɔːɹ sˈɛvən")
    assert second["text"] == "Say tomato and bonjour,"
    assert [(change["written"], change["rule"], change["phonemes"]) for change in second["changes"]] == [
        ("tomato", "phoneme", "təˈmɑːtəʊ"),
        ("bonjour,", "lang", ""),
    ]
    assert "təˈmɑːtəʊ" in second["phonemes"]
    # In the sounds of an English voice, and as French reads it.
    assert "ʒ" in second["phonemes"]
    assert third["text"] == "& more."
    assert {sentence["voice"] for sentence in answer["sentences"]} == {"en_US-tone-low"}


def test_sentences_in_other_languages_are_shown_as_they_would_be_spoken(client: FlaskClient) -> None:
    first, second = explain(client, "It is late. Es ist 5 Uhr, und wir gehen.", language="auto")["sentences"]
    assert first["spoken"] == "It is late."
    assert second["phonemes"] != explain(client, "Es ist 5 Uhr, und wir gehen.")["sentences"][0]["phonemes"]


def test_two_tags_of_ssml_in_a_text_are_shown_where_they_are_asked_for(client: FlaskClient) -> None:
    text = 'A & <phoneme alphabet="ipa" ph="wˈɪn">Nguyen</phoneme>.'
    (sentence,) = explain(client, text, enable_ssml_parsing=True)["sentences"]
    assert (sentence["text"], sentence["phonemes"][-5:]) == ("A & Nguyen.", "wˈɪn.")
    assert explain(client, text)["sentences"][0]["changes"] == explain(client, "A & Nguyen.")["sentences"][0]["changes"]


def test_a_mistake_in_ssml_is_told_with_its_place(client: FlaskClient) -> None:
    response = client.post("/v1/text", json={"text": "<speak>\n a & b</speak>", "ssml": True})
    assert "line 2, column 4" in assert_error(response, 400, "invalid_request", "text")


def test_the_turns_of_a_dialogue_are_shown_one_after_the_other(client: FlaskClient) -> None:
    turns = ["It is 5 km.", {"text": "<s>Ja, 5 km.</s>", "language": "de", "ssml": True}]
    answer = client.post("/v1/text", json={"text": turns}).get_json()
    assert (answer["voice"], answer["language"]) == ("en_US-tone-low", "en_US")
    assert [(sentence["voice"], sentence["spoken"]) for sentence in answer["sentences"]] == [
        ("en_US-tone-low", "It is 5 kilometers."),
        (None, "Ja, 5 Kilometer."),
    ]


def test_all_turns_together_are_held_to_the_length_of_a_text(client: FlaskClient) -> None:
    assert_error(client.post("/v1/text", json={"text": ["a" * 2500, "b" * 2501]}), 400, "text_too_long", "text")
    assert client.post("/v1/text", json={"text": ["a" * 2500, "b" * 2500]}).status_code == 200


def test_a_language_need_not_have_a_voice(client: FlaskClient) -> None:
    answer = explain(client, "Am 3. Oktober", language="de-AT")
    assert (answer["voice"], answer["language"]) == (None, "de-AT")
    assert answer["sentences"][0]["spoken"] == "Am dritten Oktober"
    assert answer["sentences"][0]["phonemes"] == "am drˈɪtən ɔktˈoːbɜ"


@pytest.mark.parametrize(("language", "text"), [("no", "Hei"), ("zh-CN", "爱")])
def test_languages_that_espeak_calls_otherwise_are_read(client: FlaskClient, language: str, text: str) -> None:
    assert explain(client, text, language=language)["sentences"][0]["phonemes"]


@pytest.mark.parametrize("path", ["/v1/text", "/v1/audio/speech"])
@pytest.mark.parametrize(
    ("fields", "param", "words"),
    [
        ({"language": "xx"}, "language", "No voice for language: 'xx'"),
        ({"pronunciations": [{"type": "alias", "alias": "x"}]}, "pronunciations", "string_to_replace"),
        ({"pronunciations": [{**RULE, "type": "phoneme"}]}, "pronunciations", "a rule of type phoneme needs phoneme"),
        ({"pronunciations": [{**RULE, "type": "phoneme", "phoneme": ".."}]}, "pronunciations", "there is no sound"),
        ({"pronunciations": [{**RULE, "type": "sound"}]}, "pronunciations", "alias, phoneme"),
        ({"pronunciations": [{**RULE, "kind": "x"}]}, "pronunciations", "unknown key 'kind'"),
        ({"pronunciations": [RULE] * 501}, "pronunciations", ""),
        ({"emoji": "name"}, "emoji", "skip, say"),
        ({"markup": "html"}, "markup", "auto, markdown, none"),
    ],
)
def test_what_is_wrong_is_named(client: FlaskClient, path: str, fields: dict[str, Any], param: str, words: str) -> None:
    response = client.post(path, json={"input": "Hello.", **fields})
    assert words in assert_error(response, 400, "voice_not_found" if param == "language" else "invalid_request", param)


@pytest.mark.parametrize(
    ("rule", "spoken", "phonemes"),
    [
        (RULE, "Two ohng strum.", "tˈuː ˈoʊŋ stɹˈʌm."),
        ({**RULE, "alias": ""}, "Two .", "tˈuː."),
        ({"string_to_replace": "Ångström", "type": "phoneme", "phoneme": "ˈɔːŋstɹʌm"}, None, "tˈuː ˈɔːŋstɹʌm."),
        (
            {"string_to_replace": "ångström", "phoneme": "AO1 NG", "alphabet": "cmu-arpabet", "case_sensitive": False},
            None,
            "tˈuː ˈɔːŋ.",
        ),
        ({"string_to_replace": "Ångström", "type": "phoneme", "phoneme": "ˈɔːŋ strʌm"}, None, "tˈuː ˈɔːŋ stɹʌm."),
        ({**RULE, "string_to_replace": "ström", "word_boundaries": False}, "Two Ångohng strum.", None),
        ({**RULE, "string_to_replace": "ÅNGSTRÖM"}, "Two Ångström.", None),
    ],
)
def test_a_request_brings_its_own_pronunciations(
    client: FlaskClient, rule: dict[str, Any], spoken: str | None, phonemes: str | None
) -> None:
    (sentence,) = explain(client, "Two Ångström.", pronunciations=[rule])["sentences"]
    assert spoken in {None, sentence["spoken"]}
    assert phonemes in {None, sentence["phonemes"]}


def test_pronunciations_are_heard(client: FlaskClient) -> None:
    def speak(**fields: Any) -> bytes:
        answer = client.post("/v1/audio/speech", json={"input": "Say Nguyen.", "response_format": "pcm", **fields})
        assert answer.status_code == 200
        return bytes(answer.data)

    respelled = {"string_to_replace": "Nguyen", "alias": "win"}
    assert speak(pronunciations=[respelled]) == speak(input="Say win.")
    assert speak(pronunciations=[{"string_to_replace": "Nguyen", "phoneme": "wˈɪn"}]) == speak(input="Say win.")
    assert speak(pronunciations=[{**respelled, "alias": "wind"}]) != speak(input="Say win.")


@pytest.fixture
def with_words(make_app: Callable[..., Flask], tmp_path: Path) -> FlaskClient:
    """A client of a service with lexicons, whose cache is on."""
    directory = tmp_path / "lexicons"
    directory.mkdir()
    (directory / "words.yaml").write_text("words: {bad: {refuse: true}, Bob: rob}", encoding="utf-8")
    performance = {"cache_enabled": True, "cache_directory": str(tmp_path / "cache")}
    return make_app({"lexicons": {"directory": str(directory)}, "performance": performance}).test_client()


@pytest.mark.parametrize("path", ["/v1/text", "/v1/audio/speech", "/v1/synthesize"])
def test_a_refused_word_refuses_the_whole_text_before_any_of_it_is_heard(with_words: FlaskClient, path: str) -> None:
    field = "input" if path == "/v1/audio/speech" else "text"
    response = with_words.post(path, json={field: "All is well. It is BAD."})
    assert "'bad'" in assert_error(response, 400, "text_refused", field)
    assert with_words.post(path, json={field: "A badge."}).status_code == 200


def test_the_cache_knows_words_by_their_pronunciation(with_words: FlaskClient) -> None:
    def speak(*rules: dict[str, str]) -> str:
        fields = {"input": "Bob.", "pronunciations": list(rules)}
        response = with_words.post("/v1/audio/speech", json=fields)
        # It is kept once it has been read to its end.
        assert response.data
        return str(response.headers["X-Cache"])

    phonemes = {"string_to_replace": "Bob", "phoneme": "bɑb"}
    assert [speak(), speak(), speak(phonemes), speak(phonemes)] == ["miss", "hit", "miss", "hit"]
    assert speak({**phonemes, "phoneme": "bob"}) == "miss"
    assert speak({"string_to_replace": "Bob", "alias": "rob"}) == "hit"


def test_a_text_in_another_language_than_the_voices_is_told(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    german = "Das Wetter ist heute schön, und wir sind alle im Garten."
    with caplog.at_level(logging.INFO):
        response = client.post("/v1/audio/speech", json={"input": german})
        assert response.data
    assert response.headers["X-Text-Language"] == "de"
    (fields,) = (vars(record)["fields"] for record in caplog.records if record.message == "speech")
    assert fields["text_language"] == "de"
    english = client.post("/v1/audio/speech", json={"input": "The weather is fine, and you are all with us."})
    assert "X-Text-Language" not in english.headers
