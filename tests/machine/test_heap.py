import re
import threading
from pathlib import Path

from hailo_piper.machine.heap import FreedMemory, return_freed_memory, share_heaps


def resident_megabytes() -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1024


def test_what_was_freed_under_something_kept_goes_back_to_the_system() -> None:
    blocks = [bytes(4000) for _ in range(50_000)]
    kept = blocks[-1]
    del blocks
    before = resident_megabytes()
    return_freed_memory()
    assert before - resident_megabytes() > 100
    assert len(kept) == 4000


def test_what_was_freed_is_kept_until_it_is_much() -> None:
    freed = FreedMemory()
    freed.give_back()

    def use(megabytes: int) -> float:
        blocks = [bytes(4000) for _ in range(megabytes * 250)]
        kept = blocks[-1]
        del blocks
        before = resident_megabytes()
        freed.give_back()
        assert len(kept) == 4000
        return before - resident_megabytes()

    assert use(8) < 1
    assert use(100) > 60
    assert use(8) < 1


def test_threads_live_on_shared_heaps() -> None:
    share_heaps(2)
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(bytes(100_000))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 20
