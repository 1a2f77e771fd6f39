"""Fields that become a SpeechRequest: SSML, pitch, and the turns of a dialogue, in every dialect's own words."""

import json
from dataclasses import fields
from typing import Any

import pytest

from hailo_piper.errors import InvalidRequestError
from hailo_piper.listeners import near_names
from hailo_piper.listeners.dialect import Dialect
from hailo_piper.listeners.http.caption_routes import captions_dialects
from hailo_piper.listeners.http.speech_routes import speech_dialects
from hailo_piper.speech.request import SpeechRequest

DIALECTS = {**speech_dialects(lambda: ["alloy", "echo"]), **captions_dialects(lambda: ["alloy", "echo"])}
SPEECH = DIALECTS["/v1/audio/speech"]


def told(dialect: Dialect, body: dict[str, Any]) -> tuple[str, str | None]:
    """The message and the field of the refusal of a body."""
    with pytest.raises(InvalidRequestError) as raised:
        dialect.request(body)
    return raised.value.message, raised.value.param


def said(request: SpeechRequest) -> dict[str, Any]:
    """The fields of a request that say something."""
    values = {field.name: getattr(request, field.name) for field in fields(request)}
    return {name: value for name, value in values.items() if value is not None and value is not False}


def turns(body: dict[str, Any], dialect: Dialect = SPEECH) -> list[dict[str, Any]]:
    """What each turn of a list says."""
    text = dialect.request(body).text
    assert isinstance(text, tuple)
    return list(map(said, text))


@pytest.mark.parametrize(
    ("body", "text_format"),
    [
        ({}, None),
        ({"text_format": "SSML"}, "ssml"),
        ({"text_format": "text"}, "text"),
        ({"ssml": True}, "ssml"),
        ({"ssml": False}, "text"),
        ({"ssml": None, "text_format": None}, None),
        ({"ssml": True, "text_format": "ssml"}, "ssml"),
        ({"ssml": False, "text_format": "text"}, "text"),
    ],
)
@pytest.mark.parametrize("path", DIALECTS)
def test_a_text_is_ssml_where_a_request_says_so_by_either_name(
    path: str, body: dict[str, Any], text_format: str | None
) -> None:
    assert DIALECTS[path].request({"text": "<s>a</s>", **body}).text_format == text_format


@pytest.mark.parametrize(("ssml", "text_format"), [(True, "text"), (False, "ssml")])
def test_two_formats_that_contradict_each_other_are_refused_by_both_names(*, ssml: bool, text_format: str) -> None:
    message, param = told(SPEECH, {"input": "a", "ssml": ssml, "text_format": text_format})
    assert param == "ssml"
    assert f"'ssml': {json.dumps(ssml)} contradicts text_format {text_format}" in message


@pytest.mark.parametrize(
    ("pitch", "factor"),
    [
        (1, 1.0), (0.5, 0.5), (2, 2.0), ("+12st", 2.0), ("-12ST", 0.5), (" +2st ", 2 ** (2 / 12)), ("+16Hz", 1.1),
        ("-1.5st", 2 ** (-1.5 / 12)), ("110%", 1.1), ("+10%", 1.1), ("-10%", 0.9), ("high", 2 ** (2 / 12)),
        ("x-low", 2 ** (-4 / 12)), ("medium", 1.0), ("default", 1.0),
    ],
)  # fmt: skip
def test_a_pitch_is_a_factor_or_what_ssml_writes(pitch: float | str, factor: float) -> None:
    assert SPEECH.request({"input": "a", "pitch": pitch}).pitch == pytest.approx(factor)


@pytest.mark.parametrize(
    "pitch",
    [
        0.49,
        2.01,
        0,
        -1,
        True,
        [],
        "",
        "2",
        "+13st",
        "-13st",
        "49%",
        "201%",
        "loud",
        "+2",
        "st",
        "1e1st",
        "9" * 999 + "st",
    ],
)
def test_a_pitch_out_of_bounds_or_without_a_meaning_is_refused_with_examples(pitch: Any) -> None:
    message, param = told(SPEECH, {"input": "a", "pitch": pitch})
    assert param == "pitch"
    assert "a number from 0.5 to 2" in message
    assert "+2st" in message
    assert len(message) < 300


@pytest.mark.parametrize("times", [["word"], ["mark"], ["word", "mark"], ["mark", "word"]])
def test_times_of_words_and_marks_come_with_events(times: list[str]) -> None:
    asked = SPEECH.parse(json.dumps({"input": "a", "stream_format": "sse", "timestamps": times}).encode())
    assert list(asked.timestamps) == times
    assert asked.request.words


@pytest.mark.parametrize("times", [[], ["word", "word"], ["phoneme"], "word", ["word", "mark", "word"]])
def test_other_times_are_refused(times: Any) -> None:
    assert told(SPEECH, {"input": "a", "timestamps": times})[1].startswith("timestamps")  # type: ignore[union-attr]


def test_a_turn_takes_from_its_request_what_it_does_not_say() -> None:
    body = {
        "voice": "alloy", "speaker": 1, "speed": 1.5, "pitch": 1.1, "markup": "none", "response_format": "mp3",
        "input": [
            "A text.",
            {"text": "Another voice.", "voice": {"id": "echo"}, "pitch": "-12st"},
            {"input": "Another language.", "language": "de", "speed": 1, "ssml": True, "enable_ssml_parsing": None},
            {"text": "Another speaker.", "speaker": 2, "markup": "auto", "emoji": "say", "normalize": True, "volume": 2,
             "length_scale": 2, "noise_scale": 1, "noise_w_scale": 1, "enable_ssml_parsing": True,
             "pronunciations": [{"string_to_replace": "a", "alias": "b"}]},
        ],
    }  # fmt: skip
    around = {"speed": 1.5, "pitch": 1.1, "markup": "none", "response_format": "mp3"}
    plain, voice, language, speaker = turns(body)
    assert plain == {**around, "text": "A text.", "voice": "alloy", "speaker": 1}
    assert voice == {**around, "text": "Another voice.", "voice": "echo", "pitch": 0.5}
    assert language == {**around, "text": "Another language.", "language": "de", "speed": 1, "text_format": "ssml"}
    assert speaker.pop("pronunciations")[0].spoken == "b"
    own = {"volume": 2, "length_scale": 2, "noise_scale": 1, "noise_w_scale": 1, "markup": "auto", "emoji": "say"}
    also = {"normalize": True, "enable_ssml_parsing": True}
    assert speaker == {**around, **own, **also, "text": "Another speaker.", "voice": "alloy", "speaker": 2}


def test_a_turn_chooses_its_format_itself() -> None:
    plain, marked = turns({"input": ["<s/>", {"text": "a < b", "ssml": False}], "text_format": "ssml"})
    assert (plain["text_format"], marked["text_format"]) == ("ssml", "text")


@pytest.mark.parametrize(
    ("path", "name"),
    [(path, name) for path in DIALECTS for name in ("input", "text") if (path, name) != ("/", "input")],
)
def test_every_dialect_understands_a_dialogue_and_errors_have_the_clients_name_of_it(path: str, name: str) -> None:
    assert [turn["text"] for turn in turns({name: ["One.", {"text": "Two."}]}, DIALECTS[path])] == ["One.", "Two."]
    assert told(DIALECTS[path], {name: ["One.", {"text": 5}]})[1] == f"{name}.1.text"


@pytest.mark.parametrize(
    ("turn", "param", "words"),
    [
        (5, "input.1", "a turn is a text, or an object with a text"),
        (None, "input.1", "a turn is a text, or an object with a text"),
        (["a"], "input.1", "a turn is a text, or an object with a text"),
        ({}, "input.1.text", "Missing 'input.1.text' field"),
        ({"text": None}, "input.1.text", "Missing 'input.1.text' field"),
        ({"input": ["a"]}, "input.1.input", "is not a string"),
        ({"text": "a", "speed": 9}, "input.1.speed", "Invalid 'input.1.speed': 9 is not a number from 0.25 to 4.0"),
        ({"text": "a", "voice": 5}, "input.1.voice", "an object with a name as its id; allowed: alloy, echo"),
        ({"text": "a", "pitch": "+13st"}, "input.1.pitch", "Invalid 'input.1.pitch': '+13st' is no pitch"),
        ({"text": "a", "voise": "x"}, "input.1.voise", "Unknown field 'input.1.voise': did you mean 'voice'?"),
        ({"text": "a", "ssml": True, "text_format": "text"}, "input.1.ssml", "'input.1.ssml': true contradicts"),
        ({"text": "a", "response_format": "mp3"}, "input.1.response_format", "it holds for all turns"),
        ({"text": "a", "timestamps": ["word"]}, "input.1.timestamps", "it holds for all turns"),
        ({"text": "a", "pronunciations": [{}]}, "input.1.pronunciations", "'string_to_replace' is a required property"),
        ({"text": "a", "pronunciations": [{"string_to_replace": "a"}]}, "input.1.pronunciations", "needs alias"),
    ],
)
def test_a_wrong_turn_is_named_by_its_number(turn: Any, param: str, words: str) -> None:
    message, named = told(SPEECH, {"input": ["One.", turn]})
    assert words in message
    assert named == param


def test_unknown_fields_of_a_turn_are_ignored() -> None:
    assert turns({"input": [{"text": "a", "model": "x", "instructions": "x", "role": "user", "seed": 1}]}) == [
        {"text": "a"}
    ]


@pytest.mark.parametrize(("number", "is_allowed"), [(0, False), (1, True), (1000, True), (1001, False)])
def test_a_dialogue_has_1_to_1000_turns(number: int, *, is_allowed: bool) -> None:
    body = {"input": ["a"] * number}
    if is_allowed:
        assert len(turns(body)) == number
    else:
        message, param = told(SPEECH, body)
        assert param == "input"
        assert "a list of 1 to 1000 turns" in message


def test_names_of_many_turns_are_searched_for_slips_no_more_than_those_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[str] = []
    monkeypatch.setattr(near_names, "near_name", lambda name, _: searched.append(name))
    turns({"input": [{"text": "a", f"other{number % 100}": 1, "another": 1} for number in range(1000)]})
    assert len(searched) == len(set(searched)) <= 32
