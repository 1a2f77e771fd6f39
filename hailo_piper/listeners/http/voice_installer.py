"""The installer fetches and removes voices while the service runs: one fetch at a time, within a time limit."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hailo_piper.engine.voice_removal import remove_voice
from hailo_piper.errors import (
    AbandonedError,
    BusyError,
    FetchError,
    InvalidRequestError,
    NoSuchVoiceError,
    VoiceNotFoundError,
)
from hailo_piper.listeners.http.listings import voice_entry
from hailo_piper.listeners.service import Service
from hailo_piper.voices.directory import VOICE_ID
from hailo_piper.voices.kokoro_voices import LANGUAGES
from hailo_piper.voices.name_matching import shortened
from hailo_piper.voices.places import place_for_new, prepared_directory
from hailo_piper.voices.voice import ENGINE_FILE, Voice

if TYPE_CHECKING:
    from hailo_piper.voices.fetching.catalogue import CatalogueVoice
    from hailo_piper.voices.fetching.limits import FetchLimits

logger = logging.getLogger(__name__)

_FETCH_SECONDS = 900.0
_RETRY_AFTER_SECONDS = 10
_CATALOGUE_SECONDS = 60.0
_FRESH_SECONDS = 600.0
"""Seconds for which a catalogue that was fetched is good enough to be listed."""


class VoiceInstaller:
    """The installed voices, as a client with a key may change them."""

    def __init__(self, service: Service) -> None:
        self._voices = service.voices
        self._loaded = service.loaded
        self._config = service.config
        self._health = service.health
        self._fetching = threading.Lock()
        self._progress: dict[str, Any] = {"voice": None, "received_bytes": 0, "size_bytes": 0}
        self._counting = threading.Lock()
        self._listing = threading.Lock()
        self._listed: tuple[float, list[CatalogueVoice]] | None = None
        """When, in time.monotonic seconds, and what the hub last had."""

    @property
    def progress(self) -> dict[str, Any]:
        """The voice that is being fetched, its bytes so far, and its size; None for the voice where there is none."""
        with self._counting:
            return dict(self._progress)

    def catalogue(self, *, has_left: Callable[[], bool] = lambda: False) -> list[dict[str, Any]]:
        """Return the voices that can be fetched, and whether each is installed.

        Raises FetchError and AbandonedError.
        """
        from hailo_piper.voices.fetching.catalogue import Catalogue, root_of
        from hailo_piper.voices.fetching.kokoro import offered
        from hailo_piper.voices.fetching.limits import FetchLimits

        with self._listing:
            if self._listed is None or time.monotonic() - self._listed[0] > _FRESH_SECONDS:
                root_url, _ = root_of(self._config.voices.catalogue_url)
                give_up = self._reason_to_give_up("the catalogue", has_left)
                with FetchLimits(seconds=_CATALOGUE_SECONDS, give_up=give_up) as limits:
                    try:
                        found = Catalogue.fetch(root_url, limits=limits).voices()
                    except FetchError as error:
                        raise AbandonedError(error.message) if has_left() else error from error
                self._listed = time.monotonic(), found
            voices = [*self._listed[1], offered(self._config.voices.kokoro_url)]
        here = {voice.id for voice in self._voices.all()}
        return [
            {
                "id": voice.id,
                "language": voice.language,
                "quality": voice.quality,
                "num_speakers": voice.num_speakers,
                "size_bytes": voice.size_bytes,
                "installed": voice.id in here,
            }
            for voice in voices
        ]

    def fetch(self, voice_id: str, *, has_left: Callable[[], bool] = lambda: False) -> tuple[dict[str, Any], int]:
        """Fetch a voice of the hub, or Kokoro with all its languages.

        Returns its facts and 201, or 200 if it is already installed.

        `has_left`: whether the client has disconnected, which ends the fetch.

        Raises NoSuchVoiceError if the hub has no voice of this id, FetchError if it did not arrive whole and intact,
        BusyError while another voice is being fetched, and AbandonedError if the client disconnected.
        """
        voice = self._installed(voice_id)
        if voice is not None:
            return self._entry(voice), 200
        if voice_id not in LANGUAGES and not VOICE_ID.fullmatch(voice_id):
            raise NoSuchVoiceError(f"Unknown voice: {shortened(voice_id)}", param="voice_id")
        if not self._fetching.acquire(blocking=False):
            raise BusyError("Another voice is being fetched", retry_after_seconds=_RETRY_AFTER_SECONDS)
        try:
            self._fetch(voice_id, has_left)
        except FetchError as error:
            if has_left():
                raise AbandonedError(error.message) from error
            raise
        finally:
            self._fetching.release()
        self._voices.rescan()
        voice = self._installed(voice_id)
        if voice is None:
            raise FetchError(f"{voice_id}: what came is no voice; the log says why")
        logger.info("voice fetched", extra={"fields": {"voice": voice_id}})
        return self._entry(voice), 201

    def remove(self, voice_id: str) -> dict[str, Any]:
        """Delete an installed voice's files; answers under way with it still end normally.

        With `kokoro` its other languages go, whose files those are.

        Raises NoSuchVoiceError if it is not installed, and InvalidRequestError if it is the default voice or the system
        does not let its files be removed.
        """
        voice = self._installed(voice_id)
        if voice is None:
            raise NoSuchVoiceError(f"Unknown voice: {shortened(voice_id)}", param="voice_id")
        from hailo_piper.voices.fetching.kokoro import going_with, remove_folders

        if any(self._installed(name) is self._voices.default for name in going_with(voice_id)):
            raise InvalidRequestError(f"Voice {voice_id} is the default voice, which stays", param="voice_id")
        try:
            if voice.model_path.name == ENGINE_FILE:
                remove_folders(voice.model_path.parent.parent, voice_id)
            else:
                remove_voice(voice.model_path, [prepared_directory(self._config)])
        except OSError as error:
            raise InvalidRequestError(
                f"Voice {voice_id} cannot be removed: {error.strerror}", param="voice_id"
            ) from error
        self._voices.rescan()
        self._loaded.keep_only(self._voices.all())
        logger.info("voice removed", extra={"fields": {"voice": voice_id}})
        return {"id": voice_id, "deleted": True}

    def _installed(self, voice_id: str) -> Voice | None:
        return next((voice for voice in self._voices.all() if voice.id == voice_id), None)

    def _entry(self, voice: Voice) -> dict[str, Any]:
        return voice_entry(voice, self._voices, self._loaded.voices)

    def _fetch(self, voice_id: str, has_left: Callable[[], bool]) -> None:
        # Few services ever fetch a voice, so their start does not wait for this import.
        from hailo_piper.voices.fetching.limits import FetchLimits

        give_up = self._reason_to_give_up(voice_id, has_left)
        with FetchLimits(seconds=_FETCH_SECONDS, give_up=give_up) as limits:
            (self._fetch_kokoro if voice_id in LANGUAGES else self._fetch_from_hub)(voice_id, limits)

    def _fetch_from_hub(self, voice_id: str, limits: "FetchLimits") -> None:
        from hailo_piper.voices.fetching.catalogue import Catalogue, fetch_voice, root_of

        root_url, _ = root_of(self._config.voices.catalogue_url)
        try:
            voice = Catalogue.fetch(root_url, limits=limits).voice(voice_id)
        except VoiceNotFoundError as error:
            raise NoSuchVoiceError(error.message, param="voice_id") from None
        with self._telling(voice_id, voice.size_bytes):
            fetch_voice(voice, place_for_new(self._config), on_progress=self._count, limits=limits)

    def _fetch_kokoro(self, voice_id: str, limits: "FetchLimits") -> None:
        from hailo_piper.voices.fetching.kokoro import fetch_kokoro, offered

        release = offered(self._config.voices.kokoro_url)
        with self._telling(voice_id, release.size_bytes):
            fetch_kokoro(release.files, place_for_new(self._config), on_progress=self._count, limits=limits)

    @contextmanager
    def _telling(self, voice_id: str, size_bytes: int) -> Iterator[None]:
        self._progress = {"voice": voice_id, "received_bytes": 0, "size_bytes": size_bytes}
        try:
            yield
        finally:
            self._progress = {"voice": None, "received_bytes": 0, "size_bytes": 0}

    def _count(self, num_bytes: int) -> None:
        with self._counting:
            self._progress["received_bytes"] += num_bytes

    def _reason_to_give_up(self, what: str, has_left: Callable[[], bool]) -> Callable[[], str | None]:
        """Return a function that tells why a fetch is to end now, None where it is not."""

        def give_up() -> str | None:
            if self._health.state == "draining":
                return f"{what}: the service is stopping"
            return f"{what}: the client left" if has_left() else None

        return give_up
