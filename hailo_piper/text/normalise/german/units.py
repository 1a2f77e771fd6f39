"""German has these names for units, currencies and great numbers."""

from hailo_piper.text.normalise.continental import Currency, Language, noun_table

LANGUAGE = Language(
    minus="minus",
    to="bis",
    score="zu",
    by="mal",
    per="pro",
    form=lambda _: 1,
    per_names={
        "Monat": "Monat", "Jahr": "Jahr", "Tag": "Tag", "Woche": "Woche", "Stunde": "Stunde", "Stück": "Stück",
        "Person": "Person", "Nacht": "Nacht", "Kopf": "Kopf", "Std.": "Stunde", "Min.": "Minute", "Mon.": "Monat",
    },
    units=noun_table("""
    mm: ein Millimeter, Millimeter
    cm: ein Zentimeter, Zentimeter
    dm: ein Dezimeter, Dezimeter
    m: ein Meter, Meter
    km: ein Kilometer, Kilometer
    nm: ein Nanometer, Nanometer
    µm: ein Mikrometer, Mikrometer
    mm²: ein Quadratmillimeter, Quadratmillimeter
    cm²: ein Quadratzentimeter, Quadratzentimeter
    m² qm m2: ein Quadratmeter, Quadratmeter
    km² km2 qkm: ein Quadratkilometer, Quadratkilometer
    ha: ein Hektar, Hektar
    cm³: ein Kubikzentimeter, Kubikzentimeter
    m³ m3: ein Kubikmeter, Kubikmeter
    ml: ein Milliliter, Milliliter
    cl: ein Zentiliter, Zentiliter
    dl: ein Deziliter, Deziliter
    l L: ein Liter, Liter
    hl: ein Hektoliter, Hektoliter
    µg: ein Mikrogramm, Mikrogramm
    mg: ein Milligramm, Milligramm
    g: ein Gramm, Gramm
    kg: ein Kilogramm, Kilogramm
    t: eine Tonne, Tonnen
    km/h: ein Kilometer pro Stunde, Kilometer pro Stunde
    m/s: ein Meter pro Sekunde, Meter pro Sekunde
    mph: eine Meile pro Stunde, Meilen pro Stunde
    ms: eine Millisekunde, Millisekunden
    s sec Sek. sek: eine Sekunde, Sekunden
    min Min. Min min.: eine Minute, Minuten
    h Std. Std: eine Stunde, Stunden
    V: ein Volt, Volt
    kV: ein Kilovolt, Kilovolt
    mA: ein Milliampere, Milliampere
    mAh: eine Milliamperestunde, Milliamperestunden
    Ah: eine Amperestunde, Amperestunden
    W: ein Watt, Watt
    kW: ein Kilowatt, Kilowatt
    MW: ein Megawatt, Megawatt
    GW: ein Gigawatt, Gigawatt
    Wh: eine Wattstunde, Wattstunden
    kWh: eine Kilowattstunde, Kilowattstunden
    MWh: eine Megawattstunde, Megawattstunden
    PS: ein PS, PS
    A: ein Ampere, Ampere
    Ω: ein Ohm, Ohm
    kWp: ein Kilowatt Peak, Kilowatt Peak
    J: ein Joule, Joule
    kJ: ein Kilojoule, Kilojoule
    cal: eine Kalorie, Kalorien
    kcal: eine Kilokalorie, Kilokalorien
    Hz: ein Hertz, Hertz
    kHz: ein Kilohertz, Kilohertz
    MHz: ein Megahertz, Megahertz
    GHz: ein Gigahertz, Gigahertz
    Pa: ein Pascal, Pascal
    hPa: ein Hektopascal, Hektopascal
    mbar: ein Millibar, Millibar
    dB: ein Dezibel, Dezibel
    lx: ein Lux, Lux
    lm: ein Lumen, Lumen
    Nm: ein Newtonmeter, Newtonmeter
    kB KB: ein Kilobyte, Kilobyte
    MB: ein Megabyte, Megabyte
    GB: ein Gigabyte, Gigabyte
    TB: ein Terabyte, Terabyte
    kbit/s: ein Kilobit pro Sekunde, Kilobit pro Sekunde
    Mbit/s MBit/s Mbps: ein Megabit pro Sekunde, Megabit pro Sekunde
    Gbit/s: ein Gigabit pro Sekunde, Gigabit pro Sekunde
    MB/s: ein Megabyte pro Sekunde, Megabyte pro Sekunde
    m/s² m/s2: ein Meter pro Sekunde zum Quadrat, Meter pro Sekunde zum Quadrat
    µs: eine Mikrosekunde, Mikrosekunden
    hl: ein Hektoliter, Hektoliter
    bar: ein Bar, Bar
    Bq: ein Becquerel, Becquerel
    MP: ein Megapixel, Megapixel
    U/min: eine Umdrehung pro Minute, Umdrehungen pro Minute
    °C ºC: ein Grad Celsius, Grad Celsius
    °F: ein Grad Fahrenheit, Grad Fahrenheit
    °: ein Grad, Grad
    %: ein Prozent, Prozent
    ‰: ein Promille, Promille
    ppm: ein ppm, ppm
    Stk. St.: ein Stück, Stück
    EL: ein Esslöffel, Esslöffel
    TL: ein Teelöffel, Teelöffel
    Pkg.: eine Packung, Packungen
    Zi.: ein Zimmer, Zimmer
    Pers.: eine Person, Personen
    Wo.: eine Woche, Wochen
    Mon.: ein Monat, Monate
    Pkt.: ein Punkt, Punkte
    """),
    currencies=(
        Currency(signs=("€", "EUR", "Euro", "EURO"), whole=("ein Euro", "Euro"), cents=("ein Cent", "Cent"),
                 after_magnitude="Euro"),
        Currency(signs=("US$", "US-$", "$", "USD", "Dollar", "US-Dollar"), whole=("ein Dollar", "Dollar"),
                 cents=("ein Cent", "Cent"), after_magnitude="Dollar"),
        Currency(signs=("£", "GBP", "Pfund"), whole=("ein Pfund", "Pfund"), cents=("ein Penny", "Pence"),
                 after_magnitude="Pfund"),
        Currency(signs=("CHF", "SFr.", "Fr.", "Franken"), whole=("ein Franken", "Franken"),
                 cents=("ein Rappen", "Rappen"), after_magnitude="Franken"),
        Currency(signs=("¥", "JPY", "Yen"), whole=("ein Yen", "Yen"), after_magnitude="Yen"),
        Currency(signs=("zł", "PLN"), whole=("ein Złoty", "Złoty"), cents=("ein Groschen", "Groschen"),
                 after_magnitude="Złoty"),
        Currency(signs=("Kč", "CZK"), whole=("eine Krone", "Kronen"), after_magnitude="Kronen"),
        Currency(signs=("DM", "D-Mark"), whole=("eine Mark", "Mark"), cents=("ein Pfennig", "Pfennig"),
                 after_magnitude="Mark"),
        Currency(signs=("ct", "Ct.", "ct."), whole=("ein Cent", "Cent"), after_magnitude="Cent"),
    ),
    magnitudes=noun_table("""
    Mio. Mio Million Millionen M: eine Million, Millionen
    Mrd. Mrd Milliarde Milliarden: eine Milliarde, Milliarden
    Bio.: eine Billion, Billionen
    Tsd. Tausend k: eintausend, Tausend
    """),
)  # fmt: skip
