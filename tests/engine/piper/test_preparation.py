"""A voice being prepared, whoever ends it; and prepared files that somebody writes to while they are mapped."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from hailo_piper.audio.samples import Samples
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.model import Delivery
from hailo_piper.engine.piper.prepared import store
from hailo_piper.engine.piper.prepared.errors import CannotCut
from hailo_piper.engine.piper.prepared.store import remove_entries
from hailo_piper.engine.shared_parts import SharedParts
from hailo_piper.errors import SynthesisError
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.voice import embedded_model_path, read_voice
from tests.support import ROOT
from tests.support.client import wait_until
from tests.support.preparing import prepare
from tests.support.raw_http import serving
from tests.support.speakers import piper
from tests.support.tiny_voice import save_tiny_voice

DELIVERY = Delivery(length_scale=1, noise_scale=0, noise_w_scale=0, speaker_id=0)
LEFT = ["digests.json"]


def children(cache: Path) -> list[int]:
    """Preparing processes that write there."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes()
        except OSError:
            continue
        if b"hailo_piper.engine.piper.preparing" in command and str(cache).encode() in command:
            found.append(int(path.parent.name))
    return found


def left(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.iterdir())


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(f"piper: {{cache_directory: {tmp_path / 'cache'}}}\nvoices: {{directory: {tmp_path / 'voices'}}}\n")
    return path


@pytest.mark.parametrize("step", ["preparing the voice", "reading the voice", "optimising", "checking"])
def test_a_service_that_stops_ends_its_preparation_and_leaves_nothing(config: Path, tmp_path: Path, step: str) -> None:
    with serving("--config", str(config)) as (process, _):
        assert process.stderr
        for line in process.stderr:
            if step in line:
                break
        wait_until(lambda: bool(children(tmp_path / "cache")))
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert not children(tmp_path / "cache")
        assert left(tmp_path / "cache") == LEFT
        assert "cannot be streamed" not in process.stderr.read()


def test_the_preparation_of_a_killed_service_ends_and_the_next_removes_what_it_left(
    config: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    with serving("--config", str(config)) as (process, _):
        wait_until(lambda: bool(children(cache)), timeout_seconds=60)
        process.kill()
        process.wait()
    wait_until(lambda: not children(cache))
    assert list(cache.glob(".making-*"))
    made = prepare(save_tiny_voice(tmp_path / "tiny.onnx"), cache)
    assert left(cache) == sorted([*LEFT, made.encoder_path.parent.name])


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_prepare_is_ended_by_a_signal_and_leaves_nothing(
    config: Path, tmp_path: Path, number: signal.Signals, status: int
) -> None:
    command = [sys.executable, "-m", "hailo_piper", "prepare", "--config", str(config)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        wait_until(lambda: bool(children(tmp_path / "cache")), timeout_seconds=60)
        process.send_signal(number)
        assert process.wait(60) == status
        assert "Traceback" not in process.stderr.read()
    # One that was being started just then ends as soon as it sees that nobody is there.
    wait_until(lambda: not children(tmp_path / "cache"), timeout_seconds=60)
    assert left(tmp_path / "cache") == LEFT


def sleeper(begun: Path) -> str:
    """A calibration that takes for ever, and makes a file when it begins."""
    return (
        "import pathlib, signal, time\n"
        "def level(path):\n"
        "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"    pathlib.Path({str(begun)!r}).touch()\n"
        "    time.sleep(600)\n"
    )


def test_a_child_that_says_nothing_is_ended_at_once(tmp_path: Path) -> None:
    begun = tmp_path / "begun"

    def follow(_: str | None) -> None:
        if begun.exists():
            raise CannotCut("enough")

    tiny = save_tiny_voice(tmp_path / "tiny.onnx")
    with pytest.raises(CannotCut, match="enough"):
        prepare(tiny, tmp_path / "cache", on_progress=follow, calibration=sleeper(begun))
    assert not children(tmp_path / "cache")
    assert left(tmp_path / "cache") == LEFT


def test_who_waits_for_another_process_to_prepare_can_be_ended_too(tmp_path: Path) -> None:
    begun, cache = tmp_path / "begun", tmp_path / "cache"
    model = save_tiny_voice(tmp_path / "tiny.onnx")
    program = (
        "import pathlib, sys\n"
        "from tests.support.preparing import prepare\n"
        f"prepare(*map(pathlib.Path, sys.argv[1:]), calibration={sleeper(begun)!r})\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", program, str(model), str(cache)], env=environment) as other:
        wait_until(begun.exists, timeout_seconds=60)
        asked = []

        def follow(_: str | None) -> None:
            asked.append(1)
            if len(asked) == 3:
                raise CannotCut("enough")

        with pytest.raises(CannotCut, match="enough"):
            prepare(model, cache, on_progress=follow)
        other.kill()
    wait_until(lambda: not children(cache))


def test_the_prepared_entry_of_a_removed_voice_goes_unless_it_is_anothers(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    one = save_tiny_voice(tmp_path / "one.onnx")
    other = Path(shutil.copy(one, tmp_path / "other.onnx"))
    made = prepare(one, cache)
    assert prepare(other, cache) == made
    remove_entries(one, cache)
    assert made.encoder_path.exists()
    one.unlink()
    remove_entries(other, cache)
    assert left(cache) == LEFT


def speak(engine: Engine, text: str = "Hello world, this is what I say.") -> Samples:
    with closing(engine.stream([Sentence(text)], DELIVERY)) as stream:
        return np.concatenate([chunk.samples for chunk in stream.read(0)])


@pytest.fixture(scope="module")
def prepared_cache(cache_directory: Path) -> Path:
    store.prepare(embedded_model_path(), cache_directory)
    return cache_directory


@pytest.fixture
def joe(prepared_cache: Path, tmp_path: Path, shared: SharedParts) -> Iterator[Engine]:
    """The prepared voice on files of its own."""
    shutil.copytree(prepared_cache, tmp_path / "cache")
    with closing(Engine(read_voice(embedded_model_path()), tmp_path / "cache", shared)) as engine:
        assert engine.is_prepared
        yield engine


def file_of(engine: Engine, name: str) -> Path:
    staged = piper(engine).preparation.staged
    assert staged is not None
    path = staged.encoder_path.with_name(name)
    assert path.stat().st_mode & 0o222 == 0, "nobody writes to it by accident"
    path.chmod(0o644)
    return path


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 3)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(os.urandom(1 << 16))


@pytest.mark.parametrize("name", ["encoder.bin", "flow.bin", "decoder.bin"])
@pytest.mark.parametrize("damage", [cut, empty, overwrite])
def test_files_damaged_while_mapped_are_not_spoken_from(
    joe: Engine, caplog: pytest.LogCaptureFixture, damage: Callable[[Path], None], name: str
) -> None:
    before = speak(joe)
    damage(file_of(joe, name))
    after = speak(joe)
    assert not joe.is_prepared
    assert len(after) == len(before)
    np.testing.assert_allclose(after, before, atol=5e-3)
    (warning,) = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert "en_US-joe-medium was damaged while in use" in warning


@pytest.mark.parametrize("damage", [cut, empty])
def test_files_damaged_while_mapped_are_not_timed_from(joe: Engine, damage: Callable[[Path], None]) -> None:
    before = joe.durations(Sentence("Hello world."), DELIVERY, is_alone=True).result()
    damage(file_of(joe, "encoder.bin"))
    after = joe.durations(Sentence("Hello world."), DELIVERY, is_alone=True).result()
    assert not joe.is_prepared
    np.testing.assert_array_equal(after.id_samples, before.id_samples)
    joe.close()
    with pytest.raises(SynthesisError, match="put away"):
        joe.durations(Sentence("Hello world."), DELIVERY, is_alone=True)


def test_damage_is_found_beside_a_file_that_was_replaced(joe: Engine) -> None:
    replace(file_of(joe, "encoder.bin"))
    file_of(joe, "flow.bin").unlink()
    overwrite(file_of(joe, "decoder.bin"))
    assert not piper(joe).preparation.is_intact()


def test_what_was_damaged_is_made_anew_without_a_restart(joe: Engine) -> None:
    before = speak(joe)
    cut(file_of(joe, "decoder.bin"))
    joe.mend()
    assert joe.is_prepared
    np.testing.assert_array_equal(speak(joe), before)
    joe.mend()
    assert joe.is_prepared


def touch(path: Path) -> None:
    os.utime(path)


def replace(path: Path) -> None:
    Path(shutil.copy(path, path.with_name("other"))).replace(path)


def replace_by_rubbish(path: Path) -> None:
    path.with_name("other").write_bytes(b"rubbish")
    path.with_name("other").replace(path)


@pytest.mark.parametrize("change", [touch, Path.unlink, replace, replace_by_rubbish])
def test_a_change_that_does_not_reach_what_is_mapped_changes_nothing(
    joe: Engine, caplog: pytest.LogCaptureFixture, change: Callable[[Path], None]
) -> None:
    before = speak(joe)
    change(file_of(joe, "decoder.bin"))
    for _ in range(2):
        np.testing.assert_array_equal(speak(joe), before)
        joe.mend()
    assert joe.is_prepared
    assert not caplog.records


def test_a_voice_of_an_earlier_release_is_protected_when_it_is_checked(
    prepared_cache: Path, tmp_path: Path, shared: SharedParts
) -> None:
    shutil.copytree(prepared_cache, tmp_path / "cache")
    for path in (tmp_path / "cache").rglob("*"):
        if path.is_file():
            path.chmod(0o644)
    for verified in (tmp_path / "cache").glob("*/verified.json"):
        verified.unlink()
    with closing(Engine(read_voice(embedded_model_path()), tmp_path / "cache", shared)) as engine:
        file_of(engine, "decoder.bin")
        assert len(speak(engine))
        assert engine.is_prepared
