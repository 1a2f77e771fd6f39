"""The verbaliser writes one finished sentence as it is spoken, by the rules of a language.

It is a pure function: a text that arrives in pieces has the same sentences, and so the same speech. Rules are tried in
order, each on the sentence as it was written; what one has claimed no later one changes. The result knows the place in
the sentence that each part came from, since word times need it.
"""

from collections.abc import Sequence
from functools import cache
from importlib import import_module

from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.sentence import Sentence, Span

_LANGUAGES = {
    "en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian", "pt": "portuguese",
    "nl": "dutch", "pl": "polish",
}  # fmt: skip
"""A language's family to the folder with its module `rules`, which has `rules(region)`."""


def verbalise(sentence: Sentence, language: str) -> Sentence:
    """Return the sentence as it is spoken in a language (`en_US`, `en-us`, `de`); unchanged if there are no rules."""
    return apply(sentence, rules_for(language))


@cache
def rules_for(language: str) -> Sequence[Rule]:
    """Return the rules of a language, in the order in which they are tried."""
    family, _, region = language.replace("_", "-").lower().partition("-")
    if family not in _LANGUAGES:
        return ()
    rules: Sequence[Rule] = import_module(f"{__package__}.{_LANGUAGES[family]}.rules").rules(region)
    return rules


def apply(sentence: Sentence, rules: Sequence[Rule]) -> Sentence:
    """Return the sentence with every match of the rules replaced by what is spoken."""
    text = sentence.text
    present = set(text)
    if not present.isdisjoint("0123456789"):
        present.add(DIGIT)
    taken = bytearray(len(text))
    spans: list[Span] = []
    for rule in rules:
        if rule.needs and present.isdisjoint(rule.needs):
            continue
        for match in rule.find(text):
            start, end = match.span()
            if start == end or taken.find(1, start, end) >= 0:
                continue
            spoken = rule.say(match)
            if spoken is not None:
                taken[start:end] = b"\1" * (end - start)
                spans.append(Span(spoken, start, end, rule.name))
    if not spans:
        return sentence
    whole = _with_gaps(text, spans)
    return Sentence("".join(span.spoken for span in whole), whole)


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
