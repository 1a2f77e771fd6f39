"""An iterator whose next item is made on another thread while the present one is used."""

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

_T = TypeVar("_T")
_END = object()


def ahead(items: Iterator[_T], executor: Executor) -> Iterator[_T]:
    """The same items; the first is asked for now, each further one as soon as the one before it is taken.

    Whatever making an item raises is raised where it would have come.
    """
    return _taken(items, executor, executor.submit(next, items, _END))


def _taken(items: Iterator[_T], executor: Executor, following: "Future[Any]") -> Iterator[_T]:
    while (item := following.result()) is not _END:
        following = executor.submit(next, items, _END)
        yield item
