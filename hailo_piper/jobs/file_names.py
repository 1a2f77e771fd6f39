"""File names are made of ids, so that no id leaves its directory or meets another one's file."""

import hashlib
import unicodedata
from collections.abc import Iterator

from hailo_piper.text.lazy_pattern import lazily

_PLAIN = lazily(r"[\w][\w .+=@~-]*+")
_LONGEST = 120
"""Bytes of a name; file systems take 255 with the extension and a temporary name."""
_DEEPEST = 8
"""Folders of an id such as `part-1/chapter-2`."""
_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(10))}
"""Names that Windows does not take, with whatever extension."""
_SLUG = 40


class FileNames:
    """The names of one run's files, without an extension. Equal ids in equal order get equal names."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, identifier: str) -> str:
        """Return the name of the next id, with `/` between folders; the id is one that has no name yet.

        An id that is no safe name, or that only differs by case from one before, gets a part of its digest.
        """
        for name in _candidates(identifier):
            folded = unicodedata.normalize("NFC", name).casefold()
            if folded not in self._taken:
                self._taken.add(folded)
                return name
        raise AssertionError("two ids have one digest")


def _candidates(identifier: str) -> Iterator[str]:
    digest = hashlib.sha256(identifier.encode(errors="surrogatepass")).hexdigest()
    *folders, last = identifier.split("/", _DEEPEST)
    if _is_plain(last) and all(_is_plain(folder) and "." not in folder for folder in folders):
        yield identifier
    slug = "".join(sign if sign.isalnum() else "-" for sign in identifier[:_SLUG]).strip("-")
    slug = slug.encode()[: 2 * _SLUG].decode(errors="ignore")
    for length in (16, len(digest)):
        yield f"{slug or 'id'}-{digest[:length]}"


def _is_plain(name: str) -> bool:
    return (
        _PLAIN.fullmatch(name) is not None
        and name[-1] not in " ."
        and len(name.encode()) <= _LONGEST
        and unicodedata.is_normalized("NFC", name)
        and name.partition(".")[0].casefold() not in _RESERVED
    )
