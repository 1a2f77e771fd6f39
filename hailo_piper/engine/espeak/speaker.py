"""A language of espeak-ng speaks as a voice, from its own process."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hailo_piper.audio.loudness import loudness_lufs
from hailo_piper.audio.samples import Samples
from hailo_piper.engine.espeak.model import FormantModel
from hailo_piper.engine.espeak_ng.pieces import pieces_of
from hailo_piper.engine.ready_speaker import ReadySpeaker
from hailo_piper.engine.words import SpokenWord, words_of
from hailo_piper.errors import ConfigError, SpeechError
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.espeak_data import piper_directory
from hailo_piper.voices.espeak_voices import language_of, name_of
from hailo_piper.voices.voice import Voice

if TYPE_CHECKING:
    from hailo_piper.engine.espeak_ng.espeak import Espeak

_MEASURED = "Everything is ready."
_FULL_SCALE = 1 << 15


class FormantSpeaker(ReadySpeaker[FormantModel]):
    """A `Speaker`. Phonemes that a lexicon gives are not used: espeak-ng reads the words as they are written."""

    speaker_lufs = None

    def __init__(self, voice: Voice, espeak: "Espeak") -> None:
        """Speak a sentence to measure the level. `espeak` sounds texts and does nothing else.

        Raises ConfigError where espeak-ng does not speak.
        """
        super().__init__(voice, FormantModel(self._speak))
        self._espeak = espeak
        bridge = (Path(piper_directory()) / "espeakbridge.so").stat()
        facts = f"espeak {language_of(voice.id)} {voice.stamp} {bridge.st_size} {bridge.st_mtime_ns}"
        self.digest = hashlib.sha256(facts.encode()).hexdigest()
        try:
            samples, _ = self._speak(_MEASURED, 0, 175, 50, 50)
        except SpeechError as error:
            raise ConfigError([f"{voice.id}: {error.message}"]) from error
        self.lufs = loudness_lufs(samples, self.sample_rate)

    def units(self, sentence: Sentence) -> tuple[str, ...]:
        """Return the sentence, in pieces that espeak-ng's buffers hold: mostly one; none where it has no word."""
        return tuple(pieces_of(sentence.text)) if words_of(sentence.text) else ()

    def words(self, sentence: Sentence) -> tuple[SpokenWord, ...]:
        """Return the words of a sentence; its marks are its characters."""
        return tuple(SpokenWord(start, end, start, end) for start, end in words_of(sentence.text))

    def in_own_sounds(self, sentence: Sentence) -> Sentence:
        """Return the sentence: other languages are read as this one."""
        return sentence

    def _speak(
        self, text: str, speaker_id: int, rate: int, pitch: int, pitch_range: int
    ) -> tuple[Samples, tuple[tuple[int, int], ...]]:
        name = name_of(self._voice.id, speaker_id)
        sound = self._espeak.sound(name, text, words_a_minute=rate, pitch=pitch, pitch_range=pitch_range)
        return np.frombuffer(sound.pcm, np.int16).astype(np.float32) / np.float32(_FULL_SCALE), sound.words
