"""A marked-up sentence is verbalised run by run: what its text pronounces stays, and each language has its own rules.

Its spans tell manner, phonemes and language of what was written. A rule reads across changes of manner, as a reader
does; what it writes is spoken in the manner of its beginning.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from hailo_piper.text.lexicon.alphabets import as_said_in
from hailo_piper.text.sentence import Sentence, Span

Find = Callable[[str, str, Sequence[Span]], list[Span]]
"""A text, its language and the spans in it that stay, to the spans that lexicons and rules write."""


def rewritten(sentence: Sentence, language: str, find: Find) -> Sentence:
    """Return a sentence with spans or marks as it is spoken. `language`: of the text that names none of its own."""
    runs = sentence.spans or (Span(sentence.text, 0, len(sentence.text)),)
    found = list[Span]()
    for own, stretch in groupby(runs, key=_language):
        found += _found(sentence.text, list(stretch), own or language, find)
    if not found and not sentence.spans:
        return sentence
    spans = tuple(_assembled(sentence.text, runs, found, language))
    spoken = "".join(span.spoken for span in spans)
    return replace(sentence, text=spoken, spans=spans, marks=tuple(_moved(sentence.marks, spans)))


def _language(span: Span) -> str:
    return span.language


def _stays(span: Span) -> bool:
    """Return whether nothing may change a span: it has phonemes, or is written as it is spoken."""
    return bool(span.phonemes or span.rule)


def _found(text: str, stretch: Sequence[Span], language: str, find: Find) -> list[Span]:
    """Return what is written in a stretch of one language."""
    begin, end = stretch[0].start, stretch[-1].end
    kept = [span._replace(start=span.start - begin, end=span.end - begin) for span in stretch if _stays(span)]
    return [
        span._replace(start=span.start + begin, end=span.end + begin) for span in find(text[begin:end], language, kept)
    ]


def _assembled(text: str, runs: Sequence[Span], found: Sequence[Span], language: str) -> Iterator[Span]:
    """Yield the spans of the sentence in order, each in the manner and the language of its run."""
    starts, at = [run.start for run in runs], 0
    run = runs[0]
    kept = [span for span in runs if _stays(span)]
    for span in sorted([*found, *kept], key=lambda span: span.start):
        yield from _gap(text, runs, starts, (at, span.start))
        if span.end > span.start:
            run = runs[bisect_right(starts, span.start) - 1]
        own = as_said_in(run.language or language, span.phonemes) if span.phonemes else ""
        yield span._replace(phonemes=own, manner=run.manner, language=run.language)
        at = span.end
    yield from _gap(text, runs, starts, (at, len(text)))


def _gap(text: str, runs: Sequence[Span], starts: Sequence[int], place: tuple[int, int]) -> Iterator[Span]:
    """Yield the text between two places as it stands, cut where runs are."""
    at, stop = place
    while at < stop:
        run = runs[bisect_right(starts, at) - 1]
        end = min(stop, run.end)
        yield run._replace(spoken=text[at:end], start=at, end=end, rule="", phonemes="")
        at = end


def _moved(marks: Sequence[tuple[int, str]], spans: Sequence[Span]) -> Iterator[tuple[int, str]]:
    """Yield marks of what was written at their places in what is spoken; those inside a rewritten span at its start."""
    spoken, number = 0, 0
    for at, name in marks:
        while number < len(spans) and spans[number].end <= at:
            spoken += len(spans[number].spoken)
            number += 1
        is_as_written = number < len(spans) and len(spans[number].spoken) == spans[number].end - spans[number].start
        yield spoken + (at - spans[number].start if is_as_written else 0), name
