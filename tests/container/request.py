"""Runs in a container's network and asks the service there: python -m tests.container.request METHOD PATH [BODY].

Prints JSON: status, headers, body in base64. With `watch` for METHOD it asks again and again, each time on a new
connection, until nobody answers, and prints a line for each answer that differs from the one before.
"""

import base64
import json
import sys

from tests.support.client import Answer, ask

PORT = 5003


def main() -> None:
    method, path, *body = sys.argv[1:]
    if method == "watch":
        watch(path)
    else:
        answer = ask(PORT, method, path, body[0].encode() if body else None, {"Content-Type": "application/json"})
        print(json.dumps({**told(answer), "body": base64.b64encode(answer.data).decode()}))


def watch(path: str) -> None:
    before = None
    while True:
        try:
            answer = ask(PORT, "GET", path, None, {})
        except OSError:
            return
        now = {"status": answer.status_code, "connection": answer.headers["Connection"], **code(answer)}
        if now != before:
            print(json.dumps(now), flush=True)
        before = now


def told(answer: Answer) -> dict[str, object]:
    return {"status": answer.status_code, "headers": dict(answer.headers.items())}


def code(answer: Answer) -> dict[str, object]:
    return {"code": answer.get_json()["error"]["code"]} if answer.status_code != 200 else {}


if __name__ == "__main__":
    main()
