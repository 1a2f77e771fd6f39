"""A voice's .onnx.json, which strangers write, is read within a bound and checked."""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hailo_piper.config.files import read_bounded
from hailo_piper.voices.espeak_data import check_readable
from hailo_piper.voices.genders import gender_of
from hailo_piper.voices.languages import language_of

_LARGEST_BYTES = 1 << 20
"""The .onnx.json of a voice with 904 speakers has 20 kB."""
_LONGEST_TEXT = 100
_SAMPLE_RATES = (8_000, 96_000)
_MOST = 65_535
"""Speakers, and symbols."""
_DEFAULT_SYMBOLS = 161
"""The number of ids in piper's own map, which a voice without a map uses."""
_FRAME = ("_", "^", "$")
"""Padding, beginning and end marks, which every unit of phonemes has."""
_HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Unicode categories of characters that a terminal obeys or cannot show."""
_JOINERS = "\u200c\u200d"
"""Hidden characters that are allowed, since Persian and Hindi are written with them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class VoiceFacts:
    """The facts in a voice's .onnx.json; `Voice` adds those of its files."""

    language: str
    """Language and region, `en_US`."""

    sample_rate: int
    """Hz, of the audio that the model makes."""

    num_speakers: int
    """1 or more."""

    speakers: Mapping[str, int] = field(hash=False)
    """Speaker's name to speaker_id; empty where the voice names none."""

    quality: str | None
    """x_low, low, medium or high, where the voice says it."""

    symbols: frozenset[str] = field(hash=False)
    """The phonemes that it has a sound for; empty where it uses piper's own table."""

    gender: str | None
    """`male` or `female`, where the voice says it or its name is known; else None."""


def read_facts(path: Path) -> VoiceFacts:
    """Read an .onnx.json. Raises OSError, and ValueError with the reason where no voice can have such facts.

    A voice that gives no gender gets the one that upstream's name for it implies.
    """
    try:
        return _checked(json.loads(read_bounded(path, _LARGEST_BYTES).decode("utf-8")), path.name)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except KeyError as error:
        raise ValueError(f"it has no {error}") from None


def _checked(value: object, file_name: str) -> VoiceFacts:
    facts = _mapping(value, "all of it")
    audio = _mapping(facts["audio"], "audio")
    language = _mapping(facts.get("language", {}), "language")
    _mapping(facts.get("inference", {}), "inference")
    text(_mapping(facts["espeak"], "espeak")["voice"], "espeak.voice")
    text(facts.get("phoneme_type", "espeak"), "phoneme_type")
    check_readable(facts)
    _check_ids(facts)
    num_speakers = whole(facts["num_speakers"], "num_speakers", 1, _MOST)
    speakers = _mapping(facts.get("speaker_id_map", {}), "speaker_id_map")
    optional_text(language.get("code"), "language.code")
    return VoiceFacts(
        language=language_of(facts),
        sample_rate=whole(audio["sample_rate"], "audio.sample_rate", *_SAMPLE_RATES),
        num_speakers=num_speakers,
        speakers={
            text(name, "a name in speaker_id_map"): whole(number, "a number in speaker_id_map", 0, num_speakers - 1)
            for name, number in speakers.items()
        },
        symbols=frozenset(facts["phoneme_id_map"]),
        quality=optional_text(audio.get("quality"), "audio.quality"),
        gender=optional_text(facts.get("gender"), "gender") or gender_of(file_name),
    )


def _check_ids(facts: Mapping[str, Any]) -> None:
    """Refuse phoneme ids that the model cannot have: every request would fail."""
    num_symbols = whole(facts["num_symbols"], "num_symbols", 1, _MOST)
    id_map = _mapping(facts["phoneme_id_map"], "phoneme_id_map")
    if not id_map:
        whole(num_symbols, "num_symbols without a phoneme_id_map", _DEFAULT_SYMBOLS, _MOST)
        return
    for phoneme, ids in id_map.items():
        if not isinstance(ids, list):
            raise ValueError(f"phoneme_id_map has {_shown(ids)} for {_shown(phoneme)}, where a list belongs")  # noqa: TRY004
        for number in ids:
            whole(number, "an id in phoneme_id_map", 0, num_symbols - 1)
    if missing := [mark for mark in _FRAME if mark not in id_map]:
        raise ValueError(f"phoneme_id_map lacks {', '.join(missing)}")


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} is {_shown(value)}, where an object belongs")  # noqa: TRY004 - one error for all
    return value


def whole(value: object, name: str, least: int, most: int) -> int:
    """Return an integer within bounds; it may be written as 1.0. `1e999` is infinite. Raises ValueError."""
    is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if not is_whole or isinstance(value, bool) or not least <= value <= most:  # type: ignore[operator]
        raise ValueError(f"{name} is {_shown(value)}. Allowed: {least} to {most}")
    return int(value)  # type: ignore[call-overload, no-any-return]


def text(value: object, name: str) -> str:
    """Return a short text that a terminal can show. Raises ValueError."""
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise ValueError(f"{name} is {_shown(value)}. Allowed: a text of at most {_LONGEST_TEXT} characters")
    if any(unicodedata.category(character) in _HIDDEN and character not in _JOINERS for character in value):
        raise ValueError(f"{name} is {_shown(value)}, which has control characters")
    return value


def optional_text(value: object, name: str) -> str | None:
    """Return such a text, or None. Raises ValueError."""
    return None if value is None else text(value, name)


def _shown(value: object) -> str:
    """Return a value as a message shows it: shortened, without nested content."""
    if isinstance(value, (list, dict)):
        return "a list" if isinstance(value, list) else "an object"
    shown = "null" if value is None else ascii(value)
    return shown if len(shown) <= _LONGEST_TEXT else f"{shown[:_LONGEST_TEXT]}..."
