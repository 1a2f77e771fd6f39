"""Runs in the box, with nothing but Python: begins a batch of so many lines, or shows one, as JSON.

python3 batch.py 40 | python3 batch.py batch_0123
"""

import json
import sys
import urllib.request

_URL = "http://127.0.0.1:5003/v1"
_EDGE = "the-edge-of-a-part"


def ask(path: str, body: bytes | None = None, kind: str = "application/json") -> dict[str, object]:
    request = urllib.request.Request(_URL + path, body, {"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=60) as response:
        answer: dict[str, object] = json.load(response)
        return answer


def begin(number: int) -> dict[str, object]:
    lines = [json.dumps({"id": f"line {at}", "input": f"This is line {at}. " * 8}) for at in range(number)]
    form = "".join(
        f"--{_EDGE}\r\nContent-Disposition: form-data; name={name}\r\n\r\n{value}\r\n"
        for name, value in (("purpose", "batch"), ('"file"; filename="lines.jsonl"', "\n".join(lines)))
    )
    file = ask("/files", f"{form}--{_EDGE}--\r\n".encode(), f"multipart/form-data; boundary={_EDGE}")
    wanted = {"input_file_id": file["id"], "endpoint": "/v1/audio/speech", "completion_window": "24h"}
    return ask("/batches", json.dumps(wanted).encode())


if __name__ == "__main__":
    argument = sys.argv[1]
    print(json.dumps(begin(int(argument)) if argument.isdigit() else ask(f"/batches/{argument}")))
