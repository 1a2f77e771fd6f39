"""Rules decide which marks end a sentence, and when no further text can change that."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A full stop after one of these is part of the word, whatever follows.
_TITLES = _words(
    "dr mr mrs ms mx prof rev fr hon gen col capt cmdr lt sgt maj adm gov sen rep pres st mt ft messrs mme mlle "
    "e.g i.e cf viz vs hr dhr bzw z.b d.h sra"
)
# ... and after these, where a number follows ("No. 5", "Fig. 3", "Jan. 5", "p. 12").
_BEFORE_NUMBERS = _words(
    "no nos nr fig figs vol vols ch sec art p pp op eq ca jan feb mar apr jun jul aug sep sept oct nov dec"
)
# An initialism ("U.S.", "J.", "p.m.") ends a sentence only before a word that rarely follows a name.
_STARTERS = _words(
    "a an and as at but he her his how i if in it its my no on or our she so that the their then there these they "
    "this those we what when where who why yes you your"
)
_INITIALISM = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]", re.UNICODE)

# Possessive, and never from inside a run of marks: otherwise a page of full stops costs quadratic time.
_CLOSERS = r"[\"'”’»)\]}]*+"
BOUNDARY = re.compile(rf"(?<![.!?…؟۔।॥])[.!?…؟۔।॥]++{_CLOSERS}\s++|[。！？｡]++[”’」』）]*+\s*+")
_FINAL = "。！？｡؟۔।॥"
"""Marks that end a sentence whatever follows."""
_OPENERS = "\"'“‘«([{¿¡"
_FOLLOWING = re.compile(rf"[{re.escape(_OPENERS)}]*+(?P<gap> ?)(?P<word>[^ ]++)(?P<end> ?)")
"""The text after a mark: an opening quote or bracket, the next word and a blank."""


def is_settled(block: str, mark: re.Match[str], word: str) -> bool:
    """Return whether no further text can change the answer of `ends_sentence`."""
    if mark[0][0] in "。！？｡":
        return mark.end() < len(block)
    following = _FOLLOWING.match(block, mark.end())
    if following is None:
        return mark[0][0] in _FINAL
    return mark[0].rstrip() != "." or following["end"] != "" or _INITIALISM.fullmatch(_bare(word)) is None


def ends_sentence(block: str, mark: re.Match[str], word: str) -> bool:
    """Return whether a mark (".", "?!", '."') after this word ends a sentence."""
    if mark.end() == len(block) or mark[0][0] in _FINAL:
        return True
    following = _FOLLOWING.match(block, mark.end())
    if following is None or (following["gap"] or following["word"])[0].islower():
        return False
    return mark[0].rstrip() != "." or not _is_abbreviation(_bare(word), following)


def _is_abbreviation(word: str, following: re.Match[str]) -> bool:
    """Return whether the full stop between the two belongs to the word before it."""
    if word in _TITLES:
        return True
    if word in _BEFORE_NUMBERS:
        return (following["gap"] or following["word"])[0].isdigit()
    next_word = following["word"].rstrip(".,;:!?'\"”’").lower()
    return _INITIALISM.fullmatch(word) is not None and next_word not in _STARTERS


def last_word(block: str, start: int, end: int) -> int:
    """Return the index at which the last word between two indices begins; a blank may follow the word."""
    return max(start, block.rfind(" ", start, max(start, end - 1)) + 1)


def _bare(word: str) -> str:
    """Return a word in lower case, without opening quotes and brackets."""
    return word.strip().lstrip("\"'“‘«([{").lower()
