"""One language of Kokoro, loaded: its reader, its speakers and their graph."""

import hashlib
import math
from dataclasses import replace
from pathlib import Path

import numpy as np

from hailo_piper.audio.loudness import loudness_lufs
from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.kokoro.levels import LEVEL, LEVELS
from hailo_piper.engine.kokoro.model import KokoroModel
from hailo_piper.engine.kokoro.reading import SHORT, KokoroReader, UnitIds
from hailo_piper.engine.kokoro.styles import read_styles
from hailo_piper.engine.model import NOISELESS
from hailo_piper.engine.ready_speaker import ReadySpeaker
from hailo_piper.engine.words import SpokenWord
from hailo_piper.errors import ConfigError
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.kokoro_voices import LANGUAGES
from hailo_piper.voices.voice import Voice

_MEASURED = Sentence("Everything is ready.")
_READING = 1
"""The version of all that makes symbols of texts and samples of symbols: a change of it is another sound."""


class KokoroSpeaker(ReadySpeaker[KokoroModel]):
    """A `Speaker`; its graph is loaded whole, and there is no better form of it."""

    lufs = LEVEL

    def __init__(self, voice: Voice, espeak: Espeak, *, threads: int) -> None:
        """Load the voice. Raises ConfigError where its language or its files are not those of a voice of Kokoro."""
        espeak.start()
        self._reader = KokoroReader(_espeak_language(voice), espeak)
        folder = voice.model_path.parent
        styles = read_styles(folder, tuple(voice.speakers))
        levels = [LEVELS.get(name, LEVEL) for name in voice.speakers]
        model = KokoroModel(_graph(folder), styles, levels, threads=threads)
        super().__init__(voice, model)
        for name, number in voice.speakers.items():
            if name not in LEVELS:
                model.levels[number] = self._measured(model, number)
        self.digest = hashlib.sha256(f"kokoro {_READING} {voice.id} {voice.stamp}".encode()).hexdigest()

    def speaker_lufs(self, *_: object, **__: object) -> float:
        """Return the level of any speaker and mix, in LUFS: they have the same."""
        return LEVEL

    def units(self, sentence: Sentence) -> tuple[UnitIds, ...]:
        """Return the units of a sentence, as `KokoroReader.units` does."""
        return self._reader.units(sentence)

    def words(self, sentence: Sentence) -> tuple[SpokenWord, ...]:
        """Return the words of a sentence, as `KokoroReader.words` does."""
        return self._reader.words(sentence)

    def in_own_sounds(self, sentence: Sentence) -> Sentence:
        """Return a sentence in phonemes of this language, as `KokoroReader.in_own_sounds` does."""
        return self._reader.in_own_sounds(sentence)

    def shrink(self) -> None:
        """Release the memory that long units needed, by speaking a short one."""
        model = self._model
        if model is not None:
            model.shrink(SHORT)

    def _measured(self, model: KokoroModel, speaker_id: int) -> float:
        """Return the level of a speaker that the release does not have, in LUFS, by a short sentence."""
        delivery = replace(NOISELESS, speaker_id=speaker_id)
        takes = [model.encode(unit, delivery, is_alone=True) for unit in self.units(_MEASURED)]
        samples = np.concatenate([np.zeros(0, np.float32), *(take.decode(0, take.frames) for take in takes)])
        found = loudness_lufs(samples, self.sample_rate)
        # In a language of another script, the sentence may have no sound.
        return found if math.isfinite(found) else LEVEL


def _espeak_language(voice: Voice) -> str:
    found = next((each.espeak for each in LANGUAGES.values() if each.code == voice.language), None)
    if found is None:
        allowed = ", ".join(each.code for each in LANGUAGES.values())
        raise ConfigError([f"{voice.model_path}: Kokoro does not speak {voice.language} well. Allowed: {allowed}"])
    if not voice.speakers:
        raise ConfigError([f"{voice.model_path}: it has no speakers, which name Kokoro's styles"])
    return found


def _graph(folder: Path) -> Path:
    """Return the only .onnx of a folder."""
    found = sorted(folder.glob("*.onnx"))
    if len(found) != 1:
        names = ", ".join(path.name for path in found) or "none"
        raise ConfigError([f"{folder}: a voice of Kokoro has one .onnx file, and here are: {names}"])
    return found[0]
