"""SSML that is cut anywhere sounds, to the bit, as it would whole; issue 17, Must show 3."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hailo_piper.audio.word import Mark, Word
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.text.reading import Reading
from hailo_piper.text.stream import TextStream
from tests.support.client import wait_until
from tests.support.derived_voices import LOW, MULTI
from tests.support.hearing import Ear, ear_of_joe
from tests.text.ssml.rendering import in_pieces

PARTS = [
    "Tom", "and Anna", " ", ". ", ", ", "at 5 km", "&amp; so", "caf&#233;", "<!-- no -->", "<![CDATA[a <b>]]>",
    "<break time='90ms'/>", "<break strength='none'/>", "<s>Yes</s>", "<p>No.</p>", "<mark name='m'/>",
    "<prosody rate='1.3'>fast one</prosody>", "<prosody pitch='+1st' volume='-3dB'>high</prosody>",
    "<emphasis>so</emphasis>", "<say-as interpret-as='digits'>78</say-as>", "<sub alias='W three'>W3</sub>",
    "<phoneme ph='kæt'>cat</phoneme>", f"<voice name='{LOW}'>low</voice>", f"<voice name='{MULTI}#high'>up</voice>",
    "<lang xml:lang='fr'>oui</lang>", "<w>a</w>", "<token>b</token>", "<desc>no</desc>", "<meta name='a' content='b'/>",
    "<metadata><x/></metadata>", "<lexicon uri='a'/>", "<lookup ref='a'>Al</lookup>", "<audio src='a'>bell</audio>",
    "<amazon:effect name='x'>you</amazon:effect>", "<mstts:silence type='Leading' value='80ms'/>", "<?no?>",
]  # fmt: skip

SSML = Reading("en_US", "ssml")
Told = tuple[bytes, list[Word], list[Mark]]


@pytest.fixture(scope="module")
def ear(cache_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ear]:
    with ear_of_joe(cache_directory, tmp_path_factory.mktemp("derived")) as one:
        # On a loaded machine the first answers do not wait for the levels of speakers to be measured.
        wait_until(lambda: told(one, EVERYTHING) == told(one, EVERYTHING), timeout_seconds=120)
        yield one


def told(ear: Ear, text: str | TextStream) -> Told:
    """The bytes, words and marks of an answer."""
    request = SpeechRequest(text=text, text_format="ssml", words=True, response_format="pcm", sample_rate=22050)
    data, words, marks = list[bytes](), list[Word](), list[Mark]()
    with closing(ear.service.speech.speak(request, listener="test")) as reply:
        for piece in reply:
            words += reply.take_words()
            marks += reply.take_marks()
            data.append(piece)
    return b"".join(data), words, marks


def in_pieces_of(document: str, cuts: list[int]) -> TextStream:
    stream = TextStream(max_text_length=5000, patience_seconds=5, reading=SSML, keeps_places=True)
    for piece in in_pieces(document, cuts):
        stream.push(piece)
    stream.finish()
    return stream


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Documents of 60 to 300 characters."""
    text = "<speak>Begin "
    for part in draw(st.lists(st.sampled_from(PARTS), min_size=3, max_size=12)):
        text += f" {part}" if len(text) + len(part) < 290 else ""
    return f"{text:<52}</speak>"


EVERYTHING = f"<speak>{' '.join(PARTS)}</speak>"


@settings(max_examples=20, deadline=None)
@given(document=documents(), cuts=st.lists(st.integers(0, 300), max_size=8))
@example(document=EVERYTHING, cuts=list(range(len(EVERYTHING))))
def test_however_a_document_is_cut_it_sounds_the_same(ear: Ear, document: str, cuts: list[int]) -> None:
    whole = told(ear, document)
    assert told(ear, in_pieces_of(document, cuts)) == whole
