"""The installer fetches and removes voices while the service runs: one fetch at a time, within a time limit."""

import logging
import threading
from collections.abc import Callable
from typing import Any

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
from hailo_piper.voices.name_matching import shortened
from hailo_piper.voices.places import place_for_new, prepared_directory
from hailo_piper.voices.voice import Voice

logger = logging.getLogger(__name__)

_FETCH_SECONDS = 900.0
_RETRY_AFTER_SECONDS = 10


class VoiceInstaller:
    """The installed voices, as a client with a key may change them."""

    def __init__(self, service: Service) -> None:
        self._voices = service.voices
        self._loaded = service.loaded
        self._config = service.config
        self._health = service.health
        self._fetching = threading.Lock()

    def fetch(self, voice_id: str, *, has_left: Callable[[], bool] = lambda: False) -> tuple[dict[str, Any], int]:
        """Fetch a voice of the catalogue; return its facts and 201, or 200 if it is already installed.

        `has_left`: whether the client has disconnected, which ends the fetch.

        Raises NoSuchVoiceError if the hub has no voice of this id, FetchError if it did not arrive whole and intact,
        BusyError while another voice is being fetched, and AbandonedError if the client disconnected.
        """
        voice = self._installed(voice_id)
        if voice is not None:
            return self._entry(voice), 200
        if not VOICE_ID.fullmatch(voice_id):
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
            raise FetchError(f"{voice_id}: what came is no Piper voice; the log says why")
        logger.info("voice fetched", extra={"fields": {"voice": voice_id}})
        return self._entry(voice), 201

    def remove(self, voice_id: str) -> dict[str, Any]:
        """Delete an installed voice's files; answers under way with it still end normally.

        Raises NoSuchVoiceError if it is not installed, and InvalidRequestError if it is the default voice or the system
        does not let its files be removed.
        """
        voice = self._installed(voice_id)
        if voice is None:
            raise NoSuchVoiceError(f"Unknown voice: {shortened(voice_id)}", param="voice_id")
        if voice is self._voices.default:
            raise InvalidRequestError(f"Voice {voice_id} is the default voice, which stays", param="voice_id")
        try:
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
        from hailo_piper.voices.fetching.catalogue import Catalogue, fetch_voice, root_of
        from hailo_piper.voices.fetching.limits import FetchLimits

        def give_up() -> str | None:
            if self._health.state == "draining":
                return f"{voice_id}: the service is stopping"
            return f"{voice_id}: the client left" if has_left() else None

        root_url, _ = root_of(self._config.voices.catalogue_url)
        with FetchLimits(seconds=_FETCH_SECONDS, give_up=give_up) as limits:
            try:
                voice = Catalogue.fetch(root_url, limits=limits).voice(voice_id)
            except VoiceNotFoundError as error:
                raise NoSuchVoiceError(error.message, param="voice_id") from None
            fetch_voice(voice, place_for_new(self._config), limits=limits)
