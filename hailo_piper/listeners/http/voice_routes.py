"""Voices fetched and removed while the service runs, for those who hold a key: one fetch at a time, within a bound."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from flask import Flask, request

from hailo_piper.engine.voice_removal import remove_voice
from hailo_piper.errors import (
    AbandonedError,
    BusyError,
    FetchError,
    InvalidRequestError,
    NoSuchVoiceError,
    VoiceNotFoundError,
)
from hailo_piper.listeners.http import listings
from hailo_piper.listeners.http.listings import voice_entry
from hailo_piper.listeners.service import Service
from hailo_piper.voices.directory import VOICE_ID
from hailo_piper.voices.name_matching import shortened
from hailo_piper.voices.places import place_for_new, prepared_directory
from hailo_piper.voices.voice import Voice

logger = logging.getLogger(__name__)

_FETCH_SECONDS = 900.0
_RETRY_AFTER_SECONDS = 10


class VoiceStore:
    """The voices of `voices.directory`, as a client may change them."""

    def __init__(self, service: Service) -> None:
        self._voices = service.voices
        self._loaded = service.loaded
        self._config = service.config
        self._health = service.health
        self._fetching = threading.Lock()

    def fetch(self, voice_id: str, *, has_left: Callable[[], bool] = lambda: False) -> tuple[dict[str, Any], int]:
        """Have a voice of the catalogue here: its facts, and 201, or 200 where it was here already.

        `has_left`: whether the client has, who need not be waited for then.

        Raises NoSuchVoiceError where the hub has none of this id, FetchError where it could not be had whole and right,
        BusyError while another is being fetched, and AbandonedError where the client left.
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
        self._voices.look_again()
        voice = self._installed(voice_id)
        if voice is None:
            raise FetchError(f"{voice_id}: what came is no Piper voice; the log says why")
        logger.info("voice fetched", extra={"fields": {"voice": voice_id}})
        return self._entry(voice), 201

    def remove(self, voice_id: str) -> dict[str, Any]:
        """Delete an installed voice's files; what is being spoken with it is spoken to its end.

        Raises NoSuchVoiceError where there is none, InvalidRequestError where it is the default voice or stays there.
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
        self._voices.look_again()
        self._loaded.keep_only(self._voices.all())
        logger.info("voice removed", extra={"fields": {"voice": voice_id}})
        return {"id": voice_id, "deleted": True}

    def _installed(self, voice_id: str) -> Voice | None:
        return next((voice for voice in self._voices.all() if voice.id == voice_id), None)

    def _entry(self, voice: Voice) -> dict[str, Any]:
        return voice_entry(voice, self._voices, self._loaded.voices)

    def _fetch(self, voice_id: str, has_left: Callable[[], bool]) -> None:
        # A start of the service need not wait for what it does not do.
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


def add_voices(app: Flask, service: Service) -> None:
    """Route the lists of voices."""
    voices, loaded = service.voices, service.loaded

    @app.get("/v1/voices")
    def list_voices() -> dict[str, Any]:
        return {"voices": listings.voice_entries(voices, loaded.voices, language=request.args.get("language"))}

    @app.get("/v1/audio/voices")
    def list_voice_names() -> dict[str, Any]:
        return {"voices": listings.voice_names(voices)}


def add_store(app: Flask, store: VoiceStore) -> None:
    """Route what fetches and removes voices."""

    @app.post("/v1/voices/<voice_id>")
    def fetch_voice(voice_id: str) -> tuple[dict[str, Any], int]:
        return store.fetch(voice_id, has_left=request.environ.get("waitress.client_disconnected", lambda: False))

    app.add_url_rule("/v1/voices/<voice_id>", view_func=store.remove, methods=["DELETE"])
