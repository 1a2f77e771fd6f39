"""The detector tells the language of single sentences, if the extra `languages` is installed.

py3langid is a naive Bayes classifier over bytes: 0.04 ms a sentence, 50 MB, 0.6 s to load. It chooses among few
languages, so that short sentences are told apart, and says nothing where it is not sure.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from hailo_piper.errors import InvalidRequestError
from hailo_piper.text.normalise.verbaliser import LANGUAGES

_LEAST_SURE = 0.55
"""A name, a number or a single word has less than that."""


class LanguageDetector:
    """The detector of a service. Thread-safe; its model is loaded when it is first asked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: Any = None
        self._families = frozenset[str]()

    def among(self, families: Iterable[str]) -> Callable[[str], str]:
        """Return a function from a sentence to the family of its language (`de`), or nothing where that is not sure.

        `families`: those of the voices; the languages that have rules count as well. Raises InvalidRequestError where
        the extra is not installed.
        """
        wanted = frozenset(families) | LANGUAGES.keys()
        with self._lock:
            if self._model is None or wanted != self._families:
                self._model, self._families = _load(wanted), wanted
            model = self._model

        def language_of(text: str) -> str:
            language, _ = model.classify(text)
            return language if language in wanted else ""

        return language_of


def _load(families: frozenset[str]) -> Any:
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    except ImportError:
        raise InvalidRequestError(
            "Invalid 'language': auto needs the detector: pip install 'hailo-piper[languages]'", param="language"
        ) from None
    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True, min_confidence=_LEAST_SURE)
    model.set_languages([family for family in families if family in model.labels])
    return model
