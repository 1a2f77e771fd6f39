import pytest
from hypothesis import given
from hypothesis import strategies as st

from hailo_piper.errors import RefusedTextError
from hailo_piper.text.lexicon.matcher import Lexicon
from hailo_piper.text.lexicon.pronunciation import Pronunciation, read_pronunciation
from hailo_piper.text.normalise.verbaliser import verbalise
from hailo_piper.text.sentence import Sentence
from tests.support.growth import PATTERNS, grows_slowly

LEXICON = Lexicon(
    [
        read_pronunciation("SQL", "sequel"),
        read_pronunciation("New York", "nu jork"),
        read_pronunciation("York", "jork"),
        read_pronunciation("C++", "see plus plus"),
        read_pronunciation(".NET", "dot net"),
        read_pronunciation("%", "percent"),
        read_pronunciation("d'Arc", "dark"),
        read_pronunciation("damn", ""),
        read_pronunciation("US", "you ess", match_case=True),
        read_pronunciation("東京", "toukyou"),
        *(read_pronunciation(word, f"<{word}>") for word in ("t", "m", "3", "Wi-Fi", "ते", "oﬃce", "API")),
        read_pronunciation("approx.", "approximately"),
        read_pronunciation("Mfg.", "/mæn/"),
        Pronunciation(word="ough", spoken="uff", whole_word=False),
    ]
)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Use SQL, sql or Sql.", "Use sequel, sequel or sequel."),
        ("SQL's MySQL-SQL", "sequel's MySQL-sequel"),
        ("SQLite and NoSQL_SQL", "SQLite and NoSQL_SQL"),
        ("New York, York, New Yorker", "nu jork, jork, New Yorker"),
        ("C++ and ASP.NET in .net", "see plus plus and ASP dot net in dot net"),
        ("50% of C++17", "50 percent of see plus plus 17"),
        ("Jeanne d’Arc", "Jeanne dark"),
        ("That damn cat", "That  cat"),
        ("Tell us of the US.", "Tell us of the you ess."),
        ("私は東京に住む", "私はtoukyouに住む"),
        ("A rough ride", "A ruff ride"),
        ("Say SQL for $5.", "Say sequel for 5 dollars."),
        ("I'm sure you don’t mean 5 m.", "I'm sure you don’t mean 5 <m>."),
        ("L'API, l’API", "L'<API>, l’<API>"),
        ("Pi is 3.14, not 3.", "Pi is 3.14, not <3>."),
        ("Wi‑Fi and wi‐fi", "<Wi-Fi> and <Wi-Fi>"),
        ("नमस्ते", "नमस्ते"),
        ("My office", "My <oﬃce>"),
        ("It is 5 approx.", "It is 5 approximately."),
        ("“It is 5 approx.”", "“It is 5 approximately.”"),
        ("Is it 5 approx.?", "Is it 5 approximately?"),
        ("The Mfg.", "The Mfg."),
        ("Ask york@sql.com, see https://york.org/damn.", "Ask jork at S Q L dot com, see jork dot org slash ."),
        ("Join #York.", "Join hashtag jork."),
    ],
)
def test_whole_words_are_said_as_the_lexicon_says(text: str, spoken: str) -> None:
    assert verbalise(Sentence(text), "en_US", [LEXICON]).text == spoken


def test_of_two_lexicons_the_first_counts() -> None:
    first = Lexicon([read_pronunciation("York", "first")])
    assert verbalise(Sentence("York, New York"), "en", [first, LEXICON], normalize=False).text == "first, New first"


@pytest.mark.parametrize("text", ["A bad word", "BAD!", "This is naughty."])
def test_a_refused_word_refuses_the_text_however_it_comes_to_be_spoken(text: str) -> None:
    refusing = Lexicon([Pronunciation(word="bad", is_refused=True)])
    alias = Lexicon([read_pronunciation("naughty", "bad"), read_pronunciation("BAD", "good")])
    with pytest.raises(RefusedTextError, match="'bad'"):
        verbalise(Sentence(text), "en", [alias, refusing])
    assert verbalise(Sentence("A badge"), "en", [refusing]).text == "A badge"


def test_the_respelling_of_a_pls_file_points_on() -> None:
    pointing = Lexicon(
        [
            Pronunciation(word="BBC", phonemes="biːbiːsiː", match_case=True),
            Pronunciation(word="BBC 1", spoken="BBC one of BBC", match_case=True, points_on=True),
            Pronunciation(word="loop", spoken="loop the loop", points_on=True),
        ]
    )
    sentence = verbalise(Sentence("Watch BBC 1 now"), "en", [pointing], normalize=False)
    assert sentence.text == "Watch BBC one of BBC now"
    assert sentence.pronounced == ((6, "biːbiːsiː"), (17, "biːbiːsiː"))
    assert next(span for span in sentence.spans if span.rule).start == 6
    assert verbalise(Sentence("a loop"), "en", [pointing], normalize=False).text == "a loop the loop"


@given(
    st.text(alphabet="aAbB.' -–東京é", max_size=40), st.lists(st.text("aAbB.'東é", min_size=1, max_size=4), max_size=5)
)
def test_spans_stand_for_what_the_text_had_there(text: str, words: list[str]) -> None:
    lexicon = Lexicon(read_pronunciation(word, "x") for word in words)
    sentence = verbalise(Sentence(text), "xx", [lexicon])
    at = 0
    for span in sentence.spans:
        assert span.start == at
        at = span.end
        if span.rule:
            # Of an abbreviation at the end, the full stop is left.
            assert {text[span.start : span.end].lower(), text[span.start :].lower()} & {word.lower() for word in words}
        else:
            assert span.spoken == text[span.start : span.end]
    assert not sentence.spans or at == len(text)


@pytest.mark.parametrize("pattern", ["york@sql.com ", "#York ", "https://york.org/", "d'Arc@"])
def test_the_cost_of_words_in_addresses_is_linear(pattern: str) -> None:
    assert grows_slowly(lambda text: verbalise(Sentence(text), "en_US", [LEXICON]), pattern)


@pytest.mark.parametrize("pattern", [*PATTERNS, "SQL ", "New ", "New York ", "ough", "C+", "東"])
def test_the_cost_of_a_lexicon_is_linear(pattern: str) -> None:
    assert grows_slowly(LEXICON.find, pattern)
