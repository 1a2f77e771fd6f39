"""The pages that people read, taken apart: fenced blocks, shell commands, code spans, links and headings."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from tests.support import ROOT

README = ROOT / "README.md"
PAGES = (README, *sorted((ROOT / "docs").glob("*.md")))
"""For users and operators: every command, request and setting in them is tried."""

LINKED = (
    *PAGES,
    *(ROOT / name for name in ("CHANGELOG.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md")),
    *(ROOT / name for name in ("systemd/README.md", "benchmarks/README.md")),
    *sorted((ROOT / "deploy").rglob("*.md")),
)
"""Their links are followed."""

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+)$", flags=re.MULTILINE)
_ASSIGNMENT = re.compile(r"\w+=.*", flags=re.DOTALL)
_ENDS_A_COMMAND = frozenset("|&;<>")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page."""

    page: Path
    line: int
    """Where it begins, for the name of a test."""

    language: str
    text: str

    @property
    def is_for_clients(self) -> bool:
        """Whether it needs a package that only `make test-clients` installs."""
        return "import ElevenLabs" in self.text

    @property
    def is_for_home_assistant(self) -> bool:
        """Whether it is an automation, and no configuration of the service."""
        return "triggers:" in self.text

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(language: str) -> list[Block]:
    """The fenced blocks of this language, in all pages."""
    return [block for page in PAGES for block in _blocks(page) if block.language == language]


def commands(block: Block) -> Iterator[list[str]]:
    """The words of each command in a block of shell, without comments, redirections, `sudo` and assignments."""
    # shlex takes a line's end for a blank.
    for line in block.text.replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.commenters, lexer.whitespace_split = "#", True
        is_command = True
        for ends, group in groupby(lexer, key=lambda word: set(word) <= _ENDS_A_COMMAND):
            words = list(group)
            if ends:
                # What follows < or > is a file.
                is_command = not set(words[-1]) & set("<>")
            elif is_command and (command := _without_prefixes(words)):
                yield command


def spans(page: Path) -> list[str]:
    """The code spans of a page, outside its fenced blocks."""
    return _SPAN.findall(_FENCED.sub("", page.read_text(encoding="utf-8")))


def links(page: Path) -> list[str]:
    """The relative links of a page, with their anchors."""
    targets = _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8")))
    return [target for target in targets if "://" not in target]


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = _HEADING.findall(_FENCED.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", _LINK.sub("", heading).lower()).replace(" ", "-") for heading in headings}


def table(page: Path, heading: str) -> list[str]:
    """The first cell of every row below a heading."""
    return [cells[0] for cells in rows(page, heading)]


def rows(page: Path, heading: str) -> list[list[str]]:
    """The cells of every row below a heading."""
    section = page.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in cells] for cells in lines]


def _blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in _FENCED.finditer(text):
        yield Block(page, text.count("\n", 0, found.start()) + 1, found[1], found[2])


def _without_prefixes(words: list[str]) -> list[str]:
    while words and (words[0] == "sudo" or _ASSIGNMENT.fullmatch(words[0])):
        words = words[1:]
    return words
