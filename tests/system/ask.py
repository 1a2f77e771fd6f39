"""Runs in the box, with nothing but Python: speaks a text and prints what came, as JSON.

python3 ask.py '{"input": "Hello."}' [PORT]
"""

import json
import sys
import time
import urllib.error
import urllib.request


def main() -> None:
    body = json.loads(sys.argv[1])
    port = sys.argv[2] if len(sys.argv) > 2 else "5003"
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/audio/speech", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    started = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=900) as response:
            first = response.read(1)
            print("speaking", flush=True)
            # A body that is cut off raises IncompleteRead.
            content = first + response.read()
            status = response.status
    except urllib.error.HTTPError as error:
        status, content = error.code, error.read()
    seconds = time.monotonic() - started
    audio_seconds = (len(content) - 44) / 2 / 22050
    print(json.dumps({
        "status": status, "size": len(content), "head": content[:4].hex(), "seconds": seconds,
        "audio_seconds": audio_seconds,
    }))  # fmt: skip


main()
