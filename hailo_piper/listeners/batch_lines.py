"""A line of a batch's output has OpenAI's shape, with a file in place of an answer's body."""

import hashlib
from collections.abc import Mapping
from typing import Any

from hailo_piper.listeners.error_object import error_body


def answered_line(record: Mapping[str, Any], file: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the line of a record, as `jobs.results` has it, and of the file that it tells of, or of none.

    Source: https://platform.openai.com/docs/guides/batch
    """
    seed = f"{record['line']}:{record['id']}"
    identifier = hashlib.sha256(seed.encode(errors="surrogatepass")).hexdigest()[:24]
    if "error" in record:
        error = record["error"]
        status = 400 if record["is_bad"] else 500
        body = error_body(error["message"], status=status, code=error["code"], param=error["param"])
    else:
        status = 200
        body = {
            "object": "audio.speech",
            **(file or {}),
            "bytes": record["bytes"],
            "duration": record["seconds"],
            **({"timestamps": record["words"]} if "words" in record else {}),
        }
    response = {"status_code": status, "request_id": f"req_{identifier}", "body": body}
    return {"id": f"batch_req_{identifier}", "custom_id": record["id"], "response": response, "error": None}
