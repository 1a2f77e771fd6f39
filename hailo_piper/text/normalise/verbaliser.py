"""The verbaliser writes one finished sentence as it is spoken, by the rules of a language.

It is a pure function: a text that arrives in pieces has the same sentences, and so the same speech. Rules are tried in
order, each on the sentence as it was written; what one has claimed no later one changes. The result knows the place in
the sentence that each part came from, since word times need it.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from hailo_piper.text.lexicon.matcher import Lexicon, pronounce, refuse
from hailo_piper.text.normalise.rule import DIGIT, INSIDE, Rule
from hailo_piper.text.sentence import Sentence, Span

if TYPE_CHECKING:
    from hailo_piper.text.lexicon.pronunciation import Pronunciation

LANGUAGES = {
    "en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian", "pt": "portuguese",
    "nl": "dutch", "pl": "polish",
}  # fmt: skip
"""A language's family to the folder with its module `rules`, which has `rules(region)`."""
MOST_LANGUAGES = 64
"""Languages whose rules are kept: clients name them, with any region, to have a text explained."""
_WITH_WORDS = {"en"}
"""Families whose folder has a module `pronunciations`, too."""


def verbalise(
    sentence: Sentence, language: str, lexicons: Sequence[Lexicon] = (), *, normalize: bool = True
) -> Sentence:
    """Return the sentence as it is spoken in a language (`en_US`, `en-us`, `de`).

    What lexicons pronounce no rule changes; `normalize` false leaves the rest as it is. Raises RefusedTextError for a
    word that a lexicon refuses.
    """
    if sentence.spans or sentence.marks:
        return _marked_up(sentence, language, lexicons, normalize=normalize)
    if not normalize:
        return _in_language(apply(sentence, (), lexicons), language)
    return _in_language(apply(sentence, rules_for(language), (*lexicons, *words_for(language))), language)


def _marked_up(sentence: Sentence, language: str, lexicons: Sequence[Lexicon], *, normalize: bool) -> Sentence:
    """Return a sentence whose text has runs or marks of its own as it is spoken."""
    # A start without SSML need not import this.
    from hailo_piper.text.normalise.marked_up import rewritten

    def find(text: str, own: str, kept: Sequence[Span]) -> list[Span]:
        if not normalize:
            return _found(text, (), lexicons, kept)
        return _found(text, rules_for(own), (*lexicons, *words_for(own)), kept)

    spoken = rewritten(sentence, language, find)
    refuse(spoken.text, lexicons)
    return spoken


def _in_language(sentence: Sentence, language: str) -> Sentence:
    """Return a sentence with its phonemes as a language writes them: a request's rules are of no language."""
    if not sentence.pronounced:
        return sentence
    # A start without lexicons need not import the alphabets.
    from hailo_piper.text.lexicon.alphabets import as_said_in

    spans = (span._replace(phonemes=as_said_in(language, span.phonemes)) for span in sentence.spans)
    return replace(sentence, spans=tuple(spans))


def family_and_region(language: str) -> tuple[str, str]:
    """Return the family and the region of a language, which may be empty."""
    family, _, region = language.replace("_", "-").lower().partition("-")
    return family, region


def load_language(language: str, pause: Callable[[], object]) -> None:
    """Load what a language needs now, so that no sentence waits for it; `pause` is called between the steps."""
    for rule in rules_for(language):
        rule.compile()
        pause()
    words_for(language)
    if family_and_region(language)[0] not in LANGUAGES:
        _cldr().load(language)


def _cldr() -> ModuleType:
    """Import the module that most voices need not."""
    return import_module(f"{__package__}.cldr")


@lru_cache(maxsize=MOST_LANGUAGES)
def words_for(language: str) -> Sequence[Lexicon]:
    """Return the words that espeak-ng says wrongly in a language, with their right pronunciation."""
    family, _ = family_and_region(language)
    if family not in _WITH_WORDS:
        return ()
    words = import_module(f"{__package__}.{LANGUAGES[family]}.pronunciations").WORDS
    return (Lexicon(map(_entry, words, words.values())),)


def _entry(word: str, say: str) -> "Pronunciation":
    from hailo_piper.text.lexicon.pronunciation import Pronunciation

    spoken, phonemes = ("", say[1:-1]) if say[0] == "/" else (say, "")
    # LaTeX is not latex, but quinoa may begin a sentence.
    return Pronunciation(word=word, spoken=spoken, phonemes=phonemes, match_case=not word[1:].islower())


@lru_cache(maxsize=MOST_LANGUAGES)
def rules_for(language: str) -> Sequence[Rule]:
    """Return the rules of a language, in the order in which they are tried."""
    family, region = family_and_region(language)
    if family not in LANGUAGES:
        return tuple(_cldr().rules(language)) if family else ()
    rules: Sequence[Rule] = import_module(f"{__package__}.{LANGUAGES[family]}.rules").rules(region)
    return rules


def apply(sentence: Sentence, rules: Sequence[Rule], lexicons: Sequence[Lexicon] = ()) -> Sentence:
    """Return the sentence with every word of the lexicons and match of the rules replaced by what is spoken."""
    text = sentence.text
    spans = _found(text, rules, lexicons)
    if not spans:
        return sentence
    whole = _with_gaps(text, spans)
    spoken = "".join(span.spoken for span in whole)
    refuse(spoken, lexicons)
    return replace(sentence, text=spoken, spans=whole)


def _found(text: str, rules: Sequence[Rule], lexicons: Sequence[Lexicon], kept: Sequence[Span] = ()) -> list[Span]:
    """Return what lexicons and rules write in a text, but for the spans that are `kept` as they are."""
    spans = pronounce(text, lexicons) if lexicons else []
    if spans:
        spans = _with_addresses(text, rules, lexicons, spans)
    if kept:
        taken = _taken(text, kept)
        # The rest of a respelling stands at the end of its word.
        begins = (max(0, span.start - (span.start == span.end)) for span in spans)
        spans = [span for span, begin in zip(spans, begins, strict=True) if taken.find(1, begin, span.end) < 0]
    return spans + _matches(text, rules, [*spans, *kept])


def _taken(text: str, spans: Sequence[Span]) -> bytearray:
    """Return a byte for each character, 1 where a span stands."""
    taken = bytearray(len(text))
    for span in spans:
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
    return taken


def _with_addresses(
    text: str, rules: Sequence[Rule], lexicons: Sequence[Lexicon], pronounced: Sequence[Span]
) -> list[Span]:
    """Return words that are pronounced, and in place of those in addresses what the rules write, with these in it.

    Without "bob", which a lexicon has, "bob@example.com" would be no address any more.
    """
    taken, found = bytearray(len(text)), list[Span]()
    starts = [span.start for span in pronounced]
    for rule in rules:
        if not rule.holds_words:
            continue
        for match in rule.find(text):
            start, end = match.span()
            first = bisect_left(starts, start)
            first -= first > 0 and pronounced[first - 1].end > start
            inside = pronounced[first : bisect_left(starts, end)]
            is_whole = all(start <= span.start and span.end <= end for span in inside)
            if not inside or not is_whole or taken.find(1, start, end) >= 0 or inside[0][1:3] == (start, end):
                continue
            spoken = rule.say(match)
            if spoken is not None:
                taken[start:end] = b"\1" * (end - start)
                found += _with_words(spoken, start, end, rule.name, lexicons)
    # The rest of a respelling that points on stands at the end of its word.
    kept = (span for span in pronounced if not taken[max(0, span.end - 1)])
    return [*kept, *found]


def _with_words(spoken: str, start: int, end: int, rule: str, lexicons: Sequence[Lexicon]) -> list[Span]:
    """Return what a rule writes: the first span stands for the match, the others come from no place of their own."""
    words = pronounce(spoken, lexicons)
    spans = [span._replace(rule=span.rule or rule) for span in _with_gaps(spoken, words)] or [Span(spoken, 0, 0, rule)]
    return [spans[0]._replace(start=start, end=end), *(span._replace(start=end, end=end) for span in spans[1:])]


def _matches(text: str, rules: Sequence[Rule], pronounced: Sequence[Span]) -> list[Span]:
    """Return what the rules write in a text, but for what is pronounced already."""
    present = set(text)
    has_digit = not present.isdisjoint("0123456789")
    present |= {DIGIT} if has_digit else set()
    present |= {INSIDE} if "." in text[:-1] else set()
    taken = _taken(text, pronounced)
    spans: list[Span] = []
    for rule in rules:
        if (rule.needs and present.isdisjoint(rule.needs)) or (rule.digits and not has_digit):
            continue
        for match in rule.find(text):
            start, end = match.span()
            if start == end or taken.find(1, start, end) >= 0:
                continue
            spoken = rule.say(match)
            if spoken is not None:
                taken[start:end] = b"\1" * (end - start)
                spans.append(Span(spoken, start, end, rule.name))
    return spans


def _with_gaps(text: str, spans: list[Span]) -> tuple[Span, ...]:
    """Return the spans in order, with the text between them as spans of its own."""
    found, at = list[Span](), 0
    for span in sorted(spans, key=lambda span: span.start):
        if at < span.start:
            found.append(Span(text[at : span.start], at, span.start))
        found.append(span)
        at = span.end
    if at < len(text):
        found.append(Span(text[at:], at, len(text)))
    return tuple(found)
