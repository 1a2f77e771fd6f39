"""Answers that nobody hears before their end give way to listeners."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from hailo_piper.speech.admission import Admission
from hailo_piper.speech.ticket import Ticket

TEXT = "Hello there."


@pytest.mark.parametrize(
    ("path", "body", "gives_way"),
    [
        ("/v1/audio/speech", {"input": TEXT}, False),
        ("/v1/audio/speech", {"input": TEXT, "stream_format": "sse"}, False),
        ("/v1/audio/speech", {"input": TEXT, "stream": False}, True),
        ("/v1/synthesize", {"text": TEXT}, False),
        ("/v1/synthesize", {"text": TEXT, "stream": False}, True),
        ("/dev/captioned_speech", {"input": TEXT}, False),
        ("/dev/captioned_speech", {"input": TEXT, "stream": False}, True),
        ("/v1/audio/captions", {"input": TEXT}, True),
        ("/v1/text-to-speech/default", {"text": TEXT}, True),
        ("/v1/text-to-speech/default/stream", {"text": TEXT}, False),
        ("/v1/text-to-speech/default/with-timestamps", {"text": TEXT}, True),
        ("/v1/text-to-speech/default/stream/with-timestamps", {"text": TEXT}, False),
        ("/v1/speak", {"text": TEXT}, False),
    ],
)
def test_who_gives_way(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str, body: dict[str, Any], *, gives_way: bool
) -> None:
    tickets: list[Ticket] = []
    enter = Admission.enter

    def entered(*arguments: Any, **options: Any) -> Ticket:
        tickets.append(enter(*arguments, **options))
        return tickets[-1]

    monkeypatch.setattr(Admission, "enter", entered)
    with client.post(path, json=body) as answer:
        assert answer.status_code == 200
        assert answer.data
    assert [ticket.gives_way for ticket in tickets] == [gives_way]
