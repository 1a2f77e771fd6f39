"""Markup is never heard, and a text without any stays as it is; however it is cut."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hailo_piper.text.markup import Markup
from hailo_piper.text.reading import Reading
from hailo_piper.text.splitter import split


def without_markup(text: str) -> str:
    """A whole text without its markup."""
    markup = Markup(Reading())
    return markup.push(text) + markup.finish()


PLAIN = [
    "It cost 5 * 3 = 15, and 2*3 = 6.",
    "snake_case and MAX_SIZE, ~5 left, a = b",
    "AT&T and R&D & more; x < y and z > w, a<b",
    "He said (quietly): [sic] no.",
    "C:\\Users and \\n",
    "-5 degrees\n-- and so on",
    "#1 of 10 and #hashtag",
    "1. One\n2) Two",
    "Wait! [x",
    "| is a pipe",
    "Don't stop - not yet!",
    "twenty-\nOne",
]


@pytest.mark.parametrize("text", PLAIN[:-3])
def test_what_is_no_markup_stays(text: str) -> None:
    assert without_markup(text) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("This is **very** *important* and ***late***.", ["This is very important and late."]),
        ("Use __bold__, _italic_ and ~~old~~ text.", ["Use bold, italic and old text."]),
        (r"If \( a \neq 0 \), $x = \frac{-b \pm \sqrt{b^2}}{2}$.", ["If a ≠ 0, x = (-b ± √(b²)) / 2."]),
        (r"So $$\frac{1}{2} \times \pi^{10}$$ or \[5 \text{ cm}^3\] or $n$.", ["So 1/2 × π^10 or 5 cm³ or n."]),
        ("$5 and $10, $HOME and $USER_A or $USER_B", ["$5 and $10, $HOME and $USER_A or $USER_B"]),
        (r"Only \[escaped\] and \(open.", ["Only [escaped] and (open."]),
        ("**Résumé :**\nCA *net :* 5 :-*", ["Résumé :", "CA net : 5"]),
        ("# Getting started\nPlug it in.", ["Getting started", "Plug it in."]),
        ("Title\n=====\nText\n-----\nMore", ["Title", "Text", "More"]),
        ("- Apples\n* Pears\n+ Plums", ["Apples", "Pears", "Plums"]),
        ("- [x] Done.\n- [ ] To do.", ["Done.", "To do."]),
        ("![A red fox](fox.png) ran past [the house](http://x.y/a_(b)).", ["A red fox ran past the house."]),
        ("See [the page][1] and <https://example.com>.", ["See the page and https://example.com."]),
        ("Proven.[3] Then more[^1].", ["Proven.", "Then more."]),
        ("Try this:\n\n```python\nprint('hello')\n```\n\nThen stop.", ["Try this:", "Then stop."]),
        ("Set `max_speed` to 5.", ["Set max_speed to 5."]),
        ("> He said\n> **no**.", ["He said no."]),
        ("***\n\nThe end.\n\n---", ["The end."]),
        ("===== Section =====\nText", ["Section", "Text"]),
        ("| Name | Age |\n|---|:-:|\n| Anna | *30* |", ["Name, Age", "Anna, 30"]),
        ("<b>Hello</b> big <i>world</i>!<br>Next", ["Hello big world!", "Next"]),
        ("<p>One</p><p>Two</p><script>var x = 1 < 2;</script>", ["One", "Two"]),
        ("Keep it <!-- hidden > note --> simple.", ["Keep it simple."]),
        ('An <img src="f.png" alt="old &amp; red"> fox', ["An old & red fox"]),
        ("Say &quot;hi&quot; &amp; go &#33;", ['Say "hi" & go !']),
        ("H<sub>2</sub>O is 5&nbsp;km away.", ["H2O is 5 km away."]),
        ("Great work 👍🏽 Thanks!", ["Great work Thanks!"]),
        ("We won! 🎉🎉\n✅ Done", ["We won!", "Done"]),
        ("\\*not\\* emphasis", ["*not* emphasis"]),
        ("an exam-\nple of it", ["an example of it"]),
        ("I love it <3", ["I love it"]),
        ("Thanks <33 Anna! <3 <3\nBye <3!", ["Thanks Anna!", "Bye !"]),
        ("Only <3 people, x <3 and a<3.", ["Only <3 people, x <3 and a<3."]),
        ("So sad :-( today. Hi :D ;)", ["So sad today.", "Hi"]),
        ("Note:(see) it; (no) 5 :3", ["Note:(see) it; (no) 5 :3"]),
        ("Wait [pause] here, <break time='1s'/> now.", ["Wait; here,; now."]),
        ("In B♭, a 5★ or 4⭐ hotel ★", ["In B♭, a 5★ or 4★ hotel"]),
        ("▶ One\n✓ Two\n☐ Three", ["One", "Two", "Three"]),
        ("don&#39;t <b>bold</b> <speak>go</speak>", ["don't bold go"]),
        ("❤️ yes 🎉🎉🎉 no", ["yes no"]),
        ("One\r\n\r\n# Two\r\nThree", ["One", "Two", "Three"]),
    ],
)
def test_markup_is_not_heard(text: str, said: list[str]) -> None:
    assert [sentence.text for sentence in split(text, Reading())] == said


@pytest.mark.parametrize("text", ["👍", "🎉 🎉", "```\nprint(1)\n```"])
def test_a_text_of_nothing_else_is_spoken_as_it_is(text: str) -> None:
    assert split(text, Reading())


def test_without_markup_every_character_is_meant() -> None:
    (sentence,) = split("This is **very** <b>important</b>.", Reading(markup="none"))
    assert sentence.text == "This is **very** <b>important</b>."


FRAGMENTS = [
    *"ab 1.*_~`#>|-=[]()<>&;:D3!\\\n\r👍★",
    "**", "```", "~~~", "[a](b)", "![a](b)", "<b>", "</b>", "<!--", "-->", "&amp;", "| a |", "\n\n", "<script>",
    "</script>", "- [x] ", "# ", "[^1]", "-\n", "=====", "<3", " :)", "[pause]", "<break/>",
    "$", "$$", r"\(", r"\)", r"\[", r"\]", r"\frac{a}{b}", "^2",
]  # fmt: skip


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join), st.lists(st.integers(1, 7), min_size=1))
@example("<3.3", [3])
def test_however_a_text_is_cut_the_same_is_left(text: str, sizes: list[int]) -> None:
    markup, found, at, number = Markup(Reading()), "", 0, 0
    while at < len(text):
        size = sizes[number % len(sizes)]
        found += markup.push(text[at : at + size])
        at, number = at + size, number + 1
    assert found + markup.finish() == without_markup(text)


@pytest.mark.parametrize(
    "unit",
    ["[", "<", "&", "*", "`", "~", "|", "#", ">", "=", "-", "\\", "!", "![", "[a](", "<!--", "<a ", "&a", "```\n", "| ",
     "> ", "- ", "_a_", "**a", "<script>", "[^", "👍", "<3", "<3 ", " :", " :)", "5★", "\r", "-\n", "a-\nb",
     "$a", "$", "$$", "$a=$", r"\(", r"\(\frac{", r"\(\frac{a}{b}\)", r"\[ "],
)  # fmt: skip
def test_the_cost_is_linear(unit: str) -> None:
    """A pattern that backtracks would take hours here."""
    text = unit * (200_000 // len(unit))
    markup = Markup(Reading())
    for start in range(0, len(text), 500):
        markup.push(text[start : start + 500])
    markup.finish()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("We won! 🎉🎉", "We won!  🎉 "),
        ("❤️👍🏽 ok", " ❤  👍  ok"),
        ("👨‍👩‍👧", " 👨  👩  👧 "),
        ("In 🇩🇪🇫🇷!", "In  🇩🇪  🇫🇷 !"),
        ("**5** <b>km</b>", "5 km"),
    ],
)
def test_emoji_are_named_one_by_one_where_that_is_wanted(text: str, said: str) -> None:
    for size in (1, len(text)):
        markup = Markup(Reading(emoji="say"))
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        assert "".join(map(markup.push, pieces)) + markup.finish() == said


def test_markdown_alone_leaves_html_as_it_stands() -> None:
    markup = Markup(Reading(markup="markdown"))
    assert markup.push("**a** <b>c</b> &amp; [x](http://y)") + markup.finish() == "a <b>c</b> &amp; x"
