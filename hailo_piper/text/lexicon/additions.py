"""Words that somebody adds while the service runs are kept in lexicon files of their own, one a language."""

import json
import os
import re
import threading
from pathlib import Path

from hailo_piper.errors import ConfigError, InvalidRequestError
from hailo_piper.text.lexicon.plain_file import read_plain

_CODE = re.compile(r"[a-z]{2,3}(_[a-z0-9]{1,8}){0,2}")
_LONGEST_WORD, _LONGEST_SAID = 200, 500
"""Characters, as in a request's `pronunciations`."""
_writing = threading.Lock()
"""One word at a time, or one would be lost."""


def add_word(directory: Path, word: str, say: str, language: str | None) -> Path:
    """Add a word, or say a word of these files otherwise; return the file.

    `say`: a respelling, or IPA between slashes; empty skips the word. `language`: a family or a full code; None: every
    language.

    Raises InvalidRequestError for a word that a lexicon cannot have, and where the file cannot be written.
    """
    word, code = word.strip(), (language or "").replace("-", "_").lower()
    if not 1 <= len(word) <= _LONGEST_WORD:
        raise InvalidRequestError(f"Invalid 'word': it has 1 to {_LONGEST_WORD} characters", param="word")
    if len(say) > _LONGEST_SAID:
        raise InvalidRequestError(f"Invalid 'say': it has at most {_LONGEST_SAID} characters", param="say")
    # It becomes a part of a file's name.
    if code and not _CODE.fullmatch(code):
        raise InvalidRequestError("Invalid 'language': it is no code of a language, as en or en_US", param="language")
    path = directory / f"added{code and '-'}{code}.json"
    with _writing:
        try:
            _write(path, word, say, code)
        except OSError as error:
            raise InvalidRequestError(
                f"The word cannot be kept: {directory}: {error.strerror}", param="word"
            ) from error
    return path


def _words_of(path: Path) -> dict[str, object]:
    """Return the words that a file of additions has. Raises InvalidRequestError where somebody has broken it."""
    try:
        words = json.loads(path.read_text(encoding="utf-8"))["words"] if path.exists() else {}
    except (ValueError, KeyError, TypeError, RecursionError):
        words = None
    if not isinstance(words, dict):
        raise InvalidRequestError(f"The word cannot be kept: {path.name} is no lexicon", param="word")
    return words


def _write(path: Path, word: str, say: str, code: str) -> None:
    """Write the file with the word, if a lexicon may be like that. Raises InvalidRequestError and OSError."""
    words = _words_of(path)
    content = {**({"language": code} if code else {}), "words": {**words, word: say}}
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name that begins with a dot is no lexicon yet.
    draft = path.with_name(f".{path.name}")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    try:
        read_plain(draft)
    except ConfigError as error:
        draft.unlink()
        reason = "; ".join(error.problems).replace(f"{draft}: ", "")
        raise InvalidRequestError(f"A lexicon cannot have this word: {reason}", param="say") from None
    os.replace(draft, path)  # noqa: PTH105 - the function that says that it is atomic
