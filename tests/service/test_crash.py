"""What native code that crashes costs a real service: one request at most, and nobody else's."""

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hailo_piper.config.settings import Config
from hailo_piper.server import Server
from tests.support.client import Answer, assert_error, post, wait_until
from tests.support.services import running
from tests.support.tone_voice import make_tone_voice

CRASHES = "🔟🗆📩।"
"""In Nepali it ends espeak-ng, whatever is done."""
TEXTS = [f"Number {number} is alive. It speaks on." for number in range(50)]


@pytest.fixture
def nepali_server(tmp_path: Path, tone_config: Config) -> Iterator[Server]:
    path = make_tone_voice(tmp_path, name="ne_NP-tone-low")
    facts_path = path.with_name(f"{path.name}.json")
    facts_path.write_text(json.dumps({**json.loads(facts_path.read_text()), "espeak": {"voice": "ne"}}))
    with running(tone_config._replace(piper=tone_config.piper._replace(model_path=str(path)))) as server:
        yield server


def speak(server: Server, text: str) -> Answer:
    return post(server.http.port, "/v1/audio/speech", {"input": text, "response_format": "pcm", "markup": "none"})


def speak_while(server: Server, disturb: Callable[[int], None]) -> list[int]:
    """The statuses of 50 requests, eight at a time, while the process that answers them is disturbed."""
    is_over = threading.Event()

    def go_on_disturbing() -> None:
        while not is_over.wait(0.1):
            if server.shared.espeak.process_id is not None:
                disturb(server.shared.espeak.process_id)

    thread = threading.Thread(target=go_on_disturbing)
    thread.start()
    with ThreadPoolExecutor(8) as pool:
        statuses = [answer.status_code for answer in pool.map(lambda text: speak(server, text), TEXTS)]
    is_over.set()
    thread.join()
    return statuses


def test_a_text_that_crashes_espeak_is_refused_and_the_service_speaks_on(nepali_server: Server) -> None:
    message = assert_error(speak(nepali_server, CRASHES), 400, "invalid_request", "input")
    assert "espeak-ng" in message
    assert speak(nepali_server, "एक").status_code == 200


def test_a_crash_breaks_no_other_answer(nepali_server: Server) -> None:
    with ThreadPoolExecutor(4) as pool:
        spoken = pool.map(lambda text: speak(nepali_server, text).status_code, TEXTS)
        crashed = [speak(nepali_server, CRASHES).status_code for _ in range(5)]
        assert set(spoken) == {200}
    assert crashed == [400] * 5


def test_killing_espeak_again_and_again_fails_at_most_one_request(tone_server: Server) -> None:
    statuses = speak_while(tone_server, lambda process: os.kill(process, signal.SIGKILL))
    assert statuses.count(200) >= len(TEXTS) - 1


def test_an_espeak_that_hangs_fails_at_most_one_request(tone_server: Server) -> None:
    stopped = set[int]()

    def stop_once(process: int) -> None:
        if not stopped:
            os.kill(process, signal.SIGSTOP)
            stopped.add(process)

    statuses = speak_while(tone_server, stop_once)
    assert stopped
    assert statuses.count(200) >= len(TEXTS) - 1
    wait_until(lambda: not any(Path(f"/proc/{process}").exists() for process in stopped))
