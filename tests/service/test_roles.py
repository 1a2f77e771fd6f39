"""Several voices in one answer: by SSML, by turns and by names with a way of speaking; all by their sound."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hailo_piper.assembly import build_service
from hailo_piper.audio.loudness import loudness_lufs
from hailo_piper.audio.samples import Samples
from hailo_piper.audio.word import Mark, Word
from hailo_piper.config.settings import Config
from hailo_piper.default_voice import load_default_voice
from hailo_piper.errors import InvalidRequestError, SpeechError, TextTooLongError, VoiceNotFoundError
from hailo_piper.listeners.service import Service
from hailo_piper.speech.reply import Reply
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.text.reading import Reading
from hailo_piper.text.stream import TextStream
from tests.support.client import wait_until
from tests.support.derived_voices import LOW, MULTI, SPANISH, make_derived_voices

RATE = 22050
ONE, OTHER = "The first of us speaks about the weather.", "The other one answers with a question, of course."


@pytest.fixture(scope="module")
def service(joe_config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    directory = tmp_path_factory.mktemp("derived")
    make_derived_voices(directory)
    aliases: dict[str, Any] = {
        "narrator": {"voice": "default", "speed": 0.8, "pitch": 0.9, "volume": 0.5, "sentence_silence": 0.4},
        "guest": {"voice": LOW, "volume": 0.5},
    }
    voices = joe_config.voices._replace(directory=str(directory), aliases=aliases, memory_mb=2000)
    config = joe_config._replace(voices=voices)
    with ExitStack() as stack:
        default = load_default_voice(config, stack)
        default.engine.prepare()
        yield build_service(default, config, stack)


def answer(service: Service, text: Any, **fields: Any) -> Reply:
    request = SpeechRequest(text=text, **{"response_format": "pcm", "sample_rate": RATE, **fields})
    return service.speech.speak(request, listener="test")


def sound(service: Service, text: Any, **fields: Any) -> Samples:
    with closing(answer(service, text, **fields)) as reply:
        return (np.frombuffer(b"".join(reply), "<i2") / 32768).astype(np.float32)


def ssml(service: Service, text: str, **fields: Any) -> Samples:
    return sound(service, text, text_format="ssml", **fields)


def told(service: Service, text: Any, **fields: Any) -> tuple[list[Word], list[Mark], float]:
    """The words, the marks and the seconds of an answer."""
    words, marks = list[Word](), list[Mark]()
    with closing(answer(service, text, words=True, **fields)) as reply:
        for _ in reply:
            words += reply.take_words()
            marks += reply.take_marks()
        return words, marks, reply.audio_seconds


def turn(text: str, **fields: Any) -> SpeechRequest:
    return SpeechRequest(text=text, **fields)


def test_plain_ssml_sounds_as_its_text(service: Service) -> None:
    assert np.array_equal(ssml(service, f"<speak>{ONE} {OTHER}</speak>"), sound(service, f"{ONE} {OTHER}"))


@pytest.mark.parametrize(
    ("document", "seconds"),
    [
        (f"{ONE} <break time='700ms'/> {OTHER}", 0.7),
        (f"{ONE} <break time='1s'/><break time='250ms'/> {OTHER}", 1.25),
        (f"<break time='300ms'/>{ONE} {OTHER}<break time='200ms'/>", 0.5),
        (f"{ONE} {OTHER} <break/>", 0.5),
        (f"{ONE} <break time='61500ms'/> {OTHER}".replace("61500", "12345"), 12.345),
    ],
)
def test_a_pause_is_exact_to_the_sample(service: Service, document: str, seconds: float) -> None:
    longer = ssml(service, f"<speak>{document}</speak>")
    assert len(longer) - len(sound(service, f"{ONE} {OTHER}")) == round(seconds * RATE)


def test_a_pause_of_the_text_stands_in_place_of_the_usual_one(service: Service) -> None:
    plain = len(sound(service, f"{ONE} {OTHER}"))
    usual = {"sentence_silence": 0.3, "lead_silence": 0.1, "tail_silence": 0.2}
    assert len(ssml(service, f"{ONE} {OTHER}", **usual)) - plain == round(0.6 * RATE)
    own = ssml(service, f"<break time='1s'/>{ONE} <break time='2s'/>{OTHER}<break time='1s'/>", **usual)
    assert len(own) - plain == round(4.3 * RATE)


def test_the_length_of_a_single_sentence_with_pauses_is_told_beforehand(service: Service) -> None:
    document = "<speak><break time='1s'/>Hello there.<break time='500ms'/></speak>"
    with closing(answer(service, document, text_format="ssml", response_format="wav")) as reply:
        announced = reply.content_length
        assert announced == len(b"".join(reply))


def test_marks_are_told_with_the_word_that_follows_them(service: Service) -> None:
    document = "<mark name='a'/>One <mark name='b'/>two. <break time='1s'/><mark name='c'/>Three.<mark name='d'/>"
    words, marks, seconds = told(service, document, text_format="ssml")
    starts = [word.start for word in words]
    assert [mark.name for mark in marks] == ["a", "b", "c", "d"]
    assert [mark.start for mark in marks] == pytest.approx([*starts, seconds], abs=1e-4)


def test_marks_among_pauses_are_told_where_they_stand(service: Service) -> None:
    pause, mark = "<break time='1s'/>", "<mark name='{}'/>"
    document = f"{pause}{mark}{pause}One.{mark}{pause}{mark}{pause}{mark}Two.{pause}{mark}{pause}".format(*"abcde")
    words, marks, seconds = told(service, document, text_format="ssml")
    one, two = words
    assert [mark.name for mark in marks] == [*"abcde"]
    expected = [1.0, marks[1].start, marks[1].start + 1, two.start, seconds - 1]
    assert [mark.start for mark in marks] == pytest.approx(expected, abs=0.05)
    assert one.end <= marks[1].start <= two.start - 2 + 0.05
    turns = (turn(f"One.{pause}{mark}{pause}".format("a"), text_format="ssml"), turn("Two."))
    (_, second), (after,), _ = told(service, turns)
    assert second.start - after.start == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("name", [LOW, f"{MULTI}#high", SPANISH, "narrator"])
def test_another_voice_speaks_in_a_document_as_by_itself(service: Service, name: str) -> None:
    whole = ssml(service, f"{ONE} <voice name='{name}'>{OTHER}</voice>", sentence_silence=0)
    alone = sound(service, OTHER, voice=name)
    assert abs(len(whole) - len(sound(service, ONE)) - len(alone)) <= 1
    spoken = whole[-len(alone) :]
    assert np.corrcoef(spoken[500:-500], alone[500:-500])[0, 1] > 0.99


def test_turns_are_spoken_one_after_the_other_each_by_its_voice(service: Service) -> None:
    words, _, seconds = told(service, (turn(ONE), turn(OTHER, voice=LOW), turn("Fine.", voice=f"{MULTI}#low")))
    sent = f"{ONE}\n{OTHER}\nFine."
    assert [sent[word.start_char : word.end_char] for word in words] == [word.text for word in words]
    assert [word.text for word in words][-1] == "Fine"
    alone = sum(
        told(service, text, voice=voice)[2]
        for text, voice in [(ONE, None), (OTHER, LOW), ("Fine.", f"{MULTI}#low")]
    )  # fmt: skip
    assert seconds == pytest.approx(alone, abs=3 / RATE)
    assert words[0].start < words[-1].start < seconds


@pytest.mark.parametrize("names", [(None, LOW), (f"{MULTI}#mid", f"{MULTI}#high"), (f"{MULTI}#low", None)])
def test_a_dialogue_has_one_loudness(service: Service, names: tuple[str | None, str | None]) -> None:
    text = f"{ONE} {OTHER} {ONE}"
    first, second = (len(sound(service, text, voice=name)) for name in names)
    whole = sound(service, tuple(turn(text, voice=name) for name in names))
    assert abs(len(whole) - first - second) <= 1
    assert loudness_lufs(whole[first:], RATE) == pytest.approx(loudness_lufs(whole[:first], RATE), abs=0.5)


def test_a_paragraph_ends_between_turns_and_pauses_at_their_edges_add_up(service: Service) -> None:
    plain = len(sound(service, (turn(ONE), turn(OTHER))))
    assert len(sound(service, (turn(ONE), turn(OTHER)), paragraph_silence=0.5)) - plain == round(0.5 * RATE)
    edges = (
        turn(f"{ONE}<break time='1s'/>", text_format="ssml"),
        turn(f"<break time='2s'/>{OTHER}", text_format="ssml"),
    )
    assert len(sound(service, edges, paragraph_silence=0.5)) - plain == 3 * RATE


def test_a_name_has_its_way_of_speaking_on_top_of_the_request(service: Service) -> None:
    usual, slow = sound(service, ONE), sound(service, ONE, voice="narrator")
    assert len(slow) / len(usual) == pytest.approx(1.25, rel=0.02)
    assert len(sound(service, ONE, voice="narrator", speed=1.25)) / len(usual) == pytest.approx(1.0, rel=0.02)
    assert np.array_equal(slow, sound(service, ONE, speed=0.8, pitch=0.9, volume=0.5))
    both = len(sound(service, f"{ONE} {OTHER}", voice="narrator"))
    assert both - len(slow) - len(sound(service, OTHER, voice="narrator")) == round(0.4 * RATE)
    quiet = ssml(service, f"{ONE} <voice name='guest'>{OTHER}</voice>")[len(usual) :]
    assert 20 * np.log10(np.std(quiet) / np.std(sound(service, OTHER, voice="guest"))) == pytest.approx(0.0, abs=0.5)


def test_a_pitch_of_the_request_keeps_its_length(service: Service) -> None:
    usual = sound(service, ONE)
    for pitch in (0.8, 1.2):
        assert len(sound(service, ONE, pitch=pitch)) / len(usual) == pytest.approx(1.0, rel=0.02)
        assert not np.array_equal(sound(service, ONE, pitch=pitch)[: len(usual) // 2], usual[: len(usual) // 2])


def test_a_whole_sentence_of_another_language_is_spoken_by_its_voice(service: Service) -> None:
    spanish = "Buenos dias, mis queridos amigos."
    whole = ssml(service, f"{ONE} <lang xml:lang='es-MX'>{spanish}</lang>")
    alone = sound(service, spanish, voice=SPANISH)
    assert np.corrcoef(whole[-len(alone) :], alone)[0, 1] > 0.99
    inside = ssml(service, "He said <lang xml:lang='es'>buenos dias</lang> to me.")
    assert not np.array_equal(inside, sound(service, "He said buenos dias to me."))


def test_a_voice_that_the_text_names_speaks_every_language(service: Service) -> None:
    spanish = "Buenos dias, mis queridos amigos."
    alone = sound(service, spanish, voice=SPANISH)
    assert np.array_equal(ssml(service, f"<voice languages='xx es'>{spanish}</voice>"), alone)
    english = ssml(service, f"<voice name='{SPANISH}'><lang xml:lang='en'>How do you do?</lang></voice>")
    by_own_voice = sound(service, "How do you do?")
    assert len(english) != len(by_own_voice)
    assert not np.array_equal(english, sound(service, "How do you do?", voice=SPANISH))


def test_a_foreign_word_is_said_with_its_own_sounds_and_keeps_its_time(service: Service) -> None:
    document = "He said <lang xml:lang='fr-FR'>bonjour mes amis</lang> to me."
    words, _, _ = told(service, document, text_format="ssml")
    assert [word.text for word in words] == ["He", "said", "bonjour", "mes", "amis", "to", "me"]
    assert not any(word.is_estimated for word in words)
    assert all(document[word.start_char : word.end_char] == word.text for word in words)
    by_voice = ssml(service, "He left. <voice languages='fr'>Bonjour mes amis.</voice>")
    by_lang = ssml(service, "He left. <lang xml:lang='fr'>Bonjour mes amis.</lang>")
    assert np.array_equal(by_voice, by_lang)


def test_captions_of_a_dialogue_have_the_times_of_its_speech(service: Service) -> None:
    turns = (turn(ONE), turn(f"<speak>{OTHER}<break time='1s'/></speak>", voice=LOW, text_format="ssml"), turn("Fine."))
    words, _, seconds = told(service, turns)
    captions = service.speech.captions(SpeechRequest(text=turns), listener="test", has_left=lambda: False)
    assert captions.duration == pytest.approx(seconds, abs=2 / RATE)
    assert [word.text for word in captions.words] == [word.text for word in words]
    assert [word.start for word in captions.words] == pytest.approx([word.start for word in words], abs=2e-4)


def test_ssml_in_pieces_sounds_as_it_does_whole(service: Service) -> None:
    document = (
        f"<speak>{ONE} <voice name='{LOW}'>{OTHER}</voice> <break time='200ms'/>And <emphasis>so</emphasis> on.</speak>"
    )
    stream = TextStream(max_text_length=5000, patience_seconds=5, reading=Reading("en_US", "ssml"))
    for start in range(0, len(document), 7):
        stream.push(document[start : start + 7])
    stream.finish()
    assert np.array_equal(sound(service, stream), ssml(service, document))


@pytest.mark.parametrize(
    ("turns", "error", "message", "param"),
    [
        ((turn(ONE), turn("  ")), InvalidRequestError, "In turn 1, counted from 0: The text is empty", "text.1.text"),
        (
            (turn(ONE), turn(OTHER, voice="nobody")),
            VoiceNotFoundError,
            "In turn 1, counted from 0: Unknown voice",
            "text.1.voice",
        ),
        (
            (turn(ONE), turn("a & b", text_format="ssml")),
            InvalidRequestError,
            "In turn 1, counted from 0: The SSML is wrong at line 1",
            "text.1.text",
        ),
        ((turn("a" * 3000), turn("b" * 3000)), TextTooLongError, "Text too long", "text"),
    ],
)
def test_what_is_wrong_with_a_turn_is_told(
    service: Service, turns: Any, error: type[SpeechError], message: str, param: str
) -> None:
    with pytest.raises(error) as raised:
        answer(service, turns)
    assert raised.value.message.startswith(message)
    assert raised.value.param == param


def test_nothing_is_left_after_a_dialogue(service: Service) -> None:
    with closing(answer(service, (turn(ONE), turn(OTHER, voice=LOW), turn(ONE, voice=SPANISH)))) as reply:
        next(iter(reply))
    wait_until(lambda: service.admission.speaking == 0)
    wait_until(lambda: service.scheduler.streams == 0)
    assert Path(service.voices.resolve(LOW).voice.model_path).exists()


def test_sentences_are_spoken_in_the_language_that_they_are_in(service: Service) -> None:
    spanish, german = "Buenos días, mis queridos amigos.", "Das ist aber ein schönes Haus."
    text = f"{ONE} {spanish} {german}"
    words, _, _ = told(service, text, language="auto")
    assert [word.text for word in words][-6:] == ["Das", "ist", "aber", "ein", "schönes", "Haus"]
    by_ssml = f"{ONE} <lang xml:lang='es'>{spanish}</lang> <lang xml:lang='de'>{german}</lang>"
    assert np.array_equal(sound(service, text, language="auto"), ssml(service, by_ssml))
    assert not np.array_equal(sound(service, text), ssml(service, by_ssml))
    assert np.array_equal(sound(service, ONE, language="auto"), sound(service, ONE))


def test_a_voice_between_two_speakers_is_named_by_both(service: Service) -> None:
    assert np.array_equal(sound(service, ONE, voice=f"{MULTI}#mid+mid"), sound(service, ONE, voice=f"{MULTI}#mid"))
    with pytest.raises(InvalidRequestError, match="Unknown speaker: 'nobody'"):
        answer(service, ONE, voice=f"{MULTI}#mid(2)+nobody")
    between = sound(service, ONE, voice=f"{MULTI}#mid+high")
    assert np.array_equal(between, sound(service, ONE, voice=MULTI, speaker="high(2) + mid(2.0)"))
    for speaker in ("mid", "high"):
        assert not np.array_equal(between, sound(service, ONE, voice=f"{MULTI}#{speaker}"))
