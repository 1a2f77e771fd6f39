"""A PLS file is a W3C Pronunciation Lexicon (PLS 1.0), read as it is.

Its words match as they are written, and of several pronunciations the preferred one counts, else the first. A document
type that declares entities is refused, since they can make a small file fill the memory; another is not fetched.
"""

import unicodedata
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from hailo_piper.config.files import read_bounded
from hailo_piper.errors import ConfigError
from hailo_piper.text.lexicon.alphabets import AlphabetError, to_ipa
from hailo_piper.text.lexicon.plain_file import Words
from hailo_piper.text.lexicon.pronunciation import Pronunciation

_LARGEST_BYTES = 16 << 20
"""Bytes: a list of 130 000 words."""
_NAMESPACE = "http://www.w3.org/2005/01/pronunciation-lexicon"
_PARTS = ("grapheme", "phoneme", "alias")


def read_pls(path: Path) -> Words:
    """Return the words of a PLS file. Raises ConfigError with the line of the mistake."""
    reader = _Reader()
    try:
        reader.read(read_bounded(path, _LARGEST_BYTES))
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read: {error.strerror}"]) from error
    except ValueError as error:
        raise ConfigError([f"{path}: {error}"]) from error
    except expat.ExpatError as error:
        raise ConfigError([f"{path}: line {error.lineno}: it is no XML: {expat.ErrorString(error.code)}"]) from error
    languages = (reader.language.replace("-", "_").lower(),) if reader.language else ()
    return Words(path=path, languages=languages, pronunciations=tuple(reader.entries))


class _Reader:
    """The lexemes of one document."""

    def __init__(self) -> None:
        self.language = ""
        self.entries: list[Pronunciation] = []
        self._alphabet = "ipa"
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._add
        self._parser.EntityDeclHandler = self._refuse_entity
        self._is_begun = False
        self._text: list[str] | None = None
        """The text of the part that is being read."""
        self._attributes: dict[str, str] = {}
        self._words: list[str] = []
        self._said: list[tuple[bool, str, str]] = []
        """The pronunciations of a lexeme: whether it is preferred, its kind or alphabet, and its text."""

    def read(self, content: bytes) -> None:
        """Read a document. Raises ExpatError, and ValueError with the line of what is no PLS."""
        self._parser.Parse(content, True)  # noqa: FBT003 - expat's signature

    def _fail(self, why: str) -> NoReturn:
        raise ValueError(f"line {self._parser.CurrentLineNumber}: {why}")

    def _refuse_entity(self, *_: object) -> None:
        self._fail("entities are not allowed")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if not self._is_begun:
            if local != "lexicon" or namespace not in {"", _NAMESPACE}:
                self._fail(f"it begins with <{local}>, and a PLS file with <lexicon>")
            self._is_begun = True
            self.language = attributes.get("http://www.w3.org/XML/1998/namespace lang", "")
            self._alphabet = attributes.get("alphabet", "ipa")
        elif local == "lexeme":
            self._words, self._said = [], []
        elif local in _PARTS:
            self._text, self._attributes = [], attributes

    def _add(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local in _PARTS and self._text is not None:
            text = " ".join(unicodedata.normalize("NFC", "".join(self._text)).split())
            self._text = None
            is_preferred = self._attributes.get("prefer") == "true"
            if local == "grapheme":
                self._words += [text] if text else []
            else:
                alphabet = self._attributes.get("alphabet", self._alphabet) if local == "phoneme" else ""
                self._said.append((is_preferred, alphabet, text))
        elif local == "lexeme" and self._said:
            _, alphabet, text = next((said for said in self._said if said[0]), self._said[0])
            self.entries += [self._entry(word, alphabet, text) for word in self._words]

    def _entry(self, word: str, alphabet: str, text: str) -> Pronunciation:
        if not alphabet:
            return Pronunciation(word=word, spoken=text, match_case=True, points_on=True)
        try:
            return Pronunciation(word=word, phonemes=to_ipa(text, alphabet, self.language), match_case=True)
        except AlphabetError as error:
            self._fail(f"{word}: {error}")
