"""Every format through the whole service: what arrives, when, and what a client that leaves leaves behind."""

import gc
import http.client
import json
import logging
import re
import socket
import struct
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest

from hailo_piper.assembly import build_http, build_service
from hailo_piper.audio.encoding import ENCODERS
from hailo_piper.audio.loudness import loudness_lufs
from hailo_piper.audio.samples import AudioChunk, Samples
from hailo_piper.config.settings import Config
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.model import Delivery
from hailo_piper.engine.shared_parts import SharedParts
from hailo_piper.engine.stream import Stream
from hailo_piper.errors import SynthesisError
from hailo_piper.machine.heap import return_freed_memory
from hailo_piper.server import Server
from hailo_piper.speech.reply import Reply
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.voice import embedded_model_path, read_voice
from tests.support.client import Answer, assert_error, post, wait_until, wav_of
from tests.support.decoding import MAGIC, decode, decode_with_ffmpeg, true_peak
from tests.support.services import as_default

SPEECH = "/v1/audio/speech"
FORMATS = list(ENCODERS)
TEN_SENTENCES = " ".join(f"This is sentence number {number}." for number in range(10))
LONG_SENTENCES = (
    "This sentence goes on for quite a while, since whoever leaves must do so in the midst of it all. " * 20
)


class _Counted(tuple[Sentence, ...]):
    """Sentences that tell how many of them synthesis has begun with."""

    def __new__(cls, sentences: Iterable[Sentence], engine: "SteppedEngine") -> Self:
        """`engine`: which is told."""
        counted = super().__new__(cls, sentences)
        counted.engine = engine
        return counted

    engine: "SteppedEngine"

    def __iter__(self) -> Iterator[Sentence]:
        for sentence in super().__iter__():
            self.engine.begun += 1
            yield sentence


class SteppedEngine(Engine):
    """The real engine, counting sentences; later ones come only when the test lets them, or broken."""

    begun = 0
    """Sentences that synthesis has begun with."""
    held_from: int | None = None
    """First sentence that waits for `release`."""
    broken_from: int | None = None
    """First sentence whose samples are no numbers."""

    def __init__(self, path: Path, cache_directory: Path, shared: SharedParts) -> None:
        super().__init__(read_voice(path), cache_directory, shared)
        self.release = threading.Event()

    def stream(self, sentences: Sequence[Sentence], delivery: Delivery, **options: Any) -> Stream:
        stream = super().stream(_Counted(sentences, self), delivery, **options)
        read = stream.read

        def stepped(sentence: int, *, deadline: float | None = None) -> Iterator[AudioChunk]:
            if self.held_from is not None and sentence >= self.held_from:
                assert self.release.wait(timeout=60)
            broken = self.broken_from is not None and sentence >= self.broken_from
            for chunk in read(sentence, deadline=deadline):
                yield AudioChunk(chunk.samples * np.float32("nan"), chunk.sample_rate) if broken else chunk

        stream.read = stepped  # type: ignore[method-assign]
        return stream

    @property
    def is_idle(self) -> bool:
        return not self._streams


@pytest.fixture
def engine(tone_path: Path, cache_directory: Path, shared: SharedParts) -> Iterator[SteppedEngine]:
    engine = SteppedEngine(tone_path, cache_directory, shared)
    yield engine
    engine.release.set()
    engine.close()


@contextmanager
def listening(engine: Engine, shared: SharedParts, config: Config) -> Iterator[int]:
    """The HTTP listener of an engine; yields its port."""
    with ExitStack() as stack:
        server = build_http(build_service(as_default(engine, shared), config, stack))
        server.start()
        yield server.port
        server.stop(timeout_seconds=5)


@pytest.fixture
def port(engine: SteppedEngine, shared: SharedParts, tone_config: Config) -> Iterator[int]:
    with listening(engine, shared, tone_config) as port:
        yield port


def ask(port: int, response_format: str, text: str = TEN_SENTENCES, **fields: Any) -> Answer:
    return post(port, SPEECH, {"input": text, "response_format": response_format, **fields})


def wav_seconds(data: bytes) -> float:
    """Of a WAV, whatever its header says."""
    return (len(data) - 44) / 2 / int.from_bytes(data[24:28], "little")


@pytest.mark.parametrize("response_format", FORMATS)
@pytest.mark.parametrize("text", ["Yes.", "A cup of tea, please. And a slice of lemon with it!"])
def test_two_decoders_hear_what_was_said_in_the_time_it_took(
    joe_server: Server, response_format: str, text: str
) -> None:
    wav = ask(joe_server.http.port, "wav", text).data
    answer = ask(joe_server.http.port, response_format, text)
    assert answer.status_code == 200
    content_types = {"mp3": "audio/mpeg", "opus": "audio/ogg", "aac": "audio/aac", "flac": "audio/flac"}
    assert answer.headers["Content-Type"] == content_types.get(response_format, f"audio/{response_format}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="speech.{response_format}"'
    told = int(answer.headers["X-Audio-Sample-Rate"])
    assert told == (24000 if response_format in ("opus", "pcm") else 22050)
    assert answer.data.startswith(MAGIC[response_format])
    samples, rate = decode(answer.data, response_format if response_format == "pcm" else None)
    assert rate == (48000 if response_format == "opus" else told)
    assert len(samples) / rate == pytest.approx(wav_seconds(wav), abs=0.06)
    assert len(decode_with_ffmpeg(answer.data, response_format, told)) / told == pytest.approx(
        wav_seconds(wav), abs=0.06
    )


@pytest.mark.parametrize("response_format", ["flac", "pcm"])
def test_what_loses_nothing_is_the_wav_to_the_bit(joe_server: Server, response_format: str) -> None:
    text = "A cup of tea, please."
    wav = ask(joe_server.http.port, "wav", text).data
    samples, _ = decode(ask(joe_server.http.port, response_format, text, sample_rate=22050).data, response_format)
    assert np.rint(samples * 32768).astype("<i2").tobytes() == wav[44:]


@pytest.mark.parametrize("response_format", FORMATS)
def test_equal_requests_get_equal_bytes(port: int, response_format: str) -> None:
    assert ask(port, response_format).data == ask(port, response_format).data


@pytest.mark.parametrize("response_format", FORMATS)
def test_only_a_size_that_is_known_is_promised(joe_server: Server, response_format: str) -> None:
    answer = ask(joe_server.http.port, response_format, "A cup of tea, please.")
    exact = response_format in ("wav", "pcm")
    assert answer.headers["Content-Length"] == (str(len(answer.data)) if exact else None)


@pytest.mark.parametrize(
    ("response_format", "sample_rate"),
    [("mp3", 16000), ("mp3", 44100), ("opus", 16000), ("opus", 48000), ("aac", 16000), ("aac", 48000), ("flac", 9999)],
)
def test_a_rate_that_the_format_has(port: int, response_format: str, sample_rate: int) -> None:
    answer = ask(port, response_format, sample_rate=sample_rate)
    assert answer.headers["X-Audio-Sample-Rate"] == str(sample_rate)
    samples, rate = decode(answer.data)
    assert rate == (48000 if response_format == "opus" else sample_rate)
    assert len(samples) / rate == pytest.approx(wav_seconds(ask(port, "wav").data), abs=0.15)


@pytest.mark.parametrize(
    ("response_format", "sample_rate", "allowed"),
    [
        ("mp3", 22000, "8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000"),
        ("aac", 47999, "8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000"),
        ("opus", 22050, "8000, 12000, 16000, 24000, 48000"),
    ],
)
def test_a_rate_that_the_format_lacks_is_refused(
    port: int, response_format: str, sample_rate: int, allowed: str
) -> None:
    answer = ask(port, response_format, sample_rate=sample_rate)
    message = assert_error(answer, 400, "invalid_request", "sample_rate")
    assert message == f"Invalid 'sample_rate': {response_format} has no {sample_rate} Hz; allowed: {allowed}"
    assert ask(port, response_format).status_code == 200


def test_a_configured_rate_that_the_format_lacks_becomes_its_next_higher(
    engine: SteppedEngine, shared: SharedParts, tone_config: Config
) -> None:
    config = tone_config._replace(synthesis=tone_config.synthesis._replace(sample_rate=44100))
    with listening(engine, shared, config) as port:
        rates = [ask(port, response_format).headers["X-Audio-Sample-Rate"] for response_format in FORMATS]
        assert rates == ["44100", "48000", "44100", "44100", "44100", "24000"]


def sounds(data: bytes, response_format: str) -> bool:
    """Whether a decoder gets some sound out of this much of an answer."""
    try:
        samples, _ = decode(data, response_format)
    except Exception:  # noqa: BLE001 - whatever is missing
        return False
    return bool(np.abs(samples).max() > 0.01)


@pytest.mark.parametrize("response_format", FORMATS)
def test_sound_arrives_while_nine_of_ten_sentences_are_not_spoken(
    engine: SteppedEngine, port: int, response_format: str
) -> None:
    engine.held_from = 1
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        body = json.dumps({"input": TEN_SENTENCES, "response_format": response_format})
        connection.request("POST", SPEECH, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        got = response.read1(65536)
        while not sounds(got, response_format):
            got += response.read1(65536)
        assert not engine.release.is_set()
        engine.release.set()
        whole = got + response.read()
    assert len(got) < 0.2 * len(whole)
    assert whole == ask(port, response_format).data


@pytest.mark.parametrize("response_format", FORMATS)
def test_no_piece_is_empty(
    engine: SteppedEngine, shared: SharedParts, tone_config: Config, response_format: str
) -> None:
    pieces = list(speak(engine, shared, tone_config, response_format))
    assert len(pieces) > 3
    assert all(pieces)


def speak(engine: Engine, shared: SharedParts, config: Config, response_format: str) -> Reply:
    request = SpeechRequest(text=TEN_SENTENCES, response_format=response_format)
    return build_service(as_default(engine, shared), config, ExitStack()).speech.speak(request, listener="test")


def test_a_codec_that_cannot_begin_is_an_error_with_a_status(
    engine: SteppedEngine, shared: SharedParts, tone_config: Config
) -> None:
    with listening(
        engine, shared, tone_config._replace(encoding=tone_config.encoding._replace(opus_kbps=9999))
    ) as port:
        assert_error(ask(port, "opus"), 500, "synthesis_failed", None)
        assert ask(port, "mp3").status_code == 200
    assert engine.is_idle


def test_a_codec_that_fails_at_once_is_an_error_with_a_status(engine: SteppedEngine, port: int) -> None:
    engine.broken_from = 0
    assert_error(ask(port, "aac"), 500, "synthesis_failed", None)
    engine.broken_from = None
    wait_until(lambda: engine.is_idle)
    assert ask(port, "aac").status_code == 200


def test_a_codec_that_fails_later_breaks_the_answer_and_is_logged_once(
    engine: SteppedEngine, shared: SharedParts, tone_config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    engine.broken_from = 5
    with pytest.raises(SynthesisError, match="aac"):
        list(speak(engine, shared, tone_config, "aac"))
    assert [record.exc_info is not None for record in caplog.records if record.levelno >= logging.ERROR] == [True]
    assert caplog.records[-1].__dict__["fields"]["outcome"] == "failed"
    assert engine.is_idle


def leave_early(port: int, response_format: str, text: str, **fields: Any) -> None:
    """Take the first piece of an answer and hang up on the rest."""
    body = json.dumps({"input": text, "response_format": response_format, **fields}).encode()
    head = f"POST {SPEECH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(head.encode() + body)
        got = b""
        while not got.partition(b"\r\n\r\n")[2]:
            got += connection.recv(4096)
        assert got.startswith(b"HTTP/1.1 200")
        # A reset rather than a polite end: so leaves who is killed.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def left_behind() -> tuple[int, int, int]:
    """Threads, open files and kilobytes in memory of this process, without what is only kept for the next request."""
    gc.collect()
    return_freed_memory()
    resident = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert resident
    waiting = sum(thread.name.startswith("waitress-") for thread in threading.enumerate())
    return (
        len(list(Path("/proc/self/task").iterdir())) - waiting,
        len(list(Path("/proc/self/fd").iterdir())),
        int(resident[1]),
    )


def test_200_clients_that_leave_leave_nothing_behind(engine: SteppedEngine, port: int) -> None:
    def leave(clients: int) -> None:
        for number in range(clients):
            leave_early(port, FORMATS[number % len(FORMATS)], LONG_SENTENCES, length_scale=5)
        wait_until(lambda: engine.is_idle)

    leave(30)
    threads, files, kilobytes = left_behind()
    leave(200)
    wait_until(lambda: left_behind()[0] <= threads)
    wait_until(lambda: left_behind()[1] <= files)
    # What the allocator keeps goes up and down by 10 MB; one forgotten answer in ten would be 40 MB.
    assert left_behind()[2] - kilobytes < 30_000
    assert ask(port, "mp3").status_code == 200


def test_the_voice_stops_at_most_one_sentence_after_the_client_has_left(
    joe_server: Server, joe_config: Config, cache_directory: Path, shared: SharedParts
) -> None:
    assert joe_server.engine.is_prepared
    engine = SteppedEngine(embedded_model_path(), cache_directory, shared)
    assert engine.is_prepared
    with listening(engine, shared, joe_config) as port:
        for response_format in FORMATS:
            leave_early(port, response_format, LONG_SENTENCES)
            begun = engine.begun
            wait_until(lambda: engine.is_idle)
            assert engine.begun <= begun + 1
            engine.begun = 0
    engine.close()


EIGHT_SENTENCES = (
    "The birch canoe slid on the smooth planks.",
    "Glue the sheet to the dark blue background.",
    "It's easy to tell the depth of a well.",
    "These days a chicken leg is a rare dish.",
    "Rice is often served in round bowls.",
    "The juice of lemons makes fine punch.",
    "Is the box thrown beside the parked truck?",
    "Four hours of steady work faced us!",
)


def test_every_sentence_is_as_loud_as_the_others_and_none_is_over_the_ceiling(joe_server: Server) -> None:
    heard: list[Samples] = []
    for sentence in EIGHT_SENTENCES:
        _, pcm = wav_of(ask(joe_server.http.port, "wav", sentence).data)
        heard.append((np.frombuffer(pcm, "<i2") / np.float32(32768)).astype(np.float32))
    assert np.std([loudness_lufs(samples, 22050) for samples in heard]) <= 1.0
    assert max(true_peak(samples, 22050) for samples in heard) <= 10 ** (-1 / 20)
