"""LiveKit and Pipecat tell the same start of every word of many kinds of text, and it is the service's own."""

import asyncio

import pytest

from tests.clients.conftest import Service
from tests.clients.live import TIME_OFF, Spoken, livekit_speaks, own_pcm, own_words, pipecat_speaks

TEXTS = {
    "numbers": "On 3 May 2024 they sold 1,250 tickets for $4.50 each, and 75% came back at 10:30. ",
    "abbreviations": "Dr. Smith met Mrs. Jones near St. Paul's at 3 p.m. on Monday, i.e. a bit late. ",
    "sentences": "One is here. Two met three in the park! Did four see it? Five did; six, of course, didn't. ",
    "short": "Yes. No! Maybe? ",
}


@pytest.mark.parametrize(("kind", "speed"), [*((kind, 1.0) for kind in TEXTS), ("numbers", 1.2), ("sentences", 1.2)])
def test_starts_agree_with_each_other_and_with_the_service(service: Service, kind: str, speed: float) -> None:
    text = TEXTS[kind]
    expected = own_words(service, text, speed=speed)
    livekit = asyncio.run(livekit_speaks(service, text, speed=speed))
    pipecat = asyncio.run(pipecat_speaks(service, text, speed=speed))
    pcm = own_pcm(service, text, speed=speed)
    for spoken in (livekit, pipecat):
        assert spoken.pcm == pcm
        assert starts_of(spoken) == pytest.approx([start for _, start in expected], abs=TIME_OFF), spoken.words
    assert starts_of(livekit) == pytest.approx(starts_of(pipecat), abs=TIME_OFF)
    assert [word for word, _ in livekit.words] == [word for word, _ in pipecat.words]


def starts_of(spoken: Spoken) -> list[float]:
    return [start for _, start in spoken.words]
