"""Italian has these names for units, currencies and great numbers."""

from hailo_piper.text.normalise.continental import Currency, noun_table
from hailo_piper.text.normalise.romance import RomanceLanguage

LANGUAGE = RomanceLanguage(
    million="milione",
    minus="meno",
    to="a",
    score="a",
    by="per",
    per="al",
    cents="e",
    thousand="mila",
    form=lambda _: 1,
    per_names={
        "mese": "mese", "anno": "anno", "giorno": "giorno", "settimana": "settimana", "ora": "ora",
        "persona": "persona", "notte": "notte", "pers.": "persona", "h": "ora", "pezzo": "pezzo",
    },
    units=noun_table("""
    mm: un millimetro, millimetri
    cm: un centimetro, centimetri
    dm: un decimetro, decimetri
    m mt mt.: un metro, metri
    km Km: un chilometro, chilometri
    nm: un nanometro, nanometri
    µm μm: un micrometro, micrometri
    mm² mm2: un millimetro quadrato, millimetri quadrati
    cm² cm2: un centimetro quadrato, centimetri quadrati
    m² m2 mq: un metro quadrato, metri quadrati
    km² km2 kmq: un chilometro quadrato, chilometri quadrati
    cm³ cm3 cc: un centimetro cubo, centimetri cubi
    m³ m3 mc: un metro cubo, metri cubi
    ml mL: un millilitro, millilitri
    cl cL: un centilitro, centilitri
    dl dL: un decilitro, decilitri
    l L lt: un litro, litri
    µg μg mcg: un microgrammo, microgrammi
    mg: un milligrammo, milligrammi
    g gr gr.: un grammo, grammi
    hg: un ettogrammo, ettogrammi
    kg Kg: un chilogrammo, chilogrammi
    q: un quintale, quintali
    t: una tonnellata, tonnellate
    km/h Km/h kmh: un chilometro orario, chilometri orari
    mph: un miglio orario, miglia orarie
    m/s: un metro al secondo, metri al secondo
    ms: un millisecondo, millisecondi
    s sec sec.: un secondo, secondi
    min min.: un minuto, minuti
    h: un'ora, ore
    gg gg.: un giorno, giorni
    V: un volt, volt
    kV: un chilovolt, chilovolt
    mA: un milliampere, milliampere
    mAh: un milliamperora, milliamperora
    W: un watt, watt
    kW Kw: un chilowatt, chilowatt
    MW: un megawatt, megawatt
    GW: un gigawatt, gigawatt
    Wh: un wattora, wattora
    kWh: un chilowattora, chilowattora
    MWh: un megawattora, megawattora
    CV cv: un cavallo, cavalli
    kJ: un chilojoule, chilojoule
    Nm: un newton metro, newton metro
    cal: una caloria, calorie
    kcal Kcal: una chilocaloria, chilocalorie
    Hz: un hertz, hertz
    kHz: un chilohertz, chilohertz
    MHz: un megahertz, megahertz
    GHz: un gigahertz, gigahertz
    Pa: un pascal, pascal
    hPa: un ettopascal, ettopascal
    bar: un bar, bar
    dB: un decibel, decibel
    Ω: un ohm, ohm
    kB KB: un kilobyte, kilobyte
    MB Mb: un megabyte, megabyte
    GB Gb: un gigabyte, gigabyte
    TB: un terabyte, terabyte
    Mbps Mb/s Mbit/s: un megabit al secondo, megabit al secondo
    Gbps Gb/s Gbit/s: un gigabit al secondo, gigabit al secondo
    MB/s: un megabyte al secondo, megabyte al secondo
    GB/s: un gigabyte al secondo, gigabyte al secondo
    rpm: un giro al minuto, giri al minuto
    MP Mpx: un megapixel, megapixel
    °C ºC: un grado Celsius, gradi Celsius
    °F ºF: un grado Fahrenheit, gradi Fahrenheit
    %: uno per cento, per cento
    ‰: uno per mille, per mille
    ab. ab./km²: un abitante, abitanti
    pz pz.: un pezzo, pezzi
    """),
    currencies=(
        Currency(signs=("€", "EUR", "euro"), whole=("un euro", "euro"), cents=("un centesimo", "centesimi"),
                 after_magnitude="di euro"),
        Currency(signs=("US$", "$", "USD", "dollari", "dollaro"), whole=("un dollaro", "dollari"),
                 cents=("un centesimo", "centesimi"), after_magnitude="di dollari"),
        Currency(signs=("£", "GBP", "sterline"), whole=("una sterlina", "sterline"), cents=("un penny", "pence"),
                 after_magnitude="di sterline"),
        Currency(signs=("CHF", "Fr."), whole=("un franco svizzero", "franchi svizzeri"),
                 cents=("un centesimo", "centesimi"), after_magnitude="di franchi svizzeri"),
        Currency(signs=("¥", "JPY", "yen"), whole=("uno yen", "yen"), after_magnitude="di yen"),
        Currency(signs=("₿", "BTC"), whole=("un bitcoin", "bitcoin"), after_magnitude="di bitcoin"),
        Currency(signs=("Lit.", "lire"), whole=("una lira", "lire"), after_magnitude="di lire"),
        Currency(signs=("cent", "cent.", "¢", "centesimi"), whole=("un centesimo", "centesimi"),
                 after_magnitude="di centesimi"),
    ),
    magnitudes=noun_table("""
    milione milioni mln mln. M: un milione, milioni
    miliardo miliardi mld mld. mrd: un miliardo, miliardi
    mila k K: mille, mila
    """),
)  # fmt: skip
