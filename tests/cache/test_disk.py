import errno
import logging
import os
import pickle
import resource
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hailo_piper.cache.database import NAME, SpeechDatabase
from hailo_piper.cache.disk import DiskCache
from hailo_piper.cache.store import CachedSpeech, NullCache
from tests.support.client import wait_until
from tests.support.clock import FakeClock

SECOND = CachedSpeech(np.linspace(-1, 1, 22050, dtype=np.float32), length_announced=True)
SHORT = CachedSpeech(np.zeros(100, np.float32), length_announced=False)
TTL = 1000


@pytest.fixture
def make(tmp_path: Path, clock: FakeClock) -> Iterator[Callable[..., DiskCache]]:
    with ExitStack() as stack:

        def build(directory: Path = tmp_path, max_bytes: int = 1 << 24, patience_seconds: float = 5.0) -> DiskCache:
            cache = DiskCache(
                directory, max_bytes=max_bytes, ttl_seconds=TTL, patience_seconds=patience_seconds, clock=clock
            )
            stack.callback(cache.close)
            return cache

        yield build


@pytest.fixture
def clock() -> FakeClock:
    """The cache's idea of the time of day."""
    clock = FakeClock()
    clock.now = 1e9
    return clock


def size_on_disk(directory: Path) -> int:
    return sum(path.stat().st_size for path in directory.rglob("*"))


def equal(one: CachedSpeech | None, other: CachedSpeech) -> bool:
    return (
        one is not None
        and one.samples.tobytes() == other.samples.tobytes()
        and one.length_announced == other.length_announced
    )


def still_works(cache: DiskCache) -> bool:
    cache.put("after", SECOND)
    return equal(cache.get("after"), SECOND)


@pytest.mark.parametrize("speech", [SECOND, SHORT])
def test_what_was_put_comes_back_to_the_bit_and_after_a_restart(
    make: Callable[..., DiskCache], speech: CachedSpeech
) -> None:
    cache = make()
    assert cache.get("a") is None
    cache.put("a", speech)
    assert equal(cache.get("a"), speech)
    cache.close()
    assert equal(make().get("a"), speech)


def test_statistics_count_what_was_looked_for(make: Callable[..., DiskCache]) -> None:
    cache = make()
    assert cache.statistics.hit_rate == 0.0
    cache.put("a", SECOND)
    assert cache.has(["a", "b", "c", "a"]) == [True, False, False, True]
    statistics = cache.statistics
    assert (statistics.enabled, statistics.entries, statistics.hits, statistics.misses) == (True, 1, 2, 2)
    assert statistics.hit_rate == 0.5
    assert statistics.size_bytes > SECOND.samples.nbytes


@pytest.mark.parametrize(
    ("keys", "found", "has_first"),
    [(["a", "b"], [True, False], True), (["b", "a"], [False, True], False), ([], [], False)],
)
def test_one_question_finds_which_there_are_and_the_first(
    make: Callable[..., DiskCache], keys: list[str], found: list[bool], *, has_first: bool
) -> None:
    cache = make()
    cache.put("a", SECOND)
    there, first = cache.find(keys)
    assert there == found
    assert (first is not None and equal(first, SECOND)) is has_first
    assert (cache.statistics.hits, cache.statistics.misses) == (sum(found), len(found) - sum(found))


def test_clearing_forgets_everything(make: Callable[..., DiskCache], tmp_path: Path) -> None:
    cache = make()
    for number in range(5):
        cache.put(str(number), SECOND)
    assert cache.clear() == 5
    assert cache.has(["0", "4"]) == [False, False]
    assert cache.statistics.entries == 0
    assert size_on_disk(tmp_path) < SECOND.samples.nbytes


def test_an_entry_is_forgotten_after_its_time(make: Callable[..., DiskCache], clock: FakeClock) -> None:
    cache = make()
    cache.put("a", SECOND)
    assert cache.has(["a"]) == [True]
    clock.now += TTL - 1
    assert equal(cache.get("a"), SECOND)
    assert cache.has(["a"]) == [True]
    clock.now += 2
    assert cache.get("a") is None
    assert cache.has(["a"]) == [False]
    cache.put("b", SHORT)
    assert cache.has(["b"]) == [True]
    assert cache.statistics.entries == 1


def test_the_least_recently_used_makes_room(make: Callable[..., DiskCache], clock: FakeClock) -> None:
    cache = make(max_bytes=10 * SECOND.samples.nbytes)
    keys = [str(number) for number in range(9)]
    for key in keys:
        clock.now += 1
        cache.put(key, SECOND)
        assert cache.has([key]) == [True]
    assert all(cache.has(keys))
    clock.now += 1
    assert cache.get("0")
    for key in ("new", "newer"):
        clock.now += 1
        cache.put(key, SECOND)
        assert cache.has([key]) == [True]
    kept = [key for key in [*keys, "new", "newer"] if cache.has([key])[0]]
    assert "1" not in kept
    assert {"0", "8", "new", "newer"} <= set(kept)


def test_the_bound_holds(make: Callable[..., DiskCache], tmp_path: Path) -> None:
    cache = make(max_bytes=1_000_000)
    for number in range(40):
        cache.put(str(number), SECOND)
        cache.get(str(number))
    assert 5 < cache.statistics.entries < 15
    assert cache.statistics.size_bytes <= 1_000_000
    assert size_on_disk(tmp_path) < 1_200_000


def test_a_smaller_bound_after_a_restart_holds_at_once(make: Callable[..., DiskCache], tmp_path: Path) -> None:
    cache = make()
    for number in range(40):
        cache.put(str(number), SECOND)
        cache.get(str(number))
    cache.close()
    assert make(max_bytes=1_000_000).statistics.size_bytes < 1_000_000
    assert size_on_disk(tmp_path) < 1_200_000


def garble(path: Path) -> None:
    path.write_bytes(os.urandom(8192))


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def change_settings(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE speech")
    connection.close()


def change_the_journal(path: Path) -> None:
    """As a database whose shared memory is mapped."""
    content = bytearray(path.read_bytes())
    content[18:20] = b"\2\2"
    path.write_bytes(content)


def add_a_trigger(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TRIGGER t AFTER UPDATE ON entries BEGIN DELETE FROM speech; END")
    connection.close()


@pytest.mark.parametrize("damage", [garble, truncate, empty, change_settings, change_the_journal, add_a_trigger])
@pytest.mark.parametrize("restart", [True, False])
def test_a_damaged_database_is_dropped_with_a_warning(
    make: Callable[..., DiskCache],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    damage: Callable[[Path], None],
    *,
    restart: bool,
) -> None:
    keep = tmp_path / "notes.txt"
    keep.write_text("the operator's own")
    cache = make()
    for number in range(20):
        cache.put(str(number), SHORT)
        cache.get(str(number))
    if restart:
        cache.close()
    damage(tmp_path / NAME)
    if restart:
        cache = make()
    cache.has(["1"])
    cache.get("2")
    assert still_works(cache) or not cache.statistics.enabled
    cache.close()
    assert still_works(make()), caplog.text
    assert all(record.levelname == "WARNING" for record in caplog.records)
    assert keep.exists()


class Trap:
    """Unpickling it would be noticed."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (Path("/tmp/hailo-piper-was-unpickled"),))


@pytest.mark.parametrize(
    "change",
    ["content = zeroblob(length(content))", "content = substr(content, 1, length(content) / 2)", "content = x''",
     "content = substr(content, 1, length(content) - 1)", "content = 'text'", "content = 5",
     f"content = x'{pickle.dumps(Trap()).hex()}'", "id = id + 100"],
)  # fmt: skip
@pytest.mark.parametrize("speech", [SECOND, SHORT])
def test_a_damaged_entry_is_dropped_and_nothing_is_unpickled(
    make: Callable[..., DiskCache], tmp_path: Path, speech: CachedSpeech, change: str
) -> None:
    cache = make()
    cache.put("a", speech)
    cache.put("b", speech)
    assert cache.get("b")
    with sqlite3.connect(tmp_path / NAME) as connection:
        connection.execute(f"UPDATE speech SET {change}")
    connection.close()
    assert cache.get("a") is None
    assert cache.get("b") is None
    assert cache.has(["a", "b"]) == [False, False]
    assert still_works(cache)
    assert not Path("/tmp/hailo-piper-was-unpickled").exists()


def unlink(directory: Path) -> None:
    (directory / NAME).unlink()


def remove_the_directory(directory: Path) -> None:
    shutil.rmtree(directory)


def replace_the_directory(directory: Path) -> None:
    directory.rename(directory.with_name("elsewhere"))
    directory.mkdir()


def replace_the_file(directory: Path) -> None:
    other = directory / "other"
    shutil.copy(directory / NAME, other)
    other.replace(directory / NAME)


@pytest.mark.parametrize("remove", [unlink, remove_the_directory, replace_the_directory, replace_the_file])
@pytest.mark.parametrize("first", ["put", "get", "has", "clear"])
def test_a_cache_that_is_removed_begins_anew_and_says_so_once(
    make: Callable[..., DiskCache],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    remove: Callable[[Path], None],
    first: str,
) -> None:
    cache = make(tmp_path / "cache")
    for _ in range(5):
        cache.put("a", SECOND)
        assert equal(cache.get("a"), SECOND)
        remove(tmp_path / "cache")
        if remove is replace_the_directory:
            shutil.rmtree(tmp_path / "elsewhere")
        was_kept = remove is replace_the_file
        expected: dict[str, tuple[Callable[[], Any], Any]] = {
            "put": (lambda: cache.put("b", SHORT), None),
            "get": (lambda: cache.get("a") is not None, was_kept),
            "has": (lambda: cache.has(["a"]), [was_kept]),
            "clear": (cache.clear, int(was_kept)),
        }
        ask, answer = expected[first]
        assert ask() == answer
        assert still_works(cache)
        if was_kept:
            cache.clear()
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 5
    assert all("begins anew: it was removed or replaced" in record.message for record in caplog.records)


def test_two_processes_share_a_cache(make: Callable[..., DiskCache]) -> None:
    one, other = make(), make()
    one.put("a", SECOND)
    assert one.has(["a"]) == [True]
    assert equal(other.get("a"), SECOND)
    # What one of them begins anew, the other has, too.
    assert other.clear() == 1
    assert one.get("a") is None
    one.put("b", SHORT)
    assert equal(one.get("b"), SHORT)
    assert equal(other.get("b"), SHORT)


def test_a_database_that_another_process_holds_is_a_miss_and_not_damaged(
    make: Callable[..., DiskCache], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache = make()
    cache.put("a", SECOND)
    assert cache.get("a")
    other = sqlite3.connect(tmp_path / NAME, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert cache.get("a") is None
    other.execute("ROLLBACK")
    other.close()
    assert equal(cache.get("a"), SECOND)
    assert cache.statistics.enabled
    assert not caplog.records


def test_a_clock_set_back_forgets_nothing(make: Callable[..., DiskCache], clock: FakeClock) -> None:
    cache = make()
    cache.put("a", SECOND)
    assert cache.get("a")
    cache.close()
    # As on a machine without a battery, before it has heard what time it is.
    clock.now = 1.0
    cache = make()
    assert equal(cache.get("a"), SECOND)
    cache.put("b", SHORT)
    assert cache.has(["a", "b"]) == [True, True]


def test_what_people_said_is_nobody_elses(make: Callable[..., DiskCache], tmp_path: Path) -> None:
    cache = make(tmp_path / "cache")
    cache.put("a", SECOND)
    assert cache.get("a")
    assert ((tmp_path / "cache").stat().st_mode & 0o777, (tmp_path / "cache" / NAME).stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )


def test_one_that_would_fill_the_cache_is_not_kept(make: Callable[..., DiskCache]) -> None:
    cache = make(max_bytes=1_000_000)
    cache.put("a", SECOND)
    cache.put("book", CachedSpeech(np.zeros(1_000_000, np.float32), length_announced=True))
    assert cache.get("book") is None
    assert equal(cache.get("a"), SECOND)


def former_cache(directory: Path) -> None:
    """As an earlier release left it."""
    with sqlite3.connect(directory / "cache.db") as connection:
        connection.execute("CREATE TABLE Settings (key TEXT)")
        connection.execute("CREATE TABLE Cache (key BLOB)")
    connection.close()
    (directory / "cache.db-wal").write_bytes(b"")
    (directory / "0a" / "ff").mkdir(parents=True)
    (directory / "0a" / "ff" / "0123456789abcdef0123456789ab.val").write_bytes(b"x" * 1000)


def test_what_an_earlier_release_left_is_removed(make: Callable[..., DiskCache], tmp_path: Path) -> None:
    former_cache(tmp_path)
    (tmp_path / "notes.txt").write_text("the operator's own")
    assert still_works(make())
    wait_until(lambda: sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", NAME, f"{NAME}-journal"])


def not_a_database(directory: Path) -> None:
    (directory / "cache.db").write_bytes(b"no database")


def other_tables(directory: Path) -> None:
    with sqlite3.connect(directory / "cache.db") as connection:
        connection.execute("CREATE TABLE Cache (key TEXT)")
    connection.close()


@pytest.mark.parametrize("write", [not_a_database, other_tables])
def test_a_cache_of_another_program_stays(
    make: Callable[..., DiskCache], tmp_path: Path, write: Callable[[Path], None]
) -> None:
    write(tmp_path)
    (tmp_path / "0a" / "ff").mkdir(parents=True)
    (tmp_path / "0a" / "ff" / "mine.val").write_bytes(b"x")
    cache = make()
    assert still_works(cache)
    cache.close()
    assert (tmp_path / "cache.db").exists()
    assert (tmp_path / "0a" / "ff" / "mine.val").exists()


def test_a_directory_that_cannot_be_written_turns_the_cache_off(
    make: Callable[..., DiskCache], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    cache = make(tmp_path / "file" / "cache")
    assert not cache.statistics.enabled
    cache.put("a", SECOND)
    assert (cache.get("a"), cache.has(["a"]), cache.clear()) == (None, [False], 0)
    assert [record.levelname for record in caplog.records] == ["WARNING"]


class FullDisk(DiskCache):
    """The real cache on a disk that has become full."""

    retry_seconds = 0.02
    error: Exception | None = OSError(errno.ENOSPC, "No space left on device")

    def _write(self, database: SpeechDatabase, key: str, speech: CachedSpeech) -> None:
        if self.error is not None:
            raise self.error
        super()._write(database, key, speech)


def sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("what SQLite says")
    error.sqlite_errorcode = code
    return error


TROUBLES = [
    OSError(errno.ENOSPC, "No space left on device"),
    sqlite_error(sqlite3.SQLITE_FULL),
    sqlite_error(sqlite3.SQLITE_READONLY),
    sqlite_error(sqlite3.SQLITE_READONLY_DIRECTORY),
    sqlite_error(sqlite3.SQLITE_IOERR_WRITE),
]


@pytest.mark.parametrize("error", TROUBLES)
def test_a_full_disk_turns_the_cache_off(tmp_path: Path, caplog: pytest.LogCaptureFixture, error: Exception) -> None:
    cache = FullDisk(tmp_path, max_bytes=1 << 20, ttl_seconds=TTL)
    cache.retry_seconds = 60
    cache.error = error
    cache.put("a", SECOND)
    assert cache.get("a") is None
    assert not cache.statistics.enabled
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    cache.close()


def test_a_disk_that_has_room_again_is_used_again_and_each_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    cache = FullDisk(tmp_path, max_bytes=1 << 20, ttl_seconds=TTL)
    before = caplog.records[:]
    for _ in range(3):
        # It is tried again meanwhile, and is still full.
        cache.put("a", SECOND)
        wait_until(lambda: not cache.statistics.enabled)
        wait_until(lambda: cache.has(["a"]) == [False] and cache.statistics.enabled)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    cache.error = None
    wait_until(lambda: still_works(cache))
    assert [record.levelname for record in caplog.records[len(before) :]] == ["WARNING", "INFO"]
    cache.close()


def test_a_file_that_may_not_grow_turns_the_cache_off(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cache = DiskCache(tmp_path, max_bytes=1 << 24, ttl_seconds=TTL)
    cache.put("small", SHORT)
    assert cache.get("small")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        cache.put("a", CachedSpeech(np.zeros(1_000_000, np.float32), length_announced=True))
        assert cache.get("a") is None
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not cache.statistics.enabled
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    cache.close()
    cache = DiskCache(tmp_path, max_bytes=1 << 24, ttl_seconds=TTL)
    assert equal(cache.get("small"), SHORT)
    cache.close()


class StuckDisk(DiskCache):
    """The real cache on a disk that does not answer until it is told to."""

    retry_seconds = 0.1
    go_on = threading.Event()

    def _read(self, database: SpeechDatabase, key: str) -> CachedSpeech | None:
        self.go_on.wait(60)
        return super()._read(database, key)


def test_a_disk_that_does_not_answer_turns_the_cache_off(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cache = StuckDisk(tmp_path, max_bytes=1 << 20, ttl_seconds=TTL, patience_seconds=0.1)
    assert cache.get("a") is None
    assert not cache.statistics.enabled
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    # It is tried again by nobody who speaks, and once it answers it is used again.
    cache.go_on.set()
    wait_until(lambda: still_works(cache))
    cache.close()


def test_a_disk_that_damages_again_and_again_turns_the_cache_off(tmp_path: Path) -> None:
    cache = FullDisk(tmp_path, max_bytes=1 << 20, ttl_seconds=TTL)
    cache.retry_seconds = 60
    cache.error = sqlite3.DatabaseError("database disk image is malformed")

    def is_off() -> bool:
        cache.put("a", SECOND)
        return not cache.statistics.enabled

    wait_until(is_off)
    cache.close()


def test_the_null_cache_forgets() -> None:
    cache = NullCache()
    cache.put("a", SECOND)
    assert (cache.get("a"), cache.has(["a"]), cache.clear()) == (None, [False], 0)
    assert not cache.statistics.enabled
    cache.close()
