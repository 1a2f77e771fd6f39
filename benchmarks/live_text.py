"""Live text over WebSockets against the same text over HTTP: first audio A B A B, pieces, crowds, and what is left.

    python benchmarks/live_text.py [first|pieces|crowd|leaves] [--rounds 40]

`first`: milliseconds from a text with its flush to the first sound, over each protocol, in one run of alternating
order. `pieces`: whether a text in pieces of 1, 2, 3 and 7 characters has the samples that it has whole. `crowd`: 50
sockets with 4 contexts each, every one right or refused with `busy`. `leaves`: 1000 clients that come and leave in
five ways; then threads, descriptors and places of the service. Exits 1 if something is wrong or over its bound.
"""

import argparse
import base64
import http.client
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import machine
from tracing import start
from websockets.sync.client import ClientConnection, connect

QUIET = {"HAILO_PIPER__PIPER__NOISE_SCALE": "0", "HAILO_PIPER__PIPER__NOISE_W_SCALE": "0"}
TEXTS = {
    "12 characters": "Hello there.",
    "75 characters": "The quick brown fox jumps over the lazy dog while the rain keeps falling.",
}
PIECES_TEXT = "Dr. Smith paid $4.50 at 3 p.m. He left! Did Mrs. Jones see it? No; nobody did."
LATEST_MS = 3.0
"""How much later than over HTTP sound may begin over a WebSocket."""
SOCKETS, CONTEXTS, CLIENTS = 50, 4, 1000
SECONDS = 120
MULTI = "/v1/text-to-speech/default/multi-stream-input?output_format=pcm_24000&sync_alignment=true"
TIMED = "/v1/text-to-speech/default/stream/with-timestamps?output_format=pcm_24000"
HTTP_WITH_TIMES = "HTTP, ElevenLabs with times"
DEEPGRAM = "/v1/speak?encoding=linear16&sample_rate=24000"


def dial(port: int, path: str) -> ClientConnection:
    return connect(f"ws://127.0.0.1:{port}{path}", proxy=None, max_size=None, open_timeout=SECONDS)


def say(socket: ClientConnection, **fields: Any) -> None:
    socket.send(json.dumps(fields))


def own(socket: ClientConnection, name: str, pieces: list[str]) -> bytes:
    """Speak a text in pieces in our own dialect."""
    for piece in pieces:
        say(socket, id=name, text=piece, **{"continue": True})
    say(socket, id=name, text="")
    pcm: bytes = own_answers(socket, [name])[name]
    return pcm


def own_answers(socket: ClientConnection, names: list[str]) -> dict[str, Any]:
    """The samples of each answer, or the code of its error."""
    found: dict[str, Any] = dict.fromkeys(names, b"")
    left = set(names)
    while left:
        message = json.loads(socket.recv(timeout=SECONDS))
        name = message["id"]
        if "error" in message:
            found[name] = message["error"]["code"]
        else:
            found[name] += base64.b64decode(message["audio_chunk"])
        if "error" in message or message["is_final"]:
            left.remove(name)
    return found


def elevenlabs(socket: ClientConnection, name: str, pieces: list[str]) -> bytes:
    """Speak a text in pieces as a context of ElevenLabs' protocol."""
    for piece in pieces:
        say(socket, text=piece, context_id=name)
    say(socket, context_id=name, flush=True)
    say(socket, context_id=name, close_context=True)
    pcm = b""
    while not (message := json.loads(socket.recv(timeout=SECONDS))).get("isFinal"):
        pcm += base64.b64decode(message["audio"])
    return pcm


def deepgram(socket: ClientConnection, _: str, pieces: list[str]) -> bytes:
    """Speak a text in pieces as a segment of Deepgram's protocol."""
    for piece in pieces:
        say(socket, type="Speak", text=piece)
    say(socket, type="Flush")
    pcm = b""
    while True:
        message = socket.recv(timeout=SECONDS)
        if isinstance(message, bytes):
            pcm += message
        elif json.loads(message)["type"] == "Flushed":
            return pcm


WAYS: dict[str, tuple[str, Callable[[ClientConnection, str, list[str]], bytes]]] = {
    "own": ("/ws/synthesize", own),
    "ElevenLabs": (MULTI, elevenlabs),
    "Deepgram": (DEEPGRAM, deepgram),
}


def over_http(connection: http.client.HTTPConnection, path: str, body: dict[str, Any]) -> tuple[float, bytes]:
    """Milliseconds to the first byte of the body, and the body."""
    began = time.perf_counter()
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    first = answer.read(1)
    return (time.perf_counter() - began) * 1e3, first + answer.read()


def first_over(socket: ClientConnection, way: str, name: str, text: str) -> float:
    """Milliseconds from a text with its flush to the first sound; then reads the rest."""
    began = time.perf_counter()
    if way == "own":
        say(socket, id=name, text=text, format="pcm")
        socket.recv(timeout=SECONDS)
        found = (time.perf_counter() - began) * 1e3
        while not json.loads(socket.recv(timeout=SECONDS))["is_final"]:
            pass
    elif way == "ElevenLabs":
        say(socket, text=text, context_id=name, flush=True)
        socket.recv(timeout=SECONDS)
        found = (time.perf_counter() - began) * 1e3
        say(socket, context_id=name, close_context=True)
        while not json.loads(socket.recv(timeout=SECONDS)).get("isFinal"):
            pass
    else:
        say(socket, type="Speak", text=text)
        say(socket, type="Flush")
        socket.recv(timeout=SECONDS)
        found = (time.perf_counter() - began) * 1e3
        while isinstance(socket.recv(timeout=SECONDS), bytes):
            pass
    return found


def first(port: int, rounds: int) -> bool:
    found: dict[tuple[str, str], list[float]] = {}
    with ExitStack() as stack:
        connection = stack.enter_context(closing(http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)))
        sockets = {way: stack.enter_context(dial(port, path)) for way, (path, _) in WAYS.items()}
        sockets["Deepgram"].recv()

        def one(way: str, name: str, text: str) -> float:
            if way in sockets:
                return first_over(sockets[way], way, name, text)
            path = TIMED if way == HTTP_WITH_TIMES else "/v1/synthesize"
            body = {"text": text} if way == HTTP_WITH_TIMES else {"text": text, "format": "pcm"}
            return over_http(connection, path, body)[0]

        ways = ["HTTP", *WAYS, HTTP_WITH_TIMES]
        for turn in range(-2, rounds):
            ways.reverse()
            for kind, text in TEXTS.items():
                for way in ways:
                    milliseconds = one(way, f"{kind}{turn}", text)
                    if turn >= 0:
                        found.setdefault((kind, way), []).append(milliseconds)
    return print_first(found)


def print_first(found: dict[tuple[str, str], list[float]]) -> bool:
    is_right = True
    print(f"\n{'first sound, ms':42}{'median':>9}{'over HTTP':>12}{'ratio':>8}   quartiles of the difference")
    for (kind, way), values in found.items():
        base = found[kind, "HTTP"]
        low, middle, high = statistics.quantiles((b - a for a, b in zip(base, values, strict=True)), n=4)
        ratio = statistics.median(b / a for a, b in zip(base, values, strict=True))
        is_late = way in WAYS and middle > LATEST_MS
        is_right = is_right and not is_late
        figures = f"{statistics.median(values):9.1f}{middle:+12.2f}{ratio:8.3f}   {low:+.2f} {high:+.2f}"
        print(f"{f'{kind}, {way}':42}{figures}{'   LATE' if is_late else ''}")
    return is_right


def pieces(port: int, _: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)) as connection:
        whole = over_http(connection, "/v1/synthesize", {"text": PIECES_TEXT, "format": "pcm"})[1]
    is_right = True
    for way, (path, speak) in WAYS.items():
        with dial(port, path if way != "own" else "/ws/synthesize") as socket:
            if way == "Deepgram":
                socket.recv()
            for size in (1, 2, 3, 7):
                cut = [PIECES_TEXT[at : at + size] for at in range(0, len(PIECES_TEXT), size)]
                if way == "own":
                    # The first message alone may say what the answer is like.
                    say(socket, id=str(size), text="", format="pcm", **{"continue": True})
                is_same = speak(socket, str(size), cut) == whole
                is_right = is_right and is_same
                print(f"{way}, pieces of {size}: {'the same samples' if is_same else 'OTHER SAMPLES'}")
    return is_right


def crowd(port: int, _: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)) as connection:
        whole = over_http(connection, "/v1/synthesize", {"text": PIECES_TEXT, "format": "pcm"})[1]

    def one(_: int) -> list[Any]:
        names = [str(number) for number in range(CONTEXTS)]
        with dial(port, "/ws/synthesize") as socket:
            for name in names:
                say(socket, id=name, text=PIECES_TEXT, format="pcm")
            return list(own_answers(socket, names).values())

    with ThreadPoolExecutor(SOCKETS) as pool:
        answers = [answer for four in pool.map(one, range(SOCKETS)) for answer in four]
    counted = Counter("right" if one == whole else one if isinstance(one, str) else "WRONG SOUND" for one in answers)
    print(f"{SOCKETS} sockets with {CONTEXTS} contexts each: {dict(counted)}")
    return counted["right"] + counted["busy"] == SOCKETS * CONTEXTS and counted["right"] > 0


def leave(port: int, number: int) -> None:
    """Come, and leave in one of five ways."""
    text = "This sentence is one of very many. " * 30
    way = number % 5
    with dial(port, MULTI if number % 2 else "/ws/synthesize") as socket:
        if way and number % 2:
            say(socket, context_id="a", text=text, flush=way > 1)
        elif way:
            say(socket, id="a", text=text, format="pcm", **({"continue": True} if way == 1 else {}))
        if way > 2:
            socket.recv(timeout=SECONDS)
        if way in (2, 4):
            # Without a word, before or in the middle of an answer.
            socket.socket.shutdown(2)


def leaves(port: int, pid: int) -> bool:
    def look() -> dict[str, int]:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)) as connection:
            connection.request("GET", "/health")
            speaking: int = json.loads(connection.getresponse().read())["speaking"]
        process = Path(f"/proc/{pid}")
        threads = [path.joinpath("comm").read_text().strip() for path in process.joinpath("task").iterdir()]
        return {
            "threads": len(threads),
            "descriptors": len(list((process / "fd").iterdir())),
            "speaking": speaking,
        }

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: leave(port, number), range(40)))
        time.sleep(3)
        before = look()
        list(pool.map(lambda number: leave(port, number), range(CLIENTS)))
    deadline = time.monotonic() + 30
    while (after := look())["speaking"] or after["descriptors"] > before["descriptors"]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.2)
    print(f"{CLIENTS} clients that came and left: before {before}, after {after}")
    return (
        not after["speaking"]
        and after["descriptors"] <= before["descriptors"]
        and (after["threads"] <= before["threads"] + 8)
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    topics: dict[str, Callable[[int, int], bool]] = {"first": first, "pieces": pieces, "crowd": crowd, "leaves": leaves}
    parser.add_argument("topics", nargs="*", choices=[*topics, []], default=[])
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    for name, value in machine.describe().items():
        print(f"{name:14} {value}")
    is_right = True
    with ExitStack() as stack, machine.others() as foreign:
        port, process = start(stack, **QUIET)
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)) as connection:
            over_http(connection, "/v1/synthesize", {"text": PIECES_TEXT})
        for name in options.topics or topics:
            is_right = topics[name](port, process.pid if name == "leaves" else options.rounds) and is_right
    print(f"processors that others kept busy: {foreign[0]:.2f}")
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
