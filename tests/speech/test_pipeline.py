import gc
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hailo_piper.assembly import build_service
from hailo_piper.audio.limiter import CEILING
from hailo_piper.config.loading import parse_config
from hailo_piper.engine.engine import Engine
from hailo_piper.engine.model import Delivery
from hailo_piper.engine.shared_parts import SharedParts
from hailo_piper.engine.stream import Stream
from hailo_piper.errors import BusyError, InvalidRequestError, RefusedTextError, SynthesisError, TextTooLongError
from hailo_piper.listeners.service import Service
from hailo_piper.speech.casting import Cast, Role
from hailo_piper.speech.pipeline import Speech
from hailo_piper.speech.reply import Reply
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.speech.spoken_text import SpokenText
from hailo_piper.text.lexicon.pronunciation import Pronunciation
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.voice import read_voice
from tests.support.client import wait_until, wav_of
from tests.support.decoding import decode
from tests.support.services import QUIET, as_default


class CountingEngine(Engine):
    """The real engine, counting what it is asked for, and failing from the sentence it is told to."""

    asked = 0
    closed = 0
    fails_at: int | None = None

    def stream(self, sentences: Sequence[Sentence], delivery: Delivery, **options: Any) -> Stream:
        self.asked += len(sentences)
        stream = super().stream(sentences, delivery, **options)
        read, close = stream.read, stream.close

        def counted_read(sentence: int, *, deadline: float | None = None) -> Any:
            if sentence == self.fails_at:
                raise SynthesisError("Speech synthesis failed")
            return read(sentence, deadline=deadline)

        def counted_close() -> None:
            self.closed += 1
            close()

        stream.read, stream.close = counted_read, counted_close  # type: ignore[method-assign]
        return stream


@pytest.fixture
def engine(tone_path: Path, cache_directory: Path, shared: SharedParts) -> Iterator[CountingEngine]:
    with closing(CountingEngine(read_voice(tone_path), cache_directory, shared)) as engine:
        yield engine


@pytest.fixture
def make_service(engine: CountingEngine, shared: SharedParts, tmp_path: Path) -> Iterator[Callable[..., Service]]:
    with ExitStack() as stack:

        def build(**sections: Any) -> Service:
            sections["performance"] = {"cache_directory": str(tmp_path), **sections.get("performance", {})}
            return build_service(as_default(engine, shared), parse_config({"piper": QUIET, **sections}), stack)

        yield build


@pytest.fixture
def make(make_service: Callable[..., Service]) -> Callable[..., Speech]:
    return lambda **sections: make_service(**sections).speech


def speak(speech: Speech, text: str, **fields: Any) -> bytes:
    return b"".join(reply(speech, text, **fields))


def reply(speech: Speech, text: str, **fields: Any) -> Reply:
    return speech.speak(SpeechRequest(text=text, **fields), listener="test")


def seconds(speech: Speech, text: str, **fields: Any) -> float:
    rate: int = fields.get("sample_rate", 24000)
    return len(speak(speech, text, response_format="pcm", **fields)) / 2 / rate


def test_a_short_answer_knows_its_length(make: Callable[..., Speech]) -> None:
    answer = reply(make(), "Hello world.")
    data = b"".join(answer)
    assert answer.content_length == len(data)
    assert wav_of(data)[0].nframes * 2 + 44 == len(data)


def test_a_long_answer_leaves_in_pieces(make: Callable[..., Speech]) -> None:
    answer = reply(make(), "One one. Two two. Three three.")
    assert answer.content_length is None
    pieces = list(answer)
    assert len(pieces) > 3
    assert answer.exact_header()[40:44] == (len(b"".join(pieces)) - 44).to_bytes(4, "little")


@pytest.mark.parametrize(
    ("fields", "factor"), [({"speed": 2.0}, 0.5), ({"speed": 0.5}, 2), ({"length_scale": 3.0}, 3), ({}, 1)]
)
def test_speed_and_length_scale_change_the_duration(
    make: Callable[..., Speech], fields: dict[str, float], factor: float
) -> None:
    plain = seconds(make(), "Hello world.")
    assert seconds(make(), "Hello world.", **fields) == pytest.approx(plain * factor, rel=0.01)


def test_configured_scales_hold_where_the_request_names_none(make: Callable[..., Speech]) -> None:
    slow = make(piper={**QUIET, "length_scale": 2})
    assert seconds(slow, "Hello world.") == pytest.approx(2 * seconds(make(), "Hello world."), rel=0.01)


def test_noise_makes_answers_differ_and_its_absence_makes_them_equal(make: Callable[..., Speech]) -> None:
    speech = make()
    assert speak(speech, "Hello.") == speak(speech, "Hello.")
    assert speak(speech, "Hello.", noise_scale=0.5) != speak(speech, "Hello.", noise_scale=0.5)


@pytest.mark.parametrize(
    ("piper", "fields", "peak"),
    [
        ({"normalize_audio": False}, {}, 0.3),
        ({"normalize_audio": False, "volume": 0.5}, {}, 0.15),
        ({"normalize_audio": False}, {"volume": 2.0}, 0.6),
        ({"normalize_audio": False}, {"volume": 5.0}, CEILING),
        ({"target_lufs": -10}, {"volume": 5.0}, CEILING),
    ],
)
def test_volume_is_a_factor_and_nothing_clips(
    make: Callable[..., Speech], piper: dict[str, Any], fields: dict[str, Any], peak: float
) -> None:
    samples = np.frombuffer(speak(make(piper={**QUIET, **piper}), "Hello world.", **fields)[44:], "<i2")
    assert np.abs(samples).max() / 32767 == pytest.approx(peak, abs=0.01)


def test_normalizing_brings_the_voice_to_the_target(make: Callable[..., Speech], engine: CountingEngine) -> None:
    speech = make(piper={**QUIET, "target_lufs": engine.lufs - 6.02})
    samples = np.frombuffer(speak(speech, "Hello world.")[44:], "<i2")
    assert np.abs(samples).max() / 32767 == pytest.approx(0.15, abs=0.005)


def test_silence_stands_between_sentences_only(make: Callable[..., Speech]) -> None:
    speech = make()
    plain = seconds(speech, "One. Two. Three.")
    assert seconds(speech, "One. Two. Three.", sentence_silence=0.5) == pytest.approx(plain + 1.0, abs=0.001)
    configured = make(synthesis={"sentence_silence": 0.5})
    assert seconds(configured, "One. Two. Three.") == pytest.approx(plain + 1.0, abs=0.001)


@pytest.mark.parametrize(
    ("synthesis", "fields", "added"),
    [
        ({}, {"paragraph_silence": 0.5}, 0.5),
        ({}, {"sentence_silence": 0.25}, 0.5),
        ({}, {"sentence_silence": 0.25, "paragraph_silence": 0.0}, 0.25),
        ({"paragraph_silence": 0.5}, {"sentence_silence": 0.25}, 0.75),
        ({"lead_silence": 0.25, "tail_silence": 0.5, "paragraph_silence": 1.0}, {}, 1.75),
        ({"lead_silence": 0.25, "tail_silence": 0.5}, {"lead_silence": 0.0, "tail_silence": 1.0}, 1.0),
        ({}, {"lead_silence": 0.25, "speed": 1.0}, 0.25),
    ],
)
def test_paragraphs_beginning_and_end_have_pauses_of_their_own(
    make: Callable[..., Speech], synthesis: dict[str, float], fields: dict[str, float], added: float
) -> None:
    # $5 is rewritten, so what writes it must not lose the paragraph.
    text = "One one. Two two.\n\nIt is $5."
    plain = seconds(make(), text)
    assert seconds(make(synthesis=synthesis), text, **fields) == pytest.approx(plain + added, abs=0.001)


@pytest.mark.parametrize("response_format", ["wav", "flac", "pcm", "opus", "mp3", "aac"])
@pytest.mark.parametrize("sample_rate", [None, 16000])
def test_pauses_around_the_speech_are_silent_and_counted(
    make: Callable[..., Speech], response_format: str, sample_rate: int | None
) -> None:
    pauses = {"lead_silence": 0.3, "tail_silence": 0.2}
    speech, form = make(), {"response_format": response_format, "sample_rate": sample_rate}
    answer = reply(speech, "Hello world.", **form, **pauses)
    data = b"".join(answer)
    plain, decoded_rate = decode(speak(speech, "Hello world.", **form), response_format)
    samples, _ = decode(data, response_format)
    # Raw samples do not say their rate.
    rate = answer.sample_rate if response_format == "pcm" else decoded_rate
    frame_samples = 2400 if response_format in {"mp3", "aac"} else 4
    assert len(samples) - len(plain) == pytest.approx(0.5 * rate, abs=frame_samples)
    assert np.abs(samples[: int(0.25 * rate)]).max() < 0.01
    assert np.abs(samples[int(0.3 * rate) : int(0.45 * rate)]).max() > 0.1
    if response_format in {"wav", "pcm"}:
        assert answer.content_length == len(data)
        assert data[:44] == answer.exact_header()[:44] or response_format == "pcm"


def test_words_wait_for_the_silence_before_them(make: Callable[..., Speech]) -> None:
    def starts(**fields: float) -> list[float]:
        answer = reply(make(), "One one.\n\nTwo two.", words=True, **fields)
        b"".join(answer)
        return [word.start for word in answer.take_words()]

    plain, paused = starts(), starts(lead_silence=0.25, paragraph_silence=0.5)
    assert np.subtract(paused, plain) == pytest.approx([0.25, 0.25, 0.75, 0.75], abs=0.0001)


@pytest.mark.parametrize(
    ("fields", "config", "rate"),
    [
        ({}, {}, 22050),
        ({"response_format": "pcm"}, {}, 24000),
        ({"response_format": "pcm"}, {"sample_rate": 16000}, 24000),
        ({}, {"sample_rate": 16000}, 16000),
        ({}, {"format": "pcm"}, 24000),
        ({"sample_rate": 48000}, {"sample_rate": 16000}, 48000),
        ({"sample_rate": 8000, "response_format": "pcm"}, {}, 8000),
    ],
)
def test_the_rate_is_the_one_asked_for(
    make: Callable[..., Speech], fields: dict[str, Any], config: dict[str, Any], rate: int
) -> None:
    speech = make(synthesis=config)
    answer = reply(speech, "Hello world.", **fields)
    assert answer.sample_rate == rate
    data = b"".join(answer)
    samples = len(data) // 2 if answer.extension == "pcm" else wav_of(data)[0].nframes
    assert samples / rate == pytest.approx(seconds(make(), "Hello world."), abs=0.001)


@pytest.mark.parametrize("text", ["", "  \n", "...", "\u200b", "^ ^"])
def test_nothing_to_say_is_refused(make: Callable[..., Speech], text: str) -> None:
    with pytest.raises(InvalidRequestError) as refusal:
        reply(make(), text)
    assert refusal.value.param == "text"


def test_the_bound_counts_characters_after_trimming(make: Callable[..., Speech]) -> None:
    speech = make(synthesis={"max_text_length": 5})
    assert speak(speech, "  hello  ")
    with pytest.raises(TextTooLongError, match=r"Text too long \(max 5 characters\)"):
        reply(speech, "hello!")


def test_one_more_than_there_are_places_is_busy(make: Callable[..., Speech]) -> None:
    speech = make(performance={"worker_threads": 2, "max_queue": 0})
    first, second = reply(speech, "One. Two."), reply(speech, "One. Two.")
    with pytest.raises(BusyError) as refusal:
        reply(speech, "One.")
    assert refusal.value.retry_after_seconds >= 1
    first.close()
    assert speak(speech, "One.")
    list(second)
    third, fourth = reply(speech, "One. Two."), reply(speech, "One. Two.")
    assert list(third) == list(fourth)


def test_closing_stops_the_work(make: Callable[..., Speech], engine: CountingEngine) -> None:
    answer = reply(make(), "One. Two. Three. Four.")
    next(iter(answer))
    answer.close()
    assert engine.closed == 1
    assert not engine._streams
    assert list(answer) == []


def test_a_reply_that_is_never_read_frees_its_place_when_closed(make: Callable[..., Speech]) -> None:
    speech = make(performance={"worker_threads": 1, "max_queue": 0})
    reply(speech, "One. Two.").close()
    assert speak(speech, "One.")


def test_a_failure_of_the_first_piece_is_raised_at_once(make: Callable[..., Speech], engine: CountingEngine) -> None:
    speech = make(performance={"worker_threads": 1, "max_queue": 0})
    engine.fails_at = 0
    with pytest.raises(SynthesisError):
        reply(speech, "One. Two.")
    engine.fails_at = None
    assert speak(speech, "One.")


def test_a_later_failure_breaks_the_body_and_is_logged_once(
    make: Callable[..., Speech], engine: CountingEngine, caplog: pytest.LogCaptureFixture
) -> None:
    speech = make(performance={"worker_threads": 1, "max_queue": 0})
    engine.fails_at = 1
    with pytest.raises(SynthesisError):
        list(reply(speech, "One. Two."))
    engine.fails_at = None
    assert [record.exc_info is not None for record in caplog.records if record.levelno >= logging.ERROR] == [True]
    assert speak(speech, "One.")


def test_a_repeated_sentence_comes_from_the_cache(make: Callable[..., Speech], engine: CountingEngine) -> None:
    speech = make(performance={"cache_enabled": True})
    first = speak(speech, "One. Two.", noise_scale=0.7)
    assert speak(speech, "One. Two.", noise_scale=0.7) == first
    assert engine.asked == 2
    speak(speech, "One. Three.", noise_scale=0.7)
    assert engine.asked == 3
    speak(speech, "One.", noise_scale=0.6)
    assert engine.asked == 4


def test_without_the_cache_everything_is_spoken_again(make: Callable[..., Speech], engine: CountingEngine) -> None:
    speech = make()
    speak(speech, "One.")
    speak(speech, "One.")
    assert engine.asked == 2


@pytest.mark.parametrize(("read", "outcome"), [(True, "ok"), (False, "client_left")])
def test_one_line_tells_what_a_request_cost_and_never_its_text(
    make: Callable[..., Speech], caplog: pytest.LogCaptureFixture, *, read: bool, outcome: str
) -> None:
    caplog.set_level(logging.INFO)
    answer = reply(make(), "Secret one. Secret two.")
    if read:
        list(answer)
    answer.close()
    (record,) = caplog.records
    fields = record.__dict__["fields"]
    assert fields["outcome"] == outcome
    assert fields["characters"] == 23
    assert fields["audio_seconds"] > 0
    assert set(fields) == {
        "listener", "voice", "engine", "response_format", "characters", "cached",
        "audio_seconds", "synthesis_seconds", "first_audio_seconds", "outcome",
    }  # fmt: skip
    assert "Secret" not in str(record.__dict__)


def test_the_text_is_logged_at_debug_only(make: Callable[..., Speech], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="hailo_piper")
    speak(make(), "Secret.")
    assert [record.levelno for record in caplog.records if "Secret" in str(record.__dict__)] == [logging.DEBUG]


CACHED = {"performance": {"cache_enabled": True}}


def test_what_is_in_the_cache_is_told(make_service: Callable[..., Service]) -> None:
    service = make_service(**CACHED)
    assert [reply_of(service.speech, text) for text in ("One.", "One.", "One. Two.", "Two. One.")] == [
        "miss", "hit", "partial", "hit",
    ]  # fmt: skip
    statistics = service.cache.statistics
    assert (statistics.entries, statistics.hits, statistics.misses) == (2, 4, 2)


def reply_of(speech: Speech, text: str, **fields: Any) -> str:
    answer = reply(speech, text, **fields)
    list(answer)
    return answer.cached


def test_a_request_may_do_without_the_cache(make_service: Callable[..., Service], engine: CountingEngine) -> None:
    service = make_service(**CACHED)
    for _ in range(2):
        assert reply_of(service.speech, "One.", use_cache=False) == "miss"
    assert (engine.asked, service.cache.statistics.entries) == (2, 0)
    assert reply_of(service.speech, "One.") == "miss"
    assert reply_of(service.speech, "One.", use_cache=False) == "miss"
    assert engine.asked == 4


@pytest.mark.parametrize("fields", [{}, {"response_format": "pcm"}, {"sample_rate": 16000}, {"volume": 5.0}])
@pytest.mark.parametrize("text", ["One two three.", "One. Two two. Three.", "A " * 300, "Yes. Yes. Yes."])
def test_a_repeated_answer_is_equal_to_the_byte(make: Callable[..., Speech], text: str, fields: dict[str, Any]) -> None:
    speech = make(**CACHED)
    first = reply(speech, text, **fields)
    data = b"".join(first)
    second = reply(speech, text, **fields)
    assert (first.cached, second.cached) == ("miss", "hit")
    assert second.content_length == first.content_length
    assert b"".join(second) == data
    assert data == speak(make(), text, **fields)


def test_all_formats_share_the_cache_and_it_outlives_a_restart(
    make_service: Callable[..., Service], engine: CountingEngine
) -> None:
    service = make_service(**CACHED)
    speak(service.speech, "One.", response_format="wav")
    assert reply_of(service.speech, "One.", response_format="pcm", sample_rate=8000) == "hit"
    assert reply_of(service.speech, "One.", volume=0.5) == "hit"
    service.cache.close()
    assert reply_of(make_service(**CACHED).speech, "One.") == "hit"
    assert engine.asked == 1


@pytest.mark.parametrize("fields", [{"length_scale": 2.0}, {"noise_scale": 0.1}, {"noise_w_scale": 0.1}])
def test_what_sounds_different_is_another_entry(make: Callable[..., Speech], fields: dict[str, Any]) -> None:
    speech = make(**CACHED)
    speak(speech, "One.")
    assert reply_of(speech, "One.", **fields) == "miss"


def test_equal_requests_at_once_are_one_synthesis(make: Callable[..., Speech], engine: CountingEngine) -> None:
    speech = make(**CACHED)
    text = "One one. Two two. Three three."
    answers = [reply(speech, text, noise_scale=0.5)]
    with ThreadPoolExecutor(4) as pool:
        following = [pool.submit(speak, speech, text, noise_scale=0.5) for _ in range(4)]
        data = b"".join(answers[0])
        assert {future.result(10) for future in following} == {data}
    assert engine.asked == 3


def test_who_follows_speaks_itself_when_the_other_leaves(make_service: Callable[..., Service]) -> None:
    service = make_service(**CACHED)
    text = "One one. Two two. Three three."
    first = reply(service.speech, text)
    with ThreadPoolExecutor(1) as pool:
        following = pool.submit(speak, service.speech, text)
        wait_until(lambda: service.admission.speaking == 2)
        first.close()
        assert following.result(10) == speak(make_service().speech, text)
    assert not service.speech._in_progress._claims


def test_nobody_waits_for_a_reader_who_takes_nothing(make: Callable[..., Speech]) -> None:
    speech = make(**CACHED)
    first = reply(speech, "One one. Two two.")
    assert speak(speech, "One one. Two two.") == b"".join(first)


def test_with_the_cache_off_by_damage_speech_goes_on(make: Callable[..., Speech], tmp_path: Path) -> None:
    speech = make(**CACHED)
    right = speak(speech, "One.")
    for path in tmp_path.iterdir():
        path.write_bytes(b"x" * 5000)
    assert speak(speech, "One.") == speak(speech, "One.") == right
    assert speak(speech, "Two.")


def test_an_answer_that_is_over_leaves_nothing_to_the_collector(make: Callable[..., Speech]) -> None:
    speech = make()

    def alive() -> int:
        return sum(isinstance(thing, SpokenText) for thing in gc.get_objects())

    gc.collect()
    before = alive()
    gc.disable()
    try:
        with closing(speech.speak(SpeechRequest(text="One two. Three four."), listener="test")) as reply:
            assert b"".join(reply)
        del reply
        # It would keep the engine, and with it the memory of a voice that has been put away.
        assert alive() <= before
    finally:
        gc.enable()


def test_the_first_sound_of_a_long_text_waits_for_few_of_its_sentences(
    make: Callable[..., Speech], monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Sentence] = []
    spoken = Cast.spoken

    def count(cast: Cast, sentence: Sentence) -> tuple[Role, Sentence]:
        written.append(sentence)
        return spoken(cast, sentence)

    monkeypatch.setattr(Cast, "spoken", count)
    speech = make(synthesis={"max_text_length": 500_000})
    text = "A sentence of 20 words is not so long as a book of 300 pages. " * 4000
    with closing(reply(speech, text, response_format="pcm", in_bulk=True)):
        assert 0 < sum(len(sentence.text) for sentence in written) < len(text) / 10


TURNS = (
    SpeechRequest(text="One turn has two sentences. It ends here. 3 is a number."),
    SpeechRequest(text="Another turn.\n\nIt has a paragraph.", speed=1.5),
)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("This is one. That is 2 of them.\n\nA paragraph. The end, after all.", {}),
        (TURNS, {}),
        ('<speak>One <mark name="a"/>here. <break time="1s"/> Two there. Three.<mark name="z"/></speak>',
         {"text_format": "ssml"}),
    ],
)  # fmt: skip
def test_where_a_text_is_parted_is_not_heard(
    make: Callable[..., Speech], monkeypatch: pytest.MonkeyPatch, text: Any, fields: dict[str, Any]
) -> None:
    def heard() -> tuple[bytes, list[Any]]:
        sound, words = bytearray(), list[Any]()
        with closing(reply(make(), text, response_format="pcm", words=True, **fields)) as one:
            for piece in one:
                sound += piece
                words += one.take_words()
        return bytes(sound), words

    whole = heard()
    monkeypatch.setattr("hailo_piper.speech.script._MOST_CHARACTERS", 1)
    assert heard() == whole
    assert whole[1]


def test_a_word_that_is_refused_far_behind_ends_what_was_begun(
    make: Callable[..., Speech], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hailo_piper.speech.script._MOST_CHARACTERS", 1)
    lexicon = Pronunciation(word="nevermore", is_refused=True)
    one = reply(make(), "This is said. Nevermore is not.", pronunciations=(lexicon,))
    with closing(one), pytest.raises(RefusedTextError):
        list(one)
