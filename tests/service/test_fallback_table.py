"""What a client gets through every door where a voice fails: the table of docs/engines.md."""

import asyncio
import http.client
import json
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.engine.speakers import ENGINES
from hailo_piper.jobs.lines import Line
from hailo_piper.jobs.spoken_line import Speaker, speak_line
from hailo_piper.listeners.dialect import Dialect
from hailo_piper.server import Server
from tests.support.client import Answer, events_of, get, post, wait_until
from tests.support.services import as_values
from tests.support.tone_voice import make_tone_voice
from tests.support.toy_engine import hang_until, make_toy_voice, raise_at, toy_engine
from tests.support.websocket_client import dialled, hear_all, say
from tests.support.wyoming_client import Spoken, SynthesizeVoice, port_of, serving, speak, speak_pieces

SENTENCES = ("Here it begins. ", "There it goes on. ", "The third.")
# More than a service speaks ahead of its reader, so that the third sentence is not begun before the first byte.
LONG = (f"Here {'one and two ' * 40}end. ", f"There {'three and four ' * 40}end. ", "The third.")
TOY, PIPER, ALIAS = "hum", "en_US-bad-low", "absent"
SPOKEN, CUT, TOLD = "espeak speaks", "breaks off", "an error after sound"


class Asked(NamedTuple):
    """What is asked at each door."""

    server: Server
    voice: str
    sentences: tuple[str, ...]
    path: Path

    @property
    def text(self) -> str:
        return "".join(self.sentences)


Door = Callable[[Asked], str]
"""Returns what its client gets."""


def of_http(path: str, text: str = "input", **fields: Any) -> Door:
    """A door whose answer must be whole: chunks to their end, or as long as announced."""

    def ask(asked: Asked) -> str:
        body = {text: asked.text, **({"voice": asked.voice} if text == "input" else {}), **fields}
        try:
            answer = post(asked.server.http.port, path.format(voice=asked.voice), body)
        except (http.client.IncompleteRead, ConnectionResetError):
            return CUT
        return told_by(answer)

    return ask


def told_by(answer: Answer) -> str:
    if answer.status_code != 200:
        found = answer.get_json()
        if "err_code" in found:
            return str(found["err_code"]).lower()
        code: str = found["error"]["code"] if "error" in found else found["detail"]["status"]
        return code
    assert (answer.headers["X-Engine"] or "espeak") == "espeak", "the voice that fails is said to have spoken"
    return SPOKEN


def captions(asked: Asked) -> str:
    answer = post(asked.server.http.port, "/v1/audio/captions", {"input": asked.text, "voice": asked.voice})
    if answer.status_code == 200:
        assert answer.get_json()["words"][-1]["word"] == "third"
    return told_by(answer)


def events(asked: Asked) -> str:
    body = {"input": asked.text, "voice": asked.voice, "stream_format": "sse"}
    answer = post(asked.server.http.port, "/v1/audio/speech", body)
    if answer.status_code == 200 and (last := events_of(answer.data)[-1])["type"] == "error":
        assert last["error"]["code"] == "synthesis_failed"
        return TOLD
    return told_by(answer)


def of_wyoming(ask: Callable[[int, Asked, SynthesizeVoice], Coroutine[Any, Any, Spoken]]) -> Door:
    def told(asked: Asked) -> str:
        spoken = asyncio.run(ask(port_of(asked.server), asked, SynthesizeVoice(name=asked.voice)))
        if not spoken.errors:
            assert "audio-stop" in spoken.kinds
            return SPOKEN
        assert "audio-stop" not in spoken.kinds, "what is cut looks whole"
        return TOLD if spoken.pcm else str(spoken.code)

    return told


def live(asked: Asked) -> str:
    first, second, third = asked.sentences
    with dialled(asked.server.http.port) as connection:
        say(connection, id="a", text=first, voice=asked.voice, words=True, **{"continue": True})
        say(connection, id="a", text=second, **{"continue": True})
        say(connection, id="a", text=third)
        heard = hear_all(connection, "a")["a"]
    if heard.error is None:
        assert [word["word"] for word in heard.words][-1] == "third"
        return SPOKEN
    return TOLD if heard.data else str(heard.error["code"])


def line(asked: Asked) -> str:
    speaker = Speaker(asked.server.service.speech, Dialect(text="input").request, {}, None, "en_US", "")
    one = Line(number=1, identifier="a", fields={"input": asked.text, "voice": asked.voice})
    record = speak_line(one, speaker, asked.path, "line")
    files = [file.name for file in asked.path.glob("*line*")]
    assert files == ([record["file"]] if "file" in record else []), "a part of a file is left"
    return SPOKEN if "file" in record else str(record["error"]["code"])


STREAMED: dict[str, Door] = {
    "wav": of_http("/v1/audio/speech"),
    "mp3": of_http("/v1/audio/speech", response_format="mp3"),
    "captioned speech": of_http("/dev/captioned_speech"),
    "ElevenLabs' stream": of_http("/v1/text-to-speech/{voice}/stream", text="text"),
    "Deepgram": of_http("/v1/speak?model={voice}", text="text"),
}
TELLING: dict[str, Door] = {
    "events": events,
    "Wyoming": of_wyoming(lambda port, asked, voice: speak(port, asked.text, voice)),
    "Wyoming, in pieces": of_wyoming(
        lambda port, asked, voice: speak_pieces(port, asked.sentences, voice, compatible=False)
    ),
    "WebSocket, in pieces": live,
}
WHOLE: dict[str, Door] = {
    "whole wav": of_http("/v1/audio/speech", stream=False),
    "whole captioned speech": of_http("/dev/captioned_speech", stream=False),
    "ElevenLabs' whole": of_http("/v1/text-to-speech/{voice}", text="text"),
    "captions": captions,
    "a line of a batch": line,
}
DOORS = {**STREAMED, **TELLING, **WHOLE}


def outcomes(asked: Asked, between: Callable[[], None] = lambda: None) -> dict[str, str]:
    """What each door gives; another voice is counted exactly where it spoke."""
    found: dict[str, str] = {}
    counts = asked.server.service.metrics.counts
    for name, door in DOORS.items():
        before = counts.fallbacks["espeak"]
        found[name] = door(asked)
        fell = counts.fallbacks["espeak"] - before
        assert fell == (found[name] == SPOKEN), name
        between()
    return found


@contextmanager
def served(config: Config, path: Path, fallback: list[str], timeout: int = 30) -> Iterator[Server]:
    directory = path / "voices"
    values = as_values(config)
    values["voices"] |= {"directory": str(directory), "aliases": {ALIAS: PIPER}}
    sections = {"performance": {"request_timeout": timeout, "synthesis_threads": 2}, "engines": {"fallback": fallback}}
    with serving(parse_config(values), **sections, voices=values["voices"]) as server:
        yield server


def leave_broken(path: Path) -> str:
    """A model of an operation that nothing knows."""
    model = make_tone_voice(path / "voices", name=PIPER)
    model.write_bytes(model.read_bytes().replace(b"ReduceMean", b"ReduceMeen"))
    return PIPER


def leave_damaged(path: Path) -> str:
    """A model that no longer has the digest with which it was fetched: its end is lost, so it is no voice."""
    model = make_tone_voice(path / "voices", name=PIPER)
    model.write_bytes(model.read_bytes()[: model.stat().st_size // 2])
    return ALIAS


def leave_absent(_: Path) -> str:
    """A voice that an alias of the operator stands for, and that was never fetched or was not kept."""
    return ALIAS


def leave_toy(path: Path) -> str:
    make_toy_voice(path / "voices")
    return TOY


NO_VOICE: dict[str, tuple[Callable[[Path], str], str]] = {
    "a broken model": (leave_broken, "synthesis_failed"),
    "a model whose digest does not fit": (leave_damaged, "voice_not_found"),
    "a missing model": (leave_absent, "voice_not_found"),
}


@pytest.mark.parametrize("failure", NO_VOICE)
def test_a_voice_that_cannot_be_loaded(failure: str, tone_config: Config, tmp_path: Path) -> None:
    leave, code = NO_VOICE[failure]
    voice = leave(tmp_path)
    with served(tone_config, tmp_path, []) as server:
        assert outcomes(Asked(server, voice, SENTENCES, tmp_path)) == dict.fromkeys(DOORS, code)
    with served(tone_config, tmp_path, ["nobody", voice, "espeak"]) as server:
        assert outcomes(Asked(server, voice, SENTENCES, tmp_path)) == dict.fromkeys(DOORS, SPOKEN)


def test_an_engine_that_raises_at_the_first_sentence(
    tone_config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise RuntimeError("a string is broken")

    monkeypatch.setitem(ENGINES, "toy", toy_engine(fail))
    voice = leave_toy(tmp_path)
    with served(tone_config, tmp_path, []) as server:
        assert outcomes(Asked(server, voice, SENTENCES, tmp_path)) == dict.fromkeys(DOORS, "synthesis_failed")
        assert b'hailo_piper_engine_failures_total{engine="toy"}' in get(server.http.port, "/metrics").data
    with served(tone_config, tmp_path, ["hum", "espeak"]) as server:
        assert outcomes(Asked(server, voice, SENTENCES, tmp_path)) == dict.fromkeys(DOORS, SPOKEN)


def test_an_engine_that_raises_at_the_third_sentence(
    tone_config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def toy(*args: Any) -> Any:
        # It is to fail at each door, so it counts the sentences of a text, not those that it ever spoke.
        speaker = toy_engine(raise_at(2))(*args)
        encode = speaker.encode

        def counted(unit: str, *rest: Any, **more: Any) -> Any:
            speaker._spoken = next(at for at, sentence in enumerate(LONG) if unit.strip() == sentence.strip())
            return encode(unit, *rest, **more)

        monkeypatch.setattr(speaker, "encode", counted)
        return speaker

    monkeypatch.setitem(ENGINES, "toy", toy)
    voice = leave_toy(tmp_path)
    cut = dict.fromkeys(STREAMED, CUT) | dict.fromkeys(TELLING, TOLD)
    with served(tone_config, tmp_path, []) as server:
        assert outcomes(Asked(server, voice, LONG, tmp_path)) == cut | dict.fromkeys(WHOLE, "synthesis_failed")
    with served(tone_config, tmp_path, ["espeak"]) as server:
        assert outcomes(Asked(server, voice, LONG, tmp_path)) == cut | dict.fromkeys(WHOLE, SPOKEN)


def test_an_engine_that_hangs(tone_config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setitem(ENGINES, "toy", toy_engine(hang_until(released)))
    voice = leave_toy(tmp_path)
    # Captions have a limit of their own, of a minute; their sentences are encoded side by side, so that a voice which
    # hangs has every worker.
    monkeypatch.setattr("hailo_piper.engine.unit_durations._PATIENCE_SECONDS", 1.0)
    captions_fail = {"captions": "synthesis_failed"}
    for fallback, outcome in ([], "busy"), (["espeak"], SPOKEN):
        with served(tone_config, tmp_path, fallback, timeout=1) as server:

            def release(server: Server = server) -> None:
                released.set()
                wait_until(lambda: server.shared.scheduler.is_idle)
                released.clear()

            try:
                assert (
                    outcomes(Asked(server, voice, SENTENCES, tmp_path), release)
                    == dict.fromkeys(DOORS, outcome) | captions_fail
                )
            finally:
                released.set()
        released.clear()


def test_a_voice_that_a_text_asks_for_may_fail_too(tone_config: Config, tmp_path: Path) -> None:
    voice = leave_broken(tmp_path)
    ssml = f"<speak>Here I am. <voice name='{voice}'>And here am I.</voice></speak>"
    for fallback, status in (([], 500), (["espeak"], 200)):
        with served(tone_config, tmp_path, fallback) as server:
            answer = post(server.http.port, "/v1/audio/speech", {"input": ssml, "text_format": "ssml", "stream": False})
            assert answer.status_code == status


def test_a_language_that_no_voice_has_is_spoken_by_espeak_where_the_chain_has_it(
    tone_config: Config, tmp_path: Path
) -> None:
    def speech(server: Server, language: str) -> Answer:
        return post(server.http.port, "/v1/audio/speech", {"input": "Guten Tag.", "language": language})

    for fallback in ([], ["espeak:de"]):
        with served(tone_config, tmp_path, fallback) as server:
            answer = speech(server, "de")
            assert answer.status_code == 400
            assert json.loads(answer.data)["error"]["message"] == "No voice for language: 'de'. Allowed: en_US"
    with served(tone_config, tmp_path, ["nobody", "Espeak"]) as server:
        assert speech(server, "de").headers["X-Engine"] == "espeak"
        assert speech(server, "pt_BR").headers["X-Engine"] == "espeak"
        assert speech(server, "en").headers["X-Engine"] == "piper"
        assert speech(server, "xx").status_code == 400
        spoken = asyncio.run(speak(port_of(server), "Guten Tag.", SynthesizeVoice(language="de")))
        assert spoken.pcm
