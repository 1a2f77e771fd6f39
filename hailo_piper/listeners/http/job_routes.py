"""A job speaks one text that is too long for an answer, whose sound is fetched later."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, request

from hailo_piper.errors import InvalidRequestError, TextTooLongError
from hailo_piper.listeners.dialect import Dialect
from hailo_piper.listeners.http.batch_routes import cancel
from hailo_piper.listeners.http.file_routes import content_of
from hailo_piper.listeners.http.json_body import read_json_body
from hailo_piper.listeners.http.kept_work import (
    JOBS,
    MOST_CHARACTERS,
    idempotency_key,
    limit_of,
    listed,
    most_bytes,
    owner_of,
)
from hailo_piper.listeners.json_object import parse_object
from hailo_piper.listeners.service import Service
from hailo_piper.speech.request import SpeechRequest

if TYPE_CHECKING:
    from hailo_piper.jobs.queue.kept import Work
    from hailo_piper.jobs.queue.store import Store

_TIMES = ("in_progress_at", "completed_at", "failed_at", "expired_at", "cancelling_at", "cancelled_at")
_MORE = {
    "captions": {
        "description": "Write captions beside the sound, too.",
        "type": "string",
        "enum": ["srt", "vtt", "lrc", "json"],
    }
}
_OF_AN_ANSWER = ("stream_format", "stream", "timestamps")
"""Fields of a speech request that say how an answer travels."""


def jobs_dialect(voice_names: Callable[[], Iterable[str]]) -> Dialect:
    """Return the dialect of a job: OpenAI's fields of speech, and captions."""
    synonyms = {"text": "input", "format": "response_format"}
    return Dialect(text="input", synonyms=synonyms, voice_names=voice_names, more=_MORE, without=_OF_AN_ANSWER)


def add_jobs(app: Flask, service: Service, dialect: Callable[[], Dialect]) -> None:
    """Route jobs. `dialect` returns that of `jobs_dialect`, which a start need not wait for."""

    @app.post(JOBS)
    def create_job() -> dict[str, Any]:
        g.dialect = dialect()
        return _create(service, g.dialect)

    @app.get(JOBS)
    def list_jobs() -> dict[str, Any]:
        store = service.long_work.store()
        store.expire()
        works, has_more = store.works.page("job", owner_of(service), request.args.get("after"), limit_of(100, 20))
        return listed([job_entry(work, service.long_work.share(work)) for work in works], has_more=has_more)

    @app.get(f"{JOBS}/<job_id>")
    def show_job(job_id: str) -> dict[str, Any]:
        work = _work_of(service, job_id)
        return job_entry(work, service.long_work.share(work))

    @app.get(f"{JOBS}/<job_id>/result")
    def read_result(job_id: str) -> Response:
        work, store = _work_of(service, job_id), service.long_work.store()
        result = work.content.get("result")
        if result is None:
            raise InvalidRequestError(f"There is no sound: the job is {work.status}", param="job_id")
        return content_of(store, store.file(result["file_id"], work.owner))

    @app.post(f"{JOBS}/<job_id>/cancel")
    def cancel_job(job_id: str) -> dict[str, Any]:
        cancel(service, _work_of(service, job_id))
        return show_job(job_id)

    @app.delete(f"{JOBS}/<job_id>")
    def delete_job(job_id: str) -> dict[str, Any]:
        service.long_work.store().remove_work(_work_of(service, job_id))
        return {"id": job_id, "object": "audio.job", "deleted": True}


def _work_of(service: Service, job_id: str) -> "Work":
    return service.long_work.store().work(job_id, "job", owner_of(service))


def _create(service: Service, dialect: Dialect) -> dict[str, Any]:
    store, owner = service.long_work.store(), owner_of(service)
    request.max_content_length = most_bytes(JOBS)
    fields = parse_object(read_json_body())
    asked = dialect.request(fields)
    characters = _characters(asked)
    if characters > MOST_CHARACTERS:
        raise TextTooLongError(MOST_CHARACTERS)
    _check(service, asked, characters)

    def digest() -> str:
        return hashlib.sha256(JOBS.encode() + json.dumps(fields, sort_keys=True).encode()).hexdigest()

    with store.once(owner, idempotency_key(), digest) as once:
        if once.answer is not None:
            answer: dict[str, Any] = once.answer
            return answer
        with store.database.changing():
            entry = job_entry(_new_job(store, owner, fields, characters), 0.0)
            once.note(entry)
    service.long_work.wake()
    return entry


def _check(service: Service, asked: SpeechRequest, characters: int) -> None:
    """Refuse what could not be spoken, as far as that shows in no more text than a request may have."""
    most = service.config.synthesis.max_text_length
    if characters <= most:
        service.speech.check(asked)
    elif isinstance(asked.text, str) and asked.text_format != "ssml":
        service.speech.check(replace(asked, text=asked.text.lstrip()[:most]))
    else:
        service.voices.choose(asked.voice, None if (asked.language or "").lower() == "auto" else asked.language)


def _characters(asked: SpeechRequest) -> int:
    if isinstance(asked.text, tuple):
        return sum(map(_characters, asked.text))
    return len(asked.text) if isinstance(asked.text, str) else 0


def _new_job(store: "Store", owner: str, fields: Mapping[str, Any], characters: int) -> "Work":
    from hailo_piper.jobs.queue.kept import JOB, QUEUED, Work, new_id

    identifier = new_id("job_")
    folder = store.directory.work(identifier)
    folder.mkdir(mode=0o700)
    body = {name: value for name, value in fields.items() if name not in {*_OF_AN_ANSWER, *_MORE}}
    line = {"custom_id": "speech", "body": body}
    store.directory.write(folder / "lines.jsonl", json.dumps(line).encode() + b"\n")
    captions = fields.get("captions")
    # Nothing else ends it: it is deleted with all that is too old.
    content = {
        "characters": characters,
        "captions": captions and captions.lower(),
        "deadline": store.expiry(),
    }
    work = Work(identifier, JOB, owner, QUEUED, store.now(), store.expiry(), content)
    store.add_work(work)
    return work


def job_entry(work: "Work", share: float) -> dict[str, Any]:
    """Return a job as it is shown."""
    content = work.content
    problems = content.get("errors")
    error = {name: problems[0][name] for name in ("code", "message", "param")} if problems else None
    return {
        "id": work.id,
        "object": "audio.job",
        "status": work.status,
        "progress": share,
        "characters": content["characters"],
        "created_at": work.created,
        "expires_at": work.expires,
        **{name: content.get(name) for name in _TIMES},
        "error": error,
        "result": content.get("result"),
    }
