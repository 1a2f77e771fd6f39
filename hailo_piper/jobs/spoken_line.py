"""A line is spoken into a file, and its record tells what came of it."""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from hailo_piper.audio.word import Word
from hailo_piper.errors import AbandonedError, InvalidRequestError, SpeechError, SynthesisError
from hailo_piper.jobs.lines import Line
from hailo_piper.jobs.output_files import OutputError, WrittenFile, write_whole
from hailo_piper.jobs.results import Record
from hailo_piper.speech.captions.formats import FORMATS, captions_of, word_fields
from hailo_piper.speech.pipeline import Speech
from hailo_piper.speech.reply import Reply
from hailo_piper.speech.request import SpeechRequest

logger = logging.getLogger(__name__)


class Speaker(NamedTuple):
    """The parts that lines are spoken with. Thread-safe."""

    speech: Speech
    parse: Callable[[Mapping[str, Any]], SpeechRequest]
    """Reads the fields of a request, or raises InvalidRequestError."""

    defaults: Mapping[str, Any]
    """Fields of lines that say nothing themselves."""

    captions: str | None
    """The format of the captions beside each file; None where none are wanted."""

    language: str
    """Of the voice, such as `en_US`, for captions."""

    settings: str
    """A digest of everything beside a line that its sound depends on."""

    only_wav: bool = False
    """Whether every line becomes a WAV, whatever it says: all of them are joined later."""

    on_share: Callable[[float], None] | None = None
    """Is told how much of a line is spoken, 0 to 1, as its sound comes."""

    @property
    def follows_words(self) -> bool:
        """Whether it must know when words sound, even where a line does not ask."""
        return self.captions is not None or self.on_share is not None

    def fields_of(self, line: Line) -> dict[str, Any]:
        """Return the fields of a line with the defaults, without those that are absent."""
        given = {name: value for name, value in line.fields.items() if value is not None}
        has_format = "format" in given
        defaults = {name: value for name, value in self.defaults.items() if not (has_format and "format" in name)}
        if self.only_wav:
            given.pop("format", None)
            return {**defaults, **given, "response_format": "wav"}
        return {**defaults, **given}

    def digest(self, line: Line) -> str:
        """Return what tells a request from another one: the same digest, the same words to be said the same way."""
        parts = [self.settings, self.captions, self.fields_of(line)]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]

    def request(self, line: Line) -> SpeechRequest:
        """Return the request of a line. Raises InvalidRequestError."""
        if line.error is not None:
            raise line.error
        return self.parse(self.fields_of(line))


def speak_line(
    line: Line, speaker: Speaker, directory: Path, name: str, is_over: Callable[[], bool] = lambda: False
) -> Record:
    """Speak a line into `directory`/`name`.EXTENSION, and return its record: of the file, or of the error.

    `is_over`: whether the run stops. Raises OutputError where no file can be written, AbandonedError at the stop.
    """
    try:
        request = speaker.request(line)
        wants_words = request.words
        request = replace(request, words=wants_words or speaker.follows_words, in_bulk=True)
        return speaker.speech.speak_whole(
            request,
            lambda reply: _written(line, request, reply, speaker, directory, name, is_over),
            listener="batch",
            has_left=is_over,
        )
    except (OutputError, AbandonedError):
        raise
    except SpeechError as error:
        return error_record(line, error)
    except Exception:
        # A line that meets a fault of ours must not end a run of a night.
        logger.exception("line %d failed", line.number)
        return error_record(line, SynthesisError("Speech synthesis failed"))


def error_record(line: Line, error: SpeechError) -> Record:
    """Return the record of a line that cannot be spoken; `is_bad`: whether it would fail again."""
    told = {"code": error.code, "message": error.message, "param": error.param}
    return {"line": line.number, "id": line.identifier, "error": told, "is_bad": isinstance(error, InvalidRequestError)}


def _written(  # noqa: PLR0913, PLR0917 - each is a part of the file
    line: Line,
    request: SpeechRequest,
    reply: Reply,
    speaker: Speaker,
    directory: Path,
    name: str,
    is_over: Callable[[], bool],
) -> dict[str, Any]:
    file_name = f"{name}.{reply.extension}"
    words = list[Word]()
    file = WrittenFile(directory / file_name)
    try:
        for piece in reply:
            if is_over():
                raise AbandonedError("The run was stopped")
            words += reply.take_words()
            file.write(piece)
            if speaker.on_share is not None and words:
                speaker.on_share(min(1.0, words[-1].end_char / max(1, reply.characters)))
        captions = {}
        if speaker.captions is not None:
            captions["captions"] = f"{name}.{speaker.captions}"
            text = text_of(request)
            shown = captions_of(words, text, language=speaker.language, duration=reply.audio_seconds)
            write_whole(directory / captions["captions"], FORMATS[speaker.captions].write(shown).encode())
        # Last, since a file of this name says that all is there.
        digest = file.finish(reply.exact_header())
    finally:
        file.close()
    timed = {"words": list(map(word_fields, words))} if _wants_words(line) else {}
    return {
        "line": line.number,
        "id": line.identifier,
        "file": file_name,
        "sha256": digest,
        "bytes": file.num_bytes,
        "seconds": round(reply.audio_seconds, 4),
        "characters": reply.characters,
        "request": speaker.digest(line),
        **captions,
        **timed,
    }


def _wants_words(line: Line) -> bool:
    return "word" in (line.fields.get("timestamps") or ())


def text_of(request: SpeechRequest) -> str:
    """Return the text as it was sent; turns stand on lines of their own, as their words count."""
    if isinstance(request.text, tuple):
        return "\n".join(map(text_of, request.text))
    if not isinstance(request.text, str):
        raise TypeError("a line is whole")
    return request.text
