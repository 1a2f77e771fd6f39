"""Server-sent events carry a reply's bytes as OpenAI's `stream_format: sse` does.

Each event is one line `data: {...}` and an empty line: `speech.audio.delta` with base64 audio as it comes, then
`speech.audio.done`. OpenAI sends no `[DONE]` here, so neither do we. Before the audio in which words sound, or
marks of SSML stand, a `speech.audio.timestamps` event tells when, if the request asks for that; OpenAI's clients skip
what they do not know.

An input token is one character of the text, after trimming; an output token is 50 ms of audio, begun or whole.
"""

import base64
import json
import math
from collections.abc import Collection, Iterator
from typing import Any

from hailo_piper.errors import SpeechError
from hailo_piper.listeners.error_object import error_body, status_of
from hailo_piper.speech.captions.formats import word_fields
from hailo_piper.speech.reply import Reply

OUTPUT_TOKENS_PER_SECOND = 20

CONTENT_TYPE = "text/event-stream"


class Events:
    """The events of a reply, to be read once and closed."""

    def __init__(self, reply: Reply, timestamps: Collection[str] = ()) -> None:
        """`timestamps`: what is to be told beside the audio, of `word` and `mark`."""
        self._reply = reply
        self._timestamps = timestamps

    def __iter__(self) -> Iterator[bytes]:
        try:
            for piece in self._reply:
                times = self._times()
                if any(times.values()):
                    yield _event(type="speech.audio.timestamps", **times)
                if piece:
                    yield _event(type="speech.audio.delta", audio=base64.b64encode(piece).decode("ascii"))
        except SpeechError as error:
            # The status line was sent long ago, and the pipeline has logged the error.
            body = error_body(error.message, status=status_of(error), code=error.code, param=error.param)
            yield _event(type="error", **body)
        else:
            yield _event(type="speech.audio.done", usage=self._usage())

    def close(self) -> None:
        """Stop the work, as `Reply.close` does."""
        self._reply.close()

    def _times(self) -> dict[str, list[dict[str, Any]]]:
        """Return what became known since the last call, of each kind that the request asks for."""
        times: dict[str, list[dict[str, Any]]] = {}
        if "word" in self._timestamps:
            times["words"] = list(map(word_fields, self._reply.take_words()))
        if "mark" in self._timestamps:
            marks = self._reply.take_marks()
            times["marks"] = [{"name": mark.name, "start": round(mark.start, 4)} for mark in marks]
        return times

    def _usage(self) -> dict[str, int]:
        # Round first, since 0.05 * 3 / 0.05 is a little more than 3.
        heard = math.ceil(round(self._reply.audio_seconds * OUTPUT_TOKENS_PER_SECOND, 6))
        read = self._reply.characters
        return {"input_tokens": read, "output_tokens": heard, "total_tokens": read + heard}


def _event(**fields: Any) -> bytes:
    return b"data: " + json.dumps(fields).encode() + b"\n\n"
