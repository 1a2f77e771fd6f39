"""Say-as speaks what an author has named, in each language, and leaves what it does not understand."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.text.normalise.say_as import MOST_CHARACTERS, say_as
from tests.text.normalise.say_as_cases import CASES, Case

KINDS = (
    "characters", "spell-out", "verbatim", "letters", "digits", "number_digit", "cardinal", "number", "ordinal",
    "fraction", "unit", "date", "time", "duration", "telephone", "currency", "money", "address", "expletive", "bleep",
    "percentage", "name", "vxml:date", "date:dmy", "", "?",
)  # fmt: skip
FORMS = ("", "mdy", "dmy", "ymd", "md", "dm", "ym", "my", "d", "m", "y", "yyyymmdd", "hms12", "hms24", "hms", "ms",
         "1", "33", "USD", "3 2", "ordinal")  # fmt: skip
LANGUAGES = (*CASES, "en_GB", "de", "sv_SE", "ru_RU", "hi_IN", "xx", "")
FIGURE = re.compile(r"[0-9]{1,15}(?:[.,][0-9]{1,10})?(?:st|nd|rd|th)?[.,;:!?]?")
"""What espeak-ng reads as one number."""


@pytest.mark.parametrize(
    ("language", "case"), [(language, case) for language, cases in CASES.items() for case in cases]
)
def test_a_kind_is_spoken(language: str, case: Case) -> None:
    text, kind, form, detail, spoken = case
    assert say_as(text, kind, form, detail, language) == spoken


@pytest.mark.parametrize(
    ("language", "before", "text", "after", "kind", "form", "spoken"),
    [
        ("de_DE", "am ", "3", "", "ordinal", "", "dritten"),
        ("de_DE", "die ", "3.", " Klasse", "ordinal", "", "dritte"),
        ("de_DE", "Am ", "14.3.2025", " um", "date", "", "vierzehnten März 2025"),
        ("pl_PL", "o ", "8:00", "", "time", "", "ósmej"),
        ("pl_PL", "w ", "1985", " roku", "date", "y", "tysiąc dziewięćset osiemdziesiątym piątym"),
        ("pl_PL", "", "3", " miejsce", "ordinal", "", "trzecie"),
        ("es_ES", "", "1", " lugar", "ordinal", "", "primer"),
        ("es_ES", "la ", "2", " planta", "ordinal", "", "segunda"),
        ("it_IT", "la ", "3", " volta", "ordinal", "", "terza"),
        ("pt_BR", "a ", "3", " vez", "ordinal", "", "terceira"),
    ],
)
def test_an_ending_depends_on_what_stands_around(  # noqa: PLR0917 - a table
    language: str, before: str, text: str, after: str, kind: str, form: str, spoken: str
) -> None:
    assert say_as(text, kind, form, "", language, before=before, after=after) == spoken


@pytest.mark.parametrize(
    ("language", "detail", "spoken"),
    [
        ("de", "masculine", "erster"),
        ("de", "feminine", "erste"),
        ("de", "neuter", "erstes"),
        ("fr", "feminine", "première"),
        ("fr", "m", "premier"),
        ("es", "female", "primera"),
        ("it", "feminine", "prima"),
        ("pt", "feminine", "primeira"),
        ("pl", "neuter", "pierwsze"),
        ("pl", "feminine", "pierwsza"),
        ("en", "feminine", "1st"),
        ("nl", "feminine", "eerste"),
    ],
)
def test_an_ordinal_has_the_gender_of_the_detail(language: str, detail: str, spoken: str) -> None:
    assert say_as("1", "ordinal", "", detail, language) == spoken


@pytest.mark.parametrize(
    ("language", "text", "spoken"),
    [
        ("en_US", "3/4/2025", "March 4th, 20 25"),
        ("en", "3/4/2025", "March 4th, 20 25"),
        ("en_GB", "3/4/2025", "April 3rd, 20 25"),
        ("en-us", "13/4/2025", "April 13th, 20 25"),
        ("en_US", "3.4.2025", "April 3rd, 20 25"),
        ("en_US", "2025-04-03", "April 3rd, 20 25"),
        ("en_US", "12/25", "December 25th"),
        ("en_GB", "25/12", "December 25th"),
        ("en_US", "9/11", "September 11th"),
    ],
)
def test_a_date_without_a_format_has_the_order_of_its_region(language: str, text: str, spoken: str) -> None:
    assert say_as(text, "date", "", "", language) == spoken


@pytest.mark.parametrize(
    ("kind", "form", "text", "spoken"),
    [
        ("spell-out", "", "Ab1", "eh B 1"),
        ("letters", "", "Ab1", "eh B 1"),
        ("verbatim", "", "Ab1", "eh B 1"),
        ("Characters", "", "Ab1", "eh B 1"),
        ("number_digit", "", "12", "1 2"),
        ("number", "", "12", "12"),
        ("number", "ordinal", "12", "12th"),
        ("number:ordinal", "", "12", "12th"),
        ("number", "digits", "12", "1 2"),
        ("vxml:date", "", "20250403", "April 3rd, 20 25"),
        ("date:dmy", "", "3/4/2025", "April 3rd, 20 25"),
        ("vxml:currency", "", "USD42.01", "42 U S dollars and 1 cent"),
        ("vxml:phone", "", "5551212", "5 5 5, 1 2 1 2"),
        ("vxml:time", "", "0230p", "2 30 P.M"),
        ("money", "", "$5", "5 dollars"),
        ("percentage", "", "5%", "5 percent"),
        ("bleep", "", "damn", "beep"),
        ("expletive", "", "damn", "beep"),
        ("address", "", "12 5th Ave.", "12 5th Avenue."),
        ("characters", "2,2", "12345", "1 2, 3 4, 5"),
        ("cardinal", "", "1 1/2", "1 and a half"),
        ("telephone", "", "555-1212 x9", "5 5 5, 1 2 1 2, extension 9"),
        ("time", "", "7'5\"", "7 minutes and 5 seconds"),
        ("time", "", "2 p.m.", "2 P.M"),
        ("time", "hms24", "14", "14 hundred"),
        ("duration", "", "1h 30m", "1 hour and 30 minutes"),
        ("duration", "hm", "01:30", "1 hour and 30 minutes"),
        ("duration", "", "PT0S", "0 seconds"),
        ("duration", "", "PT1.5S", "1.5 seconds"),
        ("cardinal", "", "007", "7"),
        ("cardinal", "", "+5", "plus 5"),
        ("cardinal", "", ".5", "0.5"),
        ("cardinal", "", "1,234,567.89", "1234567.89"),
        ("cardinal", "", "1234567890123", "1 2 3 4 5 6 7 8 9 0 1 2 3"),
    ],
)
def test_vendors_names_and_formats_are_known(kind: str, form: str, text: str, spoken: str) -> None:
    assert say_as(text, kind, form, "", "en_US") == spoken


@pytest.mark.parametrize(
    ("kind", "form", "text"),
    [
        ("name", "", "Bob"),
        ("interjection", "", "wow"),
        ("", "", "5"),
        ("cardinal", "", "five"),
        ("cardinal", "", "1,2,3"),
        ("ordinal", "", "0"),
        ("ordinal", "", "1.5"),
        ("ordinal", "", "1000000"),
        ("date", "", "14 March"),
        ("date", "mdy", "13/13/2025"),
        ("date", "", "????????"),
        ("date", "ymd", "12345"),
        ("time", "", "25:00"),
        ("time", "", "12:99"),
        ("time", "", "7"),
        ("duration", "", "soon"),
        ("duration", "", ""),
        ("fraction", "", "1/"),
        ("telephone", "", "call me"),
        ("currency", "", "much"),
        ("unit", "", "5 whales"),
        ("cardinal", "", "٣"),
        ("digits", "", "none"),
        ("characters", "", " "),
        ("cardinal", "", "1" * (MOST_CHARACTERS + 1)),
    ],
)
def test_what_is_not_of_its_kind_stands_as_it_is(kind: str, form: str, text: str) -> None:
    assert say_as(text, kind, form, "", "en_US") is None


@pytest.mark.parametrize(
    ("language", "text", "kind", "form", "spoken"),
    [
        ("sv_SE", "5ft", "unit", "", "5 fot"),
        ("sv_SE", "3/4/2025", "date", "", "3 april 2025"),
        ("ru_RU", "3.4.2025", "date", "", "3 апреля 2025 года"),
        ("ru_RU", "4/2025", "date", "my", "апрель 2025 года"),
        ("sv_SE", "PT2H", "duration", "", "2 timmar"),
        ("sv_SE", "abc", "characters", "", "A B C"),
        ("fi_FI", "5 €", "currency", "", "5 euroa"),
        ("da_DK", "5", "date", "m", "maj"),
        ("xx", "12", "digits", "", "1 2"),
        ("sv_SE", "1 234,5", "cardinal", "", "1234,5"),
        ("cs", "+1 212", "telephone", "", "+ 1, 2 1 2"),
    ],
)
def test_other_languages_have_what_cldr_knows(language: str, text: str, kind: str, form: str, spoken: str) -> None:
    assert say_as(text, kind, form, "", language) == spoken


@pytest.mark.parametrize(
    ("kind", "text"), [("ordinal", "3"), ("fraction", "3/4"), ("time", "14:30"), ("address", "Storgatan 5")]
)
def test_other_languages_leave_what_has_a_grammar(kind: str, text: str) -> None:
    assert say_as(text, kind, "", "", "sv_SE") is None


WRITTEN = st.text(max_size=40) | st.text("0123456789.,:/-+ ?'\"½¾²٣³XIVapmPTHMS$€%ªº()", max_size=24)


@given(
    text=WRITTEN,
    kind=st.sampled_from(KINDS),
    form=st.sampled_from(FORMS) | st.text(max_size=6),
    detail=st.sampled_from(["", "feminine", "2 2"]) | st.text(max_size=6),
    language=st.sampled_from(LANGUAGES),
)
def test_nothing_that_is_written_raises(text: str, kind: str, form: str, detail: str, language: str) -> None:
    spoken = say_as(text, kind, form, detail, language, before=text, after=text)
    assert spoken is None or spoken


NUMBERS = st.integers(0, 10**13).map(str)
SHAPES = st.one_of(
    st.tuples(st.sampled_from(["cardinal", "ordinal", "digits", "telephone", "number"]), NUMBERS),
    st.tuples(st.just("cardinal"), st.decimals(-9999, 9999, places=2, allow_nan=False).map(str)),
    st.tuples(st.just("fraction"), st.tuples(NUMBERS, NUMBERS).map("/".join)),
    st.tuples(st.just("date"), st.dates().map(str)),
    st.tuples(st.just("time"), st.times().map(lambda time: time.strftime("%H:%M:%S"))),
    st.tuples(st.just("duration"), st.tuples(NUMBERS, NUMBERS).map(lambda parts: f"P{parts[0]}DT{parts[1]}M")),
    st.tuples(st.just("unit"), NUMBERS.map(lambda number: f"{number[:9]} kg")),
    st.tuples(st.just("currency"), NUMBERS.map(lambda number: f"{number[:9]} €")),
)


@given(shape=SHAPES, language=st.sampled_from(tuple(CASES)))
def test_every_figure_that_is_left_is_a_number_by_itself(shape: tuple[str, str], language: str) -> None:
    spoken = say_as(shape[1], shape[0], "", "", language)
    for word in (spoken or "").split():
        assert FIGURE.fullmatch(word) or not re.search("[0-9]", word), spoken


@pytest.mark.parametrize(
    ("language", "voice", "letter", "heard"),
    [
        ("en_US", "en-us", "A", "eɪ"),
        ("de_DE", "de", "ß", "ɛstsɛt"),
        ("fr_FR", "fr", "Y", "iɡʁɛk"),
        ("es_ES", "es", "Y", "iɣɾieɣa"),
        ("it_IT", "it", "J", "iluŋɡa"),
        ("pt_BR", "pt-br", "E", "ɛ"),
        ("pt_BR", "pt-br", "O", "ɔ"),
        ("nl_NL", "nl", "S", "ɛs"),
        ("pl_PL", "pl", "W", "vu"),
        ("pl_PL", "pl", "Z", "zɛ"),
    ],
)
def test_a_letter_among_others_has_its_name(espeak: Espeak, language: str, voice: str, letter: str, heard: str) -> None:
    spoken = say_as(f"B{letter}B", "characters", "", "", language)
    assert spoken
    sounds = "".join(clause.phonemes for clause in espeak.clauses(voice, spoken))
    assert heard in re.sub("[ˈˌʲ ]", "", sounds)
