"""Italian has these dates, numerals, abbreviations and names for symbols."""

from hailo_piper.text.normalise.electronic import Vocabulary
from hailo_piper.text.normalise.numbers import roman
from hailo_piper.text.normalise.romance import Numerals
from hailo_piper.text.normalise.romance_dates import Calendar
from hailo_piper.text.normalise.romance_fractions import Parts
from hailo_piper.text.normalise.romance_signs import Signs
from hailo_piper.text.normalise.wording import word_set

_ORDINALS = (
    "", "primo", "secondo", "terzo", "quarto", "quinto", "sesto", "settimo", "ottavo", "nono", "decimo", "undicesimo",
    "dodicesimo", "tredicesimo", "quattordicesimo", "quindicesimo", "sedicesimo", "diciassettesimo", "diciottesimo",
    "diciannovesimo",
)  # fmt: skip
_TENS = {
    20: "vent",
    30: "trent",
    40: "quarant",
    50: "cinquant",
    60: "sessant",
    70: "settant",
    80: "ottant",
    90: "novant",
}
_ENDS = (
    "", "unesimo", "iduesimo", "itreesimo", "iquattresimo", "icinquesimo", "iseiesimo", "isettesimo", "ottesimo",
    "inovesimo",
)  # fmt: skip
_FEMININE = word_set(
    "ora tazza bottiglia giornata mela pagina dozzina porzione cipolla cucchiaiata parte volta settimana tonnellata "
    "ore tazze bottiglie giornate mele pagine dozzine porzioni cipolle volte settimane tonnellate"
)


def ordinal(number: int, *, is_feminine: bool = False) -> str:
    """Return an ordinal, 1 to 199, in words."""
    if number >= 100:
        words = f"cento{ordinal(number - 100)}" if number > 100 else "centesimo"
    elif number < len(_ORDINALS):
        words = _ORDINALS[number]
    else:
        tens, ones = divmod(number, 10)
        # The vowel of "venti" and "trenta" stays before a consonant.
        link = "a" if ones in {2, 3, 4, 5, 6, 7, 9} and tens > 2 else ""
        end = _ENDS[ones].removeprefix("i") if link else _ENDS[ones]
        words = _TENS[tens * 10] + (link + end if ones else "esimo")
    return f"{words[:-1]}a" if is_feminine else words


def _fraction(number: int) -> str:
    return (
        ("", "un", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove")[number]
        if number < 10
        else str(number)
    )


CALENDAR = Calendar(
    months=(
        "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
        "novembre", "dicembre",
    ),
    short_months={
        "gen": 1, "genn": 1, "feb": 2, "febb": 2, "mar": 3, "apr": 4, "mag": 5, "magg": 5, "giu": 6, "lug": 7,
        "ago": 8, "sett": 9, "set": 9, "ott": 10, "nov": 11, "dic": 12,
    },
    days={
        "lun": "lunedì", "mar": "martedì", "mer": "mercoledì", "gio": "giovedì", "ven": "venerdì", "sab": "sabato",
        "dom": "domenica",
    },
    of=" ", first="primo", to="a|al|e",
    articles="il|dal|al|del|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica",
)  # fmt: skip
NUMERALS = Numerals(
    names=(
        "Giovanni|Paolo|Pio|Vittorio|Emanuele|Umberto|Carlo|Luigi|Enrico|Federico|Elisabetta|Francesco|Benedetto|Leone|"
        "Gregorio|Clemente|Innocenzo|Urbano|Giulio|Sisto|Alessandro|Giacomo|Filippo|Ferdinando|Alfonso|Caterina|"
        "Napoleone|Guglielmo|Giorgio|Edoardo|Riccardo|Nicola|Pietro|Ottone|Amedeo|Cosimo|Ramses|Maria|Bonifacio|Adriano"
    ),
    women=word_set("Elisabetta Caterina Maria"),
    numbered=(
        "capitolo|Capitolo|tomo|Tomo|atto|Atto|volume|Volume|titolo|Titolo|parte|Parte|fase|Fase|libro|Libro|"
        "articolo|allegato|Allegato|livello|categoria|classe|gruppo|Gruppo|sezione|Sezione|scena|Scena|episodio|canto|Canto"
    ),
    nouns={
        "Guerra": True, "guerra": True, "Repubblica": True, "Congresso": False, "Edizione": True, "edizione": True,
        "secolo": False, "Secolo": False, "sec.": False, "Municipio": False, "anniversario": False, "Concilio": False,
        "Legislatura": True, "legislatura": True, "Giornata": True, "Festival": False, "dinastia": True,
        "classe": True, "Reich": False, "piano": False, "liceo": False, "Olimpiade": True, "Premio": False,
    },
    noun_names={"sec.": "secolo"},
    of_ruler=lambda number, feminine: ordinal(number, is_feminine=feminine),
    of_noun=lambda number, feminine: ordinal(number, is_feminine=feminine),
    number=str,
    of_century=ordinal,
    centuries={"secolo": "secolo", "sec.": "secolo", "secoli": "secoli", "secc.": "secoli"},
)  # fmt: skip
PARTS = Parts(
    names={number: ordinal(number) for number in range(3, 17)},
    plural=lambda name: f"{name[:-1]}i",
    ones=("un", "una"), singular=lambda noun: noun[:-1] + {"e": "a", "i": "o"}.get(noun[-1], noun[-1]),
    half=("mezzo", "mezza"), and_="e",
    is_feminine=lambda noun: noun in _FEMININE, cardinal=_fraction, over="su", of="di",
)  # fmt: skip
ABBREVIATIONS = {
    "Dr": "dottor",
    "dott.": "dottor", "Dott.": "dottor", "dott.ssa": "dottoressa", "dr.": "dottor", "Dr.": "dottor",
    "dr.ssa": "dottoressa", "D.ssa": "dottoressa", "cav.": "cavalier", "comm.": "commendator",
    "vs": "contro",
    "sig.": "signor", "sig.ra": "signora", "sig.na": "signorina", "sigg.": "signori", "sig.re": "signore",
    "prof.": "professor", "prof.ssa": "professoressa", "ing.": "ingegner", "avv.": "avvocato", "arch.": "architetto",
    "geom.": "geometra", "rag.": "ragionier", "on.": "onorevole", "sen.": "senatore", "mons.": "monsignor",
    "gen.": "generale", "cap.": "capitano", "col.": "colonnello", "don.": "don", "S.": "San", "spett.": "spettabile",
    "spett.le": "spettabile", "gent.": "gentile", "gent.mo": "gentilissimo", "gent.ma": "gentilissima",
    "egr.": "egregio", "ill.mo": "illustrissimo", "preg.mo": "pregiatissimo",
    "p.zza": "piazza", "p.za": "piazza", "P.zza": "piazza", "v.le": "viale", "V.le": "viale", "c.so": "corso",
    "C.so": "corso", "L.go": "largo", "F.lli": "fratelli", "f.lli": "fratelli",
    "es.": "esempio", "p. es.": "per esempio", "p.e.": "per esempio", "ca.": "circa", "tel.": "telefono",
    "cell.": "cellulare", "cfr.": "confronta", "vs.": "contro", "c.a.": "circa", "c/o": "presso", "nr.": "numero",
    "min.": "minimo", "max.": "massimo", "prov.": "provincia", "fatt.": "fattura", "incl.": "incluso",
    "dip.": "dipartimento", "uff.": "ufficio", "ecc. ecc.": "eccetera eccetera", "cit.": "citato", "sup.": "superiore",
    "cod. fisc.": "codice fiscale", "approx.": "approssimativamente", "ns.": "nostro", "int.": "interno",
    "scad.": "scadenza", "segg.": "seguenti", "sgg.": "seguenti", "all.": "allegato", "pagg.": "pagine",
}  # fmt: skip
LAST = {
    "ecc.": "eccetera", "etc.": "eccetera", "a. C.": "avanti Cristo", "d. C.": "dopo Cristo",
    "S.p.A.": "S P A", "S.r.l.": "S R L", "s.r.l.": "S R L", "u.s.": "ultimo scorso", "c.m.": "corrente mese",
    "p.v.": "prossimo venturo", "ab.": "abitanti", "ca.": "circa",
}  # fmt: skip
BEFORE_NUMBERS = {
    "n.": "numero", "n°": "numero", "nº": "numero", "n.ro": "numero", "nr.": "numero", "N.": "numero", "№": "numero",
    "nn.": "numeri", "num.": "numero", "pag.": "pagina", "pagg.": "pagine", "p.": "pagina", "pp.": "pagine",
    "cap.": "capitolo", "capp.": "capitoli", "art.": "articolo", "artt.": "articoli", "vol.": "volume",
    "fig.": "figura", "tab.": "tabella", "par.": "paragrafo", "ed.": "edizione", "int.": "interno", "sc.": "scala",
    "max": "massimo", "max.": "massimo", "min.": "minimo", "sec.": "secolo", "v.": "verso", "vv.": "versi",
    "co.": "comma", "c.": "comma", "lett.": "lettera", "tel.": "telefono", "all.": "allegato", "h": "ore",
    "h.": "ore", "km": "chilometro", "es.": "esercizio", "rif.": "riferimento", "ca.": "circa", "ca": "circa",
    "art": "articolo", "pag": "pagina", "civ.": "civico", "lin.": "linea", "dal sec.": "dal secolo",
}  # fmt: skip
SYMBOLS = {
    "→": "freccia", "©": "copyright", "™": "", "®": "", "½": "mezzo", "⅓": "un terzo", "¼": "un quarto",
    "¾": "tre quarti", "⅔": "due terzi", "≈": "circa uguale a", "≠": "diverso da",
    "≥": "maggiore o uguale a", "≤": "minore o uguale a", "±": "più o meno", "√": "radice quadrata di",
    "∞": "infinito", "²": "al quadrato", "³": "al cubo", "§": "paragrafo", "&": "e",
}  # fmt: skip
OPERATORS = {
    "+": "più", "-": "meno", "−": "meno", "×": "per", "x": "per", "*": "per", "·": "per", "÷": "diviso",
    "/": "diviso", "=": "uguale", "<": "minore di", ">": "maggiore di", "≈": "circa uguale a", "≠": "diverso da",
    "≥": "maggiore o uguale a", "≤": "minore o uguale a",
}  # fmt: skip
SIGNS = Signs(
    or_=r"([eo])/o", either="o", about="circa", number="numero", plus="più", power="elevato a",
    operators=OPERATORS, symbols=SYMBOLS,
)  # fmt: skip
ELECTRONIC = Vocabulary(
    marks={
        ".": "punto", "@": "chiocciola", "/": "barra", "-": "trattino", "_": "trattino basso", ":": "due punti",
        "\\": "barra rovesciata", "?": "punto interrogativo", "=": "uguale", "&": "e", "#": "cancelletto",
        "+": "più", "%": "per cento", "~": "tilde",
    },
    version="versione", hashtag="hashtag", hexadecimal="esadecimale",
)  # fmt: skip


def value_of(numeral: str) -> int:
    """Return a number that is written in figures or as a Roman numeral; 0 if it is neither."""
    return int(numeral) if numeral.isdigit() else roman(numeral) or 0
