"""Batches are made, listed and cancelled, as OpenAI's Batch API has it."""

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import Flask, request

from hailo_piper.errors import InvalidRequestError
from hailo_piper.listeners.http.file_routes import expiry_seconds
from hailo_piper.listeners.http.json_body import read_json_body
from hailo_piper.listeners.http.kept_work import BATCHES, idempotency_key, limit_of, listed, owner_of
from hailo_piper.listeners.json_object import parse_object
from hailo_piper.listeners.service import Service
from hailo_piper.schemas.checker import Checker, load_schema

if TYPE_CHECKING:
    from hailo_piper.jobs.queue.kept import Work
    from hailo_piper.jobs.queue.progress import Counts
    from hailo_piper.jobs.queue.store import Store

_TIMES = ("in_progress_at", "finalizing_at", "completed_at", "failed_at", "expired_at", "cancelling_at",
          "cancelled_at")  # fmt: skip
_HOURS = {"h": 1, "d": 24}


def add_batches(app: Flask, service: Service) -> None:
    """Route batches."""

    @app.post(BATCHES)
    def create_batch() -> dict[str, Any]:
        return _create(service)

    @app.get(BATCHES)
    def list_batches() -> dict[str, Any]:
        from hailo_piper.jobs.queue.kept import BATCH

        store = service.long_work.store()
        store.expire()
        works, has_more = store.works.page(BATCH, owner_of(service), request.args.get("after"), limit_of(100, 20))
        return listed([batch_entry(work, service.long_work.counts(work)) for work in works], has_more=has_more)

    @app.get(f"{BATCHES}/<batch_id>")
    def show_batch(batch_id: str) -> dict[str, Any]:
        return shown(batch_id)

    @app.post(f"{BATCHES}/<batch_id>/cancel")
    def cancel_batch(batch_id: str) -> dict[str, Any]:
        cancel(service, service.long_work.store().work(batch_id, "batch", owner_of(service)))
        return shown(batch_id)

    def shown(batch_id: str) -> dict[str, Any]:
        from hailo_piper.jobs.queue.kept import BATCH

        work = service.long_work.store().work(batch_id, BATCH, owner_of(service))
        return batch_entry(work, service.long_work.counts(work))


def _create(service: Service) -> dict[str, Any]:
    store, owner = service.long_work.store(), owner_of(service)
    fields = checked(parse_object(read_json_body()), "CreateBatchRequest")

    def digest() -> str:
        return hashlib.sha256(BATCHES.encode() + json.dumps(fields, sort_keys=True).encode()).hexdigest()

    with store.once(owner, idempotency_key(), digest) as once:
        if once.answer is not None:
            answer: dict[str, Any] = once.answer
            return answer
        with store.database.changing():
            work = _new_batch(store, owner, fields, service.config.synthesis.format)
            entry = batch_entry(work, service.long_work.counts(work))
            once.note(entry)
    service.long_work.wake()
    return entry


def cancel(service: Service, work: "Work") -> None:
    """Have work stop, unless it does already. Raises InvalidRequestError for work that ended otherwise."""
    from hailo_piper.jobs.queue.kept import CANCELLED, CANCELLING

    if work.status in {CANCELLING, CANCELLED}:
        return
    store = service.long_work.store()
    now = store.works.change(work.id, CANCELLING, cancelling_at=store.now())
    if now is None or now.is_over:
        raise InvalidRequestError(f"The {work.kind} is {work.status} already", param=f"{work.kind}_id")
    service.long_work.wake()


def checked(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the fields of a body that are present, held to a schema. Raises InvalidRequestError."""
    given = {field: value for field, value in fields.items() if value is not None}
    schema = load_schema("jobs.json")[name]
    missing = [field for field in schema["required"] if field not in given]
    if missing:
        raise InvalidRequestError(f"Missing '{missing[0]}' field", param=missing[0])
    problems = Checker(schema).problems(given)
    if problems:
        explained = "; ".join(f"Invalid '{path}': {problem}" if path else problem for path, problem in problems)
        raise InvalidRequestError(explained, param=problems[0][0].partition(".")[0] or None)
    return given


def _new_batch(store: "Store", owner: str, fields: Mapping[str, Any], form: str) -> "Work":
    """Add a batch; `form`: the format of a joined sound that names none.

    Raises NotFoundError where its input is no file of this caller, and InvalidRequestError.
    """
    from hailo_piper.jobs.queue.kept import BATCH, VALIDATING, Work, new_id

    file = store.file(fields["input_file_id"], owner)
    if file.purpose != "batch":
        raise InvalidRequestError("Invalid 'input_file_id': its purpose is not batch", param="input_file_id")
    identifier, window = new_id("batch_"), str(fields["completion_window"])
    expiry = fields.get("output_expires_after")
    if "response_format" in fields and fields.get("output") != "joined":
        message = "Invalid 'response_format': it is of a joined sound; lines name their own"
        raise InvalidRequestError(message, param="response_format")
    folder = store.directory.work(identifier)
    folder.mkdir(mode=0o700)
    # A second name for the lines: the client may delete its file while they are spoken.
    store.directory.share(file.place, folder / "lines.jsonl")
    content = {
        "endpoint": fields["endpoint"],
        "input_file_id": file.id,
        "completion_window": window,
        "deadline": store.now() + int(window[:-1]) * _HOURS[window[-1]] * 3600,
        "metadata": fields.get("metadata"),
        "output": fields.get("output", "files"),
        "format": fields.get("response_format", form),
        "output_seconds": None if expiry is None else expiry_seconds(expiry, "output_expires_after"),
    }
    work = Work(identifier, BATCH, owner, VALIDATING, store.now(), store.expiry(), content)
    store.add_work(work)
    return work


def batch_entry(work: "Work", counts: "Counts") -> dict[str, Any]:
    """Return OpenAI's shape of a batch."""
    content = work.content
    errors = content.get("errors")
    return {
        "id": work.id,
        "object": "batch",
        "endpoint": content["endpoint"],
        "errors": None if errors is None else {"object": "list", "data": errors},
        "input_file_id": content["input_file_id"],
        "completion_window": content["completion_window"],
        "status": work.status,
        "output": content["output"],
        "output_file_id": content.get("output_file_id"),
        "error_file_id": content.get("error_file_id"),
        "created_at": work.created,
        "expires_at": content["deadline"],
        **{name: content.get(name) for name in _TIMES},
        "request_counts": {"total": counts.total, "completed": counts.completed, "failed": counts.failed},
        "metadata": content["metadata"],
    }
