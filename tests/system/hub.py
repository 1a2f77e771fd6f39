"""Runs in the box: a hub of voices on port 8000, whose voices go wrong as their names say.

python3 hub.py MODEL.onnx
Voices: good, truncated, wrongdigest, missing, cut (always), flaky (once).
"""

import hashlib
import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

MODEL = Path(sys.argv[1])
CONTENT = {".onnx": MODEL.read_bytes(), ".onnx.json": MODEL.with_name(f"{MODEL.name}.json").read_bytes()}
FAULTS = ("good", "truncated", "wrongdigest", "missing", "cut", "flaky")
cuts = set()


def files(fault):
    return {
        f"en/en_US/{fault}/medium/en_US-{fault}-medium{end}": {
            "size_bytes": len(content),
            "md5_digest": hashlib.md5(content).hexdigest(),
        }
        for end, content in CONTENT.items()
    }


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/voices.json":
            catalogue = {f"en_US-{fault}-medium": {"files": files(fault)} for fault in FAULTS}
            self.answer(200, json.dumps(catalogue).encode())
            return
        path, end = re.fullmatch(r"(.*?)((?:\.onnx)(?:\.json)?)", self.path).groups()
        fault = path.split("/")[3]
        content = CONTENT[end]
        if end == ".onnx" and fault == "missing":
            self.answer(404, b"not here")
        elif end == ".onnx" and fault == "truncated":
            self.answer(200, content[: len(content) // 2])
        elif end == ".onnx" and fault == "wrongdigest":
            self.answer(200, b"x" * len(content))
        else:
            self.send_part(content, fault if end == ".onnx" else "good")

    def send_part(self, content, fault):
        start = int((self.headers["Range"] or "bytes=0-")[6:-1])
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        is_cut = fault == "cut" or (fault == "flaky" and fault not in cuts)
        if is_cut:
            cuts.add(fault)
            self.wfile.write(content[start : start + 1000 if fault == "cut" else len(content) // 2])
            self.close_connection = True
            return
        self.wfile.write(content[start:])

    def answer(self, status, content):
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


ThreadingHTTPServer(("127.0.0.1", 8000), Handler).serve_forever()
