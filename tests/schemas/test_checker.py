"""The page of code that lets a value through without jsonschema, held to jsonschema; and what is told of the others."""

import json
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hailo_piper.schemas.checker import Checker, Schema, is_plainly_right, load_schema

SPEECH, CONFIG = load_schema("speech.json"), load_schema("config.json")
SECTIONS = {name: section["properties"] for name, section in CONFIG["properties"].items()}

# Values near every bound and of every type, and those that only look alike.
SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 50000), st.floats(), st.floats(-1, 12), st.text(max_size=3),
    st.sampled_from([0, 1, 1.0, 32, 32.0, 80, 10**400, math.inf, math.nan, "2G", "2G\n", "80%", "80%\n", "60/minute",
                     "60/minute\n", "http://a", "https://a\n", "*", "mp3", "MP3", "sse", "default", "INFO", ""]),
)  # fmt: skip


@pytest.mark.parametrize("fields", [SPEECH["properties"], SECTIONS["piper"]], ids=["speech", "config"])
def test_each_noise_scale_names_the_other_one(fields: Schema) -> None:
    assert "with noise_w_scale at 0 too" in fields["noise_scale"]["description"]
    assert "with noise_scale at 0 too" in fields["noise_w_scale"]["description"]


def objects(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(st.sampled_from(["id", "voice", "speaker", "alloy", "x"]), values, max_size=3)


VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=2) | objects(inner), max_leaves=4)


def bodies(fields: Schema) -> st.SearchStrategy[Any]:
    defaults = {name: schema["default"] for name, schema in fields.items() if "default" in schema}
    names = st.sampled_from([*fields, "unknown"])
    known = names.flatmap(lambda name: st.tuples(st.just(name), st.just(defaults.get(name)) | VALUES))
    return st.lists(known, max_size=4).map(dict)


def judged(value: object, schema: Schema) -> list[tuple[str, str]]:
    return sorted(Checker(schema)._judge(value))


@given(bodies(SPEECH["properties"]), st.text(max_size=3) | st.none())
def test_what_is_plainly_right_of_a_request_is_right(body: dict[str, Any], text: str | None) -> None:
    body = {**body, **({"input": text} if text else {})}
    assert not (is_plainly_right(body, SPEECH) and judged(body, SPEECH))


@given(st.sampled_from(sorted(SECTIONS)).flatmap(lambda name: st.tuples(st.just(name), bodies(SECTIONS[name]))))
def test_what_is_plainly_right_of_a_configuration_is_right(section: tuple[str, dict[str, Any]]) -> None:
    values = dict([section])
    assert not (is_plainly_right(values, CONFIG) and judged(values, CONFIG))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"model": "tts-1", "voice": "alloy", "response_format": "mp3", "speed": 1, "stream_format": "sse"},
        {"voice": {"id": "alloy"}, "speed": 0.25, "sample_rate": 8000, "speaker": 3, "use_cache": False},
        {"extra": {"a": [1]}},
    ],
)
def test_a_usual_request_is_plainly_right(fields: dict[str, Any]) -> None:
    assert is_plainly_right({"input": "Hello.", **fields}, SPEECH)


def test_every_default_is_plainly_right_and_right() -> None:
    values = {name: {key: schema["default"] for key, schema in keys.items()} for name, keys in SECTIONS.items()}
    assert is_plainly_right(values, CONFIG)
    assert judged(values, CONFIG) == []


def patterns(schema: Any, path: str = "") -> Iterator[tuple[str, Schema]]:
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield path, schema
        for name, child in schema.items():
            yield from patterns(child, f"{path}.{name}")


@pytest.mark.parametrize(("path", "schema"), [*patterns(SPEECH), *patterns(CONFIG)])
def test_a_pattern_is_explained_by_examples_that_match_it(path: str, schema: Schema) -> None:
    assert schema["examples"], path
    for example in schema["examples"]:
        assert Checker(schema).problems(example) == []
        assert Checker(schema).problems(f"{example}\n" if schema["pattern"].endswith("$") else "x")
    ((_, problem),) = Checker({**schema, "type": "string"}).problems("lots")
    assert all(example in problem for example in schema["examples"])
    assert schema["pattern"] not in problem


@pytest.mark.parametrize("value", [10**9000, json.loads("[" * 400 + "]" * 400)], ids=["large", "deep"])
def test_what_cannot_even_be_printed_is_refused(value: object) -> None:
    assert Checker({"type": "string"}).problems(value)


def test_a_start_with_a_usual_configuration_imports_no_validator(tmp_path: Path) -> None:
    path = tmp_path / "rendered.json"
    values = {name: {key: schema["default"] for key, schema in keys.items()} for name, keys in SECTIONS.items()}
    values["resource_limits"] = {"memory_max": "4G", "cpu_quota": "200%"}
    values["server"] |= {"port": 6000, "rate_limit": "60/minute", "cors_origins": ["https://chat.example"]}
    values["voices"]["aliases"] = {"clara": "es_ES-davefx-medium", "hall": {"voice": "default", "speaker": 3}}
    path.write_text(json.dumps(values))
    program = (
        "import sys, pathlib, hailo_piper.listeners.http.app\n"
        "from hailo_piper.listeners.dialect import Dialect\n"
        "from hailo_piper.config.loading import load_config\n"
        "load_config(None), load_config(pathlib.Path(sys.argv[1]))\n"
        "Dialect().request({'text': 'Hello.', 'voice': 'alloy', 'speed': 1.5, 'response_format': 'mp3'})\n"
        "assert 'jsonschema' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program, str(path)], check=True)
