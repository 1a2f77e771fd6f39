"""espeak-ng in its own process: what crashes it, what ends it, and what it is handed."""

import itertools
import os
import re
import signal
import threading
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from piper.phonemize_espeak import EspeakPhonemizer

from hailo_piper.engine.espeak_ng.child import Child, EndedError
from hailo_piper.engine.espeak_ng.espeak import Clause, Espeak, _fields, _parse
from hailo_piper.engine.espeak_ng.pieces import pieces_of
from hailo_piper.engine.espeak_ng.process import CLAUSE, FIELD, PART
from hailo_piper.engine.phonemes.phonemes import joined
from hailo_piper.errors import InvalidRequestError, SynthesisError
from hailo_piper.text.clean import clean
from hailo_piper.voices.espeak_data import check_readable, is_language, languages
from tests.support.client import wait_until
from tests.support.growth import PATTERNS, grows_slowly
from tests.support.hard_texts import SCRIPTS, hard_texts

CRASHES = ("ne", "🔟🗆📩।")
"""Ends espeak-ng whatever is done before: it follows a null pointer after a switch of language."""
HELLO = [Clause("həlˈoʊ", ".", ends_sentence=True)]


@pytest.fixture
def fresh() -> Iterator[Espeak]:
    with closing(Espeak()) as one:
        yield one


def running(espeak: Espeak) -> int:
    """The id of the process, started now if need be."""
    espeak.start()
    assert espeak.process_id is not None
    return espeak.process_id


def exists(process_id: int) -> bool:
    return Path(f"/proc/{process_id}").exists()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en-us", "Dr. Smith paid $5, then left: why? Nobody knows; it's 10:30!"),
        ("de", "Der Hund läuft, die Katze schläft."),
        ("fr", "Où est la gare ? Je ne sais pas."),
        ("hi", "नमस्ते दुनिया, hello."),
        ("cmn", "你好，世界。"),
    ],
)
def test_phonemes_are_those_of_piper(espeak: Espeak, language: str, text: str) -> None:
    expected: list[str] = []
    for sentence in filter(None, EspeakPhonemizer().phonemize(language, text)):
        if expected:
            expected = [*expected[: -1 if expected[-1] == "." else None], " "]
        expected += sentence
    assert joined(espeak.clauses(language, text)) == expected


@pytest.mark.parametrize(
    ("letters", "times"),
    [
        ("U.S.", 49), ("I.", 97), ("é.", 49), ("ก.", 51), ("α.", 51), ("U. S. ", 60), ("e.g.", 99), ("e.g., ", 100),
        ("Я.", 60), ("a . ", 120), ("(A.)", 80), ("A.-", 99), ("𝐀.", 60), ("ß.", 80), ("x.y", 90), ("A.'s ", 99),
        ("ा.", 99), ("ิ.", 99), ("ः.", 99), ("ಿ.", 99), ("ေ.", 99), ("\u0301.", 99), ("\u064b.", 99), ("\u05b0.", 99),
        ("कि.", 99), ("a\u0323\u0301.", 99), ("ａ．", 99), ("Ⅹ.", 99), ("ⓐ.", 99), ("½.", 99), ("a。b…", 99),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en-us", "de", "th"])
def test_single_letters_in_a_row_are_read_by_one_process(
    fresh: Espeak, language: str, letters: str, times: int
) -> None:
    before = running(fresh)
    assert "".join(clause.phonemes for clause in fresh.clauses(language, letters * times)).strip()
    assert fresh.process_id == before


def test_letters_stay_letters_wherever_a_row_of_them_is_cut(fresh: Espeak) -> None:
    said = "".join(clause.phonemes for clause in fresh.clauses("en-us", "U.S." * 49))
    assert len(re.findall("juː", said.replace("ˈ", "").replace("ˌ", ""))) == 49


def test_a_text_that_always_crashes_is_refused_and_the_next_is_read(
    fresh: Espeak, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        fresh.clauses(*CRASHES)
    assert (refused.value.param, refused.value.code) == ("text", "invalid_request")
    assert fresh.clauses("en-us", "Hello.") == HELLO
    assert "SIGSEGV" in caplog.text
    assert CRASHES[1] not in caplog.text


def test_a_text_that_crashes_as_a_whole_is_read_word_by_word(fresh: Espeak) -> None:
    before = running(fresh)
    words = " ".join(CRASHES[1])
    assert len(fresh.clauses("ne", words)) >= 4
    assert fresh.process_id != before


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_process_that_was_killed_costs_no_request(fresh: Espeak, number: int) -> None:
    assert fresh.clauses("en-us", "Hello.") == HELLO
    os.kill(running(fresh), number)
    assert fresh.clauses("en-us", "Hello.") == HELLO


def test_a_process_that_others_kill_is_not_the_fault_of_a_text(fresh: Espeak, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = Child.ask

    def ask_and_be_killed(child: Child, request: bytes, deadline: float) -> bytes:
        os.kill(child.process_id, signal.SIGKILL)
        return ask(child, request, deadline)

    monkeypatch.setattr(Child, "ask", ask_and_be_killed)
    with pytest.raises(SynthesisError, match="SIGKILL"):
        fresh.clauses("en-us", "Hello.")
    monkeypatch.undo()
    assert fresh.clauses("en-us", "Hello.") == HELLO


@pytest.mark.parametrize(
    ("script", "fate"), [("raise SystemExit(3)", "status 3"), ("import time; time.sleep(99)", "hang")]
)
def test_a_process_that_does_not_start_is_not_the_fault_of_a_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, fate: str
) -> None:
    path = tmp_path / "process.py"
    path.write_text(script)
    monkeypatch.setattr("hailo_piper.engine.espeak_ng.child._SCRIPT", path)
    with closing(Espeak(patience_seconds=0.5)) as espeak, pytest.raises(SynthesisError, match=fate):
        espeak.clauses("en-us", "Hello.")


def test_a_process_whose_parent_did_not_wait_for_it_ends_without_a_word(capfd: pytest.CaptureFixture[str]) -> None:
    for _ in range(6):
        child = Child()
        child._socket.close()
        wait_until(lambda child=child: not child.is_running())  # type: ignore[misc]
    assert capfd.readouterr().err == ""


def test_a_process_that_hangs_is_replaced() -> None:
    with closing(Espeak(patience_seconds=0.5)) as espeak:
        assert espeak.clauses("en-us", "Hello.") == HELLO
        hung = running(espeak)
        os.kill(hung, signal.SIGSTOP)
        assert espeak.clauses("en-us", "Hello.") == HELLO
        assert not exists(hung)


def test_ctrl_c_and_a_stop_are_for_the_parent(fresh: Espeak) -> None:
    fresh.clauses("en-us", "Hello.")
    process = running(fresh)
    os.kill(process, signal.SIGINT)
    os.kill(process, signal.SIGTERM)
    assert fresh.clauses("en-us", "Hello.") == HELLO
    assert fresh.process_id == process


def test_closing_ends_the_process_and_nothing_is_read_any_more() -> None:
    espeak = Espeak()
    process = running(espeak)
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    espeak.close()
    espeak.close()
    assert not exists(process)
    assert len(list(Path("/proc/self/fd").iterdir())) < descriptors
    with pytest.raises(SynthesisError):
        espeak.clauses("en-us", "Hello.")


def test_closing_waits_for_no_process_that_hangs(fresh: Espeak) -> None:
    fresh.clauses("en-us", "Hello.")
    os.kill(running(fresh), signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(fresh.clauses, "en-us", "Hello.")
        wait_until(fresh._lock.locked)
        fresh.close()
        with pytest.raises(SynthesisError):
            asking.result(timeout=1)


def test_a_process_ends_with_its_parent() -> None:
    reader, writer = os.pipe()
    parent = os.fork()
    if parent == 0:
        espeak = Espeak()
        espeak.clauses("en-us", "Hello.")
        os.write(writer, str(espeak.process_id).encode())
        signal.pause()
    process = int(os.read(reader, 20))
    os.close(reader)
    os.close(writer)
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    wait_until(lambda: not exists(process))


def test_a_process_that_has_leaked_enough_is_replaced_without_a_gap(
    fresh: Espeak, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hailo_piper.engine.espeak_ng.espeak._CLAUSES_A_PROCESS", 20)
    seen = set()
    for _ in range(200):
        assert fresh.clauses("en-us", "Hello.") == HELLO
        seen.add(fresh.process_id)
    assert len(seen) > 1
    wait_until(lambda: sum(map(exists, filter(None, seen))) <= 2)


def test_many_threads_may_ask_at_once(espeak: Espeak) -> None:
    texts = [f"Number {number}." for number in range(40)]
    expected = [espeak.clauses("en-us", text) for text in texts]
    found: dict[int, list[Clause]] = {}

    def ask(number: int) -> None:
        found[number] = espeak.clauses("en-us", texts[number])

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[number] for number in range(len(texts))] == expected


@pytest.mark.parametrize(
    "answer", [b"\xff", b"", PART.encode(), f"a{PART}.{PART}1{FIELD}".encode(), f"a{PART}.{CLAUSE}".encode()]
)
def test_an_answer_that_is_garbled_ends_the_process(answer: bytes) -> None:
    with pytest.raises(EndedError):
        list(_fields(answer, 1, _parse))


def test_what_separates_fields_is_a_blank_in_a_text(espeak: Espeak) -> None:
    assert espeak.clauses("en-us", f"one{FIELD}two{CLAUSE}three{PART}four\0five") == espeak.clauses(
        "en-us", "one two three four five"
    )


@pytest.mark.parametrize(
    ("known", "name"),
    [(True, "eu"), (True, "en-us"), (True, "EN-US"), (True, "en-gb-x-rp"), (True, "gmw/en-US"), (True, "de+f3"),
     (True, "cmn"), (False, "fo"), (False, "en-gb"), (False, "zh"), (False, "xx"), (False, ""), (False, "../en"),
     (False, "en-us\n")],
)  # fmt: skip
def test_a_language_is_known_or_not(known: bool, name: str) -> None:  # noqa: FBT001
    assert is_language(name) is known


def test_every_language_that_is_known_is_read_as_itself(espeak: Espeak) -> None:
    # After a name that it does not have, espeak-ng goes on in the language before: two of those tell.
    for name in filter(is_language, languages()):
        after = []
        for before in ("en-us", "hi"):
            espeak.clauses(before, "one")
            after.append(espeak.clauses(name, "1 2 3 house"))
        assert after[0] == after[1], name
        assert after[0][0].phonemes, name


def test_all_languages_but_a_few_are_known() -> None:
    unknown = {name for name in languages() if "/" not in name and not is_language(name)}
    assert unknown == {"fo", "kaa", "ps", "xex"}


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ({"espeak": {"voice": "en-us"}}, None),
        ({"espeak": {"voice": "xx"}, "phoneme_type": "text"}, None),
        ({"espeak": {"voice": "xx"}}, "espeak.voice is 'xx'"),
        ({"espeak": {"voice": "cmn"}, "phoneme_type": "pinyin"}, "phoneme_type is 'pinyin'. Allowed: espeak, text"),
    ],
)
def test_a_voice_that_cannot_be_read_is_refused(config: dict[str, object], problem: str | None) -> None:
    if problem is None:
        check_readable(config)
    else:
        with pytest.raises(ValueError, match=re.escape(problem)):
            check_readable(config)


hard = st.builds(lambda seed: clean(next(hard_texts(seed))[1]), st.integers(0, 1 << 30))


@settings(deadline=None)
@given(st.one_of(st.text(), hard))
def test_pieces_lose_nothing(text: str) -> None:
    assert "".join(pieces_of(text)) == text


@settings(deadline=None)
@given(hard)
def test_pieces_fit_the_buffers_of_espeak_ng(text: str) -> None:
    for piece in pieces_of(text):
        assert len(piece.encode()) <= 500
        # What espeak-ng may join: one letter, or one sign, after another, with a mark between them.
        longest = row = 0
        for gap, word in re.findall(r"([\s!-/:-@\[-`{-~]*)([^\s!-/:-@\[-`{-~]+)", piece):
            is_single = len(word) == 1 and unicodedata.category(word)[0] in "LM"
            row = (row + 1 if gap.strip() else 1) if is_single else 0
            longest = max(longest, row)
        assert longest <= 12


def test_a_text_of_usual_size_is_one_piece() -> None:
    text = "Everybody who had planned to come was told about it in time, and most of them came all the same. " * 5
    assert list(pieces_of(text)) == [text]
    assert list(pieces_of("a b c d e f g h i j k l m n o p q r s t u v w x y z")) == [
        "a b c d e f g h i j k l m n o p q r s t u v w x y z"
    ]


@pytest.mark.parametrize("pattern", PATTERNS, ids=ascii)
def test_the_cost_of_cutting_grows_with_the_text_and_not_faster(pattern: str) -> None:
    assert grows_slowly(lambda text: list(pieces_of(text)), pattern)


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_text_of_any_script_ends_the_process(espeak: Espeak, script: str, caplog: pytest.LogCaptureFixture) -> None:
    """A minute of the fuzzer; benchmarks/fuzz.py goes on for ten."""
    for language, text in itertools.islice(hard_texts(sum(script.encode())), 40):
        assert is_language(language)
        espeak.clauses(language, clean(text))
    assert "starts anew" not in caplog.text
