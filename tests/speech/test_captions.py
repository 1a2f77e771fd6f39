"""Caption files: how a text is shared out, and what parsers of others make of the files."""

import json
import re
import subprocess
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import imageio_ffmpeg
import pysubs2
import pytest
import srt
import webvtt
from hypothesis import given, settings
from hypothesis import strategies as st
from openai.types.audio import TranscriptionVerbose

from hailo_piper.audio.word import Word
from hailo_piper.engine.words import words_of
from hailo_piper.speech.captions.cues import cues
from hailo_piper.speech.captions.formats import FORMATS, Captions, captions_of
from hailo_piper.speech.captions.tokens import columns
from tests.support.growth import grows_slowly

SIGNS = "\"'“”‘’«»([])¿¡.,;:!?…*_。，「」"
LONG = (
    "The quick brown fox jumps over the lazy dog, which lies beside the river; it does not mind at all. "
    "Nobody knows why. Dr. Smith, who lives nearby, thinks that dogs are patient animals and foxes are not."
)
CHINESE = (
    "我們在這裡，說「你好」。這是一個很長的句子，沒有任何空白，可是我們還是要把它分成兩行，因為它太長了，真的太長了。"
)


def words_in(text: str, seconds_a_letter: float = 0.07) -> list[Word]:
    """Words without the punctuation around them, which sound one after another."""
    found, at = list[Word](), 0.0
    for start, end in words_of(text):
        word = text[start:end].strip(SIGNS) or text[start:end]
        first = text.index(word, start)
        stop = at + seconds_a_letter * len(word)
        found.append(Word(word, at, stop, first, first + len(word)))
        at = stop + 0.02
    return found


def captions(text: str, seconds_a_letter: float = 0.07) -> Captions:
    words = words_in(text, seconds_a_letter)
    return captions_of(words, text, language="en_US", duration=words[-1].end if words else 0.0)


def lines(text: str, seconds_a_letter: float = 0.07) -> list[list[str]]:
    return [list(cue.lines) for cue in captions(text, seconds_a_letter).cues]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('"Hello," (so) he said: ¿Qué?', '"Hello," (so) he said: ¿Qué?'),
        ("« Oui », dit-il !", "« Oui », dit-il !"),
        ("One — or two – or\nthree.", "One — or two – or three."),
        ("„So“, sagt er.", "„So“, sagt er."),
        ("musical/sport", "musical/sport"),
        ("AT&T at 5 < 6", "AT&T at 5 < 6"),
        ("שלום, עולם!", "שלום, עולם!"),
        ("مرحبا، بالعالم؟", "مرحبا، بالعالم؟"),
        ("…and so on...", "…and so on..."),
    ],
)
def test_a_caption_is_the_text_as_it_was_sent(text: str, shown: str) -> None:
    assert lines(text) == [[shown]]


@pytest.mark.parametrize(
    ("text", "heard", "shown"),
    [
        ("**Bold** and _soft_ ~~words~~.", "Bold and soft words", "Bold and soft words."),
        ("See [the page](http://a.b/c), now.", "See the page now", "See the page, now."),
        ("A <b class='x'>loud</b> word&nbsp;here.", "A loud word here", "A loud word here."),
        ("# Title\n\n> quoted\n\n- item one", "Title quoted item one", "Title quoted item one"),
        ("| a | b |\n|---|---|\n| c | d |", "a b c d", "a b c d"),
        ("Code:\n```python\nx = 1\n```\nAnd on.", "Code And on", "Code: And on."),
    ],
)
def test_markup_between_words_is_left_out(text: str, heard: str, shown: str) -> None:
    found, at = list[Word](), 0
    for number, word in enumerate(heard.split()):
        at = text.index(word, at)
        found.append(Word(word, number * 2.0, number * 2.0 + 1.9, at, at + len(word)))
        at += len(word)
    assert " ".join(line for cue in cues(found, text) for line in cue.lines) == shown


def test_a_cue_ends_with_a_sentence_then_at_a_clause() -> None:
    assert lines(LONG) == [
        ["The quick brown fox", "jumps over the lazy dog,"],
        ["which lies beside the river;", "it does not mind at all."],
        ["Nobody knows why."],
        ["Dr. Smith, who lives nearby,"],
        ["thinks that dogs are patient", "animals and foxes are not."],
    ]


def test_a_paragraph_never_shares_a_cue_with_the_next() -> None:
    assert lines("Yes.\n\nNo.\n\n- One\n- Two") == [["Yes."], ["No."], ["One"], ["Two"]]


def test_sentences_too_short_to_read_share_a_cue() -> None:
    assert lines("Yes. No. So. It is like this, as they used to say.") == [
        ["Yes. No. So."],
        ["It is like this, as they used to say."],
    ]


def test_text_without_blanks_breaks_at_its_commas() -> None:
    found = captions(CHINESE).cues
    assert all(len(line) <= 21 for cue in found for line in cue.lines)
    assert all(cue.lines[-1][-1] in "，。」" for cue in found)
    assert "".join(line for cue in found for line in cue.lines) == CHINESE


@pytest.mark.parametrize("letter", ["a", "漢", "ส", "ี", "e\u0301", "👩🏽\u200d🚀"])
def test_a_word_longer_than_a_line_is_cut_between_letters(letter: str) -> None:
    text = f"“{letter * 200},” so."
    word = Word(letter * 200, 1.0, 9.0, 1, 1 + 200 * len(letter))
    so = Word("so", 9.0, 9.5, len(text) - 3, len(text) - 1)
    found = cues([word, so], text)
    shown = "".join(line for cue in found for line in cue.lines)
    assert shown.replace(" ", "") == text.replace(" ", "")
    parts = [word for cue in found for word in cue.words][:-1]
    assert "".join(part.text for part in parts) == letter * 200
    assert all(text[part.start_char : part.end_char] == part.text for part in parts)
    if letter != "ี":
        assert all(part.text.endswith(letter[-1]) for part in parts)


def test_a_word_with_a_line_break_stays_on_one_line() -> None:
    text = "from New\n\nYork, today"
    found = [Word("from", 0, 1, 0, 4), Word("New\n\nYork", 1, 2, 5, 14), Word("today", 2, 3, 16, 21)]
    assert [cue.lines for cue in cues(found, text)] == [("from New York, today",)]


def test_a_short_cue_stays_where_there_is_time() -> None:
    found = [Word("Yes", 0, 0.2, 0, 3), Word("No", 0.7, 0.9, 6, 8), Word("So", 5, 5.2, 11, 13)]
    times = [(cue.start, cue.end) for cue in cues(found, "Yes.\n\nNo.\n\nSo.")]
    assert times == [(0, 0.7), (0.7, 1.7), (5, 6)]


def test_words_without_any_time_give_cues_that_have_some() -> None:
    found = [Word("x", 1, 1, at * 3, at * 3 + 1) for at in range(50)]
    times = [(cue.start, cue.end) for cue in cues(found, "x\n\n" * 50)]
    assert all(start < end for start, end in times)
    assert all(before[1] <= after[0] for before, after in pairwise(times))


@pytest.mark.parametrize("name", FORMATS)
def test_a_text_without_words_is_a_valid_file(name: str) -> None:
    content = FORMATS[name].write(captions_of([], "...", language="en_US", duration=0.0))
    expected = {"srt": "", "lrc": "", "vtt": "WEBVTT\n"}
    assert content == expected.get(name, content)
    if name == "json":
        assert TranscriptionVerbose.model_validate_json(content).words == []
    if name == "vtt":
        assert webvtt.from_string(content).captions == []


def test_the_files_of_two_sentences() -> None:
    text = "Hi there, you. Bye & <go>"
    found = [
        Word("Hi", 0.1, 0.4, 0, 2), Word("there", 0.4004, 0.8, 3, 8), Word("you", 1.0, 1.5, 10, 13),
        Word("Bye", 3.0, 3.5, 15, 18), Word("&", 3.5, 3.6, 19, 20), Word("<go>", 3.7, 4.25, 21, 25),
    ]  # fmt: skip
    made = captions_of(found, text, language="en_US", duration=4.5)
    assert FORMATS["srt"].write(made) == (
        "1\n00:00:00,100 --> 00:00:01,500\nHi there, you.\n\n"
        "2\n00:00:03,000 --> 00:00:04,250\nBye & <\u200bgo>\n\n"
    )  # fmt: skip
    assert FORMATS["vtt"].write(made) == (
        "WEBVTT\n\n00:00:00.100 --> 00:00:01.500\nHi <00:00:00.400>there, <00:00:01.000>you.\n\n"
        "00:00:03.000 --> 00:00:04.250\nBye <00:00:03.500>&amp; <00:00:03.700>&lt;go&gt;\n"
    )
    assert FORMATS["lrc"].write(made) == (
        "[00:00.10]<00:00.10>Hi <00:00.40>there, <00:01.00>you. <00:01.50>\n"
        "[00:03.00]<00:03.00>Bye <00:03.50>& <00:03.70><go> <00:04.25>\n"
    )
    parsed = TranscriptionVerbose.model_validate_json(FORMATS["json"].write(made), strict=True)
    assert (parsed.text, parsed.language, parsed.duration) == (text, "en_US", 4.5)
    assert [(word.word, word.start, word.end) for word in parsed.words or []] == [tuple(word[:3]) for word in found]
    assert [segment.text for segment in parsed.segments or []] == ["Hi there, you.", "Bye & <go>"]
    assert json.loads(FORMATS["json"].write(made))["words"][5]["start_char"] == 21


LETTERS = st.sampled_from([*"abcXYZ19éßЖשم漢ひส", "e\u0301", "don't", "&", "<b>", "-->", "{\\an8}", "[1", "\u200b"])
WORDS = st.lists(LETTERS, min_size=1, max_size=60).map("".join)
GAPS = st.sampled_from([" ", " ", " ", ", ", ". ", "! ", "\n", "\n\n", " — ", "。", "，「", '" (', "**", "... ", "; "])
STEPS = st.tuples(WORDS, GAPS, st.sampled_from([0.0, 0.001, 0.2, 0.4, 3.0]), st.sampled_from([0.0, 0.0004, 0.5]))


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[Word]]:
    text, at, found = draw(st.sampled_from(["", "“", "# ", "- "])), 0.0, list[Word]()
    for word, gap, length, pause in draw(st.lists(STEPS, max_size=40)):
        found.append(Word(word, at + pause, at + pause + length, len(text), len(text) + len(word)))
        at += pause + length
        text += word + gap
    return text, found


def joined(parts: Sequence[str]) -> str:
    return re.sub(r"[\s\u200b]", "", "".join(parts))


@settings(max_examples=300, deadline=None)
@given(texts())
def test_every_word_is_in_one_cue_in_order_and_within_the_bounds(given_text: tuple[str, list[Word]]) -> None:
    text, found = given_text
    made = captions_of(found, text, language="en_US", duration=1000.0)
    shown = [word for cue in made.cues for word in cue.words]
    short = [word for word in found if columns(word.text) <= 20]
    assert [word for word in shown if not word.is_estimated and word in short] == short
    assert "".join(word.text for word in shown) == "".join(word.text for word in found)
    at = 0.0
    for cue in made.cues:
        assert 1 <= len(cue.lines) <= 2
        assert all(0 < columns(line) <= 42 and line == line.strip() for line in cue.lines)
        assert at <= cue.start < cue.end
        at = cue.end
    assert joined([line for cue in made.cues for line in cue.lines]).count("don't") == text.count("don't")


@settings(max_examples=150, deadline=None)
@given(texts())
def test_parsers_of_others_read_the_same(given_text: tuple[str, list[Word]]) -> None:
    text, found = given_text
    made = captions_of(found, text, language="en_US", duration=1000.0)
    expected = [joined(cue.lines) for cue in made.cues]
    times = [(round(cue.start * 1000), round(cue.end * 1000)) for cue in made.cues]

    subrip = FORMATS["srt"].write(made)
    entries = list(srt.parse(subrip))
    assert [joined([entry.content]) for entry in entries] == expected
    assert [(round(e.start.total_seconds() * 1000), round(e.end.total_seconds() * 1000)) for e in entries] == times
    events = pysubs2.SSAFile.from_string(subrip, format_="srt", keep_unknown_html_tags=True)
    assert [(event.start, event.end) for event in events] == times

    web = webvtt.from_string(FORMATS["vtt"].write(made))
    assert [(round(c.start_in_seconds * 1000), round(c.end_in_seconds * 1000)) for c in web.captions] or not times
    plain = [re.sub(r"<[\d:.]+>", "", caption.raw_text) for caption in web.captions]
    unescaped = [line.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for line in plain]
    assert [joined([line]) for line in unescaped] == expected
    for caption, (start, end) in zip(web.captions, times, strict=True):
        stamps = [
            round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)
            for hours, minutes, seconds in re.findall(r"<(\d+):(\d+):([\d.]+)>", caption.raw_text)
        ]
        assert sorted({start, *stamps, end}) == [start, *stamps, end]

    lyrics = FORMATS["lrc"].write(made)
    stamps = [int(m) * 6000 + round(float(s) * 100) for m, s in re.findall(r"[\[<](\d+):(\d+\.\d\d)[\]>]", lyrics)]
    assert stamps == sorted(stamps)
    TranscriptionVerbose.model_validate_json(FORMATS["json"].write(made))


@pytest.mark.parametrize(
    "pattern", ["word ", "漢。", "x! ", "* _[(", "<b ", "[x](y) ", "e\u0301", "\n\n- a", "!?", "Dr. "]
)
def test_the_cost_is_linear_in_the_text(pattern: str) -> None:
    def work(text: str) -> None:
        middle = [Word(text, 0, 9, 0, len(text))] if " " not in text else words_in(text)
        made = captions_of(middle, text, language="en_US", duration=9.0)
        for kind in FORMATS.values():
            kind.write(made)

    assert grows_slowly(work, pattern)


@pytest.mark.parametrize("name", ["srt", "vtt"])
def test_ffmpeg_muxes_them_without_complaint(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"captions.{name}"
    path.write_text(FORMATS[name].write(captions(f"{LONG} A --> b, <i>1</i> {{\\an8}} & so.")), encoding="utf-8")
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "warning", "-i", str(path)]
    run = subprocess.run([*command, "-c:s", "ass", "-f", "ass", "pipe:1"], capture_output=True, check=True)
    assert run.stderr == b""
    assert run.stdout.count(b"Dialogue:") == len(captions(f"{LONG} A --> b, <i>1</i> {{\\an8}} & so.").cues)

    film = tmp_path / "film.mkv"
    colour = ["-f", "lavfi", "-i", "color=size=320x240:rate=5:duration=3"]
    subprocess.run([*command, *colour, "-map", "1", "-map", "0", "-c:s", "srt", str(film)], check=True)
    assert film.stat().st_size > 0


def test_ffmpeg_burns_them(tmp_path: Path) -> None:
    path = tmp_path / "captions.srt"
    path.write_text(FORMATS["srt"].write(captions("Hello there, you.")), encoding="utf-8")
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        "color=size=320x240:rate=1:duration=1",
    ]
    run = subprocess.run(
        [*command, "-vf", "subtitles=captions.srt", "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"],
        capture_output=True,
        check=True,
        cwd=tmp_path,
    )
    assert len(run.stdout) == 320 * 240
    assert run.stderr == b"" or b"font" in run.stderr.lower()
