"""Kokoro's speakers are voices of their language: `kokoro` is American, `kokoro-es` Spanish.

Kokoro names a speaker by language, gender and a word: `ef_dora` is a Spanish woman. The names are those of the public
release of version 1.0.
"""

from typing import NamedTuple

ENGINE = "kokoro"
SAMPLE_RATE = 24_000


class KokoroLanguage(NamedTuple):
    """A language that comes out right, and who speaks it; docs/engines.md has the figures, and those of others."""

    code: str
    """As voices have it: `en_US`."""
    espeak: str
    """espeak-ng's name of it."""
    speakers: tuple[str, ...]
    """The best graded of the release first."""


LANGUAGES = {
    "kokoro": KokoroLanguage("en_US", "en-us", (
        "af_heart", "af_bella", "af_nicole", "af_aoede", "af_kore", "af_sarah", "af_alloy", "af_nova", "af_sky",
        "af_jessica", "af_river", "am_michael", "am_fenrir", "am_puck", "am_echo", "am_eric", "am_liam", "am_onyx",
        "am_santa", "am_adam",
    )),
    "kokoro-en-gb": KokoroLanguage("en_GB", "en", (
        "bf_emma", "bf_isabella", "bf_alice", "bf_lily", "bm_fable", "bm_george", "bm_lewis", "bm_daniel",
    )),
    "kokoro-es": KokoroLanguage("es_ES", "es", ("ef_dora", "em_alex", "em_santa")),
    "kokoro-pt-br": KokoroLanguage("pt_BR", "pt-br", ("pf_dora", "pm_alex", "pm_santa")),
}  # fmt: skip
"""By the voice's id."""
