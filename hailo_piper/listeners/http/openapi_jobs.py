"""Describes files, batches and jobs, with the errors that only they have."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hailo_piper.listeners.dialect import Dialect
from hailo_piper.listeners.http.openapi_bodies import body
from hailo_piper.listeners.http.openapi_operator import Operation, ReadOperation
from hailo_piper.listeners.http.openapi_vendors import WITH_BODY
from hailo_piper.schemas.checker import load_schema

_OWN_REFUSALS = {
    409: "A request with this Idempotency-Key is being answered; ask again.",
    422: "This Idempotency-Key was sent with another request.",
}
_KEY = {"name": "Idempotency-Key", "in": "header", "description": "Sent again with the same request, it has the "
        "same answer for a day.", "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"}}  # fmt: skip
_AFTER = {"name": "after", "in": "query", "description": "The id that the list begins after.",
          "schema": {"type": "string"}}  # fmt: skip
_ORDER = {"name": "order", "in": "query", "description": "Oldest or newest first.",
          "schema": {"type": "string", "enum": ["asc", "desc"]}}  # fmt: skip
_PURPOSE = {"name": "purpose", "in": "query", "description": "Only files for this.",
            "schema": {"type": "string", "enum": ["batch", "batch_output"]}}  # fmt: skip
_UPLOAD = {
    "title": "CreateFileRequest",
    "description": "A file of JSON lines, and what it is for.",
    "type": "object",
    "additionalProperties": False,
    "required": ["file", "purpose"],
    "properties": {
        "file": {"description": "Up to 200 MB.", "type": "string", "contentMediaType": "application/octet-stream"},
        "purpose": {"description": "What it is for.", "type": "string", "enum": ["batch"]},
        "expires_after[anchor]": {"description": "From when on it counts.", "type": "string", "enum": ["created_at"]},
        "expires_after[seconds]": {"description": "When it expires.", "type": "integer", "minimum": 3600,
                                   "maximum": 2592000},
    },
    "dependentRequired": {
        "expires_after[anchor]": ["expires_after[seconds]"],
        "expires_after[seconds]": ["expires_after[anchor]"],
    },
}  # fmt: skip

Refusals = Callable[[Iterable[int]], Operation]


def job_schemas(jobs: Dialect) -> dict[str, Any]:
    """Return the schemas of bodies that these paths take; `jobs`: the dialect of jobs."""
    job = body("CreateJobRequest", jobs)
    return {"CreateFileRequest": _UPLOAD, "CreateJobRequest": job, **load_schema("jobs.json")}


def job_paths(read: ReadOperation, refusals: Refusals) -> dict[str, Any]:
    """Return the paths; `refusals` describes the answers of further statuses."""

    def described(summary: str, answer: str, *statuses: int, more: Iterable[Mapping[str, Any]] = ()) -> Operation:
        operation = read(summary, {"application/json": {"schema": _reference(answer)}})
        operation["responses"] |= refusals(statuses)
        return {**operation, "tags": ["Long work"], "parameters": list(more)}

    def created(summary: str, answer: str, kind: str, asked: str) -> Operation:
        operation = described(summary, answer, *WITH_BODY, 404, more=[_KEY])
        own = refusals(_OWN_REFUSALS)
        for status, description in _OWN_REFUSALS.items():
            own[str(status)]["description"] = description
        operation["responses"] |= own
        return {**operation, "requestBody": {"required": True, "content": {kind: {"schema": _reference(asked)}}}}

    def entry(name: str, description: str) -> dict[str, Any]:
        schema = {"type": "string", "minLength": 1}
        return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}

    def content(summary: str, parameter: Mapping[str, Any]) -> Operation:
        operation = read(summary, {"*/*": {}})
        part = {**operation["responses"]["200"], "description": "The part that Range asks for"}
        operation["responses"] |= {"206": part, "416": _no_range(refusals), **refusals([404])}
        return {**operation, "tags": ["Long work"], "parameters": [parameter]}

    file = entry("file_id", "As the list has it: file-0123.")
    batch = entry("batch_id", "As the list has it: batch_0123.")
    job = entry("job_id", "As the list has it: job_0123.")
    json_body = "application/json"
    return {
        "/v1/batches": {
            "post": created("Have a file of lines spoken", "Batch", json_body, "CreateBatchRequest"),
            "get": described("The caller's batches, the newest first", "Batches", more=[_AFTER, _limit(100)]),
        },
        "/v1/batches/{batch_id}": {"get": described("How far a batch is", "Batch", 404, more=[batch])},
        "/v1/batches/{batch_id}/cancel": {
            "post": described("Stop a batch; what is spoken is kept", "Batch", 404, more=[batch])
        },
        "/v1/jobs": {
            "post": created("Have one long text spoken", "Job", json_body, "CreateJobRequest"),
            "get": described("The caller's jobs, the newest first", "Jobs", more=[_AFTER, _limit(100)]),
        },
        "/v1/jobs/{job_id}": {
            "get": described("How far a job is", "Job", 404, more=[job]),
            "delete": described("Delete a job that is over, and its sound", "JobDeleted", 404, more=[job]),
        },
        "/v1/jobs/{job_id}/cancel": {"post": described("Stop a job", "Job", 404, more=[job])},
        "/v1/jobs/{job_id}/result": {"get": content("The sound of a job", job)},
        "/v1/files": {
            "post": created("Send a file of lines", "File", "multipart/form-data", "CreateFileRequest"),
            "get": described("The caller's files", "Files", more=[_PURPOSE, _AFTER, _limit(10_000), _ORDER]),
        },
        "/v1/files/{file_id}": {
            "get": described("One file", "File", 404, more=[file]),
            "delete": described("Delete a file", "FileDeleted", 404, more=[file]),
        },
        "/v1/files/{file_id}/content": {"get": content("What is in a file", file)},
    }


def _limit(most: int) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1, "maximum": most}
    return {"name": "limit", "in": "query", "description": "Entries of a page.", "schema": schema}


def _no_range(refusals: Refusals) -> Any:
    return {**refusals([400])["400"], "description": "The file has no such range."}


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
