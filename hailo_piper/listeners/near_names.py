"""Finds the known field or endpoint that a mistyped name is near to."""

import re
from collections.abc import Iterable

_LONG = 9
"""The number of letters from which two may be wrong."""


def near_name(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that differs by case, word order, separators or a letter or two; None if none does."""
    words = _words(name)
    candidates = [(other, _words(other)) for other in known]
    for other, others in candidates:
        if "".join(words) == "".join(others) or sorted(words) == sorted(others):
            return other
    joined = "".join(words)
    slips = [(_slips("".join(others), joined), other) for other, others in candidates]
    return min(((slip, other) for slip, other in slips if slip), default=(0, None))[1]


def is_plural(name: str, other: str) -> bool:
    """Return whether one of the names is the other's plural."""
    one, two = sorted(("_".join(_words(name)), "_".join(_words(other))), key=len)
    return two == f"{one}s"


def near_path(path: str, known: Iterable[str]) -> str | None:
    """Return the endpoint, or several, that a mistyped path is near to; None if there is none."""
    known = tuple(known)
    plain = re.sub(r"/+", "/", f"/{path.lower()}").rstrip("/") or "/"
    plain = re.sub(r"^(/v\d+)+(?=/|$)", "", plain)
    by_plain = {re.sub(r"^/v1(?=/)", "", other): other for other in known}
    if plain in by_plain:
        return by_plain[plain]
    # The base URL was an endpoint itself, or a proxy added a prefix.
    ends = [full for other, full in by_plain.items() if other != "/" and plain.endswith(other)]
    if ends:
        return max(ends, key=len)
    # Its last parts are missing, or its first ones.
    parts = [full for other, full in by_plain.items() if plain and other.startswith(f"{plain}/")] or [
        full for other, full in by_plain.items() if len(plain) > 1 and other.endswith(plain)
    ]
    if parts:
        return ", ".join(sorted(parts))
    slips = [(_slips(other, plain[:64]), full) for other, full in by_plain.items() if other != "/"]
    return min(((slip, full) for slip, full in slips if slip), default=(0, None))[1]


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name[:64]).lower())


def _slips(known: str, name: str) -> int:
    """Return the number of wrong, missing, extra or swapped letters (Damerau-Levenshtein); 0 if too many for a slip."""
    most = 1 if min(len(known), len(name)) < _LONG else 2
    if abs(len(known) - len(name)) > most:
        return 0
    before: list[int] = []
    row = list(range(len(name) + 1))
    for i, letter in enumerate(known, start=1):
        before, last, row = row, before, [i]
        for j, other in enumerate(name, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if last and j > 1 and letter == name[j - 2] and other == known[i - 2]:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1] if row[-1] <= most else 0
