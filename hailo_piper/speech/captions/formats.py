"""Formats write captions as files: SRT, WebVTT and LRC for players, JSON for programs.

Sources: WebVTT, https://www.w3.org/TR/webvtt1/; SubRip as FFmpeg reads it; LRC with a time for each word, as its
enhanced form has it; OpenAI's TranscriptionVerbose.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from hailo_piper.audio.word import Word
from hailo_piper.speech.captions.cues import Cue, cues
from hailo_piper.speech.captions.tokens import Token
from hailo_piper.text.lazy_pattern import lazily

_SUBRIP_MARKS = lazily(r"(?<=--)(?=>)|(?<=<)(?=[A-Za-z/])|(?<=\{)(?=[\\A-Za-z])")
_LRC_MARKS = lazily(r"(?<=[<\[])(?=\d)")
_NOTHING = "\u200b"
"""A zero-width space keeps signs of the text from being read as the file's own: these formats have no escapes."""


class Captions(NamedTuple):
    """What a caption file is made from."""

    text: str
    """As it was sent."""
    words: tuple[Word, ...]
    cues: tuple[Cue, ...]
    language: str
    """Of the voice, such as `en_US`."""
    duration: float
    """Seconds of the whole answer."""


class Format(NamedTuple):
    """A kind of caption file."""

    content_type: str
    write: Callable[[Captions], str]


def captions_of(words: Sequence[Word], text: str, *, language: str, duration: float) -> Captions:
    """Return the captions of an answer. `words`: all of it, in order. `duration`: in seconds."""
    return Captions(text, tuple(words), cues(words, text, language), language, duration)


def word_fields(word: Word) -> dict[str, Any]:
    """Return a word as JSON shows it: seconds to a tenth of a millisecond, and code points of the text."""
    estimated = {"estimated": True} if word.is_estimated else {}
    return {
        "word": word.text,
        "start": round(word.start, 4),
        "end": round(word.end, 4),
        "start_char": word.start_char,
        "end_char": word.end_char,
        **estimated,
    }


def _srt(captions: Captions) -> str:
    return "".join(
        f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n"
        f"{_SUBRIP_MARKS.sub(_NOTHING, chr(10).join(cue.lines))}\n\n"
        for number, cue in enumerate(captions.cues, 1)
    )


def _vtt(captions: Captions) -> str:
    blocks = [
        f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}\n{chr(10).join(_vtt_lines(cue))}\n"
        for cue in captions.cues
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def _vtt_lines(cue: Cue) -> Iterator[str]:
    """Yield the lines with a stamp before each word that begins after the one before it, and before the cue's end."""
    at, end = _milliseconds(cue.start), _milliseconds(cue.end)
    for row in cue.rows:
        line = ""
        for number, token in enumerate(row):
            stamp = ""
            if at < _milliseconds(token.word.start) < end:
                at = _milliseconds(token.word.start)
                stamp = f"<{_clock(token.word.start, '.')}>"
            line += _blank(number, token) + stamp + _escaped(token.text)
        yield line


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _lrc(captions: Captions) -> str:
    at, lines = 0, list[str]()
    for row in (row for cue in captions.cues for row in cue.rows):
        line = ""
        for number, token in enumerate(row):
            at = max(at, round(token.word.start * 100))
            stamp = f"[{_lrc_clock(at)}]" if number == 0 else ""
            line += f"{stamp}{_blank(number, token)}<{_lrc_clock(at)}>{_LRC_MARKS.sub(_NOTHING, token.text)}"
        at = max(at, round(row[-1].word.end * 100))
        lines.append(f"{line} <{_lrc_clock(at)}>\n")
    return "".join(lines)


def _json(captions: Captions) -> str:
    fields = {
        "task": "transcribe",
        "language": captions.language,
        "duration": round(captions.duration, 4),
        "text": captions.text,
        "words": list(map(word_fields, captions.words)),
        "segments": [_segment(number, cue) for number, cue in enumerate(captions.cues)],
    }
    return json.dumps(fields) + "\n"


def _segment(number: int, cue: Cue) -> dict[str, Any]:
    """Return a cue as a segment, from its first word to its last. What only a recogniser knows is zero."""
    words = cue.words
    return {
        "id": number,
        "seek": 0,
        "start": round(words[0].start, 4),
        "end": round(words[-1].end, 4),
        "text": " ".join(cue.lines),
        "tokens": [],
        "temperature": 0.0,
        "avg_logprob": 0.0,
        "compression_ratio": 0.0,
        "no_speech_prob": 0.0,
        "start_char": words[0].start_char,
        "end_char": words[-1].end_char,
    }


def _blank(number: int, token: Token) -> str:
    return " " if number and token.is_apart else ""


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _clock(seconds: float, point: str) -> str:
    minutes, milliseconds = divmod(_milliseconds(seconds), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{milliseconds // 1000:02}{point}{milliseconds % 1000:03}"


def _lrc_clock(hundredths: int) -> str:
    minutes, rest = divmod(hundredths, 6000)
    return f"{minutes:02}:{rest // 100:02}.{rest % 100:02}"


FORMATS: Mapping[str, Format] = {
    "json": Format("application/json", _json),
    "srt": Format("application/x-subrip; charset=utf-8", _srt),
    "vtt": Format("text/vtt; charset=utf-8", _vtt),
    "lrc": Format("text/plain; charset=utf-8", _lrc),
}
"""Each kind of caption file, by the name that a request gives."""
