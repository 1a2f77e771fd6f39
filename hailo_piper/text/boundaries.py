"""Rules decide which marks end a sentence, and when no further text can change that."""

import re

from hailo_piper.text.abbreviations import Abbreviations
from hailo_piper.text.lazy_pattern import lazily

_INITIALISM = lazily(r"(?:[^\W\d_]\.)*[^\W\d_]")
_ORDINAL = lazily(r"(?:\d{1,3}\.?[-–—/])?\d{1,3}|[ivxl]{1,6}")
"""A number, or a Roman numeral in lower case, that a full stop makes an ordinal in some languages: "3. Oktober"."""

_LABEL = lazily(r"[IVXLC]{2,7}|[B-HJ-Z]")
"""A Roman numeral or a letter, which numbers a part of a book: "Art. II", "App. B"."""
_MEASURES = frozenset(["hr", "ft"])
"""Units that behind a number may end a sentence: "cool for 1/2 hr. Makes 24"."""
_STREETS = frozenset(["st", "dr"])
"""Titles that behind a name are streets, and may end a sentence: "on Elm St. He"."""
_WORDS = frozenset(["no", "p", "pp", "min", "max"])
"""Words that come before numbers, and also end sentences before a letter: "I said no. V came."."""

# Possessive, and never from inside a run of marks: otherwise a page of full stops costs quadratic time.
_CLOSERS = r"[\"'”’»)\]}]*+"
# French has a blank before its closing mark: "Viens-tu ? »".
BOUNDARY = lazily(rf"(?<![.!?…؟۔।॥])[.!?…؟۔।॥]++{_CLOSERS}(?: »(?=\s))?\s++|[。！？｡]++[”’」』）]*+\s*+")
_FINAL = "。！？｡؟۔।॥"
"""Marks that end a sentence whatever follows."""
_OPENERS = "\"'“‘«([{¿¡"
_FOLLOWING = lazily(rf"[{re.escape(_OPENERS)}]*+(?P<gap> ?)(?P<word>[^ ]++)(?P<end> ?)")
"""The text after a mark: an opening quote or bracket, the next word and a blank."""


def is_settled(block: str, mark: re.Match[str], words: tuple[str, str], known: Abbreviations) -> bool:
    """Return whether no further text can change the answer of `ends_sentence`."""
    if mark[0][0] in "。！？｡":
        return mark.end() < len(block)
    following = _FOLLOWING.match(block, mark.end())
    if following is None:
        return mark[0][0] in _FINAL
    is_open = following["end"] == "" and following["word"] in {".", "»"}
    return not is_open and (
        mark[0].rstrip() != "." or following["end"] != "" or not _needs_next_word(_bare(words[1]), known)
    )


def ends_sentence(block: str, mark: re.Match[str], words: tuple[str, str], known: Abbreviations) -> bool:
    """Return whether a mark (".", "?!", '."') after these two words ends a sentence; they may be empty."""
    if mark.end() == len(block) or mark[0][0] in _FINAL:
        return True
    following = _FOLLOWING.match(block, mark.end())
    # An ellipsis of full stops with blanks between ends nothing before its last one.
    if following is None or following["word"] == "." or (following["gap"] or following["word"])[0].islower():
        return False
    if following["word"][0] == "»" and not following["word"][1:2].isalnum():
        return False
    before, word = map(_bare, words)
    is_measure = word in _MEASURES and before[-1:].isdigit()
    return is_measure or mark[0].rstrip() != "." or not _is_abbreviation(words, following, known)


def _is_abbreviation(words: tuple[str, str], following: re.Match[str], known: Abbreviations) -> bool:
    """Return whether the full stop belongs to the word before it."""
    before, word = map(_bare, words)
    if word in known.anywhere and not (word in _STREETS and words[0][:1].isupper()):
        return True
    written = following["word"].rstrip(".,;:!?'\"”’)]")
    next_word = written.lower()
    if word in known.anywhere:
        return not _starts(next_word, known)
    is_before_its_own = next_word in known.before_words.get(word, ())
    if is_before_its_own or (word in known.before_words and word not in known.before_numbers):
        return is_before_its_own
    if _comes_before_numbers(word, known) or word in known.before_letters:
        is_number = _comes_before_numbers(word, known) and (following["gap"] or following["word"])[0].isdigit()
        return is_number or ((word not in _WORDS or len(written) > 1) and _LABEL.fullmatch(written) is not None)
    if len(word) == 1 and before in known.lettered:
        return False
    return _needs_next_word(word, known) and not _starts(next_word, known)


def _starts(word: str, known: Abbreviations) -> bool:
    """Return whether a word, in lower case, begins a sentence: "they", and "they're"."""
    return word in known.starters or word.replace("’", "'").partition("'")[0] in known.starters


def _comes_before_numbers(word: str, known: Abbreviations) -> bool:
    """Return whether a full stop between a word and a number belongs to the word: "No. 5", "Hauptstr. 12"."""
    return word in known.before_numbers or (word.endswith("str") and len(word) > 3)


def _needs_next_word(word: str, known: Abbreviations) -> bool:
    """Return whether the next word decides: after an initialism ("U.S."), "Art.", or a number that may be ordinal."""
    return (
        _INITIALISM.fullmatch(word) is not None
        or word in _STREETS
        or _comes_before_numbers(word, known)
        or word in known.before_letters
        or word in known.before_words
        or (known.has_ordinals and _ORDINAL.fullmatch(word) is not None)
    )


def last_word(block: str, start: int, end: int) -> int:
    """Return the index at which the last word between two indices begins; a blank may follow the word."""
    return max(start, block.rfind(" ", start, max(start, end - 1)) + 1)


def _bare(word: str) -> str:
    """Return a word in lower case, without opening quotes and brackets."""
    return word.strip().lstrip("\"'“‘«([{").lower()
