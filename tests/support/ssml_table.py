"""The table of docs/ssml.md is made from the cases: `python -m tests.support.ssml_table` writes it into the page."""

from collections.abc import Iterator
from itertools import groupby

from tests.support import ROOT
from tests.support.ssml_cases import manners, others, structure, voices, words
from tests.support.ssml_cases.case import Case

CASES: list[Case] = [
    *structure.DOCUMENT, *structure.TEXT, *structure.SENTENCES, *structure.PARAGRAPHS, *structure.BREAKS,
    *manners.RATE, *manners.PITCH, *manners.VOLUME, *manners.NESTED, *manners.DURATION, *manners.CONTOUR,
    *manners.WITHOUT_EFFECT, *manners.EMPHASIS,
    *words.SAY_AS, *words.SUB, *words.PHONEMES, *words.WORDS, *words.MARKS,
    *voices.VOICES, *voices.LANGUAGES,
    *others.SILENT, *others.AUDIO, *others.LEXICONS, *others.VENDORS, *others.REFUSED,
]  # fmt: skip
PAGE = ROOT / "docs" / "ssml.md"
HEADING = "\n## What was heard\n"


def rows() -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| element | cases | judged by | has no effect |"
    yield "|---|---|---|---|"
    for element, group in groupby(CASES, key=lambda case: case.element):
        own = list(group)
        judged = dict.fromkeys(part for case in own for part in case.judge.by.split(", "))
        without = dict.fromkeys(case.unsupported for case in own if case.unsupported)
        yield f"| {element} | {len(own)} | {', '.join(judged)} | {'; '.join(without)} |"
    yield f"| together | {len(CASES)} | | |"


def with_table(page: str) -> str:
    """Return the page with the table of these cases in place of the one that it has."""
    before, heading, after = page.partition(HEADING)
    lines = after.split("\n")
    first = next(number for number, line in enumerate(lines) if line.startswith("| element"))
    last = next(number for number in range(first, len(lines)) if not lines[number].startswith("|"))
    return before + heading + "\n".join([*lines[:first], *rows(), *lines[last:]])


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
