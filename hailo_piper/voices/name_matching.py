"""Names that somebody gave: found whatever their case, and shortened where a message shows them."""

from collections.abc import Iterable

_MOST_SHOWN = 100


def same_name(name: str, names: Iterable[str]) -> str | None:
    """The one of the names that is meant: written exactly so, else the first that differs by case alone."""
    known = list(names)
    folded = name.casefold()
    return name if name in known else next((other for other in known if other.casefold() == folded), None)


def shortened(name: object) -> str:
    """What somebody gave as a name, as it may stand in a message: not all of a megabyte."""
    if isinstance(name, str):
        return repr(name) if len(name) <= _MOST_SHOWN else f"{name[:_MOST_SHOWN]!r}..."
    shown = repr(name)
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}..."
