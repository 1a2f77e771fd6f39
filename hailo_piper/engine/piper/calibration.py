"""The level of a voice, measured once, so that one constant gain serves everything it says.

Piper scales every sentence to its own peak, which makes loudness jump from one to the next and needs the whole
sentence before its first sample. A constant gain does neither. The preparing process of `graph` calls `calibrate`.
"""

import json
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import numpy as np

from hailo_piper.audio.loudness import loudness_lufs
from hailo_piper.audio.samples import Samples
from hailo_piper.engine.model import Delivery, Model
from hailo_piper.engine.piper.espeak import Espeak
from hailo_piper.engine.piper.models import WholeModel
from hailo_piper.engine.piper.phonemes import Phonemizer
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.voice import Voice, read_voice

QUICK = (Sentence("Everything is ready."),)
"""Says enough of the level until all of SENTENCES have been heard."""

# Every kind of sound and sentence; in a voice of another language they still have its level.
SENTENCES = tuple(
    map(
        Sentence,
        (
            "The quick brown fox jumps over the lazy dog.",
            "She sells sea shells by the sea shore, every single day.",
            "A small computer fits in the palm of your hand.",
            "I can't believe that it's already over!",
            "The meeting has been moved to Thursday at half past three in the afternoon.",
            "Did you remember to lock the door and turn off the lights?",
            "Thank you very much for your patience.",
            "Smoke from the chimney drifted slowly over the valley.",
        ),
    )
)
_NOISELESS = Delivery(length_scale=1.0, noise_scale=0.0, noise_w_scale=0.0, speaker_id=0)


def calibrate(model_path: Path) -> dict[str, float]:
    """What the manifest of a prepared voice says of its level: `lufs`, integrated over some sentences."""
    voice = read_voice(model_path)
    with closing(Espeak()) as espeak:
        phonemizer = Phonemizer(json.loads(voice.config_path.read_text(encoding="utf-8")), espeak)
        return {"lufs": measure_lufs(WholeModel(voice, threads=1), phonemizer, voice, SENTENCES)}


def measure_lufs(model: Model, phonemizer: Phonemizer, voice: Voice, sentences: Iterable[Sentence]) -> float:
    """Integrated loudness of a voice as it comes, in LUFS, over some sentences."""
    spoken = [_speak(model, phonemizer, sentence) for sentence in sentences]
    return loudness_lufs(np.concatenate(spoken), voice.sample_rate)


def _speak(model: Model, phonemizer: Phonemizer, sentence: Sentence) -> Samples:
    parts = [model.encode(unit, _NOISELESS, is_alone=True) for unit in phonemizer.phonemize(sentence)]
    for part in parts:
        part.flow(0, part.frames)
    return np.concatenate([np.zeros(0, np.float32), *(part.decode(0, part.frames) for part in parts)])
