"""Names from clients match in any case, and are shortened in error messages."""

from collections.abc import Iterable

_MOST_SHOWN = 100


def same_name(name: str, names: Iterable[str]) -> str | None:
    """Return the name that is meant: the exact match, else the first that differs by case alone, else None."""
    known = list(names)
    folded = name.casefold()
    return name if name in known else next((other for other in known if other.casefold() == folded), None)


def shortened(name: object) -> str:
    """Return a name for a message, cut to 100 characters: a client may send a megabyte."""
    if isinstance(name, str):
        return repr(name) if len(name) <= _MOST_SHOWN else f"{name[:_MOST_SHOWN]!r}..."
    shown = repr(name)
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}..."
