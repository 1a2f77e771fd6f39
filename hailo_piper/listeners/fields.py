"""Some fields of a request need more than a schema: pitch, pronunciations, and the two names of a text's format."""

import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hailo_piper.errors import InvalidRequestError
from hailo_piper.schemas.checker import Schema, as_declared

if TYPE_CHECKING:
    from hailo_piper.text.lexicon.pronunciation import Pronunciation


def normal(value: Any, schema: Schema) -> Any:
    """Return a value as the schema spells it: 8000.0 as 8000, and MP3 as mp3."""
    return value.lower() if isinstance(value, str) and "enum" in schema else as_declared(value, schema)


def text_format(given: Mapping[str, Any], where: str) -> str | None:
    """Return `text` or `ssml`, by `text_format` or its alias `ssml`; None where neither is there.

    `where`: before the name of a field, in errors. Raises InvalidRequestError where both contradict each other.
    """
    named: str | None = given.get("text_format")
    if "ssml" not in given:
        return named
    meant = "ssml" if given["ssml"] else "text"
    if named not in {None, meant}:
        shown = "true" if given["ssml"] else "false"
        raise InvalidRequestError(
            f"Invalid '{where}ssml': {shown} contradicts text_format {named}; send one of the two", param=f"{where}ssml"
        )
    return meant


def pitch(value: float | str, where: str) -> float:
    """Return a pitch as a factor. Raises InvalidRequestError for a string that is not legal, or out of bounds."""
    if not isinstance(value, str):
        return value
    # Few requests have a pitch in words, so a start does not wait for this import.
    from hailo_piper.text.ssml.measures import pitch_factor

    factor = pitch_factor(value)
    if factor is None:
        raise InvalidRequestError(
            f"Invalid '{where}pitch': {value[:60]!r} is no pitch; allowed: a number from 0.5 to 2, or a string such as "
            "+2st, -1.5st (-12st to +12st), 110%, -10% (50% to 200%), x-low, low, medium, high or x-high",
            param=f"{where}pitch",
        )
    return factor


def pronunciations(rules: list[Mapping[str, Any]], where: str) -> "tuple[Pronunciation, ...]":
    """Return the pronunciations of rules as ElevenLabs writes them. Raises InvalidRequestError."""
    return tuple(_pronunciation(rule, f"{where}pronunciations") for rule in rules)


def _pronunciation(rule: Mapping[str, Any], field: str) -> "Pronunciation":
    # Few requests have rules, so a start does not wait for this import.
    from hailo_piper.text.lexicon.alphabets import AlphabetError, to_ipa
    from hailo_piper.text.lexicon.pronunciation import Pronunciation

    kind = "phoneme" if rule.get("type", "phoneme" if "phoneme" in rule else "alias") == "phoneme" else "alias"
    word = " ".join(unicodedata.normalize("NFC", rule["string_to_replace"]).split())
    if not word or kind not in rule:
        missing = kind if word else "string_to_replace"
        raise InvalidRequestError(f"Invalid '{field}': a rule of type {kind} needs {missing}", param=field)
    try:
        said = rule[kind] if kind == "alias" else to_ipa(rule[kind], rule.get("alphabet", "ipa"), "")
    except AlphabetError as error:
        raise InvalidRequestError(f"Invalid '{field}': {word[:60]!r}: {error}", param=field) from None
    return Pronunciation(
        word=word,
        spoken="" if kind == "phoneme" else " ".join(said.split()),
        phonemes=said if kind == "phoneme" else "",
        match_case=rule.get("case_sensitive", True),
        whole_word=rule.get("word_boundaries", True),
    )
