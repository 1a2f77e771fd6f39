import numpy as np

from hailo_piper.audio import AudioChunk
from hailo_piper.cache import MemoryCache, NullCache

CHUNKS = (AudioChunk(np.zeros(100, np.float32), 22050),)


def test_what_was_put_comes_back() -> None:
    cache = MemoryCache(1000)
    assert cache.get("a") is None
    cache.put("a", CHUNKS)
    assert cache.get("a") == CHUNKS


def test_the_least_recently_used_makes_room() -> None:
    cache = MemoryCache(1000)
    cache.put("a", CHUNKS)
    cache.put("b", CHUNKS)
    cache.get("a")
    cache.put("c", CHUNKS)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (CHUNKS, None, CHUNKS)


def test_putting_again_counts_once() -> None:
    cache = MemoryCache(1000)
    for _ in range(5):
        cache.put("a", CHUNKS)
    cache.put("b", CHUNKS)
    assert cache.get("a") == cache.get("b") == CHUNKS


def test_what_is_larger_than_the_cache_is_not_kept() -> None:
    cache = MemoryCache(100)
    cache.put("a", CHUNKS)
    assert cache.get("a") is None


def test_the_null_cache_forgets() -> None:
    cache = NullCache()
    cache.put("a", CHUNKS)
    assert cache.get("a") is None
