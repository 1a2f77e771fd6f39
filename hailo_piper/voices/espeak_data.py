"""piper's espeak-ng data, found without importing piper, shows which languages it can pronounce."""

import os
import re
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hailo_piper.errors import SynthesisError


def piper_directory() -> str:
    """Return the directory of piper's package. Raises SynthesisError where it is not installed."""
    package = find_spec("piper")
    if package is None or not package.submodule_search_locations:
        raise SynthesisError("piper-tts is not installed")
    return package.submodule_search_locations[0]


@cache
def languages() -> Mapping[str, str]:
    """Return every name by which espeak-ng finds a language, in lower case, with the path of its file.

    A name is that of the file (`en-us`) or its path below `lang/` (`gmw/en-us`).
    """
    root = f"{piper_directory()}/espeak-ng-data/lang/"
    paths = [f"{directory}/{file}" for directory, _, files in os.walk(root) for file in files]
    return {name.lower(): path for path in paths for name in (path[len(root) :].lstrip("/"), path.rpartition("/")[2])}


def is_language(name: str) -> bool:
    """Return whether espeak-ng reads texts in a language of this name; a variant (`en-us+f3`) is its language's."""
    path = languages().get(name.partition("+")[0].lower())
    if path is None:
        return False
    facts = dict(
        re.findall(r"^(language|dictionary)[ \t]+([\w-]+)", Path(path).read_text(encoding="utf-8"), re.MULTILINE)[::-1]
    )
    dictionary = facts.get("dictionary") or facts.get("language", "").partition("-")[0]
    # Without a dictionary espeak-ng says nothing at all.
    return Path(f"{piper_directory()}/espeak-ng-data/{dictionary}_dict").is_file()


def check_readable(voice_config: Mapping[str, Any]) -> None:
    """Refuse a voice whose texts cannot become phonemes here. Raises ValueError, and KeyError where a key is missing.

    `voice_config`: its .onnx.json. espeak-ng itself would silently use the language of the text before.
    """
    kind, language = voice_config.get("phoneme_type", "espeak"), voice_config["espeak"]["voice"]
    if kind not in ("espeak", "text"):
        raise ValueError(f"phoneme_type is {kind!r}. Allowed: espeak, text")
    if kind == "espeak" and not is_language(language):
        raise ValueError(f"espeak.voice is {language!r}, which espeak-ng does not have")
