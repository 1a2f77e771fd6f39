"""German has these names for symbols."""

from hailo_piper.text.normalise.electronic import Vocabulary

SYMBOLS = {
    "&": "und", "→": "nach", "©": "Copyright", "™": "", "®": "", "½": "ein halb", "⅓": "ein Drittel",
    "¼": "ein Viertel", "¾": "drei Viertel", "⅔": "zwei Drittel", "°": "Grad", "≈": "ungefähr gleich", "≠": "ungleich",
    "≥": "größer gleich", "≤": "kleiner gleich", "±": "plus minus", "√": "Wurzel aus", "∞": "unendlich",
    "²": "Quadrat", "³": "hoch drei",
}  # fmt: skip
OPERATORS = {
    "+": "plus", "-": "minus", "−": "minus", "×": "mal", "x": "mal", "*": "mal", "·": "mal", "÷": "geteilt durch",
    ":": "geteilt durch", "/": "geteilt durch", "=": "gleich", "<": "kleiner als", ">": "größer als",
    "≈": "ungefähr gleich", "≠": "ungleich", "≥": "größer gleich", "≤": "kleiner gleich",
}  # fmt: skip
ELECTRONIC = Vocabulary(
    marks={
        ".": "Punkt", "@": "at", "/": "Schrägstrich", "-": "Bindestrich", "_": "Unterstrich", ":": "Doppelpunkt",
        "\\": "Backslash", "?": "Fragezeichen", "=": "gleich", "&": "und", "#": "Raute", "+": "plus", "%": "Prozent",
        "~": "Tilde",
    },
    version="Version", hashtag="Hashtag", hexadecimal="hexadezimal",
)  # fmt: skip
