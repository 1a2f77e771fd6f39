"""Portuguese has these names for units, currencies and great numbers."""

from hailo_piper.text.normalise.continental import Currency, Forms, noun_table
from hailo_piper.text.normalise.romance import RomanceLanguage


def _form(number: str) -> int:
    """Return 2, the singular, below two: "1,5 milhão"."""
    return 2 if int(number.partition(",")[0] or 0) < 2 else 1


def noun_forms(text: str) -> dict[str, Forms]:
    """Read a table of nouns; the third form is the singular without its article."""
    return {symbol: (*forms, forms[0].partition(" ")[2]) for symbol, forms in noun_table(text).items()}


LANGUAGE = RomanceLanguage(
    million="milhão",
    minus="menos",
    to="a",
    score="a",
    by="por",
    per="por",
    cents="e",
    thousand="mil",
    form=_form,
    names_cents=True,
    per_names={
        "mês": "mês", "ano": "ano", "dia": "dia", "semana": "semana", "hora": "hora", "pessoa": "pessoa",
        "noite": "noite", "kg": "quilo", "quilo": "quilo", "litro": "litro", "minuto": "minuto", "un": "unidade",
    },
    units=noun_forms("""
    mm: um milímetro, milímetros
    cm: um centímetro, centímetros
    dm: um decímetro, decímetros
    m mts: um metro, metros
    km Km: um quilômetro, quilômetros
    nm: um nanômetro, nanômetros
    µm μm: um micrômetro, micrômetros
    mm² mm2: um milímetro quadrado, milímetros quadrados
    cm² cm2: um centímetro quadrado, centímetros quadrados
    m² m2: um metro quadrado, metros quadrados
    km² km2: um quilômetro quadrado, quilômetros quadrados
    ha: um hectare, hectares
    cm³ cm3 cc: um centímetro cúbico, centímetros cúbicos
    m³ m3: um metro cúbico, metros cúbicos
    ml mL: um mililitro, mililitros
    cl cL: um centilitro, centilitros
    dl dL: um decilitro, decilitros
    l L: um litro, litros
    µg μg mcg: um micrograma, microgramas
    mg: um miligrama, miligramas
    g gr: um grama, gramas
    kg Kg: um quilo, quilos
    t: uma tonelada, toneladas
    lb lbs: uma libra, libras
    oz: uma onça, onças
    km/h Km/h kmh: um quilômetro por hora, quilômetros por hora
    mph: uma milha por hora, milhas por hora
    m/s: um metro por segundo, metros por segundo
    m/s²: um metro por segundo ao quadrado, metros por segundo ao quadrado
    ms: um milissegundo, milissegundos
    s seg seg.: um segundo, segundos
    min min.: um minuto, minutos
    h hs hrs: uma hora, horas
    V: um volt, volts
    kV: um quilovolt, quilovolts
    mA: um miliampère, miliampères
    mAh: um miliampère-hora, miliampères-hora
    W: um watt, watts
    kW: um quilowatt, quilowatts
    MW: um megawatt, megawatts
    GW: um gigawatt, gigawatts
    Wh: um watt-hora, watts-hora
    kWh: um quilowatt-hora, quilowatts-hora
    MWh: um megawatt-hora, megawatts-hora
    cv: um cavalo, cavalos
    cal: uma caloria, calorias
    kcal: uma quilocaloria, quilocalorias
    kJ: um quilojoule, quilojoules
    Hz: um hertz, hertz
    kHz: um quilohertz, quilohertz
    MHz: um megahertz, megahertz
    GHz: um gigahertz, gigahertz
    Pa: um pascal, pascais
    hPa: um hectopascal, hectopascais
    dB: um decibel, decibéis
    Ω: um ohm, ohms
    kB KB: um quilobyte, quilobytes
    MB: um megabyte, megabytes
    GB: um gigabyte, gigabytes
    TB: um terabyte, terabytes
    Mbps Mb/s Mbit/s: um megabit por segundo, megabits por segundo
    Gbps Gb/s Gbit/s: um gigabit por segundo, gigabits por segundo
    MB/s: um megabyte por segundo, megabytes por segundo
    GB/s: um gigabyte por segundo, gigabytes por segundo
    rpm: uma rotação por minuto, rotações por minuto
    bpm: um batimento por minuto, batimentos por minuto
    px: um pixel, pixels
    MP: um megapixel, megapixels
    °C ºC: um grau Celsius, graus Celsius
    °F ºF: um grau Fahrenheit, graus Fahrenheit
    ° º: um grau, graus
    %: um por cento, por cento, por cento
    ‰: um por mil, por mil, por mil
    hab. hab: um habitante, habitantes
    un. und. und: uma unidade, unidades
    """),
    currencies=(
        Currency(signs=("R$", "BRL", "reais", "real"), whole=("um real", "reais", "real"),
                 cents=("um centavo", "centavos"), after_magnitude="de reais"),
        Currency(signs=("US$", "U$", "$", "USD", "dólares", "dólar"), whole=("um dólar", "dólares", "dólar"),
                 cents=("um centavo", "centavos"), after_magnitude="de dólares"),
        Currency(signs=("€", "EUR", "euros", "euro"), whole=("um euro", "euros", "euro"),
                 cents=("um centavo", "centavos"), after_magnitude="de euros"),
        Currency(signs=("£", "GBP", "libras"), whole=("uma libra", "libras", "libra"),
                 cents=("um pêni", "pence"), after_magnitude="de libras"),
        Currency(signs=("CHF",), whole=("um franco suíço", "francos suíços"), cents=("um cêntimo", "cêntimos"),
                 after_magnitude="de francos suíços"),
        Currency(signs=("¥", "JPY", "ienes"), whole=("um iene", "ienes"), after_magnitude="de ienes"),
        Currency(signs=("₿", "BTC"), whole=("um bitcoin", "bitcoins"), after_magnitude="de bitcoins"),
        Currency(signs=("centavos",), whole=("um centavo", "centavos"), after_magnitude="de centavos"),
    ),
    magnitudes=noun_forms("""
    milhão milhões mi M: um milhão, milhões
    bilhão bilhões bi: um bilhão, bilhões
    trilhão trilhões tri: um trilhão, trilhões
    mil: mil, mil
    k K: mil, mil
    """),
)  # fmt: skip
