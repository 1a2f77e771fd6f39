import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from hailo_piper.__main__ import main
from hailo_piper.errors import FetchError, VoiceNotFoundError
from hailo_piper.voices.fetching.catalogue import Catalogue, fetch_voice, root_of
from hailo_piper.voices.fetching.download import FETCHING, fetch_files
from hailo_piper.voices.fetching.remote_file import RemoteFile, fetch_small
from tests.support.hub import CONTENT, ID, Hub, running_hub

MODEL = CONTENT[".onnx"]


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as hub:
        yield hub


def fetch(hub: Hub, directory: Path, **options: Any) -> bool:
    return fetch_voice(Catalogue.fetch(hub.url).voice(ID), directory, **options)


def quick(hub: Hub, directory: Path) -> None:
    """The same without the pauses between attempts."""
    fetch_files(Catalogue.fetch(hub.url).voice(ID).files, directory, pause=lambda _: None)


def assert_whole(directory: Path) -> None:
    assert {path.name: path.read_bytes() for path in directory.iterdir()} == {
        f"{ID}{end}": content for end, content in CONTENT.items()
    }


def test_a_voice_arrives_whole_and_readable_by_all(hub: Hub, tmp_path: Path) -> None:
    told: list[int] = []
    assert fetch(hub, tmp_path / "models", on_progress=told.append)
    assert_whole(tmp_path / "models")
    assert sum(told) == sum(map(len, CONTENT.values()))
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "models").iterdir()} == {0o644}


def test_what_is_here_is_not_fetched_again(hub: Hub, tmp_path: Path) -> None:
    fetch(hub, tmp_path)
    hub.asked.clear()
    assert not fetch(hub, tmp_path)
    assert [path for path, _ in hub.asked] == ["/voices.json"]


def test_a_damaged_file_is_fetched_again_and_the_good_one_is_not(hub: Hub, tmp_path: Path) -> None:
    fetch(hub, tmp_path)
    (tmp_path / f"{ID}.onnx").write_bytes(MODEL[:-1] + b"?")
    hub.asked.clear()
    assert fetch(hub, tmp_path)
    assert_whole(tmp_path)
    assert len(hub.asked) == 2


def test_a_cut_connection_is_taken_up_where_it_ended(hub: Hub, tmp_path: Path) -> None:
    hub.cut_at = [1000, 0, 2000]
    quick(hub, tmp_path)
    assert_whole(tmp_path)
    ranges = [given for path, given in hub.asked if path.endswith(".onnx")]
    assert ranges == [None, "bytes=1000-", "bytes=1000-", "bytes=3000-"]


def test_a_signal_while_files_are_handed_out_ends_those_under_way(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit = ThreadPoolExecutor.submit

    def interrupted(pool: ThreadPoolExecutor, task: Any, *arguments: Any) -> Any:
        # The second file of the voice; the first is half here, and no more of it will come.
        if hub.waiting.is_set():
            raise KeyboardInterrupt
        begun = submit(pool, task, *arguments)
        if arguments[-1].name.endswith(".onnx"):
            assert hub.waiting.wait(30)
        return begun

    hub.gate = threading.Event()
    monkeypatch.setattr(ThreadPoolExecutor, "submit", interrupted)
    ended = threading.Event()

    def fetch_in_vain() -> None:
        with pytest.raises(KeyboardInterrupt):
            fetch_files(reversed_files(hub), tmp_path)
        ended.set()

    thread = threading.Thread(target=fetch_in_vain)
    thread.start()
    try:
        assert ended.wait(30), "it waits for bytes that never come"
    finally:
        hub.gate.set()
        thread.join()
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == []


def reversed_files(hub: Hub) -> list[RemoteFile]:
    """The files of the voice, the large one first."""
    return list(reversed(Catalogue.fetch(hub.url).voice(ID).files))


def test_a_server_that_does_not_continue_begins_anew(hub: Hub, tmp_path: Path) -> None:
    hub.cut_at, hub.ignores_ranges = [1000], True
    told: list[int] = []
    fetch(hub, tmp_path, on_progress=told.append)
    assert_whole(tmp_path)
    assert sum(told) == sum(map(len, CONTENT.values()))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cut_at": [10] * 5}, "cut off 5 times; 50 of 512000 bytes came: not kept"),
        ({"content": {**CONTENT, ".onnx": MODEL[:-1] + b"?"}}, "its md5 is"),
        ({"content": {**CONTENT, ".onnx": MODEL[:1000]}}, "is 1000 bytes there, the catalogue says 512000: not kept"),
        ({"content": {**CONTENT, ".onnx": MODEL + b"?"}}, "is 512001 bytes there"),
        ({"content": {".onnx": MODEL}}, "the server answers 404 Not Found"),
    ],
)
def test_what_is_not_right_leaves_what_was_there(hub: Hub, tmp_path: Path, change: dict[str, Any], words: str) -> None:
    (tmp_path / f"{ID}.onnx").write_bytes(b"old")
    (tmp_path / f"{FETCHING}abandoned").mkdir()
    for name, value in change.items():
        setattr(hub, name, value)
    with pytest.raises(FetchError, match=words):
        quick(hub, tmp_path)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(f"{ID}.onnx", b"old")]


def test_a_directory_that_cannot_be_written_is_told(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FetchError, match="file/models: Not a directory"):
        fetch(hub, tmp_path / "file" / "models")


def test_a_disk_without_room_is_told_before_anything_is_fetched(tmp_path: Path) -> None:
    file = RemoteFile(url="http://127.0.0.1:1/x", name="x", size_bytes=1 << 60, md5="")
    with pytest.raises(FetchError, match="No space left on device: 1152921504606846976 bytes are needed"):
        fetch_files([file], tmp_path)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:1/voices.json", "Connection refused"),
        ("file:///etc/passwd", "not an http or https address"),
        ("http://no.such.host.invalid/voices.json", "no.such.host.invalid"),
    ],
)
def test_an_address_that_does_not_answer_is_told(url: str, words: str) -> None:
    with pytest.raises(FetchError, match=words):
        fetch_small(url, max_bytes=10)


def test_a_small_file_that_is_large_is_refused(hub: Hub) -> None:
    with pytest.raises(FetchError, match="10 are allowed"):
        fetch_small(f"{hub.url}/voices.json", max_bytes=10)


@pytest.mark.parametrize(
    ("catalogue", "words"),
    [
        (b"<html>", "is no JSON"),
        (b"[]", "is no catalogue of voices"),
        (json.dumps({ID: {}}).encode(), f"entry of {ID} is damaged"),
        (json.dumps({ID: {"files": {"a": {"size_bytes": 1, "md5_digest": "x"}}}}).encode(), f"lacks {ID}.onnx"),
    ],
)
def test_a_catalogue_that_is_none_is_told(hub: Hub, catalogue: bytes, words: str) -> None:
    hub.catalogue = catalogue
    with pytest.raises(FetchError, match=words):
        Catalogue.fetch(hub.url).voice(ID)


@pytest.mark.parametrize("name", ["en_US-sone-medium", "../../etc/passwd", ""])
def test_a_voice_that_is_not_there_is_told(hub: Hub, name: str) -> None:
    with pytest.raises(VoiceNotFoundError, match="Unknown voice"):
        Catalogue.fetch(hub.url).voice(name)


@pytest.mark.parametrize(
    ("url", "root", "voice"),
    [
        ("https://hub/root/", "https://hub/root", None),
        ("https://hub/r/en/en_US/some/medium/en_US-some-medium.onnx", "https://hub/r", "en_US-some-medium"),
        (
            "https://hub/r/en/en_US/some/medium/en_US-some-medium.onnx?download=true",
            "https://hub/r",
            "en_US-some-medium",
        ),
    ],
)
def test_an_address_is_a_hubs_or_a_voices(url: str, root: str, voice: str | None) -> None:
    assert root_of(url) == (root, voice)


def test_the_command_fetches_and_tells(hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["voices", "fetch", ID, "--catalogue-url", hub.url, "--directory", str(tmp_path)]
    assert main(arguments) == 0
    assert capsys.readouterr().out == f"{tmp_path}/{ID}.onnx: fetched and checked\n"
    assert main(arguments) == 0
    assert "was here already" in capsys.readouterr().out


def test_the_command_reads_hub_and_directory_from_the_configuration(hub: Hub, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(f"voices: {{catalogue_url: '{hub.url}', directory: {tmp_path}/voices}}\n")
    assert main(["voices", "fetch", ID, "--config", str(config)]) == 0
    assert_whole(tmp_path / "voices")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["en_US-sone-medium"], 2, f"Near it: {ID}"),
        ([], 2, "which voice?"),
        ([ID, "--directory", "/dev/null/x"], 1, "/dev/null/x: Not a directory"),
    ],
)
def test_the_command_tells_what_is_wrong(
    hub: Hub, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, words: str
) -> None:
    assert main(["voices", "fetch", "--catalogue-url", hub.url, *arguments]) == status
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "words"),
    [({"size_bytes": 0}, "impossible size or md5"), ({"size_bytes": -5}, "impossible size or md5"),
     ({"size_bytes": 10**15}, "impossible size or md5"), ({"md5_digest": "x"}, "impossible size or md5"),
     ({"md5_digest": "../../x"}, "impossible size or md5"), ({"size_bytes": "9" * 5000}, "is damaged"),
     ({"size_bytes": None}, "is damaged"), ({"size_bytes": float("inf")}, "is damaged"),
     ({"size_bytes": "x" * 100_000}, "is damaged")],
)  # fmt: skip
def test_an_entry_that_cannot_be_is_told(hub: Hub, change: dict[str, Any], words: str) -> None:
    catalogue = json.loads(hub.catalogue)
    for facts in catalogue[ID]["files"].values():
        facts.update(change)
    hub.catalogue = json.dumps(catalogue).encode()
    with pytest.raises(FetchError, match=words):
        Catalogue.fetch(hub.url).voice(ID)


def test_a_damaged_entry_hides_no_other(hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = json.loads(hub.catalogue)
    files = good[ID]["files"]
    bad = {
        "a-empty": {},
        "a-null": None,
        "a-many": {"files": files, "num_speakers": float("inf")},
        "a-digits": {"files": files, "num_speakers": 10**100},
        "a-text": {"files": files, "num_speakers": "x" * 10_000},
        "a-large": {"files": {f"a/a-large{end}": {"size_bytes": float("inf")} for end in (".onnx", ".onnx.json")}},
    }
    hub.catalogue = json.dumps(bad | good).encode()
    arguments = ["--catalogue-url", hub.url, "--directory", str(tmp_path)]
    assert main(["voices", "available", *arguments]) == 0
    shown = capsys.readouterr()
    assert [line.split()[0] for line in shown.out.splitlines()] == [ID]
    told = shown.err.splitlines()
    assert len(told) == len(bad)
    assert all(name in told[place] and len(told[place]) < 500 for place, name in enumerate(sorted(bad)))
    # Nor does it end a comparison.
    assert main(["voices", "fetch", ID, *arguments]) == 0
    (tmp_path / "a-empty.onnx").write_bytes(b"")
    capsys.readouterr()
    assert main(["voices", "verify", *arguments]) == 1
    shown = capsys.readouterr()
    assert shown.out == f"ok   {ID}\n"
    assert "entry of a-empty is damaged" in shown.err


def test_what_no_voice_needs_may_be_damaged(hub: Hub) -> None:
    catalogue = json.loads(hub.catalogue)
    catalogue[ID]["files"]["x/MODEL_CARD"] = None
    hub.catalogue = json.dumps(catalogue).encode()
    assert Catalogue.fetch(hub.url).voice(ID).id == ID


def test_a_catalogue_without_voices_is_told(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    hub.catalogue = b"{}"
    assert main(["voices", "available", "--catalogue-url", hub.url]) == 1
    assert "the hub has no voices" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["x.onnx", "http://h/x.onnx", "http://h/medium/x.onnx", "a/b/c/d/x.onnx", ".onnx"])
@pytest.mark.parametrize(("command", "status"), [("fetch", 2), ("available", 1)])
def test_an_address_in_no_hubs_layout_is_told(
    capsys: pytest.CaptureFixture[str], url: str, command: str, status: int
) -> None:
    assert main(["voices", command, "--catalogue-url", url]) == status
    assert f"'{url}' is not in a hub's layout" in capsys.readouterr().err


@pytest.mark.parametrize("language", ["\x1b[2J", "en\nfake", "x" * 5000, "../x"])
def test_a_language_that_is_none_is_told_in_few_words(hub: Hub, language: str) -> None:
    catalogue = json.loads(hub.catalogue)
    catalogue[ID]["language"] = {"code": language}
    hub.catalogue = json.dumps(catalogue).encode()
    with pytest.raises(FetchError, match="is damaged") as refusal:
        Catalogue.fetch(hub.url).voice(ID)
    assert len(str(refusal.value)) < 500
    assert str(refusal.value).isprintable()


def test_names_that_no_file_may_have_are_not_listed(hub: Hub) -> None:
    entry = json.loads(hub.catalogue)[ID]
    names = [ID, "../../etc/x", "\x1b[2J", "a b", "", "x" * 200]
    hub.catalogue = json.dumps(dict.fromkeys(names, entry)).encode()
    assert [voice.id for voice in Catalogue.fetch(hub.url).voices()] == [ID]
