"""ElevenLabs' and Deepgram's endpoints on a real socket: they stream, and a client that leaves stops the work."""

import base64
import http.client
import json
import logging
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.server import Server
from tests.support.client import get, post, wait_until
from tests.support.services import as_values, running

LONG = "One two three four five six seven eight nine ten. " * 90
LINES = "/v1/text-to-speech/default/stream/with-timestamps?output_format=pcm_24000"
STREAMED = [LINES, "/v1/text-to-speech/default/stream", "/v1/speak?speed=0.25"]
WHOLE = ["/v1/text-to-speech/default", "/elevenlabs/v1/text-to-speech/default/with-timestamps"]
SLOW = {"text": LONG, "voice_settings": {"speed": 0.25}}


@pytest.fixture
def narrow(tone_config: Config) -> Iterator[Server]:
    """A service with one place and no line before it, whose voice speaks slowly."""
    values = as_values(tone_config)
    slow = {**values["piper"], "length_scale": 10}
    one_place = {"worker_threads": 1, "max_queue": 0}
    with running(parse_config({**values, "piper": slow, "performance": one_place})) as one:
        yield one


def asked(port: int, path: str) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", path, json.dumps(SLOW), {"Content-Type": "application/json"})
    return connection


@pytest.mark.parametrize("path", [*STREAMED, *WHOLE])
def test_a_client_that_leaves_stops_the_work(narrow: Server, path: str) -> None:
    with closing(asked(narrow.http.port, path)) as connection:
        if path in STREAMED:
            assert connection.getresponse().read(100)
        wait_until(lambda: narrow.service.admission.speaking == 1)
    wait_until(lambda: narrow.service.admission.speaking == 0, timeout_seconds=30)
    wait_until(lambda: narrow.service.scheduler.streams == 0)
    assert post(narrow.http.port, path, {"text": "Hello."}).status_code == 200


@pytest.mark.parametrize("path", [*STREAMED, *WHOLE])
def test_a_place_that_is_taken_is_told_in_the_protocols_shape(narrow: Server, path: str) -> None:
    admission = narrow.service.admission
    ticket = admission.enter(1000, deadline=time.monotonic() + 10)
    busy = post(narrow.http.port, path, {"text": "Hello."})
    admission.leave(ticket)
    assert busy.status_code == 503
    assert int(busy.headers["Retry-After"]) >= 1
    assert busy.get_json().keys() <= {"detail", "err_code", "err_msg", "request_id"}
    assert post(narrow.http.port, path, {"text": "Hello."}).status_code == 200


def test_the_first_line_leaves_while_the_rest_is_spoken(joe_server: Server) -> None:
    with closing(asked(joe_server.http.port, LINES)) as connection:
        response = connection.getresponse()
        first = json.loads(response.readline())
        assert joe_server.engine._streams, "it was all spoken before its first line left"
        assert "".join(first["alignment"]["characters"]).startswith("One two three four")
        # The sound of the first window, and the times of all that is spoken with it.
        seconds = len(base64.b64decode(first["audio_base64"])) / 48000
        assert 0 < seconds < 1 < first["alignment"]["character_end_times_seconds"][-1]


def test_log_line_and_metrics_are_those_of_every_request(tone_server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    port = tone_server.http.port
    for path in ("/v1/text-to-speech/default/with-timestamps?output_format=ulaw_8000", "/v1/speak?encoding=mulaw"):
        assert post(port, path, {"text": "Hello."}).status_code == 200
    assert post(port, "/v1/text-to-speech/nobody", {"text": "Hello."}).status_code == 404

    def spoken() -> list[str]:
        lines = [record.__dict__["fields"] for record in caplog.records if record.message == "speech"]
        told = [line for line in lines if line["voice"] == "en_US-tone-low"]
        return [f"{line['listener']} {line['response_format']} {line['outcome']}" for line in told]

    wait_until(lambda: spoken() == ["http ulaw ok", "http ulaw-wav ok"])
    (refused,) = [record.__dict__["fields"] for record in caplog.records if record.message == "refused"]
    assert (refused["outcome"], refused["status"]) == ("voice_not_found", 404)
    metrics = get(port, "/metrics").data.decode()
    for labels in (
        'format="ulaw",listener="http",outcome="ok"',
        'format="ulaw-wav",listener="http",outcome="ok"',
        'listener="http",outcome="voice_not_found"',
    ):
        assert labels in metrics
