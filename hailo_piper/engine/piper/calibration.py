"""The calibration measures a voice's loudness once, so that one constant gain serves everything it says.

Piper itself scales each sentence to its own peak, so that loudness jumps from one sentence to the next, and the first
sample waits for the last. Here the preparing process measures the loudness once; the gain that follows from it brings
the voice to `piper.target_lufs`, and the limiter (8 ms of look-ahead, true peak) catches what would exceed -1 dBTP.
"""

import json
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import numpy as np

from hailo_piper.audio.loudness import loudness_lufs
from hailo_piper.audio.samples import Samples
from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.model import NOISELESS, Model
from hailo_piper.engine.phonemes.phonemes import Phonemizer
from hailo_piper.engine.piper.whole_model import WholeModel
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.voice import Voice, read_voice

QUICK = (Sentence("Everything is ready."),)
"""A sentence whose loudness is near enough to the voice's, until SENTENCES have been measured."""

# They have every kind of sound and sentence; a voice of another language speaks them at its own level, too.
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


def calibrate(model_path: Path) -> dict[str, float]:
    """Measure the level for the manifest of a prepared voice: `lufs`, integrated over SENTENCES."""
    voice = read_voice(model_path)
    with closing(Espeak()) as espeak:
        phonemizer = Phonemizer(json.loads(voice.config_path.read_text(encoding="utf-8")), espeak)
        return {"lufs": measure_lufs(WholeModel(voice, threads=1), phonemizer, voice, SENTENCES)}


def measure_lufs(model: Model, phonemizer: Phonemizer, voice: Voice, sentences: Iterable[Sentence]) -> float:
    """Return the integrated loudness (ITU-R BS.1770) of a voice over some sentences without gain, in LUFS."""
    spoken = [_speak(model, phonemizer, sentence) for sentence in sentences]
    return loudness_lufs(np.concatenate(spoken), voice.sample_rate)


def _speak(model: Model, phonemizer: Phonemizer, sentence: Sentence) -> Samples:
    parts = [model.encode(unit, NOISELESS, is_alone=True) for unit in phonemizer.phonemize(sentence)]
    for part in parts:
        part.flow(0, part.frames)
    return np.concatenate([np.zeros(0, np.float32), *(part.decode(0, part.frames) for part in parts)])
