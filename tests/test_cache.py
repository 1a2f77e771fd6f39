import errno
import os
import pickle
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import diskcache
import numpy as np
import pytest

from hailo_piper.cache import CachedSpeech, NullCache
from hailo_piper.disk_cache import DiskCache
from tests.conftest import FakeClock, wait_until

SECOND = CachedSpeech(np.linspace(-1, 1, 22050, dtype=np.float32), length_announced=True)
SHORT = CachedSpeech(np.zeros(100, np.float32), length_announced=False)
TTL = 1000


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., DiskCache]]:
    with ExitStack() as stack:

        def build(directory: Path = tmp_path, max_bytes: int = 1 << 24) -> DiskCache:
            cache = DiskCache(directory, max_bytes=max_bytes, ttl_seconds=TTL)
            stack.callback(cache.close)
            return cache

        yield build


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """Diskcache's idea of the time."""
    clock = FakeClock()
    clock.now = 1e9
    monkeypatch.setattr(diskcache.core, "time", SimpleNamespace(time=clock, sleep=time.sleep))
    return clock


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


def test_clearing_forgets_everything(make: Callable[..., DiskCache], tmp_path: Path) -> None:
    cache = make()
    for number in range(5):
        cache.put(str(number), SECOND)
    assert cache.clear() == 5
    assert cache.has(["0", "4"]) == [False, False]
    assert cache.statistics.entries == 0
    assert not list(tmp_path.rglob("*.val"))


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
    assert cache.statistics.entries < 15
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.val")) < 1_200_000


def test_a_smaller_bound_after_a_restart_holds_at_once(make: Callable[..., DiskCache]) -> None:
    cache = make()
    for number in range(40):
        cache.put(str(number), SECOND)
        cache.get(str(number))
    cache.close()
    assert make(max_bytes=1_000_000).statistics.size_bytes < 1_000_000


def garble(path: Path) -> None:
    path.write_bytes(os.urandom(8192))


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def change_settings(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE Cache")
    connection.close()


@pytest.mark.parametrize("damage", [garble, truncate, empty, change_settings])
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
    damage(tmp_path / "cache.db")
    if restart:
        cache = make()
    cache.has(["1"])
    cache.get("2")
    assert still_works(cache) or not cache.statistics.enabled
    cache.close()
    assert still_works(make()), caplog.text
    assert all(record.levelname == "WARNING" for record in caplog.records)
    assert keep.exists()


@pytest.mark.parametrize("damage", [garble, truncate, empty, Path.unlink])
def test_a_damaged_entry_is_dropped(
    make: Callable[..., DiskCache], tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    cache = make()
    cache.put("a", SECOND)
    cache.put("b", SECOND)
    assert cache.get("b")
    for path in tmp_path.rglob("*.val"):
        damage(path)
    assert cache.get("a") is None
    assert cache.get("b") is None
    assert still_works(cache)


class Trap:
    """Unpickling it would be noticed."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (Path("/tmp/hailo-piper-was-unpickled"),))


@pytest.mark.parametrize(
    "columns", [{"mode": 4, "value": pickle.dumps(Trap())}, {"mode": 2, "filename": "../../../../etc/hostname"}]
)
def test_nothing_is_unpickled_and_no_other_file_is_read(
    make: Callable[..., DiskCache], tmp_path: Path, columns: dict[str, Any]
) -> None:
    cache = make(tmp_path)
    cache.put("a", SHORT)
    cache.close()
    with sqlite3.connect(tmp_path / "cache.db") as connection:
        for name, value in columns.items():
            connection.execute(f"UPDATE Cache SET {name} = ?", (value,))
    connection.close()
    cache = make(tmp_path)
    assert cache.get("a") is None
    assert still_works(cache)
    assert not Path("/tmp/hailo-piper-was-unpickled").exists()


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

    error: Exception = OSError(errno.ENOSPC, "No space left on device")

    def _write(self, key: str, speech: CachedSpeech) -> None:  # noqa: ARG002
        raise self.error


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "No space left on device"), sqlite3.OperationalError("database or disk is full"),
     sqlite3.OperationalError("attempt to write a readonly database")],
)  # fmt: skip
def test_a_full_disk_turns_the_cache_off(tmp_path: Path, caplog: pytest.LogCaptureFixture, error: Exception) -> None:
    cache = FullDisk(tmp_path, max_bytes=1 << 20, ttl_seconds=TTL)
    cache.error = error
    cache.put("a", SECOND)
    assert cache.get("a") is None
    assert not cache.statistics.enabled
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    cache.close()


class StuckDisk(DiskCache):
    """The real cache on a disk that does not answer until it is told to."""

    go_on = threading.Event()

    def _read(self, key: str) -> CachedSpeech | None:
        self.go_on.wait(60)
        return super()._read(key)


def test_a_disk_that_does_not_answer_turns_the_cache_off(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cache = StuckDisk(tmp_path, max_bytes=1 << 20, ttl_seconds=TTL, patience_seconds=0.1)
    assert cache.get("a") is None
    assert not cache.statistics.enabled
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    cache.close()
    cache.go_on.set()


def test_a_disk_that_damages_again_and_again_turns_the_cache_off(tmp_path: Path) -> None:
    cache = FullDisk(tmp_path, max_bytes=1 << 20, ttl_seconds=TTL)
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
