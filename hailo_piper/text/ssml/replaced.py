"""Replaced text is what `sub`, `phoneme` and `say-as` say in place of what is written in them."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from hailo_piper.text.lexicon.alphabets import AlphabetError, to_ipa

SayAs = Callable[[str, str, str, str, str], str | None]
"""Text, interpret-as, format, detail and language to what is said; None leaves the text as it stands."""
REPLACED = frozenset(["sub", "phoneme", "say-as"])
WORDS = frozenset(["sub", "say-as"])
"""Those that do not go on with a word beside them."""


class Said(NamedTuple):
    """What is said in place of a text, on one line."""

    text: str
    phonemes: str = ""
    """In the IPA, NFC: heard in place of the text; empty where the text is read."""
    rule: str = ""
    """`say-as` where no rule may change the text."""


def in_place_of(
    name: str, text: str, attributes: Mapping[str, str], language: str, say_as: SayAs | None
) -> Said:  # fmt: skip
    """Return what an element of `REPLACED` says for its text. `language`: as it was written, or empty."""
    text = " ".join(text.split())
    if name == "sub":
        return Said(" ".join(attributes.get("alias", text).split()))
    if name == "phoneme":
        return _pronounced(text, attributes, language)
    if say_as is None or not text:
        return Said(text)
    kind, form, detail = (attributes.get(name, "").strip() for name in ("interpret-as", "format", "detail"))
    said = say_as(text, kind, form, detail, language)
    return Said(text) if said is None else Said(" ".join(said.split()), rule="say-as")


def _pronounced(text: str, attributes: Mapping[str, str], language: str) -> Said:
    """Return a text with its phonemes; an empty one has these as its text, and what no alphabet reads has none."""
    try:
        phonemes = to_ipa(attributes.get("ph", ""), attributes.get("alphabet", "ipa").strip() or "ipa", language)
    except AlphabetError:
        return Said(text)
    return Said(text or phonemes, phonemes)
