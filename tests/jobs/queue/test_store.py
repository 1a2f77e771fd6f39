"""What is kept, and what is left of it after a crash, by age, and over the bound."""

import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hailo_piper.errors import InvalidRequestError, NotFoundError, StorageFullError
from hailo_piper.jobs.queue.directory import DirectoryInUseError
from hailo_piper.jobs.queue.kept import BATCH, CANCELLED, COMPLETED, IN_PROGRESS, VALIDATING, KeptFile, Work
from hailo_piper.jobs.queue.store import Store, new_file

Open = Callable[..., Store]


@pytest.fixture
def now() -> list[float]:
    """The time of day, to be changed."""
    return [1_800_000_000.0]


@pytest.fixture
def open_store(tmp_path: Path, now: list[float]) -> Iterator[Open]:
    opened: list[Store] = []

    def build(max_bytes: int = 1_000_000, max_age_seconds: int = 100_000) -> Store:
        store = Store(
            tmp_path / "jobs", max_bytes=max_bytes, max_age_seconds=max_age_seconds, clock=lambda: now[0]
        )  # fmt: skip
        opened.append(store)
        return store

    yield build
    for store in opened:
        store.database.close()


def keep(store: Store, content: bytes = b"{}\n", owner: str = "", seconds: int | None = None) -> KeptFile:
    with closing(store.directory.begin_upload()) as upload:
        upload.file.write(content)
        file = new_file(store, owner, filename="lines.jsonl", num_bytes=len(content), seconds=seconds)
        store.keep(upload, file)
    return store.file(file.id, owner)


def names(store: Store, folder: str) -> list[str]:
    return [path.name for path in (store.directory.root / folder).iterdir()]


def add_work(store: Store, identifier: str, status: str = VALIDATING, owner: str = "", seconds: int = 1000) -> Work:
    work = Work(identifier, BATCH, owner, status, store.now(), store.now() + seconds, {"number": 1})
    store.works.add(work)
    store.directory.work(identifier).mkdir()
    return work


def test_what_is_kept_survives_the_process(open_store: Open) -> None:
    store = open_store()
    file = keep(store, b"one line")
    add_work(store, "batch_1")
    store.close()
    again = open_store()
    assert again.file(file.id, "") == file
    assert again.directory.path(file.place).read_bytes() == b"one line"
    work = again.works.next()
    assert work
    assert (work.id, work.content) == ("batch_1", {"number": 1})


def test_a_start_removes_what_no_row_names(open_store: Open) -> None:
    store = open_store()
    file = keep(store)
    root = store.directory.root
    add_work(store, "batch_1")
    (root / "incoming" / "part-0").write_bytes(b"half")
    (root / "files" / "file-lost").write_bytes(b"renamed, and then the power went")
    (root / "works" / "batch_lost").mkdir()
    store.close()
    open_store()
    left = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.parent != root}
    assert left == {file.place, "works/batch_1"}


def test_nobody_else_can_read_it(open_store: Open) -> None:
    store = open_store()
    keep(store)
    for path in (store.directory.root, *store.directory.root.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_two_services_cannot_use_one_directory(open_store: Open) -> None:
    store = open_store()
    with pytest.raises(DirectoryInUseError):
        open_store()
    store.close()
    assert open_store()


def test_a_file_over_the_bound_is_refused_and_leaves_nothing(open_store: Open) -> None:
    store = open_store(max_bytes=100)
    file = keep(store, b"x" * 60)
    with pytest.raises(StorageFullError, match=r"jobs\.max_bytes is 100"):
        keep(store, b"x" * 41)
    assert names(store, "files") == [file.id]
    assert not names(store, "incoming")
    store.remove_file(file.id, "")
    assert keep(store, b"x" * 100)


def test_lines_of_work_count_until_it_is_over(open_store: Open) -> None:
    store = open_store(max_bytes=100)
    work = Work("batch_1", BATCH, "", VALIDATING, store.now(), store.expiry(), {})
    store.directory.work(work.id).mkdir()
    (store.directory.work(work.id) / "lines.jsonl").write_bytes(b"x" * 70)
    store.add_work(work)
    assert store.used_bytes == 70
    with pytest.raises(StorageFullError):
        keep(store, b"x" * 31)
    over = store.works.change(work.id, CANCELLED)
    assert over
    store.tidy(over)
    assert store.used_bytes == 0
    assert not store.directory.work(work.id).exists()


def test_what_is_too_old_is_deleted(open_store: Open, now: list[float]) -> None:
    store = open_store()
    soon, late = keep(store, seconds=3600), keep(store)
    assert late.expires == store.now() + 100_000
    add_work(store, "batch_1", IN_PROGRESS)
    assert store.next_expiry == store.now() + 1000
    now[0] += 3600
    with pytest.raises(NotFoundError):
        store.file(soon.id, "")
    assert store.works.next() is None
    assert not names(store, "works")
    assert names(store, "files") == [late.id]
    now[0] += 100_000
    store.expire()
    assert store.next_expiry is None


def test_each_owner_sees_its_own(open_store: Open) -> None:
    store = open_store()
    mine, other = keep(store, owner="a"), keep(store, owner="b")
    add_work(store, "batch_1", owner="a")
    with pytest.raises(NotFoundError):
        store.file(other.id, "a")
    with pytest.raises(NotFoundError):
        store.remove_file(other.id, "a")
    with pytest.raises(NotFoundError):
        store.work("batch_1", BATCH, "b")
    assert store.files("a", purpose=None, after=None, limit=9, is_ascending=False) == ([mine], False)
    assert store.works.page(BATCH, "b", None, 9) == ([], False)
    with pytest.raises(InvalidRequestError, match="to list from"):
        store.files("a", purpose=None, after=other.id, limit=9, is_ascending=False)


@pytest.mark.parametrize("is_ascending", [True, False])
def test_pages_have_each_file_once(open_store: Open, *, is_ascending: bool) -> None:
    store = open_store()
    made = [keep(store).id for _ in range(5)]
    seen: list[str] = []
    has_more = True
    while has_more:
        after = seen[-1] if seen else None
        page, has_more = store.files("", purpose="batch", after=after, limit=2, is_ascending=is_ascending)
        seen += [file.id for file in page]
    assert seen == (made if is_ascending else made[::-1])
    assert store.files("", purpose="batch_output", after=None, limit=9, is_ascending=True) == ([], False)


def test_work_that_is_over_changes_no_more(open_store: Open) -> None:
    store = open_store()
    work = add_work(store, "batch_1")
    with pytest.raises(InvalidRequestError, match="cancel it first"):
        store.remove_work(work)
    assert store.works.change(work.id, COMPLETED, completed_at=1)
    over = store.works.change(work.id, CANCELLED, cancelled_at=2)
    assert over
    assert (over.status, over.content) == (COMPLETED, {"number": 1, "completed_at": 1})
    assert store.works.counts() == {(BATCH, COMPLETED): 1}
    store.remove_work(over)
    assert store.works.get(work.id) is None
    assert not store.directory.work(work.id).exists()
