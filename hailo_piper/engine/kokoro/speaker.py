"""One language of Kokoro, loaded: its reader, its speakers and their graph."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from hailo_piper.engine.kokoro.levels import SpeakerLufs
from hailo_piper.engine.kokoro.model import KokoroModel
from hailo_piper.engine.kokoro.reading import SHORT, KokoroReader, UnitIds
from hailo_piper.engine.kokoro.styles import read_styles
from hailo_piper.engine.model import NOISELESS, Delivery, Model
from hailo_piper.engine.piper.espeak import Espeak
from hailo_piper.engine.speaker_mixes import check_mix
from hailo_piper.engine.words import SpokenWord
from hailo_piper.errors import ConfigError, SynthesisError
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.kokoro_voices import LANGUAGES
from hailo_piper.voices.voice import Voice

_READING = 1
"""The version of all that makes symbols of texts and samples of symbols: a change of it is another sound."""


class KokoroSpeaker:
    """A `Speaker`; its graph is loaded whole, and there is no better form of it."""

    is_prepared = True

    def __init__(self, voice: Voice, espeak: Espeak, *, threads: int) -> None:
        """Load the voice. Raises ConfigError where its language or its files are not those of a voice of Kokoro."""
        espeak.start()
        self.sample_rate = voice.sample_rate
        self._voice = voice
        self._reader = KokoroReader(_espeak_language(voice), espeak)
        folder = voice.model_path.parent
        styles = read_styles(folder, tuple(voice.speakers))
        self._model: KokoroModel | None = KokoroModel(_graph(folder), styles, threads=threads)
        self.speaker_lufs = SpeakerLufs(tuple(voice.speakers), self.model, self._reader.units, voice.sample_rate).lufs
        self.lufs = self.speaker_lufs(0)
        self.digest = hashlib.sha256(f"kokoro {_READING} {voice.id} {voice.stamp}".encode()).hexdigest()

    def units(self, sentence: Sentence) -> tuple[UnitIds, ...]:
        """Return the units of a sentence, as `KokoroReader.units` does."""
        return self._reader.units(sentence)

    def words(self, sentence: Sentence) -> tuple[SpokenWord, ...]:
        """Return the words of a sentence, as `KokoroReader.words` does."""
        return self._reader.words(sentence)

    def in_own_sounds(self, sentence: Sentence) -> Sentence:
        """Return a sentence in phonemes of this language, as `KokoroReader.in_own_sounds` does."""
        return self._reader.in_own_sounds(sentence)

    def model(self, delivery: Delivery = NOISELESS) -> Model:
        """Return the model. Raises SynthesisError once closed, or as `check_mix`."""
        model = self._model
        if model is None:
            raise SynthesisError("The voice is being put away")
        check_mix(delivery, self._voice, model, may_be_prepared=False)
        return model

    def prepare(self, *, is_over: Callable[[], bool]) -> None:
        """Do nothing: it speaks as well as it can."""

    def mend(self) -> bool:
        """Return False: nothing is made of its files."""
        return False

    def stop_preparing(self) -> None:
        """Do nothing."""

    def shrink(self) -> None:
        """Release the memory that long units needed, by speaking a short one."""
        model = self._model
        if model is not None:
            model.shrink(SHORT)

    def close(self) -> None:
        """Release the voice."""
        self._model = None


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
