"""espeak-ng as a voice: its languages, its manner, the times of its words, and texts that end its process."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from hailo_piper.audio.samples import Samples
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.model import NOISELESS, Delivery
from hailo_piper.engine.shared_parts import SharedParts
from hailo_piper.engine.words import words_of
from hailo_piper.errors import InvalidRequestError, SynthesisError
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.espeak_voices import espeak_voice
from tests.support.pitch import track
from tests.support.services import sharing

TEXTS = {
    "en-us": "The quick brown fox jumps over the lazy dog.", "en": "Good evening to you all.",
    "de": "Guten Tag, liebe Leute.", "fr": "Bonjour à tout le monde.", "es": "Buenos días a todos.",
    "it": "Buongiorno a tutti quanti.", "pt": "Bom dia a todos.", "pt-br": "Bom dia, meus amigos.",
    "nl": "Goedemorgen allemaal hier.", "sv": "God morgon alla vänner.", "da": "God morgen alle venner.",
    "nb": "God morgen alle sammen.", "is": "Góðan daginn allir saman.", "fi": "Hyvää huomenta kaikille.",
    "et": "Tere hommikust kõigile.", "lv": "Labrīt visiem draugiem.", "lt": "Labas rytas visiems.",
    "pl": "Dzień dobry wszystkim.", "cs": "Dobré ráno všem lidem.", "sk": "Dobré ráno všetkým.",
    "sl": "Dobro jutro vsem skupaj.", "hr": "Dobro jutro svima vama.", "hu": "Jó reggelt mindenkinek.",
    "ro": "Bună dimineața tuturor.", "bg": "Добро утро на всички.", "ru": "Доброе утро всем друзьям.",
    "uk": "Доброго ранку всім друзям.", "el": "Καλημέρα σε όλους σας.", "tr": "Günaydın herkese bugün.",
    "ar": "صباح الخير يا أصدقاء.", "fa": "صبح بخیر به همه.", "hi": "सभी को शुभ प्रभात।",
    "ka": "დილა მშვიდობისა ყველას.", "sw": "Habari za asubuhi wote.", "id": "Selamat pagi semua orang.",
    "vi": "Chào buổi sáng mọi người.", "cmn": "大家 早上 好。", "ko": "여러분 좋은 아침입니다.",
}  # fmt: skip


@pytest.fixture(scope="module")
def parts(espeak: Espeak) -> Iterator[SharedParts]:
    with sharing(espeak) as shared:
        yield shared


@pytest.fixture(scope="module")
def english(parts: SharedParts) -> Iterator[Engine]:
    with closing(load("en-us", parts)) as engine:
        yield engine


def load(language: str, parts: SharedParts) -> Engine:
    voice = espeak_voice(f"espeak:{language}")
    assert voice is not None
    return Engine(voice, Path("/nowhere"), parts)


def speak(engine: Engine, text: str, delivery: Delivery = NOISELESS) -> tuple[Samples, list[int]]:
    """The samples, and the first sample of each word."""
    sentence = Sentence(text)
    with closing(engine.stream([sentence], delivery)) as stream:
        samples = np.concatenate([np.zeros(0, np.float32), *(chunk.samples for chunk in stream.read(0))])
        ends = np.concatenate([[0], np.cumsum(stream.durations(0))])
    return samples, [int(ends[word.first]) for word in engine.words(sentence)]


@pytest.mark.parametrize("language", TEXTS)
def test_a_language_speaks_and_its_words_come_in_order(language: str, parts: SharedParts) -> None:
    with closing(load(language, parts)) as engine:
        samples, starts = speak(engine, TEXTS[language])
        assert 0.5 < len(samples) / engine.voice.sample_rate < 10
        assert np.abs(samples).max() > 0.02
        assert len(starts) == len(words_of(TEXTS[language]))
        assert all(before < after for before, after in pairwise(starts)), starts
        assert starts[-1] < len(samples)
        assert -40 < engine.lufs < -5


def test_equal_sentences_have_equal_bits_whatever_was_said_before(english: Engine, parts: SharedParts) -> None:
    once, _ = speak(english, "Once more.")
    speak(english, "Something else.")
    with closing(load("de", parts)) as german:
        speak(german, "Etwas anderes.")
    again, _ = speak(english, "Once more.")
    assert np.array_equal(once, again)


@pytest.mark.parametrize("speed", [0.5, 0.8, 2.0])
def test_speed_is_its_own_rate(speed: float, english: Engine) -> None:
    text = TEXTS["en-us"]
    usual, _ = speak(english, text)
    changed, _ = speak(english, text, replace(NOISELESS, speed=speed))
    assert len(usual) / len(changed) == pytest.approx(speed, rel=0.12)
    with closing(english.stream([Sentence(text)], replace(NOISELESS, speed=speed))) as stream:
        assert not stream.manners.treatments(0), "nothing is stretched"


def test_a_speed_beyond_its_own_is_stretched(english: Engine) -> None:
    with closing(english.stream([Sentence("Hello.")], replace(NOISELESS, speed=4.0))) as stream:
        (run,) = stream.manners.treatments(0)
    assert run.treatment.tempo == pytest.approx(4 * 175 / 450)


def test_pitch_is_its_own_and_keeps_the_length(english: Engine) -> None:
    text = "All men and all women were there again."
    low, _ = speak(english, text)
    high, _ = speak(english, text, replace(NOISELESS, pitch=1.5))
    rate = english.voice.sample_rate
    ratio = np.median(track(high.astype(np.float64), rate, 1.5)) / np.median(track(low.astype(np.float64), rate))
    assert ratio == pytest.approx(1.5, rel=0.1)
    assert len(high) == pytest.approx(len(low), rel=0.02)


def test_a_text_without_words_is_silent(english: Engine) -> None:
    samples, starts = speak(english, "...")
    assert (len(samples), starts) == (0, [])


def test_a_text_of_any_length_is_cut_into_pieces_with_all_their_characters(english: Engine) -> None:
    text = "a long sentence goes on and on " * 100
    units = english.speaker.units(Sentence(text))
    assert "".join(units) == text
    assert max(map(len, units)) <= 500


def test_a_text_that_ends_the_process_is_refused_and_the_next_one_speaks(parts: SharedParts) -> None:
    with closing(load("ne", parts)) as engine:
        with pytest.raises(InvalidRequestError, match="cannot be read aloud"):
            speak(engine, "🔟🗆📩।")
        assert len(speak(engine, "नमस्ते")[0])


def test_no_voice_speaks_once_its_parts_are_closed(espeak: Espeak) -> None:
    with sharing(espeak) as shared, closing(load("en", shared)) as engine:
        shared.formants.close()
        with pytest.raises(SynthesisError):
            speak(engine, "Hello.")
