"""A spoken book becomes one file with chapters, or a folder of one file a chapter."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailo_piper.audio.ffmpeg.audiobook import KINDS, Kind, Mark, write_audiobook
from hailo_piper.jobs.books.book import Book
from hailo_piper.jobs.books.chapter_text import CHAPTER_SECONDS
from hailo_piper.jobs.books.workplace import SpokenChapter
from hailo_piper.jobs.output_files import write_whole, writing
from hailo_piper.speech.captions.formats import FORMATS, Captions, captions_of

_LONGEST_NAME = 80
_PIECE = 1 << 16


class Encoding(NamedTuple):
    """The form of the sound."""

    kind: str
    """One of `KINDS`."""
    sample_rate: int
    """Hz."""
    kbps: int
    captions: str | None
    """The format of captions; None where none are wanted."""


class _Part(NamedTuple):
    """A chapter with its texts."""

    title: str
    text: str
    spoken: SpokenChapter


def write_book(path: Path, book: Book, texts: Sequence[str], spoken: Sequence[SpokenChapter], form: Encoding) -> None:
    """Write one file, and its captions beside it. Raises OutputError and SynthesisError."""
    parts = [_Part(chapter.title, text, one) for chapter, text, one in zip(book.chapters, texts, spoken, strict=True)]
    _write(path, book, parts, form, {"title": book.title, "album": book.title})


def write_folder(path: Path, book: Book, texts: Sequence[str], spoken: Sequence[SpokenChapter], form: Encoding) -> None:
    """Write a file for each chapter, called by its number and title. Raises OutputError and SynthesisError."""
    for number, (chapter, text, one) in enumerate(zip(book.chapters, texts, spoken, strict=True), 1):
        tags = {"title": chapter.title, "album": book.title, "track": f"{number}/{len(spoken)}"}
        name = f"{number:03} {_name(chapter.title)}".strip()
        _write(path / f"{name}.{form.kind}", book, [_Part(chapter.title, text, one)], form, tags)


def _write(path: Path, book: Book, parts: Sequence[_Part], form: Encoding, tags: Mapping[str, str]) -> None:
    gap = round(CHAPTER_SECONDS * form.sample_rate)
    marks, start = list[Mark](), 0
    for part in parts:
        # The silence belongs to the chapter that ends.
        end = start + part.spoken.num_samples + (gap if part is not parts[-1] else 0)
        marks.append(Mark(part.title, start, end))
        start = end
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        part_path = path.with_name(f".{path.name}.part")
        write_audiobook(
            part_path,
            _kind(form),
            _with_gaps([part.spoken for part in parts], gap),
            sample_rate=form.sample_rate,
            kbps=form.kbps,
            marks=marks if len(parts) > 1 else [],
            tags={**tags, **_people(book), "genre": "Audiobook"},
            cover=book.cover,
        )
        if form.captions is not None:
            captions = _captions(parts, marks, form, book.language or "en")
            write_whole(path.with_suffix(f".{form.captions}"), FORMATS[form.captions].write(captions).encode())
        part_path.replace(path)


def _kind(form: Encoding) -> Kind:
    return KINDS[form.kind]


def _people(book: Book) -> dict[str, str]:
    authors = ", ".join(book.authors)
    return {"artist": authors, "album_artist": authors} if authors else {}


def _with_gaps(chapters: Sequence[SpokenChapter], gap: int) -> Iterator[NDArray[np.int16]]:
    for chapter in chapters:
        yield from chapter.pieces()
        if chapter is not chapters[-1]:
            yield np.zeros(gap, np.int16)


def _captions(parts: Sequence[_Part], marks: Sequence[Mark], form: Encoding, language: str) -> Captions:
    """Return the captions of all chapters, one after the other."""

    def cues() -> Iterator[Captions]:
        for part, mark in zip(parts, marks, strict=True):
            begin = mark.start / form.sample_rate
            words = [word._replace(start=begin + word.start, end=begin + word.end) for word in part.spoken.words]
            yield captions_of(words, part.text, language=language, duration=mark.end / form.sample_rate)

    found = list(cues())
    words = tuple(chain.from_iterable(one.words for one in found))
    return Captions("", words, tuple(chain.from_iterable(one.cues for one in found)), language, found[-1].duration)


def _name(title: str) -> str:
    """Return a title as a part of a file's name."""
    plain = unicodedata.normalize("NFC", title)
    kept = "".join(sign if sign.isalnum() or sign in "-_'()," else " " for sign in plain)
    return re.sub(r" ++", " ", kept[:_LONGEST_NAME]).strip(" ,-")
