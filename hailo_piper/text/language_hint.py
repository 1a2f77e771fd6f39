"""Function words show which language a text is in, so that a voice of another one can be told of.

It is a hint for people who wonder at what they hear: a few words that only one language has must be there, and nothing
is decided by it.
"""

from hailo_piper.text.lazy_pattern import lazily

_WORD = lazily(r"[^\W\d_]+")
_READ = 1000
"""Characters of the text that are looked at."""
_FEWEST = 4
"""Function words without which nothing is said."""
_FUNCTION_WORDS = {
    "en": "the and of is that was with are this have not be you for they from which would there their what about",
    "de": "der die und das ist nicht ein eine mit auf für sich dem den von wir ich sie auch wird sind aber oder wie",
    "fr": "le les et des est que une dans pour pas qui sur au avec nous vous je il elle sont mais ou cette être",
    "es": "el los las que y en por con para una es del se no al lo como más pero sus está muy también este",
    "it": "il gli di che è per una con non sono della nel si dei anche più ma come questo alla ha delle",
    "pt": "os as do da que em para com não uma é dos das no na se mais por mas como foi ao está você",
    "nl": "de het een en van is dat op te met niet voor zijn ik je aan er maar ook wordt deze naar wij",
    "pl": "i w na z się nie do to jest że jak od za po ale czy który oraz dla przez był są tylko",
}
_WORDS_OF = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}


def likely_language(text: str) -> str | None:
    """Return the family of the language that a text seems to be in (`de`); None where that does not show."""
    words = [word.lower() for word in _WORD.findall(text[:_READ])]
    counts = {language: sum(word in known for word in words) for language, known in _WORDS_OF.items()}
    best, second = sorted(counts.values(), reverse=True)[:2]
    if best < _FEWEST or best < 2 * second or best * 6 < len(words):
        return None
    return max(counts, key=counts.__getitem__)
