"""Files are sent, listed, read and deleted, as OpenAI's Files API has it."""

import hashlib
import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request, send_file
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.formparser import FormDataParser

from hailo_piper.errors import BodyTooLargeError, InvalidRequestError, NotFoundError
from hailo_piper.listeners.http.kept_work import (
    FILES,
    MOST_FILE_BYTES,
    choice_of,
    idempotency_key,
    limit_of,
    listed,
    most_bytes,
    owner_of,
)
from hailo_piper.listeners.service import Service

if TYPE_CHECKING:
    from hailo_piper.jobs.queue.directory import Upload
    from hailo_piper.jobs.queue.kept import KeptFile
    from hailo_piper.jobs.queue.store import Store

_PURPOSES = ("batch", "batch_output")
_FIELDS = {"purpose", "expires_after[anchor]", "expires_after[seconds]"}
_SOONEST, _LATEST = 3600, 2_592_000
"""Seconds after which OpenAI lets a file expire."""
_MOST_FILES = 10_000
"""Entries of a list."""
_LONGEST_NAME = 255
_FORM_BYTES = 500_000
"""Of a form in memory: its fields, and what of the file is between network and disk."""
_STEP = 1 << 20


def add_files(app: Flask, service: Service) -> None:
    """Route files."""

    @app.post(FILES)
    def create_file() -> dict[str, Any]:
        store, owner, key = service.long_work.store(), owner_of(service), idempotency_key()
        with closing(_Form(store)) as form:
            form.read()
            with store.once(owner, key, form.digest) as once:
                if once.answer is not None:
                    answer: dict[str, Any] = once.answer
                    return answer
                with store.database.changing():
                    entry = file_entry(form.keep(owner))
                    once.note(entry)
                # It is deleted in time, whoever asks.
                service.long_work.wake()
                return entry

    @app.get(FILES)
    def list_files() -> dict[str, Any]:
        purpose, order = choice_of("purpose", _PURPOSES), choice_of("order", ("asc", "desc"))
        limit = limit_of(_MOST_FILES, _MOST_FILES)
        files, has_more = service.long_work.store().files(
            owner_of(service),
            purpose=purpose,
            after=request.args.get("after"),
            limit=limit,
            is_ascending=order == "asc",
        )
        return listed(list(map(file_entry, files)), has_more=has_more)

    @app.get(f"{FILES}/<file_id>")
    def show_kept_file(file_id: str) -> dict[str, Any]:
        return file_entry(service.long_work.store().file(file_id, owner_of(service)))

    @app.get(f"{FILES}/<file_id>/content")
    def read_file(file_id: str) -> Response:
        store = service.long_work.store()
        return content_of(store, store.file(file_id, owner_of(service)))

    @app.delete(f"{FILES}/<file_id>")
    def delete_file(file_id: str) -> dict[str, Any]:
        service.long_work.store().remove_file(file_id, owner_of(service))
        return {"id": file_id, "object": "file", "deleted": True}


def file_entry(file: "KeptFile") -> dict[str, Any]:
    """Return OpenAI's shape of a file."""
    return {
        "id": file.id,
        "object": "file",
        "bytes": file.bytes,
        "created_at": file.created,
        "expires_at": file.expires,
        "filename": file.filename,
        "purpose": file.purpose,
        "status": "processed",
    }


def content_of(store: "Store", file: "KeptFile") -> Response:
    """Return the answer with a file's content, whole or in the range that is asked for. Raises NotFoundError."""
    path = store.directory.path(file.place)
    if not path.is_file():
        raise NotFoundError("The file is gone", param="file_id")
    response = send_file(path, file.content_type, as_attachment=True, download_name=file.filename, etag=file.id)
    # What a client sent must never run as a page of this service.
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


class _Form:
    """The form of an upload. Close it."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._uploads: list[Upload] = []
        self._fields = MultiDict[str, str]()
        self._file: FileStorage | None = None
        self._num_bytes = 0
        self._digest = ""

    def read(self) -> None:
        """Read the form; its file goes to the disk. Raises InvalidRequestError and UnsupportedMediaType."""
        if request.mimetype != "multipart/form-data":
            raise UnsupportedMediaType("Content-Type must be multipart/form-data")
        request.max_content_length = most_bytes(FILES)
        parser = FormDataParser(
            stream_factory=lambda *_, **__: self._begin(),
            max_form_memory_size=_FORM_BYTES,
            max_content_length=most_bytes(FILES),
            max_form_parts=16,
            silent=False,
        )
        try:
            _, self._fields, files = parser.parse(
                request.stream, request.mimetype, request.content_length, request.mimetype_params
            )
        except ValueError as error:
            raise InvalidRequestError(f"The body is no form: {error}") from error
        self._check(files)

    def _begin(self) -> Any:
        upload = self._store.directory.begin_upload()
        self._uploads.append(upload)
        return upload.file

    def _check(self, files: MultiDict[str, FileStorage]) -> None:
        self._file = files.get("file")
        if self._file is None or len(self._uploads) != 1:
            raise InvalidRequestError("Missing 'file': a form with one file", param="file")
        unknown = [name for name in self._fields if name not in _FIELDS]
        if unknown:
            name = unknown[0][:60]
            raise InvalidRequestError(f"Unknown field {name!r}: known: {', '.join(sorted(_FIELDS))}", param=name)
        if self._fields.get("purpose") != "batch":
            raise InvalidRequestError("Invalid 'purpose': allowed here: batch", param="purpose")
        self._measure()

    def _measure(self) -> None:
        file, digest = self._uploads[0].file, hashlib.sha256()
        file.seek(0)
        while piece := file.read(_STEP):
            digest.update(piece)
            self._num_bytes += len(piece)
        if not self._num_bytes:
            raise InvalidRequestError("The file is empty", param="file")
        if self._num_bytes > MOST_FILE_BYTES:
            raise BodyTooLargeError(f"The file is larger than {MOST_FILE_BYTES} bytes", param="file")
        self._digest = digest.hexdigest()

    @property
    def _name(self) -> str:
        # Some clients send a path.
        given = ((self._file.filename if self._file else None) or "").replace("\\", "/").rpartition("/")[2]
        return "".join(sign for sign in given if sign.isprintable())[:_LONGEST_NAME] or "file"

    @property
    def _seconds(self) -> int | None:
        anchor, seconds = (self._fields.get(f"expires_after[{name}]") for name in ("anchor", "seconds"))
        if anchor is None and seconds is None:
            return None
        return expiry_seconds({"anchor": anchor, "seconds": seconds}, "expires_after")

    def digest(self) -> str:
        """Return a digest of everything that the form says."""
        said = [FILES, self._name, self._digest, sorted(self._fields.items(multi=True))]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    def keep(self, owner: str) -> "KeptFile":
        """Keep the file. Raises StorageFullError and InvalidRequestError."""
        from hailo_piper.jobs.queue.store import new_file

        file = new_file(self._store, owner, filename=self._name, num_bytes=self._num_bytes, seconds=self._seconds)
        self._store.keep(self._uploads[0], file)
        return file

    def close(self) -> None:
        """Remove what was not kept."""
        for upload in self._uploads:
            upload.close()


def expiry_seconds(given: Any, name: str) -> int:
    """Return the seconds of an `expires_after`. Raises InvalidRequestError."""
    anchor, seconds = (given.get(key) for key in ("anchor", "seconds")) if isinstance(given, dict) else (None, None)
    if anchor != "created_at":
        raise InvalidRequestError(f"Invalid '{name}': the anchor is created_at", param=name)
    if isinstance(seconds, str) and seconds.isascii() and seconds.isdigit() and len(seconds) < 10:
        seconds = int(seconds)
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not _SOONEST <= seconds <= _LATEST:
        raise InvalidRequestError(f"Invalid '{name}': seconds are from {_SOONEST} to {_LATEST}", param=name)
    return seconds
