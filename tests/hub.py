"""A hub of voices in a thread: small files in the hub's layout, and every way in which a server lets one down."""

import hashlib
import http.server
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

CONTENT = {".onnx": bytes(range(256)) * 2000, ".onnx.json": b'{"audio": {"sample_rate": 22050}}'}
ID = "en_US-some-medium"
FOLDER = "en/en_US/some/medium"


def entry() -> dict[str, object]:
    """The catalogue's entry of the one voice there is."""
    files = {
        f"{FOLDER}/{ID}{end}": {"size_bytes": len(content), "md5_digest": hashlib.md5(content).hexdigest()}
        for end, content in CONTENT.items()
    }
    return {"key": ID, "files": {**files, f"{FOLDER}/MODEL_CARD": {"size_bytes": 1, "md5_digest": "x"}}}


class Hub:
    """What it serves, and what it was asked."""

    def __init__(self) -> None:
        self.catalogue = json.dumps({ID: entry()}).encode()
        self.content: Mapping[str, bytes] = dict(CONTENT)
        self.cut_at: list[int] = []
        """Bytes after which each next answer with the model ends."""
        self.ignores_ranges = False
        self.asked: list[tuple[str, str | None]] = []
        """Path and Range of every request."""
        self.url = ""


@contextmanager
def running_hub() -> Iterator[Hub]:
    hub = Hub()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hub.asked.append((self.path, self.headers["Range"]))
            if self.path == "/voices.json":
                self.answer(hub.catalogue, 0)
                return
            content = hub.content.get(self.path.removeprefix(f"/{FOLDER}/{ID}"))
            if content is None:
                self.send_error(404, "Not Found")
                return
            given = self.headers["Range"]
            self.answer(content, int(given[6:-1]) if given and not hub.ignores_ranges else 0)

        def answer(self, content: bytes, start: int) -> None:
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            end = start + hub.cut_at.pop(0) if hub.cut_at and self.path.endswith(".onnx") else len(content)
            self.wfile.write(content[start:end])

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
