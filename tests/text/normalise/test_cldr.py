"""Languages without rules of their own have the names of units and currencies, and nothing that could be wrong."""

import subprocess
import sys

import pytest

from hailo_piper.text.normalise.verbaliser import verbalise
from hailo_piper.text.sentence import Sentence
from tests.support.growth import PATTERNS, grows_slowly


@pytest.mark.parametrize(
    ("language", "text", "spoken"),
    [
        ("sv_SE", "5 km till Lund", "5 kilometer till Lund"),
        ("sv_SE", "Det är 20.3 °C ute.", "Det är 20,3 grader Celsius ute."),
        ("sv_SE", "1 234,5 kg", "1234,5 kilogram"),
        ("sv-se", "Det kostar 50 kr.", "Det kostar 50 svenska kronor."),
        ("da_DK", "120 km/h", "120 kilometer i timen"),
        ("nb_NO", "5 € og $20", "5 euro og 20 amerikanske dollar"),
        ("fi_FI", "1 km, 2 km", "1 kilometri, 2 kilometriä"),
        ("cs_CZ", "1 km, 2 km, 5 km, 2,5 km", "1 kilometr, 2 kilometry, 5 kilometrů, 2,5 kilometru"),
        ("cs", "Stojí 5 Kč.", "Stojí 5 českých korun."),
        ("ru_RU", "21 км, 3 кг, 100 ₽", "21 километр, 3 килограмма, 100 российских рублей"),
        ("uk_UA", "2 грн", "2 українські гривні"),
        ("tr_TR", "90 km/h", "90 kilometre saat"),
        ("ro_RO", "1.234 m²", "1234 de metri pătrați"),
        ("el_GR", "-3 °C", "-3 βαθμοί Κελσίου"),
        ("zh_CN", "1,234.5 km", "1234.5公里"),
        ("hi_IN", "₹500", "500 भारतीय रुपए"),
        ("ar_JO", "2 kg", "2 كيلوغرام"),
    ],
)
def test_units_and_currencies_have_their_names(language: str, text: str, spoken: str) -> None:
    assert verbalise(Sentence(text), language).text == spoken


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sv_SE", "Storgatan 5 A, den 3. oktober 2024, kl. 14:30"),
        ("ru_RU", "в 1990 г. было 5 с половиной"),
        ("hu_HU", "5 ha van"),
        ("sv_SE", "1080p, I-95, 3G, 4K och iPhone 15"),
        ("sv_SE", "50 krogar, 5 minnen, 3 meter"),
        ("xx", "5 km und 5 €"),
        ("", "5 km"),
    ],
)
def test_what_could_be_wrong_stays_as_it_is(language: str, text: str) -> None:
    assert verbalise(Sentence(text), language).text == text


@pytest.mark.parametrize("pattern", [*PATTERNS, "5 km ", "1 234 ", "5 €", "1.234."])
def test_the_cost_is_linear(pattern: str) -> None:
    assert grows_slowly(lambda text: verbalise(Sentence(text), "sv_SE"), pattern)


@pytest.mark.parametrize(("language", "text"), [("sv_SE", "Hej, 5 dagar!"), ("en_US", "5 km for 3 €"), ("de", "5 km")])
def test_babel_is_imported_by_nothing_that_does_not_need_it(language: str, text: str) -> None:
    program = (
        "import sys; from hailo_piper.text.normalise.verbaliser import verbalise; "
        "from hailo_piper.text.sentence import Sentence; "
        f"verbalise(Sentence({text!r}), {language!r}); sys.exit('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
