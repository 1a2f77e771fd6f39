"""A lexicon file lists words in YAML or JSON, for all voices, some languages or some voices."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hailo_piper.config.files import read_config_file
from hailo_piper.errors import ConfigError
from hailo_piper.schemas.checker import Checker, load_schema
from hailo_piper.text.lexicon.alphabets import AlphabetError
from hailo_piper.text.lexicon.pronunciation import Pronunciation, read_pronunciation

_CODE = re.compile(r"[a-z]{2,3}(_[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The entries of one file, and whom they are for."""

    path: Path
    languages: tuple[str, ...] = ()
    """Families or full codes, as `en_us`; empty: every language."""

    voices: tuple[str, ...] = ()
    """Lower-case ids; empty: every voice."""

    pronunciations: tuple[Pronunciation, ...]

    def fit(self, voice: str, language: str) -> bool:
        """Return whether they are for a voice, by its id, and a language, by its code (`en_US`)."""
        code = language.replace("-", "_").lower()
        speaks = not self.languages or code in self.languages or code.partition("_")[0] in self.languages
        return speaks and (not self.voices or voice.lower() in self.voices)

    @property
    def rank(self) -> int:
        """How special they are: those for a voice come before those for a region, for a language and for all."""
        return 0 if self.voices else 1 if any("_" in code for code in self.languages) else 2 if self.languages else 3


def read_plain(path: Path) -> Words:
    """Return the words of a YAML or JSON file. Raises ConfigError with every problem, each with its path."""
    content = read_config_file(path)
    if isinstance(content, Mapping) and (unquoted := _unquoted(content)):
        raise ConfigError([f"{path}: {problem}" for problem in unquoted])
    if problems := Checker(load_schema("lexicon.json")).problems({} if content is None else content):
        raise ConfigError([f"{path}: {where or 'the file'}: {problem}" for where, problem in problems])
    if not isinstance(content, Mapping):
        raise ConfigError([f"{path}: it is no mapping"])
    languages = tuple(code.replace("-", "_").lower() for code in _listed(content.get("language")))
    if wrong := [code for code in languages if not _CODE.fullmatch(code)]:
        raise ConfigError(
            [f"{path}: language: {code[:40]!r} is no code of a language, as en or en_US" for code in wrong]
        )
    is_exact = content.get("case") == "exact"
    entries, problems_found = list[Pronunciation](), list[str]()
    for word, value in content["words"].items():
        try:
            entries.append(_entry(word, value, language=languages[0] if languages else "", is_exact=is_exact))
        except AlphabetError as error:
            problems_found.append(f"{path}: words.{word}: {error}")
    if problems_found:
        raise ConfigError(problems_found)
    voices = tuple(name.lower() for name in _listed(content.get("voice")))
    return Words(path=path, languages=languages, voices=voices, pronunciations=tuple(entries))


def _unquoted(content: Mapping[Any, Any]) -> list[str]:
    """Return a line on each name and word that YAML has read as something else than a text: `no` is false."""
    words = content.get("words")
    places = {"words": list(words)} if isinstance(words, Mapping) else {}
    places |= {name: content[name] for name in ("language", "voice") if name in content}
    return [
        f"{place}: YAML reads a word here as {json.dumps(value, default=str)}; write it in quotes, as 'no', 'on' or '7'"
        for place, values in places.items()
        for value in (values if isinstance(values, list) else [values])
        if value is None or isinstance(value, bool | int | float | date)
    ]


def _listed(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []


def _entry(word: str, value: str | Mapping[str, Any], *, language: str, is_exact: bool) -> Pronunciation:
    fields: Mapping[str, Any] = {"say": value} if isinstance(value, str) else value
    if "say" not in fields and not fields.get("refuse"):
        raise AlphabetError('it needs say, where "" skips the word, or refuse: true')
    match_case = fields.get("case", "exact" if is_exact else "any") == "exact"
    entry = read_pronunciation(word, fields.get("say", ""), language=language, match_case=match_case)
    return entry._replace(is_refused=fields.get("refuse", False), whole_word=not fields.get("part", False))
