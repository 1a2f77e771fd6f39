"""The smallest HTTP server around a speech library, so that libraries and servers are measured over the same wire.

    library_server.py LIBRARY MODEL.onnx DIRECTORY PORT

Every piece of audio is sent the moment the library has it, as 16-bit PCM without a header. Runs in the environment of
the library, with nothing but the standard library and numpy beside it.
"""

import json
import os
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np

Send = Callable[[Any], None]
Speak = Callable[[str, Send], None]

_THREADS = len(os.sched_getaffinity(0))


def sherpa_onnx(_model: Path, directory: Path) -> Speak:
    import piper
    import sherpa_onnx as library

    vits = library.OfflineTtsVitsModelConfig(
        model=str(directory / "voice.onnx"),
        tokens=str(directory / "tokens.txt"),
        data_dir=str(Path(piper.__file__).parent / "espeak-ng-data"),
    )
    model = library.OfflineTtsModelConfig(vits=vits, num_threads=_THREADS)
    speech = library.OfflineTts(library.OfflineTtsConfig(model=model, max_num_sentences=1))

    def speak(text: str, send: Send) -> None:
        def go_on(samples: Any, _progress: float) -> int:
            send(samples)
            return 1

        speech.generate(text, callback=go_on)

    return speak


def streaming_vits(model: Path, directory: Path) -> Speak:
    from streaming_vits import StreamingTTS

    speech = StreamingTTS(model, config_path=f"{model}.json", threads=_THREADS, cache=directory / "split")

    def speak(text: str, send: Send) -> None:
        for chunk in speech.stream(text):
            send(chunk.audio)

    return speak


def piper_onnx(model: Path, _directory: Path) -> Speak:
    from piper_onnx import Piper

    speech = Piper(str(model), f"{model}.json")
    return lambda text, send: send(speech.create(text)[0])


LIBRARIES = {"sherpa-onnx": sherpa_onnx, "streaming-vits": streaming_vits, "piper-onnx": piper_onnx}


def main() -> None:
    name, model, directory, port = sys.argv[1:]
    speak = LIBRARIES[name](Path(model), Path(directory))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            text = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"]
            self.send_response(200)
            self.send_header("Content-Type", "audio/pcm")
            self.end_headers()
            # HTTP/1.0: the end of the connection ends the answer.
            speak(text, self.send_audio)

        def send_audio(self, samples: Any) -> None:
            pcm = np.clip(np.asarray(samples, np.float32) * 32767, -32768, 32767).astype("<i2")
            self.wfile.write(pcm.tobytes())

        def log_message(self, *_: object) -> None:
            """Silent, as the others are asked to be."""

    ThreadingHTTPServer.request_queue_size = 64
    ThreadingHTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()


if __name__ == "__main__":
    main()
