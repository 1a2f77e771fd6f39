"""Directories of lexicons are scanned on demand, at most once a second: files come and go while the service runs.

A file with a mistake is logged once; its words stay as they were, so that an unfinished edit does not open a filter.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hailo_piper.errors import ConfigError
from hailo_piper.text.lexicon.matcher import Lexicon

if TYPE_CHECKING:
    from hailo_piper.text.lexicon.plain_file import Words

logger = logging.getLogger(__name__)

_PLAIN, _PLS = (".yaml", ".yml", ".json"), ".pls"
_FRESH_SECONDS = 1.0
_MOST_VOICES = 64
"""Voices and languages whose lexicons are kept."""
_Stamp = tuple[int, int, int]


class _File(NamedTuple):
    stamp: _Stamp
    words: "Words | None"
    """None where it never had any without a mistake."""


class _Voice(NamedTuple):
    """Whom words are for."""

    id: str
    language: str
    symbols: frozenset[str]


class Lexicons:
    """The lexicons of some directories, for any voice. Thread-safe."""

    def __init__(self, directories: Sequence[Path], *, clock: Callable[[], float] = time.monotonic) -> None:
        """Nothing is read before the first question. Words of a later directory come before those of an earlier."""
        self._directories = directories
        self._clock = clock
        self._lock = threading.Lock()
        """For making a voice's lexicon."""
        self._scanning = threading.Lock()
        self._scanned_at: float | None = None
        self._files: dict[Path, _File] = {}
        self._made: dict[_Voice, tuple[Lexicon, ...]] = {}

    @property
    def place_for_new(self) -> Path:
        """The directory of words that are added while the service runs: the one whose words come first."""
        return self._directories[-1]

    def for_voice(self, voice: str, language: str, symbols: Collection[str] = ()) -> tuple[Lexicon, ...]:
        """Return what pronounces the words of a voice, by its id, and language; nothing where no word is for it.

        `symbols`: the voice's phonemes, where those that it lacks are to be logged.
        """
        # While one thread reads a long file, the others go on with the words that are there.
        if self._is_due() and self._scanning.acquire(blocking=self._scanned_at is None):
            try:
                if self._is_due():
                    self._scan()
            finally:
                self._scanning.release()
        key = _Voice(voice, language, frozenset(symbols))
        with self._lock:
            if key not in self._made:
                # Clients name languages, so their number is bounded.
                if len(self._made) == _MOST_VOICES:
                    self._made.clear()
                self._made[key] = _lexicons(self._files.values(), key)
            return self._made[key]

    def _is_due(self) -> bool:
        return self._scanned_at is None or self._clock() - self._scanned_at >= _FRESH_SECONDS

    def _scan(self) -> None:
        stamps = {path: stamp for path in files_in(self._directories) if (stamp := _stamp(path))}
        if {path: file.stamp for path, file in self._files.items()} != stamps:
            files = {path: self._read(path, stamp) for path, stamp in stamps.items()}
            made = {key: _lexicons(files.values(), key) for key in tuple(self._made)}
            with self._lock:
                self._files, self._made = files, made
        self._scanned_at = self._clock()

    def _read(self, path: Path, stamp: _Stamp) -> _File:
        known = self._files.get(path)
        if known is not None and known.stamp == stamp:
            return known
        try:
            return _File(stamp, read_lexicon(path))
        except ConfigError as error:
            present = known.words if known else None
            outcome = "its words stay as they were" if present else "skipped"
            logger.warning("lexicons.directory: %s: %s", "; ".join(error.problems), outcome)
            return _File(stamp, present)


def read_lexicon(path: Path) -> "Words":
    """Return the words of a lexicon file, of the kind that its name says. Raises ConfigError."""
    if path.exists() and not path.is_file():
        raise ConfigError([f"{path}: cannot be read: it is no file"])
    # A start without lexicons need not import what reads them.
    if path.suffix.lower() == _PLS:
        from hailo_piper.text.lexicon.pls_file import read_pls

        return read_pls(path)
    from hailo_piper.text.lexicon.plain_file import read_plain

    return read_plain(path)


def problems_of(path: Path) -> Sequence[str]:
    """Return a line on each mistake in a lexicon file."""
    try:
        read_lexicon(path)
    except ConfigError as error:
        return error.problems
    return ()


def missing_symbols(phonemes: str, symbols: Collection[str]) -> str:
    """Return the phonemes that a voice lacks, each once; they would not be heard."""
    return "".join(dict.fromkeys(sign for sign in phonemes if sign not in symbols and not sign.isspace()))


def _lexicons(files: Iterable[_File], voice: _Voice) -> tuple[Lexicon, ...]:
    words = (file.words for file in files if file.words)
    fitting = sorted((each for each in words if each.fit(voice.id, voice.language)), key=lambda each: each.rank)
    entries = [entry._replace(source=str(each.path)) for each in fitting for entry in each.pronunciations]
    for entry in entries if voice.symbols else ():
        if missing := missing_symbols(entry.phonemes, voice.symbols):
            logger.warning("lexicon %s: %s: voice %s has no sound for %s", entry.source, entry.word, voice.id, missing)
    return (Lexicon(entries),) if entries else ()


def files_in(directories: Iterable[Path]) -> list[Path]:
    """Return the lexicon files, those of later directories first, each directory's by name."""
    found: list[Path] = []
    for directory in directories:
        try:
            files = sorted(
                path for path in directory.iterdir() if path.suffix.lower() in (*_PLAIN, _PLS) and path.name[0] != "."
            )
        except FileNotFoundError:
            continue
        except OSError as error:
            logger.warning("lexicons.directory: %s cannot be read: %s", directory, error.strerror)
            continue
        found = [*files, *found]
    return found


def _stamp(path: Path) -> _Stamp | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_ino, state.st_size, state.st_mtime_ns
