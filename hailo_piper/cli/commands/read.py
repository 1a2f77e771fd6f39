"""`read` speaks a book into one file with chapters, and goes on at the sentence where it was stopped."""

import argparse
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hailo_piper.cli import exit_codes
from hailo_piper.cli.aliases import alias_of
from hailo_piper.cli.bulk import settings_digest, without_bounds
from hailo_piper.cli.configuration import load, print_line
from hailo_piper.cli.interruption import Stop, stoppable
from hailo_piper.cli.parser import and_voice, path_of
from hailo_piper.cli.standing import Standing
from hailo_piper.errors import InvalidRequestError, SpeechError
from hailo_piper.machine import cpus
from hailo_piper.monitoring import logs

if TYPE_CHECKING:
    from hailo_piper.config.settings import Config
    from hailo_piper.jobs.books.book import Book
    from hailo_piper.jobs.books.outputs import Encoding
    from hailo_piper.jobs.books.reading import Reading
    from hailo_piper.jobs.books.workplace import SpokenChapter, Workplace

_KINDS = ("m4b", "mp3", "opus")
_CAPTION_FORMATS = ("srt", "vtt", "lrc")
_CACHE_MB = 1000
"""Sentences of chapters under way; half an hour of speech is 150 MB."""
_CACHE_SECONDS = 365 * 24 * 3600


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add this command to a parser's commands. `common` has the options of every command."""
    read = commands.add_parser(
        "read",
        parents=[and_voice(common)],
        help="speak a book into one file with chapters",
        description="Speaks an EPUB, or a text, Markdown or HTML file, with its chapters, title, author and cover.\n"
        "What is spoken is kept beside the output until all of it is: the same command goes on where it was stopped.",
        examples=[
            ("an audiobook", "hailo-piper read book.epub -o book.m4b"),
            ("a file for each chapter", "hailo-piper read book.epub -o book/ --format mp3"),
            ("with captions, slower", "hailo-piper read book.txt -o book.mp3 --captions srt --speed 0.95"),
            ("a book to read along", "hailo-piper read book.epub --overlay -o spoken.epub"),
            ("which chapters there are", "hailo-piper read book.epub --dry-run"),
        ],
    )
    read.add_argument("book", type=path_of, metavar="FILE", help="an .epub, .txt, .md or .html file")
    read.add_argument("-o", "--output", metavar="FILE", help="a .m4b, .mp3 or .opus file, or a directory")
    read.add_argument("--format", type=str.lower, choices=_KINDS, help="of a directory's files; else mp3")
    read.add_argument("--captions", type=str.lower, choices=_CAPTION_FORMATS, help="write captions beside the sound")
    read.add_argument("--speed", type=float, metavar="NUMBER", help="0.25 to 4; 2 is twice as fast")
    read.add_argument(
        "--overlay", action="store_true", help="write an EPUB whose sentences light up as they sound: -o BOOK.epub"
    )
    read.add_argument("--dry-run", action="store_true", help="write nothing: show the chapters and their lengths")
    read.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Speak the book. Returns the exit code."""
    logs.configure(level="WARNING", style="text")
    from hailo_piper.jobs.output_files import OutputError

    with stoppable() as stop:
        try:
            return _read(options, stop)
        except OutputError as error:
            print_line(f"hailo-piper: {error}")
            print_line("hailo-piper: stopped; what is spoken is kept: the same command goes on from here")
            return exit_codes.OUTPUT
        except SpeechError as error:
            print_line(f"hailo-piper: {error.message}")
            return exit_codes.USAGE if isinstance(error, InvalidRequestError) else exit_codes.FAILED
        except OSError as error:
            print_line(f"hailo-piper: {error.filename or options.book}: {error.strerror or error}")
            return exit_codes.FAILED


def _read(options: argparse.Namespace, stop: Stop) -> int:
    from hailo_piper.jobs.books.files import read_book

    if options.speed is not None and not 0.25 <= options.speed <= 4:
        raise InvalidRequestError("--speed is a number from 0.25 to 4")
    if not options.dry_run and options.output is None:
        raise InvalidRequestError("-o names the file that the book becomes: -o book.m4b")
    kind = "" if options.dry_run else _kind_of(options)
    book = read_book(options.book)
    if options.dry_run:
        _show(book)
        return 0
    config = load(options)
    stop.unwinds = True
    output = path_of(options.output.rstrip("/"))
    with ExitStack() as stack:
        return _spoken(options, config, book, output, kind, stack)


def _kind_of(options: argparse.Namespace) -> str:
    """Return what is written: the kind that the output's name says, or that of a directory's or an EPUB's files."""
    suffix = Path(options.output).suffix.lstrip(".").lower()
    if options.overlay:
        return _kind_of_overlay(options, suffix)
    if suffix in _KINDS and not options.output.endswith("/"):
        return suffix
    if suffix and not options.output.endswith("/") and not path_of(options.output).is_dir():
        allowed = ", ".join(f".{name}" for name in _KINDS)
        raise InvalidRequestError(f"{options.output}: the name tells no format; allowed: {allowed}, or a directory")
    return options.format or "mp3"


def _kind_of_overlay(options: argparse.Namespace, suffix: str) -> str:
    if suffix != "epub" or options.output.endswith("/") or path_of(options.output).is_dir():
        raise InvalidRequestError(f"{options.output}: --overlay writes an EPUB: -o spoken.epub")
    if options.format == "opus" or options.captions:
        raise InvalidRequestError("--overlay has --format m4b or mp3, and no --captions: the book shows its text")
    if options.book.exists() and path_of(options.output).exists() and options.book.samefile(path_of(options.output)):
        raise InvalidRequestError(f"{options.output}: it is the book itself; choose another name")
    return options.format or "m4b"


def _show(book: "Book") -> None:
    lines = [f"{book.title}{' - ' if book.authors else ''}{', '.join(book.authors)}"]
    for number, chapter in enumerate(book.chapters, 1):
        characters = sum(len(block.text) for block in chapter.blocks)
        lines.append(f"{number:4} {'  ' * (chapter.level - 1)}{chapter.title} ({characters} characters)")
    sys.stdout.write("\n".join(lines) + "\n")


def _spoken(  # noqa: PLR0913, PLR0917 - each is a part of the run
    options: argparse.Namespace, config: "Config", book: "Book", output: Path, kind: str, stack: ExitStack
) -> int:
    from hailo_piper.assembly import build_service
    from hailo_piper.audio.ffmpeg.audiobook import KINDS
    from hailo_piper.default_voice import load_default_voice
    from hailo_piper.jobs.batch import at_once
    from hailo_piper.jobs.books.outputs import Encoding
    from hailo_piper.jobs.books.reading import Manner, Reading
    from hailo_piper.jobs.books.workplace import Workplace

    workplace = Workplace(output)
    stack.enter_context(workplace.opened())
    default = load_default_voice(config, stack)
    # A voice that became prepared in the middle of a book would have two sounds.
    default.engine.prepare()
    rate = KINDS[kind].rate(config.synthesis.sample_rate or default.engine.voice.sample_rate)
    bitrates = {"m4b": config.encoding.aac_kbps, "mp3": config.encoding.mp3_kbps, "opus": config.encoding.opus_kbps}
    settings = settings_digest(default.engine, config)
    manner = Manner(alias_of(options.voice, config), options.speed, rate, settings)
    speech = build_service(default, _for_books(config, workplace), stack).speech
    threads = cpus.synthesis_threads(config.performance.synthesis_threads)
    reading = Reading(book, speech, manner, workplace, at_once=at_once(threads))
    form = Encoding(kind, rate, bitrates[kind], options.captions)
    language = book.language or default.engine.voice.language.replace("_", "-")
    _write(replace(book, language=language), output, reading, form, _told(reading), workplace)
    return 0


def _write(  # noqa: PLR0913, PLR0917 - each is a part of the output
    book: "Book",
    output: Path,
    reading: "Reading",
    form: "Encoding",
    spoken: "list[SpokenChapter]",
    workplace: "Workplace",
) -> None:
    from hailo_piper.jobs.books.outputs import write_book, write_folder
    from hailo_piper.jobs.books.spoken_epub import write_epub

    write = {f".{form.kind}": write_book, ".epub": write_epub}.get(output.suffix.lower(), write_folder)
    if output.is_dir():
        write = write_folder
    write(output, book, reading.texts, spoken, form)
    workplace.remove()


def _told(reading: "Reading") -> "list[SpokenChapter]":
    """Speak the chapters, and show how far it is."""
    from hailo_piper.jobs.rate import clock_time

    began, progress = time.monotonic(), reading.progress
    first: list[float] = []

    def line() -> str:
        share, seconds = progress.share, max(time.monotonic() - began, 1e-9)
        first.append(share) if not first else None
        parts = [f"{share:4.0%} of the book, {progress.chapters} of {len(reading.texts)} chapters"]
        parts.append(f"{progress.audio_seconds / seconds:.1f} s of sound a second")
        if first[0] < share < 1:
            parts.append(f"{clock_time(seconds * (1 - share) / (share - first[0]))} left")
        return ", ".join(parts)

    standing = Standing(line)
    try:
        return reading.run(standing.show)
    finally:
        standing.end()


def _for_books(config: "Config", workplace: "Workplace") -> "Config":
    """Return the configuration without a service's bounds, and with a cache of the book's own."""
    return without_bounds(
        config,
        cache_enabled=True,
        cache_directory=str(workplace.sentences),
        cache_size_mb=_CACHE_MB,
        cache_ttl_seconds=_CACHE_SECONDS,
    )
