"""The quality watch scores a fixed text of its own, while nothing else is spoken."""

import threading
from contextlib import closing

import pytest

from hailo_piper.audio.samples import Samples
from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.engine import dnsmos
from hailo_piper.engine.dnsmos import Quality
from hailo_piper.errors import ConfigError
from hailo_piper.server import Server
from hailo_piper.speech.quality_watch import QualityWatch
from tests.support.client import get, wait_until
from tests.support.services import as_values, running

GOOD = Quality(signal=3.5, background=4.0, overall=3.2, p808=4.1)


@pytest.fixture
def scored() -> list[int]:
    return []


def watch_of(server: Server, scored: list[int], idle: threading.Event) -> QualityWatch:
    def score(samples: Samples) -> Quality:
        assert samples.dtype == "float32"
        scored.append(len(samples))
        if len(scored) == 1:
            raise ValueError("no sound")
        return GOOD

    service = server.service
    return QualityWatch(
        service.speech, lambda: score, service.metrics, voice_id="tone", is_idle=idle.is_set, every_seconds=0.01
    )


def test_each_sample_is_the_same_text_and_shows_in_the_metrics(tone_server: Server, scored: list[int]) -> None:
    idle = threading.Event()
    with closing(watch_of(tone_server, scored, idle)) as watch:
        watch.start()
        assert not scored, "it spoke while the service was busy"
        idle.set()
        wait_until(lambda: len(scored) > 2)
    assert len(set(scored)) == 1
    assert scored[0] > 16_000
    shown = get(tone_server.http.port, "/metrics").data
    assert b'hailo_piper_audio_quality_score{measure="overall",voice="tone"} 3.2' in shown
    assert b'hailo_piper_audio_quality_score{measure="p808",voice="tone"} 4.1' in shown


def test_a_watch_that_never_began_closes(tone_server: Server, scored: list[int]) -> None:
    watch_of(tone_server, scored, threading.Event()).close()
    assert not scored


def test_a_service_watches_only_where_the_configuration_wants_it(
    tone_config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Scores:
        def score(self, _: Samples) -> Quality:
            return GOOD

    monkeypatch.setattr(dnsmos, "Dnsmos", Scores)
    monkeypatch.setattr(dnsmos, "check_installed", lambda: None)
    values = as_values(tone_config)
    with running(parse_config({**values, "engines": {"quality_watch": True}})) as server:
        wait_until(lambda: b"quality_score{" in get(server.http.port, "/metrics").data)
        assert b'voice="en_US-tone-low"' in get(server.http.port, "/metrics").data
    with running(tone_config) as server:
        assert server.quality_watch is None


def test_a_start_without_the_weights_says_so(tone_config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dnsmos, "find_spec", lambda _: None)
    with pytest.raises(ConfigError, match="quality"):
        Server(parse_config({**as_values(tone_config), "engines": {"quality_watch": True}}))
