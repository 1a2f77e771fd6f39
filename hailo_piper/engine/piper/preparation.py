"""A Preparation finds a voice's stages on disk or has them made, and watches them while they are mapped.

The preparation takes some seconds in a child process; until it is done the service speaks from the whole graph. A
mapped file that is written to is wrong sound, and one that is cut ends the process, so the state of the files is
checked before each request.
"""

import logging
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hailo_piper.engine.piper.models import DamagedStagesError, StagedModel
from hailo_piper.engine.piper.prepared.errors import CannotCut, NotAVoice
from hailo_piper.engine.piper.prepared.intact import file_states, verify, was_written_to
from hailo_piper.engine.piper.prepared.store import StagedGraph, prepare, prepared
from hailo_piper.voices.voice import Voice

logger = logging.getLogger(__name__)

Refusals = dict[Voice, float]
"""Voices that could not be prepared, and the time of it (time.monotonic seconds); all engines share them."""

FAILURES = (CannotCut, NotAVoice, DamagedStagesError, OSError)
"""Errors with which a preparation ends."""

_RETRY_SECONDS = 600.0
"""Seconds until a refused voice is prepared again; where memory is short, it may be loaded many times before."""


class Preparation:
    """The prepared stages of one voice: on disk, being made, or in use."""

    def __init__(self, voice: Voice, cache_directory: Path, refusals: Refusals) -> None:
        self.staged: StagedGraph | None = None
        """The stages in use."""
        self.is_damaged = False
        """Whether the entry on disk is damaged and must be made again."""
        self._states: dict[str, list[int]] = {}
        """The states of the files in use when they were last known to be right."""
        self._is_refused = False
        self._voice = voice
        self._cache_directory = cache_directory
        self._refusals = refusals
        self._stopped = threading.Event()

    @property
    def is_wanted(self) -> bool:
        """Whether the preparation was not stopped."""
        return not self._stopped.is_set()

    @property
    def lufs(self) -> float:
        """The level of the voice in use, as it was measured when its stages were made, in LUFS."""
        return float(((self.staged and self.staged.level) or {})["lufs"])

    @property
    def is_refused(self) -> bool:
        """Whether the voice could not be prepared when that was last tried."""
        return self._is_refused or self._voice in self._refusals

    def find(self) -> StagedModel | None:
        """Return the stages on disk, loaded and verified; None where there are none.

        Raises OSError where the voice cannot be read.
        """
        try:
            staged = prepared(self._voice.model_path, self._cache_directory)
            if staged is None or staged.level is None:
                return None
            with ThreadPoolExecutor(1) as checker:
                is_intact = checker.submit(self._check, staged)
                model = StagedModel(staged, self._voice)
            if is_intact.result():
                self.staged = staged
                return model
            self.is_damaged = True
            logger.warning("the prepared voice in %s is damaged", staged.encoder_path.parent)
        except CannotCut as error:
            self._is_refused = True
            self.refuse(error)
        except DamagedStagesError as error:
            self.is_damaged = True
            logger.warning("the prepared voice does not load: %s", error)
        return None

    def make(self, *, is_over: Callable[[], bool]) -> StagedModel | None:
        """Have the stages made, and load them; return None where the voice was refused before.

        `is_over`: whether the service is stopping. Raises CannotCut, also where it was stopped, NotAVoice,
        DamagedStagesError or OSError.
        """
        refused = self._refusals.get(self._voice)
        if self._is_refused or (refused is not None and time.monotonic() - refused < _RETRY_SECONDS):
            return None
        logger.info("preparing the voice for streaming; until then sentences are spoken whole")

        def follow(step: str | None) -> None:
            if is_over() or not self.is_wanted:
                raise CannotCut("the service is stopping")
            if step is not None:
                logger.info("preparing: %s", step)

        staged = prepare(self._voice.model_path, self._cache_directory, on_progress=follow, force=self.is_damaged)
        try:
            follow(None)
            self._states = file_states(staged)
            model = StagedModel(staged, self._voice)
        except BaseException:
            self._remove_temporary(staged)
            raise
        self.staged = staged
        self.is_damaged = False
        return model

    def refuse(self, reason: Exception) -> None:
        """Note that the voice cannot be prepared; log the reason once per voice."""
        if self._voice not in self._refusals:
            logger.warning(
                "voice %s cannot be streamed in windows, sentences are spoken whole: %s", self._voice.id, reason
            )
        self._refusals[self._voice] = time.monotonic()

    def is_intact(self) -> bool:
        """Return whether the mapped files are as they were made; they are read again if their state has changed.

        Files that were removed or replaced do not count: what is mapped stays as it was.
        """
        if self.staged is None:
            return True
        try:
            now = file_states(self.staged)
        except OSError:
            return True
        if not was_written_to(self._states, now):
            return True
        self.is_damaged = not self._check(self.staged)
        return not self.is_damaged

    def stop(self) -> None:
        """End the child process, if there is one, within a tenth of a second; start no other."""
        self._stopped.set()

    def close(self) -> None:
        """Stop, and delete stages that were made in a temporary directory."""
        self.stop()
        if self.staged is not None:
            self._remove_temporary(self.staged)

    def _check(self, staged: StagedGraph) -> bool:
        """Return whether the entry is as it was made; note the states of its files first, to notice later changes."""
        try:
            self._states = file_states(staged)
        except OSError:
            return False
        return verify(staged)

    def _remove_temporary(self, staged: StagedGraph) -> None:
        if self._cache_directory not in staged.encoder_path.parents:
            shutil.rmtree(staged.encoder_path.parents[1], ignore_errors=True)
