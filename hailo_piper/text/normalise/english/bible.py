"""English rules for chapters and verses of the Bible."""

import re
from collections.abc import Sequence

from hailo_piper.text.normalise.patterns import any_of
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import word_set

_SHORT = {
    "Gen": "Genesis", "Exod": "Exodus", "Ex": "Exodus", "Lev": "Leviticus", "Num": "Numbers", "Deut": "Deuteronomy",
    "Josh": "Joshua", "Judg": "Judges", "Sam": "Samuel", "Kgs": "Kings", "Chr": "Chronicles", "Chron": "Chronicles",
    "Neh": "Nehemiah", "Ps": "Psalm", "Pss": "Psalms", "Prov": "Proverbs", "Eccl": "Ecclesiastes", "Isa": "Isaiah",
    "Jer": "Jeremiah", "Lam": "Lamentations", "Ezek": "Ezekiel", "Dan": "Daniel", "Hos": "Hosea", "Mic": "Micah",
    "Zech": "Zechariah", "Mal": "Malachi", "Matt": "Matthew", "Mt": "Matthew", "Mk": "Mark", "Lk": "Luke",
    "Jn": "John", "Rom": "Romans", "Cor": "Corinthians", "Gal": "Galatians", "Eph": "Ephesians", "Phil": "Philippians",
    "Col": "Colossians", "Thess": "Thessalonians", "Tim": "Timothy", "Tit": "Titus", "Heb": "Hebrews", "Jas": "James",
    "Pet": "Peter", "Rev": "Revelation",
}  # fmt: skip
_BOOKS = word_set(
    "Genesis Exodus Leviticus Numbers Deuteronomy Joshua Judges Ruth Samuel Kings Chronicles Ezra Nehemiah Esther Job "
    "Psalm Psalms Proverbs Ecclesiastes Isaiah Jeremiah Lamentations Ezekiel Daniel Hosea Joel Amos Obadiah Jonah "
    "Micah Nahum Habakkuk Zephaniah Haggai Zechariah Malachi Matthew Mark Luke John Acts Romans Corinthians Galatians "
    "Ephesians Philippians Colossians Thessalonians Timothy Titus Philemon Hebrews James Peter Jude Revelation Surah "
    "Sura Quran"
)
_CERTAIN = word_set("Cor Thess Chron Chr Kgs Ps Pss Lev Deut Eccl Isa Ezek Eph")
"""Short names that are no word or first name: a chapter alone may follow them."""
_ORDINALS = {"1": "First", "2": "Second", "3": "Third", "I": "First", "II": "Second", "III": "Third"}
_UNTIL = r"(?:[-–](?P<until>\d{1,3}))?(?![\d:])"
_VERSE = (
    rf"(?<![\w.])(?:(?P<number>[123]|I{{1,3}}) )?\b(?P<book>{any_of(sorted(_BOOKS | _SHORT.keys()))})\.? "
    rf"(?P<chapter>\d{{1,3}}):(?P<verse>\d{{1,3}}){_UNTIL}"
)
_CHAPTER = (
    rf"(?<![\w.])(?:(?P<number>[123]) )(?P<book>Samuel|Kings|Chronicles|Corinthians|Thessalonians|Timothy|Peter|John"
    rf"|{any_of(sorted(_SHORT))})\.? (?P<chapter>\d{{1,3}})(?P<verse>(?!))?{_UNTIL}"
    rf"|(?<![\w.])(?P<short>{any_of(sorted(_CERTAIN))})\. (?P<alone>\d{{1,3}})(?!\d)"
)


def verses() -> Sequence[Rule]:
    """Return the rules."""
    return (
        Rule(name="verse", pattern=_VERSE, say=_verse, needs=":"),
        Rule(name="verse", pattern=_CHAPTER, say=_chapter, needs=DIGIT),
    )


def _verse(match: re.Match[str]) -> str:
    number = f"{_ORDINALS[match['number']]} " if match["number"] else ""
    verse = f" {match['verse']}" if match["verse"] else ""
    until = f" to {match['until']}" if match["until"] else ""
    return f"{number}{_SHORT.get(match['book'], match['book'])} {match['chapter']}{verse}{until}"


def _chapter(match: re.Match[str]) -> str:
    return f"{_SHORT[match['short']]} {match['alone']}" if match["short"] else _verse(match)
