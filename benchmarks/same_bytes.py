"""Two installations of this project speak the same texts; every answer must be the same, byte for byte.

    python benchmarks/same_bytes.py OLD/bin/python NEW/bin/python

Twenty texts, without noise, in every format through HTTP and `say`, and through Wyoming whole and in pieces; prints how
many of them are equal, and exits 1 if one differs. OLD prepares the voice; NEW must take those files as they are.
"""

import argparse
import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import machine
import texts

FORMATS = ("wav", "pcm", "mp3", "opus", "aac", "flac")
TEXTS = (
    *texts.SHORT.values(),
    "Hello.",
    "Really? Yes! It's 12 o'clock; she paid five dollars: done.",
    "Dr. Smith lives at No. 5, St. James St., with 3.5 cats. Mr. Jones, e.g., does not.",
    "One.\nTwo.\n\n- a list item\n- another! (Really?) Yes.\n1. First\n2. Second",
    "Ellipses... are odd… aren't they?! \u201cQuoted text,\u201d she said.",
    "Caf\u00e9 na\u00efve r\u00e9sum\u00e9 \u2014 50\u00a0% of \u20ac3,000.50 is \u20ac1,500.25.",
    "\u4f60\u597d\u3002\u4eca\u5929\u5f88\u597d\uff01 And back to English.",
    "A" * 40 + " " + "ha " * 60,
    "https://example.com/a?b=c&d=e and somebody@example.com at 10:45 on 2026-11-26.",
    "She sells sea shells, " * 12 + "on the shore.",
    "Words without an end",
    "\U0001f600 Smile! \U0001f44d\U0001f3fd Good.",
    "ALL CAPITALS, NASA and the UN; iPhone 15, v2.0.1, #3.",
    " ".join(f"This is sentence number {number}." for number in range(12)),
    "The quick brown fox jumps over the lazy dog while the rain keeps falling on the quiet village. " * 6,
)
SETTINGS = {
    "HAILO_PIPER__SERVER__HOST": "127.0.0.1",
    "HAILO_PIPER__SERVER__PORT": "0",
    "HAILO_PIPER__WYOMING__ENABLED": "true",
    "HAILO_PIPER__WYOMING__HOST": "127.0.0.1",
    "HAILO_PIPER__WYOMING__PORT": "0",
    "HAILO_PIPER__WYOMING__ZEROCONF": "false",
    "HAILO_PIPER__PIPER__NOISE_SCALE": "0",
    "HAILO_PIPER__PIPER__NOISE_W_SCALE": "0",
}


@contextmanager
def serving(command: list[str], environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """A service, prepared; yields the ports of HTTP and Wyoming."""
    with subprocess.Popen(
        [*command, "serve"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as process:
        try:
            assert process.stdout
            shown = ""
            while not (ports := re.search(r"http://127.0.0.1:(\d+).*Wyoming.*port (\d+)", shown, flags=re.DOTALL)):
                shown += process.stdout.readline()
            yield int(ports[1]), int(ports[2])
        finally:
            process.terminate()


def through_http(port: int, text: str, response_format: str) -> bytes:
    body = json.dumps({"input": text, "response_format": response_format}).encode()
    request = Request(f"http://127.0.0.1:{port}/v1/audio/speech", body, {"Content-Type": "application/json"})
    with urlopen(request, timeout=120) as answer:
        content: bytes = answer.read()
        return content


def through_wyoming(port: int, events: list[tuple[str, dict[str, str]]], end: str) -> bytes:
    """The PCM of one answer, as its audio-chunks carry it."""
    with socket.create_connection(("127.0.0.1", port), timeout=120) as connection, connection.makefile("rb") as file:
        for kind, data in events:
            connection.sendall(json.dumps({"type": kind, "data": data}).encode() + b"\n")
        pcm = b""
        while line := file.readline():
            event = json.loads(line)
            file.read(event.get("data_length") or 0)
            payload = file.read(event.get("payload_length") or 0)
            if event["type"] == "audio-chunk":
                pcm += payload
            elif event["type"] in {end, "error"}:
                return pcm
    raise ConnectionError("the connection ended before the answer")


def in_pieces(text: str, size: int) -> list[tuple[str, dict[str, str]]]:
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    chunks = [("synthesize-chunk", {"text": piece}) for piece in pieces]
    return [("synthesize-start", {}), *chunks, ("synthesize-stop", {})]


def said(command: list[str], environment: dict[str, str], text: str, response_format: str) -> bytes:
    speak = [*command, "say", "--format", response_format, "-o", "-", "--", text]
    return subprocess.run(speak, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, env=environment).stdout


def answers(python: Path, directory: Path) -> dict[tuple[str, ...], bytes]:
    """Every answer of one installation, by how it was asked for."""
    command = [str(python), "-P", "-m", "hailo_piper"]
    environment = {**os.environ, **SETTINGS, "XDG_CACHE_HOME": str(directory)}
    subprocess.run([*command, "prepare"], check=True, stderr=subprocess.DEVNULL, env=environment)
    found: dict[tuple[str, ...], bytes] = {}
    with serving(command, environment) as (http, wyoming):
        for number, text in enumerate(TEXTS):
            for response_format in FORMATS:
                found["HTTP", response_format, str(number)] = through_http(http, text, response_format)
            whole = [("synthesize", {"text": text})]
            found["Wyoming", "whole", str(number)] = through_wyoming(wyoming, whole, "audio-stop")
            pieces = in_pieces(text, 7)
            found["Wyoming", "in pieces", str(number)] = through_wyoming(wyoming, pieces, "synthesize-stopped")
    with ThreadPoolExecutor(2) as pool:
        asked = [(name, str(number), text) for number, text in enumerate(TEXTS) for name in FORMATS]
        spoken = pool.map(lambda each: said(command, environment, each[2], each[0]), asked)
        found |= {("say", name, number): data for (name, number, _), data in zip(asked, spoken, strict=True)}
    return found


def prepared_files(directory: Path) -> dict[str, tuple[int, int]]:
    """Inode and time of change of every prepared file."""
    paths = [path for path in directory.rglob("*") if path.is_file() and path.suffix in {".onnx", ".bin", ".json"}]
    return {
        str(path.relative_to(directory)): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in paths
        if path.name != "digests.json"
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    options = parser.parse_args()
    for name, value in machine.describe().items():
        print(f"{name:14} {value}")
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        old = answers(options.old.absolute(), directory)
        prepared = prepared_files(directory)
        new = answers(options.new.absolute(), directory)
        is_kept = bool(prepared) and prepared_files(directory) == prepared
    differing = [key for key in old if old[key] != new.get(key)]
    for listener in ("HTTP", "Wyoming", "say"):
        keys = [key for key in old if key[0] == listener]
        print(f"{listener:8} {len(keys)} answers, {sum(key in differing for key in keys)} differ")
    print(f"digest of all: {_digest(old)} {_digest(new)}")
    print(
        f"prepared files of the old installation: {'taken as they are' if is_kept else 'made again'} ({len(prepared)})"
    )
    for key in differing[:20]:
        print("differs:", *key, f"{len(old[key])} and {len(new.get(key, b''))} bytes")
    return 1 if differing or not is_kept else 0


def _digest(found: dict[tuple[str, ...], bytes]) -> str:
    return hashlib.sha256(b"".join(hashlib.sha256(found[key]).digest() for key in sorted(found))).hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
