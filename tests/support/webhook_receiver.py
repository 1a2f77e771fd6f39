"""A target of webhooks on this machine, and two secrets."""

import base64
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = f"whsec_{base64.b64encode(bytes(range(32))).decode()}"
OTHER = f"whsec_{base64.b64encode(bytes(32)).decode()}"


class Receiver:
    """A target on this machine."""

    def __init__(self) -> None:
        self.status = 200
        self.location = ""
        self.drips = threading.Event()
        """Unset: it answers at once; set: it sends its answer byte by byte, without an end."""
        self.got: list[tuple[bytes, dict[str, str]]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((body, dict(self.headers)))
                if receiver.drips.is_set():
                    self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                    while receiver.drips.is_set():
                        try:
                            self.wfile.write(b"X: y\r\n")
                        except OSError:
                            return
                        receiver.drips.wait(0.01)
                    return
                self.send_response(receiver.status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/events?token=x"
        threading.Thread(target=self.server.serve_forever, daemon=True, args=[0.01]).start()

    def close(self) -> None:
        self.drips.clear()
        self.server.shutdown()
        self.server.server_close()
