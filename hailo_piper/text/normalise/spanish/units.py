"""Spanish has these names for units, currencies and great numbers."""

import re
from dataclasses import replace

from hailo_piper.text.normalise.continental import Currency, Language, noun_table
from hailo_piper.text.normalise.romance import RomanceLanguage
from hailo_piper.text.normalise.rule import Rule

LANGUAGE = RomanceLanguage(
    million="millón",
    minus="menos",
    to="a",
    score="a",
    by="por",
    per="por",
    cents="con",
    thousand="mil",
    form=lambda _: 1,
    names_cents=True,
    per_names={
        "mes": "mes", "año": "año", "día": "día", "semana": "semana", "hora": "hora", "persona": "persona",
        "noche": "noche", "pers.": "persona", "unidad": "unidad", "ud.": "unidad", "kilo": "kilo", "litro": "litro",
        "minuto": "minuto", "segundo": "segundo",
    },
    units=noun_table("""
    mm: un milímetro, milímetros
    cm: un centímetro, centímetros
    dm: un decímetro, decímetros
    m mts mts. mt.: un metro, metros
    km Km kms: un kilómetro, kilómetros
    nm: un nanómetro, nanómetros
    µm μm: un micrómetro, micrómetros
    mm² mm2: un milímetro cuadrado, milímetros cuadrados
    cm² cm2: un centímetro cuadrado, centímetros cuadrados
    m² m2: un metro cuadrado, metros cuadrados
    km² km2: un kilómetro cuadrado, kilómetros cuadrados
    cm³ cm3 cc: un centímetro cúbico, centímetros cúbicos
    m³ m3: un metro cúbico, metros cúbicos
    ml mL: un mililitro, mililitros
    cl cL: un centilitro, centilitros
    dl dL: un decilitro, decilitros
    l L lt lts: un litro, litros
    µg μg mcg: un microgramo, microgramos
    mg: un miligramo, miligramos
    g gr grs: un gramo, gramos
    kg Kg kgs: un kilogramo, kilogramos
    t: una tonelada, toneladas
    lb lbs lb.: una libra, libras
    oz oz.: una onza, onzas
    ft: un pie, pies
    km/h Km/h kmh: un kilómetro por hora, kilómetros por hora
    mph: una milla por hora, millas por hora
    m/s: un metro por segundo, metros por segundo
    m/s²: un metro por segundo al cuadrado, metros por segundo al cuadrado
    ms: un milisegundo, milisegundos
    s seg seg.: un segundo, segundos
    min min. mins: un minuto, minutos
    h h. hs hrs hrs.: una hora, horas
    V: un voltio, voltios
    kV: un kilovoltio, kilovoltios
    mA: un miliamperio, miliamperios
    mAh: un miliamperio hora, miliamperios hora
    W: un vatio, vatios
    kW Kw: un kilovatio, kilovatios
    MW: un megavatio, megavatios
    GW: un gigavatio, gigavatios
    Wh: un vatio hora, vatios hora
    kWh: un kilovatio hora, kilovatios hora
    MWh: un megavatio hora, megavatios hora
    CV cv: un caballo, caballos
    kJ: un kilojulio, kilojulios
    Nm: un newton metro, newtons metro
    cal: una caloría, calorías
    kcal: una kilocaloría, kilocalorías
    Hz: un hercio, hercios
    kHz: un kilohercio, kilohercios
    MHz: un megahercio, megahercios
    GHz: un gigahercio, gigahercios
    Pa: un pascal, pascales
    hPa: un hectopascal, hectopascales
    kPa: un kilopascal, kilopascales
    bar: un bar, bares
    dB: un decibelio, decibelios
    Ω: un ohmio, ohmios
    kB KB kb: un kilobyte, kilobytes
    MB Mb: un megabyte, megabytes
    GB Gb: un gigabyte, gigabytes
    TB: un terabyte, terabytes
    Mbps Mb/s Mbit/s: un megabit por segundo, megabits por segundo
    Gbps Gb/s Gbit/s: un gigabit por segundo, gigabits por segundo
    MB/s: un megabyte por segundo, megabytes por segundo
    GB/s: un gigabyte por segundo, gigabytes por segundo
    rpm: una revolución por minuto, revoluciones por minuto
    lpm ppm: un latido por minuto, latidos por minuto
    px: un píxel, píxeles
    MP Mpx: un megapíxel, megapíxeles
    °C ºC: un grado Celsius, grados Celsius
    °F ºF: un grado Fahrenheit, grados Fahrenheit
    ° º: un grado, grados
    %: uno por ciento, por ciento
    ‰: uno por mil, por mil
    hab. hab: un habitante, habitantes
    hab/km² hab./km²: un habitante por kilómetro cuadrado, habitantes por kilómetro cuadrado
    pts pts.: un punto, puntos
    cda. cda cdas. cdas: una cucharada, cucharadas
    cdta. cdta cdtas. cdtas: una cucharadita, cucharaditas
    uds. uds: una unidad, unidades
    """),
    currencies=(
        Currency(signs=("€", "EUR", "euros", "euro"), whole=("un euro", "euros"), cents=("un céntimo", "céntimos"),
                 after_magnitude="de euros"),
        Currency(signs=("US$", "U$S", "$", "USD", "dólares", "dólar"), whole=("un dólar", "dólares"),
                 cents=("un centavo", "centavos"), after_magnitude="de dólares"),
        Currency(signs=("MX$", "MXN", "Mex$"), whole=("un peso mexicano", "pesos mexicanos"),
                 cents=("un centavo", "centavos"), after_magnitude="de pesos mexicanos"),
        Currency(signs=("AR$", "ARS", "COP", "CLP", "COL$", "pesos", "peso"), whole=("un peso", "pesos"),
                 cents=("un centavo", "centavos"), after_magnitude="de pesos"),
        Currency(signs=("S/", "S/.", "PEN", "soles"), whole=("un sol", "soles"), cents=("un céntimo", "céntimos"),
                 after_magnitude="de soles"),
        Currency(signs=("R$", "BRL", "reales"), whole=("un real", "reales"), cents=("un centavo", "centavos"),
                 after_magnitude="de reales"),
        Currency(signs=("£", "GBP", "libras"), whole=("una libra", "libras"), cents=("un penique", "peniques"),
                 after_magnitude="de libras"),
        Currency(signs=("CHF",), whole=("un franco suizo", "francos suizos"), cents=("un céntimo", "céntimos"),
                 after_magnitude="de francos suizos"),
        Currency(signs=("¥", "JPY", "yenes"), whole=("un yen", "yenes"), after_magnitude="de yenes"),
        Currency(signs=("₿", "BTC"), whole=("un bitcóin", "bitcoins"), after_magnitude="de bitcoins"),
        Currency(signs=("cts", "cts.", "cént.", "¢", "céntimos", "centavos"), whole=("un céntimo", "céntimos"),
                 after_magnitude="de céntimos"),
        Currency(signs=("ptas", "ptas.", "pesetas"), whole=("una peseta", "pesetas"),
                 after_magnitude="de pesetas"),
    ),
    magnitudes=noun_table("""
    millón millones mill. M MM: un millón, millones
    billón billones: un billón, billones
    mil: mil, mil
    k K: mil, mil
    """),
)  # fmt: skip
PESOS = frozenset({"mx", "ar", "co", "cl", "uy", "do", "cu", "419"})
"""Regions in which "$" is the peso; in the others it is the dollar."""


def in_pesos(language: Language) -> Language:
    """Return a language whose "$" alone is the peso."""
    dollars = next(currency for currency in language.currencies if "$" in currency.signs)
    pesos = next(currency for currency in language.currencies if "pesos" in currency.signs)
    others = tuple(currency for currency in language.currencies if currency not in (dollars, pesos))
    without_sign = tuple(sign for sign in dollars.signs if sign != "$")
    return replace(
        language,
        currencies=(
            replace(pesos, signs=("$", *pesos.signs)),
            replace(dollars, signs=without_sign),
            *others,
        ),
    )


def american_amounts(language: Language) -> Rule:
    """Return the rule of amounts with a comma between thousands, as in Mexico: "$1,500.00"."""
    of_sign = {sign: currency for currency in language.currencies for sign in currency.signs}

    def say(match: re.Match[str]) -> str:
        sign = match["code"] or match["sign"]
        return language.amount(f"{match['whole'].replace(',', '')},{match['cents'] or '00'}", of_sign[sign])

    pattern = (
        r"(?<![\w$])(?P<sign>(?:US|MX)?\$) ?(?P<whole>\d{1,3}(?:,\d{3}){1,4})(?:\.(?P<cents>\d\d))?"
        r"(?: ?(?P<code>MXN|USD|pesos|dólares))?(?![\w,]|\.\d)"
    )
    return Rule(name="money", pattern=pattern, say=say, needs="$")
