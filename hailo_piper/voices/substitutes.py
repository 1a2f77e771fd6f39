"""Substitutes are the voices that speak where another one fails, as `engines.fallback` lists them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hailo_piper.voices.espeak_voices import ENGINE, espeak_voice, espeak_voice_of
from hailo_piper.voices.voice import Voice

_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?(?=-)")
_ENGLISH = "en_US"


def substitutes(chain: Sequence[str], language: str, find: Callable[[str], Voice | None]) -> Iterator[Voice]:
    """Yield the voices of a chain that there are, in its order.

    `espeak` stands for espeak-ng in a language (`de_DE`), in English where it has no such. `find` returns the voice of
    any other id, or None.
    """
    for name in chain:
        if name.lower() == ENGINE:
            voice = espeak_voice_of(language) or espeak_voice_of(_ENGLISH)
        else:
            voice = espeak_voice(name) or find(name)
        if voice is not None:
            yield voice


def language_in(model_path: str | None) -> str:
    """Return the language that the name of a voice's file begins with, `de_DE-thorsten-medium.onnx`; else English."""
    found = _LANGUAGE.match(Path(model_path or "").name)
    return found[0] if found else _ENGLISH


def without_speakers(aliases: Mapping[str, str | Mapping[str, Any]]) -> dict[str, str | Mapping[str, Any]]:
    """Return aliases that name no speaker: a voice that stands in for another one has not its speakers."""
    return {
        name: to if isinstance(to, str) else {key: value for key, value in to.items() if key != "speaker"}
        for name, to in aliases.items()
    }
