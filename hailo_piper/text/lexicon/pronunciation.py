"""A pronunciation is one entry of a lexicon: a word, and what is heard in its place."""

import unicodedata
from typing import NamedTuple


class Pronunciation(NamedTuple):
    """A word, or words, and how it is said."""

    word: str
    spoken: str = ""
    """A respelling, which the voice reads; empty without phonemes: the word is skipped."""

    phonemes: str = ""
    """In the IPA; they go to the voice as they are."""

    is_refused: bool = False
    """Whether a text with this word is refused."""

    match_case: bool = False
    """Whether it is the word only if capitals are where they are here."""

    whole_word: bool = True
    """Whether letters beside it make it another word."""

    source: str = ""
    """The file that it comes from; empty where it comes from none."""

    points_on: bool = False
    """Whether the words of the respelling are looked up, too, as PLS has it."""


def read_pronunciation(word: str, say: str, *, language: str = "", match_case: bool = False) -> Pronunciation:
    """Return an entry as people write it: a respelling, IPA between slashes, or nothing, which skips the word.

    Raises AlphabetError for phonemes without a sound.
    """
    # A start without lexicons need not import the alphabets.
    from hailo_piper.text.lexicon.alphabets import AlphabetError, to_ipa

    word, say = (" ".join(unicodedata.normalize("NFC", text).split()) for text in (word, say))
    if not word:
        raise AlphabetError("the word is empty")
    if len(say) > 1 and say[0] == say[-1] == "/":
        if "/" in say[1:-1]:
            raise AlphabetError(f"{say[:40]!r} has more than one pronunciation; keep one, between two slashes")
        return Pronunciation(word=word, phonemes=to_ipa(say[1:-1], "ipa", language), match_case=match_case)
    return Pronunciation(word=word, spoken=say, match_case=match_case)
