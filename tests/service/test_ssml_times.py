"""Words of random documents and dialogues have their places in what was sent, and their times in the sound."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hailo_piper.assembly import build_service
from hailo_piper.audio.word import Mark, Word
from hailo_piper.config.settings import Config
from hailo_piper.default_voice import load_default_voice
from hailo_piper.listeners.service import Service
from hailo_piper.speech.request import SpeechRequest
from tests.support.derived_voices import LOW, MULTI, SPANISH, make_derived_voices

RATE = 22050
LONGEST_SILENCE = 0.05
"""Seconds of samples that are exactly 0 inside a word; pauses of documents here are longer."""

SAID = [
    "Hello there",
    "It cost $3.50.",
    "Tom &amp; Anna,",
    "caf&#233;s &#xE9;t&#233;!",
    "<![CDATA[this & that]]>",
    "Dr. Smith's",
    "on 5 Oct 2024",
    "don't 12kg?",
    "a<!-- silent -->b",
    "<sub alias='World Wide Web'>WWW</sub>",
    "<sub alias='and'>&amp;</sub>",
    "<say-as interpret-as='characters'>ab1</say-as>",
    "<say-as interpret-as='date' format='mdy'>3/14/2025</say-as>",
    "<say-as interpret-as='telephone'>555-0199</say-as>",
    "<say-as interpret-as='ordinal'>3</say-as>",
    "<phoneme ph='təˈmɑːtəʊ'>tom<b/>ato</phoneme>",
    "<phoneme alphabet='x-sampa' ph='pI\"kA:n'/>",
    "<w>New York</w>",
    "<lang xml:lang='de'>schöne Grüße</lang>",
    "<lang xml:lang='es'>Buenos días, amigos.</lang>",
    "<audio src='a.mp3'>no sound</audio>",
]
SILENT = [" ", ". ", ", ", "<break time='250ms'/>", "<break strength='none'/>", "<break/>", "<desc>not this</desc>"]
AROUND = [
    ("<s>", "</s>"),
    ("<p>", "</p>"),
    ("<emphasis level='strong'>", "</emphasis>"),
    ("<prosody rate='150%'>", "</prosody>"),
    ("<prosody rate='60%' volume='-6dB'>", "</prosody>"),
    ("<prosody pitch='+2st'>", "</prosody>"),
    ("<prosody duration='1500ms'>", "</prosody>"),
    ("<prosody contour='(0%,+1st)(100%,-1st)'>", "</prosody>"),
    (f"<voice name='{MULTI}' speaker='high'>", "</voice>"),
    (f"<voice name='{LOW}'>", "</voice>"),
    (f"<voice name='{SPANISH}'>", "</voice>"),
    ("<lang xml:lang='fr-FR'>", "</lang>"),
    ("<amazon:effect name='whispered'>", "</amazon:effect>"),
]


def joined(parts: list[str]) -> str:
    return "".join(parts)


PLAIN = st.tuples(st.sampled_from(SAID), st.sampled_from(SILENT)).map("".join)
PARTS = st.recursive(
    PLAIN,
    lambda inner: st.tuples(st.sampled_from(AROUND), st.lists(inner, min_size=1, max_size=3)).map(
        lambda drawn: f"{drawn[0][0]}{joined(drawn[1])}{drawn[0][1]}"
    ),
    max_leaves=5,
)
DOCUMENTS = st.lists(PARTS, min_size=1, max_size=3).map(joined)


@pytest.fixture(scope="module")
def service(joe_config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    directory = tmp_path_factory.mktemp("derived")
    make_derived_voices(directory)
    config = joe_config._replace(voices=joe_config.voices._replace(directory=str(directory), memory_mb=2000))
    with ExitStack() as stack:
        default = load_default_voice(config, stack)
        default.engine.prepare()
        yield build_service(default, config, stack)


def told(service: Service, text: Any, **fields: Any) -> tuple[list[Word], list[Mark], NDArray[np.int16]]:
    """The words, the marks and the samples of an answer."""
    request = SpeechRequest(text=text, words=True, response_format="pcm", sample_rate=RATE, **fields)
    words, marks, pieces = list[Word](), list[Mark](), list[bytes]()
    with closing(service.speech.speak(request, listener="test")) as reply:
        for data in reply:
            pieces.append(data)
            words += reply.take_words()
            marks += reply.take_marks()
        words += reply.take_words()
        marks += reply.take_marks()
    return words, marks, np.frombuffer(b"".join(pieces), "<i2")


def assert_in_place(words: list[Word], sent: str, samples: NDArray[np.int16]) -> None:
    at, char = 0.0, 0
    for word in words:
        assert word.text == sent[word.start_char : word.end_char] != ""
        assert at - 1e-9 <= word.start <= word.end <= len(samples) / RATE + 1e-9
        assert char <= word.start_char < word.end_char
        at, char = word.end, word.end_char


def assert_no_pause_inside(words: list[Word], samples: NDArray[np.int16]) -> None:
    """A run of silence is a pause of the document, which no word may sound over."""
    loud = np.flatnonzero(samples)
    for word in words:
        first, last = int(word.start * RATE) + 1, int(word.end * RATE)
        inside = loud[np.searchsorted(loud, first) : np.searchsorted(loud, last)]
        gaps = np.diff(np.concatenate([[first], inside, [last]]))
        assert gaps.max() < LONGEST_SILENCE * RATE, word


@settings(max_examples=16, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=DOCUMENTS)
def test_words_of_any_document_have_their_places_and_times(service: Service, document: str) -> None:
    sent = f"<speak>Well {document} done</speak>"
    words, _, samples = told(service, sent, text_format="ssml")
    assert_in_place(words, sent, samples)
    assert_no_pause_inside(words, samples)
    assert words[0].text == "Well"
    assert words[-1].text.endswith("done")


def turn(text: str, voice: str | None) -> SpeechRequest:
    return SpeechRequest(text=text, voice=voice, text_format="ssml")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    turns=st.lists(st.tuples(DOCUMENTS, st.sampled_from([None, LOW, f"{MULTI}#low", SPANISH])), min_size=2, max_size=3)
)
def test_words_of_any_dialogue_have_their_places_and_times(
    service: Service, turns: list[tuple[str, str | None]]
) -> None:
    asked = tuple(turn(text, voice) for text, voice in turns)
    words, _, samples = told(service, asked)
    assert_in_place(words, "\n".join(text for text, _ in turns), samples)
    assert_no_pause_inside(words, samples)
    captions = service.speech.captions(SpeechRequest(text=asked), listener="test", has_left=lambda: False)
    assert [word.text for word in captions.words] == [word.text for word in words]
    assert captions.duration == pytest.approx(len(samples) / RATE, abs=0.001)
