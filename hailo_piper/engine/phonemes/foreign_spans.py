"""Runs of a sentence in another language get the phonemes of the voice, word by word where that is certain."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby

from hailo_piper.engine.phonemes.spoken_words import runs_of
from hailo_piper.engine.words import words_of
from hailo_piper.text.sentence import Sentence, Span

ReadForeign = Callable[[str, str], "list[str] | None"]
"""A text and its language to the phonemes that the voice says it with; None for an unknown language."""


def in_own_sounds(sentence: Sentence, family: str, read: ReadForeign) -> Sentence:
    """Return a sentence whose runs in languages of other families have phonemes. `family`: of the voice, `en`."""

    def language_of(span: Span) -> str:
        own = span.language.replace("_", "-").lower().partition("-")[0] == family
        return "" if own or span.phonemes else span.language

    spans = list[Span]()
    for language, grouped in groupby(sentence.spans, key=language_of):
        run = list(grouped)
        spans += _read(run, language, read) if language else run
    return replace(sentence, spans=tuple(span._replace(language="") for span in spans))


def _read(run: Sequence[Span], language: str, read: ReadForeign) -> Iterator[Span]:
    """Yield the spans of a run in one language: a span for each word, else one for each span."""
    text = "".join(span.spoken for span in run)
    phonemes = read(text, language)
    words = words_of(text)
    runs = runs_of("".join(phonemes or ()))
    if phonemes is None or not words:
        yield from run
    elif len(words) == len(runs):
        starts = list(accumulate((len(span.spoken) for span in run), initial=0))
        at = 0
        for (start, end), (first, last) in zip(words, runs, strict=True):
            if at < start:
                yield _piece(run, starts, at, start)
            yield _piece(run, starts, start, end)._replace(phonemes="".join(phonemes[first:last]))
            at = end
        if at < len(text):
            yield _piece(run, starts, at, len(text))
    else:
        # A word that is said in two breaths, or two that are said in one: spans are read one by one.
        for span in run:
            own = "".join(read(span.spoken, language) or ()).strip()
            yield span._replace(phonemes=own)


def _piece(run: Sequence[Span], starts: Sequence[int], start: int, end: int) -> Span:
    """Return a piece of a run's text, with the place that it came from, in the manner of its beginning."""
    first, last = (bisect_right(starts, place) - 1 for place in (start, end - 1))
    spoken = "".join(span.spoken for span in run)[start:end]
    begin, stop = run[first], run[last]
    if first == last and not begin.rule:
        origin = begin.start + start - starts[first]
        return begin._replace(spoken=spoken, start=origin, end=origin + end - start)
    return begin._replace(spoken=spoken, end=stop.end)
