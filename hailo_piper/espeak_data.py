"""Where piper keeps espeak-ng, and which voices can be read with it; found without importing piper."""

import os
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from typing import Any

from hailo_piper.errors import SynthesisError


def piper_directory() -> str:
    """The directory of piper's package. Raises SynthesisError where it is not installed."""
    package = find_spec("piper")
    if package is None or not package.submodule_search_locations:
        raise SynthesisError("piper-tts is not installed")
    return package.submodule_search_locations[0]


@cache
def languages() -> frozenset[str]:
    """The names, in small letters, under which espeak-ng finds a language: a file's own or its path (`gmw/en-us`)."""
    names = set[str]()
    for directory, _, files in os.walk(f"{piper_directory()}/espeak-ng-data/lang"):
        family = os.path.basename(directory)  # noqa: PTH119 - a start waits for this
        names.update(name.lower() for file in files for name in (file, f"{family}/{file}"))
    return frozenset(names)


def is_language(name: str) -> bool:
    """Whether espeak-ng reads texts under this name; a variant (`en-us+f3`) is of its language."""
    return name.partition("+")[0].lower() in languages()


def check_readable(voice_config: Mapping[str, Any]) -> None:
    """Refuse a voice whose texts cannot become phonemes here. Raises ValueError, and KeyError where a key is missing.

    `voice_config`: its .onnx.json. espeak-ng itself would go on in whatever language was used last.
    """
    kind, language = voice_config.get("phoneme_type", "espeak"), voice_config["espeak"]["voice"]
    if kind not in ("espeak", "text"):
        raise ValueError(f"phoneme_type is {kind!r}. Allowed: espeak, text")
    if kind == "espeak" and not is_language(language):
        raise ValueError(f"espeak.voice is {language!r}, which espeak-ng does not have")
