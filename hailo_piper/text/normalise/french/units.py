"""French has these names for units, currencies and great numbers."""

from hailo_piper.text.normalise.continental import Currency, Forms, noun_table
from hailo_piper.text.normalise.romance import RomanceLanguage


def _form(number: str) -> int:
    """Return 2, the singular, below two: "1,5 million"."""
    return 2 if int(number.partition(",")[0] or 0) < 2 else 1


def _agreed(number: str, forms: Forms) -> str:
    """Write a figure as it agrees with a feminine noun: "vingt et une heures"."""
    is_one = number.endswith("1") and number[-2:] not in {"11", "71", "91"} and "," not in number
    return (
        f"{int(number) - 1} {'' if number.endswith('81') else 'et '}une" if is_one and _is_feminine(forms) else number
    )


def _is_feminine(forms: Forms) -> bool:
    return forms[0].startswith("une ")


def noun_forms(text: str) -> dict[str, Forms]:
    """Read a table of nouns; the third form is the singular without its article."""
    return {symbol: (*forms, forms[0].partition(" ")[2]) for symbol, forms in noun_table(text).items()}


LANGUAGE = RomanceLanguage(
    million="million",
    minus="moins",
    to="à",
    score="à",
    by="sur",
    per="par",
    thousand="mille",
    form=_form,
    agreed=_agreed,
    per_names={
        "mois": "mois", "an": "an", "jour": "jour", "semaine": "semaine", "heure": "heure", "personne": "personne",
        "nuit": "nuit", "pers.": "personne", "pers": "personne", "pièce": "pièce", "j": "jour", "sem.": "semaine",
    },
    units=noun_forms("""
    mm: un millimètre, millimètres
    cm: un centimètre, centimètres
    dm: un décimètre, décimètres
    m: un mètre, mètres
    km: un kilomètre, kilomètres
    nm: un nanomètre, nanomètres
    µm: un micromètre, micromètres
    mm² mm2: un millimètre carré, millimètres carrés
    cm² cm2: un centimètre carré, centimètres carrés
    m² m2: un mètre carré, mètres carrés
    km² km2: un kilomètre carré, kilomètres carrés
    ha: un hectare, hectares
    cm³ cm3: un centimètre cube, centimètres cubes
    m³ m3: un mètre cube, mètres cubes
    ml mL: un millilitre, millilitres
    cl cL: un centilitre, centilitres
    dl dL: un décilitre, décilitres
    l L: un litre, litres
    hl: un hectolitre, hectolitres
    µg: un microgramme, microgrammes
    mg: un milligramme, milligrammes
    g: un gramme, grammes
    kg: un kilogramme, kilogrammes
    t: une tonne, tonnes
    km/h: un kilomètre à l'heure, kilomètres à l'heure
    m/s: un mètre par seconde, mètres par seconde
    ms: une milliseconde, millisecondes
    s sec sec.: une seconde, secondes
    min min. mn: une minute, minutes
    h: une heure, heures
    j j.: un jour, jours
    V: un volt, volts
    kV: un kilovolt, kilovolts
    mA: un milliampère, milliampères
    mAh: un milliampère-heure, milliampère-heures
    W: un watt, watts
    kW: un kilowatt, kilowatts
    MW: un mégawatt, mégawatts
    GW: un gigawatt, gigawatts
    Wh: un wattheure, wattheures
    kWh: un kilowattheure, kilowattheures
    MWh: un mégawattheure, mégawattheures
    ch: un cheval, chevaux
    J: un joule, joules
    kJ: un kilojoule, kilojoules
    cal: une calorie, calories
    kcal: une kilocalorie, kilocalories
    Hz: un hertz, hertz
    kHz: un kilohertz, kilohertz
    MHz: un mégahertz, mégahertz
    GHz: un gigahertz, gigahertz
    Pa: un pascal, pascals
    hPa: un hectopascal, hectopascals
    dB: un décibel, décibels
    ko Ko kB KB: un kilooctet, kilooctets
    Mo: un mégaoctet, mégaoctets
    Go: un gigaoctet, gigaoctets
    To: un téraoctet, téraoctets
    MB: un mégaoctet, mégaoctets
    GB: un gigaoctet, gigaoctets
    TB: un téraoctet, téraoctets
    Mbit/s Mb/s Mbps: un mégabit par seconde, mégabits par seconde
    Gbit/s Gb/s Gbps: un gigabit par seconde, gigabits par seconde
    Mo/s: un mégaoctet par seconde, mégaoctets par seconde
    tr/min: un tour par minute, tours par minute
    °C ºC: un degré Celsius, degrés Celsius
    °F: un degré Fahrenheit, degrés Fahrenheit
    ° º: un degré, degrés
    %: un pour cent, pour cent
    ‰: un pour mille, pour mille
    hab.: un habitant, habitants
    pers.: une personne, personnes
    c._à_s.: une cuillère à soupe, cuillères à soupe
    c._à_c.: une cuillère à café, cuillères à café
    """),
    currencies=(
        Currency(signs=("€", "EUR", "euros", "euro"), whole=("un euro", "euros", "euro"),
                 cents=("un centime", "centimes"), after_magnitude="d'euros"),
        Currency(signs=("US$", "$US", "$", "USD", "dollars", "dollar"), whole=("un dollar", "dollars", "dollar"),
                 cents=("un cent", "cents"), after_magnitude="de dollars"),
        Currency(signs=("£", "GBP"), whole=("une livre", "livres", "livre"), cents=("un penny", "pence"),
                 after_magnitude="de livres"),
        Currency(signs=("CHF", "FS"), whole=("un franc suisse", "francs suisses", "franc suisse"),
                 cents=("un centime", "centimes"), after_magnitude="de francs suisses"),
        Currency(signs=("$CA", "CA$", "C$", "CAD"),
                 whole=("un dollar canadien", "dollars canadiens", "dollar canadien"), cents=("un cent", "cents"),
                 after_magnitude="de dollars canadiens"),
        Currency(signs=("¥", "JPY", "yens", "yen"), whole=("un yen", "yens", "yen"), after_magnitude="de yens"),
        Currency(signs=("F CFA", "FCFA", "XOF"), whole=("un franc CFA", "francs CFA", "franc CFA"),
                 after_magnitude="de francs CFA"),
        Currency(signs=("FF", "francs", "franc"), whole=("un franc", "francs", "franc"),
                 cents=("un centime", "centimes"), after_magnitude="de francs"),
        Currency(signs=("cts", "ct", "centimes", "centime"), whole=("un centime", "centimes", "centime"),
                 after_magnitude="de centimes"),
    ),
    magnitudes=noun_forms("""
    million millions M: un million, millions
    milliard milliards Md Mds Mrd: un milliard, milliards
    k K: mille, mille
    mille: mille, mille
    """),
)  # fmt: skip
