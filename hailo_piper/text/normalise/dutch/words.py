"""Dutch has these names for units, currencies, symbols and abbreviations."""

from hailo_piper.text.normalise.continental import Currency, Language, noun_table
from hailo_piper.text.normalise.electronic import Vocabulary
from hailo_piper.text.normalise.wording import word_set

LANGUAGE = Language(
    minus="min",
    to="tot",
    score="",
    by="bij",
    per="per",
    form=lambda _: 1,
    per_names={
        "maand": "maand", "jaar": "jaar", "dag": "dag", "week": "week", "uur": "uur", "stuk": "stuk",
        "persoon": "persoon", "p.p.": "persoon", "nacht": "nacht", "mnd": "maand",
    },
    units=noun_table("""
    mm: 1 millimeter, millimeter
    cm: 1 centimeter, centimeter
    dm: 1 decimeter, decimeter
    m: 1 meter, meter
    km: 1 kilometer, kilometer
    µm: 1 micrometer, micrometer
    cm² cm2: 1 vierkante centimeter, vierkante centimeter
    m² m2: 1 vierkante meter, vierkante meter
    km² km2: 1 vierkante kilometer, vierkante kilometer
    ha: 1 hectare, hectare
    cm³ cm3: 1 kubieke centimeter, kubieke centimeter
    m³ m3: 1 kubieke meter, kubieke meter
    ml: 1 milliliter, milliliter
    cl: 1 centiliter, centiliter
    dl: 1 deciliter, deciliter
    l L: 1 liter, liter
    µg: 1 microgram, microgram
    mg: 1 milligram, milligram
    g gr: 1 gram, gram
    kg: 1 kilogram, kilogram
    t: 1 ton, ton
    km/h km/u: 1 kilometer per uur, kilometer per uur
    m/s: 1 meter per seconde, meter per seconde
    ms: 1 milliseconde, milliseconden
    s sec sec.: 1 seconde, seconden
    min min.: 1 minuut, minuten
    h u: 1 uur, uur
    V: 1 volt, volt
    kV: 1 kilovolt, kilovolt
    mA: 1 milliampère, milliampère
    mAh: 1 milliampère-uur, milliampère-uur
    W: 1 watt, watt
    kW: 1 kilowatt, kilowatt
    MW: 1 megawatt, megawatt
    Wh: 1 wattuur, wattuur
    kWh: 1 kilowattuur, kilowattuur
    pk: 1 paardenkracht, paardenkracht
    kJ: 1 kilojoule, kilojoule
    kcal: 1 kilocalorie, kilocalorieën
    Hz: 1 hertz, hertz
    kHz: 1 kilohertz, kilohertz
    MHz: 1 megahertz, megahertz
    GHz: 1 gigahertz, gigahertz
    Pa: 1 pascal, pascal
    hPa: 1 hectopascal, hectopascal
    mbar: 1 millibar, millibar
    dB: 1 decibel, decibel
    kB KB: 1 kilobyte, kilobyte
    A: 1 ampère, ampère
    bar: 1 bar, bar
    MWh: 1 megawattuur, megawattuur
    MB: 1 megabyte, megabyte
    GB: 1 gigabyte, gigabyte
    TB: 1 terabyte, terabyte
    Mbit/s Mb/s Mbps: 1 megabit per seconde, megabit per seconde
    Gbit/s Gb/s Gbps: 1 gigabit per seconde, gigabit per seconde
    MB/s: 1 megabyte per seconde, megabyte per seconde
    °C ºC: 1 graad Celsius, graden Celsius
    °F: 1 graad Fahrenheit, graden Fahrenheit
    ° º: 1 graad, graden
    %: 1 procent, procent
    ‰: 1 promille, promille
    st. stuks: 1 stuk, stuks
    pers.: 1 persoon, personen
    el: 1 eetlepel, eetlepels
    tl: 1 theelepel, theelepels
    """),
    currencies=(
        Currency(signs=("€", "EUR", "euro"), whole=("1 euro", "euro"), cents=("1 cent", "cent"),
                 after_magnitude="euro"),
        Currency(signs=("US$", "$", "USD", "dollar"), whole=("1 dollar", "dollar"), cents=("1 cent", "cent"),
                 after_magnitude="dollar"),
        Currency(signs=("£", "GBP"), whole=("1 pond", "pond"), cents=("1 penny", "pence"), after_magnitude="pond"),
        Currency(signs=("CHF",), whole=("1 Zwitserse frank", "Zwitserse frank"), after_magnitude="Zwitserse frank"),
        Currency(signs=("¥", "JPY"), whole=("1 yen", "yen"), after_magnitude="yen"),
    ),
    magnitudes=noun_table("""
    mln. mln miljoen M: 1 miljoen, miljoen
    mld. mld mrd mrd. miljard: 1 miljard, miljard
    k duizend: duizend, duizend
    """),
)  # fmt: skip
ABBREVIATIONS = {
    "dhr.": "de heer", "mevr.": "mevrouw", "mw.": "mevrouw", "mr.": "meester", "bijv.": "bijvoorbeeld",
    "bv.": "bijvoorbeeld", "d.w.z.": "dat wil zeggen", "m.a.w.": "met andere woorden", "i.p.v.": "in plaats van",
    "t.o.v.": "ten opzichte van", "m.b.t.": "met betrekking tot", "i.v.m.": "in verband met",
    "n.a.v.": "naar aanleiding van", "t.a.v.": "ter attentie van", "t.g.v.": "ten gevolge van",
    "m.u.v.": "met uitzondering van", "o.l.v.": "onder leiding van", "o.b.v.": "op basis van",
    "t.b.v.": "ten behoeve van", "m.b.v.": "met behulp van", "i.s.m.": "in samenwerking met",
    "a.d.h.v.": "aan de hand van", "ca.": "circa", "evt.": "eventueel", "incl.": "inclusief", "excl.": "exclusief",
    "resp.": "respectievelijk", "zgn.": "zogenaamde", "z.g.": "zogenaamde", "vgl.": "vergelijk", "tel.": "telefoon",
    "t/m": "tot en met", "ong.": "ongeveer", "dr.": "dokter", "drs.": "doctorandus", "prof.": "professor",
    "ir.": "ingenieur", "ing.": "ingenieur", "St.": "Sint", "St": "Sint", "w.o.": "waaronder", "o.a.": "onder andere",
    "a.g.v.": "als gevolg van", "o.g.v.": "op grond van", "v.a.": "vanaf", "c.q.": "casu quo", "o.m.": "onder meer",
    "e.e.a.": "een en ander", "d.m.v.": "door middel van", "i.c.m.": "in combinatie met", "i.h.b.": "in het bijzonder",
    "i.h.k.v.": "in het kader van", "m.i.": "mijns inziens", "m.i.v.": "met ingang van", "m.n.": "met name",
    "nl.": "namelijk", "t.w.": "te weten", "b.g.g.": "bij geen gehoor", "d.d.": "de dato", "fam.": "familie",
    "gebr.": "gebroeders", "gem.": "gemiddeld", "i.o.v.": "in opdracht van", "i.t.t.": "in tegenstelling tot",
    "mej.": "mejuffrouw", "vnl.": "voornamelijk", "wrsch.": "waarschijnlijk", "ws.": "waarschijnlijk", "ds.": "dominee",
    "mgr.": "monseigneur", "afd.": "afdeling", "div.": "diverse", "t.n.v.": "ten name van", "bijz.": "bijzonder",
    "alg.": "algemeen", "gen.": "generaal", "v.d.": "van de", "plm.": "plusminus", "vb.": "voorbeeld",
    "evtl.": "eventueel", "pag.": "pagina", "vs.": "versus", "i.v.t.": "in verhouding tot", "t.h.v.": "ter hoogte van",
    "t.m.": "tot en met", "o.v.v.": "onder vermelding van", "m.a.w": "met andere woorden", "vlg.": "volgende",
    "uitg.": "uitgave", "ned.": "Nederlands", "gld.": "gulden",
}  # fmt: skip
LAST = {
    "p/m": "per maand", "p/j": "per jaar", "o.a.": "onder andere", "enz.": "enzovoort", "etc.": "et cetera",
    "e.d.": "en dergelijke", "a.u.b.": "alstublieft", "aub": "alstublieft", "s.v.p.": "alstublieft",
    "svp": "alstublieft", "z.s.m.": "zo snel mogelijk", "n.v.t.": "niet van toepassing", "v.Chr.": "voor Christus",
    "v. Chr.": "voor Christus", "n. Chr.": "na Christus", "jl.": "jongstleden", "a.s.": "aanstaande",
    "p.p.": "per persoon", "p.st.": "per stuk", "t.z.t.": "te zijner tijd", "i.h.a.": "in het algemeen",
    "i.i.g.": "in ieder geval", "e.a.": "en anderen", "e.v.": "en volgende", "o.i.d.": "of iets dergelijks",
    "n.Chr.": "na Christus", "p.u.": "per uur", "p.w.": "per week", "p.j.": "per jaar", "p.d.": "per dag",
    "jr.": "junior", "sr.": "senior", "e.o.": "en omgeving", "z.o.z.": "zie ommezijde",
}  # fmt: skip
BEFORE_NUMBERS = {
    "nr": "nummer", "nr.": "nummer", "nrs.": "nummers", "no.": "nummer", "blz.": "bladzijde", "pag.": "pagina",
    "p.": "pagina", "art.": "artikel", "afb.": "afbeelding", "fig.": "figuur", "hfst.": "hoofdstuk",
    "par.": "paragraaf", "max.": "maximaal", "min.": "minimaal", "tab.": "tabel", "bijl.": "bijlage", "jan.": "januari",
    "feb.": "februari", "febr.": "februari", "mrt.": "maart", "apr.": "april", "aug.": "augustus", "sept.": "september",
    "okt.": "oktober", "nov.": "november", "dec.": "december", "lid.": "lid", "vol.": "volume", "geb.": "geboren",
}  # fmt: skip
INITIALISMS = word_set(
    "USA USB ICE NOS AIVD ANWB OV CDA EHBO UWV EO AED AOW ABN ING ZZP IQ ID IP UV HIV AI URL UK US APK CAO CBR OR VWO "
    "BSN SUV ISBN ABC ICT UN VN IT WHO KNMI IC SP PVDA ECB IMF EK WK KVK"
)
"""These are spelled, though espeak-ng would read them as words."""
SYMBOLS = {
    "&": "en", "→": "naar", "©": "copyright", "™": "", "®": "", "½": "een half", "⅓": "een derde", "¼": "een kwart",
    "¾": "driekwart", "⅔": "twee derde", "°": "graden", "≈": "ongeveer gelijk aan", "≠": "niet gelijk aan",
    "≥": "groter dan of gelijk aan", "≤": "kleiner dan of gelijk aan", "±": "plus minus", "√": "wortel",
    "∞": "oneindig", "²": "kwadraat", "³": "tot de derde",
}  # fmt: skip
OPERATORS = {
    "+": "plus", "-": "min", "−": "min", "×": "keer", "x": "keer", "*": "keer", "·": "keer", "÷": "gedeeld door",
    ":": "gedeeld door", "/": "gedeeld door", "=": "is", "<": "kleiner dan", ">": "groter dan",
    "≈": "ongeveer gelijk aan", "≠": "niet gelijk aan", "≥": "groter dan of gelijk aan",
    "≤": "kleiner dan of gelijk aan",
}  # fmt: skip
ELECTRONIC = Vocabulary(
    marks={
        ".": "punt", "@": "apenstaartje", "/": "slash", "-": "streepje", "_": "laag streepje", ":": "dubbele punt",
        "\\": "backslash", "?": "vraagteken", "=": "is", "&": "en", "#": "hekje", "+": "plus", "%": "procent",
        "~": "tilde",
    },
    version="versie", hashtag="hashtag", hexadecimal="hexadecimaal",
)  # fmt: skip
