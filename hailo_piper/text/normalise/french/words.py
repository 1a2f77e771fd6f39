"""French has these abbreviations and these names for symbols."""

from hailo_piper.text.normalise.electronic import Vocabulary
from hailo_piper.text.normalise.romance_signs import Signs

ABBREVIATIONS = {
    "p. ex.": "par exemple", "c.-à-d.": "c'est-à-dire", "c. -à-d.": "c'est-à-dire", "c.à.d.": "c'est-à-dire",
    "càd": "c'est-à-dire", "env.": "environ", "MM.": "messieurs", "Mmes": "mesdames",
    "Mlles": "mesdemoiselles", "Mgr": "monseigneur", "Ste": "sainte", "St": "saint", "St.": "saint",
    "tél.": "téléphone", "cf.": "confer",
    "bd": "boulevard", "bd.": "boulevard", "Bd": "boulevard", "boul.": "boulevard", "av.": "avenue", "ch.": "chemin",
    "pl.": "place", "rte": "route", "rte.": "route", "imp.": "impasse",
    "apr.": "après", "min.": "minimum", "max.": "maximum", "approx.": "approximativement", "éd.": "édition",
    "dép.": "département", "gouv.": "gouvernement", "qqch.": "quelque chose", "qqn": "quelqu'un",
    "qqch": "quelque chose", "rdv": "rendez-vous", "RDV": "rendez-vous", "rdc": "rez-de-chaussée",
    "resp.": "respectivement",
    "ex.": "exemple", "Cie": "compagnie", "Sté": "société", "Éts": "établissements", "Ets": "établissements",
    "tlj": "tous les jours", "s/": "sous", "Dr": "docteur", "Pr": "professeur", "Dre": "docteure",
    "Dr.": "docteur", "Pr.": "professeur", "Drs": "docteurs", "i.e.": "c'est-à-dire", "coll.": "collection",
    "bât.": "bâtiment", "réf.": "référence",
    "tél": "téléphone", "bcp": "beaucoup", "vs": "contre", "vs.": "contre",
}  # fmt: skip
LAST = {
    "etc.": "et cetera", "av. J.-C.": "avant Jésus-Christ", "apr. J.-C.": "après Jésus-Christ",
    "ap. J.-C.": "après Jésus-Christ", "s.v.p.": "s'il vous plaît", "S.V.P.": "s'il vous plaît",
    "svp": "s'il vous plaît", "SVP": "s'il vous plaît", "stp": "s'il te plaît", "hab.": "habitants",
    "T.T.C.": "toutes taxes comprises", "TTC": "toutes taxes comprises", "HT": "hors taxes", "Cie": "compagnie",
    "max.": "maximum", "min.": "minimum", "env.": "environ",
}  # fmt: skip
BEFORE_NUMBERS = {
    "n°": "numéro", "nº": "numéro", "n.°": "numéro", "num.": "numéro", "no": "numéro",
    "no.": "numéro", "n°s": "numéros", "№": "numéro",
    "p.": "page", "pp.": "pages", "chap.": "chapitre", "fig.": "figure", "vol.": "volume", "art.": "article",
    "al.": "alinéa", "ch.": "chapitre", "t.": "tome", "éd.": "édition", "max.": "maximum", "min.": "minimum",
    "oct.": "octobre", "nov.": "novembre", "déc.": "décembre", "janv.": "janvier", "févr.": "février",
    "avr.": "avril", "juil.": "juillet", "sept.": "septembre", "app.": "appartement",
    "apt.": "appartement", "appt": "appartement",
    "bât.": "bâtiment", "réf.": "référence", "ex.": "exercice", "v.": "vers", "ann.": "annexe", "tab.": "tableau",
    "par.": "paragraphe",
}  # fmt: skip
SYMBOLS = {
    "&": "et", "→": "vers", "©": "copyright", "™": "", "®": "", "½": "un demi", "⅓": "un tiers", "¼": "un quart",
    "¾": "trois quarts", "⅔": "deux tiers", "°": "degrés", "≈": "environ égal à", "≠": "différent de",
    "≥": "supérieur ou égal à", "≤": "inférieur ou égal à", "±": "plus ou moins", "√": "racine carrée de",
    "∞": "infini", "²": "au carré", "³": "au cube",
}  # fmt: skip
OPERATORS = {
    "+": "plus", "-": "moins", "−": "moins", "×": "fois", "x": "fois", "*": "fois", "·": "fois", "÷": "divisé par",
    "/": "divisé par", "=": "égale", "<": "inférieur à", ">": "supérieur à", "≈": "environ égal à",
    "≠": "différent de", "≥": "supérieur ou égal à", "≤": "inférieur ou égal à",
}  # fmt: skip
SIGNS = Signs(
    or_=r"(et)/ou", either="ou", about="environ", number="numéro", plus="plus", power="puissance",
    operators=OPERATORS, symbols=SYMBOLS,
)  # fmt: skip
ELECTRONIC = Vocabulary(
    marks={
        ".": "point", "@": "arobase", "/": "slash", "-": "tiret", "_": "tiret bas", ":": "deux-points",
        "\\": "antislash", "?": "point d'interrogation", "=": "égale", "&": "et", "#": "dièse", "+": "plus",
        "%": "pour cent", "~": "tilde",
    },
    version="version", hashtag="hashtag", hexadecimal="hexadécimal",
)  # fmt: skip
