"""An overlay tells which sentence of a chapter sounds when, and writes the chapter so that a reader can follow.

Source: EPUB 3.3, media overlays, https://www.w3.org/TR/epub-33/#sec-media-overlays
"""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from hailo_piper.audio.word import Word
from hailo_piper.errors import EmptyTextError
from hailo_piper.jobs.books.book import Block, Chapter
from hailo_piper.jobs.books.chapter_text import valid
from hailo_piper.text.reading import Reading
from hailo_piper.text.stream import whole
from hailo_piper.voices.languages import family

ACTIVE_CLASS = "-epub-media-overlay-active"
"""The class of the sentence that sounds; the name that readers have in the specification's examples."""


PAGE = "page"
"""The id of a page's whole text."""


class Clip(NamedTuple):
    """A sentence of a chapter, and its place in the sound."""

    identifier: str
    start: float
    """Seconds from the chapter's first sample."""
    end: float


class FollowedChapter(NamedTuple):
    """A chapter as a reader shows it, and when each of its sentences sounds."""

    body: str
    """XHTML, inside `<body>`: every character that is said, with an id on each sentence."""
    clips: tuple[Clip, ...]
    """In order, without a gap; those of sentences that have a word."""


def follow(chapter: Chapter, ssml: str, words: Sequence[Word], *, seconds: float, language: str) -> FollowedChapter:
    """Return a chapter with its sentences. `ssml`: as it was spoken; `words`: with their places in it.

    `seconds`: of the chapter's sound. `language`: of the book, such as `en-GB`. A clip ends where the next one begins:
    the pause after a sentence belongs to it.
    """
    paragraphs, remaining = _paragraphs(ssml), _Words(words)
    parts, starts = list[str](), list[tuple[str, float]]()
    number = 0
    for block in chapter.blocks:
        if block.kind == "break":
            parts.append("<hr/>")
            continue
        places = next(paragraphs)
        if not places:
            continue
        sentences = list[str]()
        for begin, end in _sentences(block.text, language):
            number += 1
            identifier = f"s{number}"
            sentences.append(f'<span id="{identifier}">{_shown(block, begin, end, language)}</span>')
            first = remaining.first_before(places[end - 1] + 1)
            if first is not None:
                starts.append((identifier, first))
        name = f"h{block.level or 1}" if block.kind == "heading" else "p"
        parts.append(f"<{name}>{''.join(sentences)}</{name}>")
    begins = [0.0, *(start for _, start in starts[1:]), seconds]
    clips = (Clip(identifier, begins[at], begins[at + 1]) for at, (identifier, _) in enumerate(starts))
    body = "\n".join(parts)
    return FollowedChapter(f'<section id="{PAGE}">{body}</section>', tuple(clips))


def smil(page: str, sound: str, clips: Sequence[Clip]) -> str:
    """Return the media overlay of a page. `page` and `sound`: names beside it."""
    steps = "\n".join(
        f'<par id="p-{clip.identifier}"><text src="{page}#{clip.identifier}"/>'
        f'<audio src="{sound}" clipBegin="{clip.start:.3f}s" clipEnd="{clip.end:.3f}s"/></par>'
        for clip in clips
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<smil xmlns="http://www.w3.org/ns/SMIL" '
        'xmlns:epub="http://www.idpf.org/2007/ops" version="3.0"><body>\n'
        f'<seq id="{PAGE}" epub:textref="{page}#{PAGE}">\n'
        f"{steps}\n</seq>\n</body></smil>\n"
    )


class _Words:
    """The words of a chapter, taken in order."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words
        self._next = 0

    def first_before(self, place: int) -> float | None:
        """Return when the first word that was not taken and stands before `place` begins; take all such words."""
        found = None
        while self._next < len(self._words) and self._words[self._next].start_char < place:
            found = self._words[self._next].start if found is None else found
            self._next += 1
        return found


def _paragraphs(ssml: str) -> Iterator[list[int]]:
    """Yield, for each paragraph of a chapter's SSML, the place of each character that is said."""
    at, places = 0, list[int]()
    while at < len(ssml):
        if ssml[at] == "<":
            end = ssml.index(">", at) + 1
            if ssml.startswith("<p>", at):
                places = []
            elif ssml.startswith("</p>", at):
                yield places
            at = end
            continue
        places.append(at)
        at = ssml.index(";", at) + 1 if ssml[at] == "&" else at + 1


def _sentences(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence begins and ends; together they are the whole text."""
    stream = whole(
        text, Reading(language.replace("-", "_"), markup="none"), max_text_length=len(text) + 1, keeps_places=True
    )
    begins = [0]
    try:
        sentences = stream.take()
    except EmptyTextError:
        # Stars alone are shown, though nobody says them.
        sentences = ()
    # The first sentence has what stands before its first letter.
    for sentence in sentences[:1]:
        stream.locate(sentence)
    for sentence in sentences[1:]:
        first = next((place.start for place in stream.locate(sentence).places if place is not None), 0)
        while first > begins[-1] and _opens(text[first - 1]):
            first -= 1
        if first > begins[-1]:
            begins.append(first)
    yield from zip(begins, [*begins[1:], len(text)], strict=True)


def _opens(sign: str) -> bool:
    """Return whether a sign belongs to what stands after it."""
    return sign in "\"'¡¿" or unicodedata.category(sign) in {"Ps", "Pi"}


def _shown(block: Block, begin: int, end: int, language: str) -> str:
    """Return the part of a block's text, with the languages of its runs that are not the book's."""
    shown, at = "", 0
    for run in block.runs:
        part = escape(valid(run.text[max(0, begin - at) : max(0, end - at)]))
        at += len(run.text)
        if part and run.language is not None and family(run.language) != family(language):
            name = quoteattr(run.language)
            part = f"<span xml:lang={name} lang={name}>{part}</span>"
        shown += part
    return shown
