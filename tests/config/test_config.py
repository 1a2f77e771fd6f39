import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from hailo_piper.config.loading import load_config, load_config_values, parse_config
from hailo_piper.config.settings import Config, Origin
from hailo_piper.errors import ConfigError
from hailo_piper.schemas.checker import load_schema
from tests.support import ROOT

SAMPLE = ROOT / "config" / "hailo-piper.yaml"


def keys() -> list[tuple[str, str]]:
    schema = load_schema("config.json")
    return [(name, key) for name, section in schema["properties"].items() for key in section["properties"]]


def test_the_sample_is_the_defaults_and_shows_every_key() -> None:
    assert load_config(SAMPLE).as_values() == load_config(None).as_values()
    sample = yaml.safe_load(SAMPLE.read_text())
    assert [(section, key) for section in sample for key in sample[section]] == keys()


def test_every_key_is_described_has_a_default_and_a_field() -> None:
    schema = load_schema("config.json")
    config = load_config(None).as_values()
    assert [(section, key) for section in config for key in config[section]] == keys()
    for section, key in keys():
        entry = schema["properties"][section]["properties"][key]
        assert entry["description"]
        assert config[section][key] == entry["default"]


def test_yaml_and_json_say_the_same(tmp_path: Path) -> None:
    values = {"server": {"port": 6000}, "piper": {"volume": 0.5}}
    (tmp_path / "a.yaml").write_text("server:\n  port: 6000\npiper:\n  volume: 0.5\n")
    (tmp_path / "a.json").write_text(json.dumps(values))
    read = [load_config(tmp_path / name).as_values() for name in ("a.yaml", "a.json")]
    assert read == [parse_config(values).as_values()] * 2
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
            "unknown key 'prot'; known: host, port, debug, cors_origins, api_keys_file, drain_seconds, stop_seconds",
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


def nested_aliases(collection: str, entry: str) -> bytes:
    """Nine aliases of nine aliases of ...: few bytes, and more values than any memory holds."""
    lines = ["a0: &a0 x"]
    for level in range(1, 12):
        entries = ", ".join(entry.format(f"*a{level - 1} ", number=number) for number in range(9))
        lines.append(f"a{level}: &a{level} {collection.format(entries)}")
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"server: [", "neither YAML nor JSON"),
        (b"server:\n  port: 1\nserver:\n  port: 2\n", "line 3: the key 'server' is given twice"),
        (b"server:\n  port: 1\n  port: 2\n", "line 3: the key 'port' is given twice"),
        (b"\xff\xfe", "neither YAML nor JSON: it is UTF-16; save it as UTF-8"),
        (b"server:\n  host: caf\xe9\n", "line 2: byte 0xe9 is not UTF-8"),
        (b"a: \x00", "special characters are not allowed"),
        (b"a: 1\nb: !!python/object:os.system {}", "neither YAML nor JSON: line 2: "),
        (b"a: 1\nb: !!python/object/apply:os.system ['echo']", "neither YAML nor JSON: line 2: "),
        (b"server:\n\tport: 5", "line 2: while scanning for the next token"),
        (b"server:\n\tport: 5", "YAML is indented with blanks, not tabs"),
        (b"performance:\n  cache_directory: &a [*a]\n", "line 2: *a stands for itself"),
        (b"a: &a {<<: *a, x: 1}\n", "line 1: *a stands for itself"),
        (b"a: &a\n  b:\n    - *a\n", "line 3: *a stands for itself"),
        (b"a: *b", "line 1: found undefined alias 'b'"),
        (nested_aliases("[{}]", "{}"), "line 6: more than 10000 values"),
        (nested_aliases("{{{}}}", "k{number}: {}"), "line 5: more than 10000 values"),
        (b"[" * 100_000, "line 1: nested too deeply"),
        (b"{a: " * 50_000, "line 1: nested too deeply"),
        ("\n".join(" " * depth + "a:" for depth in range(500)).encode(), "line 20: nested too deeply"),
        (b"a: " + b"x" * 300_000, "it has more than 256 kB"),
        (b"piper:\n  volume: !!float ''\n", "line 2: '' cannot be read as float"),
        (b"server: {port: !!int x}", "line 1: 'x' cannot be read as int"),
        (b"server: {debug: !!bool maybe}", "line 1: 'maybe' cannot be read as bool"),
        (b"server: {host: !!timestamp x}", "line 1: 'x' cannot be read as timestamp"),
        (b"server:\n  host: 2026-13-45\n", "line 2: '2026-13-45' cannot be read as timestamp"),
        (b"server: {port: " + b"9" * 10_000 + b"}", "cannot be read as int"),
        (b"[a]: 5", "line 1: while constructing a mapping, found unhashable key"),
        (b"a: 1\n---\nb: 2", "line 2: expected a single document"),
        (None, "cannot be read"),
        (b"a: 1\nserver: {port: " + b"1:" * 100_000 + b"1}", "line 2: port: "),
        (b"server:\n  port: 1:23:20\n", "line 2: port: '1:23:20' is in base 8 or 60"),
        (b"server:\n  port: 011613\n", "line 2: port: '011613' is in base 8 or 60"),
        (b"piper: {volume: 1:30.5}", "line 1: volume: '1:30.5' is in base 8 or 60"),
        (b"\xff\xfe\0\0a\0\0\0", "it is UTF-32; save it as UTF-8"),
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
        "drain_seconds": 0, "stop_seconds": 30,
    }  # fmt: skip
    assert parse_config(values).as_values() == load_config(path).as_values()
    assert {*Config._fields} - {"origins"} == set(values)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"a": 1, "a": 2}', "the key 'a' is given twice"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"server": ', "line 1 column"),
        (b"{}" + b" " * 300_000, "more than 256 kB"),
    ],
)
def test_json_has_the_same_bounds(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as refusal:
        load_config(path)
    assert words in refusal.value.problems[0]


def test_a_byte_order_mark_is_no_part_of_a_file(tmp_path: Path) -> None:
    for name in ("config.yaml", "config.json"):
        (tmp_path / name).write_bytes(b'\xef\xbb\xbf{"server": {"port": 6000}}')
        assert load_config(tmp_path / name).server.port == 6000


def test_an_anchor_may_be_used_again(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("voices:\n  aliases:\n    a: &v {voice: x}\n    b: *v\n    c: {<<: *v, voice: y, speaker: 1}\n")
    aliases = load_config(path).voices.aliases
    assert aliases == {"a": {"voice": "x"}, "b": {"voice": "x"}, "c": {"voice": "y", "speaker": 1}}


PATHS = [("server", "api_keys_file"), ("piper", "model_path"), ("piper", "cache_directory"), ("voices", "directory"),
         ("lexicons", "directory"), ("performance", "cache_directory"), ("jobs", "directory")]  # fmt: skip


def test_every_path_of_the_schema_is_declared_as_one() -> None:
    schema = load_schema("config.json")["properties"]
    declared = [(section, key) for section, key in keys() if "format" in schema[section]["properties"][key]]
    named = [(section, key) for section, key in keys() if key.endswith(("_file", "_path", "directory"))]
    assert declared == named == PATHS


@pytest.mark.parametrize(("section", "key"), PATHS)
def test_a_home_directory_is_meant_by_a_tilde(monkeypatch: pytest.MonkeyPatch, section: str, key: str) -> None:
    monkeypatch.setenv("HOME", "/home/anna")
    for given, expected in (("~/x", "/home/anna/x"), ("~", "/home/anna"), ("a/~b", "a/~b"), ("/x/~", "/x/~")):
        for config in (parse_config({section: {key: given}}), parse_config({}, variable(section, key, given))):
            assert getattr(getattr(config, section), key) == expected


def test_a_home_directory_that_there_is_not_is_told() -> None:
    values = {section: {key: "~no-such-user/x"} for section, key in PATHS[:2]}
    with pytest.raises(ConfigError) as refusal:
        parse_config(values)
    assert list(refusal.value.problems) == [
        f"{section}.{key}: ~no-such-user/x: there is no home directory for ~no-such-user" for section, key in PATHS[:2]
    ]


def test_a_rendered_file_leaves_the_home_directory_to_who_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("voices: {directory: ~/voices}")
    assert load_config_values(path)["voices"]["directory"] == "~/voices"


def variable(section: str, key: str, value: str) -> dict[str, str]:
    return {f"HAILO_PIPER__{section}__{key}".upper(): value}


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def test_every_setting_has_its_variable() -> None:
    defaults = load_config(None).as_values()
    environment: dict[str, str] = {}
    for section, key in keys():
        environment |= variable(section, key, as_text(defaults[section][key]))
    config = parse_config({"server": {"port": 1}, "logging": {"level": "ERROR"}}, environment)
    assert config.as_values() == defaults
    assert {origin.kind for origin in config.origins.values()} == {"environment"}
    assert {origin.name for origin in config.origins.values()} == set(environment)


def test_each_value_knows_where_it_is_from(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("server: {port: 6000, debug: false}\nlogging: {level: ERROR}\nvoices:\n")
    config = load_config(path, {"HAILO_PIPER__SERVER__DEBUG": "true"})
    assert config.origins == {
        "server.port": Origin("file", str(path)),
        "server.debug": Origin("environment", "HAILO_PIPER__SERVER__DEBUG"),
        "logging.level": Origin("file", str(path)),
    }
    changed = config.with_options("--port", "server", port=6001)
    assert (changed.server.port, changed.server.debug) == (6001, True)
    assert changed.origins["server.port"] == Origin("option", "--port")
    assert "origins" not in changed.as_values()


@pytest.mark.parametrize(
    ("section", "key", "text", "value"),
    [
        ("server", "port", "8080", 8080),
        ("server", "port", " 8080 ", 8080),
        ("server", "port", "8080.0", 8080),
        ("server", "debug", "true", True),
        ("server", "debug", "True", True),
        ("server", "debug", "0", False),
        ("wyoming", "enabled", "yes", True),
        ("wyoming", "zeroconf", "off", False),
        ("piper", "volume", "0.5", 0.5),
        ("piper", "volume", "2", 2),
        ("synthesis", "sample_rate", "null", None),
        ("synthesis", "sample_rate", "16000", 16000),
        ("server", "api_keys_file", "null", None),
        ("server", "host", "8080", "8080"),
        ("server", "host", "null", "null"),
        ("server", "cors_origins", "https://a.example, https://b.example", ["https://a.example", "https://b.example"]),
        ("server", "cors_origins", '["*"]', ["*"]),
        ("server", "cors_origins", "", []),
        ("voices", "aliases", '{"anna": "default"}', {"anna": "default"}),
        ("voices", "aliases", "{}", {}),
    ],
)
def test_a_variable_is_read_as_its_setting_is_declared(section: str, key: str, text: str, value: object) -> None:
    found = getattr(getattr(parse_config({}, variable(section, key, text)), section), key)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("SERVER__PROT", "1", "did you mean HAILO_PIPER__SERVER__PORT?"),
        ("server__port", "1", "did you mean HAILO_PIPER__SERVER__PORT?"),
        ("SEVER__PORT", "1", "did you mean HAILO_PIPER__SERVER__PORT?"),
        ("SERVER_PORT", "1", "did you mean HAILO_PIPER__SERVER__PORT?"),
        ("VOICES__ALIAS", "1", "did you mean HAILO_PIPER__VOICES__ALIASES?"),
        ("SERVER__FROB", "1", "known: HAILO_PIPER__SERVER__HOST, HAILO_PIPER__SERVER__PORT"),
        ("SERVER", "{}", "known: HAILO_PIPER__SERVER__HOST, HAILO_PIPER__SERVER__PORT"),
        ("FOO__BAR", "1", "HAILO_PIPER__SECTION__KEY, with a section of server, piper, voices"),
        ("SERVER__PORT", "many", '"many" is not an integer from 0 to 65535'),
        ("SERVER__PORT", "", '"" is not an integer from 0 to 65535'),
        ("SERVER__PORT", "70000", "70000 is not an integer from 0 to 65535"),
        ("SERVER__DEBUG", "maybe", '"maybe" is not true or false'),
        ("SERVER__HOST", "", '"" is shorter than 1 character'),
        ("SERVER__HOST", "\udcff", "its value is not UTF-8"),
        ("SERVER__API_KEYS_FILE", "", '"" is shorter than 1 character'),
        ("SERVER__CORS_ORIGINS", "https://a.example,x", '1: "x" does not match'),
        ("SERVER__CORS_ORIGINS", '["*"', "is not JSON"),
        ("VOICES__ALIASES", "anna=default", "is not JSON"),
        ("VOICES__ALIASES", '{"a": "x", "a": "y"}', "the key 'a' is given twice"),
        ("VOICES__ALIASES", "5", "5 is not a mapping"),
        ("VOICES__ALIASES", "[" * 100_000, "is not JSON"),
        ("VOICES__ALIASES", '{"a": 5}', "a: 5 is not a string or a mapping"),
        ("PIPER__VOLUME", "NaN", "NaN is not a number from 0 to 5"),
        ("SYNTHESIS__FORMAT", "mp4", "allowed: mp3, opus"),
    ],
)
def test_a_variable_that_cannot_be_is_told_by_its_name(name: str, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        parse_config({}, {f"HAILO_PIPER__{name}": text})
    (problem,) = refusal.value.problems
    assert problem.startswith(f"HAILO_PIPER__{name}: ")
    assert words in problem


def test_every_mistake_of_file_and_environment_is_told_at_once() -> None:
    environment = {
        "HAILO_PIPER__SERVER__PROT": "1",
        "HAILO_PIPER__PIPER__VOLUME": "9",
        "HAILO_PIPER__WYOMING__PORT": "x",
    }
    with pytest.raises(ConfigError) as refusal:
        parse_config({"server": {"port": -1}}, environment)
    assert sorted(problem.partition(":")[0] for problem in refusal.value.problems) == [
        "HAILO_PIPER__PIPER__VOLUME", "HAILO_PIPER__SERVER__PROT", "HAILO_PIPER__WYOMING__PORT", "server.port",
    ]  # fmt: skip


def test_what_a_cluster_sets_for_its_own_services_is_no_setting() -> None:
    environment = {"HAILO_PIPER_PORT": "tcp://10.0.0.1:5003", "HAILO_PIPER_SERVICE_HOST": "10.0.0.1", "PATH": "/bin"}
    assert parse_config({}, environment) == load_config(None)
