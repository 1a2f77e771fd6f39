"""German has these abbreviations and these names for symbols."""

from hailo_piper.text.normalise.electronic import Vocabulary

ABBREVIATIONS = {
    "z. B.": "zum Beispiel", "z. Bsp.": "zum Beispiel", "d. h.": "das heißt", "o. g.": "oben genannte", "z. Hd.":
    "zu Händen", "i. d. R.": "in der Regel", "u. U.": "unter Umständen", "v. a.": "vor allem", "i. A.":
    "im Auftrag", "bzw.": "beziehungsweise", "ca.": "circa", "evtl.": "eventuell", "ggf.": "gegebenenfalls",
    "inkl.": "inklusive", "exkl.": "exklusive", "zzgl.": "zuzüglich", "abzgl.": "abzüglich", "vgl.": "vergleiche",
    "sog.": "sogenannte", "bspw.": "beispielsweise", "insb.": "insbesondere", "mind.": "mindestens", "gem.":
    "gemäß", "lt.": "laut", "einschl.": "einschließlich", "bzgl.": "bezüglich", "verh.": "verheiratet", "tägl.":
    "täglich", "urspr.": "ursprünglich", "vorauss.": "voraussichtlich", "ugs.": "umgangssprachlich", "Dr.":
    "Doktor", "Prof.": "Professor", "Dipl.-Ing.": "Diplom-Ingenieur", "Hr.": "Herr", "Hrn.": "Herrn", "St.":
    "Sankt", "Tel.": "Telefon", "Anm.": "Anmerkung", "Aufl.": "Auflage", "Hrsg.": "Herausgeber", "Fa.": "Firma",
    "Fam.": "Familie", "Ing.": "Ingenieur", "Mag.": "Magister", "Adr.": "Adresse", "Abt.": "Abteilung",
}  # fmt: skip
LAST = {
    "u. a.": "unter anderem", "u. Ä.": "und Ähnliches", "o. Ä.": "oder Ähnliches", "z. T.": "zum Teil", "z. Zt.":
    "zur Zeit", "z. Z.": "zur Zeit", "zzt.": "zurzeit", "s. o.": "siehe oben", "s. u.": "siehe unten", "v. Chr.":
    "vor Christus", "n. Chr.": "nach Christus", "m. E.": "meines Erachtens", "u. v. m.": "und vieles mehr",
    "u. s. w.": "und so weiter", "usw.": "und so weiter",
    "ff.": "und folgende", "usf.": "und so fort", "etc.": "et cetera", "Str.":
    "Straße", "Hbf.": "Hauptbahnhof", "Jh.": "Jahrhundert", "Mio.": "Millionen", "Mrd.": "Milliarden", "MwSt.":
    "Mehrwertsteuer", "Std.": "Stunden", "Bhf.": "Bahnhof", "u. a. m.": "und anderes mehr",
}  # fmt: skip
"""These may end a sentence, the others never do: "den ich mag." is no Magister."""
BEFORE_NUMBERS = {
    "Nr.": "Nummer", "Abs.": "Absatz", "Art.": "Artikel", "S.": "Seite", "Bd.": "Band", "Kap.": "Kapitel",
    "Abb.": "Abbildung",
    "Tab.": "Tabelle", "Abschn.": "Abschnitt", "Ziff.": "Ziffer", "Std.": "Stunde",
    "Kl.": "Klasse", "Hs.": "Haus", "Hausnr.": "Hausnummer", "Tel.-Nr.": "Telefonnummer", "Bl.": "Blatt",
    "op.": "Opus", "Op.": "Opus", "Sp.": "Spalte", "Z.": "Zeile", "Anm.": "Anmerkung",
    "max.": "maximal", "min.": "minimal", "geb.": "geboren", "gest.": "gestorben", "Okt.": "Oktober",
    "Nov.": "November", "Dez.": "Dezember", "Sept.": "September", "Febr.": "Februar", "Jan.": "Januar",
    "Aug.": "August",
}  # fmt: skip
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
