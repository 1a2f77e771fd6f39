"""A pattern is compiled when it is first used, since a start would wait for all of them."""

import re
from typing import Any, cast


class _LazyPattern:
    """A pattern that becomes a compiled one's methods at the first of its uses."""

    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        """Compile, and keep the method that is asked for, so that Python finds it without this one from now on."""
        compiled = self.__dict__.setdefault("_compiled", re.compile(self._source, self._flags))
        method = getattr(compiled, name)
        self.__dict__[name] = method
        return method


def lazily(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern that is compiled when it is first used."""
    return cast("re.Pattern[str]", _LazyPattern(source, flags))
