import errno
import os
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hailo_piper.cli import outputs
from hailo_piper.cli.outputs import TerminalError, opened


def write(name: object, *pieces: bytes, header: bytes = b"HEAD") -> None:
    with opened(str(name)) as output:
        for piece in pieces:
            output.write(piece)
        output.finish(header)


def written(name: object) -> None:
    write(name, b"head", b"body")


@pytest.fixture(params=["new", "there"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "a.wav"
    if request.param == "there":
        path.write_bytes(b"what was here before")
    return path


def test_a_file_is_whole_with_its_last_header(path: Path) -> None:
    written(path)
    assert path.read_bytes() == b"HEADbody"
    assert list(path.parent.iterdir()) == [path]


def test_a_file_stays_as_it_was_until_then(path: Path) -> None:
    before = path.read_bytes() if path.exists() else None
    with opened(str(path)) as output:
        output.write(b"half of it")
        assert (path.read_bytes() if path.exists() else None) == before
    assert (path.read_bytes() if path.exists() else None) == before
    assert len(list(path.parent.iterdir())) == int(before is not None)


def test_a_new_file_has_the_mode_of_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        written(tmp_path / "a.wav")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.wav").stat().st_mode) == 0o640


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.touch(0o600)
    written(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("target", ["there", "missing"])
@pytest.mark.parametrize("relative", [True, False])
def test_a_link_is_followed(tmp_path: Path, target: str, *, relative: bool) -> None:
    directory = tmp_path / "elsewhere"
    directory.mkdir()
    if target == "there":
        (directory / target).write_bytes(b"before")
    link, second = tmp_path / "a.wav", tmp_path / "b.wav"
    link.symlink_to(f"elsewhere/{target}" if relative else directory / target)
    second.symlink_to(link)
    written(second)
    assert second.is_symlink()
    assert link.is_symlink()
    assert (directory / target).read_bytes() == b"HEADbody"
    assert len(list(directory.iterdir())) == 1


def test_the_other_names_of_a_file_stay_names_of_it(tmp_path: Path) -> None:
    path, other = tmp_path / "a.wav", tmp_path / "b.wav"
    path.write_bytes(b"what was here before, and is longer")
    other.hardlink_to(path)
    written(path)
    assert other.read_bytes() == b"HEADbody"
    assert path.samefile(other)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without root's rights, which no mode of a directory holds off."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_in_a_directory_that_takes_no_other_is_written_in_place() -> None:
    # pytest's own directories let nobody in.
    with tempfile.TemporaryDirectory() as name:
        directory, path = Path(name), Path(name) / "a.wav"
        path.write_bytes(b"what was here before, and is longer")
        path.chmod(0o666)
        directory.chmod(0o555)
        with as_nobody():
            written(path)
            with pytest.raises(PermissionError) as refusal:
                written(directory / "new.wav")
        assert refusal.value.filename == str(directory / "new.wav")
        assert path.read_bytes() == b"HEADbody"
        directory.chmod(0o755)


def test_a_file_that_may_not_be_written_stays_as_it_is() -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "a.wav"
        path.write_bytes(b"before")
        path.chmod(0o444)
        Path(name).chmod(0o777)
        with as_nobody(), pytest.raises(PermissionError):
            written(path)
        assert path.read_bytes() == b"before"


def test_a_file_that_others_are_mounted_on_is_written_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"what was here before, and is longer")

    def refuse(self: Path, target: Path) -> None:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(self), None, str(target))

    # Only root could mount.
    monkeypatch.setattr(Path, "replace", refuse)
    written(path)
    assert path.read_bytes() == b"HEADbody"
    assert list(tmp_path.iterdir()) == [path]


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(path.read_bytes()))
    reader.start()
    written(path)
    reader.join()
    assert read == [b"headbody"]
    assert path.is_fifo()


def test_a_socket_is_written_into(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(tmp_path / "socket"))
        listener.listen()
        written(tmp_path / "socket")
        connection, _ = listener.accept()
        with connection:
            assert connection.makefile("rb").read() == b"headbody"


@pytest.mark.parametrize("linked", [True, False])
def test_a_device_is_written_into(tmp_path: Path, *, linked: bool) -> None:
    name = Path("/dev/null")
    if linked:
        name = tmp_path / "null"
        name.symlink_to("/dev/null")
    before = os.lstat("/dev/null")
    written(name)
    assert os.lstat("/dev/null") == before
    with pytest.raises(OSError, match="No space left on device"):
        written("/dev/full")


@pytest.mark.parametrize("pattern", ["/dev/fd/{}", "/proc/self/fd/{}"])
def test_an_open_descriptor_is_written_into(tmp_path: Path, pattern: str) -> None:
    path = tmp_path / "a.wav"
    with path.open("wb") as file:
        file.write(b"before")
        file.flush()
        written(pattern.format(file.fileno()))
        file.write(b"after")
    # The header goes where the sound began, and what is written next goes on behind it.
    assert path.read_bytes() == b"beforeHEADbodyafter"


@pytest.mark.parametrize("pattern", ["/proc/thread-self/fd/{}", "/proc/{pid}/fd/{}", "//dev/fd/{}", "link"])
def test_whatever_leads_to_an_open_descriptor_is_written_into_it(tmp_path: Path, pattern: str) -> None:
    path, name = tmp_path / "a.wav", pattern
    path.write_bytes(b"before")
    with path.open("ab") as file:
        if pattern == "link":
            (tmp_path / "link").symlink_to(f"/dev/fd/{file.fileno()}")
            name = str(tmp_path / "link")
        written(name.format(file.fileno(), pid=os.getpid()))
    assert path.read_bytes() == b"beforeheadbody"


def test_what_another_process_writes_to_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"before")
    # Its number is one that is closed here.
    command = ["bash", "-c", "exec 77>>$0; echo; read", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        other.stdout.readline()
        written(f"/proc/{other.pid}/fd/77")
        other.communicate(b"")
    assert path.read_bytes() == b"beforeheadbody"


def test_what_is_appended_to_keeps_its_first_header(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"before")
    with path.open("ab") as file:
        written(f"/dev/fd/{file.fileno()}")
    assert path.read_bytes() == b"beforeheadbody"


def test_a_terminal_is_refused() -> None:
    ours, terminal = os.openpty()
    try:
        for name in (f"/dev/fd/{terminal}", os.ttyname(terminal)):
            with pytest.raises(TerminalError):
                written(name)
        with pytest.raises(TerminalError):
            outputs.check(f"/dev/fd/{terminal}")
    finally:
        os.close(ours)
        os.close(terminal)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "It names no file"),
        (".", "Is a directory, name a file"),
        ("new/", "Is a directory, name a file"),
        ("there.wav/", "Is a directory, name a file"),
        ("no/such/x.wav", "No such file or directory"),
        ("there.wav/x.wav", "Not a directory"),
        ("loop/x.wav", "Too many levels of symbolic links"),
        ("x" * 300, "File name too long"),
        ("/dev/fd/999", "Bad file descriptor"),
        ("/dev/fd/99999999999999", "Bad file descriptor"),
    ],
)
def test_a_name_that_can_be_no_output_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.wav").write_bytes(b"before")
    (tmp_path / "loop").symlink_to("loop")
    for look in (outputs.check, written):
        if look is written or name != "/dev/fd/999":
            with pytest.raises(OSError, match=words) as refusal:
                look(name)
            assert refusal.value.filename in (name, "-o", None)
    assert (tmp_path / "there.wav").read_bytes() == b"before"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_second_signal_leaves_no_part_of_a_file(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from hailo_piper.cli.interruption import stoppable\n"
        "from hailo_piper.cli.outputs import opened\n"
        "with stoppable(), opened(sys.argv[1]) as output:\n"
        "    output.write(b'x'); os.kill(os.getpid(), signal.SIGINT)\n"
    )
    # A stop that unwinds no more, as after the first signal.
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "a.wav")], check=False)
    assert (done.returncode, list(tmp_path.iterdir())) == (130, [])
