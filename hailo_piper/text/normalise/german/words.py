"""German has these names for symbols."""

from hailo_piper.text.normalise.electronic import Vocabulary
from hailo_piper.text.normalise.wording import word_set

SYMBOLS = {
    "&": "und", "→": "nach", "©": "Copyright", "™": "", "®": "", "½": "ein halb", "⅓": "ein Drittel",
    "¼": "ein Viertel", "¾": "drei Viertel", "⅔": "zwei Drittel", "°": "Grad", "≈": "ungefähr gleich", "≠": "ungleich",
    "≥": "größer gleich", "≤": "kleiner gleich", "±": "plus minus", "√": "Wurzel aus", "∞": "unendlich", "²": "Quadrat",
    "³": "hoch drei",
}  # fmt: skip
OPERATORS = {
    "+": "plus", "-": "minus", "−": "minus", "×": "mal", "x": "mal", "*": "mal", "·": "mal", "÷": "geteilt durch",
    ":": "geteilt durch", "/": "geteilt durch", "=": "gleich", "<": "kleiner als", ">": "größer als",
    "≈": "ungefähr gleich", "≠": "ungleich", "≥": "größer gleich", "≤": "kleiner gleich",
}  # fmt: skip
INITIALISMS = word_set(
    "EU USA ARD ADAC ICE USB IT AG IG AOK ÖPNV UKW ABS EDV EKG EEG UN AGB IHK IQ ID IP URL EZB IWF WHO LED ISBN US UK "
    "EM ÖVP ORF OP ABC ASB EG ETF UV SUV HIV KI AI CEO IC API BKA LKA EVP AKW ISS IAA LTE"
)
"""These are spelled, though espeak-ng would read them as words."""
ELECTRONIC = Vocabulary(
    marks={
        ".": "Punkt", "@": "at", "/": "Schrägstrich", "-": "Bindestrich", "_": "Unterstrich", ":": "Doppelpunkt",
        "\\": "Backslash", "?": "Fragezeichen", "=": "gleich", "&": "und", "#": "Raute", "+": "plus", "%": "Prozent",
        "~": "Tilde",
    },
    version="Version", hashtag="Hashtag", hexadecimal="hexadezimal",
)  # fmt: skip
