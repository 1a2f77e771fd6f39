"""How the cost of a text grows with its length."""

import time
from collections.abc import Callable

PATTERNS = (
    ".", "!", "?!", "\u2026", "۔", "।", "。", "！？", "。 ", ". ", "a. ", "A. ", "Dr. ", "U.S. ",
    "e.g. ", "No. 5 ", "a", "A", "word ", "x.y", "1", "1.", "1. ", "1,000 ", "1)\n", "- a\n", "-", "- ", "*",
    "(", ")", "a. (", "\"", "'", ".\"", ".' ", "\"a.\" ", "[", "[[", "]]", "{", "<", "&", "\n", "\n\n", "a\n",
    " ", "\t", " \n", "\u2028", "\u0301", "a\u0301\u0323", "\u0301\u0323", "\u200b", "\xad", "😀",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 ", "日本", "日本。", "नमस्ते ", "กขค",
    "مرحبا ", "..a", ". . ", "...\n", "I.", "é.", "a.\xa0", "\x00", "\ud800", "¿¡", "A. b ", "(a) ",
    "\u201ca.\u201d ", "a;b, ", "?\"", "\u2026a", "a\u2026 ", ".\n", "\r\n", "a.)]}",
)  # fmt: skip
"""What texts that cost much are made of."""

_SHORT, _LONG = 1250, 20_000
_MOST = (_LONG / _SHORT) ** 1.5
"""Halfway between linear, 16 times, and quadratic, 256 times, on a scale of powers."""
_NOTHING_SECONDS = 0.004
"""Of processor time, as the best of several runs: below it nothing has grown."""


def text_of(pattern: str, length: int) -> str:
    return (pattern * (length // len(pattern) + 1))[:length]


def grows_slowly(work: Callable[[str], object], pattern: str) -> bool:
    """Whether 16 times the text costs clearly less than quadratic work would."""
    long = _seconds(work, text_of(pattern, _LONG))
    return long < _NOTHING_SECONDS or long < _MOST * _seconds(work, text_of(pattern, _SHORT))


def _seconds(work: Callable[[str], object], text: str) -> float:
    """Processor time of this thread: a busy machine does not count."""
    best = float("inf")
    for _ in range(3):
        started = time.thread_time()
        work(text)
        best = min(best, time.thread_time() - started)
    return best
