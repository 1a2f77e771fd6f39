"""A hub of voices in a thread: small files in the hub's layout, and every way in which a server lets one down."""

import hashlib
import http.server
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

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


def entries(voices: Mapping[str, Mapping[str, bytes]]) -> dict[str, object]:
    """A catalogue's entries of voices: their files' contents by id and ending."""
    return {
        name: {
            "language": {"code": name.partition("-")[0]},
            "quality": name.rpartition("-")[2],
            "num_speakers": 1,
            "files": {
                f"{name}/{name}{end}": {"size_bytes": len(content), "md5_digest": hashlib.md5(content).hexdigest()}
                for end, content in files.items()
            },
        }
        for name, files in voices.items()
    }


class Hub:
    """What it serves, and what it was asked."""

    def __init__(self) -> None:
        self.catalogue = json.dumps({ID: entry()}).encode()
        self.content: Mapping[str, bytes] = dict(CONTENT)
        self.voices: dict[str, dict[str, bytes]] = {}
        """Further voices: files' contents by id and ending."""
        self.files: Mapping[str, bytes] = {}
        """Files of another layout, by their paths."""
        self.cut_at: list[int] = []
        """Bytes after which each next answer with the model ends."""
        self.ignores_ranges = False
        self.gate: threading.Event | None = None
        """Where one is set, the second half of a model waits for it."""
        self.waiting = threading.Event()
        """Set when that is so."""
        self.asked: list[tuple[str, str | None]] = []
        """Path and Range of every request."""
        self.url = ""

    def offer(self, *model_paths: Path) -> None:
        """Have the voices of these files in the catalogue, and no others."""
        self.voices = {
            path.stem: {end: path.with_suffix(end).read_bytes() for end in (".onnx", ".onnx.json")}
            for path in model_paths
        }
        self.catalogue = json.dumps(entries(self.voices)).encode()

    def further(self, path: str) -> bytes | None:
        """The content of a file of such a voice."""
        _, name, file = (path + "//").split("/")[:3]
        return self.voices.get(name, {}).get(file.removeprefix(name))


@contextmanager
def running_hub() -> Iterator[Hub]:
    hub = Hub()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hub.asked.append((self.path, self.headers["Range"]))
            if self.path == "/voices.json":
                self.answer(hub.catalogue, 0)
                return
            content = hub.content.get(self.path.removeprefix(f"/{FOLDER}/{ID}"), hub.further(self.path))
            content = hub.files.get(self.path, content)
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
            middle = (start + end) // 2 if hub.gate is not None and self.path.endswith(".onnx") else start
            try:
                self.wfile.write(content[start:middle])
                if middle > start and hub.gate is not None:
                    self.wfile.flush()
                    hub.waiting.set()
                    hub.gate.wait(60)
                self.wfile.write(content[middle:end])
            except ConnectionError:
                # Whoever asked has left.
                pass

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
