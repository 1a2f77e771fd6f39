"""ElevenLabs' endpoints over HTTP answer with audio, with the time of each character beside it where that is asked for.

A stream with times is a JSON object a line. Times count from the first sample of the answer, and no line has sound that
the alignments so far do not cover: clients add up their spans to know where they are.
"""

import base64
import json
from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any

from flask import Response, g, request

from hailo_piper.listeners.alignment import Aligner, Alignment, CoveredSound, characters_of
from hailo_piper.listeners.elevenlabs import ElevenLabs
from hailo_piper.listeners.http.json_body import read_json_body
from hailo_piper.listeners.http.speech_routes import as_audio, as_whole, with_facts
from hailo_piper.listeners.http.traced_app import span_of
from hailo_piper.listeners.http.whole_answer import WholeInObject
from hailo_piper.listeners.json_object import parse_object
from hailo_piper.listeners.service import Service
from hailo_piper.speech.reply import Reply

_AUDIO, _TIMES, _SAME_TIMES = "audio_base64", "alignment", "normalized_alignment"
"""The text is aligned as it was sent, so both alignments are the same."""
_MOST_BYTES = 48 * 1024
"""Audio in a line; a multiple of 3, as base64 wants it. aiohttp reads lines of at most 128 KiB."""
_MOST_CHARACTERS = 500
"""Characters in a line: at most 20 KiB for each of both alignments."""


class ElevenLabsAnswers:
    """The answers of one service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.dialect = ElevenLabs()

    def speak(self, form: str, voice_id: str, has_left: Callable[[], bool]) -> Response:
        """Answer the present request, in a form of `vendor_routes.ELEVENLABS`. Raises SpeechError."""
        is_timed = form.startswith("timed")
        span = span_of(request.environ)
        g.dialect = self.dialect
        with span.child("parse"):
            fields = parse_object(read_json_body())
            asked = self.dialect.request(voice_id, request.args, fields, words=is_timed)

        def answer(reply: Reply) -> Response:
            return with_facts(_FORMS[form](reply, fields["text"], has_left), reply)

        speech = self._service.speech
        if form in _WHOLE:
            return speech.speak_whole(asked, answer, listener="http", has_left=has_left, span=span)
        return answer(speech.speak(asked, listener="http", has_left=has_left, span=span))

    def voices(self) -> dict[str, Any]:
        """Return the voices, the default one first."""
        return {
            "voices": [
                {
                    "voice_id": voice.id,
                    "name": voice.id,
                    "category": "premade",
                    "labels": {"language": voice.language, "quality": voice.quality}
                    | ({"gender": voice.gender} if voice.gender else {}),
                }
                for voice in self._service.voices.all()
            ]
        }

    def models(self) -> list[dict[str, Any]]:
        """Return the one model, with the languages of the voices; a request may name any."""
        languages = dict.fromkeys(voice.language for voice in self._service.voices.all())
        return [
            {
                "model_id": "piper",
                "name": "Piper",
                "can_do_text_to_speech": True,
                "can_do_voice_conversion": False,
                "maximum_text_length_per_request": self._service.config.synthesis.max_text_length,
                "languages": [{"language_id": language, "name": language} for language in languages],
            }
        ]


class _Lines:
    """The lines of a reply, to be read once and closed."""

    def __init__(self, reply: Reply, text: str) -> None:
        self._reply = reply
        self._text = text

    def __iter__(self) -> Iterator[bytes]:
        sound = CoveredSound(Aligner(self._text))
        for piece in self._reply:
            covered = sound.push(piece, self._reply.audio_seconds, self._reply.take_words())
            if covered is not None:
                yield from _lines(*covered)
        yield from _lines(*sound.end(self._reply.audio_seconds))

    def close(self) -> None:
        """Stop the work, as `Reply.close` does."""
        self._reply.close()


def _lines(audio: bytes, times: list[Alignment]) -> Iterator[bytes]:
    """Yield audio and its alignments as lines of bounded length, as many as either needs."""
    parts = [part for alignment in times for part in alignment.parts(_MOST_CHARACTERS)]
    # Halves of samples would be noise.
    size = max(6, min(_MOST_BYTES, -(-len(audio) // max(1, len(parts))) // 6 * 6 + 6))
    pieces = [audio[start : start + size] for start in range(0, len(audio), size)]
    for piece, part in zip_longest(pieces, parts):
        shown = _shown(part) if part else None
        line = {_AUDIO: base64.b64encode(piece or b"").decode("ascii"), _TIMES: shown, _SAME_TIMES: shown}
        yield json.dumps(line).encode() + b"\n"


def _shown(alignment: Alignment) -> dict[str, Any]:
    return {
        "characters": alignment.characters,
        "character_start_times_seconds": [round(start, 6) for start in alignment.starts],
        "character_end_times_seconds": [round(end, 6) for end in alignment.ends],
    }


def _as_whole(reply: Reply, _: str, has_left: Callable[[], bool]) -> Response:
    return as_whole(reply, has_left)


def _as_stream(reply: Reply, _: str, __: Callable[[], bool]) -> Response:
    return as_audio(reply)


def _as_object(reply: Reply, text: str, has_left: Callable[[], bool]) -> Response:
    def beside() -> dict[str, Any]:
        whole = characters_of(text, reply.take_words(), (0, len(text)), (0.0, reply.audio_seconds))
        return dict.fromkeys((_TIMES, _SAME_TIMES), _shown(whole))

    answer = WholeInObject(reply, _AUDIO, beside, has_left=has_left)
    response = Response(answer, content_type="application/json", direct_passthrough=True)
    response.content_length = answer.num_bytes
    return response


def _as_lines(reply: Reply, text: str, _: Callable[[], bool]) -> Response:
    return Response(_Lines(reply, text), content_type="application/x-ndjson", direct_passthrough=True)


_FORMS = {"whole": _as_whole, "stream": _as_stream, "timed": _as_object, "timed lines": _as_lines}
_WHOLE = {"whole", "timed"}
"""Those of which nothing leaves before all is spoken."""
