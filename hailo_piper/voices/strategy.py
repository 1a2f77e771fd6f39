"""A strategy chooses among voices where a request names only a language or a model: the best, or the fastest."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from hailo_piper.voices.languages import QUALITIES, is_same
from hailo_piper.voices.voice import Voice

_ENGINES = ("kokoro", "piper", "espeak")
"""The best first; one that was added stands beside Piper."""
_TYPICAL = {"x_low": 0.02, "low": 0.04, "medium": 0.1, "high": 0.4}
"""Real-time factors of Piper's qualities on one core: what counts where none was measured is their order."""
_TYPICAL_OF_ENGINES = {"kokoro": 1.0, "espeak": 0.005}
_USUAL = 0.1

By = Literal["quality", "speed"]
MODELS: Mapping[str, By] = {"tts-1": "speed", "tts-1-hd": "quality"}
"""Models of OpenAI's that say what counts; any other that is no engine leaves it to the configuration."""


class Strategy:
    """What counts, and what is known of voices' speed."""

    def __init__(self, by: By, factors: Callable[[], Mapping[str, float]]) -> None:
        """`factors`: returns real-time factors by a voice's id, as far as they are known."""
        self._by = by
        self._factors = factors

    def choose(self, among: Sequence[Voice], language: str, model: str | None) -> Voice | None:
        """Return the voice for a language (`en`, `en_US`) and a model; None where there is none to choose from.

        `among`: voices that speak the language. Voices of exactly its region come first. An engine's name as a model
        chooses among its voices, if it has any there.
        """
        name = (model or "").lower()
        among = [voice for voice in among if is_same(voice.language, language)] or among
        among = [voice for voice in among if voice.engine == name] or among
        if not among:
            return None
        factors = self._factors()

        def speed(voice: Voice) -> float:
            return factors.get(voice.id) or typical_factor(voice)

        if MODELS.get(name, self._by) == "speed":
            return min(among, key=lambda voice: (speed(voice), tier(voice), voice.id))
        return min(among, key=lambda voice: (tier(voice), speed(voice), voice.id))


def tier(voice: Voice) -> tuple[int, int]:
    """Return the rank of a voice's sound, the least for the best: its engine's, then its quality's."""
    engine = voice.engine if voice.engine in _ENGINES else "piper"
    quality = QUALITIES.index(voice.quality) if voice.quality in QUALITIES else len(QUALITIES)
    return _ENGINES.index(engine), quality


def typical_factor(voice: Voice) -> float:
    """Return the real-time factor that a voice may have, by its engine and quality."""
    return _TYPICAL_OF_ENGINES.get(voice.engine) or _TYPICAL.get(voice.quality or "", _USUAL)
