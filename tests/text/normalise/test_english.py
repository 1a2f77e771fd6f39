"""English as it is spoken: each kind of hard text, and prose that must stay as it is."""

import pytest

from hailo_piper.text.lexicon.alphabets import to_ipa
from hailo_piper.text.normalise.english.pronunciations import WORDS
from hailo_piper.text.normalise.verbaliser import verbalise
from hailo_piper.text.sentence import Sentence
from tests.support.growth import PATTERNS, grows_slowly

HOSTILE = (
    *PATTERNS, "$1", "$", "$1-", "1-", "1/", "1/2 ", "1:", "1:23", "12:30 ", "1,", "1,000", "1.5", "1st ", "May 1 ",
    "1 May ", "1 km ", "5'", "5'10\"", "1\"", "a 1\"", "1%", "1-1-", "+1 ", "555-0123", "(212) ", "I", "II ",
    "Henry V ", "A II ", "St. ", "Main St ", "No. ", "p.", "CA 90210", "a, CA ", "H2", "C", "CO", "A&", "~1", "x^2",
    "1 x ", "1x", "[1]", "->", " > ", "§", "1900", "1900-", "1990s", "'90", "44 BC ", "won 1-1 ", "won by the ",
    "won by the A ", "IT ", "½", "1½", "a 1/2 ", "the $1 ",
    "12 st ", "12 st 4 ", "1 000", "1 Cor. 1",
    "Sat. and ", "Mon/", "A < ", "MM", "YES ", "IV ",
    "2h ", "2h 30m ", "1m30s ", "5-to-", "A.", "I-80 ", "I-80 W ", "I-III ", "Part I-", "Fri. ",
    "open 9-5 ", "the $1 a ", "Ps ", "Portland, OR ", "3/4 cup ",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        # as programs for chat send it
        ("EUR/USD 1.0845", "EUR/USD 1.0845"),
        ("CEO & Co-Founder", "CEO & Co-Founder"),
        ("Take exit 24B toward town.", "Take exit 24B toward town."),
        ("It should be ≥ 5.", "It should be greater than or equal to 5."),
        ("6CO₂ + 6H₂O", "6 C O 2 + 6 H 2 O"),
        ("It has 7.04×10⁸ years.", "It has 7.04 times 10 to the power of 8 years."),
        ("It is 2 x 10^-3.", "It is 2 times 10 to the power of minus 3."),
        ("Next: Fri, 3/15 and Tuesday 3/19", "Next: Friday, March 15th and Tuesday, March 19th"),
        # money
        ("It costs $500.", "It costs 500 dollars."),
        ("I found $1.", "I found 1 dollar."),
        ("It is $49.95 now", "It is 49 dollars and 95 cents now"),
        ("It is $0.99 or 50¢", "It is 99 cents or 50 cents"),
        ("They raised $3.5M.", "They raised 3.5 million dollars."),
        ("It pays $20–30 or €5-€10.", "It pays 20 to 30 dollars or 5 to 10 euros."),
        ("A $500 bike, a $20-million deal", "A 500 dollar bike, a 20 million dollar deal"),
        ("It shows -$40.", "It shows minus 40 dollars."),
        ("Send 500 USD or CHF 30.", "Send 500 U S dollars or 30 Swiss francs."),
        ("It is $5/month.", "It is 5 dollars per month."),
        # dates
        ("By 12/01/2024.", "By December 1st, 20 24."),
        ("Of 14.03.2025 it is", "Of March 14th, 20 25 it is"),
        ("On July 4, 1776.", "On July 4th, 17 76."),
        ("On 5 May 2020.", "On the 5th of May, 20 20."),
        ("The 4th of July.", "The 4th of July."),
        ("On Dec. 25 and 26.", "On December 25th and 26th."),
        ("Log 2025-07-01 shows", "Log July 1st, 20 25 shows"),
        ("Open Mon-Fri.", "Open Monday to Friday."),
        ("The exam is on 10/31.", "The exam is on October 31st."),
        # years
        ("From 1900 to 1905.", "From 19 hundred to 19 oh 5."),
        ("The 1990s and '80s.", "The 19 nineties and eighties."),
        ("From 1914-18", "From 19 14 to 18"),
        ("In 44 BC or AD 79", "In 44 B C or eh D 79"),
        # times
        ("At 3:05.", "At 3 oh 5."),
        ("At 6:45 AM.", "At 6 45 A.M."),
        ("From 6:00-8:00 p.m.", "From 6 to 8 P.M."),
        ("From 9am-5pm.", "From 9 A.M to 5 P.M."),
        ("At 17:00.", "At 17 hundred."),
        ("In 30 mins or 3 hrs.", "In 30 minutes or 3 hours."),
        ("In 45:30, took 30:00.", "In 45 minutes 30 seconds, took 30 minutes."),
        ("Mixed in 60:30 ratio, split in 50:50.", "Mixed in 60 to 30 ratio, split in 50 to 50."),
        ("Wait 3/4 h, 1/4 hr., or ½ h.", "Wait 3 quarters of an hour, a quarter of an hour, or half an hour."),
        # units
        ("At 50°N, 30° W.", "At 50 degrees north, 30 degrees west."),
        ("It is 5.4 mmol/L, 1 mol/kg.", "It is 5.4 millimoles per liter, 1 mole per kilogram."),
        ("It is 20°C and 5 km away.", "It is 20 degrees Celsius and 5 kilometers away."),
        ('A 5 km run, a 12" pizza', "A 5 kilometer run, a 12 inch pizza"),
        ("He is 5'10\" tall", "He is 5 foot 10 tall"),
        ("At 100 km/h or 9.8 m/s²", "At 100 kilometers per hour or 9.8 meters per second squared"),
        ("Between 5-10% and 1 lb", "Between 5 to 10 percent and 1 pound"),
        # numbers
        ("Call 555-0123.", "Call 5 5 5, 0 1 2 3."),
        ("Call 911.", "Call 9 1 1."),
        ("Error 404 in room 101", "Error 4 oh 4 in room 1 oh 1"),
        ("Add 1/2 cup and 2 1/2 oz", "Add 1 half cup and 2 and a half ounces"),
        ("Pages 5-10, at 16:9", "Pages 5 to 10, at 16 to 9"),
        ("She won 6-4, 7-5.", "She won 6 4, 7 5."),
        ("It is 24/7 or 50/50.", "It is 24 7 or 50 50."),
        ("A 4x4 with 1.5M views", "A 4 by 4 with 1.5 million views"),
        ("Our 100th show", "Our 1 hundredth show"),
        ("5 - 3 = 2, 20 / 4", "5 minus 3 = 2, 20 divided by 4"),
        # words
        ("World War II, Henry VIII, Rocky IV", "World War 2, Henry the 8th, Rocky 4"),
        ("Acme Inc. and Blue Ltd.", "Acme Incorporated and Blue Limited."),
        ("Gen. Grant, Capt. Nemo", "General Grant, Captain Nemo"),
        ("See fig. 3 on p. 12", "See figure 3 on page 12"),
        ("On Elm Dr. near Mill Rd.", "On Elm Drive near Mill Road."),
        ("Springfield, IL 62704", "Springfield, Illinois 6 2 7 0 4"),
        ("Salt w/o sugar, i.e. plain", "Salt without sugar, that is plain"),
        ("The Q&A on vitamin A", "The Q&eh on vitamin eh"),
        ("H₂SO₄ and x² in C#", "H 2 S O 4 and x squared in C sharp"),
        ("The ATM PIN", "The ATM pin"),
        ('Add 3/4" screws, 3m x 4m', "Add 3 quarter inch screws, 3 meters by 4 meters"),
        ("UTC+02:00, 9:30-11 AM", "UTC plus 2, 9 30 to 11 A.M"),
        ("John 3:16-18 or ISBN 978-3-16", "John 3 16 to 18 or ISBN 9 7 8, 3, 1 6"),
        ("Lake St. Clair on Oak St. The end", "Lake Saint Clair on Oak Street. The end"),
        ("Wait for 30s in her 30s", "Wait for 30 seconds in her thirties"),
        ("GIVE IT TO US NOW", "GIVE it to us NOW"),
        ("The $1.5 trillion plan, his $4.99 fee", "The 1.5 trillion dollar plan, his 4 dollar 99 cent fee"),
        ("It pays 10 ¢/kWh.", "It pays 10 cents per kilowatt hour."),
        (
            "Add 3/4 cup and 2/3 tsp, or a 3/4 inch nail",
            "Add 3 quarters of a cup and 2 thirds of a teaspoon, or a 3 quarter inch nail",
        ),
        ("Cut 7/16 off 1 000 000 ants", "Cut 7 sixteenths off 1000000 ants"),
        ("The 16th–18th centuries, open 9–5", "The 16th to 18th centuries, open 9 to 5"),
        ("In 1066 or MCMXC", "In 10 66 or 19 90"),
        ("Closed Sat. and Sun., open Mon/Wed", "Closed Saturday and Sunday, open Monday, Wednesday"),
        ("In Portland, OR.", "In Portland, Oregon."),
        ("At 350 W 42nd St.", "At 350 West 42nd Street."),
        ("On St. John's Rd.", "On Saint John's Road."),
        ("pp. 54-5, 356-79; pages 225-6", "pages 54 to 55, 356 79; pages 225 to 226"),
        ("See section C.5.1 of c. 1900.", "See section C.5.1 of circa 19 hundred."),
        ("See ch. 5, sec. 2, ex. 4 and app. B.", "See chapter 5, section 2, example 4 and appendix B."),
        ("Prof Hill and St Paul, the tel. no. is", "Professor Hill and Saint Paul, the telephone number is"),
        ("It is temp. closed, etc. pls wait", "It is temporarily closed, et cetera please wait"),
        ("Read 1 Cor. 13 and Rev. 21:4", "Read First Corinthians 13 and Revelation 21 4"),
        ("An IV drip, Super Bowl LVIII was, the II Corps", "An I V drip, Super Bowl 58 was, the 2 Corps"),
        ("Charles I lost his head.", "Charles the 1st lost his head."),
        ("If a < b, √16", "If eh is less than b, the square root of 16"),
        ("Your Ps and Qs in .NET", "Your P's and Q's in dot net"),
        ("We say YES now, see the END", "We say yes now, see the end"),
        ("A 5★ hotel has 4.5★", "A 5 star hotel has 4.5 stars"),
        ("Thanks <3 see you in <3 days", "Thanks  see you in less than 3 days"),
        ("It took 2h 30m or 3 h 20 min 5s", "It took 2 hours 30 minutes or 3 hours 20 minutes 5 seconds"),
        ("It ends at 5h30, in 1m30s", "It ends at 5 30, in 1 minute 30 seconds"),
        ("Chapters I-III of the Apple II", "Chapters 1 to 3 of the Apple 2"),
        ("In Mar. the est. cost, est. in 1952", "In March the estimated cost, established in 19 52"),
        ("Fri. is A.S.A.P. for the gov't", "Friday is eh S eh P for the government"),
        ("It uses 60 W bulbs, the 5km run 1-to-1.", "It uses 60 watt bulbs, the 5 kilometer run 1 to 1."),
        ("On 2/29 take I-80 W", "On February 29th take I-80 West"),
        ("Call 555-0100 x12, IDs at 5% APR", "Call 5 5 5, 0 1 0 0 extension 12, I D's at 5 percent eh P R"),
        ("Read Ch. IV and No. III.", "Read Chapter 4 and Number 3."),
        ("He weighs 12 st 4 lb.", "He weighs 12 stone 4 pounds."),
    ],
)
def test_hard_text_is_spoken(text: str, spoken: str) -> None:
    assert verbalise(Sentence(text), "en_US").text == spoken


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("On 14/11/2022", "On November 14th, 20 22"),
        ("At 18.30.", "At 18 30."),
        ("It is £3.99 or 50p", "It is 3 pounds and 99 pence or 50 pence"),
    ],
)
def test_britain_has_its_own(text: str, spoken: str) -> None:
    assert verbalise(Sentence(text), "en-gb").text == spoken


@pytest.mark.parametrize(
    "text",
    [
        "I-95", "1080p", "The CEO came in the AM.", "iPhone 15 or 5s", "a 1", "In 10 we trust.",
        "I think I am right.", "An XL shirt", "Malcolm X", "May 5ish", "March on, soldiers!",
        "She sat in the sun and wed.", "C. S. Lewis", "P. J. Harvey", "Charles I think is nice.", "Chapter I wrote.",
        "COVID-19, F-150, B-52", "1500 people", "He said no.", "\"I am 12\" she said.", "Once upon a time.",
        "The min and max of it", "Well, OK then.", "A king",
        "v", "5 in all", "up and down, up by the hill", "Gen Z",
        "The ERA of AD and AM", "We were fed.", "5 EST.", "I said WHO.", "The 5 h", "I-95 W2",
        "He was as Is.", "a 1st st", "The $ sign", "Sat down on the sun.", "Anna, OK.",
        "Matt 5 and Sam 3", "a sign = b", "He is fed up.", "the MCI",
        "Point out a 5.", "He is 5.", "To be, or not to be", "1,234,567", "3.5", "-5",
    ],
)  # fmt: skip
def test_ordinary_text_stays(text: str) -> None:
    sentence = Sentence(text)
    assert verbalise(sentence, "en_US") is sentence


@pytest.mark.parametrize("pattern", HOSTILE)
def test_hostile_text_costs_little(pattern: str) -> None:
    assert grows_slowly(lambda text: verbalise(Sentence(text), "en-gb"), pattern)


def test_the_pronunciations_are_ipa_as_voices_know_it() -> None:
    for word, say in WORDS.items():
        assert say[0] != "/" or (say[-1] == "/" and to_ipa(say, "ipa", "en") == say[1:-1]), word
