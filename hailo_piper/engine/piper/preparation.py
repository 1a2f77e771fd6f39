"""One voice's prepared stages: found on disk, made by a child process, and watched while they are mapped."""

import logging
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hailo_piper.engine.piper.models import DamagedStagesError, StagedModel
from hailo_piper.engine.piper.prepared.errors import CannotCut
from hailo_piper.engine.piper.prepared.intact import file_states, verify, was_written_to
from hailo_piper.engine.piper.prepared.store import StagedGraph, prepare, prepared
from hailo_piper.voices.voice import Voice

logger = logging.getLogger(__name__)

Refusals = dict[Voice, float]
"""Voices that could not be prepared, and when (time.monotonic seconds); all engines of a process share them."""

_RETRY_SECONDS = 600.0
"""A voice that could not be prepared is loaded again and again where memory is short, but not prepared each time."""


class Preparation:
    """Where the stages of one voice come from."""

    def __init__(self, voice: Voice, cache_directory: Path, refusals: Refusals) -> None:
        self.staged: StagedGraph | None = None
        """What is in use."""
        self.is_damaged = False
        """Whether what is on disk must not be used again."""
        self._states: dict[str, list[int]] = {}
        """How the files in use looked when they were known to be right."""
        self._is_refused = False
        self._voice = voice
        self._cache_directory = cache_directory
        self._refusals = refusals
        self._stopped = threading.Event()

    @property
    def is_wanted(self) -> bool:
        """Whether nobody has stopped it."""
        return not self._stopped.is_set()

    def find(self) -> StagedModel | None:
        """The stages that are on disk, loaded and known to be as they were made; None where there are none.

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
        """Have the stages made, and load them; None where that was refused already.

        `is_over`: whether nobody speaks any more. Where only this voice is put away, what was begun is finished: it
        will be loaded sooner then. Raises CannotCut, NotAVoice, DamagedStagesError or OSError; CannotCut also where it
        was stopped.
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
        """Tell once a voice why it does not stream."""
        if self._voice not in self._refusals:
            logger.warning(
                "voice %s cannot be streamed in windows, sentences are spoken whole: %s", self._voice.id, reason
            )
        self._refusals[self._voice] = time.monotonic()

    def is_intact(self) -> bool:
        """Whether the mapped files are as they were made; reads them where they were touched since the last time.

        Files that were removed, or replaced by others, stay as they are for those who have them mapped.
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
        """End the child process, if there is one, within a tenth of a second; begin no other."""
        self._stopped.set()

    def close(self) -> None:
        """Let go of what was made where nothing could be kept."""
        self.stop()
        if self.staged is not None:
            self._remove_temporary(self.staged)

    def _check(self, staged: StagedGraph) -> bool:
        """Whether it is as it was made; what happens to it from now on is noticed."""
        try:
            self._states = file_states(staged)
        except OSError:
            return False
        return verify(staged)

    def _remove_temporary(self, staged: StagedGraph) -> None:
        if self._cache_directory not in staged.encoder_path.parents:
            shutil.rmtree(staged.encoder_path.parents[1], ignore_errors=True)
