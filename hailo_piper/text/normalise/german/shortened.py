"""German abbreviations: what each stands for, and what the words around it decide."""

import re

from hailo_piper.text.normalise.context import before, ended
from hailo_piper.text.normalise.german.units import LANGUAGE
from hailo_piper.text.normalise.patterns import BLANK
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import abbreviations

_WITHIN = {
    "z. B.": "zum Beispiel", "z. Bsp.": "zum Beispiel", "d. h.": "das heißt", "o. g.": "oben genannte",
    "u. g.": "unten genannte", "z. Hd.": "zu Händen", "z. H.": "zu Händen", "i. d. R.": "in der Regel",
    "u. U.": "unter Umständen", "v. a.": "vor allem", "i. A.": "im Auftrag", "i. V. m.": "in Verbindung mit",
    "i. S. d.": "im Sinne des", "i. S. v.": "im Sinne von", "i. H. v.": "in Höhe von", "i. V.": "in Vertretung",
    "i. Allg.": "im Allgemeinen", "a. d.": "an der", "i. Br.": "im Breisgau", "a. a. O.": "am angegebenen Ort",
    "u. ä.": "und ähnliche", "o. ä.": "oder ähnliche", "m. a. W.": "mit anderen Worten", "m. W.": "meines Wissens",
    "u. E.": "unseres Erachtens", "s. S.": "siehe Seite", "d. J.": "des Jahres", "d. M.": "des Monats",
    "z. K.": "zur Kenntnis", "bzw.": "beziehungsweise", "ca.": "circa", "evtl.": "eventuell", "evt.": "eventuell",
    "ggf.": "gegebenenfalls", "ggfs.": "gegebenenfalls", "inkl.": "inklusive", "incl.": "inklusive",
    "exkl.": "exklusive", "zzgl.": "zuzüglich", "abzgl.": "abzüglich", "vgl.": "vergleiche", "sog.": "sogenannte",
    "bspw.": "beispielsweise", "insb.": "insbesondere", "insbes.": "insbesondere", "mind.": "mindestens",
    "gem.": "gemäß", "lt.": "laut", "einschl.": "einschließlich", "ausschl.": "ausschließlich", "bzgl.": "bezüglich",
    "betr.": "betreffend", "verh.": "verheiratet", "tägl.": "täglich", "wöchentl.": "wöchentlich",
    "monatl.": "monatlich", "mtl.": "monatlich", "jährl.": "jährlich", "urspr.": "ursprünglich",
    "vorauss.": "voraussichtlich", "voraussichtl.": "voraussichtlich", "ugs.": "umgangssprachlich", "rd.": "rund",
    "bes.": "besonders", "allg.": "allgemein", "jew.": "jeweils", "ehem.": "ehemals", "entspr.": "entsprechend",
    "wg.": "wegen", "ggü.": "gegenüber", "lfd.": "laufende", "od.": "oder", "vs.": "gegen", "div.": "diverse",
    "versch.": "verschiedene", "durchschn.": "durchschnittlich", "eigtl.": "eigentlich",
    "höchstw.": "höchstwahrscheinlich", "schriftl.": "schriftlich", "frdl.": "freundlichen", "telef.": "telefonisch",
    "dt.": "deutsche", "engl.": "englisch", "frz.": "französisch", "lat.": "lateinisch", "griech.": "griechisch",
    "ital.": "italienisch", "amerik.": "amerikanische", "zw.": "zwischen", "Dr.": "Doktor", "Dres.": "Doktores",
    "Prof.": "Professor", "Dipl.-Ing.": "Diplom-Ingenieur", "Dipl.-Kfm.": "Diplom-Kaufmann",
    "Dipl.-Psych.": "Diplom-Psychologe", "Dr.-Ing.": "Doktor-Ingenieur", "Hr.": "Herr", "Hrn.": "Herrn",
    "Frl.": "Fräulein", "St.": "Sankt", "Hl.": "Heiliger", "Tel.": "Telefon", "Anm.": "Anmerkung", "Aufl.": "Auflage",
    "Hrsg.": "Herausgeber", "Fa.": "Firma", "Fam.": "Familie", "Ing.": "Ingenieur", "Mag.": "Magister",
    "Adr.": "Adresse", "Abt.": "Abteilung", "Gebr.": "Gebrüder", "Bgm.": "Bürgermeister", "Bsp.": "Beispiel",
    "Kfm.": "Kaufmann", "Präs.": "Präsident", "Univ.": "Universität",
}  # fmt: skip
"""These never end a sentence: "den ich mag." is no Magister."""
_LAST = {
    "u. a.": "unter anderem", "u. Ä.": "und Ähnliches", "o. Ä.": "oder Ähnliches", "z. T.": "zum Teil",
    "z. Zt.": "zur Zeit", "z. Z.": "zur Zeit", "zzt.": "zurzeit", "s. o.": "siehe oben", "s. u.": "siehe unten",
    "v. Chr.": "vor Christus", "n. Chr.": "nach Christus", "m. E.": "meines Erachtens", "u. v. m.": "und vieles mehr",
    "u. v. a.": "und viele andere", "u. v. a. m.": "und vieles andere mehr", "u. s. w.": "und so weiter",
    "usw.": "und so weiter", "u. a. m.": "und anderes mehr", "u. dgl.": "und dergleichen", "dgl.": "dergleichen",
    "p. P.": "pro Person", "p. a.": "pro Jahr", "a. D.": "außer Dienst", "a. M.": "am Main", "h. c.": "honoris causa",
    "v. H.": "vom Hundert", "n. V.": "nach Verlängerung", "i. R.": "im Ruhestand", "d. Ä.": "der Ältere",
    "ü. NN": "über Normalnull", "ü. d. M.": "über dem Meeresspiegel", "ff.": "und folgende", "usf.": "und so fort",
    "etc.": "et cetera", "Str.": "Straße", "Hbf.": "Hauptbahnhof", "Bhf.": "Bahnhof",
    "Jh.": "Jahrhundert", "Jhd.": "Jahrhundert", "Mio.": "Millionen", "Mrd.": "Milliarden", "MwSt.": "Mehrwertsteuer",
    "USt.": "Umsatzsteuer", "Std.": "Stunden", "Nr.": "Nummer", "Nrn.": "Nummern",
    "jr.": "junior", "Jr.": "Junior", "sen.": "senior", "Pl.": "Platz", "Tsd.": "Tausend", "Pers.": "Personen",
}  # fmt: skip
"""These may end a sentence."""
_BEFORE_NUMBERS = {
    "Nr.": "Nummer", "No.": "Nummer", "Abs.": "Absatz", "Art.": "Artikel", "S.": "Seite", "Bd.": "Band",
    "Bde.": "Bände", "Kap.": "Kapitel", "Abb.": "Abbildung", "Fig.": "Figur", "Tab.": "Tabelle", "Abschn.": "Abschnitt",
    "Ziff.": "Ziffer", "Std.": "Stunde", "Kl.": "Klasse", "Hs.": "Haus", "Hausnr.": "Hausnummer",
    "Tel.-Nr.": "Telefonnummer", "Bl.": "Blatt", "op.": "Opus", "Op.": "Opus", "Sp.": "Spalte", "Z.": "Zeile",
    "Anm.": "Anmerkung", "Par.": "Paragraf", "Anl.": "Anlage", "Jg.": "Jahrgang", "Jgg.": "Jahrgänge",
    "Lfg.": "Lieferung", "Rn.": "Randnummer", "Rdnr.": "Randnummer", "Ausg.": "Ausgabe", "max.": "maximal",
    "min.": "minimal", "geb.": "geboren", "gest.": "gestorben", "gegr.": "gegründet", "erb.": "erbaut",
    "verst.": "verstorben", "Gr.": "Größe", "Zi.": "Zimmer",
}  # fmt: skip


def _one_million(match: re.Match[str]) -> str | None:
    """Return a great number in the singular: "eine halbe Mio."."""
    if before(match) not in {"eine", "einer", "halbe", "halben", "pro"}:
        return None
    return ended(match, {"Mio": "Million", "Mrd": "Milliarde"}[match[1]])


SHORTENED = (
    Rule(name="abbreviation", pattern=r"(?<=, )geb\.(?= [A-ZÄÖÜ])", say=lambda _: "geborene", needs="."),
    Rule(
        name="abbreviation",
        pattern=r"(?<=\d )S\.(?=[,)]| [a-zäöü]|$)",
        say=lambda match: ended(match, "Seiten"),
        needs=".",
    ),
    Rule(
        name="abbreviation",
        pattern=rf"(?<=\d){BLANK}?f\.(?!\w)",
        say=lambda match: ended(match, " folgende"),
        needs=DIGIT,
    ),
    Rule(
        name="abbreviation",
        pattern=r"(?:Std|Pers|Min|Sek|Mon|Stk|Pkg|Pkt)\.",
        say=lambda match: (
            ended(match, LANGUAGE.noun(LANGUAGE.units[match[0]])) if before(match) in {"pro", "je"} else None
        ),
        needs=".",
    ),
    Rule(
        name="abbreviation",
        pattern=r"\b(max|min)\.(?= [a-zäöü])",
        say=lambda match: {"max": "maximal", "min": "minimal"}[match[1]],
        needs=".",
    ),
    Rule(
        name="abbreviation",
        pattern=r"(Mio|Mrd)\.",
        say=_one_million,
        needs="M",
    ),
    abbreviations(_BEFORE_NUMBERS, before_numbers=True),
    abbreviations(_WITHIN),
    abbreviations(_LAST, last=True),
    Rule(name="abbreviation", pattern=r"\bHbf\b(?!\.)", say=lambda _: "Hauptbahnhof", needs="H"),
    Rule(name="abbreviation", pattern=r"\bMwSt\b(?!\.)", say=lambda _: "Mehrwertsteuer", needs="M"),
    Rule(
        name="abbreviation",
        pattern=r"([usv])\.(?<![\w.]..)(?= (?:\d|[A-ZÄÖÜ]\.|[A-ZÄÖÜ]?[a-zäöüß]{2}))",
        say=lambda match: {"u": "und", "s": "siehe", "v": "von"}[match[1]],
        needs=".",
    ),
    Rule(name="abbreviation", pattern=r"\bFr\.(?= (?:Dr\. )?[A-ZÄÖÜ][a-zäöü])", say=lambda _: "Frau", needs="."),
    Rule(
        name="abbreviation",
        pattern=r"(?<=[a-zäöüß-])([Ss])tr\.(?=\s|,|$)",
        say=lambda match: f"{match[1]}traße",
        needs=".",
    ),
    Rule(
        name="abbreviation",
        pattern=r"(?<=[a-zäöüß])nr\.(?!\w)",
        say=lambda match: ended(match, "nummer"),
        needs=".",
    ),
)
