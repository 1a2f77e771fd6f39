from pathlib import Path

import pytest

from hailo_piper.errors import ConfigError
from hailo_piper.text.lexicon.directory import files_in, read_lexicon
from hailo_piper.text.lexicon.plain_file import read_plain
from hailo_piper.text.lexicon.pls_file import read_pls
from hailo_piper.text.lexicon.pronunciation import Pronunciation

PLAIN = """
language: [en, de_DE]
voice: en_US-joe-medium
case: exact
words:
  SQL: sequel
  Nguyen: /wɪn/
  um: ""
  gif: {say: jiff, case: any}
  ough: {say: uff, part: true}
  bad: {refuse: true}
"""
PLS = """<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">
  <meta name="author" content="somebody"/>
  <lexeme><grapheme>judgment</grapheme><grapheme>judgement</grapheme><phoneme>ˈdʒʌdʒ.mənt</phoneme></lexeme>
  <lexeme><grapheme>fiancé</grapheme><phoneme prefer="true">fiˈɒns.eɪ</phoneme><phoneme>fiˈɑːnseɪ</phoneme>
    <example>My <b>fiancé</b> came.</example></lexeme>
  <lexeme><grapheme>tomato</grapheme><phoneme>x</phoneme>
    <phoneme prefer="true" alphabet="x-sampa">t@"mA:t@U</phoneme></lexeme>
  <lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme>
  <lexeme><grapheme>nothing</grapheme></lexeme>
</lexicon>"""


def test_a_plain_file_has_words_and_whom_they_are_for(tmp_path: Path) -> None:
    path = tmp_path / "words.yaml"
    path.write_text(PLAIN, encoding="utf-8")
    words = read_plain(path)
    assert words.pronunciations == (
        Pronunciation(word="SQL", spoken="sequel", match_case=True),
        Pronunciation(word="Nguyen", phonemes="wɪn", match_case=True),
        Pronunciation(word="um", match_case=True),
        Pronunciation(word="gif", spoken="jiff"),
        Pronunciation(word="ough", spoken="uff", match_case=True, whole_word=False),
        Pronunciation(word="bad", is_refused=True, match_case=True),
    )
    assert words.fit("en_US-joe-medium", "en_US")
    assert words.fit("EN_US-joe-medium", "de-de")
    assert not words.fit("en_US-joe-medium", "de_AT")
    assert not words.fit("en_US-amy-medium", "en_US")


def test_a_pls_file_is_read_as_the_w3c_has_it(tmp_path: Path) -> None:
    path = tmp_path / "words.pls"
    path.write_text(PLS, encoding="utf-8")
    words = read_pls(path)
    assert words.languages == ("en_us",)
    assert [(entry.word, entry.phonemes or entry.spoken) for entry in words.pronunciations] == [
        ("judgment", "ˈdʒʌdʒmənt"),
        ("judgement", "ˈdʒʌdʒmənt"),
        ("fiancé", "fiˈɒnseɪ"),
        ("tomato", "təˈmɑːtəʊ"),
        ("W3C", "World Wide Web Consortium"),
    ]
    assert all(entry.match_case for entry in words.pronunciations)


def test_a_pls_file_may_name_its_document_type(tmp_path: Path) -> None:
    path = tmp_path / "words.PLS"
    named = '<!DOCTYPE lexicon PUBLIC "-//W3C//DTD PLS 1.0//EN" "http://127.0.0.1:9/pls.dtd"><lexicon'
    path.write_text(PLS.replace("<lexicon", named), encoding="utf-8")
    assert files_in([tmp_path]) == [path]
    assert len(read_lexicon(path).pronunciations) == 5


def test_a_respelling_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "words.yaml"
    path.write_bytes(b"words:\r\n  x: |\r\n    one\r\n    two\r\n")
    assert read_plain(path).pronunciations == (Pronunciation(word="x", spoken="one two"),)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.yaml", "SQL: sequel", "unknown key 'SQL'; known: language, voice, case, words"),
        ("a.yaml", "words: {x: 5}", "a respelling or /IPA/ in a string or a mapping"),
        ("a.yaml", "words: {on: x}", "words: YAML reads a word here as true; write it in quotes"),
        ("a.yaml", "words: {7: x}", "words: YAML reads a word here as 7; write it in quotes"),
        ("a.yaml", "language: no\nwords: {x: y}", "language: YAML reads a word here as false; write it in quotes"),
        ("a.yaml", "language: [en, norsk]\nwords: {x: y}", "language: 'norsk' is no code of a language"),
        ("a.yaml", "words: {x: {part: true}}", r"words\.x: it needs say, where \"\" skips the word, or refuse: true"),
        ("a.yaml", "words: {x: '/a/, /b/'}", r"words\.x: .* more than one pronunciation"),
        ("a.yaml", "words: {x: //}", r"words\.x: there is no sound"),
        ("a.yaml", "words: {x: /ˈ/}", r"words\.x: there is no sound"),
        ("a.yaml", "words: {x: {say: y, do: z}}", r"words\.x: "),
        ("a.yaml", "", "words"),
        ("a.yaml", "- x", "the file"),
        ("a.yaml", "words: {a: b, a: c}", "line 1: .*'a' is given twice"),
        ("a.json", '{"words": ', "neither YAML nor JSON"),
        ("a.pls", "<speak/>", "line 1: it begins with <speak>, and a PLS file with <lexicon>"),
        ("a.pls", "<lexicon>", "line 1: it is no XML: no element found"),
        ("a.pls", "<!DOCTYPE lexicon [<!ENTITY a 'b'>]><lexicon>&a;</lexicon>", "entities are not allowed"),
        (
            "a.pls",
            "<lexicon alphabet='cmu-arpabet'>\n<lexeme><grapheme>x</grapheme><phoneme>QQ</phoneme></lexeme></lexicon>",
            "line 2: x: 'QQ' is no sign of the ARPAbet",
        ),
        ("none.pls", None, "cannot be read: No such file"),
    ],
)
def test_a_mistake_names_its_file_and_place(tmp_path: Path, name: str, content: str | None, why: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=f"{name}: .*{why}"):
        (read_pls if name.endswith(".pls") else read_plain)(path)
