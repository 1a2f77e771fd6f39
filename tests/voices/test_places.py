"""Which directories voices are looked for in, which they are fetched into, and which voice a name means."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hailo_piper.__main__ import main
from hailo_piper.assembly import build_cache
from hailo_piper.cache.disk import DiskCache
from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.errors import ConfigError
from hailo_piper.voices.names import NamedVoice
from hailo_piper.voices.places import (
    SYSTEM,
    default_voice,
    installed,
    place_for_new,
    places,
    prepared_directory,
    with_voice,
)
from tests.support.hub import Hub, running_hub
from tests.support.tone_voice import make_tone_voice

CHOIR, TONE, JOE = "en_US-choir-low", "en_US-tone-low", "en_US-joe-medium"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's own directory."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "hailo-piper" / "voices"


def configured(**sections: dict[str, Any]) -> Config:
    return parse_config(sections)


def test_a_configured_directory_is_used_alone(own: Path, tmp_path: Path) -> None:
    config = configured(voices={"directory": str(tmp_path / "mine")})
    assert places(config) == [tmp_path / "mine"]
    assert place_for_new(config) == tmp_path / "mine"
    assert own not in places(config)


def test_the_systems_directory_and_the_users_own_are_looked_at(own: Path) -> None:
    assert places(configured()) == [SYSTEM, own]


@pytest.mark.parametrize("data_home", [None, "", "~/data", "data"])
def test_a_users_own_directory_is_in_his_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, data_home: str | None
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    if data_home is not None:
        monkeypatch.setenv("XDG_DATA_HOME", data_home)
    assert places(configured())[-1] == tmp_path / ".local/share/hailo-piper/voices"


@pytest.mark.parametrize("given", [None, "", "~/c", "c", "./c"])
def test_caches_and_state_are_in_his_home_where_a_variable_names_no_absolute_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
        if given is not None:
            monkeypatch.setenv(name, given)
    assert prepared_directory(configured()) == tmp_path / "home/.cache/hailo-piper"
    cache = build_cache(configured(performance={"cache_enabled": True}))
    assert isinstance(cache, DiskCache)
    assert cache._directory == tmp_path / "home/.local/state/hailo-piper/speech"
    cache.close()


def test_an_absolute_path_is_where_a_variable_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert prepared_directory(configured()) == tmp_path / "hailo-piper"


def test_a_system_directory_that_is_closed_to_the_user_is_none_of_his(own: Path, tmp_path: Path) -> None:
    system = tmp_path / "closed" / "models"
    make_tone_voice(system, name=CHOIR)
    code = f"""
import os
from pathlib import Path
from hailo_piper.config.loading import parse_config
from hailo_piper.voices.places import installed, place_for_new, places
system = Path({str(system)!r})
for closed in (system.parent, system):
    closed.chmod(0o700)
    # Whoever runs the tests may be root, whom nothing is closed to.
    if os.geteuid() == 0:
        os.seteuid(65534)
    else:
        closed.chmod(0)
    assert places(parse_config({{}}), system=system) == [Path({str(own)!r})], places(parse_config({{}}), system=system)
    assert place_for_new(parse_config({{}}), system=system) == Path({str(own)!r})
    assert not installed(places(parse_config({{}}), system=system))(0.0)
    if os.getuid() == 0:
        os.seteuid(0)
    closed.chmod(0o755)
assert places(parse_config({{}}), system=system)[0] == system
"""
    for path in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        path.chmod(0o755)
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_installed_service_keeps_its_one_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/var/lib")
    assert places(configured()) == [SYSTEM]
    assert place_for_new(configured()) == SYSTEM


def test_who_may_write_to_the_system_fetches_for_all_and_others_for_themselves(own: Path, tmp_path: Path) -> None:
    assert place_for_new(configured(), system=tmp_path / "system" / "models") == tmp_path / "system" / "models"
    (tmp_path / "file").write_text("")
    assert place_for_new(configured(), system=tmp_path / "file" / "models") == own
    if os.geteuid() != 0:
        assert place_for_new(configured(), system=Path("/root/models")) == own


def test_the_users_own_voice_comes_before_the_systems(own: Path, tmp_path: Path) -> None:
    system = tmp_path / "system"
    for directory, pitch in ((system, 20), (own, 30)):
        make_tone_voice(directory, pitch=pitch)
    make_tone_voice(system, name=CHOIR)
    found = installed([system, own])(0.0)
    assert {name: voice.model_path.parent for name, voice in found.items()} == {TONE: own, CHOIR: system}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    directory = tmp_path / "models"
    make_tone_voice(directory, name=CHOIR, speakers=3)
    make_tone_voice(directory)
    aliases = {"tenor": {"voice": CHOIR, "speaker": "speaker-2"}, "alloy": "default", "plain": CHOIR}
    return configured(voices={"directory": str(directory), "aliases": aliases})


@pytest.mark.parametrize(
    ("name", "voice_id", "speaker"),
    [(CHOIR, CHOIR, None), (f"{CHOIR}#1", CHOIR, "1"), (f"{CHOIR}#speaker-2", CHOIR, "2"), (CHOIR.upper(), CHOIR, None),
     (f"{CHOIR}:1", CHOIR, "1"), ("tenor", CHOIR, "speaker-2"), ("TENOR", CHOIR, "speaker-2"), ("plain", CHOIR, None),
     ("plain#0", CHOIR, "0"), (JOE, JOE, None), ("default", JOE, None), ("alloy", JOE, None), ("Alloy#0", JOE, "0")],
)  # fmt: skip
def test_a_name_means_what_it_means_in_requests(config: Config, name: str, voice_id: str, speaker: str | None) -> None:
    named = default_voice(with_voice(config, name))
    assert named.voice.id == voice_id
    assert named == NamedVoice(named.voice, None if speaker is None else named.voice.speaker_id(speaker))
    # In the configuration, too.
    assert default_voice(configured(piper={"model_path": name}, voices=config.voices._asdict())).voice.id == voice_id


def test_default_is_the_configured_one(config: Config) -> None:
    config = with_voice(config, f"{CHOIR}#1")
    assert default_voice(with_voice(config, "default")) == default_voice(config)
    assert default_voice(with_voice(config, "alloy#2")).speaker == 2
    assert default_voice(with_voice(config, TONE)).voice.id == TONE


@pytest.mark.parametrize("name", ["nobody", "", "#", "#" * 1000, f"{CHOIR}#nobody", f"{CHOIR}#", "choir", "a\0"])
def test_a_name_that_is_not_known_is_told_with_those_that_are(config: Config, name: str) -> None:
    with pytest.raises(ConfigError, match=f"Allowed: default, .*{CHOIR}|speaker-0, speaker-1") as refusal:
        with_voice(config, name)
    assert len(str(refusal.value)) < 1000


@pytest.mark.parametrize("path", ["nowhere/x.onnx", "x.onnx", "./x", "x.onnx#1", "/x.onnx#nobody"])
def test_a_path_is_a_path(config: Config, path: str) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        default_voice(with_voice(config, path))


def test_a_path_that_is_too_long_is_told_in_few_words(config: Config) -> None:
    with pytest.raises(ConfigError, match="cannot be read: File name too long") as refusal:
        default_voice(with_voice(config, f"/{'a' * 5000}.onnx"))
    assert len(str(refusal.value)) < 1000


def test_a_path_may_have_a_speaker_and_any_name(config: Config, tmp_path: Path) -> None:
    model = make_tone_voice(tmp_path / "a#b", name=CHOIR, speakers=3)
    assert default_voice(with_voice(config, str(model))).speaker is None
    assert default_voice(with_voice(config, f"{model}#speaker-1")) == NamedVoice(
        default_voice(with_voice(config, str(model))).voice, 1
    )
    with pytest.raises(ConfigError, match="Unknown speaker"):
        default_voice(with_voice(config, f"{model}#nobody"))


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with running_hub() as hub:
        hub.offer(make_tone_voice(tmp_path / "hub", name=CHOIR, speakers=3))
        yield hub


@pytest.fixture
def run(
    hub: Hub, tmp_path: Path, cache_directory: Path, monkeypatch: pytest.MonkeyPatch, tone_path: Path
) -> Callable[..., int]:
    """The command line of a user who may not write to the system's directory."""
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(places, "__kwdefaults__", {"system": tmp_path / "file" / "models"})
    monkeypatch.setattr(place_for_new, "__kwdefaults__", {"system": tmp_path / "file" / "models"})
    config = tmp_path / "config.yaml"
    config.write_text(
        json.dumps(
            {
                "piper": {"model_path": str(tone_path), "cache_directory": str(cache_directory)},
                "voices": {"catalogue_url": hub.url},
            }
        )
    )
    return lambda *arguments: main([*arguments, "--config", str(config)])


@pytest.mark.usefixtures("own")
def test_a_language_that_the_hub_has_not_is_told(run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("voices", "available", "--language", "klingon") == 1
    assert "no voice for language 'klingon'; it has: en_US" in capsys.readouterr().err


def test_a_user_fetches_into_his_own_directory_speaks_and_removes(
    run: Callable[..., int], own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("voices", "fetch", CHOIR) == 0
    shown = capsys.readouterr()
    assert f"{own}/{CHOIR}.onnx: fetched and checked" in shown.out
    assert f"say --voice {CHOIR}" in shown.err
    assert run("voices", "list") == 0
    shown = capsys.readouterr()
    assert [line.split()[0] for line in shown.out.splitlines()] == [TONE, CHOIR]
    assert shown.out.rstrip().endswith(str(own))
    # That is for people, where others read names.
    assert "fetched into" not in shown.out
    spoken = []
    for number, name in enumerate([CHOIR, f"{CHOIR}#2", "default"]):
        file = tmp_path / f"{number}.wav"
        assert run("say", "Hello.", "-o", str(file), "--voice", name) == 0
        spoken.append(file.read_bytes())
    assert len(set(spoken)) == 3
    assert run("voices", "verify") == 0
    assert run("voices", "remove", CHOIR) == 0
    assert list(own.iterdir()) == []
    capsys.readouterr()
    assert run("say", "Hello.", "-o", str(tmp_path / "x.wav"), "--voice", CHOIR) == 78
    assert f"Unknown voice: '{CHOIR}'" in capsys.readouterr().err


def test_serving_one_voice_says_how_to_have_more(tone_path: Path, tmp_path: Path, cache_directory: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(
        json.dumps(
            {
                "server": {"port": 0, "host": "127.0.0.1"},
                "piper": {"model_path": str(tone_path), "cache_directory": str(cache_directory)},
                "voices": {"directory": str(tmp_path / "models")},
            }
        )
    )
    command = [sys.executable, "-m", "hailo_piper", "serve", "--config", str(config)]

    def said() -> str:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            assert process.stdout
            lines = [process.stdout.readline() for _ in range(2)]
            process.terminate()
            return "".join(lines) + process.stdout.read()

    hint = f"{sys.executable} -m hailo_piper voices fetch NAME --config {config}"
    assert hint in said()
    make_tone_voice(tmp_path / "models", name=CHOIR)
    assert hint not in said()
