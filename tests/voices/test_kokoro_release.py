"""`hailo-piper voices fetch kokoro`, against a server of this machine with the release's layout."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hailo_piper.__main__ import main
from hailo_piper.errors import FetchError
from hailo_piper.voices.directory import VoiceDirectory
from hailo_piper.voices.fetching import kokoro
from hailo_piper.voices.fetching.kokoro import fetch_kokoro, released
from hailo_piper.voices.fetching.remote_file import RemoteFile
from hailo_piper.voices.kokoro_voices import LANGUAGES
from tests.support.hub import Hub, running_hub

CONTENT = {"kokoro-v1.0.int8.onnx": bytes(range(256)) * 1000, "voices-v1.0.bin": b"styles" * 1000}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    pinned = tuple((name, len(content), hashlib.sha256(content).hexdigest()) for name, content in CONTENT.items())
    monkeypatch.setattr(kokoro, "_RELEASED", pinned)
    with running_hub() as hub:
        hub.files = {f"/release/{name}": content for name, content in CONTENT.items()}
        yield hub


def files_of(hub: Hub) -> tuple[RemoteFile, ...]:
    return released(f"{hub.url}/release/")


def test_each_language_is_a_voice_with_the_files_of_the_release(hub: Hub, tmp_path: Path) -> None:
    assert fetch_kokoro(files_of(hub), tmp_path)
    voices = VoiceDirectory(tmp_path).voices(0.0)
    assert voices.keys() == LANGUAGES.keys()
    for name, language in LANGUAGES.items():
        voice = voices[name]
        assert (voice.engine, voice.language, voice.sample_rate) == ("kokoro", language.code, 24_000)
        assert tuple(voice.speakers) == language.speakers
        assert voice.size_bytes > sum(map(len, CONTENT.values()))
        for file, content in CONTENT.items():
            assert (tmp_path / name / file).read_bytes() == content
    assert not (tmp_path / "kokoro-es" / "voices-v1.0.bin").readlink().is_absolute()


def test_a_cut_connection_is_taken_up_and_nothing_is_fetched_twice(hub: Hub, tmp_path: Path) -> None:
    hub.cut_at = [1000]
    assert fetch_kokoro(files_of(hub), tmp_path)
    assert ("/release/kokoro-v1.0.int8.onnx", "bytes=1000-") in hub.asked
    hub.asked.clear()
    assert not fetch_kokoro(files_of(hub), tmp_path)
    assert hub.asked == []


@pytest.mark.usefixtures("hub")
def test_copies_of_the_files_need_no_network(tmp_path: Path) -> None:
    (tmp_path / "kokoro").mkdir()
    for name, content in CONTENT.items():
        (tmp_path / "kokoro" / name).write_bytes(content)
    assert not fetch_kokoro(released("http://127.0.0.1:9"), tmp_path)
    assert VoiceDirectory(tmp_path).voices(0.0).keys() == LANGUAGES.keys()


@pytest.mark.parametrize(
    ("served", "problem"),
    [(b"styles" * 999 + b"stylez", "its sha256 is"), (b"short", "is 5 bytes there"), (None, "404")],
)
def test_other_files_are_not_kept(hub: Hub, tmp_path: Path, served: bytes | None, problem: str) -> None:
    path = "/release/voices-v1.0.bin"
    hub.files = {name: content for name, content in hub.files.items() if name != path}
    if served is not None:
        hub.files = {**hub.files, path: served}
    with pytest.raises(FetchError, match=problem):
        fetch_kokoro(files_of(hub), tmp_path)
    assert VoiceDirectory(tmp_path).voices(0.0) == {}
    assert list((tmp_path / "kokoro").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "kokoro-es").write_text("a file")
    with pytest.raises(FetchError, match="kokoro-es: File exists"):
        fetch_kokoro(files_of(hub), tmp_path)


def test_the_pinned_files_are_those_of_the_release() -> None:
    graph, styles = released("https://mirror.example/kokoro/")
    assert graph.url == "https://mirror.example/kokoro/kokoro-v1.0.int8.onnx"
    assert (graph.size_bytes, styles.size_bytes) == (92_361_271, 28_214_398)
    # 54 tables of 510 rows, and the directory of an .npz.
    assert 0 < styles.size_bytes - 54 * 510 * 256 * 4 < 20_000
    assert {len(file.sha256) for file in (graph, styles)} == {64}


def test_the_commands_fetch_list_verify_and_remove_it(
    hub: Hub, tmp_path: Path, tone_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory, config = tmp_path / "models", tmp_path / "config.json"
    voices = {"directory": str(directory), "kokoro_url": f"{hub.url}/release", "catalogue_url": hub.url}
    config.write_text(json.dumps({"piper": {"model_path": str(tone_path)}, "voices": voices}))

    def run(*arguments: str) -> tuple[int, str]:
        status = main(["voices", *arguments, "--config", str(config)])
        return status, capsys.readouterr().out

    assert run("fetch", "kokoro") == (0, f"{directory}/kokoro: fetched and checked\n")
    assert run("fetch", "kokoro") == (0, f"{directory}/kokoro: was here already, whole and right\n")
    status, shown = run("list")
    assert status == 0
    assert [line.split()[0] for line in shown.splitlines()[1:]] == sorted(LANGUAGES)
    assert "20 speakers" in shown
    assert run("verify") == (0, "ok   kokoro\n")
    styles = directory / "kokoro" / "voices-v1.0.bin"
    styles.write_bytes(styles.read_bytes()[:-1] + b"?")
    status, shown = run("verify")
    assert status == 1
    assert "its sha256 is" in shown
    assert run("remove", "kokoro-es") == (0, f"{directory}/kokoro-es: removed\n")
    assert styles.is_file()
    status, shown = run("remove", "kokoro")
    assert (status, shown.count("removed")) == (0, len(LANGUAGES) - 1)
    assert list(directory.iterdir()) == []
    hub.files = {}
    assert run("fetch", "kokoro")[0] == 1
