"""All speakers are equally loud from the first sample, since the level of each was measured once."""

import math
from collections.abc import Sequence

LEVEL = -20.0
"""The integrated loudness that every speaker is brought to, in LUFS."""

LEVELS = {
    "af_heart": -22.1, "af_bella": -21.5, "af_nicole": -20.8, "af_aoede": -17.2, "af_kore": -17.8, "af_sarah": -19.6,
    "af_alloy": -19.7, "af_nova": -25.1, "af_sky": -22.4, "af_jessica": -20.9, "af_river": -20.2, "am_michael": -22.6,
    "am_fenrir": -18.3, "am_puck": -17.3, "am_echo": -20.6, "am_eric": -20.4, "am_liam": -20.6, "am_onyx": -20.8,
    "am_santa": -21.5, "am_adam": -17.6, "bf_emma": -19.2, "bf_isabella": -16.3, "bf_alice": -19.8, "bf_lily": -20.2,
    "bm_fable": -20.3, "bm_george": -20.9, "bm_lewis": -22.3, "bm_daniel": -20.8, "ef_dora": -23.1, "em_alex": -22.4,
    "em_santa": -22.5, "pf_dora": -23.1, "pm_alex": -22.6, "pm_santa": -22.8,
}  # fmt: skip
"""Integrated loudness (ITU-R BS.1770) of each as the graph makes it, in LUFS: two sentences of benchmarks/kokoro.py."""


def gain_of(levels: Sequence[float], speakers: Sequence[tuple[int, float]]) -> float:
    """Return the factor that brings speakers, by their numbers and weights, to LEVEL; a mix has what its parts have."""
    power = sum(weight * 10 ** (levels[number] / 10) for number, weight in speakers)
    return math.sqrt(10 ** (LEVEL / 10) / power)
