import dataclasses
import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from hailo_piper.config import Config, load_config, load_config_values, parse_config
from hailo_piper.errors import ConfigError
from hailo_piper.schemas import load_schema

SAMPLE = Path(__file__).parent.parent / "config" / "hailo-piper.yaml"


def keys() -> list[tuple[str, str]]:
    schema = load_schema("config.schema.json")
    return [(name, key) for name, section in schema["properties"].items() for key in section["properties"]]


def test_the_sample_is_the_defaults_and_shows_every_key() -> None:
    assert load_config(SAMPLE) == load_config(None)
    sample = yaml.safe_load(SAMPLE.read_text())
    assert [(section, key) for section in sample for key in sample[section]] == keys()


def test_every_key_is_described_has_a_default_and_a_field() -> None:
    schema = load_schema("config.schema.json")
    config = dataclasses.asdict(load_config(None))
    assert [(section, key) for section in config for key in config[section]] == keys()
    for section, key in keys():
        entry = schema["properties"][section]["properties"][key]
        assert entry["description"]
        assert config[section][key] == entry["default"]


def test_yaml_and_json_say_the_same(tmp_path: Path) -> None:
    values = {"server": {"port": 6000}, "piper": {"volume": 0.5}}
    (tmp_path / "a.yaml").write_text("server:\n  port: 6000\npiper:\n  volume: 0.5\n")
    (tmp_path / "a.json").write_text(json.dumps(values))
    assert load_config(tmp_path / "a.yaml") == load_config(tmp_path / "a.json") == parse_config(values)
    assert load_config(tmp_path / "a.yaml").server.port == 6000


def test_a_whole_number_may_have_a_point() -> None:
    port = parse_config({"server": {"port": 6000.0}}).server.port
    assert (port, type(port)) == (6000, int)


@pytest.mark.parametrize("text", ["", "# nothing\n", "server:\n", "{}"])
def test_what_is_left_out_takes_the_defaults(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    assert load_config(path) == load_config(None)


@pytest.mark.parametrize(
    ("values", "path", "words"),
    [
        ({"server": {"port": "5003"}}, "server.port", "an integer from 0 to 65535"),
        ({"server": {"port": 70000}}, "server.port", "70000"),
        ({"server": {"debug": "yes"}}, "server.debug", "true or false"),
        (
            {"server": {"prot": 1}},
            "server",
            "unknown key 'prot'; known: host, port, debug, cors_origins, api_keys_file, rate_limit",
        ),
        ({"severs": {}}, "(top level)", "unknown key 'severs'"),
        ({"piper": {"volume": float("nan")}}, "piper.volume", "a number from 0 to 5"),
        ({"synthesis": {"sample_rate": float("nan")}}, "synthesis.sample_rate", "NaN is not an integer or null"),
        ({"server": {"host": datetime.date(2026, 1, 1)}}, "server.host", "date is no value of JSON"),
        ({"piper": {"length_scale": True}}, "piper.length_scale", "a number"),
        ({"synthesis": {"format": "mp4"}}, "synthesis.format", "allowed: mp3, opus, aac, flac, wav, pcm"),
        ({"synthesis": {"sample_rate": 4000}}, "synthesis.sample_rate", "an integer or null from 8000 to 48000"),
        ({"performance": {"request_timeout": 0}}, "performance.request_timeout", "above 0"),
        ({"resource_limits": {"cpu_quota": "80"}}, "resource_limits.cpu_quota", "does not match"),
        ({"resource_limits": {"memory_max": "2G; rm"}}, "resource_limits.memory_max", "does not match"),
        ({"server": {"cors_origins": "*"}}, "server.cors_origins", "a list"),
        ({"server": {"cors_origins": ["https://a.b/"]}}, "server.cors_origins.0", "does not match"),
        ({"server": {"cors_origins": ["https://*.b"]}}, "server.cors_origins.0", "does not match"),
        ({"voices": {"aliases": {"a": 5}}}, "voices.aliases.a", "a string or a mapping"),
        ({"voices": {"aliases": {"a": {"speaker": 1}}}}, "voices.aliases.a", "is a required property"),
        ({"voices": {"aliases": {"a": {"voice": "b", "x": 1}}}}, "voices.aliases.a", "unknown key 'x'"),
        ({"logging": 5}, "logging", "5 is not a mapping"),
        ({5: {}}, "(top level)", "5 is not a string"),
        ([], "(top level)", "[] is not a mapping"),
        ("text", "(top level)", "is not a mapping"),
    ],
)
def test_a_mistake_is_told_with_its_path_and_what_is_allowed(values: Any, path: str, words: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        parse_config(values)
    (problem,) = refusal.value.problems
    assert problem.startswith(f"{path}: ")
    assert words in problem


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(ConfigError) as refusal:
        parse_config({"server": {"port": -1, "hots": "x"}, "logging": {"level": "LOUD"}})
    assert [problem.partition(":")[0] for problem in refusal.value.problems] == [
        "logging.level",
        "server",
        "server.port",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"server: [", "neither YAML nor JSON"),
        (b"server:\n  port: 1\nserver:\n  port: 2\n", "given twice"),
        (b"\xff\xfe", "neither YAML nor JSON"),
        (b"!!python/object:os.system {}", "neither YAML nor JSON"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_config_error(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "config.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=re.escape(str(path))) as refusal:
        load_config(path)
    assert words in refusal.value.problems[0]


def test_values_for_the_rendered_file_are_complete(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("server: {port: 1}")
    values = load_config_values(path)
    assert values["server"] == {
        "host": "0.0.0.0", "port": 1, "debug": False, "cors_origins": [], "api_keys_file": None, "rate_limit": None,
    }  # fmt: skip
    assert parse_config(values) == load_config(path)
    assert {field.name for field in dataclasses.fields(Config)} == set(values)
