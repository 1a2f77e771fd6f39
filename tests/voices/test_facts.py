"""The facts of a voice that a stranger made: those that cannot be are refused, each with its reason."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hailo_piper.errors import ConfigError
from hailo_piper.voices.facts import read_facts
from hailo_piper.voices.voice import embedded_model_path, read_voice
from tests.support.tone_voice import make_tone_voice

FACTS: dict[str, Any] = json.loads(Path(f"{embedded_model_path()}.json").read_text(encoding="utf-8"))
FRAME = {"_": [0], "^": [1], "$": [2]}


def changed(place: str, value: object) -> dict[str, Any]:
    """The embedded voice's facts with another value at a place, such as `audio.sample_rate`."""
    facts: dict[str, Any] = json.loads(json.dumps(FACTS))
    *outer, last = place.split(".")
    target = facts
    for name in outer:
        target = target[name]
    target[last] = value
    return facts


def refusal(directory: Path, content: str | bytes) -> str:
    model = make_tone_voice(directory)
    path = Path(f"{model}.json")
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigError) as error:
        read_voice(model)
    (problem,) = error.value.problems
    assert problem.startswith(f"piper.model_path: {path} is no Piper voice config: ")
    assert problem.isprintable()
    assert len(problem) < 500 + len(str(path))
    return problem


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Expecting value"),
        (b"\xff", "can't decode byte 0xff"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"audio": {"sample_rate": ' + b"9" * 5000 + b"}}", "digits"),
        (b" " * 2_000_000 + b"{}", "more than 1024 kB"),
        (b"null", "all of it is null, where an object belongs"),
        (b"{}", "it has no 'audio'"),
    ],
)
def test_what_is_no_json_object_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in refusal(tmp_path, content)


INFINITE = float("inf")


NAN = float("nan")
IMPOSSIBLE: dict[str, list[Any]] = {
    "audio": [[1], 5, None],
    "audio.sample_rate": [0, -5, 10**9, INFINITE, NAN, "22050", None, [], True, 0.5],
    "num_speakers": [0, -1, 65_536, INFINITE, NAN, "1", None, {}, True],
    "num_symbols": [0, -1, 10**30, INFINITE, "x", None],
    "speaker_id_map": [
        [], None, {"a": 1}, {"a": -1}, {"a": INFINITE}, {"a": None}, {"a\x1b[2J": 0}, {"x" * 1000: 0}, {"\ud800": 0}
    ],
    "phoneme_id_map": [
        [], None, {"a": [3]}, {**FRAME, "a": 3}, {**FRAME, "a": None},
        *({**FRAME, "a": [number]} for number in (-1, 256, 10**30, INFINITE, "1", None, 0.5)),
    ],
    "audio.quality": [5, [], {}, "\x1b[2J", "low\n", "\u202e", "x" * 1000],
    "gender": [5, [], "\x07"],
    "language": [5, None, "en", []],
    "language.code": [5, [], "en\nUS", "x" * 1000, "\u2028"],
    "espeak": [5, None, "en", [], {"voice": 5}, {"voice": None}, {"voice": "x" * 10**5}],
    "phoneme_type": [5, None, [], "x" * 10**5, "pinyin"],
    "inference": [5, None, "x", []],
}  # fmt: skip


@pytest.mark.parametrize(("place", "value"), [(place, value) for place in IMPOSSIBLE for value in IMPOSSIBLE[place]])
def test_what_cannot_be_is_refused_by_its_name(tmp_path: Path, place: str, value: object) -> None:
    assert place.rpartition(".")[2] in refusal(tmp_path, json.dumps(changed(place, value)))


@pytest.mark.parametrize("key", ["audio", "espeak", "num_symbols", "num_speakers", "phoneme_id_map"])
def test_what_is_missing_is_named(tmp_path: Path, key: str) -> None:
    assert f"it has no '{key}'" in refusal(tmp_path, json.dumps({k: v for k, v in FACTS.items() if k != key}))


@pytest.mark.parametrize("place", ["audio.quality", "gender", "language.code"])
def test_what_a_voice_need_not_say_may_be_null(tmp_path: Path, place: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(changed(place, None)))
    assert read_facts(path).num_speakers == 1


@pytest.mark.parametrize("sample_rate", [8000, 16000, 22050, 22050.0, 24000, 44100, 48000])
def test_the_sample_rates_of_real_voices_are_read(tmp_path: Path, sample_rate: float) -> None:
    path = tmp_path / "x.json"
    speakers = {"p\u200cq": 903}
    facts = changed("audio.sample_rate", sample_rate) | {"num_speakers": 904, "speaker_id_map": speakers}
    path.write_text(json.dumps(facts))
    found = read_facts(path)
    assert (found.sample_rate, found.num_speakers, found.speakers) == (sample_rate, 904, speakers)


def test_a_voice_without_a_map_has_pipers_own(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(changed("phoneme_id_map", {})))
    assert read_facts(path).language == "en_US"
    path.write_text(json.dumps(changed("phoneme_id_map", {}) | {"num_symbols": 160}))
    with pytest.raises(ValueError, match=re.escape("num_symbols without a phoneme_id_map is 160")):
        read_facts(path)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
PLACES = [*FACTS, "audio.sample_rate", "audio.quality", "espeak.voice", "language.code", "phoneme_id_map._"]


@given(place=st.sampled_from(PLACES), value=ANYTHING)
def test_whatever_stands_there_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, place: str, value: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "anything.json"
    path.write_text(json.dumps(changed(place, value)))
    try:
        read_facts(path)
    except ValueError as error:
        assert str(error).isprintable()  # noqa: PT017 - it need not be refused
