"""`say` speaks a text of any length, without a server."""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hailo_piper.cli import exit_codes, outputs, playback
from hailo_piper.cli.aliases import alias_of
from hailo_piper.cli.configuration import load, print_line
from hailo_piper.cli.interruption import Stop, stoppable
from hailo_piper.cli.parser import and_voice
from hailo_piper.cli.standard_streams import read_input, size_of_input
from hailo_piper.errors import InvalidRequestError, SpeechError
from hailo_piper.monitoring import logs

if TYPE_CHECKING:
    from hailo_piper.audio.word import Word
    from hailo_piper.cli.outputs import Output
    from hailo_piper.cli.text_input import TextInput
    from hailo_piper.speech.reply import Reply

SILENCES = {
    "sentence": "between sentences",
    "paragraph": "between paragraphs; else as between sentences",
    "lead": "before the first word",
    "tail": "after the last word",
}
"""Where a pause may be asked for, and its words in the help."""
_FORMATS = ("mp3", "opus", "aac", "flac", "wav", "pcm")
_CAPTION_FORMATS = ("srt", "vtt", "lrc", "json")


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add this command to a parser's commands. `common` has the options of every command."""
    say = commands.add_parser(
        "say",
        parents=[and_voice(common)],
        help="speak a text, without a server",
        description="Speaks a text of any length: through a player (paplay, aplay or ffplay), into a file, or to "
        "standard output.\nA file is replaced once the speech is whole; a pipe or a device is written as it comes.",
        examples=[
            ("through the loudspeaker", 'hailo-piper say "Good morning."'),
            ("into a file, of the format that its name says", 'hailo-piper say "Good morning." -o morning.mp3'),
            ("a film's narrator, with captions", "hailo-piper say -o part.wav --captions part.srt < part.txt"),
            ("a book, with its progress", "hailo-piper say -o book.opus < book.txt"),
            ("with pauses and phonemes", "hailo-piper say --ssml 'Ready? <break time=\"1s\"/> Go.'"),
            ("as another program writes it", "tail -f news.txt | hailo-piper say"),
            ("into another program", 'hailo-piper say "Good morning." -o - --format flac | flac -d -o morning.wav -'),
        ],
    )
    say.add_argument("text", nargs="?", metavar="TEXT", help="what to speak; standard input where it is left out")
    target = say.add_mutually_exclusive_group()
    target.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="write to a .wav, .mp3, .opus, .aac, .flac or .pcm file, a pipe or a device; - is standard output",
    )
    target.add_argument("--play", action="store_true", help="play it; so it is without -o, too")
    say.add_argument(
        "--format", type=str.lower, choices=_FORMATS, help="what to write; else what FILE's name says, else wav"
    )
    say.add_argument(
        "--captions",
        metavar="FILE",
        help="write when each word sounds, into a .srt, .vtt, .lrc or .json file",
    )
    say.add_argument("--speed", type=float, metavar="NUMBER", help="0.25 to 4; 2 is twice as fast")
    say.add_argument("--pitch", help="0.5 to 2; 2 is an octave higher; or as SSML has it: --pitch=+2st, --pitch=-10%%")
    say.add_argument("--ssml", action="store_true", help="the text is SSML, a document or a part of one")
    for name, where in SILENCES.items():
        say.add_argument(f"--{name}-silence", type=float, metavar="SECONDS", help=f"0 to 10 seconds of silence {where}")
    say.add_argument("--speaker", metavar="SPEAKER", help="speaker of a voice that has several, by name or number")
    say.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Speak the text. Returns the exit code."""
    logs.configure(level="WARNING", style="text")
    with stoppable() as stop:
        try:
            return _say(options, stop)
        except playback.PlayerError as error:
            print_line(f"hailo-piper: {error}")
        except outputs.TerminalError:
            print_line("hailo-piper: sound is nothing for a terminal: use -o FILE, or pipe it: ... -o - | aplay")
            return exit_codes.USAGE
        except SpeechError as error:
            print_line(f"hailo-piper: {error.message}")
            return exit_codes.USAGE if isinstance(error, InvalidRequestError) else exit_codes.FAILED
        except BrokenPipeError:
            # The reader of the output has closed the pipe on purpose, as `head` does.
            pass
        except OSError as error:
            name = {"-": "standard output"}.get(options.output, options.output)
            print_line(f"hailo-piper: {error.filename or name}: {error.strerror}")
    return exit_codes.FAILED


def _say(options: argparse.Namespace, stop: Stop) -> int:
    config = load(options)
    player = None if options.output is not None else playback.find_player()
    if options.output is None and player is None:
        print_line(f"hailo-piper: no audio player found ({', '.join(playback.PLAYERS)}); use -o FILE")
        return exit_codes.FAILED
    if options.output is not None:
        outputs.check(options.output)
    caption_format = _caption_format(options)
    # Speaking imports numpy, onnxruntime and piper; a usage error should not wait for them.
    from hailo_piper.assembly import build_service
    from hailo_piper.default_voice import load_default_voice
    from hailo_piper.listeners.dialect import Dialect

    fields = {
        "text": "said below",
        "voice": alias_of(options.voice, config),
        "speed": options.speed,
        "pitch": _pitch(options.pitch),
        "ssml": options.ssml or None,
        "speaker": options.speaker,
        **{f"{name}_silence": getattr(options, f"{name}_silence") for name in SILENCES},
        "response_format": "pcm" if player else _format(options),
    }
    stop.unwinds = True
    request = Dialect().request(fields)
    text = _text(options, keeps_places=caption_format is not None)
    with ExitStack() as stack:
        default = load_default_voice(config, stack)
        speech = build_service(default, config, stack).speech
        if player:
            request = replace(request, sample_rate=default.engine.voice.sample_rate)
        request = replace(request, text=text, words=caption_format is not None)
        reply = stack.enter_context(closing(speech.speak(request, listener="command-line")))
        words: list[Word] = []
        with _output(options, player, reply) as output:
            for piece in _with_progress(reply, text):
                words += reply.take_words()
                output.write(piece)
            output.finish(reply.exact_header())
        if caption_format is not None:
            _write_captions(options.captions, caption_format, words, text.sent, default.engine.voice.language, reply)
    return 0


def _caption_format(options: argparse.Namespace) -> str | None:
    """Return the format that the name of the captions' file says; None where none are wanted.

    Raises InvalidRequestError for another name, and OSError as `outputs.check` does.
    """
    if options.captions is None:
        return None
    kind = Path(options.captions).suffix.lstrip(".").lower()
    if kind not in _CAPTION_FORMATS:
        allowed = ", ".join(f".{name}" for name in _CAPTION_FORMATS)
        raise InvalidRequestError(f"--captions: {options.captions}: the name tells no format; allowed: {allowed}")
    outputs.check(options.captions)
    return kind


def _write_captions(  # noqa: PLR0913, PLR0917 - each is a part of the file
    name: str, kind: str, words: "list[Word]", text: str, language: str, reply: "Reply"
) -> None:
    from hailo_piper.speech.captions.formats import FORMATS, captions_of

    captions = captions_of(words, text, language=language, duration=reply.audio_seconds)
    with outputs.opened(name) as output:
        output.write(FORMATS[kind].write(captions).encode())
        output.finish(b"")


def _pitch(given: str | None) -> float | str | None:
    """Return a pitch as a request has it: a number, or a string such as `+2st`."""
    try:
        return None if given is None else float(given)
    except ValueError:
        return given


def _format(options: argparse.Namespace) -> str:
    """Return the response_format that the options name, which may be unknown."""
    if options.format:
        return str(options.format)
    return Path(options.output).suffix.lstrip(".").lower() or "wav"


def _text(options: argparse.Namespace, *, keeps_places: bool) -> "TextInput":
    from hailo_piper.cli.text_input import of_argument, of_stream

    def warn(line: str) -> None:
        print_line(f"hailo-piper: {line}")

    if options.text is not None:
        return of_argument(options.text, warn, keeps_places=keeps_places)
    if sys.stdin is None:
        raise InvalidRequestError("There is no text: give it as an argument, or on standard input")
    if sys.stdin.isatty():
        print_line("hailo-piper: type the text, then Ctrl-D")
    # Of SSML only a part is spoken, so nobody knows how far it is.
    size = None if options.ssml else size_of_input()
    return of_stream(read_input, warn, size=size, keeps_places=keeps_places)


def _output(options: argparse.Namespace, player: str | None, reply: "Reply") -> "AbstractContextManager[Output]":
    if player:
        return playback.playing(player, reply.sample_rate)
    return outputs.opened(options.output)


def _with_progress(reply: "Reply", text: "TextInput") -> Iterator[bytes]:
    """Yield the reply's pieces, and print the progress if standard error is a terminal."""
    if not sys.stderr.isatty():
        yield from reply
        return
    shown = 0.0
    try:
        for piece in reply:
            if time.monotonic() > shown + 0.1:
                shown = time.monotonic()
                share = text.share_spoken
                of_all = "" if share is None else f", {share:.0%} of the text"
                sys.stderr.write(f"\r{reply.audio_seconds:.1f} s spoken{of_all} ")
                sys.stderr.flush()
            yield piece
        sys.stderr.write(f"\r{reply.audio_seconds:.1f} s spoken, all of the text ")
    finally:
        sys.stderr.write("\n")
        sys.stderr.flush()
